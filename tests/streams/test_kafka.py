"""Reaching Kafka, where there is none; the shape of new topics."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from streams.errors import BrokerError
from streams.kafka.admin import Shape, shape_of
from streams.kafka.clients import consuming, producing
from streams.settings import KafkaSettings
from streams.topics import LEDGER, RAW, SKETCHED, TOPICS

Client = Callable[[KafkaSettings], AbstractAsyncContextManager[Any]]


@pytest.mark.filterwarnings("ignore:Unclosed AIOKafka")
@pytest.mark.parametrize("client", [consuming, producing])
@pytest.mark.parametrize("silent", [False, True])
async def test_a_client_that_reaches_no_broker_leaves_nothing_open(client: Client, *, silent: bool) -> None:
    """Libraries write nothing on standard error beside our one line with its advice, nor where we end before an answer."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if silent:
            taken.listen()
        settings = KafkaSettings(bootstrap=f"127.0.0.1:{taken.getsockname()[1]}")
        with contextlib.suppress(BrokerError, TimeoutError):
            async with asyncio.timeout(0.5 if silent else None), client(settings):
                pytest.fail("there is no broker")
    gc.collect()
    assert not complaints


def test_new_topics_are_like_those_beside_which_they_will_lie() -> None:
    """Where there are none they are as the settings say; what needs one partition says nothing, nor do others' topics."""
    settings, all_of_ours = KafkaSettings(partitions=12, replication=2), list(TOPICS.values())
    four = {"partitions": [{"replicas": [1, 2, 3]}] * 4}
    alone = {SKETCHED.name: {"partitions": [{"replicas": [1, 2, 3]}]}, "partner.articles": four}
    assert shape_of(settings, all_of_ours, alone) == Shape(12, 2)
    assert shape_of(settings, all_of_ours, alone | {RAW.name: four}) == Shape(4, 3)
    two = {"partitions": [{"replicas": [1]}] * 2}
    assert shape_of(settings, all_of_ours, {RAW.name: four, LEDGER.name: two}) == Shape(4, 3)
