"""The stores of history: articles in and searches out, in one thread each.

usage: python -m bench.archive [--articles N] [--postgres URL] [--folder DIR] [--record]

Articles are invented, of some 230 words from a vocabulary of 60,000 whose words are as unevenly common as a language's
(Zipf), over 30 days. Prints articles per processor second with and without their features, bytes an article, and for
each search the median milliseconds of its newest page, its best page and its counts, over different words of one
commonness in different runs; and the 95th percentile of each over all searches, of the clock and of processor time,
which other work on the machine lengthens less. --postgres measures that database too, which must be empty and on this
machine: its backend's processor time is counted; and says how many of the searches both answer alike. With --folder the
SQLite file stays there, and one that is there is not filled again.
"""

import argparse
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil

from agents.archive.entries import ArticleEntry, article_entry
from agents.archive.open import open_store
from agents.archive.store import Span, Store
from bench.measured import record, table
from streams.records import NewsTopic, Region, Tagged, encode
from wirewatch.history.search import Search, features

T = TypeVar("T")
START = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 30
COUNTRIES = ("US", "GB", "FR", "DE", "CN", "IN", "BR", "VE", "ZA", "JP")
LANGUAGES = ("en", "es", "fr", "de", "pt")
TOPICS = ("medtop:15000000", "medtop:04000000", "medtop:11000000", "medtop:09000000")
VOCABULARY, WORDS, SOURCES, TOGETHER, TRIES = 60_000, 230, 300, 500, 7
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
#: Searches as people make them; `{40}` is a word near rank 40 of the vocabulary, another one in each run.
SEARCHES: tuple[tuple[str, Span], ...] = (
    ("{40}", Span()),
    ("{900}", Span()),
    ("{20000}", Span()),
    ("{300} AND {700}", Span()),
    ("{300} AND region:VE", Span()),
    ("({700}* OR {800}*) AND topic:sport", Span()),
    ("{200} NEAR/20 {300}", Span()),
    ("({2000} OR {2500}) NEAR/10 {300} AND region:VE", Span()),
    ('"{60} {70}"', Span()),
    ("={2000}", Span()),
    ("title:{500}", Span()),
    ("{100} AND lang:en AND NOT {120}", Span()),
    ("*{12000}", Span()),
    ("region:VE", Span()),
    ("topic:sport AND region:FR", Span()),
    ("source:paper7.example", Span()),
    ("lang:pt AND {3000}", Span()),
    ("", Span()),
)
DAY = 86_400.0
#: The same over the last day, and over a week in the middle.
SPANS = (("the last day", 29, 30), ("days 10 to 17", 10, 17))
SPANNED = ("{40}", "{300} AND region:VE", "{200} NEAR/20 {300}", "topic:sport", "")


def word(rank: int) -> str:
    """Return the word of a rank: letters alone, six of them, as wildcards need."""
    number = rank * 7919 % (len(SYLLABLES) ** 3)  # so that words of near ranks do not begin alike
    syllables = (SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(3))
    return "".join(syllables)


def articles(count: int) -> Iterator[Tagged]:
    """Yield invented articles, evenly over the days."""
    choose, draw = random.Random(7), np.random.default_rng(7)
    shares = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
    words = [word(rank) for rank in range(1, VOCABULARY + 1)]
    topics, countries = (len(TOPICS), len(COUNTRIES))
    for number in range(count):
        drawn = [words[at] for at in np.searchsorted(shares, draw.random(WORDS) * shares[-1]).tolist()]
        at = START + timedelta(seconds=DAYS * DAY * number / count)
        country = COUNTRIES[min(int(choose.expovariate(0.4)), countries - 1)]
        yield Tagged(
            id=f"{number:032x}",
            fetch_id=f"{number:032x}:{at.isoformat()}",
            source=f"paper{choose.randrange(SOURCES)}.example",
            title=" ".join(drawn[:8]),
            text=" ".join(drawn[8:]),
            published_at=at,
            fetched_at=at,
            language=LANGUAGES[min(int(choose.expovariate(1)), len(LANGUAGES) - 1)],
            extractor="bench",
            regions=[Region(country=country, code=country, level="country", name=country, role="about", score=1.0)],
            primary_country=country,
            topics=[NewsTopic(id=TOPICS[choose.randrange(topics)], label="", level=1, score=0.9, method="bench")],
        )


class Clock:
    """Processor seconds of this process and of the database's backend that a store speaks to."""

    def __init__(self, store: Store) -> None:
        connection = getattr(store, "_connection", None)
        pid = getattr(getattr(connection, "info", None), "backend_pid", None)
        self._backend = psutil.Process(pid) if pid else None

    def seconds(self) -> float:
        """Return the seconds so far."""
        there = sum(self._backend.cpu_times()[:2]) if self._backend else 0.0
        return time.process_time() + there


def filled(store: Store, count: int) -> tuple[float, float]:
    """Fill a store; return the processor seconds for the features and for the store."""
    making = keeping = 0.0
    source, clock = articles(count), Clock(store)
    while True:
        batch = [encode(article) for article in itertools.islice(source, TOGETHER)]
        if not batch:
            return making, keeping
        begin = clock.seconds()
        entries: list[ArticleEntry] = [article_entry(value, features) for value in batch]
        middle = clock.seconds()
        store.add(entries, [])
        making += middle - begin
        keeping += clock.seconds() - middle


