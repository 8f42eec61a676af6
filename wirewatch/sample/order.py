"""The order in which the sample arrives, as lines of JSON, and the expected end of each line.

Articles come in the library's order, but the last `TAIL` are such that nobody copies. Between them stand what is no
article or no record (`odd`), from the start on, and copies, each at least `GAP` lines after the article that it copies,
so that workers that run side by side have seen it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from streams.errors import DeadReason
from streams.records import DuplicateKind, Raw, encode
from wirewatch.sample.library import Article, Copy, CopyKind, articles, copies, publishers
from wirewatch.sample.odd import Odd, cut_in_the_middle, misread, odd
from wirewatch.sample.templates import Page, content_type, render

#: Lines between an article and its first copy: more than a worker has in hand at once.
GAP = 30
#: Articles at the end that nobody copies: room for the last copies to come late enough.
TAIL = 28
#: Every so many articles comes something odd.
ODD_EVERY = 4
#: The sample was fetched within this time, the first line at its beginning, ...
FETCHED_WITHIN = timedelta(minutes=55)
#: ... and the last this long before now.
LAST_FETCHED = timedelta(minutes=1)

#: What a copy may be called. Where only a headline or a dateline differs, it depends on what a step counts as text.
KINDS: dict[CopyKind, tuple[DuplicateKind, ...]] = {
    "exact": ("exact", "copy"),
    "wire": ("copy", "exact"),
    "truncated": ("truncated",),
    "extended": ("extended",),
    "refetch": ("exact",),
    "tracked": ("exact",),
}


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """The expected end of one line.

    A duplicate has one of `kinds`, likeliest first, and `original_url`; what is dead has one of `reasons`, likewise.
    `revision` counts the texts of its URL. `article` bears the labels (countries, topics); None for what is no article.
    """

    line: int
    name: str
    url: str | None
    outcome: Literal["tagged", "duplicate", "dead"]
    kinds: tuple[DuplicateKind, ...] = ()
    original_url: str | None = None
    new_facts: bool = False
    reasons: tuple[DeadReason, ...] = ()
    revision: int = 0
    article: Article | None = None


def raw_records(now: datetime) -> Iterator[bytes]:
    """Yield the sample as JSON lines of raw records, without line ends, each made when it is asked for.

    `now` is an aware time: everything was fetched within the last hour before it, each line later than the one before,
    and published before that (but for one page that claims a future date). The same `now` gives the same bytes. Some
    lines are no raw record, on purpose.
    """
    entries = order()
    first = now - FETCHED_WITHIN
    step = (FETCHED_WITHIN - LAST_FETCHED) / (len(entries) - 1)
    for position, entry in enumerate(entries):
        fetched_at = (first + position * step).replace(microsecond=0)
        if isinstance(entry, Odd):
            yield entry.line(fetched_at)
        elif isinstance(entry, Copy):
            yield encode(copy_record(entry, now, fetched_at))
        else:
            yield encode(article_record(entry, now, fetched_at))


@cache
def expected() -> dict[int, Expectation]:
    """Return the expected end of each line of `raw_records`, by line number from 1."""
    return {line: expectation(line, entry) for line, entry in enumerate(order(), start=1)}


@cache
def order() -> tuple[Article | Copy | Odd, ...]:
    """Return the content of each line, in order."""
    entries: list[Article | Copy | Odd] = []
    line_of: dict[str, int] = {}
    waiting = list(copies())
    oddities = list(odd())
    for count, article in enumerate(running_order(), start=1):
        line_of[article.slug] = len(entries)
        entries.append(article)
        if oddities and count % ODD_EVERY == 0:
            entries.append(oddities.pop(0))
        ready = [copy for copy in waiting if len(entries) - line_of.get(copy.of, len(entries)) >= GAP]
        if ready:
            waiting.remove(ready[0])
            entries.append(ready[0])
    return (*entries, *waiting, *oddities)


def running_order() -> list[Article]:
    """Return the articles in the order in which they come."""
    copied = {copy.of for copy in copies()}
    found = [article for article in articles().values() if article.treatment != "warc"]
    tail = [article for article in found if article.slug not in copied][-TAIL:]
    return [article for article in found if article not in tail] + tail


def expectation(line: int, entry: Article | Copy | Odd) -> Expectation:
    """Return the expected end of one line."""
    if isinstance(entry, Odd):
        return Expectation(line=line, name=entry.name, url=entry.url, outcome="dead", reasons=entry.reasons)
    if isinstance(entry, Article):
        url = publishers()[entry.publisher].url(entry.slug)
        return Expectation(line=line, name=entry.slug, url=url, outcome="tagged", article=entry)
    article = articles()[entry.of]
    name, url = f"{entry.of} ({entry.kind})", copy_url(entry)
    if entry.kind == "revision":
        return Expectation(line=line, name=name, url=url, outcome="tagged", revision=1, article=article)
    original_url = publishers()[article.publisher].url(article.slug)
    expected_copy = Expectation(
        line=line, name=name, url=url, outcome="duplicate", original_url=original_url, article=article
    )
    return replace(expected_copy, kinds=KINDS[entry.kind], new_facts=entry.kind == "extended")


def article_record(article: Article, now: datetime, fetched_at: datetime) -> Raw:
    """Return the raw record of an article at its first publisher."""
    page = article_page(article, now)
    record = page_record(page, fetched_at, page.url)
    if article.treatment == "mojibake":
        record.content = misread(record.content)
    elif article.treatment == "nul":
        record.content = record.content.replace("</p>", "\0</p>")
    elif article.treatment == "cut":
        record.content = cut_in_the_middle(record.content, article.paragraphs[-2])
    return record


def copy_record(copy: Copy, now: datetime, fetched_at: datetime) -> Raw:
    """Return the raw record of a copy: half an hour after the article, on the same page where nothing else is said."""
    article = articles()[copy.of]
    page = article_page(article, now)
    page = replace(
        page,
        publisher=publishers()[copy.publisher or article.publisher],
        title=copy.title or article.title,
        dateline=copy.dateline or article.dateline,
        paragraphs=copy.retell(article.paragraphs),
        edition=1,
    )
    if copy.publisher:
        page = replace(page, published_at=page.published_at + timedelta(minutes=25))
    return page_record(page, fetched_at, copy_url(copy))


def copy_url(copy: Copy) -> str:
    """Return a copy's URL, with a tracking parameter where its case is about one."""
    article = articles()[copy.of]
    url = publishers()[copy.publisher or article.publisher].url(article.slug)
    if copy.kind == "tracked":
        url += ("&" if "?" in url else "?") + "utm_source=newsletter&utm_campaign=evening#comments"
    return url


def article_page(article: Article, now: datetime) -> Page:
    """Return an article as its first publisher shows it."""
    published_at = article.published_at(now)
    return Page(
        publisher=publishers()[article.publisher],
        slug=article.slug,
        title=article.title,
        authors=article.authors,
        paragraphs=article.paragraphs,
        published_at=published_at,
        language=article.language,
        dateline=article.dateline,
    )


def page_record(page: Page, fetched_at: datetime, url: str) -> Raw:
    """Return the raw record of a page: with the hints that a feed gives, where the publisher has one."""
    publisher = page.publisher
    record = Raw(
        url=url,
        source=publisher.host,
        fetched_at=fetched_at,
        content_type=content_type(publisher),
        content=render(page),
    )
    if publisher.feed:
        record.feed = f"https://{publisher.host}/feed.xml"
        record.title = page.title
        record.published_at = page.published_at.isoformat()
        record.language = publisher.language
    return record
