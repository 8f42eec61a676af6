"""Digests on a real Kafka: each is sent once for its moment, whatever dies meanwhile."""

import random
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.events import header_list
from streams.kafka.clients import producing
from streams.kafka.reading import read_all
from streams.records import Delivery, Digest, decode, encode
from streams.settings import Settings
from streams.topics import DELIVERIES, DIGEST_STATES, DIGESTS, SHELVED
from tests.agents.digest.test_digest import story
from tests.support.flow import make_topics, worker_on
from tests.support.hooks import SECRET, Hook, settings_file
from tests.support.real_kafka import RealKafka
from tests.support.waiting import wait_for

pytestmark = pytest.mark.kafka

WANTED = 120
KILLS = 4


def names() -> list[str]:
    """Return the names of the digests."""
    return [f"desk-{number}" for number in range(WANTED)]


def folder_of_digests(folder: Path, clock: str) -> Path:
    """Write the digests, all due at a clock time."""
    folder.mkdir()
    tables = (f'[digest.{name}]\nat = ["{clock}"]\nreceivers = ["hook"]\n' for name in names())
    (folder / "digests.toml").write_text("\n".join(tables))
    return folder


async def fill(settings: Settings) -> None:
    """Write some stories, and that each digest was made last two days ago: a moment since then is to be made up for."""
    done = datetime.now(UTC) - timedelta(days=2)
    async with producing(settings.kafka) as producer:
        for number in range(12):
            told = story(f"ferry{number}", "a", region=f"R{number}")
            headers = header_list(told.event_id, "story", "test")
            value, key = encode(told), told.id.encode()
            await producer.send_and_wait(SHELVED.name, value, key=key, partition=0, headers=headers)
        for name in names():
            state = f"{done.isoformat()} {datetime.fromtimestamp(0, UTC).isoformat()}".encode()
            await producer.send_and_wait(DIGEST_STATES.name, state, key=f"done:{name}".encode(), partition=0)


async def test_four_kills_and_a_broker_that_restarts_send_each_digest_once(settings: Settings, tmp_path: Path) -> None:
    """Two workers die in turns, and once together with the broker: each digest is sent whole, and not after its outcome."""
    chance = random.Random(5)
    clock = (datetime.now(UTC) + timedelta(hours=12)).strftime("%H:%M")
    digests = folder_of_digests(tmp_path / "digests", clock)
    with RealKafka() as kafka, Hook(delay=0.02) as hook, ExitStack() as stack:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        await fill(settings)
        config = tmp_path / "wirewatch.toml"
        config.write_text(settings_file({"hook": hook}) + f'\n[digest]\nfolder = "{digests}"\n')
        given: dict[str, Any] = {"steps": "digest,deliver", "config": config, "environ": {"HOOK_SECRET": SECRET}}
        logs = [tmp_path / "a.log", tmp_path / "b.log"]
        workers = [stack.enter_context(worker_on(kafka.bootstrap, log, **given)) for log in logs]
        for kill in range(KILLS):
            least = kill * WANTED // (KILLS + 1)
            assert wait_for(lambda least=least: len(hook.ids) > least, 180), logs[0].read_text()[-2000:]  # type: ignore[misc]
            time.sleep(chance.uniform(0.0, 0.3))
            dying = workers if kill == 1 else [workers[kill % 2]]
            for worker in dying:
                worker.kill()
            if kill == 1:
                kafka.stop()
                kafka.start()
            for worker in dying:
                worker.start()
        assert wait_for(lambda: len(hook.ids) >= WANTED, 240), len(hook.ids)
        for worker in workers:
            worker.ready()
        await all_recorded(settings)
        made: dict[str, frozenset[str]] = {}
        async for message in read_all(settings.kafka, [DIGESTS.name]):
            digest = decode(message.value or b"", Digest)
            made[digest.id] = frozenset(told.id for section in digest.sections for told in section.stories)
        recorded: dict[str, float] = {}
        async for message in read_all(settings.kafka, [DELIVERIES.name]):
            delivery = decode(message.value or b"", Delivery)
            assert (delivery.kind, delivery.outcome) == ("digest", "delivered")
            recorded[delivery.alert_id] = min(recorded.get(delivery.alert_id, 1e12), message.timestamp / 1000)
    assert len(made) == WANTED
    assert len(set(made.values())) == 1  # all are due at one moment, and ask for the same
    assert next(iter(made.values()))
    assert {receipt.body["data"]["id"] for receipt in hook.receipts} == made.keys() == recorded.keys()
    assert [one for one in hook.receipts if one.at > recorded[one.body["data"]["id"]] + 0.05] == []


async def all_recorded(settings: Settings) -> None:
    """Wait until the outcome of every digest is published."""
    end = time.monotonic() + 120
    seen: set[str] = set()
    while len(seen) < WANTED and time.monotonic() < end:
        seen = {decode(m.value or b"", Delivery).alert_id async for m in read_all(settings.kafka, [DELIVERIES.name])}
    assert len(seen) == WANTED
