"""From a raw record to a clean article: the order of the steps, and the grounds on which each may refuse it.

1. The text is read again where its client decoded it wrongly (text.decoding).
2. A page is walked to blocks (page.walk), its claims are collected (metadata.claims), its body is chosen
   (page.network), and blocks at the edges are dropped (edges). A plain text goes another way (plain.article).
3. One claim is chosen for each field: title, authors, date, language, canonical URL.
4. The text is repaired (text.repair), and its language is identified (text.language).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

import msgspec
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from agents.clean.edges import edge_words, trim
from agents.clean.explanation import Explanation, chosen
from agents.clean.first_published import published_lines, without_first_published
from agents.clean.languages import gather
from agents.clean.languages.phrases import any_of
from agents.clean.metadata.authors import choose_authors
from agents.clean.metadata.byline_words import byline_words
from agents.clean.metadata.bylines import split_names
from agents.clean.metadata.claims import Choice, Claim, Claims, add_page, head_claims
from agents.clean.metadata.date_labels import date_labels
from agents.clean.metadata.dates import read_date
from agents.clean.metadata.publication import DateClaim, choose_date, date_candidates
from agents.clean.metadata.site_names import add_site_names
from agents.clean.metadata.states import state_body
from agents.clean.metadata.titles import choose_title, strip_publisher
from agents.clean.page import phrases, walls
from agents.clean.page.asides import appeals
from agents.clean.page.corrections import box_headings
from agents.clean.page.discussions import comment_heading
from agents.clean.page.network import Body, classifier, find_body
from agents.clean.page.places import head_lines, mark_heading
from agents.clean.page.unshown import holds_apart, open_apart
from agents.clean.page.walk import Page, check_depth, parse, read
from agents.clean.plain.article import is_boilerplate, line_phrases, paragraphs_of, read_plain
from agents.clean.plain.lines import is_html
from agents.clean.text.decoding import alphabets, check_binary, check_lost, read_again
from agents.clean.text.language import identifier, identify
from agents.clean.text.repair import repair, strip_controls
from agents.clean.text.words import count_words
from streams.errors import Refused
from streams.ids import article_id, fetch_id, host_of
from streams.records import Clean, Raw

#: The path by which the text was found. `blocks`: the classifier of blocks; `jsonld`: the page's own structured data,
#: where the page shows less; `plain`: text that came as plain text.
Extractor = Literal["blocks", "jsonld", "plain"]
#: Tags by which HTML is a page and no fragment, near its beginning.
_WHOLE = re.compile(r"(?i)<(?:html|head|body|title|meta|!doctype)\b")
WHOLE_CHARS = 4_000
#: Characters at the end of a summary in which the link to its article is looked for.
ONWARD_CHARS = 200
#: So many cut-off paragraphs make a page of teasers.
MIN_TEASERS = 4
#: Words of a text that a page does not show and that may be the article, at least; the share of them that the page shows,
#: at most, and characters of a text that is longer than that.
SPLIT_WORDS, SHOWN_SHARE, FEW_CHARS = 50, 0.4, 400
#: Below this, a text that keeps asking to sign up is the boilerplate of a page without an article.
FEW_WORDS = 40
#: A page with fewer words of article has none ...
MIN_WORDS = 12
#: ... unless it says that it is an article: then these are enough.
MIN_DECLARED_WORDS = 3


class CleanProduct(Struct, kw_only=True):
    """The product of cleaning one record.

    `lines` are hashes of a plain text's lines, for `Boilerplate.learn`; `text_hash` is for `Revisions.revise`.
    """

    clean: Clean
    lines: list[int] = []
    text_hash: bytes = b""


@dataclass(slots=True)
class Draft:
    """An article before hints and checks, with the reason of each choice."""

    text: str
    extractor: Extractor
    title: Choice[str]
    authors: Choice[list[str]]
    dates: Iterable[DateClaim] = ()
    canonical: Choice[str | None] = field(default_factory=lambda: Choice(None, "", "the page names no address"))
    languages: list[Claim] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    claims: Claims | None = None
    body: str = ""
    left_out: int = 0


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
    appeals()
    alphabets()
    onward()
    published_lines()


@lru_cache(1)
def onward() -> re.Pattern[str]:
    """Return the pattern of the end of a summary that leads to its article, in all languages."""
    return re.compile(
        rf"[\s\[(→»…|–-]*{any_of(gather(lambda item: item.boilerplate.onward))}[\s\W]*$",  # noqa: RUF001
        re.IGNORECASE,
    )


def clean_raw(raw: Raw, boilerplate: Collection[int] = ()) -> CleanProduct:
    """Return the clean article of a raw record; raise `Refused` where there is none.

    `boilerplate`: hashes of the lines that the source repeats on its pages; only plain text needs them.
    """
    return write(raw, boilerplate)[0]


def explain_raw(raw: Raw) -> tuple[CleanProduct, Explanation]:
    """Return the clean article of a raw record, and the claims and reasons behind its fields; see `clean_raw`."""
    cleaned, draft, choices = write(raw, ())
    return cleaned, chosen(cleaned.clean, draft.claims, list(language_claims(raw, draft)), choices)


def write(raw: Raw, boilerplate: Collection[int]) -> tuple[CleanProduct, Draft, dict[str, Choice[Any]]]:
    """Return the clean article, the draft that it was written from, and the choice made for each field."""
    source = source_of(raw)
    content = raw.content
    check_binary(content)
    read_text = read_again(content)
    if read_text is not None:
        raw = msgspec.structs.replace(raw, content=read_text)
    marked = raw.content_type == "text/html" or is_html(raw.content)
    draft = from_html(raw) if marked else from_plain(raw, source, boilerplate)
    notes: list[str] = []
    text, mended = repair(draft.text)
    mended = mended or read_text is not None
    if not text.strip():
        raise Refused("empty", "nothing is left of the text without its control characters")
    if mended:
        notes.append("encoding repaired")
    if draft.left_out:
        notes.append(f"maybe cut: {draft.left_out} words of sentences on the page were left out")
    title = title_of(raw, draft, source, least=1 if mended else 2)
    authors = authors_of(raw, draft, source)
    languages = list(language_claims(raw, draft))
    code, score, why = identify(title.value, text, [claim.text for claim in languages])
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
    )
    choices: dict[str, Choice[Any]] = {
        "title": title, "authors": authors, "published_at": date, "language": Choice(code, "", why),
        "canonical_url": draft.canonical, "text": Choice(draft.extractor, "", draft.body),
    }  # fmt: skip
    return CleanProduct(clean=clean, lines=draft.lines), draft, choices


def from_html(raw: Raw) -> Draft:
    """Return the draft of a page, or of the parts that it does not show where it shows too little to be an article."""
    html = encode(raw.content)
    if not html.strip():
        raise Refused("empty", "the page holds nothing")
    check_depth(html)
    try:
        shown = draft_page(raw, html)
    except Refused as refused:
        if refused.reason in ("empty", "not_article") and (whole := unshown_article(raw, html, 0)):
            return whole
        raise
    return (len(shown.text) <= FEW_CHARS and unshown_article(raw, html, count_words(shown.text))) or shown


def unshown_article(raw: Raw, html: bytes, shown: int) -> Draft | None:
    """Return the draft of a page with the parts that it does not show, where they hold most of its words, else None.

    `shown`: words of the article that the page shows.
    """
    if shown >= SPLIT_WORDS or not holds_apart(html) or (opened := open_apart(html)) == html:
        return None
    with suppress(Refused):
        whole = draft_page(raw, opened)
        size = count_words(whole.text)
        if size >= SPLIT_WORDS and shown < SHOWN_SHARE * size:
            whole.body += ", in a part that the page does not show"
            return whole
    return None


def draft_page(raw: Raw, html: bytes) -> Draft:
    """Return the draft of a page; raise `Refused` for one without an article."""
    tree = parse(html)
    claims = head_claims(tree, raw.url, raw.source)
    page = read(tree)
    check_lost(page.texts)
    add_page(claims, page)
    add_site_names(claims, tree, page)
    title = choose_title(claims.headings, claims.titles, claims.publishers, claims.post, head_lines(page))
    language = claims.languages[0].text if claims.languages else ""
    mark_heading(page, title.value)
    fetched_at = None if raw.published_at else raw.fetched_at  # a feed's time is better than "3 hours ago"
    draft = Draft(
        text="",
        extractor="blocks",
        title=title,
        authors=choose_authors(claims, page),
        dates=date_candidates(tree, claims, page, title.value, language, fetched_at),
        languages=claims.languages,
        publishers=claims.publishers,
        claims=claims,
    )
    if claims.canonical:
        draft.canonical = Choice(claims.canonical[0].text, claims.canonical[0].where, "first of the page's addresses")
    body = find_body(page, title.value or claims.first_title())
    write_text(draft, raw, tree, page, body)
    return draft


def write_text(draft: Draft, raw: Raw, tree: LexborHTMLParser, page: Page, body: Body) -> None:
    """Fill in a draft's text and extractor from the blocks of its page; raise `Refused` for a page without an article."""
    claims = draft.claims
    assert claims is not None, "a page has claims"
    declared = claims.declared or "article" in page.tags
    dates = iter(draft.dates)
    first = next(dates, None)
    draft.dates = chain((first,), dates) if first else ()
    day = first.found.day if first else None
    paragraphs = without_first_published(body.paragraphs, draft.title.value)
    draft.text = "\n\n".join(trim(paragraphs, draft.authors.value, draft.publishers, draft.title.value, day))
    draft.body = f"{body.words} words of blocks that are article by a probability of {body.confidence:.2f}"
    claimed = claims.body()
    if not claimed and body.words < SPLIT_WORDS:
        claimed = state_body(tree, draft.title.value or claims.first_title())
    size = len(claimed.split())
    if size < SPLIT_WORDS:
        # Scripts without spaces.
        size = count_words(claimed)
    if size >= SPLIT_WORDS and body.words < SHOWN_SHARE * size:
        draft.text, draft.extractor = paragraphs_of(claimed), "jsonld"
        draft.body = f"the page shows {body.words} words, its structured data hold {size}"
        return
    if not page.texts:
        raise Refused("empty", "the page holds no text")
    if not _WHOLE.search(raw.content, 0, WHOLE_CHARS) and (
        text := entry_text(page, draft, body.words, raw.title or draft.title.value, fed=raw.feed is not None)
    ):
        draft.text, draft.body = text, "a feed entry: all of it but links and boilerplate"
        return
    if body.words < (MIN_DECLARED_WORDS if declared else MIN_WORDS):
        blocks = f"{len(page.texts)} block{'s' if len(page.texts) > 1 else ''}"
        raise Refused("not_article", f"{body.words} words of article on a page of {blocks}")
    check_article(draft, body, declared=declared)
    draft.left_out = body.left_out


