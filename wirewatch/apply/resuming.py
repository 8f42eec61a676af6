"""`wirewatch apply … -o FILE`: the steps over a file into another, so that a run that was stopped can go on.

Lines go through the steps in segments. Behind each segment all that came out, and every change of the steps' state, is on
disk beside FILE, in `FILE.part`; a run that goes on takes the state back as a worker does, and begins behind the last
segment. So the file does not depend on whether, where and how often the run was stopped. The times of processing are
left out of it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import orjson

from streams.errors import InputError
from wirewatch.apply.chain import Chain, StartedChain, numbered
from wirewatch.apply.part import Part
from wirewatch.tables.writing import Format, TableFile
from wirewatch.terminal.interrupts import interruptible

#: A segment ends after so many lines, or so many bytes of them: it is read at once, and what a stop costs.
SEGMENT_LINES, SEGMENT_BYTES = 1_000, 64 * 1024 * 1024


@dataclass(frozen=True)
class Target:
    """The file that a run writes. `plan`: a digest of all that its content depends on besides the input."""

    path: Path
    form: Format
    plan: str
    #: go on with a run that was stopped
    resume: bool = False
    segment_lines: int = SEGMENT_LINES


@dataclass(frozen=True)
class Report:
    """Functions that a run calls as it goes on.

    `came`: with each record, those of an earlier run too. `begun`: with the number of lines that an earlier run has done.
    `settled`: with a number of lines that this one has done.
    """

    came: Callable[[bytes], None] = lambda _: None
    begun: Callable[[int], None] = lambda _: None
    settled: Callable[[int], None] = lambda _: None


async def apply_to_file(chain: Chain, lines: Iterable[bytes], target: Target, report: Report) -> None:
    """Run the steps over the lines, into a file; raise `InputError` where a run goes on with another input."""
    part = Part(target.path, target.plan, resume=target.resume)
    try:
        async with chain.started(report.settled, resumable=True) as started:
            done, rest, digest = behind(part, lines)
            report.begun(done)
            part.restore(started.restore)
            for records in part.records():
                for record in records:
                    report.came(record)
            while segment := next_segment(rest, target.segment_lines):
                await _run(started, segment, part, report)
                for _, line in segment:
                    digest.update(line + b"\n")
                part.commit(segment[-1][0], digest.hexdigest(), started.changes)
                started.changes.clear()
        await asyncio.to_thread(_write_file, part, target)
        part.remove()
    finally:
        part.close()


def behind(part: Part, lines: Iterable[bytes]) -> tuple[int, Iterator[tuple[int, bytes]], blake2b]:
    """Return how many lines are done, those that are not, and the digest of those that are.

    Raises `InputError` where those are not the lines of the run that was stopped.
    """
    digest = blake2b(digest_size=16)
    rest = numbered(lines)
    done = last = 0
    while last < part.mark.line:
        found = next(rest, None)
        if found is None:
            raise another_input()
        last, line = found
        digest.update(line + b"\n")
        done += 1
    if part.mark.line and digest.hexdigest() != part.mark.lines:
        raise another_input()
    return done, rest, digest


async def _run(started: StartedChain, segment: list[tuple[int, bytes]], part: Part, report: Report) -> None:
    """Run the steps over a segment, and write their output."""
    async for record in started.run(segment):
        part.add(record)
        report.came(record)


def next_segment(lines: Iterator[tuple[int, bytes]], most_lines: int) -> list[tuple[int, bytes]]:
    """Return the next lines, up to so many and up to `SEGMENT_BYTES`; none at the end."""
    segment, size = [], 0
    with interruptible():
        for number, line in lines:
            segment.append((number, line))
            size += len(line)
            if len(segment) == most_lines or size >= SEGMENT_BYTES:
                break
    return segment


def _write_file(part: Part, target: Target) -> None:
    table = TableFile(target.path, target.form)
    try:
        for records in part.records():
            table.write(map(timeless, records))
        table.close()
    except BaseException:
        table.abandon()
        raise


def timeless(record: bytes) -> bytes:
    """Return a record without the time at which it was processed, which is another one in each run."""
    data = orjson.loads(record)
    data.pop("processed_at", None)
    return orjson.dumps(data)


def another_input() -> InputError:
    """Return the error for an input that is not the one that a run began with."""
    return InputError("the input is not the one that the run was begun with: give that one, or begin anew")
