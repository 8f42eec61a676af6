"""The watch steps' settlers: what they write, what they remember, and what time alone brings."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from agents.watch.records import Matched, Watch
from agents.watch.step import MatchSettler, WatchSettler
from streams.message import Message, Settlement
from streams.records import Alert, QuietHours, Tagged, decode, encode
from streams.settings import Settings
from streams.topics import MATCHES, TAGGED, WATCH_STATES, WATCHES

PARTITION = 3


@pytest.fixture
def message() -> Callable[..., Message]:
    """Build a message."""
    return lambda topic, value, fetch="f1": Message(
        topic.name, PARTITION, 0, None, value, {"ce_id": fetch.encode()}, 0.0
    )


@pytest.fixture
def tried(message: Callable[..., Message], article: Callable[..., Tagged]) -> Callable[..., Settlement]:
    """Try an article against watches."""

    def do(*watches: Watch, title: str = "Oil") -> Settlement:
        settler = MatchSettler(Settings())
        for watch in watches:
            settler.restore(WATCHES, watch.name, encode(watch.record))
        taken = message(TAGGED, encode(article(title, "Text.")))
        return settler.settle(taken, settler.compute(settler.task(taken)))

    return do


def test_match_goes_out_under_its_watch_with_an_id_of_its_own(tried: Callable[..., Settlement], watch: Any) -> None:
    """Each match has the watch's name as its key, so that one decider has them all, and an id that a replay repeats."""
    outputs = tried(watch("oil", "a"), watch("oil OR gas", "b"), watch("gas", "c")).outputs
    assert [(output.topic, output.key, output.event_id) for output in outputs] == [
        (MATCHES, "a", "f1:a"),
        (MATCHES, "b", "f1:b"),
    ]


def test_record_under_another_key_is_refused(watch: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A watch whose record has another name than its key would be removed by nobody."""
    settler = MatchSettler(Settings())
    settler.restore(WATCHES, "other", encode(watch("oil", "a").record))
    settler.absorb()
    assert "other is refused" in caplog.text


def test_alert_carries_the_headers_to_route_by(
    tried: Callable[..., Settlement], message: Callable[..., Message], watch: Any
) -> None:
    """An alert's event id is its own id, and regions, topics and language stand in headers."""
    match = tried(watch("oil", "a")).outputs[0]
    (output,) = WatchSettler(Settings()).settle(message(MATCHES, match.record), None).outputs
    assert isinstance(output.record, Alert)
    assert output.event_id == output.key == output.record.id
    assert set(output.headers) == {"regions", "topics", "language"}


def test_state_of_a_decision_survives_a_restart(
    tried: Callable[..., Settlement], message: Callable[..., Message], watch: Any
) -> None:
    """A decider that takes the state up gives the same alert for the same message, and none for another fetch."""
    taken = message(MATCHES, tried(watch("oil", "a")).outputs[0].record)
    first = WatchSettler(Settings())
    settled = first.settle(taken, None)
    second = WatchSettler(Settings())
    for change in settled.changes:
        assert (change.topic, change.partition) == (WATCH_STATES, PARTITION)
        second.restore(change.topic, change.key, change.value)
    again = second.settle(taken, None)
    assert [encode(output.record) for output in again.outputs] == [encode(o.record) for o in settled.outputs]  # type: ignore[arg-type]
    assert again.changes == []


@pytest.fixture
def held(tried: Callable[..., Settlement], message: Callable[..., Message], watch: Any) -> WatchSettler:
    """A decider that holds an alert in quiet hours that last all day but a minute."""
    quiet = QuietHours(start="00:01", end="00:00")
    settler = WatchSettler(Settings())
    record = watch("oil", "a", quiet_hours=quiet)
    settler.restore(WATCHES, "a", encode(record.record))
    match = decode(tried(record).outputs[0].record, Matched)  # type: ignore[arg-type]
    settled = settler.settle(Message(MATCHES.name, -1, -1, None, encode(match), {}, 0.0), None)
    assert (settled.outcome, settled.outputs) == ("held", [])
    return settler


def test_digest_is_written_by_the_worker_that_has_the_partition(held: WatchSettler, noon: datetime) -> None:
    """When the hours end the digest comes once, and only where the watch's partition is."""
    midnight = noon + timedelta(hours=12)
    assert held.due(frozenset({5}), midnight).outputs == []
    settled = held.due(frozenset({0}), midnight)
    assert [output.record.kind for output in settled.outputs if isinstance(output.record, Alert)] == ["digest"]
    assert [change.key for change in settled.changes] == ["a"]
    assert held.due(frozenset({0}), midnight).outputs == []


def test_state_of_a_removed_watch_is_forgotten(held: WatchSettler, noon: datetime) -> None:
    """A watch that is taken out of force leaves a tombstone in the state's topic, and its digest never comes."""
    held.restore(WATCHES, "a", None)
    settled = held.due(frozenset({0}), noon + timedelta(hours=12))
    assert settled.outputs == []
    assert [(change.key, change.value) for change in settled.changes] == [("a", None)]
    assert held.due(frozenset({0}), noon + timedelta(hours=13)).changes == []
