"""The runner: what a stop leaves to the next owner."""

from aiokafka import AIOKafkaProducer, ConsumerRecord

from streams.settings import Settings
from streams.topics import CLEAN
from streams.worker.runner import StepRunner
from wirewatch.metrics import new_metrics
from wirewatch.steps import STEPS


def record(offset: int) -> ConsumerRecord[bytes, bytes]:
    """Return a cleaned article as a consumer gives it."""
    return ConsumerRecord(CLEAN.name, 0, offset, 0, 0, b"k", b"{}", None, 1, 2, ())


async def test_nothing_is_taken_once_a_stop_has_begun() -> None:
    """Faust fetches until it is stopped: a commit of what it brings would pass over what was let go before."""
    producer = AIOKafkaProducer()
    runner = StepRunner(STEPS["sketch"], Settings(), new_metrics(), None, producer)
    await runner.take([record(0)])
    assert runner.totals.taken == 1
    assert 0 in runner._intake.partitions

    await runner.stop()
    await runner.take([record(1)])

    assert runner.totals.taken == 1
    assert runner._intake.partitions == set()
    assert runner._intake.next(9, 1 << 20) == []
    await producer.stop()
