"""The stores of history: articles in and searches out, in one thread each.

usage: python -m bench.archive [--articles N] [--postgres URL] [--record]

Articles are invented, of some 230 words from a vocabulary of 60,000 whose words are as unevenly common as a language's
(Zipf). Prints articles per processor second with and without their features, bytes an article, and for each search the
milliseconds of its first page and of its counts. --postgres measures that database too, which must be empty.
"""

import argparse
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents.archive.entries import ArticleEntry, article_entry
from agents.archive.open import open_store
from agents.archive.store import Span, Store
from bench.measured import record, table
from streams.records import NewsTopic, Region, Tagged, encode
from wirewatch.search import Search, features

START = datetime(2026, 11, 1, tzinfo=UTC)
COUNTRIES = ("VE", "US", "GB", "FR", "DE", "CN", "IN", "BR", "ZA", "JP")
TOPICS = ("medtop:04000000", "medtop:09000000", "medtop:11000000", "medtop:15000000")
VOCABULARY, WORDS, TOGETHER, TRIES = 60_000, 230, 500, 5
#: The rank of a word is its name: w5 is in most articles, w50000 in few.
QUERIES = (
    "w40",
    "w900",
    "w20000",
    "w300 AND region:VE",
    "(w700* OR w800*) AND topic:sport",
    "w200 NEAR/20 w300",
    '"w60 w61"',
    "=w2000",
    "title:w500",
    "w100 AND lang:en AND NOT w120",
    "*w12345",
)


def articles(count: int) -> Iterator[Tagged]:
    """Yield invented articles, two and a half seconds apart."""
    dice = random.Random(7)
    ranks = range(1, VOCABULARY + 1)
    weights = [1 / rank for rank in ranks]
    words = [f"w{rank}" for rank in ranks]
    for number in range(count):
        drawn = dice.choices(words, weights, k=WORDS)
        at = START + timedelta(seconds=2.5 * number)
        country = dice.choice(COUNTRIES)
        yield Tagged(
            id=f"{number:032x}",
            fetch_id=f"{number:032x}:{at.isoformat()}",
            source=f"paper{number % 300}.example",
            title=" ".join(drawn[:8]),
            text=" ".join(drawn[8:]),
            published_at=at,
            fetched_at=at,
            language="en",
            extractor="bench",
            regions=[Region(country=country, code=country, level="country", name=country, role="about", score=1.0)],
            primary_country=country,
            topics=[NewsTopic(id=dice.choice(TOPICS), label="", level=1, score=0.9, method="bench")],
        )


def filled(store: Store, count: int) -> tuple[float, float]:
    """Fill a store; return the processor seconds for the features and for the store."""
    making = keeping = 0.0
    source = articles(count)
    while True:
        batch = [encode(article) for article in itertools.islice(source, TOGETHER)]
        if not batch:
            return making, keeping
        begin = time.process_time()
        entries: list[ArticleEntry] = [article_entry(value, features) for value in batch]
        middle = time.process_time()
        store.add(entries, [])
        making += middle - begin
        keeping += time.process_time() - middle


def searched(store: Store, query: str) -> tuple[int, float, float]:
    """Return how many articles a query counts, and the median milliseconds of its first page and of its counts."""
    pages, counts, found = [], [], 0
    for _ in range(TRIES):
        search = Search(store, query)
        begin = time.perf_counter()
        search.newest(Span(), 50)
        middle = time.perf_counter()
        found = search.counts(Span()).articles
        pages.append(middle - begin)
        counts.append(time.perf_counter() - middle)
    return found, 1000 * statistics.median(pages), 1000 * statistics.median(counts)


def measured(name: str, url: str, count: int) -> str:
    """Return what one store does."""
    store = open_store(url)
    making, keeping = filled(store, count)
    kept, size = store.size()
    rows = [(f"`{query}`", *searched(store, query)) for query in QUERIES]
    store.close()
    figures = table(
        ["search", "articles", "first page, ms", "counts, ms"],
        [(query, found, f"{page:.0f}", f"{counted:.0f}") for query, found, page, counted in rows],
    )
    return (
        f"{name}, {kept} articles: {count / (making + keeping):.0f} articles per processor second in, features of "
        f"{count / making:.0f}/s included; {size / kept:.0f} bytes an article.\n\n{figures}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--postgres", metavar="URL", default="")
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as folder:
        parts = [measured("SQLite", f"sqlite:{Path(folder) / 'archive.db'}", given.articles)]
    if given.postgres:
        parts.append(measured("PostgreSQL", given.postgres, given.articles))
    text = "\n\n".join(parts)
    print(text)
    if given.record:
        command = f"python -m bench.archive --articles {given.articles}{' --postgres URL' if given.postgres else ''}"
        record("archive", "History", text, command=f"{command} --record")


if __name__ == "__main__":
    main()
