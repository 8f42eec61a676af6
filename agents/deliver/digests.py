"""A digest for people: an HTML mail that usual clients show, its plain part, a chat message, and an RSS item.

Titles and sentences come from anybody's pages: everything is escaped, and only https addresses become links.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from agents.deliver.markup import WRITERS, Markup, Writer, counted, one_line, safe_url
from streams.records import Digest, DigestLink, DigestSectionName, DigestStory

SECTIONS: dict[DigestSectionName, str] = {"new": "New", "developing": "Developing"}
NOTHING, LATEST, ON_PAGE = "Nothing new in this time.", "Latest", "All digests on the page"
#: Languages that are written from right to left.
RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi", "dv"))
FONT = "font-family:Arial,Helvetica,sans-serif"
TEXT, FAINT, LINK = "#1b2430", "#5b6573", "#0b57d0"
RULE = f"padding:0 0 6px;border-bottom:2px solid #d5dae1;font-size:15px;line-height:20px;color:{FAINT}"
#: Colours for eyes in the dark, and paper on which no story breaks: clients that know neither show the styles in place.
STYLES = (
    "@media (prefers-color-scheme:dark){.ground{background-color:#15171a!important}.card{background-color:#1f2226!important}"
    ".text{color:#e8eaed!important}.faint{color:#a9b1bc!important;border-color:#3c434c!important}.link{color:#8ab4f8!important}}"
    "@media print{.text{break-inside:avoid}.faint{break-after:avoid}}"
)
HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all"
#: Control characters and halves of pairs, which XML does not allow.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What a mail client shows beside the subject.
PREVIEW_TITLES = 3


def subject(digest: Digest) -> str:
    """Return the subject of a mail: the title and how many stories there are."""
    many = sum(len(section.stories) for section in digest.sections)
    stories = counted(many, "story", "stories") if many else "nothing new"
    return one_line(f"{digest.title}: {stories}")


def message(digest: Digest, markup: Markup, page: str = "") -> str:
    """Return the digest in a markup of chats; as text it is the plain part of a mail, with links.

    `page`: the address of the page, to which it leads where there is one.
    """
    return WRITERS[markup].message(blocks(digest, WRITERS[markup], page, marks=markup != "text")) + "\n"


def blocks(digest: Digest, write: Writer, page: str, *, marks: bool) -> Iterator[list[str]]:
    """Yield the blocks of a message; with `marks` titles are marked."""

    def heading(text: str) -> str:
        written = write.text(one_line(text))
        return write.mark(written) if marks else written

    yield [heading(digest.title), write.text(span(digest))]
    for section in digest.sections:
        yield [write.text(SECTIONS[section.name].upper())]
        for story in section.stories:
            sentence = [write.text(one_line(story.sentence))] if story.sentence else []
            sentence += [write.text(one_line(f"{LATEST}: {story.latest}"))] if story.latest else []
            facts = write.text(" | ".join(one_line(fact) for fact in facts_of(story, digest.timezone)))
            yield [heading(story.title), *sentence, facts, *links(story.links, write, marks=marks)]
    if not digest.sections:
        yield [write.text(NOTHING)]
    if digest.left_out:
        yield [write.text(left_out(digest))]
    if page:
        yield [write.link(write.text(ON_PAGE), on_page(page))]


def on_page(page: str) -> str:
    """Return where the page at an address shows the digests."""
    return f"{page}/?view=digests"


def links(found: Sequence[DigestLink], write: Writer, *, marks: bool) -> Iterator[str]:
    """Yield a line for each link; in plain text source and address, since a label would hide it."""
    for link, url in https(found):
        source = write.text(one_line(link.source))
        yield write.link(source, url) if marks else f"- {source}: {url}"


def https(found: Iterable[DigestLink]) -> Iterator[tuple[DigestLink, str]]:
    """Yield the links with an https address, and that address as markup can hold it."""
    for link in found:
        url = safe_url(link.url)
        if url is not None and url.lower().startswith("https://"):
            yield link, url


def html(digest: Digest, page: str = "") -> str:
    """Return the HTML part: tables with styles in place, no images, no scripts: mail clients keep little else.

    `page`: the address of the page, to which it leads where there is one.
    """
    style = f"margin:0;font-size:22px;line-height:28px;color:{TEXT}"
    rows = [row(f'<h1 class="text" dir="auto" style="{style}">{escape(digest.title)}</h1>', 0)]
    rows.append(row(small(span(digest)), 4))
    for section in digest.sections:
        rows.append(row(f'<h2 class="faint" style="margin:0;{RULE}">{SECTIONS[section.name]}</h2>', 28))
        rows += [story_row(story, digest.timezone) for story in section.stories]
    if not digest.sections:
        rows.append(row(NOTHING, 20))
    if digest.left_out:
        rows.append(row(small(left_out(digest)), 24))
    if page:
        style = f"font-size:13px;line-height:18px;color:{LINK}"
        rows.append(row(f'<a class="link" href="{escape(on_page(page))}" style="{style}">{ON_PAGE}</a>', 24))
    titles = [story.title for section in digest.sections for story in section.stories][:PREVIEW_TITLES]
    preview = f'<div style="{HIDDEN}">{escape("; ".join(titles))}</div>' if titles else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<style>{STYLES}</style><title>{escape(subject(digest))}</title></head>"
        f'<body class="ground" style="margin:0;padding:0;background-color:#f2f4f7">{preview}<table class="ground" '
        'role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0" bgcolor="#f2f4f7"><tr>'
        '<td align="center" style="padding:16px 8px"><table class="card" role="presentation" width="600" border="0" '
        'cellpadding="0" cellspacing="0" bgcolor="#ffffff" '
        f'style="width:100%;max-width:600px;background-color:#ffffff;{FONT};color:{TEXT}">'
        '<tr><td style="padding:24px"><table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0">'
        f"{''.join(rows)}</table></td></tr></table></td></tr></table></body></html>"
    )


def row(content: str, above: int) -> str:
    """Return a row of the mail's table, with so many pixels above it."""
    return (
        f'<tr><td class="text" align="left" style="padding:{above}px 0 0;{FONT};font-size:15px;line-height:21px;'
        f'word-break:break-word;overflow-wrap:anywhere;color:{TEXT}">'
        f"{content}</td></tr>"
    )


