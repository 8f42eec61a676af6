"""Watches: people's standing questions, matched against every article, and the decision to alert.

`parse` reads a query, `load` a folder of watch files; a `Matcher` finds the watches that an article matches, and a
`Throttle` decides which of them alert.
"""
