"""Attempts: many at once, recorded together, and none of an alert that may be another worker's."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec
import pytest

from agents.deliver import sender as sending_module
from agents.deliver.ledger import Ledger, encoder, read_entry
from agents.deliver.receiver_queue import DOWN_AFTER
from agents.deliver.receivers.base import Attempt
from streams.message import Change
from streams.records import encode
from tests.support.sending import PARALLEL, MakeAlert, Owner, sending, taking_over, until


async def test_no_more_than_parallel_are_sent_and_not_recorded(alert: MakeAlert) -> None:
    """While Kafka does not take outcomes, `deliver.parallel` alerts are sent and no more: the next owner repeats them."""
    async with sending(alert, 40) as now:
        now.publisher.gate.clear()
        await until(lambda: len(now.desk.taken) == PARALLEL)
        await asyncio.sleep(0.05)
        assert len(now.desk.taken) == PARALLEL
        now.publisher.gate.set()
        await until(lambda: now.sender.waiting == 0)
    assert sorted(now.desk.taken) == [f"{number:032x}" for number in range(40)]


async def test_outcomes_that_come_together_are_written_together(alert: MakeAlert) -> None:
    """Outcomes that wait for Kafka go in one call, each once, the ledger's entry beside its delivery."""
    async with sending(alert, 20) as now:
        now.publisher.gate.clear()
        await until(lambda: len(now.desk.taken) == PARALLEL)
        now.publisher.gate.set()
        await until(lambda: now.sender.waiting == 0)
    keys = [key for changes, _ in now.publisher.calls for key in changes]
    assert len(keys) == len(set(keys)) == 20
    assert len(now.publisher.calls) < 20
    assert all(sorted(f"{key}:1" for key in changes) == sorted(outputs) for changes, outputs in now.publisher.calls)


def restored(written: Iterable[Change], seconds: float = 3600.0) -> Ledger:
    """Return the ledger of which these changes were written; it forgets what is older than so many seconds."""
    ledger = Ledger(seconds)
    for change in written:
        ledger.restore(change.key, change.value)
    return ledger


async def repeated(written: Sequence[Change]) -> tuple[list[str], list[Change]]:
    """Return the outcomes that a next owner of partition 0 publishes again after these changes of the ledger, and its own."""
    ledger = restored(written)
    async with taking_over(ledger) as publisher:
        await until(lambda: 0 not in ledger._taken_over)
    return publisher.calls[0][1], publisher.written


def claiming(change: Change, published: float) -> Change:
    """Return a change of the ledger that names the published outcomes in other words."""
    entry = read_entry(change.key, change.value or b"")
    return replace(change, value=encoder.encode(msgspec.structs.replace(entry, published=published)))


async def delivered(alert: MakeAlert, count: int) -> list[Change]:
    """Return the changes of a ledger while so many alerts are delivered, at most `PARALLEL` at once."""
    async with sending(alert, count, shut=True) as now:
        await until(lambda: bool(now.publisher.calls))  # it took over from nobody
        now.desk.door.set()
        await until(lambda: now.sender.waiting == 0)
    assert len(now.publisher.written) == count
    return now.publisher.written


async def test_the_next_owner_repeats_only_what_may_not_be_published(alert: MakeAlert) -> None:
    """The last ones, or all of two minutes where entries do not say that they are published, as those of older versions."""
    written = await delivered(alert, 40)
    outputs, _ = await repeated(written)
    assert f"{written[-1].key}:1" in outputs
    assert len(outputs) <= 3 * PARALLEL
    outputs, _ = await repeated([*written[:-1], claiming(written[-1], 0.0)])
    assert len(outputs) == 40


async def test_owners_that_deliver_nothing_do_not_repeat_all_again(alert: MakeAlert) -> None:
    """Workers come and go, and each repeats at most the outcomes that the one before may not have published: one is left."""
    written = await delivered(alert, 40)
    written[-1] = claiming(written[-1], 0.0)
    many = []
    for _ in range(4):
        outputs, said = await repeated(written)
        many.append(len(outputs))
        written += said
    assert many == [40, 1, 1, 1]


