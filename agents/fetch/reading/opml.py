"""Lists of sources: OPML of every feed reader in (listparser), OPML 2.0 out.

The name of a source comes from its title, else from its host: lower case, in ASCII, each once. A folder is a tag,
one within another too.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

import listparser
from lxml import etree

from agents.fetch.reading import charset, markup, texts
from agents.fetch.reading.entries import note
from streams.ids import site_of
from streams.records import Source

#: A list of a whole country's media has some thousands.
MAX_SOURCES = 100_000
MAX_BYTES = 50 << 20
NAME_CHARACTERS = 60
#: Entries without an address that are named one by one.
MOST_NAMED = 20
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'
_NOT_NAME = re.compile(r"[^a-z0-9]+")


def read_opml(document: bytes, known: Mapping[str, Source | None] | None = None) -> tuple[list[Source], list[str]]:
    """Return the feeds that a list names, each once, and notes on those left out.

    `known` are the names that a source cannot have, with the source that has it where that is known: a feed at the
    address of one is that source as it stands, and not a second one. Runs as long as the list is: in a child process.
    """
    text, _, said = charset.decode(document[:MAX_BYTES])
    # bytes, for listparser fetches a text that is an address; declared, for it takes what declares nothing for Latin-1
    declared = _DECLARATION + text[markup.prolog(text).begin :].encode("utf-8", "replace")
    notes = (
        list(said)
        if len(document) <= MAX_BYTES
        else [*said, note("document_cut", f"{MAX_BYTES} of {len(document)} bytes read")]
    )
    wrong, unaddressed, too_deep = _look(declared)
    found = {} if too_deep else listparser.parse(declared)  # it lists all folders around each feed
    if wrong and (found.get("feeds") or too_deep):
        notes.append(note("broken", wrong))
    names, addresses, numbers = set(known or ()), set[str](), dict[str, int]()
    theirs = {source.url: source for source in (known or {}).values() if source is not None}
    sources: list[Source] = []
    for feed in found.get("feeds", [])[:MAX_SOURCES]:
        url = texts.absolute(texts.of_reader((feed.get("url") or "").strip()), "")
        if url is None:
            notes.append(note("link", str(feed.get("url"))[:200]))
        elif url not in addresses:
            addresses.add(url)
            if url in theirs:
                sources.append(theirs[url])
                continue
            title = texts.plain(feed.get("title"), most=texts.MAX_NAME)
            name = name_of(title, url, names, numbers)
            names.add(name)
            sources.append(Source(name=name, url=url, title=title, tags=_tags(feed)))
    if len(found.get("feeds", [])) > MAX_SOURCES:
        notes.append(note("entries_cut", f"{MAX_SOURCES} of {len(found['feeds'])} read"))
    notes += [
        note("links_cut", f"{inner.get('url', '')[:200]} is a page or a list of its own, and not read")
        for inner in found.get("lists", [])
    ]
    notes += [note("link", f"{title} has no address of a feed") for title in unaddressed[:MOST_NAMED]]
    if len(unaddressed) > MOST_NAMED:
        notes.append(note("link", f"{len(unaddressed) - MOST_NAMED} others have no address of a feed"))
    return sources, notes if sources else [*notes, note("no_entries")]


def _look(document: bytes) -> tuple[str, list[str], bool]:
    """Return the parts that listparser passes over: the first fault of a list's XML, and titles of entries without an address.

    The fault is an empty text where the XML is well-formed. An empty folder is an entry without an address, too. The last
    says whether folders lie deeper within each other than lxml reads, 256 levels.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        return str(error)[:200], [], False
    beyond = [error for error in parser.error_log if error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT]
    faults = [*beyond, *parser.error_log]
    fault = f"line {faults[0].line}: {faults[0].message}"[:200] if faults else ""
    entries = (each for each in root.iter("outline") if not len(each)) if root is not None else ()
    given = [{name.lower(): value for name, value in each.attrib.items()} for each in entries]
    titles = [
        texts.plain(entry.get("title") or entry.get("text"), most=texts.MAX_NAME) or "an entry without a title"
        for entry in given
        if not (entry.get("xmlurl") or entry.get("url") or "").strip()
    ]
    return fault, titles, bool(beyond)


def _tags(feed: Mapping[str, Any]) -> list[str]:
    """Return the names of the folders that a feed stands in, and of its categories: those within others too."""
    given = [texts.plain(str(name), most=texts.MAX_NAME) for path in feed.get("categories") or () for name in path]
    return list(texts.first_of_each(given, texts.MAX_CATEGORIES)[0])


def name_of(title: str | None, url: str, taken: set[str], numbers: dict[str, int] | None = None) -> str:
    """Return a name for a source: of its title, else of its host; with a number where the name is taken.

    `numbers`: where to go on for each name that was taken, among many sources.
    """
    host = (site_of(url) or "source").removeprefix("feeds.")
    base = _ascii(title or "") or _ascii(host) or "source"
    numbers = {} if numbers is None else numbers
    name, number = base, numbers.get(base, 2)
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    numbers[base] = number
    return name


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_NAME.sub("-", plain).strip("-")[:NAME_CHARACTERS].strip("-")


def write_opml(sources: Iterable[Source]) -> str:
    """Return sources as OPML 2.0; a source stands in the folder of its first tag."""
    folders: dict[str, list[str]] = {}
    for source in sources:
        attributes = {
            "type": "rss",
            "text": source.title or source.name,
            "title": source.title or source.name,
            "xmlUrl": source.url,
            "language": source.language or "",
            "category": ",".join(f"/{tag}" for tag in source.tags[1:]),
        }
        written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items() if value)
        folders.setdefault(source.tags[0] if source.tags else "", []).append(f"<outline {written}/>")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>wirewatch</title></head>\n<body>'
    ]
    for folder, outlines in sorted(folders.items()):
        lines += [f"<outline text={quoteattr(folder)}>", *outlines, "</outline>"] if folder else outlines
    return "\n".join([*lines, "</body>\n</opml>\n"])
