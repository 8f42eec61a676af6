"""A Kafka that answers and refuses: it costs no other message, is named, and everything goes on once it is mended."""

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import MessageSizeTooLargeError
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions  # type: ignore[attr-defined]

import streams.kafka.clients
import streams.waits
import streams.worker.state
import wirewatch.folders.synced
import wirewatch.watchdogs
from agents.watch.settings import WatchSettings
from streams.errors import BrokerError
from streams.kafka.admin import committed, create_topics
from streams.kafka.clients import client_options, consuming, partitions_of, producing
from streams.kafka.producer import KafkaPublisher
from streams.kafka.reading import read_all
from streams.message import Change, Output
from streams.settings import Settings
from streams.topics import CLEAN, DEAD, POLLS, RAW, REVISIONS, TOPICS, WATCH_STATES, WATCHES
from streams.worker.state import StateLog
from tests.support.flow import forked_worker_on, load, make_topics, news
from tests.support.memory import raw
from tests.support.real_kafka import RealKafka, configure
from wirewatch.folders.watches import WatchFolder
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS

pytestmark = pytest.mark.kafka

LARGE = os.urandom(60_000)


async def keys(settings: Settings, topic: str) -> list[bytes]:
    """Return the keys on a topic."""
    return [message.key or b"" async for message in read_all(settings.kafka, [topic])]


async def test_a_message_that_is_too_large_costs_no_other(settings: Settings, kafka: RealKafka) -> None:
    """A topic takes less than wirewatch makes: those sent together with a large message are there, and those after it."""
    settings.kafka.bootstrap = kafka.bootstrap
    await make_topics(settings)
    for topic in (CLEAN, REVISIONS):
        configure(kafka, topic.name, {"max.message.bytes": "20000"})
    async with producing(settings.kafka) as producer:
        for topic in (CLEAN, REVISIONS):
            with pytest.raises(MessageSizeTooLargeError):  # noqa: PT012 - until it is raised
                while True:  # until the broker goes by it: it says so nowhere
                    await producer.send_and_wait(topic.name, LARGE, partition=1)
                    await asyncio.sleep(0.1)

    def output(number: int, value: bytes = b"{}") -> Output:
        return Output(CLEAN, f"of-{number}", value, f"event-{number}", partition=1)

    async with asyncio.timeout(60), producing(settings.kafka, enable_idempotence=True, linger_ms=20) as producer:
        publisher = KafkaPublisher("clean", producer)
        together = [(output(number), raw(number)) for number in range(3)]
        await publisher.publish(outputs=[*together, (output(3, LARGE), raw(3)), (output(4), raw(4))])
        await publisher.publish(outputs=[(output(5), raw(5))])
        with pytest.raises(
            BrokerError, match=rf"60,000 bytes for {REVISIONS.name}.*set max\.message\.bytes of \S+ to \d+\Z"
        ):
            await publisher.publish([Change(REVISIONS, 1, "large", LARGE)])
        await publisher.publish([Change(REVISIONS, 1, "small", b"x")])

    assert [key for key in await keys(settings, CLEAN.name) if key.startswith(b"of-")] == [
        b"of-%d" % number for number in (0, 1, 2, 4, 5)
    ]
    assert b"small" in await keys(settings, REVISIONS.name)
    assert len([message async for message in read_all(settings.kafka, [DEAD.name]) if message.offset >= 0]) >= 1


