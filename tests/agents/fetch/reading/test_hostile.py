"""Documents that are made to hurt: the whole parts of each are read within the limits of a child process."""

import asyncio
import gzip
from collections.abc import Iterator
from functools import partial

import pytest

from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Document
from streams.work import Success
from streams.worker.pool import WorkPool
from tests.support.hostile import FEEDS, MANY, OTHERS, URL


@pytest.fixture(scope="module")
def child() -> Iterator[WorkPool]:
    """A child of 512 MiB that reads one document after another, as a worker's does."""
    pool = WorkPool(1, [], 512)
    yield pool
    asyncio.run(pool.stop())


async def read_in(child: WorkPool, document: bytes) -> Document:
    """Read a document in a child."""
    # of this module the child would import all that the tests need
    [result] = await child.run(partial(read, url=URL), [document], timeout_seconds=60)
    assert isinstance(result, Success), result
    return result.product


@pytest.mark.parametrize("name", FEEDS)
async def test_a_hostile_feed_is_read_within_the_limits(child: WorkPool, name: str) -> None:
    """Both items come out, whatever the first holds; where something of it was cut, a note says so."""
    found = await read_in(child, FEEDS[name]())

    assert [entry.title for entry in found.entries] == ["first", "second"]
    assert sum(len(entry.summary or "") for entry in found.entries) <= 1 << 20


@pytest.mark.parametrize("name", OTHERS)
async def test_any_hostile_document_is_read_within_the_limits(child: WorkPool, name: str) -> None:
    """Something comes out within the memory of a child: entries, links, or a note on why there is nothing."""
    found = await read_in(child, OTHERS[name]())

    assert found.entries or found.links or found.notes or found.kind == "unknown"
    assert sum(len(entry.title or "") + len(entry.summary or "") for entry in found.entries) <= 16 << 20


def test_nothing_outside_a_document_is_read() -> None:
    """An external entity is not put in."""
    assert read(FEEDS["external entity"](), URL).entries[0].summary == "&a;"


def test_a_character_of_endless_digits_costs_no_feed() -> None:
    """It stands for no character; the items are there."""
    items = f"<item><title>one &#{'9' * 5_000}; more</title></item><item><title>second</title></item>"
    found = read(f"<rss><channel>{items}</channel></rss>".encode(), URL).entries
    assert [entry.title for entry in found] == ["one \ufffd more", "second"]


def test_a_page_without_a_bottom_is_noted() -> None:
    """Nesting that is not read to its end is a note."""
    assert read(b"<html>" + b"<div>" * MANY, URL).notes == ("depth_cut: the page is nested deeper than 256 elements",)


def test_json_without_a_bottom_is_no_feed() -> None:
    """The parser's own depth holds."""
    assert read(b'{"items":' + b"[" * MANY, URL).kind == "unknown"


async def test_a_packed_bomb_is_unpacked_as_far_as_a_sitemap_may_be(child: WorkPool) -> None:
    """Fifty MiB, and no more, within the memory of a child."""
    found = await read_in(child, gzip.compress(b"<urlset>" + bytes(100_000_000), 1))

    assert found.notes == ("document_cut: 52428800 bytes read",)