KINDS = ("newest", "best", "counts")


class Timings:
    """Milliseconds of each kind of answer, of every run of every search: of the clock, and of processors."""

    def __init__(self, store: Store) -> None:
        self._store, self._clock = store, Clock(store)
        self._all: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}

    def row(self, name: str, query: str, span: Span) -> list[str]:
        """Run one search some times, with other words each time; return its line of the table."""
        runs: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        found = ""
        for run in range(TRIES):
            search = Search(self._store, with_words(query, run))
            self._timed(runs["newest"], partial(search.newest, span, 30))
            self._timed(runs["best"], partial(search.best, span, 30))
            counts = self._timed(runs["counts"], partial(search.counts, span))
            found = f"{counts.articles}" if counts.complete else f"{counts.articles}, not all by kind"
        for kind, figures in runs.items():
            self._all[kind] += figures
        return [name, found, *(f"{statistics.median(clock for clock, _ in runs[kind]):.0f}" for kind in KINDS)]

    def ninety_fifth(self) -> str:
        """Return the 95th percentile of each kind."""
        return ", ".join(
            f"{kind} {percentile(clock for clock, _ in figures):.0f} ({percentile(cpu for _, cpu in figures):.0f} of "
            "processor time)"
            for kind, figures in self._all.items()
        )

    def _timed(self, figures: list[tuple[float, float]], ask: Callable[[], T]) -> T:
        """Ask, and add the milliseconds."""
        begin, worked = time.perf_counter(), self._clock.seconds()
        answer = ask()
        figures.append((1000 * (time.perf_counter() - begin), 1000 * (self._clock.seconds() - worked)))
        return answer


def percentile(figures: Iterable[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(figures, n=20)[-1]


def with_words(query: str, run: int) -> str:
    """Return a query with the words of a run."""
    for part in sorted(set(query.split("{")[1:])):
        rank = int(part.partition("}")[0])
        query = query.replace(f"{{{rank}}}", word(rank + run * max(1, rank // 50)))
    return query


def spans() -> Iterator[tuple[str, str, Span]]:
    """Yield every search with its name and its time."""
    for query, span in SEARCHES:
        yield f"`{query}`" if query else "everything", query, span
    for name, first, last in SPANS:
        begin = START.timestamp()
        span = Span(begin + first * DAY, begin + last * DAY)
        for query in SPANNED:
            yield (f"`{query}`" if query else "everything") + f", {name}", query, span


def measured(name: str, url: str, count: int, said: Path | None = None) -> str:
    """Return the work of one store; `said` keeps the seconds of filling it for another run on the same store."""
    store = open_store(url)
    kept, _ = store.size()
    if kept and said is not None:
        making, keeping = json.loads(said.read_text(encoding="utf-8"))
    else:
        making, keeping = filled(store, count)
        if said is not None:
            said.write_text(json.dumps([making, keeping]), encoding="utf-8")
    kept, size = store.size()
    store.close()
    store = open_store(url)
    timings = Timings(store)
    rows: list[Sequence[str]] = [timings.row(*each) for each in spans()]
    store.close()
    speed = f"{kept / (making + keeping):.0f} articles per processor second in, features of {kept / making:.0f}/s included; "
    figures = table(["search", "articles", "newest, ms", "best, ms", "counts, ms"], rows)
    return (
        f"{name}, {kept} articles: {speed}{size / kept:.0f} bytes an article, {size / 2**30:.1f} GiB. 95th percentile over "
        f"all searches, ms: {timings.ninety_fifth()}.\n\n{figures}"
    )


def answers(url: str) -> list[object]:
    """Return a store's answers to each search: the newest page, the best page, and the counts."""
    store = open_store(url)
    found: list[object] = []
    for _, query, span in spans():
        search = Search(store, with_words(query, 0))
        pages = search.newest(span, 30), search.best(span, 30)
        found.append(([[hit.row.id for hit in page.hits] for page in pages], search.counts(span)))
    store.close()
    return found


def agreement(one: str, other: str) -> str:
    """Say how many searches two stores of the same articles answer alike, and which they do not."""
    pairs = list(zip(spans(), answers(one), answers(other), strict=True))
    differing = [name for (name, *_), first, second in pairs if first != second]
    named = f"; not {', '.join(differing)}" if differing else ""
    return f"Both stores answer {len(pairs) - len(differing)} of the {len(pairs)} searches alike{named}."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--postgres", metavar="URL", default="")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as folder:
        path = (given.folder or Path(folder)) / "archive.db"
        said = given.folder / "filled.json" if given.folder else None
        parts = [measured("SQLite", f"sqlite:{path}", given.articles, said)]
        if given.postgres:
            parts.append(measured("PostgreSQL", given.postgres, given.articles))
            parts.append(agreement(f"sqlite:{path}", given.postgres))
    text = "\n\n".join(parts)
    print(text)
    if given.record:
        command = f"python -m bench.archive --articles {given.articles}{' --postgres URL' if given.postgres else ''}"
        record("archive", "History", text, command=f"{command} --record")


if __name__ == "__main__":
    main()
