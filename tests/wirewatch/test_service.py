"""The words of a worker on its Kafka."""

from prometheus_client import generate_latest

from streams.errors import BrokerAway
from streams.settings import Settings
from wirewatch.metrics import new_metrics
from wirewatch.service import AWAY_WAIT_SECONDS, FIRST_WAIT_SECONDS, GrowingWait, Service
from wirewatch.steps import STEPS
from wirewatch.watchdogs import no_answer

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
