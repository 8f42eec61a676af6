"""Mentions that are no place: people, firms, streets, storms, dishes, languages and plain words that are spelt like one.

A module for each kind; `tagger` asks them in turn. `namesakes` and `phrases` look at the words beside a name,
`lone_names` at names that nothing else in the article supports.
"""
