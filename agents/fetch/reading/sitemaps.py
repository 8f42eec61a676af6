"""Sitemaps, news sitemaps and sitemap indexes, read as a stream: 50,000 addresses in flat memory.

A piece of text at a time is mended and given to the parser, cut where no element is open that could hold a reference;
what was read of it is let go at once.
"""

import codecs
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO, Any

from lxml import etree

from agents.fetch.reading import charset, markup, texts
from agents.fetch.reading.dates import read_date
from agents.fetch.reading.entries import Document, Entry, Link, note
from agents.fetch.reading.names import Names

#: Limits of the protocol (sitemaps.org): 50,000 addresses, 50 MiB unpacked.
MAX_URLS = 50_000
MAX_BYTES = 50 << 20
PIECE_BYTES = 1 << 18
GZIP_MAGIC = b"\x1f\x8b"
#: A piece is cut behind one of these; a text without them that is longer is cut where it is.
_ENDS = ("</url>", "</sitemap>", "</loc>", ">")
MOST_PIECE = 1 << 21
#: The end tag of a sitemap, with comments behind it perhaps, stands in so many characters.
_END, END_CHARS = re.compile(r"</(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>", re.IGNORECASE), 1_000

Item = Entry | Link


class Sitemap:
    """One sitemap: iterate for its entries; `kind` and `notes` are known when that is done."""

    def __init__(self, file: IO[bytes], url: str, content_type: str | None = None) -> None:
        self.kind = "sitemap"
        self.charset = "utf-8"
        self.notes: list[str] = []
        self._file = file
        self._url = url
        self._content_type = content_type
        self._urls = 0
        self._cut = False

    def __iter__(self) -> Iterator[Item]:
        parser = etree.XMLPullParser(
            events=("end",), tag=("{*}url", "{*}sitemap"), recover=True, huge_tree=True, resolve_entities=False, no_network=True,
            load_dtd=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        entities: dict[str, str] = {}
        name: Names | None = None
        begun, end = False, ""
        for piece in self._pieces():
            end = (end + piece[-END_CHARS:])[-END_CHARS:]
            if not begun:
                at, root, entities, dtd = markup.prolog(piece)
                self.kind = "sitemap_index" if root == "sitemapindex" else "sitemap"
                self.notes += [note("doctype")] if dtd else []
                piece, begun = piece[at:], True  # noqa: PLW2901
            parser.feed(markup.mended(piece, entities).encode("utf-8", "replace"))
            for _, element in parser.read_events():
                name = name or Names(element.getroottree().getroot())
                if (kind := name(element)) in ("url", "sitemap"):
                    if (item := self._item(element, kind, name)) is not None:
                        yield item
                    self._let_go(element)
        wrong = next((e for e in parser.error_log if e.domain_name == "PARSER"), None)
        if wrong is not None:
            self.notes.append(note("broken", f"line {wrong.line}: {wrong.message}"[:200]))
        elif begun and not self._cut and not _END.search(end):
            self.notes.append(note("broken", "it breaks off before its end"))
        if self._urls > MAX_URLS:
            self.notes.append(note("entries_cut", f"{MAX_URLS} of {self._urls} read"))

    def _item(self, element: Any, kind: str, name: Names) -> Item | None:
        self._urls += 1
        if self._urls > MAX_URLS:
            return None
        return _child(element, name, self._url) if kind == "sitemap" else _entry(element, name, self._url)

    def _let_go(self, element: Any) -> None:
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]

    def _pieces(self) -> Iterator[str]:
        """Yield the text, some at a time. A text that is not all UTF-8 is read in one piece: its charset is to be found."""
        if _is_utf8(self._file):
            reader = _Bounded(self._file)
            text = codecs.getreader("utf-8-sig")(reader, "replace")
            yield from _cut(iter(partial(text.read, PIECE_BYTES), ""))
            self._cut = reader.left == 0 and bool(self._file.read(1))
        else:
            whole, self.charset, notes = charset.decode(self._file.read(MAX_BYTES), self._content_type)
            self.notes += notes
            self._cut = bool(self._file.read(1))
            # not by io.StringIO, which takes four bytes for each character
            yield from _cut(whole[at : at + PIECE_BYTES] for at in range(0, len(whole), PIECE_BYTES))
        if self._cut:
            self.notes.append(note("document_cut", f"{MAX_BYTES} bytes read"))


