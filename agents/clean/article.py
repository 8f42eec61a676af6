"""From a raw record to a clean article: the order of the steps, and what each may refuse."""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from agents.clean.metadata.bylines import given_names, split_names
from agents.clean.metadata.dates import parse_date
from agents.clean.metadata.reader import Metadata, Reader
from agents.clean.metadata.titles import strip_publisher
from agents.clean.page import phrases
from agents.clean.page.edges import trim
from agents.clean.page.features import count_words
from agents.clean.page.network import find_body, network
from agents.clean.page.walk import Page, check_depth, parse, read
from agents.clean.page.walls import wall
from agents.clean.plain import article as plain
from agents.clean.text import language as languages
from agents.clean.text.decoding import check_lost, read_again
from agents.clean.text.repair import repair, strip_controls
from streams.errors import Refused
from streams.ids import article_id, fetch_id
from streams.records import Clean, Raw

#: How the text was found. `blocks`: the classifier of blocks; `jsonld`: the page's own structured data, where the page
#: shows less; `plain`: text that came as plain text.
Extractor = Literal["blocks", "jsonld", "plain"]
EXTRACTORS: tuple[str, ...] = get_args(Extractor)
#: A publication date may be this far after the fetch: clocks differ, and dates without a zone are taken as UTC.
TOLERANCE = timedelta(hours=24)
#: What makes HTML a page and no fragment, near its beginning.
_WHOLE = re.compile(r"(?i)<(?:html|head|body|title|meta|!doctype)\b")
WHOLE_CHARS = 4_000
#: What a summary ends with: the way to the article.
_ONWARD = re.compile(
    r"(?i)[\s\[(→»…|–-]*\b(?:read more|continue reading|read the full (?:article|story)|weiterlesen|lire la suite"
    r"|leer más|seguir leyendo|leia mais|continua a leggere|leggi tutto|lees verder|läs mer|les mer|læs mere|czytaj dalej"
    r"|читать далее|читати далі|selengkapnya|devamı|阅读全文|続きを読む)[\s\W]*$"
)
#: So many cut-off paragraphs make a page of teasers.
MIN_TEASERS = 4
#: Below this, a text that keeps asking to sign up is the furniture of a page without an article.
FEW_WORDS = 40
#: A page with fewer words of article has none ...
MIN_WORDS = 12
#: ... unless it says that it is an article: then these are enough.
MIN_DECLARED_WORDS = 3


class Cleaned(Struct, kw_only=True):
    """What cleaning one record gives; `lines` are hashes of a plain text's lines, for `Furniture.learn`."""

    clean: Clean
    lines: list[int] = []


class _Draft(Struct, kw_only=True):
    """An article before hints and checks."""

    text: str
    metadata: Metadata
    extractor: Extractor
    lines: list[int] = []


def load() -> None:
    """Load the models, once a process."""
    network()
    languages.identifier()
    phrases.automaton()
    given_names()


def clean_raw(raw: Raw, furniture: Collection[int] = ()) -> Cleaned:
    """Return the clean article of a raw record; raise `Refused` where there is none.

    `furniture`: hashes of the lines that the source repeats on its pages; only plain text needs them.
    """
    source = source_of(raw)
    content = raw.content
    read = read_again(content)
    if read is not None:
        raw = msgspec.structs.replace(raw, content=read)
    draft = from_html(raw) if raw.content_type == "text/html" else from_plain(raw, source, furniture)
    notes: list[str] = []
    text, mended = repair(draft.text)
    mended = mended or read is not None
    if not text.strip():
        raise Refused("empty", "nothing is left of the text once what is no text has been taken out")
    title, _ = repair(draft.metadata.title, least=1 if mended else 2)
    if mended:
        notes.append("encoding repaired")
    hint = strip_publisher(repair(raw.title)[0], [source]) if raw.title else ""
    title = (hint if draft.extractor == "plain" and hint else title) or hint
    claims = [draft.metadata.language, raw.language or ""]
    code, score = languages.identify(title, text, claims)
    identity = article_id(raw.url, raw.source, raw.title, content)
    return Cleaned(
        clean=Clean(
            id=identity,
            fetch_id=fetch_id(identity, raw.fetched_at),
            ref=raw.id,
            url=raw.url,
            canonical_url=draft.metadata.canonical_url,
            source=source,
            title=title,
            authors=authors_of(raw, draft.metadata, source),
            published_at=published(raw, draft.metadata.dates, notes, claims),
            fetched_at=raw.fetched_at,
            language=code,
            language_score=score,
            text=text,
            extractor=draft.extractor,
            notes=notes,
            backfill=raw.backfill,
        ),
        lines=draft.lines,
    )


