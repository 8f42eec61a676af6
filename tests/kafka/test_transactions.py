"""Articles from a producer that writes in transactions are decided without waiting for the records that end them.

What it takes back is none.
"""

import asyncio
import contextlib
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from streams.kafka.clients import producing
from streams.records import encode
from streams.settings import Settings
from streams.topics import RAW
from tests.support.flow import Worker, make_topics, news, settled, worker_on
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

TRANSACTIONS, EACH = 6, 10


class TakenBackError(Exception):
    """The end of a transaction whose records are taken back."""


async def no_lag(worker: Worker) -> None:
    """Wait until nothing waits for clean. A step for which something does, and which does nothing, would be started anew."""
    async with asyncio.timeout(60):
        while worker.metrics()['wirewatch_step_lag_messages{step="clean"}']:
            await asyncio.sleep(0.2)


async def test_nothing_waits_for_the_end_of_a_transaction(settings: Settings, kafka: RealKafka, tmp_path: Path) -> None:
    """Every article that was committed is settled, whatever partitions its transaction ended on; no wait ran to its end.

    A transaction that is open holds back what lies behind it on its partition, which is no lag, and nothing elsewhere.
    """
    settings.kafka.bootstrap = kafka.bootstrap
    await make_topics(settings)
    articles = news(3 * TRANSACTIONS * EACH, seed=3)

    async def send(producer: AIOKafkaProducer, count: int, partition: int | None = None) -> None:
        for number, raw in zip(range(count), articles, strict=False):
            to = number % settings.kafka.partitions if partition is None else partition
            await producer.send(RAW.name, encode(raw), partition=to)

    async with producing(settings.kafka, transactional_id="wire") as producer:
        for _ in range(TRANSACTIONS):
            async with producer.transaction():
                await send(producer, EACH)
            with contextlib.suppress(TakenBackError):
                async with producer.transaction():
                    await send(producer, EACH)
                    await producer.flush()
                    raise TakenBackError

        with worker_on(kafka.bootstrap, tmp_path / "worker.log") as worker:
            account = await settled(settings, 120)
            await producer.begin_transaction()
            await send(producer, 1, partition=0)
            await producer.flush()
            async with producing(settings.kafka) as other:
                await send(other, EACH)
            elsewhere = EACH - len(range(0, EACH, settings.kafka.partitions))
            while (open_one := await settled(settings, 10)).fetches < TRANSACTIONS * EACH + elsewhere:
                pass
            await no_lag(worker)
            await producer.abort_transaction()
            while (after := await settled(settings, 10)).fetches < TRANSACTIONS * EACH + EACH:
                pass
            await no_lag(worker)  # though the last offsets of its partitions have no message
            metrics = worker.metrics()

    assert account.settled, account
    assert account.fetches == TRANSACTIONS * EACH
    assert open_one.settled, open_one
    assert open_one.fetches == TRANSACTIONS * EACH + elsewhere
    assert after.settled, after
    assert metrics["wirewatch_order_timeouts_total"] == 0
