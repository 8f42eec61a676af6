"""Pages that were read as Latin-1 and are something else: windows-1251 or -1256, KOI8-R, Shift_JIS, GBK, UTF-8.

Clients that are told no charset take Latin-1, which reads every byte as some letter, so that nothing is lost and all is
wrong. Where a page has no character above U+00FF and whole words of letters with accents, which no language of Latin-1
has, its bytes are read again: as UTF-8 if they are that, by the charset that the page itself declares, or by what they
look like. What comes out must be mostly letters of another script.
"""

import re
from collections.abc import Iterator
from contextlib import suppress

from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from streams.errors import Refused

#: Words that consist of letters with accents or signs. No-break spaces do stand in a row.
_WORD = re.compile(rb"[\x80-\x9f\xa1-\xff]{4,}")
#: So many bytes in such words make a text, and so many different ones: ornaments are long, and always the same.
MIN_BYTES, MIN_KINDS = 40, 10
#: Share of the characters above ASCII that such words must hold, and that must be of another script when read again.
#: What is left are quotation marks, dashes and words of three letters.
IN_WORDS, OTHER_SCRIPT = 0.5, 0.7
#: Share of the characters that may be lost: some pages are cut in the middle of a character.
LOST = 0.001
_ASCII = bytes(range(0x80))
#: Share of a page's characters that may be lost (U+FFFD): French loses 4 to 11 of 100.
LOST_CHARACTERS = 0.2
#: A charset stands early in a page.
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]{3,40})", re.IGNORECASE)
DECLARED_BYTES = 4096

#: Above the Latin letters, and no punctuation: Greek is the first of the other scripts.
_FIRST_OTHER, _LOST = "\u0370", "\ufffd"
#: General punctuation, signs and arrows, between the scripts.
_SIGNS = ("\u2000", "\u2e7f")


def read_again(text: str) -> str | None:
    """Return what a text that was read as Latin-1 says, or None for one that was surely not misread so."""
    if text.isascii():
        return None
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    words = b"".join(_WORD.findall(data))
    if len(words) < MIN_BYTES or len(set(words)) < MIN_KINDS:
        return None
    if len(words) < IN_WORDS * len(data.translate(None, _ASCII)):
        return None
    return next((read for read in readings(data) if is_other_script(read)), None)


def readings(data: bytes) -> Iterator[str]:
    """Yield the text that bytes may be, the surest first."""
    with suppress(UnicodeDecodeError):
        yield data.decode("utf-8")
    declared = _DECLARED.search(data[:DECLARED_BYTES])
    for charset in (declared[1].decode() if declared else None, detect_encoding(data)):
        if charset:
            yield str(bytes_to_str(data, charset, fallback_encodings=("latin-1",)))


def is_other_script(text: str) -> bool:
    """Tell whether the characters of a text above ASCII are whole, and mostly letters of another script than Latin."""
    wide = [char for char in text if char > "\x7f"]
    other = sum(char >= _FIRST_OTHER and not _SIGNS[0] <= char <= _SIGNS[1] and char != _LOST for char in wide)
    return other >= OTHER_SCRIPT * len(wide) and text.count(_LOST) <= LOST * len(text)


def check_lost(texts: list[str]) -> None:
    """Raise `Refused("invalid_encoding")` where too much was lost by a wrong decoding to know what was written."""
    lost, size = sum(text.count("\ufffd") for text in texts), sum(map(len, texts))
    if lost > LOST_CHARACTERS * size:
        raise Refused(
            "invalid_encoding",
            f"{lost} of {size} characters were lost (U+FFFD) when this was decoded, before it came here: "
            "fetch it again and decode its bytes by the charset that its server or the page names",
        )