def from_html(raw: Raw) -> _Draft:
    """Return the draft of a page."""
    html = encode(raw.content)
    if not html.strip():
        raise Refused("empty", "the page holds nothing")
    check_depth(html)
    tree = parse(html)
    reader = Reader(tree, raw.url, raw.source)
    page = read(tree)
    check_lost(page.texts)
    metadata = reader.read(page)
    body = find_body(page, metadata.title or reader.claimed_title())
    text = "\n\n".join(trim(body.paragraphs, metadata.authors, metadata.publishers))
    claimed = len(metadata.body.split())
    if claimed >= 50 and body.words < 0.4 * claimed:
        return _Draft(text=plain.paragraphs_of(metadata.body), metadata=metadata, extractor="jsonld")
    if not page.texts:
        raise Refused("empty", "the page holds no text")
    if not _WHOLE.search(raw.content, 0, WHOLE_CHARS) and (
        entry := from_entry(page, metadata, body.words, fed=raw.feed is not None)
    ):
        return entry
    if body.words < (MIN_DECLARED_WORDS if metadata.declared or "article" in page.tags else MIN_WORDS):
        blocks = f"{len(page.texts)} block{'s' if len(page.texts) > 1 else ''}"
        raise Refused("not_article", f"{body.words} words of article on a page of {blocks}")
    if are_teasers(body.paragraphs):
        raise Refused(
            "not_article", f"{len(body.paragraphs)} teasers, most of them cut off: a page that leads to articles"
        )
    standing = (
        ""
        if metadata.declared or "article" in page.tags
        else wall(metadata.title, text, body.words, metadata.publishers)
    )
    if standing:
        raise Refused("not_article", f"{standing} in the place of an article: {body.words} words")
    follow = phrases.NAMES.index("follow")
    if body.words < FEW_WORDS and sum(kind == follow for _, kind in phrases.mark([text.lower()])) > 1:
        raise Refused("not_article", f"{body.words} words that ask to sign up: what stands around an article")
    if not text:
        raise Refused("not_article", "bylines, dates and notices are all that there is")
    return _Draft(text=text, metadata=metadata, extractor="blocks")


def from_entry(page: Page, metadata: Metadata, found: int, *, fed: bool) -> _Draft | None:
    """Return the draft of a feed entry's HTML: a summary, or a text without a page around it. None where it is a page.

    All of it is text then but for bare links and lines that announce furniture. `found`: words that were found as in a
    page, which are taken where there are enough; not for what says that a feed brought it (`fed`).
    """
    rows = zip(page.texts, page.link_chars, strict=True)
    blocks = [text for text, links in rows if links < 0.9 * len(text) and not plain.is_furniture(text, ())]
    if blocks:
        blocks[-1] = _ONWARD.sub("", blocks[-1])
    text = "\n\n".join(trim(blocks, metadata.authors, metadata.publishers))
    if count_words(text) < MIN_DECLARED_WORDS or (found >= MIN_WORDS and not fed):
        return None
    return _Draft(text=text, metadata=metadata, extractor="blocks")


def are_teasers(paragraphs: list[str]) -> bool:
    """Tell whether most of the paragraphs break off in an ellipsis, as the teasers of a front or section page do."""
    cut = sum(paragraph.endswith(("…", "...")) for paragraph in paragraphs)
    return cut >= MIN_TEASERS and cut >= 0.6 * len(paragraphs)


def encode(html: str) -> bytes:
    """Return a page as UTF-8 without NULs (parsers stop there); lone surrogates become question marks."""
    data = html.encode("utf-8", "replace")
    return data.replace(b"\0", b"") if b"\0" in data else data


def from_plain(raw: Raw, source: str, furniture: Collection[int]) -> _Draft:
    """Return the draft of a plain text."""
    check_lost([raw.content])
    found = plain.read_plain(strip_controls(raw.content), raw.title or "", furniture, raw.language or "")
    if not found.paragraphs:
        raise Refused("empty", "the text holds no line of an article")
    metadata = Metadata(title=found.title, authors=split_names(found.byline, [source]), dates=found.dates)
    paragraphs = trim(found.paragraphs, metadata.authors, [source]) or found.paragraphs
    return _Draft(text="\n\n".join(paragraphs), metadata=metadata, extractor="plain", lines=found.lines)


def source_of(raw: Raw) -> str:
    """Return the record's source, or its URL's host without a leading www."""
    if raw.source and raw.source.strip():
        return raw.source.strip()
    try:
        host = urlsplit((raw.url or "").strip()).hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or (raw.url or "").strip()


def authors_of(raw: Raw, metadata: Metadata, source: str) -> list[str]:
    """Return the authors that the article names, or those that its source knew."""
    if metadata.authors:
        return [repair(name)[0] for name in metadata.authors]
    hints = raw.authors if isinstance(raw.authors, list) else [raw.authors or ""]
    return split_names(" ; ".join(repair(hint)[0] for hint in hints), [source, *metadata.publishers])


def published(raw: Raw, dates: Iterable[datetime], notes: list[str], claims: list[str]) -> datetime | None:
    """Return the first date that is not in the future, noting those that are."""
    hint = parse_date(raw.published_at or "", next(filter(None, claims), ""))
    for date in chain(dates, [hint] if hint else []):
        if date <= raw.fetched_at + TOLERANCE:
            return date
        note = f"future_date {date.isoformat()}"
        if note not in notes:
            notes.append(note)
    return None
