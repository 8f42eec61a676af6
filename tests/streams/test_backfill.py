"""Backfill: articles that were old when they were fetched."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.backfill import OLD_AFTER, is_backfill
from streams.records import Clean, Duplicate, Similarity

FETCHED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def clean(published_at: datetime | None, *, backfill: bool | None = None) -> Clean:
    """Return an article that was published then."""
    return Clean(
        id="a", source="a.example", title="", text="", extractor="given", fetched_at=FETCHED_AT, published_at=published_at,
        backfill=backfill,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "old"),
    [
        (OLD_AFTER, False),
        (OLD_AFTER + timedelta(seconds=1), True),
        (timedelta(0), False),
        (-OLD_AFTER, False),
    ],
)
def test_an_article_is_old_by_its_own_times(before: timedelta, old: bool) -> None:
    """An article that was published more than a day before it was fetched is backfill, also as a duplicate."""
    article = clean(FETCHED_AT - before)
    copy = Duplicate(
        id="b", source="b.example", title="", fetched_at=FETCHED_AT, published_at=article.published_at, duplicate_of="a",
        kind="copy", similarity=Similarity(containment=1.0, jaccard=1.0, facts=1.0),
    )  # fmt: skip
    assert is_backfill(article) is old
    assert is_backfill(copy) is old


@pytest.mark.parametrize(
    ("published_at", "old"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 0, 1, tzinfo=UTC), True),
        (datetime(2026, 2, 28, tzinfo=UTC), True),
    ],
)
def test_an_article_of_yesterday_without_an_hour_is_new(published_at: datetime, old: bool) -> None:
    """News that names only its day may have come out as that day ended: a quarter past midnight it is no backfill."""
    assert is_backfill(clean(published_at)) is old


def test_an_article_without_a_time_is_new() -> None:
    """Nothing says that an article without a time of publication is old."""
    assert not is_backfill(clean(None))


def test_a_source_may_call_an_article_old() -> None:
    """An article that its source calls old is backfill, whatever its times."""
    assert is_backfill(clean(FETCHED_AT, backfill=True))
