"""The audit finds fetches that are missing, double, or only on their way."""

from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.settings import Settings
from streams.topics import DEAD, DUPLICATES, RAW, REVISIONS, TAGGED, KafkaTopic
from streams.worker.state import StateLog
from wirewatch.operating.audit import audit
from wirewatch.steps import STEPS


@pytest.fixture
async def put(settings: Settings, broker: EmbeddedBroker) -> AsyncIterator[object]:
    """Writes a message with an id."""
    async with producing(settings.kafka) as producer:

        async def write(topic: KafkaTopic, fetch: str) -> None:
            await producer.send_and_wait(topic.name, b"{}", key=b"k", partition=0, headers=[("ce_id", fetch.encode())])

        yield write


async def read_up_to(settings: Settings, offset: int) -> None:
    """Let the clean step have read news.raw so far."""
    group = STEPS["clean"].group(settings)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    partition = TopicPartition(RAW.name, 0)
    consumer.assign([partition])
    await consumer.commit({partition: offset})
    await consumer.stop()


async def test_missing_double_and_underway(settings: Settings, put: object) -> None:
    """Each raw message is accounted for by its place and by its step's offset."""
    for fetch in ("tagged", "again", "double", "missing", "underway", "underway"):
        await put(RAW, fetch)  # type: ignore[operator]
    for topic, fetch in (
        (TAGGED, "tagged"),
        (DEAD, "again"),
        (DEAD, "again"),
        (TAGGED, "double"),
        (DUPLICATES, "double"),
    ):
        await put(topic, fetch)  # type: ignore[operator]
    await read_up_to(settings, 4)
    account = await audit(settings, STEPS)
    assert (account.raw_messages, account.fetches, account.redelivered) == (6, 5, 1)
    assert account.missing == [("missing", RAW.name)]
    assert account.double == [("double", "news.duplicates and news.tagged")]
    assert dict(account.on_their_way) == {RAW.name: 1}
    assert account.written_again == 1
    assert not account.balanced


async def test_state_is_read_on_from_where_it_stopped(settings: Settings, broker: EmbeddedBroker) -> None:
    """A second catch-up applies only later records; a tombstone comes as None."""
    applied: list[tuple[str, bytes | None]] = []
    log = StateLog(settings.kafka, REVISIONS, lambda _, key, value: applied.append((key, value)))

    async with producing(settings.kafka) as producer:
        for number in range(500):
            await producer.send(REVISIONS.name, b"%d" % number, key=b"a", partition=1)
        await producer.send(REVISIONS.name, b"other", key=b"b", partition=2)
        await producer.flush()
        await log.catch_up({1})
        assert [value for _, value in applied] == [b"%d" % number for number in range(500)]
        applied.clear()
        await producer.send_and_wait(REVISIONS.name, None, key=b"a", partition=1)
        await log.catch_up({1})
        assert applied == [("a", None)]
        applied.clear()
        await log.catch_up(None)
        assert applied == [("b", b"other")]


async def test_dead_letter_of_a_step_behind_tagging_is_no_second_place(settings: Settings, broker: object) -> None:
    """Refusals of `match`, `watch` and `deliver` have been accounted for: they are counted apart."""
    async with producing(settings.kafka) as producer:
        for topic, source in ((RAW, "ingest"), (TAGGED, "tag"), (DEAD, "match"), (DEAD, "deliver")):
            headers = [("ce_id", b"one"), ("ce_source", f"/wirewatch/{source}".encode())]
            await producer.send_and_wait(topic.name, b"{}", key=b"k", partition=0, headers=headers)
    account = await audit(settings, STEPS)
    assert account.balanced
    assert (account.final["news.tagged"], account.final["news.dead"], account.dead_after_tagging) == (1, 0, 2)
