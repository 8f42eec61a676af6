"""Asks other people's servers for news: when, how often, and how it is taken that they say no.

The cores are pure (`budget`, `agenda`, `schedule`, `validators`, `redirects`, `robots`, `seen`, `backfill`, `health`): they
are given the time and return decisions. `client` makes one request, `poller` makes them in the order that the cores say.
"""
