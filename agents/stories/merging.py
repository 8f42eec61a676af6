"""Merging of two stories that turn out to be one: what speaks against it, how much they share, and how one takes in the other."""

from collections import Counter

import numpy as np

from agents.stories.reading import facts
from agents.stories.reading.vectors import Vector, added, among, heaviest
from agents.stories.state import story as stories
from agents.stories.state.memory import BODY_WORDS, REGIONS, TITLE_WORDS, TOPICS
from agents.stories.state.story import StoryRecord


def contradict(one: StoryRecord, other: StoryRecord) -> bool:
    """Return whether two stories count one thing differently, or are each about cities of their own."""
    mine, theirs = np.sort(facts.unpacked(one.facts)), facts.unpacked(other.facts)
    differ = facts.differing(mine, theirs[None, :])
    places = [{code for code, _, _ in story.regions if "/" in code} for story in (one, other)]
    return bool(differ.ages[0] or differ.others[0]) or bool(all(places) and places[0].isdisjoint(places[1]))


def mutual(one: Vector, other: Vector, most: int) -> float:
    """Return how much of the weight of two stories' strongest words is the other's, too: the mean of both, 0 to 1."""
    return (share_held(heaviest(one, most), other) + share_held(heaviest(other, most), one)) / 2


def share_held(strongest: Vector, other: Vector) -> float:
    """Return which share of the squared weight of some words lies in words that the other vector has."""
    weight = strongest.weights * strongest.weights
    return float(weight[among(strongest.ids, other.ids)].sum()) / max(1e-9, float(weight.sum()))


def merged(older: StoryRecord, younger: StoryRecord) -> bytes:
    """Let one story take in another; sources, hours and articles listed one by one keep the latest.

    Return the keys of articles that it then knows no longer.
    """
    body = added(older.body, younger.body, 1.0, BODY_WORDS)
    older.body_ids, older.body_weights = stories.packed(body)
    older.title_ids, older.title_weights = stories.packed(added(older.title, younger.title, 1.0, TITLE_WORDS))
    older.facts = facts.together(older.facts, younger.facts)
    older.names = stories.latest(younger.names, older.names, stories.MOST_NAMES)
    older.openers = stories.latest(younger.openers, older.openers, stories.MOST_OPENERS)
    older.figures = stories.latest(younger.figures, older.figures, stories.MOST_FIGURES)
    older.subjects = stories.latest(younger.subjects, older.subjects, stories.MOST_SUBJECTS)
    older.senders = stories.latest(younger.senders, older.senders, stories.MOST_SENDERS)
    older.regions = stories.summed(older.regions, younger.regions, REGIONS)
    older.topics = stories.summed(older.topics, younger.topics, TOPICS)
    older.headlines = stories.chosen([*older.headlines, *younger.headlines], body)
    older.newest = max((older, younger), key=stories.last_news).newest or older.newest or younger.newest
    latest = [story.latest for story in (older, younger) if story.latest is not None]
    older.latest = max(latest, key=stories.told_at, default=None)
    known = older.known + younger.known
    older.known = known[-stories.ARTICLE_BYTES * stories.MOST_ARTICLES :]
    sources = dict.fromkeys(
        stories.split(older.source_hashes, stories.SOURCE_BYTES)
        + stories.split(younger.source_hashes, stories.SOURCE_BYTES)
    )
    older.source_hashes = b"".join(sources)[-stories.SOURCE_BYTES * stories.MOST_SOURCES :]
    older.sources = max(older.sources, younger.sources, len(sources))
    older.articles += younger.articles
    older.originals += younger.originals
    older.first, older.last = min(older.first, younger.first), max(older.last, younger.last)
    older.touched = max(older.touched, younger.touched)
    older.absorbed = [*older.absorbed, *younger.absorbed][-stories.MOST_ABSORBED :]
    hours = Counter(dict(older.hours)) + Counter(dict(younger.hours))
    older.hours = sorted(hours.items())[-stories.MOST_HOURS :]
    return known[: -stories.ARTICLE_BYTES * stories.MOST_ARTICLES]
