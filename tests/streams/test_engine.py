"""Security settings reach both kinds of client in the same sense."""

import asyncio
from typing import Any

import faust
import pytest
from aiokafka import ConsumerRecord
from faust.types import TP
from faust.types.auth import AuthProtocol

from streams.errors import BrokerError
from streams.kafka.apps import new_app
from streams.kafka.clients import client_options
from streams.kafka.credentials import credentials
from streams.kafka.expired import say_expired
from streams.settings import KafkaSettings, Settings
from streams.topics import RAW


def test_sasl_without_tls() -> None:
    """User and password are given to Faust and to aiokafka, without TLS where none is asked for."""
    settings = KafkaSettings(
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-256",
        sasl_username="reader",
        sasl_password="secret",
    )
    options = client_options(settings)
    assert (options["sasl_mechanism"], options["sasl_plain_username"]) == ("SCRAM-SHA-256", "reader")
    assert options["ssl_context"] is None
    given = credentials(settings)
    assert isinstance(given, faust.SASLCredentials)
    assert given.protocol == AuthProtocol.SASL_PLAINTEXT
    assert given.mechanism.value == "SCRAM-SHA-256"


def test_sasl_over_tls_and_tls_alone() -> None:
    """With TLS there is a context for both."""
    sasl = credentials(KafkaSettings(security_protocol="SASL_SSL", sasl_username="reader", sasl_password="secret"))
    assert isinstance(sasl, faust.SASLCredentials)
    assert sasl.protocol == AuthProtocol.SASL_SSL
    tls = KafkaSettings(security_protocol="SSL")
    assert isinstance(credentials(tls), faust.SSLCredentials)
    assert client_options(tls)["ssl_context"] is not None
    assert credentials(KafkaSettings()) is None


def test_missing_certificate_is_named() -> None:
    """A certificate that cannot be read is an error that names the settings."""
    with pytest.raises(BrokerError, match="ssl_"):
        credentials(KafkaSettings(security_protocol="SSL", ssl_cafile="/nowhere/ca.pem"))


def test_several_brokers() -> None:
    """A comma list of addresses reaches Faust as so many brokers."""
    settings = Settings()
    settings.kafka.bootstrap = "a.example:9092, b.example:9093"
    app = new_app("group", settings)
    assert [str(url) for url in app.conf.broker] == ["kafka://a.example:9092", "kafka://b.example:9093"]


async def test_a_partition_that_begins_anew_is_committed(caplog: pytest.LogCaptureFixture) -> None:
    """As its topic is made anew beside a running worker: offsets below the committed one are told of once, and committed.

    A message of the old topic that is done meanwhile takes none of the new ones with it.
    """
    consumer: Any = new_app("group", Settings(), [RAW.name]).consumer
    partition = TP(RAW.name, 0)

    def commits(finished: int) -> bool:
        consumer.finish(partition, finished)
        commits = bool(consumer._should_commit(partition, finished))
        consumer._committed_offset[partition] = finished  # as Faust does where it commits
        return commits

    consumer._committed_offset[partition] = 7
    fetched = [ConsumerRecord(RAW.name, 0, offset, 0, 0, b"", b"", None, 0, 0, ()) for offset in range(2)]
    assert consumer._skipped(partition, fetched[:1]) == consumer._skipped(partition, fetched[1:]) == 0
    assert [commits(offset) for offset in (8, 1, 2)] == [True] * 3
    assert [line for line in caplog.messages if "before its committed offset 7" in line] == caplog.messages
    assert len(caplog.messages) == 1


async def test_messages_that_kafka_removed_unread_are_counted_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """They are those before the partition's beginning; a new group, ends of transactions and compaction lose none.

    What a rebalance overtakes is fetched and asked for again: it is told of once.
    """
    consumer: Any = new_app("group", Settings(), [RAW.name]).consumer
    partition, begin = TP(RAW.name, 0), 40

    async def earliest_offsets(*partitions: TP) -> dict[TP, int]:
        return dict.fromkeys(partitions, begin)

    consumer.earliest_offsets = earliest_offsets

    async def expired(first: int) -> int:
        records = [ConsumerRecord(RAW.name, 0, first, 0, 0, b"", b"", None, 0, 0, ())]
        overtaken, lost = [{partition: await consumer._expired(partition, records)} for _ in range(2)]
        assert overtaken == lost
        total = say_expired(lost, {**consumer._committed_offset, **consumer.expected})
        consumer._skipped(partition, records)
        return total

    assert await expired(40) == 0
    consumer.expected.clear()
    consumer._committed_offset[partition] = 7
    assert await expired(41) == 33
    assert await expired(43) == 0
    begin = 1000
    assert await expired(1000) == 956
    assert [line[:70] for line in caplog.messages] == [
        "news.raw [0]: 33 messages from offset 7 on were removed before they we",
        "news.raw [0]: 956 messages from offset 44 on were removed before they ",
    ]


def test_a_rebalance_within_another_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    """The group counts both, and Faust's measures of them are not logged."""
    app = new_app("group", Settings())
    for _ in range(2):
        app.on_rebalance_start()
    for _ in range(2):
        app.on_rebalance_return()
        app.on_rebalance_end()
    assert (app.rebalancing_count, app.rebalancing) == (2, False)
    assert not caplog.records


async def test_the_end_of_one_rebalance_within_the_next_changes_nothing() -> None:
    """Faust sets positions as one rebalance ends; where the next has begun by then, nothing is taken before its own end."""
    app = new_app("group", Settings(), [RAW.name])
    consumer: Any = app.consumer
    seeks: list[str] = []

    async def seek_to_committed() -> dict[TP, int]:
        seeks.append("committed")
        return {}

    consumer.seek_to_committed = seek_to_committed
    await consumer.on_partitions_revoked(set())
    assert not consumer.flow_active
    await consumer.on_partitions_assigned(set())
    await consumer.perform_seek()
    consumer.resume_flow()
    app.on_rebalance_end()
    assert (consumer.flow_active, app.rebalancing) == (True, False)

    await consumer.perform_seek()
    app.on_rebalance_start()
    await consumer.on_partitions_revoked(set())
    consumer.resume_flow()
    app.on_rebalance_end()
    assert (consumer.flow_active, app.rebalancing) == (False, True)
    await consumer.on_partitions_assigned(set())
    consumer.resume_flow()
    assert not consumer.flow_active
    await consumer.perform_seek()
    consumer.resume_flow()
    app.on_rebalance_end()
    assert (consumer.flow_active, app.rebalancing) == (True, False)
    assert seeks == ["committed"] * 3


async def test_work_that_ends_during_a_commit_is_committed_before_partitions_go_away() -> None:
    """Faust's commit only waits for one that is under way; the next owner would do that work again."""
    app = new_app("group", Settings(), [RAW.name])
    consumer: Any = app.consumer
    partition, answered = TP(RAW.name, 0), asyncio.Event()
    commits: list[int] = []

    async def commit(offsets: dict[TP, int]) -> bool:
        commits.extend(offsets.values())
        await answered.wait()
        return True

    consumer.assignment, consumer._commit = lambda: {partition}, commit
    consumer.finish(partition, 1)
    underway = asyncio.ensure_future(consumer.commit())
    while not commits:
        await asyncio.sleep(0)
    consumer.finish(partition, 2)
    leaving = asyncio.ensure_future(app._consumer_wait_empty(consumer, None))
    await asyncio.sleep(0)
    answered.set()
    await asyncio.gather(underway, leaving)
    assert commits == [1, 2]
