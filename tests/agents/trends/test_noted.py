"""A worker that is killed in the middle of a burst shows the same trends as one that runs on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from agents.trends.noted import NOTED, RING, NotedArticle, NotedArticles, encoder, name_of_article
from agents.trends.settings import TrendsSettings
from agents.trends.step import TrendsSettler
from agents.trends.terms import HALF_STEPS, MOST_HALVES_AHEAD, FirstSaid, Sketch
from streams.errors import InvalidRecord
from streams.message import Message, Output
from streams.records import Tagged, Trend, decode
from streams.settings import Settings
from streams.topics import TREND_STATES
from tests.agents.trends.test_terms import article

START = datetime(2026, 5, 1, tzinfo=UTC)
#: A source says the phrase, and after a restart seven others: eight are needed.
BURST = START + timedelta(days=4)


def settler() -> TrendsSettler:
    """Return a worker's settler that has read nothing yet."""
    return TrendsSettler(Settings(TrendsSettings(min_score=6.9)))


def told() -> list[Message]:
    """Return quiet days, eight articles with a phrase in turn, and one behind them."""
    quiet = [article(n, START + timedelta(minutes=15 * n), "Report", "en-0") for n in range(4 * 96)]
    burst = [article(1000 + n, BURST + timedelta(seconds=60 * n), "Lighthouse keepers", "en-9") for n in range(8)]
    return [*quiet, *burst, article(2000, BURST + timedelta(minutes=11), "Report", "en-0")]


def shown(killed_before: int | None) -> list[Output]:
    """Return the trends of the stream, with a kill before an article of the burst."""
    one, kept, found = settler(), dict[str, bytes](), list[Output]()
    for message in told():
        if message.offset == killed_before:
            one = settler()
            for key, value in kept.items():
                one.restore(TREND_STATES, key, value)
        settlement = one.settle(message, None)
        kept |= {change.key: change.value for change in settlement.changes if change.value is not None}
        found += settlement.outputs
    return found


@pytest.mark.parametrize("killed_before", [1001, 1002, 1005, 2000])
def test_a_kill_in_the_middle_of_a_burst_changes_no_trend(killed_before: int) -> None:
    """The article that said the phrase first counts, and those from before the kill are named."""
    ((expected, event),) = [(out.record, out.event_id) for out in shown(None)]
    ((record, same),) = [(out.record, out.event_id) for out in shown(killed_before)]
    assert isinstance(expected, Trend)
    assert isinstance(record, Trend)
    assert (event, record.count, record.sources, record.score) == (same, 8, 8, expected.score)
    assert [each.id for each in record.articles] == [each.id for each in expected.articles]


def noted(number: int, **changed: int) -> NotedArticle:
    """Return an article of the ring."""
    name = name_of_article(decode(article(1, START, "Report", "en-0").value, Tagged))
    values = {"number": number, "half": 5, "step": 200, "source": 7} | changed
    return NotedArticle(**values, buckets=[3], keys=["NO"], name=name)


def test_the_ring_goes_on_behind_its_latest_article() -> None:
    """Its keys come round again, so that there are never more of them."""
    ring = NotedArticles()
    ring.restore(f"{NOTED}{RING - 1}", encoder.encode(noted(3 * RING - 1)))
    assert [key for key, _ in filter(None, (ring.add(noted(0)) for _ in range(2)))] == [f"{NOTED}0", f"{NOTED}1"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("2", encoder.encode(noted(1))),
        ("1", encoder.encode(noted(1, source=0))),
        ("1", encoder.encode(noted(1, half=1 << 50))),
        ("1", b"\xc1"),
        ("one", encoder.encode(noted(1))),
    ],
)
def test_a_foreign_state_is_refused(key: str, value: bytes) -> None:
    """Nothing of it is taken."""
    with pytest.raises(InvalidRecord):
        settler().restore(TREND_STATES, NOTED + key, value)


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        ({"id": "a" * 9_000, "source": "b" * 9_000}, True),
        ({"fetched_at": "1960-05-01T00:00:00Z"}, True),
        (
            {
                "regions": [
                    {
                        "country": "N" * 70_000,
                        "code": "N",
                        "name": "N",
                        "level": "country",
                        "role": "about",
                        "score": 1.0,
                    }
                ]
            },
            False,
        ),
    ],
)
def test_no_article_leaves_a_state_that_is_refused(odd: dict[str, Any], kept: bool) -> None:
    """Whatever others wrote into it: one that is too large for the ring is counted all the same, and not kept there."""
    message = article(1, START, "Lighthouse keepers", "en-9")
    changes = settler().settle(replace(message, value=orjson.dumps(orjson.loads(message.value) | odd)), None).changes
    again = settler()
    for change in changes:
        again.restore(TREND_STATES, change.key, change.value)
    assert any(change.key.startswith(NOTED) for change in changes) is kept


def test_a_restored_sketch_forgets_as_one_that_ran_on() -> None:
    """A note of two halves ago is gone, and those of a clock that ran days ahead hold nothing up."""
    sketch, again = Sketch(), Sketch()
    sketch.first_said("night ferry", 1, 10 * HALF_STEPS)
    [bucket] = sketch.take_noted()
    for half, source in ((8, 5), (10, 1)):
        again.restore(half, [bucket], source, half * HALF_STEPS)
    assert again.first_said("night ferry", 2, 11 * HALF_STEPS) == FirstSaid(10 * HALF_STEPS, 1)
    ahead = Sketch()
    ahead.restore(10 + MOST_HALVES_AHEAD + 1, [bucket], 5, (10 + MOST_HALVES_AHEAD + 1) * HALF_STEPS)
    assert ahead.first_said("night ferry", 2, 10 * HALF_STEPS) is None
    assert ahead.half == 10


def test_a_late_note_brings_nothing_back_and_takes_nothing_away() -> None:
    """Neither one that is restored behind later ones, nor an article of days ago once others have come."""
    sketch, other = Sketch(), Sketch()
    other.first_said("night ferry", 1, 0)
    [bucket] = other.take_noted()
    sketch.restore(10, [], 1, 10 * HALF_STEPS)
    sketch.restore(8, [bucket], 5, 8 * HALF_STEPS)
    assert sketch.first_said("night ferry", 1, 10 * HALF_STEPS) is None
    sketch.first_said("day ferry", 2, 2 * HALF_STEPS)
    assert sketch.first_said("night ferry", 3, 10 * HALF_STEPS) == FirstSaid(10 * HALF_STEPS, 1)
