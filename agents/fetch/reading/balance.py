"""Feeds whose elements are not closed: HTML that stands in a description as it is, an end tag that was forgotten.

The parser's own mending closes an unclosed element where the next end tag stands, so that the link and the date behind an
open `<b>` become parts of the description. Here an end tag closes what is open within its own element, a field of an entry
ends where the next one begins, an entry where the next one begins, and an end tag of nothing is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator

#: A tag; or only the beginning of what is none. Quotes that do not close leave a tag without attributes.
_TAG = re.compile(
    r"""<(?:(/?)([A-Za-z_][\w.:-]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>|(/?)([A-Za-z_][\w.:-]*+)[^<>]*+>|(!--|!\[CDATA\[|\?)|)"""
)
#: Attributes as XML has them, and those of which it can be made.
_WELL_FORMED = re.compile(r"""(?:\s++[\w:.-]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'))*+\s*+/?""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([A-Za-z_][\w:.-]*+)\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)'|([^\s"'<>]++))""")
_ENDS = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}
_BROKEN_OFF = re.compile(r"<[^<>]*\Z")
#: Elements of HTML without an end tag. `link` and `source` are RSS's too, and have one there.
_VOID = frozenset(("br", "img", "hr", "input", "area", "col", "embed", "wbr", "meta", "param", "track", "base"))
ENTRIES = frozenset(("item", "entry"))
_HOLDERS = ENTRIES | {"channel", "feed"}
#: Fields of entries that hold text alone, and those that hold HTML.
_TEXTS = frozenset(
    ("title", "link", "guid", "id", "pubdate", "published", "updated", "dc:date", "dc:creator", "category", "comments")
)
_BODIES = frozenset(("description", "summary", "content", "content:encoded"))
_ADDRESSES = frozenset(("link", "guid", "id"))
_FIELDS = _TEXTS | _BODIES | {"author"}
#: What begins within HTML too.
_OF_HTML = frozenset(("title", "link", "summary", "content"))


class _Open:
    """The elements that are open, and all pieces that are written."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._names: list[str] = []
        self._lower: list[str] = []
        self._counts: Counter[str] = Counter()
        self._holders: list[int] = []
        self._begin = 0

    def start(self, name: str, attributes: str) -> None:
        """Write a start tag, behind the end tags of elements that end there."""
        lower = name.lower()
        if local(lower) in ENTRIES:
            self._end_entry()
        elif lower in _FIELDS:
            self._end_field(lower, plain=not attributes.strip())
        empty = attributes.endswith("/")
        if not _WELL_FORMED.fullmatch(attributes):
            attributes = quoted(attributes) + "/" * empty
        if lower in _VOID and not empty:
            attributes, empty = f"{attributes}/", True
        self.out.append(f"<{name}{attributes}>")
        if not empty:
            self._begin = len(self.out)
            if local(lower) in _HOLDERS:
                self._holders.append(len(self._names))
            self._names.append(name)
            self._lower.append(lower)
            self._counts[lower] += 1

    def end(self, name: str) -> None:
        """Write the end tags down to an element; none for one that is not open, and the root's at the end."""
        lower = name.lower()
        if self._counts[lower] > (self._lower[:1] == [lower]):
            while self._pop() != lower:
                pass

    def close(self) -> None:
        """Write the end tags of all that is open; an address that the document breaks off in is another one, and left out."""
        if len(self._names) > 1 and self._lower[-1] in _ADDRESSES:
            del self.out[self._begin :]
        while self._names:
            self._pop()

    def _pop(self) -> str:
        lower = self._lower.pop()
        self._counts[lower] -= 1
        self.out.append(f"</{self._names.pop()}>")
        if self._holders and self._holders[-1] == len(self._names):
            self._holders.pop()
        return lower

    def _end_entry(self) -> None:
        """End an entry that is open: none stands within another."""
        if self._holders and local(self._lower[self._holders[-1]]) in ENTRIES:
            while local(self._pop()) not in ENTRIES:
                pass

    def _end_field(self, lower: str, *, plain: bool) -> None:
        """End an open field where the next one begins; one of HTML, only at an element that is not HTML's."""
        if not self._holders or len(self._names) == self._holders[-1] + 1:
            return
        holder = self._holders[-1]
        field = self._lower[holder + 1]
        of_html = lower in _OF_HTML and not (lower == "link" and plain)
        if field in _TEXTS or (field in _BODIES and not of_html):
            while len(self._names) > holder + 1:
                self._pop()


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def quoted(attributes: str) -> str:
    """Return the attributes of a tag with quotes around their values; those without a value are left out."""
    found = {name: double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(attributes)}
    return "".join(f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in found.items())


def balanced(text: str) -> str:
    """Return XML in which every element is closed where it ends, and `<` that begins no tag is text."""
    begun = _Open()
    for piece in _pieces(_BROKEN_OFF.sub("", text) if text.rfind("<") > text.rfind(">") else text):
        if isinstance(piece, str):
            begun.out.append(piece)
        elif piece[1] or piece[4]:
            begun.end(piece[2] or piece[5])
        else:
            begun.start(piece[2] or piece[5], piece[3] or "")
    begun.close()
    return "".join(begun.out)


def _pieces(text: str) -> Iterator[str | re.Match[str]]:
    """Yield the tags of a text, and all between them: text, sections, comments and instructions as they are."""
    at = 0
    while found := _TAG.search(text, at):
        yield text[at : found.start()]
        at = found.end()
        if found[2] or found[5]:
            yield found
        elif found[6]:
            end = text.find(_ENDS[found[6]], at)
            at = len(text) if end < 0 else end + len(_ENDS[found[6]])
            yield text[found.start() : at]
        else:
            yield "&lt;"
    yield text[at:]
