"""The runner: messages that a stop and a rebalance leave to the next owner."""

import asyncio
import time

import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord

from streams.errors import BrokerAway, BrokerError
from streams.kafka.bulk import FAR_BEHIND, Bulk
from streams.settings import Settings
from streams.system.awake import seconds_awake_or_asleep
from streams.topics import CLEAN, SKETCHED
from streams.waits import HINDRANCE_SECONDS, Waits
from streams.worker import runner as runners
from streams.worker.runner import StepRunner
from streams.worker.state import StateTooOld
from tests.support.memory import Clock, until
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


async def test_a_stop_that_takes_long_leaves_nothing_to_be_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lag that is noted while begun messages are finished is forgotten: a step that has ended delays no topic."""
    producer = AIOKafkaProducer()
    bulk = Bulk()
    monkeypatch.setattr(runners, "BULK", bulk)
    monkeypatch.setattr(runners, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(runners, "positions", lambda app: (set(), FAR_BEHIND))
    runner = StepRunner(STEPS["sketch"], Settings(), new_metrics(), None, producer)
    runner.app.answered(seconds_awake_or_asleep())
    runner._intake.begin()
    runner._tasks.begin(runner._look_after)
    await until(lambda: bulk.brings([SKETCHED.name]))
    stopping = asyncio.ensure_future(runner.stop())
    for _ in range(20):
        await asyncio.sleep(0)
    runner._intake.end()
    await stopping
    assert not bulk.brings([SKETCHED.name])
    await producer.stop()


async def test_a_worker_that_its_group_does_not_know_is_out_of_its_session_at_once() -> None:
    """It has been answered just now, and yet others may have its partitions; its next place in the group is confirmed anew."""
    producer = AIOKafkaProducer()
    runner = StepRunner(STEPS["sketch"], Settings(), new_metrics(), None, producer)
    runner.app.answered(seconds_awake_or_asleep())
    assert runner.in_session
    runner.app.expelled()
    assert not runner.in_session
    assert runner.kafka_answers
    runner.app.answered(seconds_awake_or_asleep())
    assert runner.in_session
    await producer.stop()


async def test_what_failed_while_kafka_was_away_hinders_nobody_once_it_is_back() -> None:
    """A worker is ready as soon as its steps go on, not fifteen seconds after their last failure."""
    producer, clock = AIOKafkaProducer(), Clock()
    runner = StepRunner(STEPS["sketch"], Settings(), new_metrics(), None, producer)
    runner._waits = waits = Waits(clock)
    now = seconds_awake_or_asleep()
    runner.app.heartbeat_at = now - 60
    with waits.waiting_for("Kafka to take messages of wirewatch.sketched"):
        for _ in range(40):
            waits.failed("Kafka", BrokerAway("Kafka does not answer"))
            clock.now += 1
        assert waits.hindrance is not None
        runner.app.answered(now)
        assert runner.hindrance is None
        clock.now += HINDRANCE_SECONDS + 1
        runner.app.answered(now)
        assert runner.hindrance == "waits for Kafka to take messages of wirewatch.sketched"
    await producer.stop()


async def test_a_machine_that_slept_is_out_of_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its monotonic clock stood still, and its group has given its partitions to others: it sends nothing."""
    producer = AIOKafkaProducer()
    runner = StepRunner(STEPS["deliver"], Settings(), new_metrics(), None, producer)
    runner._intake.partitions.add(0)
    runner.app.answered(seconds_awake_or_asleep())
    assert runner.holds(0)
    woken = seconds_awake_or_asleep() + 600
    monkeypatch.setattr(time, "clock_gettime", lambda clock: woken)
    assert not runner.holds(0)
    assert not runner.kafka_answers
    await producer.stop()


async def test_a_fetch_that_a_rebalance_overtakes_recovers_nothing() -> None:
    """It waited for room: the state that it would read back is the next owner's to write yet."""
    producer = AIOKafkaProducer()
    runner = StepRunner(STEPS["sketch"], Settings(), new_metrics(), None, producer)
    runner._intake.buffer.max_bytes = 10
    taking = asyncio.ensure_future(runner.take([record(offset) for offset in range(3)]))
    for _ in range(20):
        await asyncio.sleep(0)
    assert runner.totals.taken == 2
    assert not taking.done()

    await runner.drain()
    await asyncio.wait_for(taking, 5)

    assert runner._intake.partitions == set()
    assert runner.totals.taken == 2
    await producer.stop()


async def test_a_step_that_fails_while_partitions_go_away_lets_them_go() -> None:
    """The group waits for it, and whoever is started in its place would wait for the group."""
    producer = AIOKafkaProducer()
    runner = StepRunner(STEPS["sketch"], Settings(), new_metrics(), None, producer)
    runner._intake.begin()
    leaving = asyncio.ensure_future(runner.drain())
    await asyncio.sleep(0)
    assert not leaving.done()

    async def fail() -> None:
        raise BrokerError("the broker refuses")

    runner._tasks.begin(fail)
    await asyncio.wait_for(leaving, 5)
    runner._intake.begin()
    await asyncio.wait_for(runner.drain(), 5)
    await asyncio.wait(runner._tasks.begun)
    assert isinstance(runner._tasks.begun[0].exception(), BrokerError)
    await producer.stop()


async def test_nothing_is_settled_by_a_state_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step is started anew, with an empty memory: no message is taken before, and the failure is kept once."""
    producer = AIOKafkaProducer()
    runner = StepRunner(STEPS["sketch"], Settings(), new_metrics(), None, producer)
    asked = []

    async def recover(partitions: set[int]) -> set[int]:
        asked.append(partitions)
        raise StateTooOld("wirewatch.sketches [0] was last read 13 h ago")

    monkeypatch.setattr(runner._recovery, "recover", recover)
    for _ in range(2):
        await runner.take([record(0)])
    assert isinstance(runner.failure, StateTooOld)
    assert len(asked) == 1
    assert runner.totals.taken == 0
    await runner.stop()
    await producer.stop()
