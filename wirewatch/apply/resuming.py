"""`wirewatch apply … -o FILE`: the steps over a file into another, so that a run that was stopped can go on.

Lines go through the steps in segments. Behind each segment all that came out, and every change of the steps' state, is on
disk beside FILE, in `FILE.part`; a run that goes on takes the state back as a worker does, and begins behind the last
segment. So the file does not depend on whether, where and how often the run was stopped. The times of processing are
left out of it.
"""

import asyncio
import base64
import errno
import itertools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import IO

import msgspec
import orjson
from msgspec import Struct

from streams.errors import InputError, OutputError
from streams.message import Change
from streams.topics import TOPICS, KafkaTopic
from wirewatch.apply.chain import Chain, StartedChain, numbered
from wirewatch.tables.holding import held
from wirewatch.tables.writing import Format, TableFile
from wirewatch.terminal.interrupts import interruptible

#: A segment ends after so many lines, or so many bytes of them: it is read at once, and what a stop costs.
SEGMENT_LINES, SEGMENT_BYTES = 1_000, 64 * 1024 * 1024
#: Records that are given to a file's format at once.
TOGETHER = 1_000
#: The files of FILE.part.
RECORDS, CHANGES, MARK, LOCK = "records.jsonl", "changes.jsonl", "mark.json", "lock"


class Mark(Struct, forbid_unknown_fields=True):
    """How far a run has come: the input's line, a digest of the lines up to it, and the whole bytes of both files.

    `plan` is a digest of all that the result depends on besides the input.
    """

    plan: str
    line: int = 0
    lines: str = ""
    records: int = 0
    changes: int = 0


class Part:
    """The folder of a run that is not done."""

    def __init__(self, path: Path, plan: str, *, resume: bool) -> None:
        """Open it.

        Raises `OutputError` where a run writes it now, where one was stopped and `resume` is not set, or where that was another
        one.
        """
        self._folder = path.with_name(f"{path.name}.part")
        try:
            stopped = self._folder.exists()
            self._folder.mkdir(exist_ok=True)
            self._lock = held(self._folder / LOCK, path)
        except OSError as error:
            raise unwritable(self._folder, error) from error
        try:
            self._open(plan, resume=resume or not stopped)
        except OSError as error:
            self._lock.close()
            raise unwritable(self._folder, error) from error
        except OutputError:
            self._lock.close()
            raise

    def _open(self, plan: str, *, resume: bool) -> None:
        """Go on behind the mark; raise `OutputError` where that is not wanted, or it was another run."""
        if not resume:
            raise OutputError(
                f"{self._folder} is there, of a run that was stopped: go on with --resume, or delete it to begin anew"
            )
        self.mark = self._read_mark(plan)
        if self.mark.plan != plan:
            raise OutputError(
                f"{self._folder} was begun with other steps, settings, watches or another wirewatch: run that again, "
                "or delete it to begin anew"
            )
        self._records = self._cut(RECORDS, self.mark.records)
        self._changes = self._cut(CHANGES, self.mark.changes)

    def add(self, record: bytes) -> None:
        """Write a record."""
        try:
            self._records.write(record + b"\n")
        except OSError as error:
            raise unwritable(self._folder, error) from error

    def commit(self, line: int, lines: str, changes: Iterable[Change]) -> None:
        """Say that all is written up to a line of the input."""
        try:
            self._changes.writelines(_line_of(change) for change in changes)
            for file in (self._records, self._changes):
                file.flush()
                os.fsync(file.fileno())
            self.mark = Mark(self.mark.plan, line, lines, self._records.tell(), self._changes.tell())
            self._write_mark()
        except OSError as error:
            raise unwritable(self._folder, error) from error

    def restore(self, restore: Callable[[KafkaTopic, str, bytes | None], None]) -> None:
        """Give back every change of state, in order."""
        with (self._folder / CHANGES).open("rb") as file:
            for line in file:
                topic, key, value = orjson.loads(line)
                restore(TOPICS[topic], key, None if value is None else base64.b64decode(value))

    def records(self) -> Iterator[list[bytes]]:
        """Yield all records, some at a time."""
        with (self._folder / RECORDS).open("rb") as file:
            lines = (line.rstrip(b"\n") for line in file)
            while some := list(itertools.islice(lines, TOGETHER)):
                yield some

    def close(self) -> None:
        """Close the files; what is not marked is written again by the run that goes on."""
        self._records.close()
        self._changes.close()
        self._lock.close()

    def remove(self) -> None:
        """Remove the folder: the run is done."""
        shutil.rmtree(self._folder)

    def _read_mark(self, plan: str) -> Mark:
        file = self._folder / MARK
        if not file.exists():
            return Mark(plan)
        try:
            return msgspec.json.decode(file.read_bytes(), type=Mark)
        except msgspec.MsgspecError as error:
            raise OutputError(f"{file} cannot be read ({error}): delete {self._folder} to begin anew") from error

    def _write_mark(self) -> None:
        new = self._folder / f"{MARK}.new"
        with new.open("wb") as file:
            file.write(msgspec.json.encode(self.mark))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / MARK)

    def _cut(self, name: str, size: int) -> IO[bytes]:
        """Open a file behind what is marked, and forget the rest."""
        file = (self._folder / name).open("ab")
        file.truncate(size)
        file.seek(0, os.SEEK_END)
        return file


async def apply_to_file(
    chain: Chain,
    lines: Iterable[bytes],
    path: Path,
    form: Format,
    *,
    plan: str,
    resume: bool,
    came: Callable[[bytes], None],
    begun: Callable[[int], None],
    settled: Callable[[int], None],
) -> None:
    """Run the steps over the lines, into a file of a format.

    `came` is called with each record, those of an earlier run too; `begun` with the lines that an earlier run has done,
    `settled` with those that this one does.
    Raises `InputError` where a run goes on with another input.
    """
    part = Part(path, plan, resume=resume)
    try:
        async with chain.started(settled, resumable=True) as started:
            done, rest, digest = behind(part, lines)
            begun(done)
            part.restore(started.restore)
            for records in part.records():
                for record in records:
                    came(record)
            await _run(started, rest, digest, part, came)
        await asyncio.to_thread(_write_file, part, path, form)
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


async def _run(
    started: StartedChain,
    lines: Iterator[tuple[int, bytes]],
    digest: blake2b,
    part: Part,
    came: Callable[[bytes], None],
) -> None:
    while segment := _segment(lines):
        async for record in started.run(segment):
            part.add(record)
            came(record)
        for _, line in segment:
            digest.update(line + b"\n")
        part.commit(segment[-1][0], digest.hexdigest(), started.changes)
        started.changes.clear()


def _segment(lines: Iterator[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Return the lines of the next segment."""
    segment, size = [], 0
    with interruptible():
        for number, line in lines:
            segment.append((number, line))
            size += len(line)
            if len(segment) == SEGMENT_LINES or size >= SEGMENT_BYTES:
                break
    return segment


def _write_file(part: Part, path: Path, form: Format) -> None:
    table = TableFile(path, form)
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


def _line_of(change: Change) -> bytes:
    value = None if change.value is None else base64.b64encode(change.value).decode()
    return orjson.dumps([change.topic.name, change.key, value]) + b"\n"


def another_input() -> InputError:
    """Return the error for an input that is not the one that a run began with."""
    return InputError("the input is not the one that the run was begun with: give that one, or begin anew")


def unwritable(folder: Path, error: OSError) -> OutputError:
    """Return the error for a folder that takes nothing, with advice where its disk is full."""
    advice = "; make room, and go on with --resume" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    return OutputError(f"{folder} cannot be written: {error.strerror or error}{advice}")
