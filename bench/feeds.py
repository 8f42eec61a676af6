"""Read feeds and sitemaps, beside feedparser in the same run: CPU milliseconds a document.

    python -m bench.feeds

Documents are made on the spot: a feed of 30 teasers (some 20 kB), one of 30 full texts (160 kB), one of 2,000 items, and a
news sitemap of 50,000 addresses with the memory that reading it takes. Writes the section `feeds` of docs/measured.md.
"""

import os
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import IO
from xml.sax.saxutils import escape

import feedparser

from agents.fetch.reading.documents import read
from agents.fetch.reading.sitemaps import Sitemap
from bench.measured import record, table

START = datetime(2026, 11, 1, tzinfo=UTC)
WORDS = ("harbour", "strike", "ministry", "election", "flood", "bank", "court", "union", "hospital", "school", "train")
URL = "https://news.example/feed"


def feed(items: int, paragraphs: int) -> bytes:
    """Return an RSS feed: each item has a teaser, and so many paragraphs of HTML where there are any."""
    chance = random.Random(items * 1000 + paragraphs)
    out = [
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ]
    out.append(
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><link>https://news.example/</link>'
    )
    for number in range(items):
        sentence = " ".join(chance.choices(WORDS, k=60))
        html = "".join(f"<p>{sentence} &amp; <a href='/{n}'>more</a>.</p>" for n in range(paragraphs))
        when = format_datetime(START - timedelta(minutes=number))
        out.append(
            f"<item><title>{escape(sentence[:70])} &amp; so on</title><link>https://news.example/{number}</link>"
            f"<guid isPermaLink='false'>n{number}</guid><pubDate>{when}</pubDate><dc:creator>Ana Ruiz</dc:creator>"
            f"<category>World</category><description>{escape(sentence)}</description>"
        )
        out.append(f"<content:encoded><![CDATA[{html}]]></content:encoded></item>" if html else "</item>")
    return "".join([*out, "</channel></rss>"]).encode()


def write_sitemap(file: IO[bytes], urls: int) -> None:
    """Write a news sitemap, row by row."""
    file.write(b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" ')
    file.write(b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">')
    for number in range(urls):
        row = (
            f"<url><loc>https://news.example/2026/11/some-article-with-a-long-name-{number}?a=1&amp;b={number}</loc>"
            "<lastmod>2026-11-26T10:00:00+00:00</lastmod><news:news><news:publication><news:name>News</news:name>"
            "<news:language>en</news:language></news:publication><news:publication_date>2026-11-26T09:00:00+00:00"
            f"</news:publication_date><news:title>Some article with a long title, number {number}</news:title>"
            "</news:news></url>\n"
        )
        file.write(row.encode())
    file.write(b"</urlset>")
    file.seek(0)


def milliseconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, over as many as take a second."""
    calls, start = 0, time.process_time()
    while (spent := time.process_time() - start) < 1.0 or not calls:
        work()
        calls += 1
    return spent / calls * 1000


def main() -> None:
    """Measure, print and record."""
    with tempfile.TemporaryFile() as news:
        write_sitemap(news, 50_000)
        size = os.fstat(news.fileno()).st_size
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # first, while this process has held nothing larger
        start = time.process_time()
        count = sum(1 for _ in Sitemap(news, URL))
        seconds = time.process_time() - start
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rows = []
    for name, document in (
        ("30 teasers", feed(30, 0)),
        ("30 full texts", feed(30, 12)),
        ("2,000 items", feed(2000, 1)),
    ):
        own = milliseconds(lambda document=document: read(document, URL))  # type: ignore[misc]
        peer = milliseconds(lambda document=document: feedparser.parse(document))  # type: ignore[misc]
        rows.append([f"{name}, {len(document) / 1000:,.0f} kB", f"{own:.1f}", f"{peer:.1f}", f"{peer / own:.1f}"])
    text = "CPU milliseconds a document, decoding included, one process.\n\n"
    text += table(["", "wirewatch", f"feedparser {feedparser.__version__}", "times"], rows)
    text += (
        f"\n\nA news sitemap of {count:,} addresses ({size / 1e6:.0f} MB) takes {seconds:.1f} s of CPU time and "
        f"{more:.0f} MiB of memory."
    )
    print(text)
    record("feeds", "Reading feeds", text, command="python -m bench.feeds")


if __name__ == "__main__":
    main()
