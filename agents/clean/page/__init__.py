"""Pages: the walk over a parsed page to blocks of text, and the choice of the blocks that are the article.

Begin with `walk`, `blocks` and `network`: `features` and `context` are what the two networks see of a block, and `corrections`
mends their choice.
"""
