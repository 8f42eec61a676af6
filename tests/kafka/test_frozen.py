"""A worker that is frozen while it writes, and thaws when another has all that it had, on a real Kafka."""

import os
import signal
from pathlib import Path

import pytest

from streams.kafka.reading import read_all
from streams.settings import Settings
from streams.topics import LEDGER
from streams.worker.fence import read_owner
from tests.kafka.test_delivery import a_watch, alert_ids, unique
from tests.support.flow import load, make_topics, settled, worker_on
from tests.support.hooks import SECRET, Hook, settings_file
from tests.support.real_kafka import RealKafka
from tests.support.waiting import wait_for
from wirewatch.watches import topic as watch_topic

pytestmark = pytest.mark.kafka

ARTICLES = 400
#: Attempts of a receiver that may be on the wire, or unrecorded, when a worker is frozen: nobody can call them back.
PARALLEL = 4


async def test_a_worker_frozen_with_its_messages_on_the_way_to_kafka_has_nothing_told_twice(
    settings: Settings, tmp_path: Path
) -> None:
    """Kafka stands, so that all that the worker writes waits in its producer; then the worker stands, and Kafka goes on.

    What it writes once it thaws lies behind what the other has written. The other is killed then: the thawed worker, which
    has all partitions again, reads both.
    """
    with RealKafka() as kafka, Hook(delay=0.05) as hook:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        await watch_topic.put(settings, [a_watch("desk")])
        config = tmp_path / "wirewatch.toml"
        config.write_text(settings_file({"desk": hook}, ""))
        given = {"config": config, "environ": {"HOOK_SECRET": SECRET}, "worker_processes": "1"}
        with (
            worker_on(kafka.bootstrap, tmp_path / "a.log", **given) as first,
            worker_on(kafka.bootstrap, tmp_path / "b.log", **given) as second,
        ):
            first.ready(120)
            second.ready(120)
            await load(settings, unique(ARTICLES))
            assert wait_for(lambda: len(hook.ids) > ARTICLES // 8, 120), len(hook.ids)
            kafka.signal(signal.SIGSTOP)
            told = len(hook.receipts)
            wait_for(lambda: len(hook.receipts) > told + PARALLEL * 2, 2)
            os.kill(first.pid, signal.SIGSTOP)
            kafka.signal(signal.SIGCONT)
            assert wait_for(lambda: len(hook.ids) >= ARTICLES, 180), len(hook.ids)
            os.kill(first.pid, signal.SIGCONT)
            first.ready(120)
            account = await settled(settings, 120)
            second.kill()
            first.ready(120)
            wait_for(lambda: False, 5)  # what would be told twice comes now
        ids = await alert_ids(settings)
        late, highest = 0, dict[int, int]()
        async for message in read_all(settings.kafka, [LEDGER.name]):
            owner = read_owner(message.headers)
            assert owner is not None
            late += owner.number < highest.get(message.partition, 0)
            highest[message.partition] = max(owner.number, highest.get(message.partition, 0))
        again = len(hook.receipts) - len(hook.ids)
        print(f"{len(ids)} alerts, {again} told again, {late} entries of the ledger came late")
        assert account.settled, account
        assert hook.ids == ids
        assert again <= PARALLEL
