"""Behind a step that is far behind, fetches bring more at once."""

import asyncio
from typing import Any

import pytest
from aiokafka.protocol.fetch import FetchRequest

from streams.kafka import pace
from streams.kafka.bulk import FAR_BEHIND, Bulk

LONG_SECONDS = 60.0


@pytest.fixture
def bulk(monkeypatch: pytest.MonkeyPatch) -> Bulk:
    """Give three steps in a row, of which the second is far behind, and one that reads its own output."""
    bulk = Bulk()
    bulk.note("fetch", ["fetches"], ["raw"], 0)
    bulk.note("clean", ["raw"], ["clean"], FAR_BEHIND)
    bulk.note("tag", ["clean"], ["tagged", "alerts"], 0)
    bulk.note("again", ["alerts"], ["alerts"], 3)
    monkeypatch.setattr(pace, "BULK", bulk)
    return bulk


def test_topics_behind_a_step_that_is_far_behind_bring_bulk(bulk: Bulk) -> None:
    """All that becomes of its articles has waited; what it reads itself, and another topic beside, have not."""
    assert bulk.brings(["clean"])
    assert bulk.brings(["tagged", "alerts"])
    assert not bulk.brings(["raw"])
    assert not bulk.brings(["tagged", "trends"])
    assert not bulk.brings([])


@pytest.mark.parametrize("ends", [False, True])
def test_a_step_that_has_caught_up_or_ended_brings_no_bulk(bulk: Bulk, *, ends: bool) -> None:
    """Nothing is held up any more, in a circle of steps neither."""
    if ends:
        bulk.forget("clean")
    else:
        bulk.note("clean", ["raw"], ["clean"], FAR_BEHIND - 1)
    assert not any(bulk.brings([topic]) for topic in ("clean", "tagged", "alerts"))


async def test_fetches_of_bulk_have_more_time_between_them(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second fetch of a topic in bulk is held back, one of another topic is not."""
    monkeypatch.setattr(pace, "SPACE_SECONDS", 0.0)
    monkeypatch.setattr(pace, "BULK_SPACE_SECONDS", LONG_SECONDS)
    sent: list[str] = []

    async def send(assignment: Any, node: int, request: FetchRequest) -> bool:
        sent.append(request.topics[0][0])
        return True

    ways = {topic: pace.spaced(send) for topic in ("raw", "clean")}
    for topic in ("raw", "raw", "clean"):
        assert await ways[topic](None, 0, FetchRequest(500, 1, 1, 0, [(topic, [])]))
    held = asyncio.ensure_future(ways["clean"](None, 0, FetchRequest(500, 1, 1, 0, [("clean", [])])))
    await asyncio.sleep(0)
    held.cancel()
    assert await held is False
    assert sent == ["raw", "raw", "clean"]
