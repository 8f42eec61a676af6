"""A leader of a partition that does not have its latest messages: what is written there since is read, and it is told."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from confluent_kafka.admin import NewTopic  # type: ignore[attr-defined]

from streams.kafka.admin import committed
from streams.kafka.clients import producing
from streams.kafka.producer import KafkaPublisher
from streams.kafka.reading import read_all
from streams.message import Change
from streams.records import Raw
from streams.settings import Settings
from streams.topics import CLEAN, POLLS, RAW
from streams.worker.state import StateLog
from tests.support.flow import Worker, forked_worker_on, load, make_topics, news
from tests.support.real_cluster import RealCluster
from wirewatch.steps import STEPS

pytestmark = pytest.mark.kafka

ARTICLES = 60
#: For somebody who would rather lose messages than wait: a broker that is behind may lead.
UNCLEAN = {"unclean.leader.election.enable": "true"}


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
    options = {"min.insync.replicas": "1", "auto.leader.rebalance.enable": "false"}
    with RealCluster(3, 1, **options) as kafka:
        settings.kafka.bootstrap, settings.kafka.partitions, settings.kafka.replication = kafka.bootstrap, 1, 3
        kept = [
            NewTopic(topic.name, num_partitions=1, replica_assignment=[[2, 3]], config=topic.config() | UNCLEAN)
            for topic in (RAW, POLLS)
        ]
        for done in kafka.admin.create_topics(kept).values():
            done.result()
        await make_topics(settings)
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