async def test_partitions_that_were_added_are_named_by_health(
    settings: Settings, kafka: RealKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the worker runs: a state with other partitions than the input beside it would take nothing of some of them."""
    monkeypatch.setattr(wirewatch.watchdogs, "TOPICS_SECONDS", 0.3)
    settings.kafka.bootstrap = kafka.bootstrap
    await create_topics(settings.kafka, TOPICS.values())
    async with asyncio.timeout(40), Service(settings, [STEPS["watch"]], new_metrics()).running() as service:
        while not service.ready:
            await asyncio.sleep(0.1)
        admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        for done in admin.create_partitions([NewPartitions(WATCH_STATES.name, 9)]).values():
            done.result()
        while not service.troubles:
            await asyncio.sleep(0.1)
        assert f"{WATCH_STATES.name} has 9" in service.troubles["watch"]
        assert not service.ready
        ready = ("wirewatch_step_ready", {"step": "watch"})
        while service.metrics.registry.get_sample_value(*ready):
            await asyncio.sleep(0.1)


async def test_partitions_that_were_added_are_followed(
    settings: Settings, kafka: RealKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that follows a topic is told of records in partitions that came later."""
    monkeypatch.setattr(streams.kafka.clients, "METADATA_SECONDS", 1)
    settings.kafka.bootstrap = kafka.bootstrap
    (made,) = await create_topics(settings.kafka, [WATCH_STATES])
    found: list[str] = []
    log = StateLog(settings.kafka, WATCH_STATES, lambda topic, key, value: found.append(key))

    async def follow() -> None:
        async for _ in log.follow():
            pass

    following = asyncio.ensure_future(follow())
    async with asyncio.timeout(60), producing(settings.kafka) as producer:
        publisher = KafkaPublisher("test", producer)
        await publisher.publish([Change(WATCH_STATES, 0, "before", b"x")])
        while not found:
            await asyncio.sleep(0.1)
        added = made.partitions + 1
        admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        for done in admin.create_partitions([NewPartitions(WATCH_STATES.name, added)]).values():
            done.result()
        await producer.client.force_metadata_update()
        await publisher.publish([Change(WATCH_STATES, added - 1, "later", b"x")])
        while len(found) == 1:
            await asyncio.sleep(0.1)
    assert found == ["before", "later"]
    following.cancel()
    await asyncio.wait([following])


async def test_a_state_whose_topic_was_made_anew_is_read_from_its_beginning(
    settings: Settings, kafka: RealKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one has grown beyond the old position: whoever recovers it, or follows it, reads what lies below too."""
    monkeypatch.setattr(streams.worker.state, "METADATA_SECONDS", 0.2)
    settings.kafka.bootstrap = kafka.bootstrap
    followed: list[str] = []
    recovered: list[str] = []
    following = StateLog(settings.kafka, POLLS, lambda topic, key, value: followed.append(key))
    recovering = StateLog(settings.kafka, POLLS, lambda topic, key, value: recovered.append(key))

    async def follow() -> None:
        async for _ in following.follow():
            pass

    async def write(names: str) -> None:
        async with producing(settings.kafka) as producer:
            await KafkaPublisher("test", producer).publish([Change(POLLS, 0, name, b"x") for name in names])

    await create_topics(settings.kafka, [POLLS])
    await write("ab")
    async with asyncio.timeout(60):
        await recovering.catch_up(None)
        task = asyncio.ensure_future(follow())
        while followed != ["a", "b"]:
            await asyncio.sleep(0.1)
        await delete(settings, POLLS.name)
        await create_topics(settings.kafka, [POLLS])
        await write("cdef")
        await recovering.catch_up(None)
        assert recovered == [*"abcdef"]
        while not {*"cdef"} <= {*followed}:
            await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait([task])


async def test_watches_of_a_folder_are_put_onto_a_topic_that_was_made_anew(
    settings: Settings, kafka: RealKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in the folder is in force again while the worker runs: nobody restarts it for that."""
    monkeypatch.setattr(wirewatch.folders.synced, "METADATA_SECONDS", 0.2)
    settings.kafka.bootstrap = kafka.bootstrap
    settings[WatchSettings].folder = str(tmp_path)
    (tmp_path / "oil.toml").write_text('[[watch]]\nname = "oil"\nquery = "oil"\n')
    await create_topics(settings.kafka, [WATCHES])
    task = asyncio.ensure_future(WatchFolder(settings, new_metrics()).run())
    async with asyncio.timeout(60):
        for _ in range(2):
            while await keys(settings, WATCHES.name) != [b"oil"]:
                await asyncio.sleep(0.2)
            await delete(settings, WATCHES.name)
            await create_topics(settings.kafka, [WATCHES])
    task.cancel()
    await asyncio.wait([task])


async def delete(settings: Settings, topic: str) -> None:
    """Delete a topic, and wait until its name is free."""
    admin = AIOKafkaAdminClient(**client_options(settings.kafka))
    await admin.start()
    await admin.delete_topics([topic])
    while topic in await admin.list_topics():
        await asyncio.sleep(0.1)
    await admin.close()


async def test_a_topic_that_is_gone_is_named_by_health(
    settings: Settings, kafka: RealKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step whose outputs nobody takes is not ready, says why, and goes on once there is the topic."""
    monkeypatch.setattr(streams.waits, "HINDRANCE_SECONDS", 2.0)
    settings.kafka.bootstrap = kafka.bootstrap
    settings.worker.processes = 1
    await create_topics(settings.kafka, TOPICS.values())
    admin = AIOKafkaAdminClient(**client_options(settings.kafka))
    await admin.start()
    async with asyncio.timeout(120), Service(settings, [STEPS["clean"]], new_metrics()).running() as service:
        while not service.ready:
            await asyncio.sleep(0.1)
        await admin.delete_topics([CLEAN.name])
        await admin.close()
        await load(settings, news(1))
        while not service.troubles:
            await asyncio.sleep(0.1)
        assert f"waits for Kafka to take messages of {CLEAN.name}" in service.troubles["clean"]
        assert not service.ready
        assert service.runners["clean"].app.coordinator == kafka.bootstrap  # the log names it where it does not answer
        await create_topics(settings.kafka, [CLEAN])
        while not await keys(settings, CLEAN.name):
            await asyncio.sleep(0.5)
        while not service.ready:
            await asyncio.sleep(0.1)
        assert service.metrics.registry.get_sample_value("wirewatch_step_restarts_total", {"step": "clean"}) == 0


async def test_a_topic_that_was_made_anew_is_read_from_its_beginning(
    settings: Settings, kafka: RealKafka, tmp_path: Path
) -> None:
    """The new one has grown beyond the old position before the worker sees it: offsets of the old one say nothing of it."""
    settings.kafka.bootstrap = kafka.bootstrap
    await make_topics(settings)

    async def until_cleaned(count: int) -> None:
        while len({*await keys(settings, CLEAN.name)}) < count:
            await asyncio.sleep(0.3)

    articles = [*{each.url or "": each for each in news(100, seed=5)}.values()]
    with forked_worker_on(kafka.bootstrap, tmp_path / "worker.log", steps="clean") as worker:
        async with asyncio.timeout(120):
            await load(settings, articles[:20])
            await until_cleaned(20)
            await asyncio.sleep(2 * settings.worker.commit_interval_seconds)
            os.kill(worker.pid, signal.SIGSTOP)
            await delete(settings, RAW.name)
            await create_topics(settings.kafka, [RAW])
            await load(settings, articles[20:])
            await asyncio.sleep(7)  # its session is 6 s: it joins the group anew
            os.kill(worker.pid, signal.SIGCONT)
            await until_cleaned(len(articles))


async def test_messages_that_retention_took_unread_are_told(
    settings: Settings, kafka: RealKafka, caplog: pytest.LogCaptureFixture
) -> None:
    """A worker was away for longer than its topic keeps news: the log, a metric and an alert say how many are gone."""
    settings.kafka.bootstrap, settings.worker.processes = kafka.bootstrap, 1
    await make_topics(settings)
    articles = list(news(60))

    async def clean(expired: int) -> None:
        service, group = Service(settings, [STEPS["clean"]], new_metrics()), STEPS["clean"].group(settings)
        counted = partial(
            service.metrics.registry.get_sample_value, "wirewatch_offsets_expired_total", {"step": "clean"}
        )
        async with consuming(settings.kafka) as consumer:
            ends = await consumer.end_offsets(await partitions_of(consumer, RAW.name))
        async with service.running():
            while await committed(settings.kafka, group, RAW.name) != {at: end for at, end in ends.items() if end}:
                await asyncio.sleep(0.3)
            while counted() != expired:
                await asyncio.sleep(0.3)

    async with asyncio.timeout(120):
        await load(settings, articles[:20])
        await clean(0)
        await load(settings, articles[20:40])
        admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        ends = [TopicPartition(RAW.name, partition, -1) for partition in range(settings.kafka.partitions)]
        for done in admin.delete_records(ends).values():
            done.result()
        await load(settings, articles[40:])
        await clean(20)
    assert "were removed before they were read, by the topic's retention" in caplog.text
