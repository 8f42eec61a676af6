"""Copies among articles: exact, near and revised, found by one decider from sketches that any worker can make."""

from agents.dedup.decide import Deduplicator, Verdict
from agents.dedup.sketch import make_sketch, make_sketches
from agents.dedup.state import Stats

__all__ = ["Deduplicator", "Stats", "Verdict", "make_sketch", "make_sketches"]
