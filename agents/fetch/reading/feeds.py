"""RSS 0.9x to 2.0, RDF and Atom 0.3 and 1.0, on lxml in its recovering mode.

Chosen over feedparser with the corpora of three peers and a table of hostile inputs: docs/decisions/feed-parser.md.
"""

import itertools
import re
from collections import Counter
from dataclasses import replace
from typing import Any

from lxml import etree

from agents.fetch.reading import items, texts
from agents.fetch.reading.balance import balanced
from agents.fetch.reading.entries import Document, DocumentKind, Entry, Link, LinkKind, note
from agents.fetch.reading.items import Context, Fields, fields_of
from agents.fetch.reading.names import Names

#: Entries read of one feed; the rest is counted in a note.
MAX_ENTRIES = 2000
MAX_LINKS = 20
#: A document of more tags is as the parser mends it: no feed of `MAX_ENTRIES` entries has so many.
MOST_TAGS = 150_000
#: Characters of a root's start tag that is put before each item of a document that is read in parts.
MAX_ROOT_TAG = 4000

ITEMS = frozenset(("item", "entry", "atom:entry"))
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_START_TAG = re.compile(r"<[^<>]*>")
_SECONDS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RELATIONS: dict[str, LinkKind] = {"hub": "hub", "self": "self", "next": "next"}


def parsed(text: str) -> tuple[Any, str | None]:
    """Return the root element of mended XML, and its fault; (None, reason) for a text without one."""
    parser = etree.XMLParser(
        recover=True,
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    wrong = next((e for e in parser.error_log if e.domain_name == "PARSER"), None)
    return root, f"line {wrong.line}: {wrong.message}"[:200] if wrong is not None else None


def in_parts(text: str) -> Any:
    """Return the root of a document whose items are parsed one by one, None where it has no items.

    For one that is nested deeper than the parser reads (2,048 elements): what stands behind that is read all the same.
    """
    begins = [found.start() for found in itertools.islice(_ITEM.finditer(text), MAX_ENTRIES + 1)]
    tag = _START_TAG.match(text)
    if not begins or tag is None or len(tag[0]) > MAX_ROOT_TAG:
        return None
    root, _ = parsed(text[: begins[0]])
    for begin, end in itertools.pairwise([*begins, len(text)]):
        part, _ = parsed(f"{tag[0].rstrip('/>')}>{text[begin:end]}")
        if root is not None and part is not None and len(part):
            root.append(part[0])
    return root


def read_feed(text: str, url: str) -> Document:
    """Return the feed that mended XML holds, from its root element on."""
    root, wrong = root_of(text)
    if root is None:
        return Document(kind="unknown", notes=(note("not_a_feed", wrong or "no element"),))
    name = Names(root)
    found = [element for element in root.iter(etree.Element) if name(element) in ITEMS]
    kind = _kind(root, name)
    channel = _channel(root, name, kind)
    fields = fields_of(channel, name)
    atom = kind == "atom"
    notes = [note("broken", wrong)] if wrong else []
    own = items.based(channel, url)
    link = _site(fields, own, atom)
    language = items.language_of(fields) or root.get(f"{items.XML}lang") or channel.get(f"{items.XML}lang")
    context = Context(
        name=name,
        atom=atom,
        base=link or own,
        site=link,
        language=language,
        authors=_feed_authors(fields),
        xml_base="xml:base" in text,
    )
    if len(found) > MAX_ENTRIES:
        notes.append(note("entries_cut", f"{MAX_ENTRIES} of {len(found)} read"))
    entries = [items.read_item(element, context) for element in found[:MAX_ENTRIES]]
    hours, days = _skips(fields)
    return Document(
        kind=kind,
        title=items.title_of(fields, atom),
        link=link,
        language=language,
        entries=tuple(own_guids(entries, notes)),
        links=_links(fields, own),
        ttl_seconds=_ttl(fields),
        skip_hours=hours,
        skip_days=days,
        notes=tuple(notes),
    )


def root_of(text: str) -> tuple[Any, str | None]:
    """Return the root element of mended XML, with its tags balanced where they are not, and the parser's complaint.

    The root is None where there is no element.
    """
    root, wrong = parsed(text)
    if wrong and "depth" in wrong:
        whole = in_parts(text)
        return root if whole is None else whole, wrong
    if wrong and text.count("<") <= MOST_TAGS:
        del root  # two trees of a large document take more memory than a child has
        root = parsed(balanced(text))[0]
    return root, wrong


def _kind(root: Any, name: Names) -> DocumentKind:
    local = name(root).rpartition(":")[2]
    if local in ("feed", "entry"):
        return "atom"
    return "rdf" if local == "rdf" else "rss"


def _channel(root: Any, name: Names, kind: DocumentKind) -> Any:
    if kind == "atom":
        return root
    for element in root.iter(etree.Element):
        if name(element) == "channel":
            return element
    return root


def _site(fields: Fields, base: str, atom: bool) -> str | None:
    """Return the address of the site that a feed belongs to."""
    links = fields.get("link", [])
    given = ([] if atom else items.written(links)) + items.alternates([*links, *fields.get("atom:link", ())])
    return next((found for text in given if (found := texts.absolute(text, base))), None)


def _feed_authors(fields: Fields) -> tuple[str, ...]:
    """Return the authors of a whole feed. An RSS feed's editor and webmaster are not: they write no article."""
    return items.authors_of(fields, [])


def _links(fields: Fields, base: str) -> tuple[Link, ...]:
    found = []
    for element in [*fields.get("link", ()), *fields.get("atom:link", ())]:
        for relation in (element.get("rel") or "").lower().split()[:5]:
            kind = _RELATIONS.get(relation)
            if kind and (url := texts.absolute(element.get("href"), base)):
                found.append(Link(kind, url))
    return tuple(found[:MAX_LINKS])


def _ttl(fields: Fields) -> int | None:
    """Return the seconds that a feed asks to be left alone: `ttl` in minutes, or the syndication module's period."""
    asked = _number(fields, "ttl")
    if asked:
        return asked * 60
    period = next((texts.text_of(e).strip().lower() for e in fields.get("sy:updateperiod", ())), "")
    if period not in _SECONDS:
        return None
    return _SECONDS[period] // max(1, _number(fields, "sy:updatefrequency") or 1)


def _number(fields: Fields, name: str) -> int | None:
    text = next((texts.text_of(e).strip() for e in fields.get(name, ())), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _skips(fields: Fields) -> tuple[frozenset[int], frozenset[int]]:
    hours = {
        int(text) % 24
        for element in fields.get("skiphours", ())
        for child in element
        if (text := texts.text_of(child).strip()).isascii() and text.isdigit() and int(text[:4]) <= 24
    }
    days = {
        _DAYS.index(text)
        for element in fields.get("skipdays", ())
        for child in element
        if (text := texts.text_of(child).strip().lower()) in _DAYS
    }
    return frozenset(hours), frozenset(days)


def own_guids(entries: list[Entry], notes: list[str]) -> list[Entry]:
    """Take away a guid that several entries have: it identifies none."""
    repeated = {guid for guid, times in Counter(e.guid for e in entries if e.guid).items() if times > 1}
    if not repeated:
        return entries
    notes.append(note("guid_repeated", f"{len(repeated)}, the first {min(repeated)[:100]}"))
    return [replace(e, guid=None) if e.guid in repeated else e for e in entries]
