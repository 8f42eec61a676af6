"""Deciding on copies, as tests ask for it."""

from agents.dedup.decide import Deduplicator, Verdict
from agents.dedup.sketch import make_sketch
from streams.records import Clean


def verdicts(decider: Deduplicator, *articles: Clean) -> list[Verdict]:
    """Decide articles that arrive a minute apart."""
    return [decide(decider, article, 60.0 * number) for number, article in enumerate(articles)]


def decide(decider: Deduplicator, article: Clean, arrived: float) -> Verdict:
    """Decide one article."""
    return decider.decide(make_sketch(article), arrived, article.fetch_id)


def originals(decisions: list[Verdict]) -> list[str | None]:
    """Return the original of each."""
    return [decision.duplicate_of for decision in decisions]