def story_row(story: DigestStory, timezone: str) -> str:
    """Return one story: its title, which leads to an article, a sentence, the facts, and links of other sources."""
    way = f'lang="{escape(story.language)}" dir="{"rtl" if story.language in RIGHT_TO_LEFT else "ltr"}"'
    found = list(https(story.links))
    title = escape(story.title)
    if found:
        title = f'<a class="text" href="{escape(found[0][1])}" style="color:{TEXT};text-decoration:none">{title}</a>'
    parts = [f'<div {way} style="font-size:17px;line-height:23px;font-weight:bold">{title}</div>']
    if story.sentence:
        parts.append(f'<div {way} style="padding:3px 0 0">{escape(story.sentence)}</div>')
    if story.latest:
        parts.append(f'<div style="padding:3px 0 0">{LATEST}: <span {way}>{escape(story.latest)}</span></div>')
    parts.append(f'<div style="padding:4px 0 0">{small(" · ".join(facts_of(story, timezone)))}</div>')
    if found:
        anchors = (
            f'<a class="link" dir="auto" href="{escape(url)}" style="color:{LINK};text-decoration:underline">'
            f"{escape(link.source)}</a>"
            for link, url in found
        )
        parts.append(f'<div style="padding:4px 0 0;font-size:13px;line-height:18px">{" &nbsp; ".join(anchors)}</div>')
    return row("".join(parts), 18)


def small(text: str) -> str:
    """Return text in small letters."""
    return f'<span class="faint" style="font-size:13px;line-height:18px;color:{FAINT}">{escape(text)}</span>'


def first_link(digest: Digest) -> str:
    """Return the address of the first article that a digest links to; an empty string where it links to none."""
    links = (link for section in digest.sections for story in section.stories for link in story.links)
    return next((url for _, url in https(links)), "")


def rss_item(digest: Digest, page: str = "") -> str:
    """Return an RSS 2.0 item, the HTML escaped in its description; it leads to the digest's page, or its first article."""
    address = page or first_link(digest)
    item = (
        f"<item><title>{escape(subject(digest))}</title>{f'<link>{escape(address)}</link>' if address else ''}"
        f'<guid isPermaLink="false">{escape(digest.id)}</guid>'
        f"<pubDate>{format_datetime(digest.at.astimezone(UTC), usegmt=True)}</pubDate>"
        f"<description>{escape(html(digest))}</description></item>"
    )
    return NOT_IN_XML.sub(" ", item)


def facts_of(story: DigestStory, timezone: str) -> list[str]:
    """Return sources, articles, since when, places, and why the story is there."""
    sources = counted(story.sources, "source")
    why = [reason for reason in story.why if reason != sources]
    facts = [
        sources,
        counted(story.articles, "article") if story.articles > story.sources else "",
        f"since {began(story, timezone)}",
        ", ".join(story.places),
        f"why: {', '.join(why)}" if why else "",
    ]
    return [fact for fact in facts if fact]


def left_out(digest: Digest) -> str:
    """Return the words on stories for which there was no room."""
    many = digest.left_out
    words = "story is left out: it has" if many == 1 else "stories are left out: they have"
    return f"{many} more {words} fewer or older sources, or much in common with these."


def span(digest: Digest) -> str:
    """Return the time that a digest is about."""
    return f"{clock(digest.since, digest.timezone)} to {clock(digest.at, digest.timezone)} ({digest.timezone})"


def began(story: DigestStory, timezone: str) -> str:
    """Return when a story began, with the year where it still ran in another."""
    if story.first_seen_at.year == story.last_seen_at.year:
        return clock(story.first_seen_at, timezone)
    return story.first_seen_at.astimezone(ZoneInfo(timezone)).strftime("%d %b %Y")


def clock(time: datetime, timezone: str) -> str:
    """Return a time by the clock of a zone."""
    return time.astimezone(ZoneInfo(timezone)).strftime("%d %b %H:%M")
