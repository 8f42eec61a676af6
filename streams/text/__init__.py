"""Text that several agents read: scripts, words, lists of words, names that are nearly right, opinions, roundups, tags."""
