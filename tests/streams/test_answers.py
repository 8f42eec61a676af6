"""Kafka's answers to a producer that sends again by itself: health can say why."""

from functools import partial

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    KafkaError,
    NotEnoughReplicasError,
    NotLeaderForPartitionError,
    TopicAuthorizationFailedError,
)
from aiokafka.protocol.metadata import MetadataResponse_v1 as MetadataResponse
from aiokafka.protocol.produce import ProduceResponse_v3 as ProduceResponse

from streams.kafka.away import learning
from streams.kafka.sequences import ProduceHandler, refusal
from streams.topics import ALERTS, CLEAN, RAW
from streams.waits import HINDRANCE_SECONDS, Waits
from tests.support.memory import Clock


async def test_why_kafka_does_not_take_something_is_named_until_it_does() -> None:
    """By the last answer for each partition of a wait's topics; of others nothing. It is newer than an error that was set."""
    clock, producer = Clock(), AIOKafkaProducer(enable_idempotence=True)
    waits = Waits(clock)

    def answer(topic: str, partition: int, code: int) -> None:
        response = ProduceResponse([(topic, [(partition, code, 7, -1)])], 0)
        ProduceHandler(producer._sender, {}).handle_response(response)

    names = [CLEAN.name, ALERTS.name]
    with waits.waiting_for("Kafka", partial(refusal, producer, names)) as wait:
        clock.now += HINDRANCE_SECONDS + 1
        assert waits.hindrance == "waits for Kafka"
        answer(ALERTS.name, 1, NotEnoughReplicasError.errno)
        answer(ALERTS.name, 2, NotEnoughReplicasError.errno)
        answer(RAW.name, 0, NotEnoughReplicasError.errno)
        wait.error = "an older one"
        assert waits.hindrance == f"waits for Kafka: {ALERTS.name}: NotEnoughReplicasError"
        answer(CLEAN.name, 0, TopicAuthorizationFailedError.errno)
        assert refusal(producer, [ALERTS.name]) == "NotEnoughReplicasError"
        answer(ALERTS.name, 1, 0)
        answer(ALERTS.name, 2, 0)
        assert waits.hindrance == f"waits for Kafka: {CLEAN.name}: the right Write is missing"
        answer(CLEAN.name, 0, 0)
        assert waits.hindrance == "waits for Kafka: an older one"


async def test_a_broker_that_leads_no_more_is_not_asked_for_ever() -> None:
    """The cluster is asked who leads a partition now, and the error goes its way; an answer asks nobody."""
    client = AIOKafkaProducer().client

    async def ask(error: KafkaError | None) -> str:
        if error is not None:
            raise error
        return "offsets"

    asking = learning(ask, client)
    assert await asking(None) == "offsets"
    assert not client._md_update_waiter.done()
    with pytest.raises(NotLeaderForPartitionError):
        await asking(NotLeaderForPartitionError())
    assert client._md_update_waiter.done()


async def test_a_leader_that_is_away_is_named() -> None:
    """By its address, for the partitions for which messages wait; one without any leader is named as such."""
    producer = AIOKafkaProducer(enable_idempotence=True)
    leaders = [(0, number, leader, [1, 2], [1, 2]) for number, leader in enumerate((1, 2, -1))]
    brokers = [(1, "10.0.0.1", 9092, None), (2, "10.0.0.2", 9093, None)]
    producer.client.cluster.update_metadata(MetadataResponse(brokers, 1, [(0, CLEAN.name, False, leaders)]))
    assert refusal(producer, [CLEAN.name]) == ""
    for number in (1, 2):
        producer._sender._muted_partitions.add(TopicPartition(CLEAN.name, number))
    assert refusal(producer, [CLEAN.name]) == (
        f"10.0.0.2:9093 leads {CLEAN.name} [1] and does not answer, no broker leads {CLEAN.name} [2]"
    )
    assert refusal(producer, [ALERTS.name]) == ""
