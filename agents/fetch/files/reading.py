"""Files as raw records: lines of JSON, saved pages, web archives, mails, tables.

Files and folders of JSON lines (.jsonl, standard input), pages (.html, .htm, .mhtml), texts (.txt, .md), web archives (.warc,
.warc.gz, .wacz), mails (.eml, .mbox) and tables of articles (.csv, .tsv, .parquet), most of them packed or not (`PACKINGS`).
Everything that is no raw record is refused with its file and line, and the rest goes on.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Literal

import msgspec

from agents.fetch.files import mhtml
from agents.fetch.files.archives import opened_archive, read_archive, read_collection
from agents.fetch.files.documents import articles_in, read_document
from agents.fetch.files.encodings import text_of
from agents.fetch.files.folders import files_in
from agents.fetch.files.found import (
    CONTROLS,
    Found,
    Reading,
    Refusal,
    broken_off,
    changed_at,
    name_of,
    source_of,
    too_long,
    with_progress,
)
from agents.fetch.files.mails import MAILS, read_mails
from agents.fetch.files.opening import (
    A_TABLE,
    AS_HTML,
    AS_TABLE,
    OTHER_TABLES,
    READ_ERRORS,
    TABLES,
    bounded_lines,
    is_table,
    opened,
    other_form,
)
from agents.fetch.files.own_lines import has_own_fields, is_line, read_own_lines
from agents.fetch.files.packings import plain_name, without_packing
from agents.fetch.files.tables import Table, read_table, table_of
from streams.errors import InputError, InvalidRecord, MissingExtra
from streams.records import Raw, decode

#: Pages with their pictures in one file, as browsers save them.
MHTML = (".mhtml", ".mht")
#: Articles as plain text, one a file.
TEXTS = (".txt", ".md")
#: Lines by which databases of newspapers part the articles of an export as text.
PARTING = re.compile(
    rb"^[ \t]*(?:\d{1,6} of \d{1,6} DOCUMENTS|End of Document|Document [A-Z]{3,8}0\d{6}[0-9a-z]{6,20})[ \t\r]*$",
    re.MULTILINE,
)
#: Tags that may name a page's address, of so many characters at most, and what one of them says then.
HEAD_TAG = re.compile(r"<(?:link|meta)\b[^<>]{0,4000}>", re.IGNORECASE)
CANONICAL = re.compile(r"""\brel\s*=\s*["']?canonical\b|\bproperty\s*=\s*["']?og:url\b""", re.IGNORECASE)
ADDRESS = re.compile(r"""\b(?:href|content)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)

#: How a file is read: lines of raw records or with fields of their own, a saved page, a text, a web archive, archives in a zip,
#: mails, a table.
Kind = Literal["lines", "own_lines", "document", "page", "text", "archive", "collection", "mails", "table"]


def read_path(path: Path, reading: Reading) -> Iterator[Found]:
    """Yield the records of a file or a folder, in the order of names. Raises `MissingExtra`."""
    if not path.is_dir():
        yield from read_file(path, reading, path.parent)
        return
    for child in files_in(path):
        if isinstance(child, Refusal):
            yield child
        else:
            yield from read_file(child, reading, path)


def read_file(path: Path, reading: Reading, root: Path) -> Iterator[Found]:
    """Yield the records of a file; `root`: the folder by whose paths pages without an address are named."""
    where = name_of(path)
    try:
        match kind_of(path, reading.max_bytes):
            case "lines":
                with path.open("rb") as lines:
                    yield from with_progress(lines, reading, partial(read_lines, lines, where))
            case "own_lines":
                with path.open("rb") as lines:
                    read_own = partial(read_own_lines, lines, table_of(path, reading.source))
                    yield from with_progress(lines, reading, read_own)
            case "document":
                articles = articles_in(path) or []
                reading.progress(path.stat().st_size)
                yield from read_document(articles, table_of(path, reading.source), reading)
            case "page" | "text":
                page = read_page(path, reading)
                reading.progress(path.stat().st_size)
                yield named(page, path.relative_to(root))
            case "archive":
                with path.open("rb") as archive:
                    yield from read_archive(opened_archive(archive), where, reading)
            case "mails":
                with path.open("rb") as mails:
                    of_mails = partial(read_mails, without_packing(mails), where, source_of(path), changed_at(path))
                    yield from with_progress(mails, reading, of_mails)
            case "collection":
                yield from read_collection(path, reading)
            case "table":
                yield from read_table(path, reading)
            case _:
                yield Refusal(where, "unknown_file", unknown(path))
    except MissingExtra:
        raise
    except (OSError, ValueError) as error:  # gone meanwhile, not ours to read, a disk that fails
        yield Refusal(where, "unreadable", getattr(error, "strerror", None) or str(error))
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a broken file: the next file is read
        yield Refusal(where, "unreadable", f"{type(error).__name__}: {error}")


def unknown(path: Path) -> str:
    """Give advice on a file of an unknown kind."""
    if path.suffix in (".xml", ".rss", ".atom", ".rdf"):
        return f"a feed or sitemap holds no articles yet: `wirewatch apply poll {path}` reads its entries"
    if path.suffix.lower() in OTHER_TABLES:
        return AS_TABLE
    with path.open("rb") as file:
        form = other_form(file)
    return (
        form
        or "neither .jsonl, .html, .mhtml, .txt, .warc, .wacz, .eml, .mbox, .csv nor .parquet: rename it, or write one raw "
        "record a line as JSON"
    )


def kind_of(path: Path, max_bytes: int) -> Kind | None:
    """Return how a file is read, by its name, and where that leaves a doubt by its beginning; `max_bytes`: of a line."""
    name = plain_name(path.name)
    if name.endswith(TABLES) and is_table(path):
        return "table"
    if name.endswith(".json") and not is_line(path, max_bytes) and articles_in(path) is not None:
        return "document"
    if name.endswith((*TABLES, ".jsonl", ".ndjson", ".json")):
        return "own_lines" if has_own_fields(path, max_bytes) else "lines"
    if name.endswith((".html", ".htm", ".xhtml", *MHTML)):
        return "page"
    if name.endswith(TEXTS) and not is_line(path, max_bytes):
        return "text"
    if name.endswith(".wacz"):
        return "collection"
    if name.endswith(MAILS):
        return "mails"
    return "archive" if name.endswith(".warc") else None


def read_lines(lines: IO[bytes], name: str, reading: Reading) -> Iterator[Found]:
    """Yield a raw record for each line of JSON; blank lines are passed over, lines too long are skipped unread."""
    number, max_bytes = 0, reading.max_bytes
    try:
        for number, (line, size) in enumerate(bounded_lines(opened(lines), max_bytes), 1):
            reading.progress(size)
            if size > max_bytes + 1:
                url = re.search(rb'"url"\s*:\s*"([^"]{1,2000})"', line[:4096])
                yield too_long(f"{name}:{number}", size, max_bytes, url[1].decode("utf-8", "replace") if url else None)
            elif line.strip():
                try:
                    yield decode(line, Raw)
                except InvalidRecord as error:
                    yield Refusal(
                        f"{name}:{number}", error.reason, with_advice(error.error, first=number == 1), size_bytes=size
                    )
    except InputError as error:
        yield Refusal(name, "unreadable", str(error))
    except READ_ERRORS as error:
        yield broken_off(name, number, error)


#: The error of a line that is `[` or `{` alone: a JSON document over several lines.
BRACKET_ALONE = re.compile(r"unexpected end of data(?: at character [12]|: line 2 column [12] \(char [1-4]\))\Z")
#: The error of a line that ends within its record: of the first one of a file, a JSON document over several lines.
BROKEN_OFF = "unexpected end of data"
#: The error of a line that is a part of such a document, or more than one record.
MORE_THAN_ONE = "unexpected content after document"
#: The errors of a line that does not begin as JSON does.
NO_JSON = re.compile(r"unexpected character, expected a JSON value at character 1\Z|not UTF-8: byte")


def with_advice(error: str, *, first: bool) -> str:
    """Return an error about a raw record's line, with advice; `first`: it is the first line of its file."""
    if first and NO_JSON.match(error):
        return f"{error}: this is no JSON; a saved page is named *.html, a feed goes through the step `poll`, {A_TABLE}"
    if "missing required field `fetched_at`" in error:
        return f'{error}: add when the page was fetched, as in "fetched_at": "2026-11-26T12:00:00Z"'
    parted = BRACKET_ALONE.match(error) or error.startswith(MORE_THAN_ONE) or (first and error.startswith(BROKEN_OFF))
    if parted or error.endswith("not list"):
        return (
            f"{error}: records go one a line, as `jq -c '.[]' FILE` writes those of a list, `jq -c . FILE` a single one"
        )
    if "missing required field" in error:
        return f"{error}: `wirewatch schema raw` has all fields"
    return error


def read_page(path: Path, reading: Reading) -> Found:
    """Return the raw record of a saved page, with the URL that it names itself, or of a text; fetched at the file's time."""
    is_mhtml = plain_name(path.name).endswith(MHTML)
    size, max_bytes = path.stat().st_size, mhtml.MAX_BYTES if is_mhtml else reading.max_bytes
    try:
        with path.open("rb") as file:
            content = without_packing(file).read(max_bytes + 1)
    except READ_ERRORS as error:
        said = getattr(error, "strerror", None) or str(error)
        return Refusal(name_of(path), "unreadable", said, size_bytes=size)
    if len(content) > max_bytes:
        return Refusal(name_of(path), "too_large", f"over {max_bytes} bytes", size_bytes=max(size, len(content)))
    table = Table(name_of(path), reading.source or source_of(path), changed_at(path))
    if plain_name(path.name).endswith(TEXTS):
        articles = len(PARTING.findall(content))
        if articles > 1:
            said = f"a database's export of {articles} articles, where a text is one: write each into a file of its own"
            return Refusal(table.name, "unreadable", f"{said}, or all into a table", size_bytes=size)
        return text_in(content, table)
    if not is_mhtml:
        return page_in(content, table, reading)
    saved = mhtml.page_in(content)
    if saved is None:
        return Refusal(table.name, "unreadable", f"holds no page as MHTML does: {AS_HTML}", size_bytes=size)
    table = replace(table, changed_at=saved.saved_at or table.changed_at)
    return page_in(saved.content, table, reading, saved.charset, saved.url)


def named(found: Found, path: Path) -> Found:
    """Give the raw record of a page without an address its file's name as its id, by which its records are found again."""
    if not isinstance(found, Raw) or found.url is not None:
        return found
    return msgspec.structs.replace(found, id=CONTROLS.sub("", name_of(path)))


def page_in(
    content: bytes, file: Table, reading: Reading, charset: str | None = None, saved_from: str | None = None
) -> Found:
    """Return the raw record of a page, with the URL that it names itself, else that it was saved from.

    `file`: says the time, and the source of a page without a URL. `charset`: of one that does not say its own.
    """
    if len(content) > reading.max_bytes:
        return Refusal(file.name, "too_large", f"over {reading.max_bytes} bytes", size_bytes=len(content))
    html = text_of(content, charset)
    naming = (ADDRESS.search(tag[0]) for tag in HEAD_TAG.finditer(html) if CANONICAL.search(tag[0]))
    address = next(filter(None, naming), None)
    url = address[1] if address and address[1].lower().startswith(("http://", "https://")) else saved_from
    return Raw(
        url=url,
        source=reading.source or (None if url else file.source),
        fetched_at=file.changed_at,
        content_type="text/html",
        content=html,
    )


def text_in(content: bytes, file: Table) -> Raw:
    """Return the raw record of an article in plain text; `file` says its time and source."""
    return Raw(source=file.source, fetched_at=file.changed_at, content_type="text/plain", content=text_of(content))
