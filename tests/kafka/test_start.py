"""A worker does not start on topics that are not as its steps need them, and says which."""

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from click.testing import CliRunner

from streams.errors import BrokerError
from streams.kafka.admin import create_topics
from streams.kafka.clients import client_options
from streams.settings import Settings
from streams.topics import LEDGER, REVISIONS, TOPICS, WATCHES
from tests.support.real_kafka import RealKafka
from wirewatch.cli import main
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS

pytestmark = pytest.mark.kafka


async def refusal(settings: Settings, *steps: str) -> str:
    """Start a worker and return why it does not start."""
    with pytest.raises(BrokerError) as caught:
        async with Service(settings, [STEPS[step] for step in steps], new_metrics()).running():
            pass
    return str(caught.value)


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("audit", "news.raw"),
        ("top --once", "news.raw"),
        ("deliveries list", "news.deliveries"),
        ("replay --dry-run", "news.dead"),
        ("replay --from tag --dry-run", "news.unique"),
    ],
)
def test_a_command_on_a_kafka_without_topics_says_so(kafka: RealKafka, words: str, topic: str) -> None:
    """An account of nothing, as on the wrong Kafka, is no good news."""
    done = CliRunner().invoke(main, [*words.split(), "--bootstrap", kafka.bootstrap])
    assert done.exit_code == 3
    assert f"has no topic {topic}: `wirewatch topics create`" in " ".join(done.stderr.split())


async def test_missing_and_unequal_topics_are_named(settings: Settings, kafka: RealKafka) -> None:
    """A state topic and a followed topic that are missing, and a state with other partitions, are refused by name."""
    settings.kafka.bootstrap = kafka.bootstrap
    settings.worker.processes = 1
    missing = {LEDGER.name, WATCHES.name}
    await create_topics(settings.kafka, [topic for topic in TOPICS.values() if topic.name not in missing])
    assert LEDGER.name in await refusal(settings, "deliver")
    assert WATCHES.name in await refusal(settings, "match")
    admin = AIOKafkaAdminClient(**client_options(settings.kafka))
    await admin.start()
    await admin.create_partitions({REVISIONS.name: NewPartitions(7)})
    for _ in range(100):
        found = await admin.describe_topics([REVISIONS.name])
        if len(found[0]["partitions"]) == 7:
            break
        await asyncio.sleep(0.1)
    await admin.close()
    said = await refusal(settings, "clean")
    assert f"{REVISIONS.name} has 7" in said
    assert "news.raw has 4" in said
