"""Input without an article: broken lines, empty pages, indexes, pages that choke a parser."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import orjson

from streams.errors import DeadReason
from streams.records import Raw, encode, utc
from wirewatch.sample.library import articles, boilerplate, publishers

#: Over the limit of 8 MiB for a raw message.
TOO_BIG_BYTES = 9 * 1024 * 1024
NESTED_TAGS = 100_000


@dataclass(frozen=True, kw_only=True)
class Odd:
    """A line that ends among the dead, with one of `reasons`, the likeliest first; `url` is None where it has none."""

    name: str
    url: str | None
    reasons: tuple[DeadReason, ...]
    line: Callable[[datetime], bytes]


def odd() -> tuple[Odd, ...]:
    """Return all of them, in order."""
    return (
        Odd(name="no JSON", url=None, reasons=("invalid_json",), line=no_json),
        page("empty", "daily-limpet", "/world-news/9000001.html", ("empty",), lambda: ""),
        page("section index", "harbour-courier", "/world", ("not_article", "empty"), section_index),
        Odd(name="missing field", url=LIMPET + "9000002.html", reasons=("invalid_record",), line=missing_field),
        page("nested too deep", "globe-desk", "/page.aspx?story=9000003", ("too_deep", "not_article", "empty"), nested),
        page("boilerplate only", "tideline", "/members-only/", ("not_article", "empty"), boilerplate_only),
        Odd(name="no UTF-8", url=LIMPET + "9000004.html", reasons=("invalid_encoding",), line=no_utf8),
        page("too big", "cape-monitor", "/a/9000005", ("too_large",), too_big),
        page("not found", "prairie-ledger", "/9000006/gone", ("not_article", "empty"), not_found),
        Odd(name="no time", url=LIMPET + "9000007.html", reasons=("invalid_record",), line=no_time),
    )


LIMPET = "https://www.dailylimpet.example/world-news/"


def page(name: str, publisher: str, path: str, reasons: tuple[DeadReason, ...], content: Callable[[], str]) -> Odd:
    """Return a sound raw record whose content is no article."""
    host = publishers()[publisher].host
    url = f"https://{host}{path}"

    def line(fetched_at: datetime) -> bytes:
        return encode(Raw(url=url, source=host, fetched_at=fetched_at, content_type="text/html", content=content()))

    return Odd(name=name, url=url, reasons=reasons, line=line)


def no_json(fetched_at: datetime) -> bytes:
    """Return a line that breaks off, as a full disk leaves it."""
    return f'{{"url": "{LIMPET}9000000.html", "fetched_at": "{utc(fetched_at)}", "content": "<html><he'.encode()


def missing_field(fetched_at: datetime) -> bytes:
    """Return a record without its content."""
    return orjson.dumps({"url": LIMPET + "9000002.html", "fetched_at": utc(fetched_at), "content_type": "text/html"})


def no_utf8(fetched_at: datetime) -> bytes:
    """Return a record whose bytes are Latin-1."""
    record = {"url": LIMPET + "9000004.html", "fetched_at": utc(fetched_at), "content_type": "text/html"}
    return orjson.dumps(record)[:-1] + ',"content":"<p>Café fermé à Liège</p>"}'.encode("latin-1")


def no_time(fetched_at: datetime) -> bytes:
    """Return a record whose time is none."""
    time = fetched_at.strftime("on %A")
    record = {"url": LIMPET + "9000007.html", "fetched_at": time, "content_type": "text/html", "content": "<p>Late</p>"}
    return orjson.dumps(record)


def section_index() -> str:
    """Return a page of headlines, each with the first words of its article."""
    teasers = "\n".join(
        f'<li class="teaser"><h3><a href="/news/{a.slug}">{a.title}</a></h3><p>{a.paragraphs[0][:70]}…</p></li>'
        for a in list(articles().values())
        if a.language == "en"
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>World | The Harbour Courier</title></head>'
        f'<body><h1>World</h1><ul class="teasers">\n{teasers}\n</ul><a href="/world?page=2">Older</a></body></html>'
    )


def boilerplate_only() -> str:
    """Return a page that has everything but a text."""
    words = boilerplate()["en"]
    items = "".join(f"<li>{label}</li>" for label in words["nav"])
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Tideline</title></head><body>'
        f'<nav><ul>{items}</ul></nav><div class="newsletter-box"><h4>{words["newsletter"]}</h4>'
        f"<p>{words['newsletter_text']}</p><button>{words['subscribe']}</button></div>"
        f"<footer>{words['copyright']}</footer></body></html>"
    )


def not_found() -> str:
    """Return an error page that was served as if it were none."""
    return (
        '<html lang="en"><head><title>Page not found</title></head><body><h1>Sorry, this page has moved on</h1>'
        '<p>Try the search, or go back to the <a href="/">front page</a>.</p></body></html>'
    )


def nested() -> str:
    """Return a page of tags inside tags."""
    return f"<html><body>{'<div>' * NESTED_TAGS}At the bottom{'</div>' * NESTED_TAGS}</body></html>"


def too_big() -> str:
    """Return a page over the size limit: one row, again and again."""
    row = "<tr><td>Walvis Bay</td><td>0.4</td><td>0.7</td></tr>\n"
    return f"<html><body><table>{row * (TOO_BIG_BYTES // len(row) + 1)}</table></body></html>"


def misread(content: str) -> str:
    """Return a page whose UTF-8 was read as Windows' Latin-1, as a careless fetcher does."""
    return content.encode().decode("latin-1")


def cut_in_the_middle(content: str, last_paragraph: str) -> str:
    """Return a page up to the middle of a paragraph, as a broken connection leaves it."""
    start = content.index(last_paragraph[:20])
    return content[: start + len(last_paragraph) // 2]
