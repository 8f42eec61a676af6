"""A worker does not start on topics that are not as its steps need them, and says which."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from click.testing import CliRunner
from confluent_kafka.admin import AdminClient

from streams.errors import BrokerError
from streams.kafka.admin import create_topics
from streams.kafka.clients import client_options
from streams.settings import Settings
from streams.topics import LEDGER, REVISIONS, SKETCHED, TAGGED, TOPICS, WATCHES
from streams.worker.needs import require_steps
from streams.worker.runner import StepRunner
from tests.support.real_kafka import RealKafka, configure
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


def test_topics_are_made_like_those_beside_them(kafka: RealKafka) -> None:
    """Whatever the settings say: a step needs as many partitions of each of its topics. What does not fit is told."""
    made = CliRunner().invoke(main, ["topics", "create", "--partitions", "3", "--bootstrap", kafka.bootstrap])
    assert f"{LEDGER.name:24} made, 3 partitions\n" in made.stdout
    assert made.stderr == ""
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    for gone in admin.delete_topics([LEDGER.name, SKETCHED.name]).values():
        gone.result()
    while {LEDGER.name, SKETCHED.name} & admin.list_topics().topics.keys():
        pass
    configure(kafka, REVISIONS.name, {"cleanup.policy": "delete"})
    again = CliRunner().invoke(main, ["topics", "create", "--bootstrap", kafka.bootstrap])
    assert [line for line in again.stdout.splitlines() if "made" in line] == [
        f"{SKETCHED.name:24} made, 1 partition",
        f"{LEDGER.name:24} made, 3 partitions",
    ]
    said = " ".join(again.stderr.split())
    assert "as many partitions as those that were there, not 12" in said
    assert f"cleanup.policy=delete: {REVISIONS.name}." in said
    for gone in admin.delete_topics(list(TOPICS)).values():
        gone.result()
    while admin.list_topics().topics.keys() & TOPICS.keys():
        pass


async def test_topics_that_do_not_fit_are_named(
    settings: Settings, kafka: RealKafka, caplog: pytest.LogCaptureFixture
) -> None:
    """Missing ones, a state with other partitions than its input, more than one where one decides; smaller messages."""
    settings.kafka.bootstrap = kafka.bootstrap
    settings.worker.processes = 1
    missing = {LEDGER.name, WATCHES.name}
    await create_topics(settings.kafka, [topic for topic in TOPICS.values() if topic.name not in missing])
    assert LEDGER.name in await refusal(settings, "deliver")
    assert WATCHES.name in await refusal(settings, "match")
    admin = AIOKafkaAdminClient(**client_options(settings.kafka))
    await admin.start()
    await admin.create_partitions({REVISIONS.name: NewPartitions(7), SKETCHED.name: NewPartitions(3)})
    for _ in range(100):
        found = await admin.describe_topics([REVISIONS.name, SKETCHED.name])
        if sorted(len(each["partitions"]) for each in found) == [3, 7]:
            break
        await asyncio.sleep(0.1)
    await admin.close()
    said = await refusal(settings, "clean")
    assert f"{REVISIONS.name} has 7" in said
    assert "news.raw has 4" in said
    for step in ("sketch", "dedup"):
        assert f"the step {step} needs one partition of {SKETCHED.name}, and it has 3" in await refusal(settings, step)

    configure(kafka, TAGGED.name, {"max.message.bytes": "1048588"})
    tag = StepRunner(STEPS["tag"], settings, new_metrics(), None, AIOKafkaProducer())
    await require_steps(settings.kafka, [tag])
    assert [f"ours: {TAGGED.name} (1,048,588, not 9,437,184)." in line for line in caplog.messages] == [True]
