"""Answers to an idempotent producer: after a batch that Kafka has refused, its sequence numbers begin anew.

aiokafka (0.14) counts the messages of a batch when it is sent. Kafka counts those that it has taken. So after one batch
that was refused, as one that is larger than its topic takes, every later message to that partition would be refused
too, as out of sequence, until the process ends. Here the producer asks for another id, under which all partitions begin
at nought. What is underway under the old id, or is sent again, keeps it.

aiokafka sends a batch again, for ever and without a word to us, where Kafka cannot take it now, as with too few replicas.
Why, is kept here, so that health can name it.
"""

from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError, for_code
from aiokafka.producer import sender
from aiokafka.producer.transaction_manager import NO_PRODUCER_EPOCH, NO_PRODUCER_ID, PidAndEpoch
from aiokafka.util import create_future

from streams.kafka.away import leaders_away

#: What an error means, where it has something to be done in it.
NAMES = {TopicAuthorizationFailedError.errno: "the right Write is missing"}


class ProduceHandler(sender.SendProduceReqHandler):  # type: ignore[misc]
    """Takes Kafka's answer to some batches, one of a partition at most."""

    def handle_response(self, response: Any) -> None:
        """Settle the batches, note why some were not taken, and begin anew where one was refused for good."""
        super().handle_response(response)
        self._sender.refusals = {**refusals_of(self._sender), **refusals_in(response)}
        manager = self._sender._txn_manager  # noqa: SLF001 - aiokafka has no option for it
        done = [batch.future for batch in self._batches.values() if batch.future.done()]
        if manager is None or manager.transactional_id is not None or all(each.exception() is None for each in done):
            return
        manager._pid_and_epoch = PidAndEpoch(NO_PRODUCER_ID, NO_PRODUCER_EPOCH)  # noqa: SLF001
        manager._pid_waiter = create_future()  # noqa: SLF001
        manager._sequence_numbers.clear()  # noqa: SLF001


def refusals_of(each: Any) -> dict[tuple[str, int], str]:
    """Return the errors in Kafka's last answers to a sender, by topic and partition; empty where it took all."""
    found: dict[tuple[str, int], str] = getattr(each, "refusals", {})
    return found


def refusals_in(response: Any) -> dict[tuple[str, int], str]:
    """Return the same of one answer."""
    return {
        (topic, partition): NAMES.get(code, for_code(code).__name__) if code else ""
        for topic, partitions in response.topics
        for partition, code, *_ in partitions
    }


def refusal(producer: AIOKafkaProducer, topics: Iterable[str]) -> str:
    """Return why Kafka has not taken the latest messages to some topics: its error, or the silent broker; empty if it has."""
    wanted = set(topics)
    answers = refusals_of(producer._sender)  # noqa: SLF001 - where `ProduceHandler` keeps them
    named = len(wanted) > 1  # whoever asks for one topic has named it
    found = {
        f"{topic}: {error}" if named else error for (topic, _), error in answers.items() if error and topic in wanted
    }
    return ", ".join(sorted(found)) or leaders_away(producer, wanted)


def install() -> None:
    """Let every producer of this process begin anew so."""
    sender.SendProduceReqHandler = ProduceHandler
