"""A broker for the tests that need one of their own."""

from collections.abc import Iterator

import pytest

from streams.kafka.embedded import EmbeddedBroker
from streams.settings import Settings


@pytest.fixture
def broker(settings: Settings) -> Iterator[EmbeddedBroker]:
    """An embedded broker of the test's own."""
    with EmbeddedBroker() as running:
        settings.kafka.bootstrap = running.bootstrap
        yield running
