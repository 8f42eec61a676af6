"""Rules beside the model of acceptance: what speaks for a story (names, own words, a lead), and what tells look-alikes apart.

Each returns by how much a margin moves, in log odds, for each candidate; `language` adds them up.
"""
