"""Reaching Kafka, where there is none."""

import asyncio
import contextlib
import gc
import socket
from typing import Any

import pytest

from streams.errors import BrokerError
from streams.kafka.clients import consuming
from streams.settings import KafkaSettings


@pytest.mark.filterwarnings("ignore:Unclosed AIOKafkaConsumer")
async def test_a_consumer_that_reaches_no_broker_leaves_nothing_open() -> None:
    """Libraries write nothing on standard error beside our one line with its advice."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings = KafkaSettings(bootstrap=f"127.0.0.1:{taken.getsockname()[1]}")
        with contextlib.suppress(BrokerError):
            async with consuming(settings, "news.raw"):
                pytest.fail("there is no broker")
    gc.collect()
    assert not complaints
