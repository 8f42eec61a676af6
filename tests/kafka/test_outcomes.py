"""How articles were cleaned is read from a real Kafka, where there are sources to tell it of."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
import pytest

from agents.fetch.asking import requests
from agents.fetch.foreign.outcomes import CleanOutcomes
from agents.fetch.polling.store import Store
from streams.kafka.clients import producing
from streams.message import Change, Message, Output
from streams.records import Source, encode
from streams.settings import Settings
from streams.topics import CLEAN
from tests.support.flow import make_topics
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

HOUR_MS = 3_600_000


async def test_articles_count_from_the_first_source_on(kafka: RealKafka, settings: Settings) -> None:
    """Written while there was no source, one of an hour ago is left; one of this minute is the source's, which comes late."""
    settings.kafka.bootstrap = kafka.bootstrap
    await make_topics(settings)
    store, told = Store(), asyncio.Queue[Output]()

    async def publish(changes: Sequence[Change], outputs: Sequence[tuple[Output, Message | None]]) -> None:
        for output, _ in outputs:
            told.put_nowait(output)

    now = int(time.time() * 1000)
    async with producing(settings.kafka) as producer:
        for at, text in ((now - HOUR_MS, "old"), (now, "newer")):
            value = orjson.dumps({"source": "paper", "text": text})
            await producer.send_and_wait(CLEAN.name, value, partition=0, timestamp_ms=at)
    following = asyncio.ensure_future(CleanOutcomes(store, settings.kafka, publish).run())
    await asyncio.sleep(0)  # it has seen that there is none
    source = Source(name="paper", url="https://paper.example/feed", added_at=datetime.now(UTC))
    store.take_source("paper", encode(source))
    first = await asyncio.wait_for(told.get(), 60)
    following.cancel()

    assert requests.unpack(first.value).lengths == [len("newer")]
