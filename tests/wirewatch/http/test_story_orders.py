"""Which stories stand first: the big, the growing and the new ones, with a line of growth each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from agents.archive.entries import event_entry
from agents.archive.sqlite import SqliteStore
from agents.archive.store import Store
from streams.records import Growth, encode
from tests.support.history import story
from wirewatch.http.history.parameters import ParameterError
from wirewatch.http.history.stories import PARTS, stories

#: Name, articles, sources, articles an hour now and over its life, hours since it began, hours since its events.
STORIES = (
    ("big", 9, 7, 0.1, 1.0, 20, (20, 10, 2)),
    ("growing", 5, 3, 4.0, 1.0, 8, (8, 1, 1)),
    ("new", 3, 2, 0.5, 1.0, 2, (2, 1)),
    ("single", 1, 1, 9.0, 1.0, 1, (1,)),
    ("merged", 8, 8, 9.0, 1.0, 3, (3, 1)),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with these stories."""
    kept = SqliteStore(tmp_path / "archive.db")
    now = datetime.now(UTC)
    for name, articles, sources, growing, life, began, hours in STORIES:
        for number, ago in enumerate(hours):
            told = msgspec.structs.replace(
                story(0), id=name, event_id=f"{name}:{number}", articles=articles, sources=sources,
                growth=Growth(now=growing, life=life), first_seen_at=now - timedelta(hours=began),
                last_seen_at=now - timedelta(hours=ago), processed_at=now - timedelta(hours=ago),
                merged_into="big" if name == "merged" else None,
            )  # fmt: skip
            kept.add([], [event_entry("story", told.event_id, encode(told))])
    yield kept
    kept.close()


@pytest.mark.parametrize(
    ("order", "expected"),
    [("big", ["big", "growing", "new"]), ("grows", ["growing"]), ("new", ["new"])],
)
def test_an_order_has_its_stories(store: Store, order: str, expected: list[str]) -> None:
    """Only stories of more than one article that have not become part of another are ordered so."""
    assert [found.id for found in stories(store, {"order": order, "since": "24h"}, {}).stories] == expected


def test_the_latest_are_all_there(store: Store) -> None:
    """Without an order each story comes once, as it is now."""
    assert {found.id for found in stories(store, {}, {}).stories} == {name for name, *_ in STORIES}


def test_pages_go_on_behind_the_last_story(store: Store) -> None:
    """Page by page each story comes once, in the order of one long answer; the last page leads nowhere."""
    whole = [found.id for found in stories(store, {}, {}).stories]
    paged: list[str] = []
    given = {"limit": "2"}
    while True:
        page = stories(store, given, {})
        paged += [found.id for found in page.stories]
        if page.before is None:
            break
        given["before"] = page.before

    assert paged == whole
    assert page.ranked is None


def test_a_story_that_went_on_is_not_in_an_earlier_time(store: Store) -> None:
    """Until a time come those whose latest development lies before it."""
    until = (datetime.now(UTC) - timedelta(hours=1.5)).isoformat()

    assert [found.id for found in stories(store, {"until": until}, {}).stories] == ["big"]


def test_an_order_says_among_how_many_it_looked(store: Store) -> None:
    """All stories with developments were looked at; such an answer has no next page."""
    page = stories(store, {"order": "grows", "limit": "1"}, {})

    assert (page.ranked, page.before) == (len(STORIES), None)


def test_growth_counts_developments_in_equal_parts(store: Store) -> None:
    """Of 24 hours each hour is a part, the earliest first."""
    growth = stories(store, {"order": "big", "since": "24h"}, {}).growth

    assert {len(line) for line in growth.values()} == {PARTS}
    assert sum(growth["big"]) == 3
    assert growth["growing"][-2:] in ([2, 0], [0, 2])


def test_another_order_is_refused(store: Store) -> None:
    """The message names the orders."""
    with pytest.raises(ParameterError, match="latest or big or grows or new"):
        stories(store, {"order": "small"}, {})
