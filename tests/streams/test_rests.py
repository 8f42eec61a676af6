"""A broker that cannot be reached is not asked for a connection again at once, whoever asks."""

import asyncio
from typing import Any

import pytest
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError

from streams.kafka.rests import FIRST_SECONDS, MOST_SECONDS, Rests, spaced

OTHER = ("127.0.0.1", 1, "")


async def test_a_broker_that_breaks_connections_is_asked_once_in_its_rest() -> None:
    """A proxy with nobody behind it takes each connection and breaks it: a rest is longer after each, up to a second."""
    taken, now = [], [0.0]

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(now[0])
        writer.close()

    rests = Rests(lambda: now[0])
    rests.reached(OTHER)  # there is another to turn to: who asks does not wait
    connecting = spaced(create_conn, rests)
    async with await asyncio.start_server(break_off, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for second in range(50):
            now[0] = second / 10
            for _ in range(3):
                with pytest.raises((KafkaConnectionError, OSError)):
                    await connecting("127.0.0.1", port, request_timeout_ms=1000)
    assert taken == pytest.approx(
        [0.0, FIRST_SECONDS, 0.3, 0.7, 1.5, *(1.5 + MOST_SECONDS * n for n in range(1, 4))], abs=0.11
    )


async def test_where_all_brokers_rest_who_asks_waits() -> None:
    """It has nobody else to turn to, and would only ask again; a broker that was reached does not rest any more."""
    asked: list[str] = []

    async def connect(host: str, port: int, **options: Any) -> str:
        asked.append(options["sasl_plain_username"])
        if len(asked) == 1:
            raise ConnectionResetError
        return "a connection"

    connecting = spaced(connect, Rests())
    with pytest.raises(ConnectionResetError):
        await connecting("127.0.0.1", 9092, sasl_plain_username="desk")
    for _ in range(3):
        assert await connecting("127.0.0.1", 9092, sasl_plain_username="desk") == "a connection"
    assert len(asked) == 4


async def test_a_password_that_is_refused_is_no_rest_for_another_user() -> None:
    """One process may have several users at one broker, as with sources of others."""
    rests = Rests(lambda: 0.0)
    rests.failed(("127.0.0.1", 9092, "desk"), OSError())
    assert rests.seconds(("127.0.0.1", 9092, "desk")) == FIRST_SECONDS
    assert rests.seconds(("127.0.0.1", 9092, "archive")) == 0
