"""Three hundred kinds of poison on every topic of a real Kafka: the worker lives, articles behind it come to their alerts."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agents.watch.language.parse import parse
from agents.watch.records import Watch
from streams.records import Raw, WatchRecord
from streams.settings import Settings
from streams.topics import TOPICS
from tests.support.flow import Worker, load, make_topics, news, settled, traces, worker_on
from tests.support.hooks import SECRET, Hook, settings_file
from tests.support.own_records import with_digest
from tests.support.poison import kinds_for, write
from tests.support.real_kafka import RealKafka
from wirewatch.watches import topic as watch_topic

pytestmark = pytest.mark.kafka

QUERY = '"people from"'  # in every article that `flow.news` makes


def restarts(worker: Worker) -> float:
    """Return how often steps were started anew."""
    return sum(value for name, value in worker.metrics().items() if name.startswith("wirewatch_step_restarts_total"))


async def told(hook: Hook, articles: list[Raw], seconds: float = 180.0) -> None:
    """Wait until the webhook has been told of each article."""
    wanted = {raw.url for raw in articles}
    async with asyncio.timeout(seconds):
        while not wanted <= {receipt.body["data"]["article"]["url"] for receipt in list(hook.receipts)}:
            await asyncio.sleep(0.2)


async def test_no_kind_on_any_topic_stops_an_article(settings: Settings, tmp_path: Path) -> None:
    """Behind all kinds on all topics articles are told of, by a worker that was running and by one that starts on them."""
    good = fresh()
    with RealKafka() as kafka, Hook() as hook:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        record = WatchRecord(name="everything", query=QUERY, receivers=["desk"], backfill=True)
        await watch_topic.put(settings, [Watch(record=record, query=parse(QUERY))])
        config = tmp_path / "wirewatch.toml"
        config.write_text(settings_file({"desk": hook}) + with_digest(tmp_path / "digests"))
        environ = {"HOOK_SECRET": SECRET, "WIREWATCH_ARCHIVE_URL": f"sqlite:{tmp_path / 'history.db'}"}
        with worker_on(kafka.bootstrap, tmp_path / "worker.log", config=config, environ=environ) as worker:
            worker.ready(120)
            first = list(itertools.islice(good, 8))
            copy = msgspec.structs.replace(first[0], url="https://copy.example/1")
            await load(settings, [*first, copy, b"no record"])
            await told(hook, first)
            for topic in TOPICS.values():
                kinds = await kinds_for(settings, topic)
                refused = write(kafka.bootstrap, topic, kinds, settings.kafka.partitions)
                assert len(refused) < 20, (topic.name, refused)
                assert len(kinds) > 300, topic.name
            behind = list(itertools.islice(good, 8))
            await load(settings, behind)
            await told(hook, behind)
            assert restarts(worker) == 0
            worker.terminate()
            worker.start()  # it reads the states
            worker.ready(180)
            after = list(itertools.islice(good, 8))
            await load(settings, after)
            await told(hook, after)
            assert restarts(worker) == 0
            account = await settled(settings, 120)
            astray = [fetch for fetch, _ in (*account.missing, *account.double)]
            seen = "\n".join(await traces(settings, astray))
    assert account.missing == account.double == [], f"{account.missing} {account.double}\n{seen}"
    assert account.settled, account


def fresh() -> Iterator[Raw]:
    """Yield articles that are neither copies nor revisions."""
    return (raw for number, raw in enumerate(news(200)) if number % 10 != 9 and number % 25 != 13)
