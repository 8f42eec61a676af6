"""Waits that have become too long are named, with their cause."""

import pytest
from aiokafka.errors import KafkaError, NotEnoughReplicasError

from streams.waits import HINDRANCE_SECONDS, Waits, described
from tests.support.memory import Clock


def test_a_short_wait_is_none() -> None:
    """A wait that is over, or has just begun, hinders nobody."""
    clock = Clock()
    waits = Waits(clock)
    with waits.waiting_for("Kafka"):
        clock.now += HINDRANCE_SECONDS
        assert waits.hindrance is None
    clock.now += 100
    assert waits.hindrance is None


def test_a_long_wait_says_for_what_and_why() -> None:
    """The one that lasts longest, and its last error."""
    clock = Clock()
    waits = Waits(clock)
    with waits.waiting_for("news.tagged") as wait, waits.waiting_for("news.dead"):
        clock.now += HINDRANCE_SECONDS + 1
        wait.error = "too few replicas"
        assert waits.hindrance == "waits for news.tagged: too few replicas"
    assert waits.hindrance is None


def test_failures_one_after_another_are_one_wait() -> None:
    """Until there are none for as long; one that comes much later is no outage since the first."""
    clock = Clock()
    waits = Waits(clock)
    for _ in range(int(HINDRANCE_SECONDS) + 2):
        waits.failed("its state", PermissionError("denied"))
        clock.now += 1
    assert waits.hindrance == "waits for its state: PermissionError: denied"
    clock.now += HINDRANCE_SECONDS + 1
    assert waits.hindrance is None
    waits.failed("its state", PermissionError("denied"))
    assert waits.hindrance is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError("denied"), "PermissionError: denied"),
        (KafkaError("no leader"), "KafkaError: no leader"),
        (NotEnoughReplicasError("one of two"), "[Error 19] NotEnoughReplicasError: one of two"),
    ],
)
def test_an_error_says_its_name_once(error: Exception, said: str) -> None:
    """Those of Kafka's client hold it already, those that Kafka numbers behind the number."""
    assert described(error) == said
