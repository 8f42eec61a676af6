"""Plain texts: the article among the scraped lines of its page, and the lines that a source repeats."""
