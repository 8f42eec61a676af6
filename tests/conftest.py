"""Fixtures that several folders of tests share."""

from collections.abc import Iterator

import pytest

from streams.settings import Settings
from tests.support.flow import Demo
from tests.support.real_kafka import RealKafka


@pytest.fixture(scope="module")
def kafka() -> Iterator[RealKafka]:
    """A real Kafka of a module's own: nobody else's messages are counted."""
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