def check_article(draft: Draft, body: Body, *, declared: bool) -> None:
    """Raise `Refused` for a page of teasers, a wall, or boilerplate in an article's place."""
    if are_teasers(body.paragraphs):
        raise Refused(
            "not_article", f"{len(body.paragraphs)} teasers, most of them cut off: a page that leads to articles"
        )
    standing = "" if declared else walls.wall(draft.title.value, draft.text, body.words, draft.publishers)
    if standing:
        raise Refused("not_article", f"{standing} in the place of an article: {body.words} words")
    follow = phrases.NAMES.index("follow")
    if body.words < FEW_WORDS and sum(kind == follow for _, kind in phrases.mark([draft.text.lower()])) > 1:
        raise Refused("not_article", f"{body.words} words that ask to sign up, and no article")
    if not draft.text:
        raise Refused("not_article", "bylines, dates and notices are all that there is")


def entry_text(page: Page, draft: Draft, found: int, title: str, *, fed: bool) -> str:
    """Return the text of a feed entry: a summary, or a text without a page around it. Empty where it is a page.

    All of it is text then but for bare links and lines that announce boilerplate. `found`: words that were found as in a
    page, which are taken where there are enough; not for a record that a feed brought (`fed`). `title`: the entry's.
    """
    rows = zip(page.texts, page.link_chars, strict=True)
    blocks = [text for text, links in rows if links < 0.9 * len(text) and not is_boilerplate(text, ())]
    blocks = without_first_published(blocks, title)
    if blocks:
        blocks[-1] = blocks[-1][:-ONWARD_CHARS] + onward().sub("", blocks[-1][-ONWARD_CHARS:])
    text = "\n\n".join(trim(blocks, draft.authors.value, draft.publishers))
    if count_words(text) < MIN_DECLARED_WORDS or (found >= MIN_WORDS and not fed):
        return ""
    return text


def are_teasers(paragraphs: list[str]) -> bool:
    """Tell whether most of the paragraphs break off in an ellipsis, as the teasers of a front or section page do."""
    cut = sum(paragraph.endswith(("…", "...")) for paragraph in paragraphs)
    return cut >= MIN_TEASERS and cut >= 0.6 * len(paragraphs)


def encode(html: str) -> bytes:
    """Return a page as UTF-8 without NULs (parsers stop there); lone surrogates become question marks."""
    data = html.encode("utf-8", "replace")
    return data.replace(b"\0", b"") if b"\0" in data else data


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
    return host_of((raw.url or "").strip()).removeprefix("www.") or (raw.url or "").strip()


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
    if found := read_date(raw.published_at or "", language):
        yield DateClaim(found, "hint of the source", "the article has no date")
