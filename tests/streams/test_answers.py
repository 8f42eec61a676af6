"""Kafka's answers to a producer that sends again by itself: health can say why."""

from functools import partial

from aiokafka import AIOKafkaProducer
from aiokafka.errors import NotEnoughReplicasError, TopicAuthorizationFailedError
from aiokafka.protocol.produce import ProduceResponse_v3 as ProduceResponse

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
