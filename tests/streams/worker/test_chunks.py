"""Chunks: begun ones are finished, others are the next owner's, and the order is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from streams.errors import BrokerError
from streams.settings import Settings
from streams.topics import RAW
from tests.support.memory import Parts, TimedEchoSettler, raw, until


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator["asyncio.Task[None]"]:
    """Run both tasks of the chunks; give the one that settles."""
    tasks = [asyncio.ensure_future(parts.chunks.dispatch()), asyncio.ensure_future(parts.chunks.settle())]
    try:
        yield tasks[1]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_messages_are_settled_in_the_order_in_which_they_came() -> None:
    """Chunks overlap, and yet the outputs stand in the order of the messages."""
    parts = Parts(options={"chunk_articles": 2})
    async with running(parts):
        await parts.take(*(raw(number, b"%d" % number) for number in range(7)))
        await until(lambda: len(parts.publisher.outputs) == 7)
    assert [output.event_id for output in parts.publisher.outputs] == [str(number) for number in range(7)]
    assert parts.committed == {(RAW.name, 0): 7}


async def test_rebalance_in_the_middle_of_a_chunk() -> None:
    """Begun chunks are finished and committed before partitions go; others are left to their next owner."""
    parts = Parts(options={"chunk_articles": 1})
    parts.publisher.open.clear()
    async with running(parts):
        await parts.take(raw(0, b"begun"))
        await until(lambda: not parts.intake.buffer.items)
        await asyncio.sleep(0)
        await parts.take(*(raw(number, b"%d" % number) for number in range(1, 9)))
        begun = 9 - len(parts.intake.buffer.items)
        parts.intake.give_up()
        drained = asyncio.ensure_future(parts.intake.drained())
        await asyncio.sleep(0)
        assert not drained.done()
        parts.publisher.open.set()
        await drained
        assert parts.settler.settled[0] == b"begun"
        assert len(parts.settler.settled) <= begun
        assert parts.committed[RAW.name, 0] == len(parts.settler.settled)
        assert parts.intake.buffer.bytes == 0


async def test_message_taken_before_a_rebalance_is_not_taken_after_it() -> None:
    """A fetch that was under way when the partition went is its next owner's."""
    parts = Parts()
    epoch = parts.intake.epoch
    parts.intake.give_up()
    await parts.intake.put(raw(0), epoch)
    assert not parts.intake.buffer.items


async def test_message_that_comes_twice_gives_the_same_ids_twice() -> None:
    """A redelivered message is settled again, and its outputs can be told to be the same."""
    parts = Parts()
    async with running(parts):
        await parts.take(raw(0, b"one"), raw(0, b"one"))
        await until(lambda: len(parts.publisher.outputs) == 2)
    assert {(output.event_id, output.value) for output in parts.publisher.outputs} == {("one", b"one")}
    assert parts.committed == {(RAW.name, 0): 1}


async def test_output_that_is_not_acknowledged() -> None:
    """Where the broker refuses, nothing is committed, nobody is told, and the step ends with the error."""
    parts = Parts()
    parts.publisher.broken = True
    async with running(parts) as settling:
        await parts.take(raw(0))
        with pytest.raises(BrokerError):
            await asyncio.wait_for(asyncio.shield(settling), 5)
    assert parts.committed == {}
    assert (parts.settler.acknowledged_values, parts.settler.observed) == ([], 0)


async def test_timer_beside_messages() -> None:
    """A timed step says its own between messages, with the partitions that are its worker's, and only when it is due."""
    settler = TimedEchoSettler(Settings())
    parts = Parts(settler)
    parts.intake.partitions |= {2, 5}
    async with running(parts):
        await parts.take(raw(0, b"one"))
        await until(lambda: len(parts.publisher.outputs) == 3)
        await parts.take(raw(1, b"two"))
        await until(lambda: len(parts.publisher.outputs) == 4)
        parts.clock.now += 10
        await parts.take(raw(2, b"three"))
        await until(lambda: len(parts.publisher.outputs) == 7)
    ids = [output.event_id for output in parts.publisher.outputs]
    assert ids == ["timed:2", "timed:5", "one", "two", "timed:2", "timed:5", "three"]
    assert parts.settler.acknowledged_values.count(b"timed") == 4


async def test_alerts_go_out_though_nobody_counts() -> None:
    """Settlements are acknowledged once outputs are confirmed, before and apart from the counting."""
    parts = Parts()
    async with running(parts):
        await parts.take(raw(0, b"one"))
        await until(lambda: parts.settler.observed == 1)
    assert parts.settler.acknowledged_values == [b"one"]


async def test_worker_out_of_its_session_writes_nothing_that_went_to_another() -> None:
    """After a freeze a chunk is held back until the group answers, and dropped where its partition went away."""
    parts = Parts()
    parts.session = False
    async with running(parts):
        await parts.take(raw(0, b"one"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert parts.publisher.outputs == []
        parts.intake.give_up()
        await parts.intake.drained()
    assert parts.publisher.outputs == []
    assert parts.committed == {}
    assert parts.intake.buffer.bytes == 0  # room that is never given back ends in a step that takes nothing more


async def test_worker_frozen_as_it_writes_its_states_leaves_the_outputs_to_others() -> None:
    """Its successor decides by the states that it has read, and says so itself."""
    parts = Parts()
    publish = parts.publisher.publish

    async def freezing(changes: Any = (), outputs: Any = ()) -> None:
        await publish(changes, outputs)
        parts.session = False

    parts.publisher.publish = freezing  # type: ignore[method-assign]
    async with running(parts):
        await parts.take(raw(0, b"one"))
        await until(lambda: bool(parts.publisher.changes))
        parts.intake.give_up()
        await asyncio.wait_for(parts.intake.drained(), 5)
    assert parts.publisher.outputs == []
    assert parts.committed == {}
    assert parts.settler.acknowledged_values == []
    assert parts.intake.buffer.bytes == 0


async def test_a_timer_says_nothing_while_its_partitions_may_be_anothers() -> None:
    """A worker that thaws is late with all that is due: its next owner has said it, or will."""
    parts = Parts(TimedEchoSettler(Settings()))
    parts.intake.partitions |= {2}
    parts.session = False
    for _ in range(2):
        parts.clock.now += 10
        await parts.settling.tick(parts.settler)  # type: ignore[arg-type]
        assert bool(parts.publisher.outputs) == parts.session
        parts.session = True


async def test_worker_that_is_in_session_again_goes_on() -> None:
    """Where the group gave nothing away the chunk is written after all."""
    parts = Parts()
    parts.session = False
    async with running(parts):
        await parts.take(raw(0, b"one"))
        await asyncio.sleep(0)
        parts.session = True
        await asyncio.wait_for(parts.intake_empty(), 5)
    assert [output.event_id for output in parts.publisher.outputs] == ["one"]
