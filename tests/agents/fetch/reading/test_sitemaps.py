"""Sitemaps, news sitemaps and indexes."""

import gzip
import io
import tracemalloc
from datetime import UTC, datetime

from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Link
from agents.fetch.reading.sitemaps import Sitemap

URL = "https://e.org/sitemap.xml"
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
HEAD = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {NEWS}>'


def url(number: int) -> str:
    """Return an address of a news sitemap."""
    return (
        f"<url><loc>https://e.org/{number}?a=1&b=2</loc><news:news><news:publication><news:name>E</news:name>"
        f"<news:language>en</news:language></news:publication><news:publication_date>2026-11-26T10:00:00+01:00"
        f"</news:publication_date><news:title>Title {number} &amp; more</news:title><news:keywords>a, b</news:keywords>"
        f"</news:news></url>"
    )


def test_a_news_sitemap_says_title_date_and_language() -> None:
    """The news extension is read; a bare ampersand in an address stays whole."""
    document = read(f"{HEAD}{url(1)}</urlset>".encode(), URL)
    entry = document.entries[0]

    assert (document.kind, entry.url, entry.title) == ("sitemap", "https://e.org/1?a=1&b=2", "Title 1 & more")
    assert (entry.language, entry.categories) == ("en", ("a", "b"))
    assert entry.published_at == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_an_index_names_its_sitemaps() -> None:
    """Children come with the time of their last change."""
    document = read(
        b"<sitemapindex><sitemap><loc>/a.xml.gz</loc><lastmod>2026-11-26</lastmod></sitemap></sitemapindex>", URL
    )

    assert document.kind == "sitemap_index"
    assert document.links == (Link("sitemap", "https://e.org/a.xml.gz", updated_at=datetime(2026, 11, 26, tzinfo=UTC)),)


def test_a_packed_sitemap_is_unpacked() -> None:
    """Sitemaps lie on servers as .gz."""
    assert len(read(gzip.compress(f"{HEAD}{url(1)}</urlset>".encode()), URL).entries) == 1


def test_a_torn_sitemap_is_read_up_to_where_it_is_torn() -> None:
    """The loss is a note, whether the file was packed or not."""
    whole = f"{HEAD}{''.join(map(url, range(20_000)))}</urlset>".encode()
    for torn in (whole[: len(whole) // 2], gzip.compress(whole)[:-40_000], gzip.compress(whole)[:30_000] + bytes(300)):
        document = read(torn, URL)
        assert 1_000 < len(document.entries) < 20_000
        assert [note.partition(":")[0] for note in document.notes] == ["broken"]


def sitemap(count: int) -> Sitemap:
    """Return a sitemap of so many addresses."""
    return Sitemap(io.BytesIO(f"{HEAD}{''.join(map(url, range(count)))}</urlset>".encode()), URL)


def test_a_sitemap_has_so_many_addresses() -> None:
    """Fifty thousand addresses are read, as the protocol allows; one more is a note."""
    large = sitemap(50_001)

    assert sum(1 for _ in large) == 50_000
    assert large.notes == ["entries_cut: 50000 of 50001 read"]


def test_a_large_sitemap_is_read_in_flat_memory() -> None:
    """Addresses are yielded while less is held than half of them would take."""
    large = sitemap(10_000)
    tracemalloc.start()

    found = sum(1 for _ in large)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == 10_000
    assert peak < 2 << 20


def test_pictures_of_a_sitemap_are_no_articles() -> None:
    """Only the protocol's own elements are addresses."""
    image = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    page = f"<urlset {image}><url><loc>https://e.org/1</loc><image:url><image:loc>https://e.org/i.jpg</image:loc></image:url></url></urlset>"

    assert [e.url for e in read(page.encode(), URL).entries] == ["https://e.org/1"]


def test_a_sitemap_in_utf_16_is_read() -> None:
    """A charset that is not UTF-8 is found first."""
    assert len(read(f"{HEAD}{url(1)}</urlset>".encode("utf-16"), URL).entries) == 1
