"""Metadata: title, authors, dates and language, from the claims of a page to one choice for each field."""
