"""The ends of each source's articles where they were cleaned: its health rests on them, not on the looks of a page.

Read from `news.clean` and `news.dead` by a consumer group of all fetch workers, and passed on, some at a time, to the worker
that polls the source. A message read twice counts twice: health is a matter of many.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from agents.fetch.asking import requests
from agents.fetch.polling.recording import under_domain_of
from agents.fetch.polling.store import Store
from agents.fetch.polling.workplace import NOT_TAKEN, Publish
from streams.errors import BrokerError
from streams.kafka.clients import client_options, reaching
from streams.kafka.pace import patient
from streams.records import unpacked
from streams.settings import KafkaSettings
from streams.topics import CLEAN, DEAD

logger = logging.getLogger("wirewatch.fetch")

#: The topics that tell what became of raw records.
FOLLOWED = CLEAN, DEAD
AWAY_SECONDS = 10.0
#: How often it is looked whether there are sources, while there are none: without any all articles would be read for nobody.
LOOK_SECONDS = 1.0
#: Where the first source comes, articles are read from so long before: whoever wrote them may have another clock.
LOOK_BACK_SECONDS = 60.0
#: How long outcomes are gathered before they are passed on, and messages that are taken together: 2,000 a second, several
#: times what a worker cleans, or the group would fall behind for ever. They are 20 MiB of usual articles, and never more than
#: the consumer has fetched already (of each partition one fetch, 9 MiB packed); none is held while outcomes are gathered.
GATHER_SECONDS, TOGETHER = 2.0, 4_000
#: Outcomes of one source that are passed on at once; the share and the mean of more are no different.
MOST_OUTCOMES = 200


class Outcome(msgspec.Struct):
    """The fields of an article or of a dead letter that say how it went."""

    source: str | None = None
    text: str = ""
    step: str = "clean"


decoder = msgspec.json.Decoder(Outcome)


class CleanOutcomes:
    """Reads how articles were cleaned, and tells the workers that poll their sources."""

    def __init__(
        self,
        store: Store,
        settings: KafkaSettings,
        publish: Publish,
    ) -> None:
        self._store = store
        self._settings = settings
        self._publish = publish

    async def run(self) -> None:
        """Read while there are sources, until cancelled; Kafka that is away is waited for."""
        while True:
            appeared = await self._first_source()
            consumer = AIOKafkaConsumer(
                *(topic.name for topic in FOLLOWED),
                **client_options(self._settings),
                group_id=f"{self._settings.group_prefix}-fetch-outcomes",
                auto_offset_reset="latest",
                max_partition_fetch_bytes=CLEAN.max_message_bytes,
            )
            try:
                async with reaching(self._settings):
                    await consumer.start()
                patient(consumer, embedded=bool(self._settings.journal))
                if appeared is not None:
                    await read_from(consumer, appeared - LOOK_BACK_SECONDS)
                while self._wanted:
                    await self._take(consumer)
                continue
            except NOT_TAKEN as error:
                logger.warning(
                    "what became of articles of each source is not followed for now, and tried again: %s", error
                )
            finally:
                with suppress(KafkaError, BrokerError, OSError):
                    await consumer.stop()
            await asyncio.sleep(AWAY_SECONDS)

    @property
    def _wanted(self) -> bool:
        """Whether anybody asks how articles were cleaned; an embedded broker has no times to begin at, and is read always."""
        return bool(self._store.sources or self._settings.journal)

    async def _first_source(self) -> float | None:
        """Wait while there are no sources; return when the first came (epoch seconds), None where there were some before."""
        if self._wanted:
            return None
        while not self._wanted:  # noqa: ASYNC110 - whoever follows the sources sets no event
            await asyncio.sleep(LOOK_SECONDS)
        return time.time()

    async def _take(self, consumer: AIOKafkaConsumer) -> None:
        found = await self._lengths(consumer)
        if found is None:
            return
        outputs = [
            (under_domain_of(source, requests.cleaned_request(source.name, datetime.now(UTC), lengths)), None)
            for name, lengths in found.items()
            if (source := self._store.sources.get(name)) is not None
        ]
        if outputs:
            await self._publish((), outputs)
        await asyncio.sleep(GATHER_SECONDS)

    async def _lengths(self, consumer: AIOKafkaConsumer) -> dict[str, list[int]] | None:
        """Return by source how long the texts of the next articles are; None where nothing has come."""
        batches = await consumer.getmany(timeout_ms=5000, max_records=TOGETHER)
        values = [record.value for batch in batches.values() for record in batch if record.value]
        return await asyncio.to_thread(lengths_of, values, frozenset(self._store.sources)) if values else None


async def read_from(consumer: AIOKafkaConsumer, seconds: float) -> None:
    """Go to the first messages since a time (epoch seconds), wherever the group was before."""
    wanted = dict.fromkeys(consumer.assignment(), int(seconds * 1000))
    found = await consumer.offsets_for_times(wanted) if wanted else {}
    for partition, at in found.items():
        if at is None:
            await consumer.seek_to_end(partition)
        else:
            consumer.seek(partition, at.offset)


def lengths_of(values: Iterable[bytes], known: frozenset[str]) -> dict[str, list[int]]:
    """Return by source how long its articles' texts are, 0 for one that was refused; in a thread."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for value in values:
        try:
            outcome = unpacked(decoder, value)
        except msgspec.DecodeError:
            continue
        if outcome.source is not None and outcome.source in known and outcome.step == "clean":
            found[outcome.source].append(len(outcome.text))
    return {source: lengths[:MOST_OUTCOMES] for source, lengths in found.items()}
