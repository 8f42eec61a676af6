"""Settling in order of arrival, without Kafka: marks, foreign origins, a lost offset, a rebalance."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from streams.message import Message
from streams.step import ArrivalOrdering
from streams.topics import RAW, SKETCHED, SKETCHES
from streams.worker.order import ArrivalOrder
from streams.worker.ordered import ENDS_SECONDS, MARK_KEY, OrderedSettling, WaitingMessage
from tests.support.memory import Parts, until


class MemoryOffsets:
    """An entry topic with these ends, in which every offset is a message."""

    def __init__(self, ends: dict[int, int]) -> None:
        self.known = ends
        self.former: list[Message] = []

    async def begins(self) -> dict[int, int]:
        """Return the beginnings."""
        return dict.fromkeys(self.known, 0)

    async def ends(self) -> dict[int, int]:
        """Return the ends."""
        return dict(self.known)

    async def pass_gaps(self, order: ArrivalOrder[WaitingMessage], ends: Mapping[int, int], now: float) -> None:
        """Leave all: every offset is a message."""

    async def before(self, message: Message) -> AsyncIterator[Message]:
        """Yield the messages that former owners have settled."""
        for settled in self.former:
            yield settled


class OrderedParts(Parts):
    """The parts of a step that settles in order."""

    def __post_init__(self) -> None:
        """Put them together."""
        super().__post_init__()
        self.intake.partitions.add(0)
        ordering = ArrivalOrdering(RAW, SKETCHES, lambda _: 30.0)
        self.ordered: OrderedSettling[bytes, None] = OrderedSettling(
            ordering, self.settings, self.intake, self.compute, self.settling, self.metrics, self.clock
        )

    async def rebalance(self, turn: "asyncio.Future[None]") -> None:
        """Give the partitions away in the middle of a turn, and have them again."""
        self.intake.give_up()
        self.ordered.give_up()
        await turn
        await self.intake.drained()
        self.intake.partitions.add(0)
        self.session = True

    @property
    def settled(self) -> list[bytes]:
        """The values in the order in which they were settled."""
        return self.settler.settled


def sketched(offset: int, value: bytes, origin: bytes, order: bytes = b"", **headers: bytes) -> Message:
    """Return a message of the ordered step's topic."""
    given: dict[str, Any] = {"ce_id": value or b"mark", "ww_origin": origin, "ww_order": order, **headers}
    return Message(SKETCHED.name, 0, offset, b"k", value, given, 950.0)


async def test_earlier_article_that_comes_later_is_settled_first() -> None:
    """The order is that of arrival on the entry topic, not that of coming here."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 1, 1: 1})
    await parts.take(sketched(0, b"later", b"0:0", b"20.0"))
    await parts.ordered.turn(offsets)
    assert parts.settled == []
    await parts.take(sketched(1, b"earlier", b"1:0", b"10.0"))
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"earlier", b"later"]
    assert parts.committed == {(SKETCHED.name, 0): 2}


async def test_mark_stands_for_a_message_that_was_set_aside() -> None:
    """An empty message drains its partition and is acknowledged, and gives nothing."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 1, 1: 1})
    await parts.take(sketched(0, b"one", b"0:0", b"20.0"), sketched(1, b"", b"1:0"))
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"one"]
    assert parts.committed == {(SKETCHED.name, 0): 2}


async def test_how_far_the_order_has_come_is_kept_with_the_state() -> None:
    """A later owner learns below which offset nothing is to be waited for."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 1})
    await parts.take(sketched(0, b"one", b"0:0", b"20.0"))
    await parts.ordered.turn(offsets)
    [mark] = [change for change in parts.publisher.changes if change.topic is SKETCHES]
    assert (mark.key, mark.value) == (f"{MARK_KEY}:0", b"1")
    next_owner = OrderedParts().ordered
    assert next_owner.restore(mark.key, mark.value)
    assert next_owner.order.seen[0].upto == 1
    assert not next_owner.restore("an article", b"x")


async def test_what_was_set_aside_last_is_kept_with_the_state_too() -> None:
    """A later owner waits for no raw message whose empty one was acknowledged; none is before that is written."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 2, 1: 1})
    await parts.take(sketched(0, b"one", b"0:0", b"20.0"), sketched(1, b"", b"0:1"), sketched(2, b"", b"1:0"))
    await parts.ordered.turn(offsets)
    assert parts.committed == {(SKETCHED.name, 0): 3}
    owner = OrderedParts()
    for change in parts.publisher.changes:
        owner.ordered.restore(change.key, change.value)
    offsets.known = {0: 3, 1: 1}
    await owner.take(sketched(3, b"two", b"0:2", b"30.0"))
    await owner.ordered.turn(offsets)
    assert owner.settled == [b"two"]


