"""Asks other people's servers, politely: when a domain may be asked, and how it is taken that it says no.

The cores are pure (`budget`, `agenda`, `robots`, `waits`): they are given the time and return decisions. `client` makes one
request, `asker` each in its turn.
"""
