"""XML as publishers write it, mended until a parser takes it: entities of HTML, bare `&`, control characters, DTDs.

A DTD is taken out of the prolog, and of its entities only short ones without others in them are put in, up to a limit:
nothing that a document declares can make it grow or fetch.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

from streams.text.character_references import unescape

#: Characters that XML does not allow.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#([0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9._-]{0,39});)?"
)
_PROLOG = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
#: The parts of a DTD in which a `>` or a `]` ends nothing; one that is never closed takes the rest.
_DTD_PART = re.compile(r"""<!--.*?(?:-->|\Z)|"[^"]*"|'[^']*'|<\?.*?(?:\?>|\Z)|[\[\]>]""", re.DOTALL)
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]{1,40})\s+(?:"([^"<&%]{0,200}|&\#\w{1,8};)"|'([^'<&%]{0,200})')\s*>""")
_ROOT = re.compile(
    r"<(?:\?xml\b|!DOCTYPE\b|(?:[\w.-]+:)?(?:rss|rdf|feed|channel|urlset|sitemapindex|html)\b)", re.IGNORECASE
)
_NAME = re.compile(r"<([A-Za-z_][\w.:-]*)")
#: Where the first element stands: what a server prints before it (warnings, mostly) is shorter.
PROLOG_CHARACTERS = 1 << 16
#: Characters that a document's own entities may add to it.
MAX_EXPANDED = 1 << 20


class Prolog(NamedTuple):
    """Where the root element begins, its local name in lower case (empty for none), the entities declared, if with a DTD."""

    begin: int
    root: str
    entities: dict[str, str]
    has_dtd: bool


def prolog(text: str) -> Prolog:
    """Return how a document begins."""
    at, entities, dtd = _skip(text, 0)
    begin = _NAME.match(text, at)
    if (begin is None or not _ROOT.match(text, at)) and (root := _ROOT.search(text, at, at + PROLOG_CHARACTERS)):
        at, entities, dtd = _skip(text, root.start())
        begin = _NAME.match(text, at)
    if begin is None:
        begin = _NAME.search(text, at, at + PROLOG_CHARACTERS)
    if begin is None:
        return Prolog(len(text), "", {}, dtd)
    return Prolog(begin.start(), begin[1].rpartition(":")[2].lower(), entities, dtd)


def _skip(text: str, at: int) -> tuple[int, dict[str, str], bool]:
    """Return the position behind white space, comments, instructions and a DTD, and the DTD's entities."""
    entities: dict[str, str] = {}
    dtd = False
    while True:
        if match := _PROLOG.match(text, at):
            at = match.end()
        elif _DOCTYPE.match(text, at):
            end = _dtd_end(text, at)
            declared = _ENTITY.findall(text, at, end)
            entities = {name: unescape(double or single) for name, double, single in declared[:200]}
            dtd = dtd or "<!ENTITY" in text[at:end]
            at = end
        else:
            return at, entities, dtd


def _dtd_end(text: str, at: int) -> int:
    depth = 0
    for part in _DTD_PART.finditer(text, at):
        if part[0] == "[":
            depth += 1
        elif part[0] == "]":
            depth -= 1
        elif part[0] == ">" and depth <= 0:
            return part.end()
    return len(text)


def mended(text: str, entities: dict[str, str] | None = None) -> str:
    """Return XML with all references made known to a parser, and without forbidden characters."""
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("", text)
    if "&" not in text:
        return text
    replace = _References(entities or {})
    out: list[str] = []
    at = 0
    for begin in _sections(text):
        end = text.find("]]>", begin)
        inside = text[begin:] + "]]>" if end < 0 else text[begin : end + 3]
        out += [_REFERENCE.sub(replace, text[at:begin]), inside]
        at = len(text) if end < 0 else end + 3
    return "".join([*out, _REFERENCE.sub(replace, text[at:])])


def _sections(text: str) -> Iterator[int]:
    """Yield where each CDATA section begins. Its mark within a section is text: a section goes on to the next end."""
    at = text.find("<![CDATA[")
    while at >= 0:
        yield at
        end = text.find("]]>", at)
        at = text.find("<![CDATA[", end) if end >= 0 else -1


class _References:
    """Replaces one reference; keeps account of how much a document's own entities have added."""

    def __init__(self, entities: dict[str, str]) -> None:
        self._entities = entities
        self._expanded = 0

    def __call__(self, found: re.Match[str]) -> str:
        number, name = found.groups()
        if number:
            return _character(found[0], number)
        if name is None:
            return "&amp;"
        if name in self._entities and self._expanded < MAX_EXPANDED:
            value = self._entities[name]
            self._expanded += len(value)
            return _escaped(value)
        known = html5.get(f"{name};")
        return _escaped(known) if known else f"&amp;{name};"


def _character(reference: str, number: str) -> str:
    """Return a numeric reference as HTML reads it: 128 to 159 are windows-1252, forbidden ones are left out."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800:
        return reference.replace("X", "x")
    char = unescape(reference)
    return "" if _FORBIDDEN.search(char) else _escaped(char)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
