"""The folder `FILE.part` of a run into FILE that is not done: its records, its changes of state, and how far it has come."""

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

from streams.errors import OutputError
from streams.message import Change
from streams.topics import TOPICS, KafkaTopic
from wirewatch.tables.exclusive import open_alone

#: Records that are given to a file's format at once.
TOGETHER = 1_000
#: The files of the folder; that of the changes has a number behind its name from the second on.
RECORDS, CHANGES, MARK, LOCK = "records.jsonl", "changes", "mark.json", "lock"
#: Changes are thinned out once they take so many bytes, and again whenever they have doubled.
THINNED_BYTES = 256 << 20
#: Bytes by which a key is told from others.
KEY_BYTES = 16


class Mark(Struct, forbid_unknown_fields=True):
    """How far a run has come: the input's line, a digest of the lines up to it, and the whole bytes of both files.

    `plan` is a digest of all that the result depends on besides the input, `thinned` how often the changes were thinned out,
    which is the number of their file.
    """

    plan: str
    line: int = 0
    lines: str = ""
    records: int = 0
    changes: int = 0
    thinned: int = 0


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
            self._lock = open_alone(self._folder / LOCK, path)
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
        self._changes = self._cut(changes_name(self.mark.thinned), self.mark.changes)
        self._thin_at = max(THINNED_BYTES, 2 * self.mark.changes)
        for path in self._folder.glob(f"{CHANGES}*"):
            if path.name != changes_name(self.mark.thinned):  # of a run that was stopped while it thinned them out
                path.unlink()

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
            self.mark = Mark(self.mark.plan, line, lines, self._records.tell(), self._changes.tell(), self.mark.thinned)
            self._write_mark()
            if self.mark.changes > self._thin_at:
                self._thin()
        except OSError as error:
            raise unwritable(self._folder, error) from error

    def _thin(self) -> None:
        """Write the last change of each key into a file of their own, as Kafka compacts a topic, and go on in that.

        A source's repeated lines change with each of its articles: without it the folder would be larger than any state.
        """
        before = self._folder / changes_name(self.mark.thinned)
        last: dict[bytes, int] = {}
        with before.open("rb") as file:
            for place, line in enumerate(file):
                topic, key, value = orjson.loads(line)
                known = blake2b(f"{topic}\0{key}".encode(), digest_size=KEY_BYTES).digest()
                last[known] = place
                if value is None:
                    del last[known]
        kept = set(last.values())
        after = (self._folder / changes_name(self.mark.thinned + 1)).open("wb")
        with before.open("rb") as file:
            after.writelines(line for place, line in enumerate(file) if place in kept)
        after.flush()
        os.fsync(after.fileno())
        self.mark = msgspec.structs.replace(self.mark, changes=after.tell(), thinned=self.mark.thinned + 1)
        self._write_mark()
        self._changes.close()
        self._changes = after
        before.unlink()
        self._thin_at = max(THINNED_BYTES, 2 * self.mark.changes)

    def restore(self, restore: Callable[[KafkaTopic, str, bytes | None], None]) -> None:
        """Give back every change of state, in order."""
        with (self._folder / changes_name(self.mark.thinned)).open("rb") as file:
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
        """Close the files; lines behind the mark are written again by the run that goes on."""
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
        """Open a file behind its mark, and forget the rest."""
        file = (self._folder / name).open("ab")
        file.truncate(size)
        file.seek(0, os.SEEK_END)
        return file


def changes_name(thinned: int) -> str:
    """Return the name of the file of the changes that were thinned out so many times."""
    return f"{CHANGES}-{thinned}.jsonl" if thinned else f"{CHANGES}.jsonl"


def _line_of(change: Change) -> bytes:
    value = None if change.value is None else base64.b64encode(change.value).decode()
    return orjson.dumps([change.topic.name, change.key, value]) + b"\n"


def unwritable(folder: Path, error: OSError) -> OutputError:
    """Return the error for a folder that takes nothing, with advice where its disk is full."""
    advice = "; make room, and go on with --resume" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    return OutputError(f"{folder} cannot be written: {error.strerror or error}{advice}")
