"""Texts of entries: titles as plain text, bodies as HTML, names of authors, addresses; each with its limit."""

import base64
import binascii
import re
from html import escape
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from lxml import etree

from agents.fetch.reading.entries import note
from streams.text.character_references import unescape

#: Characters of one text; what is over it is cut, with a note.
MAX_TEXT = 1 << 20
MAX_TITLE, MAX_NAME, MAX_GUID, MAX_URL = 2000, 300, 2000, 4000
MAX_AUTHORS, MAX_CATEGORIES = 20, 50
#: No name in the DNS has more characters; of letters beyond ASCII a longer one takes milliseconds to encode.
MAX_HOST = 253

#: Elements of HTML that stand in titles. Anything else in angle brackets is text: `List<String> explained`.
_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|big|blockquote|br|cite|code|del|dfn|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|nobr|ol|p|pre|q"
    r"|s|samp|small|span|strike|strong|sub|sup|time|tt|u|ul|var|wbr)(?:\s[^<>]{0,2000})?/?>|<!--[^>]{0,2000}(?:>|$)",
    re.IGNORECASE,
)
_XMLNS = re.compile(r"""\sxmlns(?::\w+)?="[^"]*\"""")
#: `mail@example.org (Name)` and `Name <mail@example.org>`, as RSS has its authors.
_MAIL_NAME = re.compile(r"^\s*(?:mailto:)?[^\s()<>]{1,100}@[^\s()<>]{1,200}\s*\(([^()]{1,200})\)\s*$")
_NAME_MAIL = re.compile(r"^\s*\"?([^<>()\"]{1,200}?)\"?\s*[<(]\s*[^<>():\s@]{1,100}@[^<>()\s]{1,200}\s*[>)]\s*$")
_SCRIPT = re.compile(r"<(script|style)(?=[\s/>])", re.IGNORECASE)
_SCRIPT_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style")}
#: Addresses that are absolute and need no look at their parts.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[^\s\[\]]*)?$")
#: Characters in an address that no record may hold: control characters, and those that turn letters around. Browsers escape them.
_UNHELD = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e]")
#: Before the address of a feed, so that a browser hands it to a feed reader: `feed:` and the whole address, or `feed://`.
_FOR_READERS = re.compile(r"(?:feed|itpc|pcast):(?:(?=https?://)|(//))", re.IGNORECASE)
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


def plain(text: str | None, *, html: bool = True, most: int = MAX_TITLE) -> str | None:
    """Return a title or a name in one line without markup; None where nothing is left.

    `html`: tags and entities in it are markup, not text.
    """
    if not text:
        return None
    text = text[: 4 * most]
    if html:
        if "<" in text:
            text = without_scripts(without_sections(text))
            text = _TAG.sub(" " if "<br" in text.lower() else "", text)
        if "&" in text:
            text = unescape(text)
    return _SPACE.sub(" ", text).strip()[:most].rstrip() or None


def markup_of(element: Any) -> str | None:
    """Return an element's content as HTML: its text, which is escaped HTML, or the elements within it."""
    if not len(element):
        text: str | None = element.text
        return text
    for inner in element.iter(etree.Element):
        if inner is not element and inner.tag.startswith("{"):
            inner.tag = inner.tag.rpartition("}")[2]
    parts = [escape(element.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html", with_tail=True) for child in element]
    return _XMLNS.sub("", "".join(parts))


def text_of(element: Any) -> str:
    """Return all text within an element."""
    return element.text or "" if not len(element) else "".join(element.itertext(etree.Element))


def without_sections(text: str) -> str:
    """Return a text without the marks of a CDATA section that was written into another one."""
    return text.replace("<![CDATA[", "").replace("]]>", "") if "<![CDATA[" in text else text


def without_scripts(html: str) -> str:
    """Return HTML without its scripts and style sheets, which are no text; one that is not closed stays."""
    if not (begin := _SCRIPT.search(html)):
        return html
    kept, at = [], 0
    while begin and (end := _SCRIPT_END[begin[1].lower()].search(html, begin.end())):
        kept.append(html[at : begin.start()])
        at = end.end()
        begin = _SCRIPT.search(html, at)
    return "".join([*kept, html[at:]])


def construct(element: Any, *, content: bool = False) -> tuple[str | None, bool]:
    """Return an Atom text construct and whether it is HTML; Atom 0.3 says how by `mode`, 1.0 by `type`.

    Only `content` can be of a type that makes it base64.
    """
    kind = (element.get("type") or "text").strip().lower()
    if (element.get("mode") or "").lower() == "base64" or _is_base64(kind, element, content):
        decoded = from_base64(text_of(element))
        return decoded, kind not in ("text", "text/plain")
    if len(element):
        return markup_of(element), True
    return element.text, kind not in ("text", "text/plain") or (element.get("mode") or "") == "escaped"


def _is_base64(kind: str, element: Any, content: bool) -> bool:
    """Return whether content of a type that is no text and no XML is base64 (RFC 4287, 4.1.3.3)."""
    binary = kind == "application/octet-stream" or (content and "/" in kind and not kind.startswith("text/"))
    return binary and not kind.endswith(("xml", "html")) and not len(element)


def from_base64(text: str) -> str | None:
    """Decode base64 as text; None for any other text."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def body(text: str | None, notes: list[str], name: str) -> str | None:
    """Return a summary or content within its limit, None where it is empty."""
    if text is None or not (text := without_scripts(without_sections(text)).strip()):
        return None
    if len(text) > MAX_TEXT:
        notes.append(note("text_cut", f"{name} of {len(text)} characters, {MAX_TEXT} kept"))
        text = text[:MAX_TEXT]
    return text


def author_name(text: str | None) -> str | None:
    """Return an author's name without the mail address that RSS puts it beside."""
    name = plain(text, most=MAX_NAME)
    if name and "@" in name and (found := _MAIL_NAME.match(name) or _NAME_MAIL.match(name)):
        return found[1].strip()
    return name


def first_of_each(names: "list[str | None]", most: int) -> tuple[tuple[str, ...], bool]:
    """Return the names that are not empty, each once, and whether there were more than are kept."""
    kept = tuple(dict.fromkeys(name for name in names if name))
    return kept[:most], len(kept) > most


def of_reader(address: str) -> str:
    """Return a web address in place of one for feed readers (`feed://host/…`, `feed:https://…`)."""
    if not (found := _FOR_READERS.match(address)):
        return address
    return address[found.end() :] if found[1] is None else f"http://{address[found.end() :]}"


def absolute(url: str | None, base: str) -> str | None:
    """Return an address as it is to be fetched, None for any that is no http address."""
    if not url or len(url) > MAX_URL:
        return None
    url = _UNHELD.sub(lambda found: quote(found[0]), "".join(url.split()))
    if _PLAIN_URL.match(url):
        return url
    try:
        joined = urljoin(base, url)
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and host and len(host) <= MAX_HOST else None
