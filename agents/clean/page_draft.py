"""From a page to the draft of its article, and the grounds on which a page is refused."""

import re
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import chain

from selectolax.lexbor import LexborHTMLParser

from agents.clean.claimed import (
    SHOWN_SHARE,
    SPLIT_WORDS,
    article_of,
    claimed_text,
    holds_menus,
    is_article_instead,
    is_doubtful,
)
from agents.clean.draft import Draft
from agents.clean.edges import trim
from agents.clean.first_published import without_first_published
from agents.clean.languages import gather
from agents.clean.languages.phrases import any_of
from agents.clean.metadata.authors.choice import choose_authors
from agents.clean.metadata.authors.states import state_authors
from agents.clean.metadata.claims import Choice, Claims, add_page, head_claims
from agents.clean.metadata.dates.publication import date_candidates
from agents.clean.metadata.site_names import add_site_names
from agents.clean.metadata.states.articles import state_body
from agents.clean.metadata.titles import choose_title, strip_publisher
from agents.clean.page import phrases, walls
from agents.clean.page.blocks import Page
from agents.clean.page.depth import check_depth
from agents.clean.page.network import Body, Paused, find_body
from agents.clean.page.places import head_lines, mark_heading, title_block
from agents.clean.page.unshown import holds_apart, holds_boilerplate, open_apart, open_boilerplate, open_shadows
from agents.clean.page.walk import parse, read
from agents.clean.plain.article import is_boilerplate, paragraphs_of
from agents.clean.text.decoding import check_lost
from agents.clean.text.words import count_words, normal
from streams.errors import Refused
from streams.records import Raw

#: Tags by which HTML is a page and no fragment, near its beginning.
_WHOLE = re.compile(r"(?i)<(?:html|head|body|title|meta|!doctype)\b")
WHOLE_CHARS = 4_000
#: Characters at the end of a summary in which the link to its article is looked for.
ONWARD_CHARS = 200
#: So many cut-off paragraphs make a page of teasers.
MIN_TEASERS = 4
#: Characters of a text of fewer than `SPLIT_WORDS` words, at most.
FEW_CHARS = 400
#: Below this, a text that keeps asking to sign up is the boilerplate of a page without an article.
FEW_WORDS = 40
#: A page with fewer words of article has none ...
MIN_WORDS = 12
#: ... unless it says that it is an article: then these are enough.
MIN_DECLARED_WORDS = 3


@lru_cache(1)
def onward() -> re.Pattern[str]:
    """Return the pattern of the end of a summary that leads to its article, in all languages."""
    return re.compile(
        rf"[\s\[(→»…|–-]*{any_of(gather(lambda item: item.boilerplate.onward))}[\s\W]*$",  # noqa: RUF001
        re.IGNORECASE,
    )


def from_html(raw: Raw) -> Paused[Draft]:
    """Return the draft of a page, or of the parts that it does not show where it shows too little to be an article."""
    html = encode(raw.content)
    if not html or html.isspace():
        raise Refused("empty", "the page holds nothing")
    check_depth(html)
    yield None
    try:
        shown = yield from draft_page(raw, html)
    except Refused as refused:
        if refused.reason in ("empty", "not_article") and (whole := (yield from unshown_article(raw, html, None))):
            return whole
        raise
    return (yield from unshown_article(raw, html, shown)) or shown


def unshown_article(raw: Raw, html: bytes, found: Draft | None) -> Paused[Draft | None]:
    """Return the draft of a page with the parts that it does not show, where they hold its article, else None.

    They are templates and the like, then menus, dialogs and footers. `found`: the draft of what the page shows.
    """
    shown = count_words(found.text) if found else 0
    short = found is None or (len(found.text) <= FEW_CHARS and shown < SPLIT_WORDS)
    if (found is None or short or is_doubtful(found.title.value, found.text)) and holds_apart(html):
        with suppress(Refused):
            if whole := (yield from article_apart(raw, html, found, short=short)):
                return whole
    if not short or not holds_boilerplate(html):
        return None
    with suppress(Refused):
        whole = yield from draft_page(raw, html, boilerplate=True)
        if shown < SHOWN_SHARE * count_words(whole.text):
            whole.body += ", in a menu, a dialog or a footer"
            return whole
    return None


def article_apart(raw: Raw, html: bytes, found: Draft | None, *, short: bool) -> Paused[Draft | None]:
    """Return the draft of a page with its templates and the like, where they hold its article; may raise `Refused`.

    `found`: the draft of what the page shows; `short`: it is so short that counts of words may tell.
    """
    opened = open_apart(html)
    if opened == html:
        return None
    whole = yield from draft_page(raw, opened)
    size, shown = count_words(whole.text), count_words(found.text) if found and short else 0
    if short and size >= SPLIT_WORDS and shown < SHOWN_SHARE * size:
        whole.body += ", in a part that the page does not show"
        return whole
    if found is None or not found.title.value:
        return None
    alone = yield from draft_page(raw, open_apart(html, alone=True))
    title, language = found.title.value, found.languages[0].text if found.languages else ""
    titled = alone.claims is not None and normal(title) in [normal(claim.text) for claim in alone.claims.headings]
    if not is_article_instead(alone.text, found.text, title, language, titled=titled, confidence=found.confidence):
        return None
    whole.text, whole.body = alone.text, f"{count_words(alone.text)} words in a part that the page does not show"
    return whole


