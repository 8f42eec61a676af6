"""Log lines of libraries are bounded: each complaint once a minute, with the number of those left out."""

import logging
from asyncio import CancelledError

from streams.system.log_filters import OncePerMinute, ThirdParty
from tests.support.memory import Clock


def record(message: str, *args: object, name: str = "aiokafka.client") -> logging.LogRecord:
    """Return a log record."""
    return logging.LogRecord(name, logging.ERROR, "", 0, message, args, None)


def test_a_flood_is_one_line_a_minute() -> None:
    """Of 1,000 complaints in a minute one is logged, and the next says how many were not."""
    clock = Clock()
    quiet = OncePerMinute(clock=clock)
    assert sum(quiet.filter(record("cannot reach %s", number)) for number in range(1_000)) == 1
    clock.now += 60
    later = record("cannot reach %s", "b")
    assert quiet.filter(later)
    assert later.getMessage() == "cannot reach b (999 more like it in the last minutes)"


def test_kinds_are_told_apart_and_bounded() -> None:
    """Another complaint is logged at once; thousands of kinds are one."""
    quiet = OncePerMinute(clock=Clock())
    assert quiet.filter(record("one"))
    assert quiet.filter(record("two"))
    assert sum(quiet.filter(record(f"kind {number}")) for number in range(5_000)) < 250


def test_that_a_task_was_cancelled_is_no_line() -> None:
    """Faust says of each actor that it cancels that it has crashed."""
    cancelled = record("crashed")
    cancelled.exc_info = (CancelledError, CancelledError(), None)
    assert not ThirdParty(("aiokafka",)).filter(cancelled)


def test_a_line_that_says_no_to_a_trace_is_a_line() -> None:
    """Asyncio gives `exc_info` as False where a task has no error; the filter, which failed on it, hid the line."""
    traceless = record("a task was destroyed", name="asyncio")
    traceless.exc_info = False  # type: ignore[assignment]
    assert ThirdParty(("asyncio",)).filter(traceless)


def test_own_lines_are_left_alone() -> None:
    """Only the lines of libraries are bounded."""
    quiet = ThirdParty(("aiokafka",))
    assert all(quiet.filter(record("one", name="wirewatch.worker")) for _ in range(3))
    assert [quiet.filter(record("one")) for _ in range(3)] == [True, False, False]
