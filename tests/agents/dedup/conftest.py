"""Articles of made-up words, the same on every run."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest

from agents.dedup.decide import Deduplicator
from streams.records import Clean

START = datetime(2026, 1, 1, tzinfo=UTC)

Write = Callable[..., Clean]


@pytest.fixture
def prose() -> Callable[[int, int], str]:
    """Return so many words of a text of its own: one word in eight has a capital, one in twenty is a number."""

    def write(seed: int, words: int) -> str:
        random = Random(seed)
        out = []
        for _ in range(words):
            word = "".join(random.choices("abdegiklmnoprstuvz", k=random.randint(3, 8)))
            chance = random.random()
            out.append(word.title() if chance < 0.125 else f"{random.randint(2, 9999):,}" if chance < 0.175 else word)
        return " ".join(out)

    return write


@pytest.fixture
def write() -> Write:
    """Return an article with this text."""

    def article(
        name: str, text: str, *, fetch: str = "1", title: str = "", source: str = "", revision: int = 0
    ) -> Clean:
        return Clean(
            id=name,
            fetch_id=f"{name}:{fetch}",
            revision=revision,
            source=source or f"{name}.example",
            title=title or f"Heading of {name}",
            fetched_at=START,
            text=text,
            extractor="given",
        )

    return article


@pytest.fixture
def decider() -> Deduplicator:
    """Return a decider with its usual window."""
    return Deduplicator()