def draft_page(raw: Raw, html: bytes, *, boilerplate: bool = False) -> Paused[Draft]:
    """Return the draft of a page; raise `Refused` for one without an article.

    `boilerplate`: also read the menus, dialogs and footers that may hold it; refused where there is none.
    """
    tree = parse(html)
    yield None
    claims = head_claims(tree, raw.url, raw.source)
    if claims.head.shadows:
        tree = parse(open_shadows(html))
        claims = head_claims(tree, raw.url, raw.source)
    yield None
    page = read(tree)
    if boilerplate:
        claimed = strip_publisher(claims.first_title(), claims.publishers)
        if not open_boilerplate(tree, claimed, shown=title_block(page, claimed) >= 0):
            raise Refused("not_article", "no menu, dialog or footer holds the page's title")
        page = read(tree)
    yield None
    check_lost(page.texts)
    add_page(claims, page)
    add_site_names(claims, tree, page)
    title = choose_title(claims.headings, claims.titles, claims.publishers, claims.post, head_lines(page))
    language = claims.languages[0].text if claims.languages else ""
    mark_heading(page, title.value)
    yield None
    authors = choose_authors(claims, page)
    yield None
    fetched_at = None if raw.published_at else raw.fetched_at  # a feed's time is better than "3 hours ago"
    dates = date_candidates(tree, claims, page, title.value, language, fetched_at)
    first = next(dates, None)
    draft = Draft(
        text="",
        extractor="blocks",
        title=title,
        authors=authors,
        dates=chain((first,), dates) if first else (),
        languages=claims.languages,
        publishers=claims.publishers,
        claims=claims,
    )
    if claims.canonical:
        draft.canonical = Choice(claims.canonical[0].text, claims.canonical[0].where, "first of the page's addresses")
    judgement = yield page, title.value or claims.first_title()
    body = find_body(judgement)
    yield None
    write_text(draft, raw, tree, page, body, first.found.day if first else None)
    return draft


def write_text(draft: Draft, raw: Raw, tree: LexborHTMLParser, page: Page, body: Body, day: date | None) -> None:
    """Fill in a draft's text and extractor from the blocks of its page; raise `Refused` for a page without an article.

    `day`: of the first of its dates.
    """
    claims = draft.claims
    assert claims is not None, "a page has claims"
    declared = claims.declared or "article" in page.tags
    # a fragment has no title of its own: the record that brought it has
    paragraphs = without_first_published(body.paragraphs, draft.title.value or raw.title or "")
    draft.text = "\n\n".join(trim(paragraphs, draft.authors.value, draft.publishers, draft.title.value, day))
    draft.confidence = body.confidence
    draft.body = f"{body.words} words of blocks that are article by a probability of {body.confidence:.2f}"
    if claimed := unshown_text(claims, tree, page, body, draft.title.value):
        draft.text, draft.extractor = claimed, "jsonld"
        if not draft.authors.value:
            draft.authors = state_authors(tree, draft.title.value, draft.publishers)
        draft.body = f"the page shows {body.words} words, its structured data hold {count_words(claimed)}"
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
    draft.left_out, draft.links = body.left_out, body.links


def unshown_text(claims: Claims, tree: LexborHTMLParser, page: Page, body: Body, title: str) -> str:
    """Return the text that structured data or the state of scripts hold as the article and that the page does not show.

    Empty where the page shows its article. A state is read where it shows little text, or one that may be none of the title's.
    """
    title = title or claims.first_title()
    claimed, found = claims.body(), "\n".join(body.paragraphs)
    titled = normal(title) == normal(next(iter(claims.data.headlines), ""))
    if body.words < SPLIT_WORDS or (is_doubtful(title, found) and (claims.data.updates or not claimed)):
        claimed = "\n\n".join(filter(None, (claimed, claims.data.updates)))
        if not claimed:
            claimed, titled = state_body(tree, title), True
    if not claimed:
        return ""
    claimed = paragraphs_of(claimed_text(claimed))
    language = claims.languages[0].text if claims.languages else ""
    if not is_article_instead(claimed, found, title, language, titled=titled, confidence=body.confidence):
        return ""
    if holds_menus(claimed, page) and not is_doubtful(title, found):
        return ""
    return article_of(claimed, title, language)


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
    """Return whether most of the paragraphs break off in an ellipsis, as the teasers of a front or section page do."""
    cut = sum(paragraph.endswith(("…", "...")) for paragraph in paragraphs)
    return cut >= MIN_TEASERS and cut >= 0.6 * len(paragraphs)


def encode(html: str) -> bytes:
    """Return a page as UTF-8 without NULs (parsers stop there); lone surrogates become question marks."""
    data = html.encode("utf-8", "replace")
    return data.replace(b"\0", b"") if b"\0" in data else data
