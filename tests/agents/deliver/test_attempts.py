"""Attempts by their traces: the ledger's entry, the outcome, and whether the receiver is down."""

import logging
import math
from datetime import UTC, datetime

import pytest

from agents.deliver import sender as sending_module
from agents.deliver.ledger import LedgerEntry, read_entry
from agents.deliver.receiver_queue import DOWN_AFTER
from agents.deliver.receivers.base import Attempt
from agents.deliver.settings import DeliverSettings
from tests.support.sending import Desk, MakeAlert, Sending, sending, until

NOON = 1_772_452_800.0
AWAY = Attempt(delivered=False, status=503, error="away")
REFUSED = Attempt(delivered=False, final=True, status=410, error="gone")
TAKEN = Attempt(delivered=True, status=204)
#: Shorter than what the ledger remembers.
LONG = 1_800.0
SLOW = DeliverSettings(parallel=4, first_wait_seconds=LONG, max_wait_seconds=LONG, max_attempts=2)


class Clock:
    """A clock that stands still but for attempts, which take two seconds and a half each."""

    def __init__(self) -> None:
        self.now = NOON

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The sender's clock."""
    clock, send = Clock(), Desk.send

    async def slowly(*arguments: object) -> Attempt:
        answer = await send(*arguments)  # type: ignore[arg-type]
        clock.now += 2.5
        return answer

    monkeypatch.setattr(sending_module, "time", clock)
    monkeypatch.setattr(Desk, "send", slowly)
    return clock


def entries(now: Sending) -> list[LedgerEntry]:
    """Return the entries that were written, in their order."""
    return [read_entry(change.key, change.value or b"") for change in now.publisher.written]


def is_up(now: Sending) -> float | None:
    """Return whether the metrics call the receiver up."""
    return now.metrics.registry.get_sample_value("wirewatch_receiver_up", {"receiver": "desk"})


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("answer", "state"), [(TAKEN, "delivered"), (REFUSED, "dead"), (AWAY, "waiting")])
async def test_an_outcome_says_what_came_of_the_attempt(alert: MakeAlert, answer: Attempt, state: str) -> None:
    """An alert is kept while it is to be tried again, with the time of that; a dead one leaves a dead letter."""
    async with sending(alert, 1, SLOW, answer=answer) as now:
        await until(lambda: bool(now.publisher.written))
        [entry] = entries(now)

    assert (entry.state, entry.attempts, entry.uncounted, entry.changed) == (state, 1, 0, NOON + 2.5)
    assert entry.last is not None
    assert entry.last.outcome == ("failed" if state == "waiting" else state)
    assert (entry.last.attempted_at.timestamp(), entry.last.seconds) == (NOON, 2.5)
    assert (entry.last.status, entry.last.error) == (answer.status, answer.error)
    assert (entry.alert is not None) == (state == "waiting")
    if state == "waiting":
        assert NOON + 2.5 + LONG / 2 <= entry.due <= NOON + 2.5 + LONG
        assert entry.last.next_attempt_at == datetime.fromtimestamp(entry.due, UTC)
    else:
        assert (entry.due, entry.last.next_attempt_at) == (0.0, None)
    outputs = [output for _, made in now.publisher.calls for output in made]
    assert len(outputs) == (2 if state == "dead" else 1)


async def test_the_last_attempt_that_fails_is_the_end(alert: MakeAlert, clock: Clock) -> None:
    """There are as many as the settings say."""
    async with sending(alert, 1, SLOW, answer=AWAY) as now:
        await until(lambda: len(now.publisher.written) == 1)
        clock.now += LONG
        now.sender.wake("desk")
        await until(lambda: len(now.publisher.written) == 2)

        assert [(entry.state, entry.attempts) for entry in entries(now)] == [("waiting", 1), ("dead", 2)]


