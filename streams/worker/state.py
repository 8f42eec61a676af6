"""State that a step keeps in a compacted Kafka topic: written and acknowledged before the outputs that rest on it.

Why not Faust's own tables: they send their changelog without waiting for it, so that after a crash an output can stand
whose state is lost, and a replay then decides otherwise; and they recover 5,700 records a second where a plain reader
does several times that (engine measurements of this design). Ownership stays with Faust's consumer groups: who has the
partition of the input has the partition of the state.

Reading goes on from where it stopped: after a rebalance only what others have written since is read. A record that is
none of the state's, or is not what its checksum says, is refused and counted, and the next one is taken: the record
before it under its key stays. Older workers wrote no checksum.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from streams.errors import InvalidRecord, WirewatchError
from streams.events import CHECK_HEADER, checksum
from streams.journal.store import states_of
from streams.kafka.clients import METADATA_SECONDS, consuming, partitions_of
from streams.kafka.identity import Renewals
from streams.kafka.lost_ends import Places
from streams.kafka.pace import patient
from streams.kafka.reading import read_between, read_journal
from streams.message import Change
from streams.settings import KafkaSettings
from streams.system.awake import seconds_awake_or_asleep
from streams.system.log_budget import LogBudget
from streams.topics import KafkaTopic
from streams.worker.fence import CLAIM_KEY, Claimant, Fence

logger = logging.getLogger("wirewatch.state")

Restore = Callable[[KafkaTopic, str, bytes | None], None]
#: Refused records of a topic that are logged one by one in an hour; the rest are only counted.
MAX_LOGGED = 5
#: Characters of a reason in the log.
MAX_REASON = 200
#: A partition that was not read for so long is read from its beginning, into an empty memory: Kafka forgets tombstones after
#: `delete.retention.ms`, by itself a day, and whoever has not read one by then would keep what was deleted.
TOMBSTONE_SECONDS = 12 * 3600.0
#: Of a followed topic that is not compacted, older records than so many hours are passed over.
FOLLOWED_HOURS = 6.0


class StateTooOld(WirewatchError):
    """A state in memory whose deletion may have been missed: the step begins anew."""


class StateLog:
    """Reads one compacted topic into a step's memory."""

    def __init__(
        self,
        settings: KafkaSettings,
        topic: KafkaTopic,
        restore: Restore,
        refused: Callable[[], None] = lambda: None,
        follow_wait_seconds: float = 0.5,
        late: Restore = lambda topic, key, value: None,
    ) -> None:
        self.topic = topic
        self._fence = Fence(topic)
        self._late = late
        self._settings = settings
        self._restore = restore
        self._refused = refused
        self._follow_wait_ms = int(follow_wait_seconds * 1000)
        self._budget = LogBudget(MAX_LOGGED)
        self._positions: dict[int, int] = {}
        #: as of when each partition is in memory (`seconds_awake_or_asleep`)
        self._read_at: dict[int, float] = {}
        self._renewals = Renewals()
        self._read_to = Places()

    async def catch_up(
        self,
        partitions: set[int] | None,
        progress: Callable[[float], None] = lambda _: None,
        claimant: Claimant | None = None,
    ) -> float:
        """Restore every record of these partitions (None: all) not yet read; return the seconds that it took.

        With a `claimant` they are claimed then: what others write from then on does not count (`streams.worker.fence`).
        Raises `StateTooOld` where one was last read so long ago that tombstones may be missed.
        """
        start = time.monotonic()
        await self._read_journal(partitions)
        async with consuming(
            self._settings, fetch_max_wait_ms=100, max_partition_fetch_bytes=4 << 20, fetch_max_bytes=8 << 20
        ) as consumer:
            known = await partitions_of(consumer, self.topic.name)
            wanted = [p for p in known if partitions is None or p.partition in partitions]
            if not wanted:
                progress(1.0)
                return 0.0
            await self._begin_anew(consumer)
            await self._go_back(consumer)
            self._require_fresh(each.partition for each in wanted)
            ends = await consumer.end_offsets(wanted)
            begins = await self._begins(consumer, wanted)
            at = {p: self._start(p.partition, begins[p], ends[p]) for p in wanted}
            total, done = sum(ends[p] - at[p] for p in wanted), 0
            async for messages in read_between(consumer, at, ends):
                self._take(messages)
                self._read_to.note(consumer)
                done += len(messages)
                progress(min(1.0, done / total))
                await asyncio.sleep(0)  # other steps go on meanwhile
            for partition in wanted:
                read_to = await consumer.position(partition) if at[partition] < ends[partition] else ends[partition]
                self._positions[partition.partition] = min(read_to, ends[partition])
            self.note_read((each.partition for each in wanted), seconds_awake_or_asleep())
            if claimant is not None and await self._claim(consumer, wanted, claimant):
                await self._mend(consumer, self._fence.take_late(each.partition for each in wanted), claimant)
        progress(1.0)
        return time.monotonic() - start

    async def _claim(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition], claimant: Claimant) -> bool:
        """Claim partitions, and read all records before the claims; once more where another worker's claims were higher.

        Return whether they are claimed: they may have gone away meanwhile.
        """
        left = self._claimable(partitions, claimant)
        while left:
            numbers = {each.partition: self._fence.owner(each.partition).number + 1 for each in left}
            owners = await claimant.claim(self.topic, numbers)
            if owners is None:
                return False
            begins = {each: self._positions[each.partition] for each in left}
            ends = {each: owners[each.partition][1] + 1 for each in left}
            async for messages in read_between(consumer, begins, ends):
                self._take(messages)
                self._read_to.note(consumer)
            self._positions |= {each.partition: end for each, end in ends.items()}
            lost = [each for each in left if self._fence.owner(each.partition) != owners[each.partition][0]]
            left = self._claimable(lost, claimant)
        return True

    def _claimable(self, partitions: Iterable[TopicPartition], claimant: Claimant) -> list[TopicPartition]:
        """Return the partitions that a claim can be written for; say of the others that they stay without a fence."""
        found: list[TopicPartition] = []
        full: list[TopicPartition] = []
        for each in partitions:
            (full if self._fence.is_full(each.partition) else found).append(each)
        for each in full:
            claimant.forget_claim(self.topic, each.partition)
            logger.error(
                "%s [%d]: a stranger claimed it under the highest number, so nothing tells late writes of a former owner",
                *(self.topic.name, each.partition),
            )
        return found

    async def _mend(self, consumer: AIOKafkaConsumer, late: dict[int, set[bytes]], claimant: Claimant) -> None:
        """Write the valid state again under the keys of late records, or a deletion where there is none.

        A key that is too large for a record of ours is a stranger's, and stays.
        """
        if not late:
            return
        places = [TopicPartition(self.topic.name, partition) for partition in late]
        begins, ends = await consumer.beginning_offsets(places), {p: self._positions[p.partition] for p in places}
        fence = Fence(self.topic)
        found: dict[tuple[int, bytes], bytes | None] = {
            (each, key): None for each, keys in late.items() for key in keys
        }
        async for messages in read_between(consumer, begins, ends):
            for message in messages:
                partition, key = message.partition, message.key or b""
                with suppress(ValueError, InvalidRecord):  # what is refused has been logged
                    require_whole(key, message.value, message.headers)
                    if fence.passes(partition, key, message.headers) and (partition, key) in found:
                        found[partition, key] = message.value
        changes = [Change(self.topic, partition, key.decode(), value) for (partition, key), value in found.items()]
        await claimant.write([each for each in changes if each.key != CLAIM_KEY and not each.excess_bytes])

    async def _read_journal(self, partitions: set[int] | None) -> None:
        """Restore a journal's records: an embedded broker is empty at first, and keeps only the latest."""
        if not self._settings.journal:
            return
        if not self.topic.compacted:
            if not self._positions:
                async for message in read_journal(Path(self._settings.journal), self.topic.name, since_ms()):
                    self._take_one(message.key or b"", message.value, message.headers, message.partition, -1)
            return
        for number, row in enumerate(states_of(Path(self._settings.journal), self.topic.name, partitions)):
            if row.partition not in self._positions:
                self._take_one(row.key.encode(), row.value, row.headers, row.partition, -1)
            if number % 1000 == 999:
                await asyncio.sleep(0)

    async def follow(self) -> AsyncIterator[int]:
        """Restore every record as it is written, from where reading stopped, and yield after each batch its size."""
        async with consuming(
            self._settings, fetch_max_wait_ms=self._follow_wait_ms, auto_offset_reset="earliest"
        ) as consumer:
            while not (known := await partitions_of(consumer, self.topic.name)):  # noqa: ASYNC110 - the broker says nothing
                await asyncio.sleep(1)
            patient(consumer, embedded=bool(self._settings.journal))
            await self._begin_anew(consumer)
            while True:
                await self._place(consumer, known)
                looked = time.monotonic()
                while not (now := consumer.partitions_for_topic(self.topic.name)) or len(now) == len(known):
                    batches = await consumer.getmany(timeout_ms=5000)
                    for partition, messages in batches.items():
                        self._take(messages)
                        self._positions[partition.partition] = await consumer.position(partition)
                    self._read_to.note(consumer)
                    if batches:
                        yield sum(map(len, batches.values()))
                    if time.monotonic() - looked > METADATA_SECONDS:
                        looked = time.monotonic()
                        if await self._begin_anew(consumer) or await self._go_back(consumer):
                            break
                        self._require_fresh(each.partition for each in known)
                        self.note_read((each.partition for each in known), seconds_awake_or_asleep())
                # some were added, or it was made anew with others
                known = await partitions_of(consumer, self.topic.name)

    def note_read(self, partitions: Iterable[int], at: float) -> None:
        """Note as of which moment partitions are in memory (`seconds_awake_or_asleep`), read or written."""
        if self.topic.compacted and not self._settings.journal:  # an embedded broker forgets no tombstone
            self._read_at |= dict.fromkeys(partitions, at)

    def _require_fresh(self, partitions: Iterable[int]) -> None:
        """Raise `StateTooOld` where a partition was last read too long ago."""
        now = seconds_awake_or_asleep()
        for partition in partitions:
            age = now - self._read_at.get(partition, now)
            if age > TOMBSTONE_SECONDS:
                raise StateTooOld(
                    f"{self.topic.name} [{partition}] was last read {age / 3600:.0f} h ago: Kafka may have forgotten by now "
                    "that something was deleted, so it is read from its beginning"
                )

    async def _begin_anew(self, consumer: AIOKafkaConsumer) -> bool:
        """Forget how far was read where the topic was made anew since; return whether it was."""
        anew = await self._renewals.found(consumer._client, [self.topic.name])  # noqa: SLF001 - who has the connections
        if anew:
            self._forget_places()
        return bool(anew)

    async def _go_back(self, consumer: AIOKafkaConsumer) -> bool:
        """Forget how far was read where Kafka has lost the last records of a partition; return whether it has.

        They stay in memory until others take their place. Claims may be among them, so all is read from its beginning.
        """
        lost = await self._read_to.lost(consumer)
        if lost:
            self._forget_places()
        return bool(lost)

    def _forget_places(self) -> None:
        """Forget how far was read, and whose the partitions were there."""
        self._positions.clear()
        self._read_to.forget()
        self._read_at.clear()
        self._fence.forget()

    async def _place(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> None:
        """Give a consumer these partitions, each from where reading stopped."""
        consumer.assign(partitions)
        begins, ends = await self._begins(consumer, partitions), await consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, self._start(partition.partition, begins[partition], ends[partition]))
        self._read_to.continue_by(consumer)

    async def _begins(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        """Return where reading begins: of a topic that is not compacted, only the last hours say anything still."""
        begins: dict[TopicPartition, int] = await consumer.beginning_offsets(partitions)
        if self.topic.compacted or self._settings.journal:
            return begins  # an embedded broker has only what came since its start, and no times
        found, ends = (
            await consumer.offsets_for_times(dict.fromkeys(partitions, since_ms())),
            await consumer.end_offsets(partitions),
        )
        return {p: max(begins[p], found[p].offset if found.get(p) else ends[p]) for p in partitions}

    def _start(self, partition: int, begin: int, end: int) -> int:
        """Return where to go on reading; at the beginning where the topic has been made anew since."""
        position = self._positions.get(partition, 0)
        return max(position, begin) if position <= end else begin

    def _take(self, messages: Iterable[ConsumerRecord[bytes, bytes]]) -> None:
        for message in messages:
            self._take_one(message.key or b"", message.value, message.headers, message.partition, message.offset)

    def _take_one(
        self, key: bytes, value: bytes | None, headers: Sequence[tuple[str, bytes]], partition: int, offset: int
    ) -> None:
        try:
            name = require_whole(key, value, headers)
            restore = self._restore if self._fence.passes(partition, key, headers) else self._late
            if name != CLAIM_KEY:
                restore(self.topic, name, value)
        except Exception as error:  # the state contract: a bad record never stops a step
            self._refused()
            if self._budget.take():
                logger.error(  # noqa: TRY400 - the reason stands in the line, a trace where it helps
                    "%s[%d] at %d is refused (%s), and the next record is taken%s",
                    *(self.topic.name, partition, offset, reason_of(error)),
                    "; others of this hour are only counted, in wirewatch_state_refused_total" * self._budget.is_spent,
                    exc_info=None if isinstance(error, ValueError | InvalidRecord) else error,
                )


def since_ms() -> int:
    """Return from when on records of a followed topic are read that is not compacted."""
    return int((time.time() - FOLLOWED_HOURS * 3600) * 1000)


def reason_of(error: Exception) -> str:
    """Return an error as a part of a line: one of ours says it in words, any other has its type."""
    words = error.error if isinstance(error, InvalidRecord) else f"{type(error).__name__}: {error}"
    return " ".join(words.split())[:MAX_REASON]


def require_whole(key: bytes, value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> str:
    """Return a state record's key; raise `InvalidRecord` where it does not fit its checksum, `ValueError` for no UTF-8."""
    for name, given in headers:
        if name == CHECK_HEADER and given != checksum(key, value):
            raise InvalidRecord("invalid_record", f"record {key[:100]!r}: its key or value is not what was written")
    return key.decode()


async def what_counts(
    topic: KafkaTopic, records: AsyncIterator[ConsumerRecord[bytes, bytes]]
) -> AsyncIterator[tuple[str, bytes | None]]:
    """Yield the keys and values of all records of a topic of states that count, as a step that takes them over reads them.

    Claims, what a former owner wrote late, and what is spoilt are left out. States of a laptop's journal, without an offset,
    come as they are: they have one owner.
    """
    fence = Fence(topic)
    async for record in records:
        key = record.key or b""
        try:
            name = require_whole(key, record.value, record.headers)
            counts = record.offset < 0 or fence.passes(record.partition, key, record.headers)
        except (InvalidRecord, ValueError):
            continue  # the worker that has it says so in its log
        if counts and name != CLAIM_KEY:
            yield name, record.value
