"""From a raw record to a clean article: the order of the steps, and the grounds on which each may refuse it.

1. The text is read again where its client decoded it wrongly (text.decoding).
2. A draft is made (page_draft): the page is walked to blocks (page.walk), its claims are collected (metadata.claims), its
   body is chosen (page.network), and blocks at the edges are dropped (edges). Plain text goes another way (plain.article).
3. One claim is chosen for each field: title, authors, date, language, canonical URL.
4. The text is repaired (text.repair), and its language is identified (text.language).

Between its steps this work pauses: a worker takes some pages through each step together (together).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urljoin

import msgspec
from msgspec import Struct

from agents.clean.draft import Draft
from agents.clean.edge_words import edge_words
from agents.clean.edges import trim
from agents.clean.explanation import Explanation, chosen
from agents.clean.first_published import first_published, published_lines, without_first_published
from agents.clean.metadata.bylines.names import split_names
from agents.clean.metadata.bylines.words import byline_words
from agents.clean.metadata.claims import Choice, Claim
from agents.clean.metadata.dates.labels import date_labels
from agents.clean.metadata.dates.parsing import stated_date
from agents.clean.metadata.dates.publication import DateClaim, choose_date
from agents.clean.metadata.dates.relative import yearless
from agents.clean.metadata.titles import strip_publisher
from agents.clean.page import phrases, walls
from agents.clean.page.corrections.asides import aims, appeals, site_phrases
from agents.clean.page.corrections.discussions import comment_heading, comment_rules, comments_begin
from agents.clean.page.labels import box_headings
from agents.clean.page.network import Paused, classifier
from agents.clean.page.series import months
from agents.clean.page_draft import from_html, onward
from agents.clean.plain.article import line_phrases, read_plain
from agents.clean.plain.lines import is_html
from agents.clean.text.decoding import alphabets, check_binary, check_lost, read_again
from agents.clean.text.language import identifier, identify
from agents.clean.text.repair import repair, strip_controls
from agents.clean.text.revisions import counters
from agents.clean.together import Known, alone, groups, together
from streams.errors import Refused
from streams.ids import article_id, canonical_url, fetch_id, host_of, site_of
from streams.records import Clean, Raw

#: Most links of a text that are kept.
MAX_LINKS = 8
#: Most links of a text that are looked at.
MOST_LINKS = 64
#: Most characters of a link.
LINK_CHARS = 500
#: The host of an address where no way to write it is another: letters of ASCII, without a port. Most links lead to other sites.
_PLAIN_HOST = re.compile(r"https?://((?:[a-z\d-]+\.)+[a-z]+)(?:[/?#]|\Z)", re.ASCII | re.IGNORECASE)


class CleanProduct(Struct, kw_only=True):
    """The product of cleaning one record.

    `lines` are hashes of a plain text's lines, for `Boilerplate.learn`; `text_hash` is for `Revisions.revise`.
    """

    clean: Clean
    lines: list[int] = []
    text_hash: bytes = b""


class CleanResult(NamedTuple):
    """A clean article, the draft that it was written from, and the choice made for each field."""

    product: CleanProduct
    draft: Draft
    choices: dict[str, Choice[Any]]


def load() -> None:
    """Load models and words, once a process."""
    classifier()
    identifier()
    phrases.automaton()
    byline_words()
    date_labels()
    edge_words()
    line_phrases()
    walls.wall_phrases()
    walls.offers()
    box_headings()
    comment_heading()
    comments_begin()
    comment_rules()
    appeals()
    aims()
    site_phrases()
    alphabets()
    onward()
    published_lines()
    first_published()
    months()
    yearless()
    counters()


def clean_raw(raw: Raw, boilerplate: Collection[int] = ()) -> CleanProduct:
    """Return the clean article of a raw record; raise `Refused` where there is none.

    `boilerplate`: hashes of the lines that the source repeats on its pages; only plain text needs them.
    """
    return alone(write(raw, boilerplate)).product


def clean_all(records: Sequence[Known]) -> list[CleanProduct | Refused]:
    """Return the clean article of each raw record, or why there is none; many take less time so than each alone.

    With each record comes its boilerplate, as `clean_raw` takes it.
    """
    found: list[CleanProduct | Refused] = []
    for group in groups(records):
        results = together([write(raw, boilerplate) for raw, boilerplate in group])
        found += [item if isinstance(item, Refused) else item.product for item in results]
    return found


def explain_raw(raw: Raw) -> tuple[CleanProduct, Explanation]:
    """Return the clean article of a raw record, and the claims and reasons behind its fields; see `clean_raw`."""
    product, draft, choices = alone(write(raw, ()))
    return product, chosen(product.clean, draft.claims, list(language_claims(raw, draft)), choices)


def write(raw: Raw, boilerplate: Collection[int]) -> Paused[CleanResult]:
    """Return the clean article with the choices that it is made of; see `clean_raw`."""
    source = source_of(raw)
    content = raw.content
    check_binary(content)
    read_text = read_again(content)
    if read_text is not None:
        raw = msgspec.structs.replace(raw, content=read_text)
    marked = raw.content_type == "text/html" or is_html(raw.content)
    draft = (yield from from_html(raw)) if marked else from_plain(raw, source, boilerplate)
    yield None
    text, mended = repair(draft.text)
    mended = mended or read_text is not None
    if not text.strip():
        raise Refused("empty", "nothing is left of the text without its control characters")
    notes = notes_on(draft, mended=mended)
    title = title_of(raw, draft, source, least=1 if mended else 2)
    authors = authors_of(raw, draft, source)
    languages = list(language_claims(raw, draft))
    yield None
    code, score, why = identify(title.value, text, [claim.text for claim in languages])
    yield None
    tag = languages[0].text if languages else ""
    date = choose_date(chain(draft.dates, date_hint(raw, tag)), raw.fetched_at, notes)
    identity = article_id(raw.url, raw.source, raw.title, content)
    clean = Clean(
        id=identity,
        fetch_id=fetch_id(identity, raw.fetched_at),
        ref=raw.id,
        url=raw.url,
        canonical_url=draft.canonical.value,
        source=source,
        title=title.value,
        authors=authors.value,
        published_at=date.value.time if date.value else None,
        published_day=date.value.day if date.value else None,
        fetched_at=raw.fetched_at,
        language=code,
        language_score=score,
        text=text,
        extractor=draft.extractor,
        notes=notes,
        backfill=raw.backfill,
        links=links_of(raw.url, draft.links),
    )
    choices: dict[str, Choice[Any]] = {
        "title": title, "authors": authors, "published_at": date, "language": Choice(code, "", why),
        "canonical_url": draft.canonical, "text": Choice(draft.extractor, "", draft.body),
    }  # fmt: skip
    return CleanResult(CleanProduct(clean=clean, lines=draft.lines), draft, choices)


def links_of(url: str | None, links: Sequence[str]) -> list[str]:
    """Return the canonical addresses of other pages of an article's site that its text leads to, at most `MAX_LINKS`."""
    found: dict[str, None] = {}
    if not url or not (host := host_of(url)):
        return []
    own = canonical_url(url)
    for link in dict.fromkeys(links[:MOST_LINKS]):
        if len(link) > LINK_CHARS or ((plain := _PLAIN_HOST.match(link)) and plain[1].lower() != host):
            continue
        with suppress(ValueError):  # a broken address leads nowhere
            address = canonical_url(urljoin(url, link))
            if len(address) <= LINK_CHARS and address != own and host_of(address) == host:
                found[address] = None
        if len(found) == MAX_LINKS:
            break
    return list(found)


