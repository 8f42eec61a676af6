"""Sequence numbers of an idempotent producer: after a batch that Kafka has refused, they begin anew.

aiokafka (0.14) counts the messages of a batch when it is sent. Kafka counts those that it has taken. So after one batch
that was refused, as one that is larger than its topic takes, every later message to that partition would be refused
too, as out of sequence, until the process ends. Here the producer asks for another id, under which all partitions begin
at nought. What is underway under the old id, or is sent again, keeps it.
"""

from typing import Any

from aiokafka.producer import sender
from aiokafka.producer.transaction_manager import NO_PRODUCER_EPOCH, NO_PRODUCER_ID, PidAndEpoch
from aiokafka.util import create_future


class ProduceHandler(sender.SendProduceReqHandler):  # type: ignore[misc]
    """Takes Kafka's answer to some batches, one of a partition at most."""

    def handle_response(self, response: Any) -> None:
        """Settle the batches, and begin anew where one was refused for good."""
        super().handle_response(response)
        manager = self._sender._txn_manager  # noqa: SLF001 - aiokafka has no option for it
        done = [batch.future for batch in self._batches.values() if batch.future.done()]
        if manager is None or manager.transactional_id is not None or all(each.exception() is None for each in done):
            return
        manager._pid_and_epoch = PidAndEpoch(NO_PRODUCER_ID, NO_PRODUCER_EPOCH)  # noqa: SLF001
        manager._pid_waiter = create_future()  # noqa: SLF001
        manager._sequence_numbers.clear()  # noqa: SLF001


def install() -> None:
    """Let every producer of this process begin anew so."""
    sender.SendProduceReqHandler = ProduceHandler
