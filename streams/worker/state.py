"""State that a step keeps in a compacted Kafka topic: written and acknowledged before the outputs that rest on it.

Why not Faust's own tables: they send their changelog without waiting for it, so that after a crash an output can stand
whose state is lost, and a replay then decides otherwise; and they recover 5,700 records a second where a plain reader
does several times that (engine measurements of this design). Ownership stays with Faust's consumer groups: who has the
partition of the input has the partition of the state.

Reading goes on from where it stopped: after a rebalance only what others have written since is read.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from streams.kafka.clients import consuming, partitions_of
from streams.settings import KafkaSettings
from streams.topics import KafkaTopic

Apply = Callable[[KafkaTopic, str, bytes | None], None]


class StateLog:
    """Reads one compacted topic into a step's memory."""

    def __init__(self, settings: KafkaSettings, topic: KafkaTopic) -> None:
        self.topic = topic
        self._settings = settings
        self._positions: dict[int, int] = {}

    async def catch_up(
        self, partitions: set[int] | None, apply: Apply, progress: Callable[[float], None] = lambda _: None
    ) -> float:
        """Apply every record of these partitions (None: all) not yet read; return the seconds that it took."""
        start = time.monotonic()
        async with consuming(self._settings, fetch_max_wait_ms=100, max_partition_fetch_bytes=4 << 20) as consumer:
            known = await partitions_of(consumer, self.topic.name)
            wanted = [p for p in known if partitions is None or p.partition in partitions]
            if not wanted:
                progress(1.0)
                return 0.0
            consumer.assign(wanted)
            ends = await consumer.end_offsets(wanted)
            begins = await consumer.beginning_offsets(wanted)
            at = {p: max(self._positions.get(p.partition, 0), begins[p]) for p in wanted}
            total = sum(max(0, ends[p] - at[p]) for p in wanted)
            for partition in wanted:
                consumer.seek(partition, at[partition])
            done = 0
            left = {p for p in wanted if at[p] < ends[p]}
            while left:
                batches = await consumer.getmany(*left, timeout_ms=500)
                for messages in batches.values():
                    for message in messages:
                        apply(self.topic, (message.key or b"").decode(), message.value)
                    done += len(messages)
                progress(min(1.0, done / total))
                left = {p for p in left if await consumer.position(p) < ends[p]}
            for partition in wanted:
                self._positions[partition.partition] = max(ends[partition], self._positions.get(partition.partition, 0))
        progress(1.0)
        return time.monotonic() - start

    async def follow(self, apply: Apply) -> AsyncIterator[int]:
        """Apply every record as it is written, from where reading stopped, and yield after each batch its size."""
        async with consuming(self._settings, fetch_max_wait_ms=500, auto_offset_reset="earliest") as consumer:
            while not (known := await partitions_of(consumer, self.topic.name)):  # noqa: ASYNC110 - the broker says nothing
                await asyncio.sleep(1)
            consumer.assign(known)
            begins = await consumer.beginning_offsets(known)
            for partition in known:
                consumer.seek(partition, max(self._positions.get(partition.partition, 0), begins[partition]))
            while True:
                batches = await consumer.getmany(timeout_ms=1000)
                for partition, messages in batches.items():
                    for message in messages:
                        apply(self.topic, (message.key or b"").decode(), message.value)
                    self._positions[partition.partition] = await consumer.position(partition)
                if batches:
                    yield sum(map(len, batches.values()))
