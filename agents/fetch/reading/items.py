"""One item of RSS or entry of Atom, as an `Entry`.

The address of an article is, in this order: the original that a feed service keeps (`feedburner:origLink`), the link
(for Atom, the alternate one), a guid that is a permanent link, an Atom id or `rdf:about` that is an address; never the
site's own where something else is given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from agents.fetch.reading import texts
from agents.fetch.reading.dates import read_date
from agents.fetch.reading.entries import Entry, note
from streams.records import ContentType

XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
TITLES = ("title", "atom:title", "dc:title", "itunes:title", "media:title")
SUMMARIES = (
    "description", "summary", "atom:summary", "tagline", "dc:description", "abstract", "dcterms:abstract",
    "itunes:summary", "itunes:subtitle", "media:description",
)  # fmt: skip
CONTENTS = ("content:encoded", "content", "atom:content", "xhtml:body", "body", "fullitem", "xhtml:div")
PUBLISHED = (
    "pubdate",
    "published",
    "atom:published",
    "issued",
    "atom:issued",
    "dcterms:issued",
    "dcterms:created",
    "created",
)
UPDATED = ("updated", "atom:updated", "modified", "atom:modified", "dcterms:modified", "lastbuilddate")
AUTHORS = ("author", "atom:author", "dc:creator", "dc:author", "itunes:author", "creator")
CATEGORIES = (
    "tags",
    "category",
    "atom:category",
    "dc:subject",
    "subject",
    "itunes:category",
    "media:category",
    "media:keywords",
)
#: Lists of categories in one text.
_COMMA_LISTS = frozenset(("tags", "media:keywords"))
#: Constructs of Atom, which say by attributes how they are to be read.
_CONSTRUCTS = frozenset(
    ("title", "summary", "content", "tagline", "atom:title", "atom:summary", "atom:content", "subtitle")
)

Fields = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Context:
    """Fields that the entries of a document share: kind, base address, language and author, site's address."""

    name: Callable[[Any], str]
    atom: bool
    base: str
    site: str | None
    language: str | None
    authors: tuple[str, ...]
    xml_base: bool


def fields_of(element: Any, name: Callable[[Any], str]) -> Fields:
    """Return an element's children by name, in their order."""
    fields: Fields = {}
    for child in element:
        fields.setdefault(name(child), []).append(child)
    return fields


def read_item(element: Any, context: Context) -> Entry:
    """Return the entry that an element of a feed announces."""
    fields = fields_of(element, context.name)
    notes: list[str] = []
    base = based(element, context.base) if context.xml_base else context.base
    guid, permalink = guid_of(element, fields, base, xml_base=context.xml_base)
    language = language_of(fields) or element.get(f"{XML}lang") or context.language
    published, published_text = date_of(fields, PUBLISHED, language, notes)
    issued, issued_text = date_of(fields, ("dc:date",), language, notes)
    updated, _ = date_of(fields, UPDATED, language, notes)
    content, summary, kind = bodies(fields, notes)
    return Entry(
        url=url_of(element, fields, base, context, guid if permalink else None, notes),
        guid=guid,
        title=title_of(fields, context.atom),
        authors=authors_of(fields, notes) or context.authors,
        published_at=published or issued,
        updated_at=updated or (issued if published else None) or issued,
        published_text=None if published or issued else published_text or issued_text,
        summary=summary,
        content=content,
        content_type=kind,
        categories=categories_of(fields, notes),
        language=language,
        notes=tuple(notes),
    )


def based(element: Any, base: str) -> str:
    """Return the address that an element's links are relative to (XML Base)."""
    chain = [given for parent in (element, *element.iterancestors()) if (given := parent.get(f"{XML}base"))]
    for given in reversed(chain[-20:]):
        base = texts.absolute(given, base) or base
    return base


def title_of(fields: Fields, atom: bool) -> str | None:
    """Return the title as plain text: in RSS it may be HTML, in Atom it has a type."""
    for name in TITLES:
        for element in fields.get(name, ()):
            if atom and name in _CONSTRUCTS:
                text, html = texts.construct(element)
                title = texts.plain(text, html=html)
            else:
                title = texts.plain(texts.text_of(element))
            if title:
                return title
    return None


def guid_of(element: Any, fields: Fields, base: str, *, xml_base: bool = False) -> tuple[str | None, bool]:
    """Return the id as written, and whether it may be the article's address."""
    for name in ("guid", "id", "atom:id", "dc:identifier"):
        for found in fields.get(name, ()):
            text = texts.text_of(found).strip()[: texts.MAX_GUID]
            if not text:
                continue
            if name == "guid":
                return text, (found.get("isPermaLink") or found.get("ispermalink") or "true").strip().lower() != "false"
            # RFC 4287 wants an absolute id; a path is made one, so that two sites' entries stay apart
            relative = text.startswith("/") or (xml_base and ":" not in text)
            return (texts.absolute(text, base) or text) if relative else text, name != "dc:identifier"
    about = (element.get(_RDF_ABOUT) or element.get("about") or "").strip()[: texts.MAX_GUID]
    return about or None, True


def url_of(
    element: Any, fields: Fields, base: str, context: Context, permalink: str | None, notes: list[str]
) -> str | None:
    """Return the article's address."""
    site = None
    tried = None
    for given in _addresses(element, fields, context, permalink):
        url = texts.absolute(given, base)
        if url is None:
            tried = tried or given
        elif url == context.site:
            site = url
        else:
            return url
    if site is None and tried:
        notes.append(note("link", tried.strip()[:200]))
    return site