async def test_an_owner_claims_no_more_than_the_former_one_before_it_has_repeated(alert: MakeAlert) -> None:
    """It is killed before it has: a third one repeats all that the first may not have published."""
    written = await delivered(alert, 40)
    ledger = restored(written)
    since = ledger.take_over(0)
    [last] = [entry for entry in ledger.changed(0, 0.0, time.time()) if entry.key == written[-1].key]
    again = read_entry(last.key, ledger.put(msgspec.structs.replace(last, changed=time.time())))
    assert 0.0 < again.published == since


async def test_outcomes_are_repeated_however_long_kafka_was_away(alert: MakeAlert) -> None:
    """The worker was killed in an outage of hours: outcomes that it had not published are published by the next."""
    written = [*await delivered(alert, 4)]
    hours = 3 * 3600.0
    for number, change in enumerate(written):
        entry = read_entry(change.key, change.value or b"")
        entry.changed -= hours
        entry.published -= hours
        written[number] = replace(change, value=encoder.encode(entry))
    outputs, _ = await repeated(written)
    assert f"{written[-1].key}:1" in outputs


async def test_what_was_delivered_is_not_sent_again_for_what_a_frozen_worker_writes_late(alert: MakeAlert) -> None:
    """It had the alert to send, was frozen while it wrote that, and thawed when another had sent it: that is written again."""
    [done] = await delivered(alert, 1)
    entry = read_entry(done.key, done.value or b"")
    late = msgspec.structs.replace(
        entry, state="waiting", attempts=0, last=None, alert=encode(alert(id=entry.alert_id))
    )
    late.changed -= 5
    late.published = 0.0
    ledger = restored([done, replace(done, value=encoder.encode(late))])
    assert ledger.waiting("desk", {0}) == 0
    async with taking_over(ledger) as publisher:
        await until(lambda: any(change.key == done.key for change in publisher.written))
    assert {read_entry(each.key, each.value or b"").state for each in publisher.written} == {"delivered"}


@pytest.mark.parametrize("owns", [True, False])
async def test_what_is_overruled_later_is_written_once_more_by_its_owner(alert: MakeAlert, *, owns: bool) -> None:
    """A frozen worker's late entry may come at any time; whoever does not surely have the partition leaves it."""
    [done] = await delivered(alert, 1)
    done = claiming(done, 0.0)
    entry = read_entry(done.key, done.value or b"")
    late = msgspec.structs.replace(entry, state="waiting", last=None, alert=encode(alert(id=entry.alert_id)))
    late.changed -= 5
    ledger, owner = restored([done]), Owner()
    owner.owns = owns
    async with taking_over(ledger, owner) as publisher:
        await until(lambda: bool(publisher.calls) and owner.asked > 3)
        assert bool(publisher.written) == owns  # who does not have it repeats its outcomes, and claims nothing
        publisher.written.clear()
        ledger.restore(done.key, encoder.encode(late))
        asked = owner.asked
        await until(lambda: owner.asked > asked + 3)
    assert [read_entry(each.key, each.value or b"").state for each in publisher.written] == ["delivered"] * owns


