"""Nothing is lost and nothing differs when a worker is killed."""

import random
import time
from pathlib import Path

import pytest

from streams.settings import Settings
from tests.support.flow import load, make_topics, news, settled, tables, worker_on
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

ARTICLES = 2_500
KILLS = 4
#: Nobody is given up: a machine that is busy with others takes longer to start a worker than the step waits by itself, and
#: what is then decided without waiting differs, as it should.
WAIT_SECONDS = 900


@pytest.mark.timeout(1_800)
async def test_four_kills_change_nothing(settings: Settings, tmp_path: Path) -> None:
    """2,500 articles with four kills at random moments give an undisturbed run's results, and the accounts balance."""
    results = []
    for kills in (0, KILLS):
        with RealKafka() as kafka:
            settings.kafka.bootstrap = kafka.bootstrap
            await make_topics(settings)
            assert await load(settings, news(ARTICLES)) == ARTICLES
            log = tmp_path / f"worker-{kills}.log"
            dice = random.Random(kills)
            waited_in_vain = 0.0
            with worker_on(kafka.bootstrap, log, dedup_order_wait_seconds=str(WAIT_SECONDS)) as worker:
                for _ in range(kills):
                    worker.ready()
                    time.sleep(dice.uniform(0.5, 4.0))
                    waited_in_vain += worker.metrics()["wirewatch_order_timeouts_total"]
                    worker.kill()
                    worker.start()
                account = await settled(settings, WAIT_SECONDS)
                worker.ready()  # all may have been settled before the last one started
                waited_in_vain += worker.metrics()["wirewatch_order_timeouts_total"]
            print(account)
            assert not waited_in_vain
            assert account.settled, account
            assert account.fetches == ARTICLES
            results.append(await tables(settings))
    undisturbed, disturbed = results
    for topic, table in undisturbed.items():
        assert disturbed[topic] == table, topic
