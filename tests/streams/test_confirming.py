"""Messages that Kafka does not take, or does not confirm: nobody is told that they are there."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from streams.errors import BrokerError, JournalError
from streams.kafka.confirming import Confirming
from streams.topics import RAW

Answer = Callable[[list[bytes], bytes], Exception | None]


class Broker:
    """aiokafka's producer on a broker that answers late, to what came together: by an error, or by none."""

    def __init__(self, answer: Answer) -> None:
        self.taken: list[bytes] = []
        self._answer = answer
        self._batch: list[bytes] = []

    async def send(self, topic: str, value: bytes, **_: Any) -> "asyncio.Future[None]":
        """Take a message; answer once nothing more comes."""
        sent = asyncio.get_running_loop().create_future()
        self._batch.append(value)
        asyncio.get_running_loop().call_soon(self._settle, self._batch, value, sent)
        return sent

    def _settle(self, batch: list[bytes], value: bytes, sent: "asyncio.Future[None]") -> None:
        if batch is self._batch:
            self._batch = []
        error = self._answer(batch, value)
        if error is not None:
            sent.set_exception(error)
            return
        self.taken.append(value)
        sent.set_result(None)


async def test_what_is_not_confirmed_is_an_error() -> None:
    """Kafka was away for longer than a batch may wait: aiokafka's own flush is silent about it."""
    sender = Confirming(Broker(lambda _, value: KafkaTimeoutError() if value == b"second" else None))
    for value in (b"first", b"second", b"third"):
        await sender.send(RAW.name, value, b"k")
    with pytest.raises(BrokerError, match=r"did not take a message of 6 bytes for news.raw \(key 'k'\)"):
        await sender.flush()
    with pytest.raises(BrokerError):  # nor is more sent behind it
        await sender.send(RAW.name, b"fourth")


async def test_what_is_too_large_is_named_and_costs_no_other() -> None:
    """Kafka judges those that came together by their sum: each is sent once more by itself."""

    def answer(batch: list[bytes], value: bytes) -> KafkaError | None:
        return MessageSizeTooLargeError() if sum(map(len, batch)) > 5 else None

    broker = Broker(answer)
    sender = Confirming(broker)
    for value in (b"abc", b"defg", b"too large"):
        await sender.send(RAW.name, value)
    assert [message.value for message in await sender.flush()] == [b"too large"]
    assert broker.taken == [b"abc", b"defg"]
    assert await sender.flush() == []


async def test_a_journal_that_fails_says_so_itself() -> None:
    """On a laptop the error of its journal is the one that is shown."""
    sender = Confirming(Broker(lambda *_: JournalError("the disk is full")))
    await sender.send(RAW.name, b"x")
    with pytest.raises(JournalError, match="the disk is full"):
        await sender.flush()