class _Bounded(io.RawIOBase):
    """The first 50 MiB of a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.left = MAX_BYTES
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none behind the limit."""
        block = self._file.read(min(size, self.left) if size >= 0 else self.left)
        self.left -= len(block)
        return block


def _is_utf8(file: IO[bytes]) -> bool:
    """Return whether a file is UTF-8, a piece at a time; it is at its beginning afterwards."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    try:
        while (block := file.read(PIECE_BYTES)) and read < MAX_BYTES:
            if not read and b"\0" in block[:64]:
                return False
            read += len(block)
            decoder.decode(block)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _cut(blocks: Iterable[str]) -> Iterator[str]:
    """Yield a text in pieces that end behind an element."""
    rest = ""
    for block in blocks:
        rest += block
        at = next((found + len(end) for end in _ENDS if (found := rest.rfind(end)) >= 0), 0)
        if not at and len(rest) < MOST_PIECE:
            continue
        at = at or len(rest)
        yield rest[:at]
        rest = rest[at:]
    if rest:
        yield rest


def _entry(element: Any, name: Names, base: str) -> Entry | None:
    """Return the article that an address of a sitemap is; the news extension says more of it."""
    fields: dict[str, str] = {}
    for inner in element.iter(etree.Element):
        if (key := name(inner)) in _FIELDS and inner.text and key not in fields:
            fields[key] = inner.text.strip()
    notes: list[str] = []
    given = fields.get("loc", "")
    url = texts.absolute(given, base)
    if url is None:
        notes.append(note("link", given[:200] or "none"))
    language = fields.get("news:language")
    written = fields.get("news:publication_date")
    published, unknown = read_date(written, language)
    if unknown:
        notes.append(note("date_zone", f"{unknown[:20]} is read as UTC"))
    if written and published is None:
        notes.append(note("date", written[:200]))
    names = [texts.plain(text, most=texts.MAX_NAME) for text in fields.get("news:keywords", "")[:10_000].split(",")]
    return Entry(
        url=url,
        title=texts.plain(fields.get("news:title")),
        published_at=published,
        updated_at=read_date(fields.get("lastmod"), language)[0],
        published_text=written[:200] if written and published is None else None,
        categories=texts.first_of_each(names, texts.MAX_CATEGORIES)[0],
        language=language,
        notes=tuple(notes),
    )


_FIELDS = frozenset(("loc", "lastmod", "news:title", "news:publication_date", "news:language", "news:keywords"))


def _child(element: Any, name: Names, base: str) -> Link | None:
    """Return the sitemap that an index names, with the time of its last change."""
    fields = {name(inner): (inner.text or "").strip() for inner in element.iter(etree.Element)}
    url = texts.absolute(fields.get("loc"), base)
    return Link("sitemap", url, updated_at=read_date(fields.get("lastmod"))[0]) if url else None


def opened(document: bytes) -> IO[bytes]:
    """Return a sitemap's bytes, unpacked where they are packed with gzip: up to the limit, and up to where it is torn."""
    if not document.startswith(GZIP_MAGIC):
        return io.BytesIO(document)
    unpack, unpacked = zlib.decompressobj(wbits=31), io.BytesIO()
    try:
        for start in range(0, len(document), PIECE_BYTES):  # in pieces: never all of it twice in memory
            packed = document[start : start + PIECE_BYTES]
            while packed and not unpack.eof and unpacked.tell() <= MAX_BYTES:
                unpacked.write(unpack.decompress(packed, PIECE_BYTES))
                packed = unpack.unconsumed_tail
    except zlib.error:
        pass  # what came before it is read, and its end is missed then
    unpacked.seek(0)
    return unpacked


def read_sitemap(document: bytes, url: str, content_type: str | None = None) -> Document:
    """Read a sitemap or a sitemap index, packed or not."""
    sitemap = Sitemap(opened(document), url, content_type)
    entries: list[Entry] = []
    links: list[Link] = []
    for item in sitemap:
        if isinstance(item, Entry):
            entries.append(item)
        else:
            links.append(item)
    return Document(
        kind="sitemap_index" if sitemap.kind == "sitemap_index" else "sitemap",
        entries=tuple(entries),
        links=tuple(links),
        charset=sitemap.charset,
        notes=tuple(sitemap.notes),
    )
