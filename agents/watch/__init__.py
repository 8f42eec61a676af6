"""Watches: people's standing questions, matched against every article, and the decision to alert.

`language` reads a query, `files` a folder of watches; `matching` finds the watches that an article matches, and
`throttle` decides which of them alert.
"""
