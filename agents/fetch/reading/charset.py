"""The charset of a feed or a page: its byte order mark, then UTF-8 where it is that, then the declared one.

UTF-8 comes before every declaration: no text of another charset is valid UTF-8 by chance, and servers and templates
declare the charset of the last decade over it.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup
from collections.abc import Iterator

from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from agents.fetch.reading.entries import note

_BOMS = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
#: What a name means in the wild (WHATWG Encoding Standard): the larger charset that holds the named one.
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
#: Names that Python does not know.
_NAMES = {
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "windows-874": "cp874",
}
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"""(?:<\?xml[^>]{0,200}?encoding|charset)\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
#: Encodings of Python that are no charset of documents, or not told by what they cannot decode.
_NO_CHARSETS = ("utf-8", "utf-16", "utf-32", "utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape")
#: A declaration stands early.
DECLARED_BYTES = 4096
#: Share of the characters beyond ASCII that may be broken in a text that is still UTF-8: a text that was cut, or into
#: which another was put. In other charsets nearly all are.
MOST_BROKEN = 0.1
#: Control characters of Latin-1, which are nobody's text: bytes of windows-1252 that were taken for code points.
_C1 = re.compile("[\x80-\x9f]")
_FROM_1252 = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


def decode(document: bytes, content_type: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Return a document's text, the charset that it is in, and notes. `content_type`: as the server gives it."""
    text, charset, notes = _decode(document, content_type)
    if charset == "utf-8" and _C1.search(text):
        text = _C1.sub(lambda found: _FROM_1252[ord(found[0])], text)
    return text, charset, notes


def _decode(document: bytes, content_type: str | None) -> tuple[str, str, tuple[str, ...]]:
    for mark, charset in _BOMS:
        if document.startswith(mark):
            return _lossy(document[len(mark) :], charset)
    for begin, charset in _UNMARKED:
        if document.startswith(begin):
            return _lossy(document, charset)
    if b"\x1b$" in document and (text := _strict(document, "iso2022_jp")) is not None:  # seven bits: valid UTF-8 too
        return text, "iso2022_jp", ()
    if (text := _strict(document, "utf-8")) is not None:
        return text, "utf-8", ()
    declared = list(_declared(document, content_type))
    nearly = document.decode("utf-8", "replace")
    wide = sum(char > "\x7f" for char in nearly)
    if nearly.count("\ufffd") <= MOST_BROKEN * wide:
        return nearly, "utf-8", (_lost(nearly, "utf-8"),)
    for charset in declared:
        if (text := _strict(document, charset)) is not None:
            return text, charset, ()
    likeliest = declared[0] if declared else str(detect_encoding(document) or "windows-1252")
    text = str(bytes_to_str(document, likeliest, fallback_encodings=("windows-1252",)))
    said = "nothing that fits" if not declared else ", ".join(declared)
    return text, likeliest, (note("charset", f"read as {likeliest}; it declares {said}"),)


def _strict(document: bytes, charset: str) -> str | None:
    try:
        return document.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _lossy(document: bytes, charset: str) -> tuple[str, str, tuple[str, ...]]:
    text = document.decode(charset, "replace")
    return text, charset, (_lost(text, charset),) if "\ufffd" in text else ()


def _lost(text: str, charset: str) -> str:
    return note("charset", f"{text.count(chr(0xFFFD))} characters are no {charset}")


def _declared(document: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the charsets that the server and the document name, but for UTF-8, which it is not."""
    names = [found[1] for found in (_HEADER.search(content_type or ""),) if found]
    names += [found[1].decode("ascii") for found in _DECLARED.finditer(document[:DECLARED_BYTES])]
    for name in names:
        try:
            known = lookup(_NAMES.get(name.lower(), name)).name
            b"a".decode(known, "replace")
        except (LookupError, UnicodeError):  # nobody's, or Python's own: zip, rot13, undefined
            continue
        if known.replace("_", "-") not in _NO_CHARSETS:
            yield _MEANT.get(known, known)
