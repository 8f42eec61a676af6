"""Requests to other people's servers, politely: when a domain may be asked, and the pauses after it refuses.

The cores are pure (`budget`, `agenda`, `robots`, `waits`): they are given the time and return decisions. `client` makes one
request, `asker` each in its turn.
"""
