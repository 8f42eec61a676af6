"""A leader of a partition that does not have its latest messages: what is written there since is read, and it is told."""

import asyncio
import math
import os
import signal
from pathlib import Path

import pytest
from confluent_kafka.admin import NewTopic  # type: ignore[attr-defined]

import wirewatch.folders.synced
from agents.watch.settings import WatchSettings
from streams.kafka.admin import administering, committed, topics_of
from streams.kafka.clients import producing
from streams.kafka.producer import KafkaPublisher
from streams.kafka.reading import read_all
from streams.message import Change
from streams.records import Raw
from streams.settings import Settings
from streams.topics import ALERTS, CLEAN, POLLS, RAW, TOPICS, WATCHES, KafkaTopic
from streams.worker.state import StateLog
from tests.support.alerts import alert
from tests.support.alerts import put as put_alerts
from tests.support.flow import Worker, forked_worker_on, load, make_topics, news
from tests.support.real_cluster import RealCluster
from wirewatch.folders.watches import WatchFolder
from wirewatch.http.server import WebApp, serving
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS

pytestmark = pytest.mark.kafka

ARTICLES = 60
#: For somebody who would rather lose messages than wait: a broker that is behind may lead.
UNCLEAN = {"unclean.leader.election.enable": "true"}
OPTIONS = {"min.insync.replicas": "1", "auto.leader.rebalance.enable": "false"}


async def cleaned(settings: Settings, count: int) -> None:
    """Wait until so many articles are on news.clean."""
    while len({message.key async for message in read_all(settings.kafka, [CLEAN.name])}) < count:
        await asyncio.sleep(0.3)


async def until_leader(kafka: RealCluster, topic: str, number: int) -> None:
    """Wait until a broker leads a topic."""
    while await asyncio.to_thread(kafka.leader, topic) != number:
        await asyncio.sleep(0.2)


async def put(settings: Settings, names: str) -> None:
    """Write states."""
    async with producing(settings.kafka) as producer:
        await KafkaPublisher("test", producer).publish([Change(POLLS, 0, name, b"x") for name in names])


async def make_on_two(kafka: RealCluster, settings: Settings, *topics: KafkaTopic) -> None:
    """Make all topics, these on the second and the third broker, either of which may lead."""
    kept = [
        NewTopic(each.name, num_partitions=1, replica_assignment=[[2, 3]], config=each.config() | UNCLEAN)
        for each in topics
    ]
    for done in kafka.admin.create_topics(kept).values():
        done.result()
    await make_topics(settings)
    async with administering(settings.kafka) as admin:  # whichever of them the next command asks has them all
        assert not [number for number in kafka.brokers if set(TOPICS) - await topics_of(admin, number, ())]


async def lose(
    kafka: RealCluster, settings: Settings, worker: Worker, state: StateLog, articles: list[Raw], *, frozen: bool
) -> None:
    """Let a worker read twenty articles, of which ten are on one broker alone, and that broker be lost; the same with states.

    The worker is frozen meanwhile, or awake.
    """
    ahead, behind = kafka.brokers[2], kafka.brokers[3]
    await load(settings, articles[:10])
    await put(settings, "ab")
    await cleaned(settings, 10)
    await asyncio.to_thread(behind.kill)
    await load(settings, articles[10:20])
    await put(settings, "c")
    await state.catch_up(None)
    await cleaned(settings, 20)
    group = STEPS["clean"].group(settings)
    while sum((await committed(settings.kafka, group, RAW.name)).values()) < 20:
        await asyncio.sleep(0.2)
    if frozen:
        os.kill(worker.pid, signal.SIGSTOP)
    await asyncio.to_thread(ahead.kill)
    behind.launch()
    for topic in (RAW, POLLS):
        await until_leader(kafka, topic.name, 3)


@pytest.mark.parametrize("frozen", [True, False])
async def test_what_is_written_over_lost_messages_is_read(settings: Settings, tmp_path: Path, frozen: bool) -> None:
    """The partition has grown beyond the old position before the worker sees it, or has not: it reads from the new end on."""
    with RealCluster(3, 1, **OPTIONS) as kafka:
        settings.kafka.bootstrap, settings.kafka.partitions, settings.kafka.replication = kafka.bootstrap, 1, 3
        await make_on_two(kafka, settings, RAW, POLLS)
        articles = [*{each.url or "": each for each in news(ARTICLES, seed=5)}.values()]
        log = tmp_path / "worker.log"
        read: list[str] = []
        state = StateLog(settings.kafka, POLLS, lambda topic, key, value: read.append(key))
        async with asyncio.timeout(180):
            with forked_worker_on(kafka.bootstrap, log, steps="clean", worker_processes="1") as worker:
                await lose(kafka, settings, worker, state, articles, frozen=frozen)
                await load(settings, articles[20:])
                await put(settings, "de")
                await state.catch_up(None)
                assert read == [*"abc", *"abde"]
                if frozen:
                    os.kill(worker.pid, signal.SIGCONT)
                await cleaned(settings, len(articles))
    assert "Kafka has lost the 10 messages from offset 10 on" in log.read_text()


async def watches_in_force(settings: Settings) -> set[bytes | None]:
    """Return the names of the watches on the topic."""
    return {message.key async for message in read_all(settings.kafka, [WATCHES.name]) if message.value}


async def until_watches(settings: Settings, *names: bytes) -> None:
    """Wait until these watches are on the topic."""
    while await watches_in_force(settings) != {*names}:
        await asyncio.sleep(0.2)


async def test_watches_and_feeds_get_over_lost_messages(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder's watch that Kafka has lost is put again, and alerts in the place of lost ones are shown, without a restart."""
    monkeypatch.setattr(wirewatch.folders.synced, "METADATA_SECONDS", math.inf)
    settings[WatchSettings].folder = str(tmp_path)
    settings.worker.http_port = 0
    with RealCluster(3, 1, **OPTIONS) as kafka:
        settings.kafka.bootstrap, settings.kafka.partitions, settings.kafka.replication = kafka.bootstrap, 1, 3
        await make_on_two(kafka, settings, WATCHES, ALERTS)
        (tmp_path / "oil.toml").write_text('[[watch]]\nname = "oil"\nquery = "oil"\n')
        service = Service(settings, [], new_metrics())
        web_app = WebApp(service)
        folder = asyncio.ensure_future(service.keep_going("watch.folder", WatchFolder(settings, new_metrics()).run))
        async with asyncio.timeout(180), serving(web_app):
            async with producing(settings.kafka) as producer:
                await until_watches(settings, b"oil")
                await put_alerts(producer, alert(1), alert(2))
                await asyncio.to_thread(kafka.brokers[3].kill)
                (tmp_path / "gas.toml").write_text('[[watch]]\nname = "gas"\nquery = "gas"\n')
                await until_watches(settings, b"oil", b"gas")
                await put_alerts(producer, alert(3))
                while len(web_app.feed) < 3:
                    await asyncio.sleep(0.2)
                await asyncio.to_thread(kafka.brokers[2].kill)
            kafka.brokers[3].launch()
            for topic in (WATCHES, ALERTS):
                await until_leader(kafka, topic.name, 3)
            monkeypatch.setattr(wirewatch.folders.synced, "METADATA_SECONDS", 0.2)
            async with producing(settings.kafka) as producer:
                await put_alerts(producer, *(alert(number) for number in range(4, 10)))
            await until_watches(settings, b"oil", b"gas")
            while len(web_app.feed) < 9:
                await asyncio.sleep(0.2)
        folder.cancel()
        await asyncio.wait([folder])