async def test_a_worker_that_thaws_forgets_nothing_that_may_be_another_workers(
    alert: MakeAlert, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clock has gone on: entries that it takes for old may be new ones of another, and are forgotten once it has them."""
    monkeypatch.setattr(sending_module, "EXPIRE_SECONDS", 0.0)
    [done] = await delivered(alert, 1)
    owner = Owner()
    owner.owns = False
    async with taking_over(restored([done], 0.0), owner) as publisher:
        await until(lambda: owner.asked > 3)
        assert not publisher.written
        owner.owns = True
        await until(lambda: [change.value for change in publisher.written] == [None])


async def test_an_attempt_underway_has_its_answer_before_its_partition_goes(
    alert: MakeAlert, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver that takes some seconds is told once, though workers come and go: the outcome is recorded first."""
    loop = asyncio.get_running_loop()
    async with sending(alert, 1, shut=True) as now:
        await until(lambda: now.desk.inside == 1)
        pausing = asyncio.ensure_future(now.sender.pause())
        await asyncio.sleep(0)
        time_of_loop = loop.time
        monkeypatch.setattr(loop, "time", lambda: time_of_loop() + 5)
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert not pausing.done()
        now.desk.door.set()
        await pausing
        assert [read_entry(each.key, each.value or b"").state for each in now.publisher.written] == ["delivered"]
        monkeypatch.undo()


@pytest.mark.parametrize("failures", [0, DOWN_AFTER])
async def test_a_receiver_that_is_down_holds_up_no_rebalance(
    alert: MakeAlert, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    """What hangs at it is given up after a moment; one that was well has all of its time to answer."""
    monkeypatch.setattr(sending_module, "DOWN_SECONDS", 0.01)
    async with sending(alert, 1, shut=True) as now:
        await until(lambda: now.desk.inside == 1)
        [queue] = now.sender._queues.values()
        queue.failures = failures
        [attempt] = queue.underway.values()
        pausing = asyncio.ensure_future(now.sender.pause())
        if failures:
            await asyncio.wait_for(pausing, 5)
            assert attempt.cancelled()
        else:
            await asyncio.wait([pausing], timeout=0.1)
            assert not pausing.done()
            now.desk.door.set()
            await pausing
            assert len(now.publisher.written) == 1


async def test_a_stop_gives_up_an_attempt_that_takes_too_long(alert: MakeAlert) -> None:
    """It has less time than an attempt: the next owner makes the attempt again."""
    async with sending(alert, 1, shut=True) as now:
        await until(lambda: now.desk.inside == 1)
        [attempt] = [task for queue in now.sender._queues.values() for task in queue.underway.values()]
        pausing = asyncio.ensure_future(now.sender.pause())
        await asyncio.sleep(0)
        pausing.cancel()
        await asyncio.wait([pausing, attempt])
        assert attempt.cancelled()
        assert now.publisher.written == []


async def test_no_more_than_parallel_attempts_at_once(alert: MakeAlert) -> None:
    """A receiver is asked by `deliver.parallel` at a time, one that takes them one by one by one."""
    for one_at_a_time, most in ((False, PARALLEL), (True, 1)):
        async with sending(alert, 12, one_at_a_time=one_at_a_time, shut=True) as now:
            await until(lambda: now.desk.inside == most)  # noqa: B023 - awaited within the turn
            await asyncio.sleep(0.05)
            now.desk.door.set()
            await until(lambda: now.sender.waiting == 0)
        assert now.desk.most_inside == most


async def test_nothing_is_sent_that_may_be_another_workers(alert: MakeAlert) -> None:
    """While the group has not confirmed that the partition is this worker's, its alerts wait; then they go out, once."""
    async with sending(alert, 6, owns=False) as now:
        await asyncio.sleep(0.1)
        assert now.desk.taken == []
        assert now.sender.waiting == 6
        now.owner.owns = True
        await until(lambda: now.sender.waiting == 0)
    assert len(now.desk.taken) == len(set(now.desk.taken)) == 6


async def test_alert_begun_before_the_partition_was_lost_is_not_sent(alert: MakeAlert) -> None:
    """An attempt that was about to write when ownership became doubtful writes nothing; it is sent once that is settled."""
    async with sending(alert, 8, shut=True) as now:
        await until(lambda: now.desk.inside == PARALLEL)
        now.owner.owns = False
        now.desk.door.set()
        await until(lambda: now.desk.inside == 0)
        await asyncio.sleep(0.1)
        assert now.desk.taken == []
        now.owner.owns = True
        await until(lambda: now.sender.waiting == 0)
    assert sorted(now.desk.taken) == [f"{number:032x}" for number in range(8)]


async def test_failure_is_not_recorded_where_another_may_have_delivered(alert: MakeAlert) -> None:
    """An attempt that fails after ownership became doubtful leaves the ledger as it is, one that got through is recorded."""
    for takes in (False, True):
        async with sending(alert, 1, answer=Attempt(delivered=takes, error="away"), shut=True) as now:
            now.desk.asks = False
            await until(lambda: now.desk.inside == 1)
            now.owner.owns = False
            now.desk.door.set()
            await until(lambda: now.desk.inside == 0)
            await asyncio.sleep(0.05)
            assert len(now.publisher.written) == takes
