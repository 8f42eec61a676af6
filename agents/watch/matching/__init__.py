"""Matching: an article as queries see it, the index of watches, and why a query matches or does not."""
