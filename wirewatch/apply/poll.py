"""`wirewatch apply poll`: saved feeds and sitemaps to raw records, or to the neutral form of entries; no network."""

import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec
import orjson

from agents.fetch.files.folders import files_in
from agents.fetch.files.found import Refusal
from agents.fetch.reading.saved import READ_MEMORY_MIB, READ_SECONDS, FileTask, read_file
from streams import ids
from streams.errors import InputError, ReaderGone
from streams.records import Dead, encode, unpacked
from streams.settings import Settings
from streams.work import Failure, Success
from streams.worker.pool import WorkPool
from wirewatch.terminal.standard import give_up

#: Files that travel to a child process together.
TOGETHER = 16


class DocumentLine(msgspec.Struct):
    """One line of a list of documents: a file, its address, and its content type by its server."""

    path: str
    ref: str = ""
    url: str | None = None
    content_type: str | None = None


decoder = msgspec.json.Decoder(DocumentLine)


def documents(
    paths: Sequence[Path],
    url: str | None,
    source: str | None,
    *,
    entries: bool,
    refuse: Callable[[Refusal], None],
) -> Iterator[FileTask]:
    """Yield the documents that paths name: files, folders of them, and lists (`.jsonl`) of files with their addresses.

    `refuse` is called with each folder that is not read. Lists in a folder are passed over: their files are in it, too.
    """
    for path in paths:
        if path.is_dir():
            for child in files_in(path):
                if isinstance(child, Refusal):
                    refuse(child)
                elif child.suffix != ".jsonl":
                    yield from documents([child], url, source, entries=entries, refuse=refuse)
        elif path.suffix == ".jsonl":
            yield from _listed(path, source, entries=entries)
        else:
            yield FileTask(str(path), str(path), "", url or "", None, source, entries)


def _listed(path: Path, source: str | None, *, entries: bool) -> Iterator[FileTask]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                given = unpacked(decoder, line)
            except msgspec.DecodeError as error:
                raise InputError(
                    f"{path}:{number}: {error}. A list names a document in each line: path, and url, content_type and ref "
                    "where they are known."
                ) from error
            file = path.parent / given.path  # an absolute one stays as it is
            yield FileTask(str(file), given.ref or given.path, "", given.url or "", given.content_type, source, entries)


async def read_files(tasks: Iterator[FileTask], settings: Settings) -> AsyncIterator[Path]:
    """Yield, in order, a file of JSON lines with the entries of each document; it is gone with the next one."""
    pool = WorkPool(settings.worker.processes or 1, [], READ_MEMORY_MIB)
    try:
        with tempfile.TemporaryDirectory(prefix="wirewatch-poll-") as folder:
            while some := list(itertools.islice(tasks, TOGETHER)):
                spooled = [replace(task, spool=f"{folder}/{number}") for number, task in enumerate(some)]
                for task, result in zip(spooled, await pool.run(read_file, spooled, READ_SECONDS), strict=True):
                    with _spooled(task, result) as spool:
                        yield spool
    finally:
        await pool.stop()


@contextmanager
def _spooled(task: FileTask, result: Success[int] | Failure) -> Iterator[Path]:
    """Give the file with the entries of a document, or with the reason of its refusal; it is gone afterwards."""
    spool = Path(task.spool)
    if isinstance(result, Failure):
        spool.write_bytes(_failure(task, result))
    yield spool
    spool.unlink()


def _failure(task: FileTask, failed: Failure) -> bytes:
    """Return the line of a document that could not be read."""
    error = f"{task.ref}: {failed.error}"
    if task.entries:
        return orjson.dumps({"ref": task.ref, "error": f"{failed.reason}: {error}"}) + b"\n"
    now = datetime.now(UTC)
    article = ids.article_id(task.url or None, task.source, None, task.ref)
    size = Path(task.path).stat().st_size if Path(task.path).exists() else 0
    dead = Dead(
        id=article,
        fetch_id=ids.fetch_id(article, now),
        step="poll",
        reason=failed.reason,
        error=error[:500],
        url=task.url or None,
        source=task.source,
        size_bytes=size,
        processed_at=now,
    )
    return encode(dead) + b"\n"


async def write_files(tasks: Iterator[FileTask], settings: Settings, out: IO[bytes]) -> bool:
    """Write the entries of all documents; end quietly where nobody reads on (`… | head`). Tell whether there were any."""
    try:
        found = await copy_entries(tasks, settings, out)
        out.flush()
    except ReaderGone:
        give_up(out.fileno())
        return True
    return found


async def spool_files(tasks: Iterator[FileTask], settings: Settings, spool: Path) -> bool:
    """Write the raw records of all documents into a file, the input of the next steps; tell whether there were any."""
    with spool.open("wb") as out:
        return await copy_entries(tasks, settings, out)


async def copy_entries(tasks: Iterator[FileTask], settings: Settings, out: IO[bytes]) -> bool:
    """Write the entries of all documents; tell whether there were any."""
    found = False
    async for read in read_files(tasks, settings):
        found = found or read.stat().st_size > 0
        with read.open("rb") as lines:
            shutil.copyfileobj(lines, out)
    return found
