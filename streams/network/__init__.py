"""Requests to others: which addresses may be asked, certificates that do not count, dates and waits in headers."""