@pytest.mark.usefixtures("clock")
async def test_what_is_tried_before_its_time_keeps_its_time(alert: MakeAlert, caplog: pytest.LogCaptureFixture) -> None:
    """A receiver that is down is asked again and again, and that costs no alert any of its attempts."""
    caplog.set_level(logging.INFO, "wirewatch.deliver")
    async with sending(alert, DOWN_AFTER, SLOW, answer=AWAY) as now:
        await until(lambda: len(now.publisher.written) > DOWN_AFTER + 5)
        assert is_up(now) == 0
        now.desk.answer = TAKEN
        await until(lambda: sum(entry.state == "delivered" for entry in entries(now)) == DOWN_AFTER)
        assert is_up(now) == 1
        written = entries(now)

    first = {entry.alert_id: entry.due for entry in written[:DOWN_AFTER]}
    early = [entry for entry in written[DOWN_AFTER:] if entry.state == "waiting"]
    assert len(early) > 4
    assert all(entry.uncounted == entry.attempts - 1 for entry in early)
    assert all(math.isclose(entry.due, first[entry.alert_id]) for entry in early)
    # an attempt under way when the receiver came back may be written behind others' deliveries: the last of each tells
    assert list({entry.alert_id: entry.state for entry in written}.values()) == ["delivered"] * DOWN_AFTER
    assert [record.getMessage() for record in caplog.records] == [
        "receiver desk is down: away",
        "receiver desk takes alerts again",
    ]


async def test_a_receiver_that_is_back_may_fail_again_before_it_is_down(alert: MakeAlert) -> None:
    """Failures before do not count."""
    async with sending(alert, DOWN_AFTER, SLOW, answer=AWAY) as now:
        await until(lambda: is_up(now) == 0)
        now.desk.answer = TAKEN
        await until(lambda: now.sender.waiting == 0)
        now.desk.answer = AWAY
        for number in range(DOWN_AFTER - 1):
            now.wait_for(alert(id=f"{number + 90:032x}"))
        now.sender.wake("desk")
        written = len(now.publisher.written)
        await until(lambda: len(now.publisher.written) == written + DOWN_AFTER - 1)
        assert is_up(now) == 1


async def test_what_a_receiver_refuses_for_good_does_not_make_it_down(
    alert: MakeAlert, caplog: pytest.LogCaptureFixture
) -> None:
    """It is there, and answers."""
    caplog.set_level(logging.WARNING, "wirewatch.deliver")
    async with sending(alert, DOWN_AFTER + 1, SLOW, answer=REFUSED) as now:
        await until(lambda: now.sender.waiting == 0)
        assert is_up(now) == 1

    assert all("is dead at receiver desk: gone" in record.getMessage() for record in caplog.records)


async def test_what_is_due_again_at_once_is_tried_again(alert: MakeAlert) -> None:
    """An alert whose next attempt is due before its last one has come to its end is not lost sight of."""
    at_once = DeliverSettings(parallel=4, first_wait_seconds=1e-6, max_wait_seconds=1e-6, max_attempts=1_000)
    async with sending(alert, 2, at_once, answer=AWAY) as now:
        await until(lambda: len(now.desk.taken) > 200)
        now.desk.answer = TAKEN
        await until(lambda: now.sender.waiting == 0)


async def test_attempts_before_their_time_do_not_count_later_either(alert: MakeAlert, clock: Clock) -> None:
    """An alert that was tried five times while its receiver was down has its own attempts left."""
    async with sending(alert, 1, SLOW, answer=AWAY) as now:
        [entry] = now.ledger._entries.values()
        entry.attempts = entry.uncounted = 5
        await until(lambda: bool(now.publisher.written))
        [after] = entries(now)

    assert (after.state, after.attempts, after.uncounted) == ("waiting", 6, 5)
    assert after.due > clock.now


async def test_what_comes_due_during_an_early_attempt_is_due_at_once(alert: MakeAlert, clock: Clock) -> None:
    """The attempt took longer than the rest of the wait: nothing is added to it."""
    async with sending(alert, 0, SLOW) as now:
        [queue] = now.sender._queues.values()
        queue.failures = DOWN_AFTER
        queue.failing_since = clock.now
        now.desk.answer = AWAY
        now.wait_for(alert(id="a" * 32), due=NOON + 1)
        now.sender.wake("desk")
        await until(lambda: bool(now.publisher.written))
        first = entries(now)[0]

    assert (first.state, first.attempts, first.uncounted, first.due) == ("waiting", 1, 1, NOON + 2.5)
