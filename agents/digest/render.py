"""A digest for people: an HTML mail that usual clients show, its plain part, and an RSS item. Everything is escaped."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from streams.records import Digest, DigestStory

SECTIONS = {"new": "New", "developing": "Developing"}
FONT = "font-family:Arial,Helvetica,sans-serif"


def subject(digest: Digest) -> str:
    """Return the subject of a mail: the title and how many stories there are."""
    many = sum(len(section.stories) for section in digest.sections)
    return f"{digest.title}: {many} {'story' if many == 1 else 'stories'}" if many else f"{digest.title}: nothing new"


def plain(digest: Digest) -> str:
    """Return the plain part, with links."""
    lines = [digest.title, span(digest), ""]
    for section in digest.sections:
        lines += [SECTIONS[section.name].upper(), ""]
        for story in section.stories:
            lines += [story.title, *([story.sentence] if story.sentence else []), facts(story, digest.timezone)]
            lines += [f"- {link.source}: {link.url}" for link in story.links] + [""]
    if not digest.sections:
        lines += ["Nothing new in this time.", ""]
    if digest.left_out:
        lines.append(f"{digest.left_out} more qualified and are left out.")
    return "\n".join(lines).rstrip() + "\n"


def html(digest: Digest) -> str:
    """Return the HTML part: one table, styles in place, no images, no scripts, since that is what mail clients keep."""
    rows = [f'<h1 style="font-size:20px;margin:0 0 4px">{escape(digest.title)}</h1>', paragraph(span(digest), "#667")]
    for section in digest.sections:
        rows.append(f'<h2 style="font-size:15px;margin:20px 0 8px;color:#445">{SECTIONS[section.name]}</h2>')
        rows += [story_html(story, digest.timezone) for story in section.stories]
    if not digest.sections:
        rows.append(paragraph("Nothing new in this time.", "#223"))
    if digest.left_out:
        rows.append(paragraph(f"{digest.left_out} more qualified and are left out.", "#667"))
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(subject(digest))}</title></head>'
        '<body style="margin:0;background:#f4f4f6"><table role="presentation" width="100%" cellpadding="0" cellspacing="0">'
        '<tr><td align="center"><table role="presentation" width="600" cellpadding="24" cellspacing="0" '
        f'style="background:#fff;{FONT};color:#223;text-align:left"><tr><td>{"".join(rows)}</td></tr></table>'
        "</td></tr></table></body></html>"
    )


def rss_item(digest: Digest) -> str:
    """Return an RSS 2.0 item, the HTML escaped in its description."""
    when = digest.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><title>{escape(subject(digest))}</title>"
        f'<guid isPermaLink="false">{escape(digest.id)}</guid><pubDate>{when}</pubDate>'
        f"<description>{escape(html(digest))}</description></item>"
    )


def story_html(story: DigestStory, timezone: str) -> str:
    """Return one story."""
    links = " &middot; ".join(
        f'<a href="{escape(link.url)}" style="color:#15c">{escape(link.source)}</a>'
        for link in story.links
        if link.url.startswith("https://")
    )
    title = f'<p style="margin:0 0 2px;font-size:16px;font-weight:bold" lang="{escape(story.language)}">{escape(story.title)}</p>'
    sentence = (
        f'<p style="margin:0 0 2px" lang="{escape(story.language)}">{escape(story.sentence)}</p>'
        if story.sentence
        else ""
    )
    return (
        f'<div style="margin:0 0 16px">{title}{sentence}{paragraph(facts(story, timezone), "#667")}'
        + (f'<p style="margin:2px 0 0;font-size:13px">{links}</p>' if links else "")
        + "</div>"
    )


def paragraph(text: str, colour: str) -> str:
    """Return a small paragraph."""
    return f'<p style="margin:0;font-size:13px;color:{colour}">{escape(text)}</p>'


def facts(story: DigestStory, timezone: str) -> str:
    """Return sources, articles, since when, places and why, in one line."""
    parts = [
        f"{story.sources} {'source' if story.sources == 1 else 'sources'}",
        f"{story.articles} {'article' if story.articles == 1 else 'articles'}",
        f"since {clock(story.first_seen_at, timezone)}",
        ", ".join(story.places),
        f"why: {', '.join(story.why)}",
    ]
    return " | ".join(part for part in parts if part)


def span(digest: Digest) -> str:
    """Return the time that a digest is about."""
    return f"{clock(digest.since, digest.timezone)} to {clock(digest.at, digest.timezone)} ({digest.timezone})"


def clock(time: datetime, timezone: str) -> str:
    """Return a time by the clock of a zone."""
    return time.astimezone(ZoneInfo(timezone)).strftime("%d %b %H:%M")
