"""Whatever comes in between what: no commit passes over a message, none is lost, and none is settled twice without a crash."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import streams.worker.intake
from streams.message import Message
from streams.step import ArrivalOrdering
from streams.topics import RAW, SKETCHED, SKETCHES
from streams.worker.intake import Intake
from streams.worker.order import ArrivalOrder
from streams.worker.ordered import OrderedSettling, WaitingMessage
from tests.support.memory import Parts, raw

PARTITIONS, LENGTH = 3, 12
#: Room for some messages only, so that a fetch has to wait in the middle.
ROOM_BYTES = 4_000


class MovingOffsets:
    """The ends of an entry topic, in which every offset is a message; each answer takes some turns of the loop."""

    def __init__(self, ends: dict[int, int], log: list[Message], dice: random.Random) -> None:
        self._ends = ends
        self._log = log
        self._dice = dice

    async def begins(self) -> dict[int, int]:
        """Return the beginnings."""
        return dict.fromkeys(self._ends, 0)

    async def ends(self) -> dict[int, int]:
        """Return the ends."""
        await turns(self._dice)
        return dict(self._ends)

    async def pass_gaps(self, order: ArrivalOrder[WaitingMessage], ends: Mapping[int, int], now: float) -> None:
        """Leave all: every offset is a message."""
        await turns(self._dice)

    async def before(self, message: Message) -> AsyncIterator[Message]:
        """Yield the messages before one, which are settled."""
        await turns(self._dice)
        for settled in self._log[: message.offset]:
            yield settled


class World:
    """A group with a worker of ours and another one that takes the rest; they share their commits."""

    def __init__(self, seed: int, *, ordered: bool) -> None:
        self.dice = random.Random(seed)
        self.ordered = ordered
        many = 1 if ordered else PARTITIONS
        self.logs = {number: [self.message(number, offset) for offset in range(LENGTH)] for number in range(many)}
        self.committed = dict.fromkeys(self.logs, 0)
        self.others: set[bytes] = set()
        self.outputs: list[bytes] = []
        #: how often each message was settled and yet is given to somebody anew
        self.again: Counter[bytes] = Counter()
        self.fetches: set[asyncio.Task[None]] = set()
        self.assigned: set[int] = set()
        self.begin()

    def message(self, partition: int, offset: int) -> Message:
        """Return the message at an offset."""
        value = b"%d-%d" % (partition, offset)
        if not self.ordered:
            return raw(offset, value, partition)
        origin = b"%d:%d" % (offset % 2, offset // 2)
        headers = {"ce_id": value, "ww_origin": origin, "ww_order": b"%d" % self.dice.randrange(900, 1_000)}
        return Message(SKETCHED.name, 0, offset, b"k", value, headers, 900.0)

    def begin(self) -> None:
        """Start our worker, from commits and written states."""
        self.parts = parts = Parts()
        parts.intake.buffer.max_bytes = ROOM_BYTES
        parts.intake._finish = self.finish
        self.finished: dict[int, int] = {}
        self.positions: dict[int, int] = {}
        self.order: OrderedSettling[bytes, None] | None = None
        if self.ordered:
            ordering = ArrivalOrdering(RAW, SKETCHES, lambda _: 30.0)
            self.order = OrderedSettling(
                ordering, parts.settings, parts.intake, parts.compute, parts.settling, parts.metrics, parts.clock
            )
        work = self.settle_in_order() if self.ordered else self.settle_chunks()
        self.working = asyncio.ensure_future(work)

    async def settle_chunks(self) -> None:
        """Dispatch and settle, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.parts.chunks.dispatch())
            group.create_task(self.parts.chunks.settle())

    async def settle_in_order(self) -> None:
        """Take turn after turn, until cancelled."""
        assert self.order is not None
        offsets = MovingOffsets({0: LENGTH // 2, 1: LENGTH // 2}, self.logs[0], self.dice)
        while True:
            await self.order.turn(offsets)
            await asyncio.sleep(0)

    @property
    def settled(self) -> list[bytes]:
        """The messages that our workers have written, those that crashed included."""
        return self.outputs + [output.value for output in self.parts.publisher.outputs]

    def finish(self, topic: str, partition: int, offset: int) -> None:
        """Note how far may be committed, and that nothing below it is unsettled."""
        done = {*self.settled, *self.others}
        assert all(message.value in done for message in self.logs[partition][:offset])
        self.finished[partition] = offset

    # -- what may happen

    async def fetch(self) -> None:
        """Fetch some messages of a partition; they are taken while other things happen."""
        self.fetches = {task for task in self.fetches if not task.done()}
        if self.fetches or not self.assigned:
            return
        partition = self.dice.choice(sorted(self.assigned))
        at = self.positions[partition]
        self.positions[partition] = to = min(LENGTH, at + self.dice.randrange(1, 5))
        self.fetches.add(
            asyncio.ensure_future(self.take(self.logs[partition][at:to], self.parts.intake, self.parts.intake.epoch))
        )

    async def take(self, messages: list[Message], intake: Intake, epoch: int) -> None:
        """Take messages as the runner does."""
        for message in messages:
            await intake.put(message, epoch)
            await turns(self.dice)

    async def commit(self) -> None:
        """Commit the finished messages of our partitions."""
        for partition, offset in self.finished.items():
            if partition in self.assigned:
                self.committed[partition] = max(self.committed[partition], offset)

    async def rebalance(self) -> None:
        """Give our partitions away, let the other worker do some of them, and be given others."""
        self.parts.intake.give_up()
        if self.order is not None:
            self.order.give_up()
        await self.finish_begun()
        left = {message.value for number, log in self.logs.items() for message in log[self.committed[number] :]}
        self.again.update(left & {*self.settled})
        self.assigned = {number for number in self.logs if self.dice.random() < 0.7}
        for number in self.logs.keys() - self.assigned:
            to = min(LENGTH, self.committed[number] + self.dice.randrange(4))
            self.others |= {message.value for message in self.logs[number][self.committed[number] : to]}
            self.committed[number] = to
        self.positions = {number: self.committed[number] for number in self.assigned}
        self.parts.session = True

    async def stop(self) -> None:
        """Stop our worker, which is still fetched for, and start it anew."""
        self.parts.intake.close()
        if self.order is not None:
            self.order.give_up()
        await self.fetch()
        await self.finish_begun()
        await self.end()

    async def finish_begun(self) -> None:
        """Finish begun work and commit, while other things happen."""
        await turns(self.dice)
        self.parts.publisher.open.set()
        await asyncio.wait_for(self.parts.intake.drained(), 5)
        await self.commit()
        await turns(self.dice)
        self.finished.clear()

    async def crash(self) -> None:
        """Kill our worker and start it anew."""
        await self.end()

    async def end(self) -> None:
        """End our worker's tasks and start it anew; its partitions are given to it again by the next rebalance."""
        for task in [self.working, *self.fetches]:
            task.cancel()
        await asyncio.wait([self.working, *self.fetches])
        self.fetches.clear()
        self.outputs = self.settled
        self.assigned = set()
        self.begin()

    async def wait(self) -> None:
        """Let Kafka confirm nothing for a while, or again."""
        if self.parts.publisher.open.is_set():
            self.parts.publisher.open.clear()
        else:
            self.parts.publisher.open.set()

    async def freeze(self) -> None:
        """Be out of the group's session, until the next rebalance."""
        self.parts.session = False

    async def run(self, *, crashes: bool) -> None:
        """Let things happen, then let all be settled; compare."""
        happenings = [self.fetch] * 6 + [self.commit, self.wait, self.rebalance, self.freeze, self.stop]
        happenings += [self.crash] if crashes else []
        await self.rebalance()
        for _ in range(80):
            await self.dice.choice(happenings)()
            await turns(self.dice)
            if self.working.done():
                self.working.result()
        while any(offset < LENGTH for offset in self.committed.values()):
            await self.rebalance()
            for _ in range(4):
                await self.fetch()
                for _ in range(40):
                    await asyncio.sleep(0)
        await self.rebalance()
        await asyncio.wait(self.fetches or [asyncio.ensure_future(asyncio.sleep(0))])
        for task in (self.working, *self.fetches):
            task.cancel()
        await asyncio.wait([self.working])


async def turns(dice: random.Random) -> None:
    """Let other tasks go on, for some turns of the loop."""
    for _ in range(dice.randrange(4)):
        await asyncio.sleep(0)


def lived(seed: int, *, ordered: bool, crashes: bool) -> World:
    """Return a world in which much has happened, with every message settled."""

    async def run() -> World:
        world = World(seed, ordered=ordered)
        await asyncio.wait_for(world.run(crashes=crashes), 30)
        return world

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams.worker.intake, "SESSION_SECONDS", 0.0)
        world = asyncio.run(run())
    times = Counter([*world.settled, *world.others])
    assert {*times} == {message.value for log in world.logs.values() for message in log}
    assert all(count <= 1 + world.again[value] for value, count in times.items())
    return world


@given(seed=st.integers(0, 1 << 32), ordered=st.booleans())
@example(seed=1, ordered=True)
@example(seed=1, ordered=False)
@settings(max_examples=50)
def test_without_a_crash_each_message_is_settled_once(seed: int, ordered: bool) -> None:
    """Rebalances, freezes, stops, a Kafka that confirms late: each is settled by one worker, and its room is given back.

    What an order settles before others that came earlier can only be committed with these.
    """
    world = lived(seed, ordered=ordered, crashes=False)
    assert ordered or not world.again
    assert world.parts.intake.buffer.bytes == 0


@given(seed=st.integers(0, 1 << 32), ordered=st.booleans())
@settings(max_examples=50)
def test_after_a_crash_nothing_is_missing(seed: int, ordered: bool) -> None:
    """Messages that were settled and not committed are settled again, and no others."""
    lived(seed, ordered=ordered, crashes=True)
