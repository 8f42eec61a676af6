"""Child processes that the system kills in the midst of their work, as for want of memory, on a real Kafka."""

import contextlib
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from streams.kafka.reading import read_all
from streams.records import Dead, decode
from streams.settings import Settings
from streams.topics import DEAD
from tests.support.flow import Worker, load, make_topics, news, settled, worker_on
from tests.support.real_kafka import RealKafka
from tests.support.waiting import wait_for

pytestmark = pytest.mark.kafka

ARTICLES = 700
KILLS = 4
#: Articles that are tagged between two kills: those that were begun anew are through, or the second kill is theirs, too.
BETWEEN = 100


def cpu_seconds(worker: Worker) -> dict[int, float]:
    """Return how long each child process that has none itself has worked so far, by its id, but for those that end."""
    found = {}
    for child in psutil.Process(worker.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if not child.children():
                found[child.pid] = sum(child.cpu_times()[:2])
    return found


def kill_busiest(worker: Worker) -> None:
    """Kill the child process that has worked most of late, as the system does: it is in the midst of a chunk."""
    before = cpu_seconds(worker)
    time.sleep(0.3)
    worked = {pid: seconds - before.get(pid, seconds) for pid, seconds in cpu_seconds(worker).items()}
    os.kill(max(worked, key=lambda pid: worked[pid]), signal.SIGKILL)


def count(worker: Worker, name: str, **labels: str) -> float:
    """Return a counter of a worker, summed up over the labels that are not named."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return sum(
        value
        for each, value in worker.metrics().items()
        if each.partition("{")[0] == name and all(part in each for part in wanted)
    )


@pytest.mark.timeout(600)
async def test_killed_children_lose_nothing_and_double_nothing(settings: Settings, tmp_path: Path) -> None:
    """Whatever a killed child had is worked on again and counted so; the worker goes on, and nothing is set aside."""
    with RealKafka() as kafka:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        with worker_on(kafka.bootstrap, tmp_path / "worker.log", worker_processes="2") as worker:
            worker.ready(180)
            begun = worker.pid
            await load(settings, news(ARTICLES))
            for kill in range(KILLS):
                due = (kill + 1) * BETWEEN
                assert wait_for(lambda due=due: count(worker, "wirewatch_articles_total", step="clean") >= due, 120)  # type: ignore[misc]
                kill_busiest(worker)
            account = await settled(settings, 240)
            retries = count(worker, "wirewatch_retries_total")
            assert worker.pid == begun
            assert worker.runs
        reasons = [decode(message.value or b"", Dead).reason async for message in read_all(settings.kafka, [DEAD.name])]
    print(account, retries)
    assert (account.settled, account.fetches) == (True, ARTICLES), account
    assert (len(account.missing), len(account.double)) == (0, 0)
    assert reasons == []
    assert retries >= KILLS / 2  # a child may be killed just after its last chunk
