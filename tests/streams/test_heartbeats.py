"""Heartbeats: who has joined a group knows at once that it is in it."""

import asyncio
import time

from aiokafka import AIOKafkaConsumer

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.heartbeats import note_heartbeats
from streams.topics import TAGGED

#: Heartbeats are so far apart, and no test waits for as long.
LONG_SECONDS = 60.0


class Member:
    """A member of a group that is told of answers."""

    def __init__(self) -> None:
        self.coordinator = ""
        self.asked: list[float] = []
        #: after how many answers the group did not know it
        self.outs: list[int] = []
        self.told = asyncio.Event()

    def answered(self, asked: float) -> None:
        """Note an answer."""
        self.asked.append(asked)
        self.told.set()

    def expelled(self) -> None:
        """Note that the group does not know it."""
        self.outs.append(len(self.asked))


async def test_the_first_heartbeat_comes_with_the_place_in_the_group() -> None:
    """It is answered long before the next one is due, and names the broker that keeps the group.

    Whom the group does not know is told so, too.
    """
    begun, member = time.monotonic(), Member()
    with EmbeddedBroker() as broker:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=broker.bootstrap,
            group_id="readers",
            heartbeat_interval_ms=int(LONG_SECONDS * 1000),
            session_timeout_ms=int(LONG_SECONDS * 3000),
        )
        await consumer.start()
        try:
            note_heartbeats(consumer, member)
            consumer.subscribe([TAGGED.name])
            await asyncio.wait_for(member.told.wait(), LONG_SECONDS / 2)
            consumer._coordinator.member_id = "somebody else"
            await consumer._coordinator._do_heartbeat()
            assert member.outs == [1]
        finally:
            await consumer.stop()
        assert member.coordinator == broker.bootstrap
    assert begun < member.asked[0] < begun + LONG_SECONDS / 2
