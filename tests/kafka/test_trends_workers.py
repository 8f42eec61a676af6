"""Trends on two workers that take the stream over from each other in the middle of a burst, on a real Kafka."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from streams.events import header_list
from streams.ids import digest
from streams.kafka.clients import producing
from streams.kafka.reading import read_all
from streams.records import ArticleStory, Growth, NewsTopic, Region, Tagged, Trend, decode, encode
from streams.settings import Settings
from streams.topics import STORIED, TRENDS
from tests.support.flow import Worker, make_topics, worker_on
from tests.support.real_kafka import RealKafka
from tests.support.waiting import wait_for

pytestmark = pytest.mark.kafka

#: Days before the burst, in each hour of which every country has an article; hours of the burst, and its articles in each.
DAYS, HOURS, EACH = 4, 5, 30
COUNTRIES = ("DE", "FR", "NO", "PT", "CL", "KE")
KILLS = 6
PHRASE = "harbour pilots"


class Seen(NamedTuple):
    """What a run says of one trend: its records by their events, and the most articles of any."""

    events: set[str]
    most: int


def article(number: int, at: datetime, country: str, title: str, story: str) -> Tagged:
    """Return an article on labour in a country, with its story."""
    told = ArticleStory(id=story, event="grown", articles=2, sources=2, growth=Growth(now=1, life=1), first_seen_at=at)
    return Tagged(
        id=digest(f"trend-{number}"),
        fetch_id=f"{digest(f'trend-{number}')}:{number}",
        source=f"s{number % 53}.example",
        title=title,
        text="",
        fetched_at=at,
        published_at=at,
        language="en",
        extractor="given",
        regions=[Region(country=country, code=country, level="country", name=country, role="about", score=1.0)],
        topics=[NewsTopic(id="medtop:09000000", label="labour", level=1, score=1.0, method="words")],
        story=told,
    )


def stream(end: datetime) -> Iterator[Tagged]:
    """Yield quiet days of all countries, and at their end hours of a strike in one."""
    begun = end - timedelta(days=DAYS, hours=HOURS)
    number = 0
    for hour in range(24 * DAYS + HOURS):
        at = begun + timedelta(hours=hour)
        for place, country in enumerate(COUNTRIES * 2):
            number += 1
            yield article(
                number, at + timedelta(minutes=place * 2), country, f"Talks {number} in {country}", f"en-{number}"
            )
        if hour >= 24 * DAYS:
            for minute in range(EACH):
                number += 1
                moment = at + timedelta(minutes=24 + minute)
                yield article(number, moment, "NO", f"Pilots of ship {number}: {PHRASE} walk out", "en-strike")


async def feed(settings: Settings, articles: list[Tagged]) -> None:
    """Write articles to the one partition that trends reads, each with its own time."""
    async with producing(settings.kafka) as producer:
        for each in articles:
            headers = header_list(each.fetch_id, each.source, "test")
            stamp = int(each.fetched_at.timestamp() * 1000)
            await producer.send(
                STORIED.name, encode(each), key=each.id.encode(), partition=0, timestamp_ms=stamp, headers=headers
            )
        await producer.flush()


async def trends_of(settings: Settings) -> dict[str, Seen]:
    """Return what stands on `news.trends`, by the trend."""
    found: dict[str, Seen] = {}
    async for message in read_all(settings.kafka, [TRENDS.name]):
        trend = decode(message.value or b"", Trend)
        before = found.get(trend.id, Seen(set(), 0))
        event = dict(message.headers)["ce_id"]
        assert event is not None
        found[trend.id] = Seen(before.events | {event.decode()}, max(before.most, trend.count))
    return found


def settled(workers: list[Worker]) -> float:
    """Return how many articles the workers that run have counted, or known already."""
    names = "wirewatch_articles_total", 'step="trends"'
    return sum(
        value
        for worker in workers
        if worker.runs
        for name, value in worker.metrics().items()
        if all(part in name for part in names)
    )


async def run(settings: Settings, folder: Path, articles: list[Tagged], kills: int) -> dict[str, Seen]:
    """Return the trends of a run on a Kafka of its own, of two workers of which in turns one is killed."""
    chance = random.Random(kills)
    with RealKafka() as kafka:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        quiet = next(place for place, each in enumerate(articles) if PHRASE in each.title)
        await feed(settings, articles[:quiet])
        with (
            worker_on(kafka.bootstrap, folder / "a.log", steps="trends") as a,
            worker_on(kafka.bootstrap, folder / "b.log", steps="trends") as b,
        ):
            for worker in (a, b):
                worker.ready(120)
            assert wait_for(lambda: settled([a, b]) >= quiet, 120)
            burst, share = articles[quiet:], len(articles[quiet:]) // (kills + 1)
            for turn in range(kills + 1):
                await feed(settings, burst[turn * share :][: share if turn < kills else None])
                time.sleep(chance.uniform(0.0, 0.5))
                if turn < kills:
                    worker = (a, b)[turn % 2]
                    worker.kill()
                    worker.start()
                    worker.ready(120)
            assert wait_for(lambda: lag(a) == lag(b) == 0, 120)
            time.sleep(3.0)
        return await trends_of(settings)


def lag(worker: Worker) -> float:
    """Return how many articles wait for a worker."""
    return worker.metrics().get('wirewatch_step_lag_messages{step="trends"}', 1.0)


@pytest.mark.timeout(900)
async def test_a_burst_is_the_same_however_often_its_worker_dies(settings: Settings, tmp_path: Path) -> None:
    """The same trends, each of their records once, with as many articles as an undisturbed worker counts."""
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    articles = list(stream(end))
    runs = []
    for kills in (0, KILLS):
        folder = tmp_path / str(kills)
        folder.mkdir()
        runs.append(await run(settings, folder, articles, kills))
    undisturbed, disturbed = runs
    assert any(name.startswith("NO:") for name in undisturbed)
    assert undisturbed.keys() == disturbed.keys()
    for name, seen in undisturbed.items():
        assert disturbed[name].events == seen.events, name
        assert disturbed[name].most == seen.most, name
