"""The intake: a bounded room, and commits that never pass over a message that is not finished."""

import asyncio
import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from streams.topics import RAW
from streams.worker.intake import MESSAGE_BYTES, Intake
from tests.support.memory import Parts, raw


async def test_room_is_bounded_in_bytes() -> None:
    """Messages that do not fit wait in Kafka until one is settled; one message always fits."""
    parts = Parts()
    parts.intake.buffer.max_bytes = 10
    await parts.take(raw(0, b"x" * 50))
    waiting = asyncio.ensure_future(parts.take(raw(1, b"y")))
    await asyncio.sleep(0)
    assert not waiting.done()
    parts.intake.acknowledge(parts.intake.next(1, 1 << 20))
    await waiting
    assert MESSAGE_BYTES < parts.intake.buffer.bytes < 2 * MESSAGE_BYTES


async def test_room_is_taken_by_all_of_a_message() -> None:
    """Large keys and headers, and many messages of nothing, wait in Kafka as large values do."""
    for message in (
        replace(raw(0, b""), key=bytes(9_000)),
        replace(raw(0, b""), headers={"a": bytes(9_000)}),
        raw(0, b""),
    ):
        parts = Parts()
        parts.intake.buffer.max_bytes = 2 * MESSAGE_BYTES
        await parts.take(message)
        waiting = [asyncio.ensure_future(parts.take(raw(offset, b""))) for offset in (1, 2)]
        await asyncio.sleep(0)
        assert not waiting[-1].done()
        for _ in range(3):
            parts.intake.acknowledge(parts.intake.next(9, 1 << 20))
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)


async def test_partitions_going_away_wake_what_waits_for_room() -> None:
    """A fetcher that waits for room gives up when its partitions go to another worker."""
    parts = Parts()
    parts.intake.buffer.max_bytes = 10
    await parts.take(raw(0, b"x" * 50))
    waiting = asyncio.ensure_future(parts.take(raw(1, b"y")))
    await asyncio.sleep(0)
    parts.intake.give_up()
    await waiting
    assert parts.intake.next(9, 1 << 20) == []
    assert parts.intake.buffer.bytes == 0


@given(seed=st.integers(0, 10_000), count=st.integers(1, 30))
def test_commits_never_pass_over_what_is_not_finished(seed: int, count: int) -> None:
    """In whatever order messages are finished, a partition is committed up to the first that is not."""

    async def run() -> None:
        committed: dict[int, int] = {}
        intake = Intake(1 << 20, lambda topic, partition, offset: committed.__setitem__(partition, offset))
        dice = random.Random(seed)
        for offset in range(count):
            await intake.put(raw(offset, partition=offset % 2), 0)
        items = intake.next(count, 1 << 20)
        dice.shuffle(items)
        for item in items:
            intake.acknowledge([item])
            for partition, offset in committed.items():
                below = [it for it in items if it.message.partition == partition and it.message.offset < offset]
                assert all(it.finished for it in below)
        ends = {0: count - 1 if count % 2 else count - 2, 1: count - 2 if count % 2 else count - 1}
        assert committed == {p: end + 1 for p, end in ends.items() if end >= 0}

    asyncio.run(run())


async def test_several_topics_are_committed_apart() -> None:
    """The same partition and offset of two topics are two messages."""
    parts = Parts()
    other = raw(5)
    object.__setattr__(other, "topic", "news.other")
    await parts.take(raw(3), other)
    parts.intake.acknowledge(parts.intake.next(9, 1 << 20))
    assert parts.committed == {(RAW.name, 0): 4, ("news.other", 0): 6}
