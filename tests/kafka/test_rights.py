"""Rights that a worker's user does not have on a Kafka with ACLs: named by health, lossless, and mended without a restart."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from confluent_kafka.admin import AclOperation, ResourceType  # type: ignore[attr-defined]

import streams.waits
from streams.errors import BrokerError
from streams.kafka.admin import create_topics
from streams.kafka.clients import require_topics
from streams.kafka.reading import read_all
from streams.settings import Settings
from streams.topics import CLEAN, RAW, TOPICS
from tests.support.flow import load, news
from tests.support.real_cluster import RealCluster
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS

pytestmark = pytest.mark.kafka


async def cleaned(settings: Settings) -> int:
    """Return how many articles are on news.clean."""
    return len({dict(message.headers)["ce_id"] async for message in read_all(settings.kafka, [CLEAN.name])})


async def test_a_right_that_is_missing_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Describe and the group at the start; then Write, and Read on the group and the topic: Kafka is not away.

    It makes topics as they are named, as it is out of the box: a question about one makes none.
    """
    monkeypatch.setattr(streams.waits, "HINDRANCE_SECONDS", 3.0)  # more than what lies between two tries
    superuser, settings.worker.processes = Settings(), 1
    with RealCluster(1, 1, **{"auto.create.topics.enable": "true"}) as kafka:
        superuser.kafka.bootstrap, superuser.kafka.partitions = kafka.bootstrap, 4
        with pytest.raises(BrokerError, match=f"has no topic {RAW.name}"):
            await require_topics(superuser.kafka, [RAW])
        assert all(made.created for made in await create_topics(superuser.kafka, TOPICS.values()))
        kafka.allow_all()
        for name, value in kafka.sasl().items():
            setattr(settings.kafka, name, value)
        clean = STEPS["clean"]

        words = f"does not show us {CLEAN.name}: our user needs the right Describe"
        with kafka.denied(ResourceType.TOPIC, CLEAN.name, AclOperation.DESCRIBE):  # noqa: SIM117 - it is needed around
            with pytest.raises(BrokerError, match=words):
                async with Service(settings, [clean], new_metrics()).running():
                    pass

        articles, service = news(3), Service(settings, [clean], new_metrics())
        async with asyncio.timeout(120), AsyncExitStack() as stack:
            with kafka.denied(ResourceType.GROUP, "wirewatch-clean", AclOperation.READ):
                started = asyncio.ensure_future(stack.enter_async_context(service.running()))
                while "and yet: clean: waits for the right Read on its group wirewatch-clean" not in caplog.text:
                    await asyncio.sleep(0.1)
                assert service.metrics.registry.get_sample_value("wirewatch_step_ready", {"step": "clean"}) == 0
            await started
            for number, (kind, name, right, words) in enumerate(
                [
                    (ResourceType.TOPIC, CLEAN.name, AclOperation.WRITE, f"{CLEAN.name}: the right Write is missing"),
                    (ResourceType.TOPIC, RAW.name, AclOperation.READ, f"the right Read on {RAW.name}"),
                    (ResourceType.GROUP, "wirewatch-clean", AclOperation.READ, "Read on its group wirewatch-clean"),
                ]
            ):
                while not service.ready:
                    await asyncio.sleep(0.1)
                with kafka.denied(kind, name, right):
                    await load(superuser, [next(articles)])
                    while words not in service.troubles.get("clean", ""):
                        assert service.kafka_up
                        await asyncio.sleep(0.1)
                while await cleaned(superuser) <= number:
                    await asyncio.sleep(0.3)
            assert service.metrics.registry.get_sample_value("wirewatch_step_restarts_total", {"step": "clean"}) == 0
