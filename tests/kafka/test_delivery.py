"""Alerts reach their receivers on a real Kafka: none lost, none told twice when workers die, none held up by another."""

import random
import time
from pathlib import Path

import pytest

from agents.watch.language.parse import parse
from agents.watch.records import Watch
from streams.kafka.reading import read_all
from streams.records import Alert, Delivery, Raw, WatchRecord, decode
from streams.settings import Settings
from streams.topics import ALERTS, DELIVERIES
from tests.support.flow import Worker, load, make_topics, news, worker_on
from tests.support.hooks import SECRET, Hook, settings_file
from tests.support.real_kafka import RealKafka
from tests.support.waiting import wait_for
from wirewatch.cli import deliveries as delivering
from wirewatch.watches import topic as watch_topic

pytestmark = pytest.mark.kafka

ALERTS_WANTED = 500
KILLS = 4
QUERY = '"people from"'  # in every article that `flow.news` makes


def a_watch(*receivers: str, name: str = "everything") -> Watch:
    """Return a watch that every article matches."""
    record = WatchRecord(name=name, query=QUERY, receivers=list(receivers), backfill=True)
    return Watch(record=record, query=parse(QUERY))


def unique(count: int) -> list[Raw]:
    """Return so many articles that are neither copies nor revisions."""
    return [raw for number, raw in enumerate(news(count * 2)) if number % 10 != 9 and number % 25 != 13][:count]


async def alert_ids(settings: Settings) -> set[str]:
    """Return the ids on news.alerts."""
    return {decode(m.value or b"", Alert).id async for m in read_all(settings.kafka, [ALERTS.name])}


def with_receivers(kafka: RealKafka, folder: Path, hooks: dict[str, Hook], extra: str = "") -> Worker:
    """Return a worker that knows these receivers."""
    config = folder / "wirewatch.toml"
    config.write_text(settings_file(hooks, extra))
    return worker_on(kafka.bootstrap, folder / "worker.log", config=config, environ={"HOOK_SECRET": SECRET})


async def test_four_kills_lose_no_alert_and_tell_none_twice(settings: Settings, tmp_path: Path) -> None:
    """500 alerts, four kills: each id at the receiver, none sent again once its outcome was recorded."""
    dice = random.Random(4)
    with RealKafka() as kafka, Hook(delay=0.01) as hook:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        await watch_topic.put(settings, [a_watch("desk")])
        await load(settings, unique(ALERTS_WANTED))
        with with_receivers(kafka, tmp_path, {"desk": hook}) as worker:
            for kill in range(KILLS):
                # while alerts are on their way: after some have come, before the last
                assert wait_for(lambda k=kill: len(hook.ids) > k * ALERTS_WANTED // (KILLS + 1), 120)  # type: ignore[misc]
                time.sleep(dice.uniform(0.0, 0.3))
                worker.kill()
                worker.start()
            assert wait_for(lambda: len(hook.ids) >= ALERTS_WANTED, 180), len(hook.ids)
            worker.ready()
            time.sleep(3)  # what would be sent twice comes now
        ids = await alert_ids(settings)
        recorded: dict[str, float] = {}
        outcomes: dict[str, str] = {}
        async for message in read_all(settings.kafka, [DELIVERIES.name]):
            delivery = decode(message.value or b"", Delivery)
            outcomes[delivery.alert_id] = delivery.outcome
            recorded[delivery.alert_id] = min(recorded.get(delivery.alert_id, 1e12), message.timestamp / 1000)
        again = len(hook.receipts) - len(hook.ids)
        print(f"{len(ids)} alerts, {len(hook.receipts)} requests, {again} of them before an outcome was recorded")
        assert len(ids) == ALERTS_WANTED
        assert hook.ids == ids
        assert set(outcomes) == ids
        assert set(outcomes.values()) == {"delivered"}
        assert [r for r in hook.receipts if r.at > recorded[r.webhook_id] + 0.05] == []


async def test_receivers_that_hang_or_fail_delay_no_other(settings: Settings, tmp_path: Path) -> None:
    """One receiver hangs, one answers 500: the third has all of its alerts while the others still have none."""
    with RealKafka() as kafka, Hook(hang=True) as hanging, Hook(status=500) as failing, Hook() as good:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        hooks = {"hanging": hanging, "failing": failing, "good": good}
        await watch_topic.put(settings, [a_watch(*hooks)])
        slow = "timeout_seconds = 60\nfirst_wait_seconds = 0.2\nmax_attempts = 3\n"
        with with_receivers(kafka, tmp_path, hooks, slow) as worker:
            worker.ready()
            await load(settings, unique(100))
            assert wait_for(lambda: len(good.ids) == 100, 60), len(good.ids)
            assert len(hanging.receipts) <= 4
            assert wait_for(lambda: len(failing.receipts) > 3, 60)
        delivered = await delivering.read(settings, ["good"])
        assert {one.outcome for one in delivered.latest} == {"delivered"}
        assert len(delivered.latest) == 100


async def test_dead_alert_is_sent_again_only_when_asked(settings: Settings, tmp_path: Path) -> None:
    """After its attempts an alert is dead; `deliveries retry` sends it again, and nothing that was delivered."""
    with RealKafka() as kafka, Hook(status=500) as failing, Hook() as good:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        await watch_topic.put(settings, [a_watch("failing", "good")])
        quick = "first_wait_seconds = 0.1\nmax_attempts = 2\n"
        with with_receivers(kafka, tmp_path, {"failing": failing, "good": good}, quick) as worker:
            worker.ready()
            await load(settings, unique(3))
            assert wait_for(lambda: len(failing.receipts) == 6, 60), len(failing.receipts)
            assert wait_for(lambda: len(good.receipts) == 3, 10)
            failing.status = 200
            time.sleep(1)
            found = await delivering.read(settings)
            dead = [one for one in found.latest if one.outcome == "dead"]
            assert {one.receiver for one in dead} == {"failing"}
            assert await delivering.retry(settings, dead) == (3, [])
            assert wait_for(lambda: len(failing.receipts) == 9, 60), len(failing.receipts)
            time.sleep(1)
        after = await delivering.read(settings)
        assert {(one.receiver, one.outcome) for one in after.latest} == {
            ("failing", "delivered"),
            ("good", "delivered"),
        }
        assert len(good.receipts) == 3
        assert {one.attempt for one in after.latest if one.receiver == "failing"} == {3}