def _addresses(element: Any, fields: Fields, context: Context, permalink: str | None) -> list[str]:
    found = [texts.text_of(e) for e in fields.get("feedburner:origlink", ())]
    links = fields.get("link", [])
    found += [] if context.atom else written(links)
    found += alternates([*links, *fields.get("atom:link", ())])
    if permalink and permalink.lower().startswith(("http://", "https://", "/")):
        found.append(permalink)
    found += [e.get("src") or "" for name in ("content", "atom:content") for e in fields.get(name, ())]
    found += [element.get(_RDF_ABOUT) or "", element.get("href") or "", element.get("HREF") or ""]
    return [text for text in found if text.strip()]


def written(links: list[Any]) -> list[str]:
    """Return the addresses of RSS links, the last first, as peers have it; some write Atom's attribute in them."""
    found = [
        texts.text_of(link).strip() or (link.get("href") if not link.get("rel") else "") for link in reversed(links)
    ]
    return [text for text in found if text]


def alternates(links: list[Any]) -> list[str]:
    """Return the addresses of alternate links, web pages first; then of those whose relation is a page's too."""
    page: list[str] = []
    other: list[str] = []
    kin: list[str] = []
    for link in links:
        href, relation = link.get("href"), (link.get("rel") or "alternate").strip().lower()
        if not href:
            continue
        if relation in ("alternate", "http://www.iana.org/assignments/relation/alternate"):
            kind = (link.get("type") or "text/html").lower()
            (page if kind.startswith(("text/html", "application/xhtml")) else other).append(href)
        elif relation in ("related", "via", "canonical"):
            kin.append(href)
    return [*page, *other, *kin]


def date_of(fields: Fields, names: tuple[str, ...], language: str | None, notes: list[str]) -> tuple[Any, str | None]:
    """Return the first date that can be read, and the text of the first that cannot."""
    unread = None
    for name in names:
        for element in reversed(fields.get(name, [])):
            text = texts.text_of(element).strip()
            time, unknown = read_date(text, language)
            if unknown:
                notes.append(note("date_zone", f"{unknown[:20]} is read as UTC"))
            if time is not None:
                return time, None
            if text and unread is None:
                unread = text[:200]
                notes.append(note("date", unread))
    return None, unread


def bodies(fields: Fields, notes: list[str]) -> tuple[str | None, str | None, ContentType]:
    """Return content, summary, and the type of both."""
    content, content_html = _body(fields, CONTENTS, notes, "content")
    if content is None and "description" in fields and "summary" in fields:  # the second of the two is the longer
        last = "description" if list(fields).index("description") > list(fields).index("summary") else "summary"
        content, content_html = _body(fields, (last,), notes, "content")
        fields = {name: found for name, found in fields.items() if name != last}
    summary, summary_html = _body(fields, SUMMARIES, notes, "summary")
    if content is not None and not content_html and (summary is None or not summary_html):
        return content, summary, "text/plain"
    if content is None and summary is not None and not summary_html:
        return None, summary, "text/plain"
    return _as_html(content, content_html), _as_html(summary, summary_html), "text/html"


def _as_html(text: str | None, html: bool) -> str | None:
    return text if text is None or html else escape(text, quote=False)


def _body(fields: Fields, names: tuple[str, ...], notes: list[str], what: str) -> tuple[str | None, bool]:
    for name in names:
        for element in _named(fields, name):
            if name in _CONSTRUCTS:
                text, html = texts.construct(element, content=name in CONTENTS)
            else:
                text, html = texts.markup_of(element), True
            if (found := texts.body(text, notes, what)) is not None:
                return found, html
    return None, True


def _named(fields: Fields, name: str) -> list[Any]:
    """Return the elements of a name; a description of a media group describes the item, where nothing else does."""
    if name == "media:description" and "media:group" in fields:
        return [inner for group in fields["media:group"] for inner in group if str(inner.tag).endswith("}description")]
    return fields.get(name, [])


def authors_of(fields: Fields, notes: list[str]) -> tuple[str, ...]:
    """Return the authors' names, without mail addresses where there is a name."""
    for name in AUTHORS:
        names = [_author(element) for element in fields.get(name, ())]
        kept, more = texts.first_of_each(names, texts.MAX_AUTHORS)
        if more:
            notes.append(note("authors_cut", f"{texts.MAX_AUTHORS} of {len(names)} kept"))
        if kept:
            return kept
    return ()


def _author(element: Any) -> str | None:
    if not len(element):
        return texts.author_name(element.text)
    inner = {
        child.tag.rpartition("}")[2].lower(): texts.text_of(child) for child in element if isinstance(child.tag, str)
    }
    return (
        texts.author_name(inner.get("name"))
        or texts.author_name(inner.get("email"))
        or texts.author_name(texts.text_of(element))
    )


def categories_of(fields: Fields, notes: list[str]) -> tuple[str, ...]:
    """Return the categories, as their labels or terms name them."""
    given = [text for name in CATEGORIES for element in fields.get(name, ()) for text in _categories(name, element)]
    names = [texts.plain(text, most=texts.MAX_NAME) for text in given]
    kept, more = texts.first_of_each(names, texts.MAX_CATEGORIES)
    if more:
        notes.append(note("categories_cut", f"{texts.MAX_CATEGORIES} of {len(names)} kept"))
    return kept


def _categories(name: str, element: Any) -> list[str]:
    if name in _COMMA_LISTS:
        return texts.text_of(element)[:10_000].split(",")
    if name == "itunes:category":
        return [inner.get("text") or "" for inner in element.iter(element.tag)]
    return [element.get("term") or element.get("label") or element.get("text") or texts.text_of(element)]


def language_of(fields: Fields) -> str | None:
    """Return the language that an item or a channel names."""
    for name in ("language", "dc:language"):
        for element in fields.get(name, ()):
            if found := texts.plain(texts.text_of(element), most=40):
                return found
    return None
