"""Metadata: title, authors, dates and language, from the claims of a page to one choice for each field.

`head` and `jsonld` read what the page declares, `claims` gathers it; `titles`, `authors.choice` and `dates.publication` choose.
The lists of words of all of them stand here.
"""
