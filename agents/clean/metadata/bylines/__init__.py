"""Bylines as text: their words in all languages, the shapes of names, and the names in a line that is known to be one."""
