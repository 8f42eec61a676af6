"""Documents that are made to hurt: the whole parts of each are read within the limits of a child process."""

import gzip
from collections.abc import Callable
from functools import partial

import pytest

from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Document
from streams.work import Success
from streams.worker.pool import WorkPool

URL = "https://e.org/feed"
MANY = 100_000


def two_items(inner: str, head: str = "", root: str = "<rss>") -> bytes:
    """Return a feed of two items, the first with something nasty in it."""
    first = f"<item><title>first</title><description>{inner}</description></item>"
    return f"{head}{root}<channel>{first}<item><title>second</title></item></channel></rss>".encode()


def laughs() -> bytes:
    """Return entities that grow tenfold, nine times."""
    steps = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, 10))
    return two_items("&l9;", f'<!DOCTYPE x [<!ENTITY l0 "ha">{steps}]>')


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "billion laughs": laughs,
    "quadratic entities": partial(two_items, "&a;" * MANY, f'<!DOCTYPE x [<!ENTITY a "{"a" * MANY}">]>'),
    "short entities": partial(two_items, "&a;" * MANY * 10, f'<!DOCTYPE x [<!ENTITY a "{"a" * 200}">]>'),
    "external entity": partial(two_items, "&a;", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'),
    "nested elements": partial(two_items, "<div>" * MANY + "</div>" * MANY),
    "nested elements in CDATA": partial(two_items, "<![CDATA[" + "<div>" * MANY + "]]>"),
    "elements without an end": partial(two_items, "<b>" * MANY),
    "bare ampersands": partial(two_items, "&" * MANY * 10),
    "bare brackets": partial(two_items, "<" * MANY * 10),
    "references": partial(two_items, "&#150;" * MANY * 10),
    "a long attribute": partial(two_items, f'<a href="{"x" * 12_000_000}"/>'),
    "many attributes": partial(two_items, "<a " + " ".join(f"a{n}='1'" for n in range(MANY)) + "/>"),
    "many name spaces": partial(
        two_items, "x", root="<rss " + " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(MANY)) + ">"
    ),
    "a long text": partial(two_items, "x" * 12_000_000),
    "scripts without an end": partial(two_items, "&lt;script&gt;" * MANY),
}


def read_one(document: bytes) -> Document:
    """Read a document in the child."""
    return read(document, URL)


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_hostile_feed_is_read_within_the_limits(name: str) -> None:
    """Both items come out, whatever the first holds; where something of it was cut, a note says so."""
    pool = WorkPool(1, [], 512)
    try:
        [result] = await pool.run(read_one, [DOCUMENTS[name]()], timeout_seconds=60)
    finally:
        await pool.stop()

    assert isinstance(result, Success), result
    assert [entry.title for entry in result.product.entries] == ["first", "second"]
    assert sum(len(entry.summary or "") for entry in result.product.entries) <= 1 << 20


def test_nothing_outside_a_document_is_read() -> None:
    """An external entity is not put in."""
    assert read(DOCUMENTS["external entity"](), URL).entries[0].summary == "&a;"


def test_a_page_without_a_bottom_is_noted() -> None:
    """Nesting that is not read to its end is a note."""
    assert read(b"<html>" + b"<div>" * MANY, URL).notes == ("depth_cut: the page is nested deeper than 256 elements",)


def test_json_without_a_bottom_is_no_feed() -> None:
    """The parser's own depth holds."""
    assert read(b'{"items":' + b"[" * MANY, URL).kind == "unknown"


def test_a_packed_bomb_is_unpacked_as_far_as_a_sitemap_may_be() -> None:
    """Fifty MiB, and no more."""
    assert read(gzip.compress(b"<urlset>" + b" " * (60 << 20)), URL).notes == ("document_cut: 52428800 bytes read",)
