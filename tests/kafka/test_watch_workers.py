"""A watch's limits hold over all workers and through kills: its matches come to one decider, which remembers."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.watch.language.parse import parse
from agents.watch.records import Watch
from streams.ids import digest
from streams.kafka.admin import committed
from streams.kafka.clients import consuming as reading
from streams.kafka.clients import partitions_of, producing
from streams.kafka.reading import read_all
from streams.records import Alert, Tagged, WatchRecord, decode, encode
from streams.settings import Settings
from streams.topics import ALERTS, MATCHES, TAGGED
from tests.support.flow import make_topics, worker_on
from tests.support.real_kafka import RealKafka
from wirewatch.steps import STEPS
from wirewatch.watches import topic as watch_topic

pytestmark = pytest.mark.kafka

ARTICLES = 600
LIMIT = 7


def watch(name: str, **fields: object) -> Watch:
    """Return a watch that every article matches."""
    return Watch(record=WatchRecord(name=name, query="oil", **fields), query=parse("oil"))  # type: ignore[arg-type]


async def send(settings: Settings, numbers: range) -> None:
    """Send tagged articles, over all partitions."""
    async with producing(settings.kafka, linger_ms=5) as producer:
        for number in numbers:
            article = Tagged(
                id=digest(str(number)),
                fetch_id=f"{digest(str(number))}:{number}",
                source="s.example",
                title=f"Oil {number}",
                text="Text.",
                fetched_at=datetime.now(UTC),
                extractor="test",
            )
            headers = [("ce_id", article.fetch_id.encode())]
            await producer.send(TAGGED.name, encode(article), key=article.id.encode(), headers=headers)


async def done(settings: Settings, seconds: float) -> bool:
    """Wait until both steps have committed everything; say whether they have."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        behind = 0
        for step, topic in (("match", TAGGED.name), ("watch", MATCHES.name)):
            async with reading(settings.kafka) as consumer:
                ends = await consumer.end_offsets(await partitions_of(consumer, topic))
            at = await committed(settings.kafka, STEPS[step].group(settings), topic)
            behind += sum(max(0, stop - at.get(partition, 0)) for partition, stop in ends.items())
        if not behind:
            return True
        await asyncio.sleep(0.5)
    return False


async def test_limits_hold_over_workers_and_kills(settings: Settings, tmp_path: Path) -> None:
    """Two workers, one killed twice: one alert in the cool-down, no more than the limit, and one for each article."""
    with RealKafka() as kafka:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        limited = [watch("cooling", cool_down="1h"), watch("limited", limit_per_hour=LIMIT), watch("every")]
        await watch_topic.put(settings, limited)
        with (
            worker_on(kafka.bootstrap, tmp_path / "a.log", steps="match,watch") as first,
            worker_on(kafka.bootstrap, tmp_path / "b.log", steps="match,watch") as second,
        ):
            first.ready()
            second.ready()
            for part in range(3):
                await send(settings, range(part * ARTICLES // 3, (part + 1) * ARTICLES // 3))
                if part < 2:
                    time.sleep(0.2)
                    second.kill()
                    second.start()
            assert await done(settings, 90)
        alerts: dict[str, str] = {}
        async for message in read_all(settings.kafka, [ALERTS.name]):
            alert = decode(message.value or b"", Alert)
            alerts[alert.id] = alert.watch
    assert Counter(alerts.values()) == {"cooling": 1, "limited": LIMIT, "every": ARTICLES}
