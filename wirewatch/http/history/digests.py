"""Digests for readers: one of a name as a page, the last ones as an RSS feed whose items lead to their pages."""

from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import urlencode

from agents.deliver.digests import html, rss_item
from streams.records import Digest

#: Digests that a feed has.
IN_FEED = 20

#: Writes the digests of a name, the newest first, for the address that was asked for.
Writer = Callable[[str, Sequence[Digest]], bytes]


def moment_of(digest: Digest) -> str:
    """Return the moment for which a digest was made, as its id has it."""
    return digest.id.removeprefix(f"{digest.name}:")


def page(_: str, digests: Sequence[Digest]) -> bytes:
    """Return a digest as a page."""
    return html(digests[0]).encode("utf-8", "replace")


def rss(address: str, digests: Sequence[Digest]) -> bytes:
    """Return an RSS 2.0 document."""
    latest, here = digests[0], escape(address)
    shown = address.partition("?")[0].removesuffix(".rss") + ".html"
    items = "".join(rss_item(digest, f"{shown}?{urlencode({'at': moment_of(digest)})}") for digest in digests)
    written = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{escape(latest.title)}</title><link>{escape(shown)}</link><description>The digest {escape(latest.name)}"
        f'</description><atom:link href="{here}" rel="self" type="application/rss+xml"/><generator>wirewatch</generator>'
        f"{items}</channel></rss>"
    )
    return written.encode("utf-8", "replace")


DIGEST_FORMATS: dict[str, tuple[str, int, Writer]] = {
    "html": ("text/html", 1, page),
    "rss": ("application/rss+xml", IN_FEED, rss),
}
