"""Made-up articles for the tests of stories."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from agents.stories.decide import Decider
from agents.stories.reading.gather import ArticleFeatures, gather, gather_copy
from streams.records import Duplicate, Similarity, Tagged

START = datetime(2026, 4, 1, 8, tzinfo=UTC)

FERRY = (
    "The ferry Solveig ran aground off Brandvik in thick fog with 212 people on board, the coast guard of Norland said."
)
FERRY_LATER = (
    "Divers found a tear of nine metres in the hull of the ferry Solveig, aground off Brandvik since Monday's fog."
)
BAKERY = "Bakers in Tolmin walked out over night shifts and pay, and for the first time in decades no bread was sold in town."


@pytest.fixture
def decider() -> Decider:
    """A decider with nothing behind it."""
    return Decider(window_days=30, headline_days=7, max_stories=1000)


Make = Callable[..., ArticleFeatures]


@pytest.fixture
def article() -> Make:
    """Make an article from its name, title and text, so many hours after the start."""

    def make(
        name: str, title: str, text: str, hours: float = 0.0, source: str = "", **fields: object
    ) -> ArticleFeatures:
        fetched = START + timedelta(hours=hours)
        values: dict[str, object] = {
            "id": f"{name:0>32}",
            "fetch_id": f"{name:0>32}:{hours}",
            "source": source or f"{name}.example",
            "url": f"https://{name}.example/",
            "title": title,
            "text": text,
            "published_at": fetched,
            "fetched_at": fetched,
            "language": "en",
            "extractor": "given",
        }
        return gather(Tagged(**{**values, **fields}))  # type: ignore[arg-type]

    return make


@pytest.fixture
def copy() -> Make:
    """Make a copy of an article of that name."""

    def make(name: str, original: str, hours: float = 0.0) -> ArticleFeatures:
        fetched = START + timedelta(hours=hours)
        return gather_copy(
            Duplicate(
                id=f"{name:0>32}",
                fetch_id=f"{name:0>32}:{hours}",
                source=f"{name}.example",
                title="as it came",
                published_at=fetched,
                fetched_at=fetched,
                language="en",
                duplicate_of=f"{original:0>32}",
                kind="copy",
                similarity=Similarity(containment=1, jaccard=1, facts=1),
            )
        )

    return make
