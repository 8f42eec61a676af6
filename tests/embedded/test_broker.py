"""The embedded broker, and an app on it."""

import asyncio

import pytest

from streams.kafka.apps import new_app
from streams.kafka.clients import consuming, partitions_of, producing
from streams.kafka.embedded import PARTITIONS, EmbeddedBroker
from streams.kafka.engine import StepApp
from streams.kafka.lag import positions
from streams.settings import Settings
from streams.topics import RAW, TAGGED


async def joined(app: StepApp) -> set[int]:
    """Start an app; return the partitions that it is given."""
    await app.start()
    while not positions(app)[0]:
        await asyncio.sleep(0.01)
    return positions(app)[0]


async def test_an_app_subscribes_once_and_has_all_partitions(settings: Settings) -> None:
    """The subscription at the start has the step's topic, and the only member of a group is given all of it."""
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        app = new_app("group", settings, [RAW.name])
        found = await asyncio.wait_for(joined(app), 120)
        # what is subscribed to too early is asked for anew
        asked_again = app.topics._subscription_changed.is_set()  # type: ignore[attr-defined]
        await app.stop()

    assert found == set(range(PARTITIONS))
    assert not asked_again


async def test_a_question_makes_no_topic(settings: Settings) -> None:
    """This broker makes the topics that it is asked for, as Kafka does out of the box; ours do not ask it to."""
    with EmbeddedBroker(topics=()) as broker:
        settings.kafka.bootstrap = broker.bootstrap
        for there in (0, 0, PARTITIONS):
            if there:
                broker.make(RAW.name)
            async with consuming(settings.kafka) as consumer:
                assert len(await partitions_of(consumer, RAW.name)) == there


async def test_topics_are_made_together(settings: Settings) -> None:
    """One question makes several, each with as many partitions."""
    with EmbeddedBroker(topics=()) as broker:
        settings.kafka.bootstrap = broker.bootstrap
        broker.make(RAW.name, TAGGED.name)
        async with consuming(settings.kafka) as consumer:
            made = [len(await partitions_of(consumer, topic.name)) for topic in (RAW, TAGGED)]

    assert made == [PARTITIONS, PARTITIONS]


async def test_two_brokers_have_nothing_in_common(settings: Settings) -> None:
    """Each has a port and messages of its own, and neither is there when it has ended."""
    with EmbeddedBroker() as one, EmbeddedBroker() as other:
        settings.kafka.bootstrap = one.bootstrap
        async with producing(settings.kafka) as producer:
            sent = [await producer.send_and_wait(RAW.name, b"x", partition=0) for _ in range(2)]
        settings.kafka.bootstrap = other.bootstrap
        async with producing(settings.kafka) as producer:
            apart = await producer.send_and_wait(RAW.name, b"x", partition=0)

        host, port = one.bootstrap.split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        await writer.wait_closed()

    assert [record.offset for record in sent] == [0, 1]
    assert apart.offset == 0
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(host, int(port))
