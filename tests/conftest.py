"""Fixtures that several folders of tests share."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# The shared modules beside this file; the project first, for tests/agents must not be taken for agents.
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from flow import Demo, Worker
from real_kafka import RealKafka, free_port

from streams.settings import Settings


@pytest.fixture(scope="module")
def kafka() -> Iterator[RealKafka]:
    """A real Kafka of a module's own: what one counts, another must not have written."""
    with RealKafka() as broker:
        yield broker


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo, with its sample settled and still serving."""
    running = Demo()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def demo_worker_url(demo: Demo) -> str:
    """The address of a worker that has tagged the sample."""
    return demo.url


@pytest.fixture
def settings() -> Settings:
    """Settings that suit a test: few partitions, a short session."""
    made = Settings()
    made.kafka.partitions = 4
    made.kafka.session_timeout_seconds = 6.0
    return made


def worker_on(bootstrap: str, log: Path, **settings: Any) -> Worker:
    """Return a worker for a broker, on a free port."""
    return Worker(bootstrap, free_port(), log, kafka_session_timeout_seconds="6", **settings)
