"""A Kafka that does not let us in says why, in words that name the setting."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import SaslAuthenticationFailed, UnsupportedSaslMechanismError
from aiokafka.structs import BrokerMetadata

from streams.errors import BrokerAway
from streams.kafka.away import address
from streams.kafka.clients import consuming, partitions_of, producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.refusals import astray, cut_off, refusal
from streams.kafka.rests import RESTS, Place, Rests
from streams.settings import KafkaSettings, Settings
from streams.topics import RAW
from tests.support.certificates import certificate
from tests.support.real_kafka import free_port
from wirewatch.watchdogs import no_answer

US = "127.0.0.1:9092"
HERE = ("127.0.0.1", 9092, "desk")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            SaslAuthenticationFailed("invalid credentials"),
            r"refuses the user 'desk' \(invalid credentials\): set kafka\.sasl_",
        ),
        (UnsupportedSaslMechanismError("PLAIN"), r"does not take this kafka\.sasl_mechanism"),
        (
            ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version"),
            r"does not speak TLS with us .*kafka\.security_protocol",
        ),
    ],
)
def test_a_refusal_names_its_setting(error: Exception, words: str) -> None:
    """As long as no connection has stood since; a broker that is away refuses nothing."""
    rests = Rests()
    rests.failed(HERE, error)
    assert re.search(words, refusal(f"other.example:9092, {US}", rests))
    assert not refusal("other.example:9092", rests)
    rests.reached(HERE)
    assert not refusal(US, rests)
    rests.failed(HERE, ConnectionRefusedError())
    assert not refusal(US, rests)


@pytest.mark.parametrize(
    ("addresses", "place"),
    [("[::1]:9092", ("::1", 9092, "")), ("kafka-1", ("kafka-1", 9092, "")), ("a:1, [::1]", ("::1", 9092, ""))],
)
def test_an_address_is_read_as_aiokafka_reads_it(addresses: str, place: Place) -> None:
    """In brackets, with a usual port that is left out, and behind others."""
    rests = Rests()
    rests.failed(place, UnsupportedSaslMechanismError("PLAIN"))
    assert "does not take this kafka.sasl_mechanism" in refusal(addresses, rests)
    rests.reached(place)
    assert "takes our connection and breaks it off" in cut_off(addresses, rests)


async def test_the_address_of_a_broker_is_told_as_a_setting_has_it() -> None:
    """One of IPv6 in brackets: its port would be a part of it."""
    rests, client = Rests(), AIOKafkaClient(bootstrap_servers=US)
    client.cluster._brokers = {1: BrokerMetadata(1, "fd00::7", 9092, None)}
    rests.failed(("fd00::7", 9092, ""), UnsupportedSaslMechanismError("PLAIN"))
    assert refusal(address(client, 1), rests)
    assert not address(client, 2)


def test_an_advertised_address_that_leads_nowhere_is_named() -> None:
    """Kafka answers where it was asked, and sends its clients elsewhere; where itself it is away nothing else is to blame."""
    rests = Rests()
    rests.failed(("broker-1.internal", 9092, ""), OSError(113, "No route to host"), frozenset([HERE[:2]]))
    why = astray(US, rests)
    assert "sends its clients to broker-1.internal:9092 (No route to host): start the broker there, or set" in why
    assert no_answer(US, {"clean": US}, 2, why) == f"{why}; clean waits"
    rests.failed(HERE, ConnectionRefusedError())
    assert not astray(US, rests)
    rests.reached(HERE)
    other = ("kafka.other.example", 9092, "")  # of a source, and the broker to which that one sends
    rests.failed(other, ConnectionRefusedError())
    rests.failed(("broker-9.internal", 9092, ""), ConnectionRefusedError(), frozenset([other[:2]]))
    assert astray(US, rests) == why
    rests.reached(("broker-1.internal", 9092, ""))
    rests.failed(("broker-1.internal", 9092, ""), ConnectionRefusedError())
    assert not astray(US, rests)


async def test_a_broker_that_cannot_be_asked_for_a_topic_says_nothing_of_the_topic(settings: Settings) -> None:
    """Kafka answers where it is asked first, and nowhere where it sends its clients: its topics are not missing."""
    with EmbeddedBroker([RAW.name]) as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with consuming(settings.kafka) as consumer:
            host, port = "127.0.0.1", free_port()
            client = consumer._client
            client.cluster._brokers = {1: BrokerMetadata(1, host, port, None)}
            for connection in client._conns.values():
                connection.close()
            for _ in range(2):  # the second time aiokafka has the topic among those that it asks for
                with pytest.raises(BrokerAway, match=rf"sends its clients to {host}:{port} \(connection refused\)"):
                    await partitions_of(consumer, RAW.name)
            RESTS.errors.pop((host, port, ""))  # no later test's Kafka names it


async def test_a_certificate_that_is_not_trusted_is_named(tmp_path: Path) -> None:
    """It may have run out, or be of another authority or name: it is not Kafka that is away."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate(tmp_path, "IP:127.0.0.1"))
    words = (
        r"the certificate of Kafka at 127\.0\.0\.1:\d+ is not accepted \(self.signed certificate\): .*kafka\.ssl_cafile"
    )
    await refused(lambda r, w: asyncio.sleep(0), words, "SSL", context)


async def test_a_port_that_breaks_connections_off_is_named() -> None:
    """As one for TLS does with whoever speaks none."""

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    await refused(break_off, r"breaks off each connection: set kafka\.security_protocol", "PLAINTEXT", None)


async def refused(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    words: str,
    protocol: str,
    context: ssl.SSLContext | None,
) -> None:
    """Ask a server for Kafka and expect these words."""
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        settings = KafkaSettings(bootstrap=f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        settings.security_protocol = protocol  # type: ignore[assignment]
        with pytest.raises(BrokerAway, match=words):
            async with producing(settings):
                pass
