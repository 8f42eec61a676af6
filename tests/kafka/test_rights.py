"""Rights that a worker's user does not have on a Kafka with ACLs: named by health, lossless, and mended without a restart."""

import asyncio
import re
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AclOperation, ResourceType  # type: ignore[attr-defined]

import streams.waits
from agents.watch.language.parse import parse
from agents.watch.records import Watch
from streams.errors import BrokerError
from streams.kafka.admin import create_topics
from streams.kafka.clients import require_topics
from streams.kafka.reading import read_all
from streams.records import WatchRecord
from streams.settings import Settings
from streams.topics import CLEAN, RAW, TAGGED, TOPICS
from tests.support.flow import forked_worker_on, load, make_topics, news, settled
from tests.support.hooks import SECRET, Hook, settings_file
from tests.support.real_cluster import USER, RealCluster
from tools.rights_table import WORKER, rights_of
from wirewatch.cli import main
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS
from wirewatch.watches import topic as watch_topic

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


def said(kafka: RealCluster, words: str, user: str) -> str:
    """Run a command as a user; return its error as one line."""
    environ = {f"WIREWATCH_KAFKA_{name.upper()}": value for name, value in kafka.sasl(user).items()}
    done = CliRunner().invoke(main, words.split(), env=environ)
    assert done.exit_code == 3
    return " ".join(done.stderr.split())


async def test_each_step_runs_with_the_rights_of_its_row(settings: Settings, tmp_path: Path) -> None:
    """A user for each step, with no other right (docs/deploying.md): everything arrives, and no log speaks of rights."""
    names = [name for name in STEPS if name not in ("fetch", "digest", "archive")]  # these have nothing to do here
    with RealCluster(1, 1, users=names) as kafka, Hook() as hook, ExitStack() as running:
        settings.kafka.bootstrap, settings.kafka.partitions = kafka.bootstrap, 2
        await make_topics(settings)
        watch = WatchRecord(name="everything", query='"people from"', receivers=["desk"], backfill=True)
        await watch_topic.put(settings, [Watch(record=watch, query=parse(watch.query))])
        config = tmp_path / "wirewatch.toml"
        config.write_text(settings_file({"desk": hook}, "first_wait_seconds = 0.5\n"))
        for name in names:
            own = rights_of(STEPS[name])
            topics = {
                AclOperation.READ: own.read | WORKER.read,
                AclOperation.WRITE: own.write | WORKER.write,
                AclOperation.DESCRIBE: [RAW.name],
            }
            kafka.allow(name, ResourceType.TOPIC, topics)
            kafka.allow(name, ResourceType.GROUP, {AclOperation.READ: [f"wirewatch-{name}"]})
            environ = {f"WIREWATCH_KAFKA_{key.upper()}": value for key, value in kafka.sasl(name).items()}
            environ |= {"HOOK_SECRET": SECRET, "WIREWATCH_WORKER_PROCESSES": "1"}
            log = tmp_path / f"{name}.log"
            running.enter_context(
                forked_worker_on(kafka.sasl_bootstrap, log, steps=name, config=config, environ=environ)
            )
        await load(settings, news(6))
        account = await settled(settings, 120)
        assert account.settled and account.fetches == 6
        async with asyncio.timeout(60):
            while len(hook.ids) < 6:
                await asyncio.sleep(0.2)
        logs = "".join((tmp_path / f"{name}.log").read_text() for name in names)
        assert not re.findall(r".*(?:the right|[Aa]uthoriz).*", logs)


def test_commands_name_the_right_that_is_missing(settings: Settings) -> None:
    """Who has none is told which; of topics that may not be seen nobody says that they are missing."""
    with RealCluster(1, 1) as kafka:
        assert "could not be made: our user needs the right Create on it" in said(kafka, "topics create", USER)
        settings.kafka.bootstrap = kafka.bootstrap
        asyncio.run(make_topics(settings))
        assert f"does not show us {TAGGED.name}: our user needs the right Describe" in said(
            kafka, "tail news.tagged", USER
        )
        kafka.allow(USER, ResourceType.TOPIC, {AclOperation.READ: TOPICS})
        for words in ("audit", "top --once"):
            assert "does not show us the group wirewatch-" in said(kafka, words, USER)
        assert "lets our user write to no topic: it needs the right Write" in said(kafka, "watches remove oil", USER)