async def test_a_mark_that_cannot_be_written_now_is_written_later() -> None:
    """The session is over as an offset is passed over: nothing waits for its return, which would wait for begun work."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 3})
    await parts.take(sketched(0, b"", b"0:0"), sketched(1, b"", b"0:2"))
    await parts.ordered.turn(offsets)
    parts.ordered.order.skip(0, 2)
    parts.session = False
    turn = asyncio.ensure_future(parts.ordered.turn(offsets))
    await until(turn.done)
    await parts.rebalance(turn)
    assert [change.value for change in parts.publisher.changes] == [b"1"]
    await parts.ordered.turn(offsets)
    assert [change.value for change in parts.publisher.changes] == [b"1", b"3"]


async def test_who_stands_by_writes_no_mark() -> None:
    """Its partition is another worker's by now, which has come further."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 3})
    await parts.take(sketched(0, b"", b"0:0"), sketched(1, b"", b"0:2"))
    await parts.ordered.turn(offsets)
    parts.ordered.order.skip(0, 2)
    parts.intake.give_up()
    parts.ordered.give_up()
    await parts.ordered.turn(offsets)
    assert [change.value for change in parts.publisher.changes] == [b"1"]


async def test_what_was_let_go_unsettled_is_waited_for_as_if_it_had_not_come() -> None:
    """Its turn had come when the session ended: it comes again, and whoever is next must not be told that it was settled."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 1})
    await parts.take(sketched(0, b"first", b"0:0", b"20.0"))
    parts.session = False
    turn = asyncio.ensure_future(parts.ordered.turn(offsets))
    await until(lambda: not parts.intake.buffer.items)
    await parts.rebalance(turn)
    assert parts.settled == []
    offsets.known = {0: 2}
    await parts.take(sketched(2, b"second", b"0:1", b"30.0"))
    await parts.ordered.turn(offsets)
    [mark] = [change for change in parts.publisher.changes if change.topic is SKETCHES]
    assert (mark.key, mark.value) == (f"{MARK_KEY}:0", b"0")


async def test_offsets_that_are_passed_later_are_kept_with_the_state() -> None:
    """What ends a transaction is found to be no message a second after the article behind it was settled."""

    class WithGap(MemoryOffsets):
        async def pass_gaps(self, order: ArrivalOrder[WaitingMessage], ends: Mapping[int, int], now: float) -> None:
            for partition in order.standing(ends, now, 1.0):
                order.skip(partition, 1)

    parts, offsets = OrderedParts(), WithGap({0: 2})
    await parts.take(sketched(0, b"one", b"0:1", b"20.0"))
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"one"]
    for _ in range(3):
        parts.clock.now += 2
        await parts.ordered.turn(offsets)
    assert not parts.ordered.order.has_holes
    marks = [change.value for change in parts.publisher.changes if change.topic is SKETCHES]
    assert marks == [b"0", b"2"]
    owner = OrderedParts()
    owner.ordered.restore(f"{MARK_KEY}:0", marks[-1])
    offsets.known = {0: 3}
    await owner.take(sketched(1, b"two", b"0:2", b"30.0"))
    await owner.ordered.turn(offsets)
    assert owner.settled == [b"two"]


async def test_what_a_killed_owner_settled_above_a_missing_offset_is_not_waited_for() -> None:
    """Its mark lies below that offset, which is found to be no message once the next owner asks."""
    owner, offsets = OrderedParts(), MemoryOffsets({0: 4, 1: 1})
    offsets.former = [
        sketched(0, b"one", b"0:0"),
        sketched(1, b"three", b"0:2"),
        sketched(2, b"", b"0:3"),
        sketched(3, b"foreign", b"0:900"),
        sketched(4, b"foreign", b"x"),
    ]
    owner.ordered.restore(f"{MARK_KEY}:0", b"1")
    owner.ordered.order.skip(0, 2)
    await owner.take(sketched(5, b"five", b"1:0", b"20.0"))
    await owner.ordered.turn(offsets)
    assert owner.settled == [b"five"]
    assert owner.ordered.order.settled_below(0) == 4


async def test_offsets_that_are_passed_while_others_settle_are_kept_too() -> None:
    """Those of a partition of which no article is settled at that moment."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 3, 1: 0})
    await parts.take(sketched(0, b"", b"0:0"), sketched(1, b"", b"0:2"))
    await parts.ordered.turn(offsets)
    parts.ordered.order.skip(0, 2)
    offsets.known = {0: 3, 1: 1}
    await parts.take(sketched(2, b"one", b"1:0", b"20.0"))
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"one"]
    kept = {change.key: change.value for change in parts.publisher.changes if change.topic is SKETCHES}
    assert kept == {f"{MARK_KEY}:0": b"3", f"{MARK_KEY}:1": b"1"}


