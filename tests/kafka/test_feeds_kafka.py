"""The feeds on a real Kafka: reading back at the start, and a broker that goes away for a while."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession

from streams.kafka.clients import producing
from streams.settings import Settings
from streams.topics import ALERTS
from tests.support.alerts import alert, alert_ids, put
from tests.support.flow import make_topics
from tests.support.real_kafka import RealKafka
from wirewatch.http.feeds.metrics import FeedMetrics
from wirewatch.http.server import WebApp, serving
from wirewatch.metrics import new_metrics
from wirewatch.service import Service

pytestmark = pytest.mark.kafka


@pytest.fixture
async def on_kafka(settings: Settings, kafka: RealKafka) -> Settings:
    """Settings that lead to a real Kafka with all topics."""
    settings.kafka.bootstrap = kafka.bootstrap
    settings.worker.http_port = 0
    await make_topics(settings)
    return settings


async def test_what_is_read_back_is_bounded_by_time(on_kafka: Settings) -> None:
    """Messages of the hours before the start are read and put in order; older ones are passed over by their time."""
    now = datetime.now(UTC)
    async with producing(on_kafka.kafka) as producer:
        stamp = int((now - timedelta(hours=100)).timestamp() * 1000)
        for number in range(40):
            await producer.send_and_wait(ALERTS.name, b"no alert", partition=number % 4, timestamp_ms=stamp)
        await put(producer, *(alert(n, "bounded", raised_at=now - timedelta(hours=73 + n)) for n in range(10, 20)))
        await put(producer, *(alert(number, "bounded") for number in (3, 1, 2)))
    web_app = WebApp(Service(on_kafka, [], new_metrics()))
    async with serving(web_app):
        await asyncio.wait_for(web_app.feed.ready.wait(), 30)
        assert [kept.id for kept in web_app.feed.latest(["bounded"], 9)] == [alert(n, "bounded").id for n in (3, 2, 1)]
        refused = next(iter(web_app.service.metrics[FeedMetrics].refused.collect())).samples
        assert sum(sample.value for sample in refused if sample.name.endswith("_total")) == 0


async def test_a_broker_that_restarts_is_survived(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """While the broker is away the feeds show older alerts; when it is back an open stream goes on without loss."""
    caplog.set_level(logging.WARNING, "wirewatch.feeds")
    with RealKafka() as kafka:
        settings.kafka.bootstrap = kafka.bootstrap
        settings.worker.http_port = 0
        await make_topics(settings)
        web_app = WebApp(Service(settings, [], new_metrics()))
        async with serving(web_app) as address, ClientSession(address) as session:
            await asyncio.wait_for(web_app.feed.ready.wait(), 30)
            async with session.get("/watches/events") as stream:
                async with producing(settings.kafka) as producer:
                    await put(producer, alert(1), alert(2))
                assert set(await alert_ids(stream, 2)) == {alert(1).id, alert(2).id}
                await asyncio.to_thread(kafka.stop)
                async with asyncio.timeout(60):
                    while web_app.feed.waits_for is None:
                        await asyncio.sleep(0.1)
                async with session.get("/watches/port-strikes.rss") as feed:
                    assert feed.status == 200
                    assert alert(2).id in await feed.text()
                await asyncio.to_thread(kafka.start)
                async with producing(settings.kafka) as producer:
                    await put(producer, *(alert(n) for n in range(3, 23)))
                async with asyncio.timeout(90):
                    got = await alert_ids(stream, 20)
                assert set(got) == {alert(n).id for n in range(3, 23)}
            assert web_app.feed.waits_for is None
            assert len(web_app.feed) == 22
    said = [record.message.startswith("feeds show") for record in caplog.records if record.name == "wirewatch.feeds"]
    # once for each interruption (a broker that starts may interrupt again), then that it is over
    assert said[:1] == [True]
    assert said == [True, False] * (len(said) // 2)
