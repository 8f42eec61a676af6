"""Copies among articles: exact, near and revised, found by one decider from sketches that any worker can make."""
