"""Pages: the walk over a parsed page to blocks of text, and the choice of the blocks that are the article."""