def notes_on(draft: Draft, *, mended: bool) -> list[str]:
    """Return the doubts about a text that its readers should know of."""
    notes = ["encoding repaired"] if mended else []
    if draft.left_out:
        notes.append(f"maybe cut: {draft.left_out} words of sentences on the page were left out")
    return notes


def from_plain(raw: Raw, source: str, boilerplate: Collection[int]) -> Draft:
    """Return the draft of a plain text."""
    check_lost([raw.content])
    found = read_plain(strip_controls(raw.content), raw.title or "", boilerplate, raw.language or "")
    if not found.paragraphs:
        raise Refused("empty", "the text holds no line of an article")
    authors = split_names(found.byline, [source])
    own = without_first_published(found.paragraphs, found.title) or found.paragraphs
    paragraphs = trim(own, authors, [source]) or own
    return Draft(
        text="\n\n".join(paragraphs),
        extractor="plain",
        title=Choice(found.title, "line above the text", "looks like a title") if found.title else Choice(""),
        authors=Choice(authors, "byline line", "begins as a byline") if authors else Choice([]),
        dates=[DateClaim(date, "line above the text", "nearest to the text") for date in found.dates],
        publishers=[source],
        lines=found.lines,
        body="the run of lines with the most sentences",
    )


def source_of(raw: Raw) -> str:
    """Return the record's source, or its URL's host without a leading www."""
    if raw.source and raw.source.strip():
        return raw.source.strip()
    return site_of((raw.url or "").strip()) or (raw.url or "").strip()


def title_of(raw: Raw, draft: Draft, source: str, least: int) -> Choice[str]:
    """Return the title: the article's, or the source's hint, which comes first for a plain text."""
    hint = strip_publisher(repair(raw.title)[0], [source]) if raw.title else ""
    own = draft.title
    title = repair(own.value, least=least)[0]
    if hint and (draft.extractor == "plain" or not title):
        return Choice(hint, "hint of the source", "a plain text has no better" if title else "the article has none")
    return Choice(title, own.where, own.reason)


def authors_of(raw: Raw, draft: Draft, source: str) -> Choice[list[str]]:
    """Return the authors that the article names, or those that its source knew."""
    if draft.authors.value:
        return Choice([repair(name)[0] for name in draft.authors.value], draft.authors.where, draft.authors.reason)
    hints = raw.authors if isinstance(raw.authors, list) else [raw.authors or ""]
    names = split_names(" ; ".join(repair(hint)[0] for hint in hints), [source, *draft.publishers])
    return Choice(names, "hint of the source", "the article names nobody") if names else draft.authors


def language_claims(raw: Raw, draft: Draft) -> Iterator[Claim]:
    """Yield the language tags of the page, best first, then the source's hint."""
    yield from draft.languages[:1]
    if raw.language:
        yield Claim("language", raw.language, "hint of the source")


def date_hint(raw: Raw, language: str) -> Iterator[DateClaim]:
    """Yield the date that the source knew."""
    if found := stated_date(raw.published_at or "", language):
        yield DateClaim(found, "hint of the source", "the article has no date")
