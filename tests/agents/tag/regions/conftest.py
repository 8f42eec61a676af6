"""One tagger for all tests of the region tagger, and articles made from a title and a text."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from agents.tag.regions import RegionTagger, RegionTags
from agents.tag.step import models
from streams.records import Clean

Tag = Callable[..., RegionTags]


@pytest.fixture(scope="session")
def tagger() -> RegionTagger:
    """The shipped gazetteer, read once."""
    return models()[0]


def article(text: str, *, title: str = "", source: str = "news.example", language: str | None = "en") -> Clean:
    """An article with only the fields that regions are taken from."""
    return Clean(
        id="a",
        source=source,
        title=title,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        language=language,
        text=text,
        extractor="given",
    )


def countries(tags: RegionTags) -> set[str]:
    """Countries that the text is about or mentions."""
    return {region.country for region in tags.regions if region.role in ("about", "mentioned")}


@pytest.fixture
def tag(tagger: RegionTagger) -> Tag:
    """Tags a text given with its title, source and language."""

    def tag_text(text: str, **fields: str | None) -> RegionTags:
        return tagger.tag(article(text, **fields))  # type: ignore[arg-type]

    return tag_text
