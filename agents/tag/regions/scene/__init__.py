"""Places that are named, and where it happened: venues, waters, treaties, people abroad, claimed land.

A module for each kind; `tagger` asks them in turn.
"""
