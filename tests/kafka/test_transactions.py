"""Articles from a producer that writes in transactions are decided without waiting for the records that end them."""

import urllib.request
from pathlib import Path

import pytest

from streams.kafka.clients import producing
from streams.records import encode
from streams.settings import Settings
from streams.topics import RAW
from tests.support.flow import make_topics, news, settled, worker_on
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

TRANSACTIONS, EACH = 6, 10


async def test_nothing_waits_for_the_end_of_a_transaction(settings: Settings, kafka: RealKafka, tmp_path: Path) -> None:
    """Every article is settled, whatever partitions its transaction ended on, and no wait ran to its end."""
    settings.kafka.bootstrap = kafka.bootstrap
    await make_topics(settings)
    articles = news(TRANSACTIONS * EACH, seed=3)
    async with producing(settings.kafka, transactional_id="wire") as producer:
        for _ in range(TRANSACTIONS):
            async with producer.transaction():
                for number, raw in zip(range(EACH), articles, strict=False):
                    await producer.send(RAW.name, encode(raw), partition=number % settings.kafka.partitions)

    with worker_on(kafka.bootstrap, tmp_path / "worker.log") as worker:
        account = await settled(settings, 120)
        with urllib.request.urlopen(f"{worker.url}/metrics", timeout=5) as answer:
            metrics = answer.read().decode()

    assert account.settled, account
    assert account.fetches == TRANSACTIONS * EACH
    assert "wirewatch_order_timeouts_total 0.0" in metrics
