"""A small WARC file, as an archiving crawler writes it: three articles and one compressed bomb."""

import gzip
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from streams.errors import MissingExtra
from streams.records import utc
from wirewatch.sample.library import articles, publishers
from wirewatch.sample.order import Expectation, article_page
from wirewatch.sample.templates import render

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

BOMB_URL = "https://capemonitor.example/a/9000008"
#: Its size unpacked: eight times the limit for a raw message.
BOMB_BYTES = 64 * 1024 * 1024


def write_warc(path: Path, now: datetime) -> None:
    """Write a .warc.gz of four responses, fetched within the last minute before `now`; same `now`, same bytes."""
    try:
        from warcio.warcwriter import WARCWriter  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtra("demo", "warcio", "the web archive of the demo") from error
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for second, article in enumerate(a for a in articles().values() if a.treatment == "warc"):
            page = article_page(article, now)
            headers = [("Content-Type", "text/html; charset=utf-8")]
            write(writer, page.url, now - timedelta(seconds=50 - second), headers, render(page).encode())
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")]
        write(writer, BOMB_URL, now - timedelta(seconds=40), headers, bomb())


@cache
def expected_warc() -> dict[str, Expectation]:
    """Return the expected end of each response of the WARC file, by URL; `line` is its place, from 1."""
    found = [
        Expectation(
            line=line,
            name=article.slug,
            url=publishers()[article.publisher].url(article.slug),
            outcome="tagged",
            article=article,
        )
        for line, article in enumerate((a for a in articles().values() if a.treatment == "warc"), start=1)
    ]
    found.append(Expectation(line=len(found) + 1, name="bomb", url=BOMB_URL, outcome="dead", reasons=("too_large",)))
    return {entry.url: entry for entry in found if entry.url}


def write(writer: "WARCWriter", url: str, fetched_at: datetime, headers: list[tuple[str, str]], payload: bytes) -> None:
    """Write one response; its record id comes from its URL, so that the file is the same each time."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415 - an extra

    response = StatusAndHeaders("200 OK", [*headers, ("Content-Length", str(len(payload)))], protocol="HTTP/1.1")
    time = utc(fetched_at.replace(microsecond=0))
    warc_headers = {"WARC-Date": time, "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, url)}>"}
    record = writer.create_warc_record(
        url, "response", payload=BytesIO(payload), http_headers=response, warc_headers_dict=warc_headers
    )
    writer.write_record(record)


def bomb() -> bytes:
    """Return a small gzip body that unpacks to `BOMB_BYTES`."""
    packed = BytesIO()
    chunk = b"<p>Walvis Bay</p>" * 61_681
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        for _ in range(BOMB_BYTES // len(chunk) + 1):
            stream.write(chunk)
    return packed.getvalue()
