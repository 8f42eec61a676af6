"""Fixtures of all tests on a real Kafka."""

import pytest

from streams.kafka.rests import RESTS, Rests


@pytest.fixture(autouse=True)
def forgotten_brokers() -> None:
    """Forget the brokers of earlier tests: while one of a process's brokers answers, nobody waits for another one."""
    vars(RESTS).update(vars(Rests()))
