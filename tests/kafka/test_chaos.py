"""Nothing is lost and nothing differs when a worker is killed."""

import random
import time
from pathlib import Path

import pytest

from streams.settings import Settings
from tests.support.flow import load, make_topics, news, settled, tables, worker_on
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

ARTICLES = 5_000
KILLS = 4


async def test_four_kills_change_nothing(settings: Settings, tmp_path: Path) -> None:
    """5,000 articles with four kills at random moments give an undisturbed run's results, and the accounts balance."""
    results = []
    for kills in (0, KILLS):
        with RealKafka() as kafka:
            settings.kafka.bootstrap = kafka.bootstrap
            await make_topics(settings)
            assert await load(settings, news(ARTICLES)) == ARTICLES
            log = tmp_path / f"worker-{kills}.log"
            dice = random.Random(kills)
            with worker_on(kafka.bootstrap, log) as worker:
                for _ in range(kills):
                    worker.ready()
                    time.sleep(dice.uniform(0.5, 4.0))
                    worker.kill()
                    worker.start()
                account = await settled(settings, 400)
            print(account)
            assert account.settled, account
            assert account.fetches == ARTICLES
            results.append(await tables(settings))
    undisturbed, disturbed = results
    for topic, table in undisturbed.items():
        assert disturbed[topic] == table, topic
