"""Articles in the states that pages keep for their scripts (`articles`): objects, rows of React, texts of blocks."""
