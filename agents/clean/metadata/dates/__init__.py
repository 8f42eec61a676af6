"""Dates: how a text is read as one (`parsing`), where a page may have the article's, and the choice of one (`publication`).

`labels`, `places` and `ranks` say how far a date on the page is to be trusted; `eras` and `bikram` know other calendars.
"""