async def test_foreign_headers_hold_up_nobody() -> None:
    """An origin or an order that nobody can have written is refused, and the articles beside it are settled."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 2})
    bad = [
        (b"x:y", b"1"),
        (b"0:900000000", b"1"),
        (b"77:5", b"1"),
        (b"-5:-9", b"1"),
        (b"0:1", b"abc"),
        (b"0:1", b"nan"),
    ]
    await parts.take(*(sketched(n, b"bad%d" % n, origin, order) for n, (origin, order) in enumerate(bad)))
    await parts.take(sketched(9, b"good", b"0:0", b"20.0"))
    for _ in range(3):
        await parts.ordered.turn(offsets)
        parts.clock.now += 31
    assert b"good" in parts.settled
    assert parts.value("wirewatch_dead_total", step="echo", reason="invalid_record") == 3
    assert parts.ordered.order.seen[0].upto == 2
    assert parts.committed == {(SKETCHED.name, 0): 10}


async def test_lost_offset_is_waited_for_once() -> None:
    """An offset that never comes delays articles for the wait, once; those after it go on at once."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 2, 1: 1})
    await parts.take(sketched(0, b"a", b"0:1", b"10.0"), sketched(1, b"b", b"1:0", b"11.0"))
    await parts.ordered.turn(offsets)
    for _ in range(3):
        parts.clock.now += 16
        await parts.ordered.turn(offsets)
    assert parts.settled == [b"a", b"b"]
    offsets.known = {0: 3, 1: 2}
    await parts.take(sketched(2, b"c", b"1:1", b"12.0"), sketched(3, b"d", b"0:2", b"13.0"))
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"a", b"b", b"c", b"d"]


async def test_rebalance_gives_back_what_waits() -> None:
    """Messages that wait for their turn are given up with their room, and settled when they are delivered again."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 1, 1: 1})
    await parts.take(sketched(0, b"later", b"0:0", b"20.0"))
    await parts.ordered.turn(offsets)
    parts.intake.give_up()
    parts.ordered.give_up()
    await parts.intake.drained()
    assert parts.intake.buffer.bytes == 0
    await parts.take(sketched(0, b"later", b"0:0", b"20.0"), sketched(1, b"earlier", b"1:0", b"10.0"))
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"earlier", b"later"]


async def test_marks_of_a_topic_that_was_made_anew_are_forgotten() -> None:
    """A mark beyond the end is of another topic of that name."""
    parts, offsets = OrderedParts(), MemoryOffsets({0: 1, 1: 1})
    parts.ordered.restore(f"{MARK_KEY}:1", b"5000")
    await parts.take(sketched(0, b"later", b"0:0", b"20.0"))
    await parts.ordered.turn(offsets)
    assert parts.ordered.order.seen[1].upto == 1


async def test_a_worker_that_is_behind_asks_seldom_for_the_ends() -> None:
    """While each partition has more to bring, the ends that are known tell as much as newer ones; not so at an end."""
    parts, offsets = OrderedParts(), CountedOffsets({0: 4, 1: 4})
    for number in range(2):
        await parts.take(sketched(2 * number, b"a", b"0:%d" % number, b"10.0"))
        await parts.take(sketched(2 * number + 1, b"b", b"1:%d" % number, b"20.0"))
        await parts.ordered.turn(offsets)
    assert parts.settled == [b"a", b"a"]  # another of partition 0 may come before those of 1
    assert offsets.asked == 1
    offsets.known = {0: 9, 1: 4}
    await parts.take(sketched(4, b"beyond", b"0:8", b"30.0"))
    await parts.ordered.turn(offsets)
    assert offsets.asked == 2
    parts.clock.now += ENDS_SECONDS
    await parts.ordered.turn(offsets)
    assert offsets.asked == 3
    for number in (2, 3):
        await parts.take(sketched(3 + number, b"b", b"1:%d" % number, b"25.0"))
        await parts.ordered.turn(offsets)
    assert offsets.asked == 4


async def test_ends_that_kafka_does_not_tell_are_those_of_before() -> None:
    """It may not know the topic for a moment: what has been written since then may be earlier than what has come."""
    ends = {0: 2, 1: 1}
    parts, offsets = OrderedParts(), MemoryOffsets(ends)
    await parts.take(sketched(0, b"a", b"0:0", b"10.0"), sketched(1, b"b", b"1:0", b"20.0"))
    await parts.ordered.turn(offsets)
    parts.clock.now += 10.0
    await parts.take(sketched(2, b"c", b"0:1", b"40.0"))
    offsets.known = {}
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"a", b"b"]
    offsets.known = ends
    await parts.ordered.turn(offsets)
    assert parts.settled == [b"a", b"b", b"c"]


class CountedOffsets(MemoryOffsets):
    """An entry topic that counts how often its ends were asked for."""

    asked = 0

    async def ends(self) -> dict[int, int]:
        """Return the ends."""
        self.asked += 1
        return await super().ends()
