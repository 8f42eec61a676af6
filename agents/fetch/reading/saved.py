"""Saved feeds, sitemaps and pages, as `wirewatch apply poll` reads them: in a child process, without network.

A child writes what it read into a spool file as it goes, so that neither process holds a sitemap's 50,000 entries.
"""

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import orjson

from agents.fetch.reading.documents import MAX_BYTES, SITEMAP, read
from agents.fetch.reading.entries import Document, Entry
from agents.fetch.reading.markup import PROLOG_CHARACTERS
from agents.fetch.reading.neutral import announced_at, neutral, neutral_entry
from agents.fetch.reading.sitemaps import GZIP_MAGIC, Sitemap
from streams import ids
from streams.records import Dead, Raw, encode, utc

#: Limits of a child that reads what a stranger wrote.
READ_SECONDS = 5.0
READ_MEMORY_MIB = 512


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to read. `ref` names it in the output, `spool` is where the child writes.

    `url` is where the document was fetched, for relative addresses; `source` what raw records name as theirs.
    """

    path: str
    ref: str
    spool: str
    url: str = ""
    content_type: str | None = None
    source: str | None = None
    entries: bool = False


def read_file(task: FileTask) -> int:
    """Write a file's entries into its spool; return their number."""
    with open(task.path, "rb") as file, open(task.spool, "wb") as spool:  # noqa: PTH123 - paths of another process
        plain = _plain(file)
        if SITEMAP.search(_begin(plain)):
            return _write_sitemap(task, Sitemap(plain, task.url, task.content_type), spool)
        document = read(plain.read(MAX_BYTES + 1), task.url, task.content_type)
        return _write_document(task, document, spool)


def _plain(file: IO[bytes]) -> IO[bytes]:
    """Return a file's bytes, unpacked where they are packed with gzip."""
    begin = file.read(len(GZIP_MAGIC))
    file.seek(0)
    return gzip.GzipFile(fileobj=file) if begin == GZIP_MAGIC else file  # type: ignore[return-value]


def _begin(file: IO[bytes]) -> bytes:
    begin = file.read(PROLOG_CHARACTERS)
    file.seek(0)
    return begin


def _write_document(task: FileTask, document: Document, spool: IO[bytes]) -> int:
    if task.entries:
        spool.write(orjson.dumps({"ref": task.ref, **neutral(document)}, option=orjson.OPT_UTC_Z) + b"\n")
        return len(document.entries)
    fetched_at, written = _time_of(task.path), set[str]()
    for entry in document.entries:
        record = record_of(entry, task, fetched_at, document)
        # one that stands twice in the document counts once, as it does where a feed is polled
        if (article := _article_of(record)) not in written:
            written.add(article)
            spool.write(encode(record) + b"\n")
    return len(written)


def _article_of(record: Raw | Dead) -> str:
    """Return the id of the article that a record is of."""
    if isinstance(record, Dead):
        return record.id
    return ids.article_id(record.url, record.source, record.title, record.content)


def _write_sitemap(task: FileTask, sitemap: Sitemap, spool: IO[bytes]) -> int:
    count = 0
    if task.entries:
        spool.write(b'{"ref":' + orjson.dumps(task.ref) + b',"entries":[')
    fetched_at, empty = _time_of(task.path), Document(kind="sitemap")
    for entry in _articles(sitemap):
        count += 1
        if task.entries:
            spool.write(b"," if count > 1 else b"")
            spool.write(orjson.dumps(neutral_entry(entry), option=orjson.OPT_UTC_Z))
        else:
            spool.write(encode(record_of(entry, task, fetched_at, empty)) + b"\n")
    if task.entries:
        told = {"kind": sitemap.kind, "feed": {}, "charset": sitemap.charset, "notes": sitemap.notes}
        spool.write(b"]," + orjson.dumps(told)[1:] + b"\n")
    return count


def _articles(sitemap: Sitemap) -> Iterator[Entry]:
    return (item for item in sitemap if isinstance(item, Entry))


def _time_of(path: str) -> datetime:
    return datetime.fromtimestamp(os.stat(path).st_mtime, UTC)  # noqa: PTH116 - paths of another process


def record_of(entry: Entry, task: FileTask, fetched_at: datetime, document: Document) -> Raw | Dead:
    """Return the raw record of an entry's own text; a dead letter where it has none.

    Nothing is fetched, so an entry of a sitemap, or one with a title alone, has `no_content`.
    """
    addresses = filter(None, (entry.url, document.link, task.url))
    source = task.source or next(filter(None, map(ids.site_of, addresses)), Path(task.path).stem)
    content = entry.content or entry.summary or ""
    if not content.strip():
        return _without_content(entry, source, fetched_at)
    announced = announced_at(entry)
    return Raw(
        url=entry.url,
        source=source,
        fetched_at=fetched_at,
        content_type=entry.content_type,
        content=content,
        title=entry.title,
        authors=list(entry.authors) or None,
        published_at=utc(announced) if announced else entry.published_text,
        language=entry.language or document.language,
        feed=task.url or None,
        categories=list(entry.categories) or None,
        entry_id=entry.guid,
        first_seen_at=fetched_at,
        via="file",
    )


def _without_content(entry: Entry, source: str, fetched_at: datetime) -> Dead:
    article = ids.article_id(entry.url, source, entry.title, "")
    name = entry.url or entry.guid or entry.title or "an entry"
    return Dead(
        id=article,
        fetch_id=ids.fetch_id(article, fetched_at),
        step="poll",
        reason="no_content",
        error=f"{name[:300]}: the document holds no text of it, and nothing is fetched here",
        url=entry.url,
        source=source,
        size_bytes=0,
        processed_at=datetime.now(UTC),
    )
