"""The words of a worker on its Kafka."""

import asyncio
import itertools
from pathlib import Path

import orjson
import pytest
from aiohttp.test_utils import make_mocked_request
from prometheus_client import generate_latest

from streams.errors import BrokerAway
from streams.settings import Settings
from tests.support.cgroups import tree
from wirewatch.http.health import HealthRoutes
from wirewatch.metrics import new_metrics
from wirewatch.service import AWAY_WAIT_SECONDS, FIRST_WAIT_SECONDS, GrowingWait, Service
from wirewatch.steps import STEPS
from wirewatch.watchdogs import no_answer, watch_memory

CLUSTER = "a.example:9092,b.example:9092,c.example:9092"


def test_the_broker_that_does_not_answer_is_named() -> None:
    """The brokers of a cluster that steps wait for, and the steps; one address stands for itself."""
    assert no_answer("localhost:9092", {"clean": "localhost:9092", "tag": "localhost:9092"}, 2) == (
        "Kafka at localhost:9092 does not answer; all steps wait for it"
    )
    assert no_answer(CLUSTER, {"clean": "b.example:9092"}, 3) == (
        f"Kafka at {CLUSTER}: the broker b.example:9092 does not answer; clean waits"
    )
    assert no_answer(CLUSTER, {"clean": "b.example:9092", "tag": "a.example:9092"}, 3) == (
        f"Kafka at {CLUSTER}: the brokers a.example:9092, b.example:9092 do not answer; clean, tag wait"
    )
    assert no_answer(CLUSTER, {"clean": CLUSTER}, 1) == f"Kafka at {CLUSTER} does not answer; all steps wait for it"


def test_a_worker_that_starts_shows_its_steps() -> None:
    """Its models load, or it waits for Kafka: who looks meanwhile must not be told that nobody runs them."""
    service = Service(Settings(), [STEPS["clean"], STEPS["tag"]], new_metrics())
    shown = generate_latest(service.metrics.registry).decode()
    assert 'wirewatch_step_ready{step="clean"} 0.0' in shown
    assert 'wirewatch_step_ready{step="tag"} 0.0' in shown


def test_a_step_that_kafka_leaves_alone_does_not_wait_longer_each_time() -> None:
    """After an outage of an hour it would stand for a minute, and the worker would not be ready."""
    waits = GrowingWait()
    assert {waits.next(BrokerAway("Kafka does not answer")) for _ in range(9)} == {AWAY_WAIT_SECONDS}
    assert [waits.next(RuntimeError("its own")) for _ in range(3)] == [n * FIRST_WAIT_SECONDS for n in (1, 2, 4)]


async def test_a_memory_limit_that_is_too_small_is_named_in_log_and_health(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The system kills the processes that load the models, again and again, and the worker does not get ready."""
    monkeypatch.setattr("wirewatch.watchdogs.LOOK_SECONDS", 0.01)
    group = tmp_path / "sys/fs/cgroup"
    root = tree(tmp_path, "0::/\n", {"sys/fs/cgroup/memory.max": f"{350 << 20}\n"})
    (group / "memory.current").write_text(f"{300 << 20}\n")
    (group / "memory.stat").write_text("inactive_file 0\n")
    (group / "memory.events").write_text("oom_kill 5\n")  # those of former workers
    service = Service(Settings(), [STEPS["clean"]], new_metrics())
    health = HealthRoutes(service)
    watching = asyncio.ensure_future(watch_memory(service, root))
    async with asyncio.timeout(20):
        for kills in itertools.count(6):
            if "has killed" in service.shortage:
                break
            if service.shortage:
                assert "has no room for a worker with one child process" in service.shortage  # from the start
            (group / "memory.events").write_text(f"oom_kill {kills}\n")
            await asyncio.sleep(0.01)
    watching.cancel()
    answer = orjson.loads((await health.ready(make_mocked_request("GET", "/health/ready"))).text or "")
    assert answer["failures"]["memory"].startswith("the memory limit of 350 MiB is too small: the system has killed ")
    assert answer["warnings"]["memory"] == answer["failures"]["memory"]
    value = service.metrics.registry.get_sample_value
    assert f"({value('wirewatch_memory_kills_total') or 0:.0f} so far)" in answer["warnings"]["memory"]
    assert (value("wirewatch_memory_limit_bytes"), value("wirewatch_memory_used_bytes")) == (350 << 20, 300 << 20)
    assert "Raise it, or lower worker.processes" in caplog.text
