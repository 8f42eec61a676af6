"""The same copies are found however many workers share the work, and however often one of them is killed."""

import contextlib
import random
import time
from pathlib import Path
from typing import Any

import pytest

from streams.settings import Settings
from tests.support.flow import load, make_topics, news, settled, tables, worker_on
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

ARTICLES = 1_200


async def run(settings: Settings, folder: Path, workers: int, kills: int = 0) -> dict[str, dict[str, Any]]:
    """Return the output tables of a run with so many workers, the first of them killed so many times."""
    with RealKafka() as kafka, contextlib.ExitStack() as stack:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        await load(settings, news(ARTICLES, seed=11))
        dice = random.Random(kills)
        logs = [folder / f"{workers}-{kills}-{number}.log" for number in range(workers)]
        options = {"worker_processes": "1", "dedup_order_wait_seconds": "900"}  # a busy machine starts workers slowly
        running = [stack.enter_context(worker_on(kafka.bootstrap, log, **options)) for log in logs]
        for _ in range(kills):
            running[0].ready(120)
            time.sleep(dice.uniform(0.2, 2.0))
            running[0].kill()
            running[0].start()
        account = await settled(settings, 240)
        assert account.settled, account
        assert account.fetches == ARTICLES
        return await tables(settings)


async def test_the_groups_are_the_same(settings: Settings, tmp_path: Path) -> None:
    """With 1, 2 and 4 workers, and with one of two killed four times, every article has the same verdict."""
    one = await run(settings, tmp_path, 1)
    assert len(one["news.duplicates"]) > 100
    for workers, kills in ((2, 0), (4, 0), (2, 4)):
        other = await run(settings, tmp_path, workers, kills)
        for topic in ("news.duplicates", "news.unique"):
            assert other[topic] == one[topic], (workers, kills, topic)
