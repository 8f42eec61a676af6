"""Pages that were read as Latin-1, or Windows-1252, and are something else: another script or charset of Latin letters.

Clients without a charset take Latin-1, which reads every byte as some letter, so that nothing is lost and all is wrong.
A page that was decoded rightly nearly always has a character above U+00FF; where one has none, its bytes are read again:

- as UTF-8 if they are that, in more than a few places;
- by the charset that the page declares, if that is of another script: Big5, EUC-KR, windows-1251 and so on;
- by the charset that they look like, where whole words consist of letters with accents, which no language of Latin-1 has;
- by a declared charset of Latin letters (windows-1250, -1254, -1257 and their ISO kin), if the letters then are those of
  one language and before were those of none; where none is declared, by one of these if no doubt is left.

Text of another script must be mostly letters of it. Read as Windows-1252, pages are read again by the charset that they
declare; UTF-8 is found in their text (`agents.clean.text.repair`). A page that declares French as windows-1250 stays
as it is.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

import numpy as np
from resiliparse.parse.encoding import bytes_to_str, detect_encoding, map_encoding_to_html5

from agents.clean.languages import languages
from agents.clean.text.repair import MANY_RUNS, windows_bytes
from streams.errors import Refused

#: Words that consist of letters with accents or symbols. No-break spaces do stand in a row.
_WORD = re.compile(rb"[\x80-\x9f\xa1-\xff]{4,}")
#: So many bytes in such words make a text, and so many different ones: ornaments are long, and always the same.
MIN_BYTES, MIN_KINDS = 40, 10
#: Share of the characters above ASCII that such words must hold, and that must be of another script when read again.
#: The rest are quotation marks, dashes and words of three letters.
IN_WORDS, OTHER_SCRIPT = 0.5, 0.7
#: Share of the characters that may be lost: some pages are cut in the middle of a character.
LOST = 0.001
_ASCII = bytes(range(0x80))
#: Share of a page's characters that may be lost (U+FFFD): French loses 4 to 11 of 100.
LOST_CHARACTERS = 0.2
#: Characters that stand in no text; NUL is none of them, for pages are padded with it. Of a content's head, a share of them
#: and a number that no text has: pictures, archives and PDFs have one in ten, where the standard of browsers (MIME sniffing,
#: section 7) calls a file binary for a single one.
_BINARY = re.compile("[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")
BINARY_HEAD, BINARY_SHARE, MIN_BINARY = 4096, 0.02, 16
#: A charset stands early in a page.
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]{3,40})", re.IGNORECASE)
DECLARED_BYTES = 4096
_LANGUAGE = re.compile(rb"<html[^>]{0,400}?\blang\s*=\s*[\"']?([a-zA-Z]{2})\b", re.IGNORECASE)
#: Charsets whose characters have two bytes, the second often an ASCII letter, by the names of `declared_in`.
_TWO_BYTES = frozenset(("big5hkscs", "cp949", "gb18030", "cp932", "euc_jp"))
#: Those that browsers take for wider ones, as the pages are that name them; and names that only the wider ones have.
_WIDER = {
    "big5": "big5hkscs", "euc_kr": "cp949", "gbk": "gb18030", "shift_jis": "cp932",
    "cp949": "cp949", "uhc": "cp949", "ms949": "cp949", "cp932": "cp932", "cp936": "gb18030", "windows-936": "gb18030",
    "big5hkscs": "big5hkscs", "cp950": "big5hkscs",
}  # fmt: skip
#: Charsets of Latin letters that differ from Latin-1 by letters.
_LATIN = frozenset(
    ("cp1250", "iso8859-2", "cp1254", "cp1257", "iso8859-13", "iso8859-4", "iso8859-10", "iso8859-16", "cp1258")
)
#: Share of the letters beyond ASCII that one language must know after reading again, and the least gain by it.
FITS, GAIN = 0.95, 0.1
#: Letters beyond ASCII that are needed to judge.
MIN_LETTERS = 8
#: The same without a declaration: one language must know nearly all of many letters then, and none before.
SURE_FITS, UNFIT, MANY_LETTERS = 0.98, 0.75, 12
#: Names that mean no more than that nobody set a charset, UTF-8 among them where the bytes are none, and the charsets tried
#: in their place, the usual ones first.
_UNSET = frozenset(("", "cp1252", "utf-8"))
_USUAL = ("cp1250", "iso8859_2", "cp1254", "cp1257")
#: Characters of Latin-1 that are letters elsewhere, where they stand within a word; the character first, which is seldom there.
_SIGN_WITHIN = re.compile("[\xa1-\xbf](?<=[a-z].)(?=[a-z])")
#: Share of Hangul among the wide characters of a Korean text.
HANGUL = 0.85

#: Characters above ASCII in a row, and the share of them that stand so in any other script.
_ROW, IN_ROWS = re.compile("[^\x00-\x7f]{2,}"), 0.6

#: Above the Latin letters, and no punctuation: Greek is the first of the other scripts.
_FIRST_OTHER, _LOST = "\u0370", "\ufffd"
#: General punctuation, symbols and arrows, between the scripts.
_SIGNS = ("\u2000", "\u2e7f")


def read_again(text: str) -> str | None:
    """Re-decode text wrongly decoded as Latin-1 or Windows-1252; None if it was not."""
    if text.isascii():
        return None
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return read_windows(text)
    declared = declared_in(data)
    return read_script(data, declared) or read_utf_8(data) or read_latin(data, declared)


def read_script(data: bytes, declared: str) -> str | None:
    """Return the bytes by a charset of another script than Latin; None where they are not of one."""
    if declared not in _TWO_BYTES and not is_wordless(data):
        return None
    return next((read for read in readings(data, declared) if is_other_script(read)), None)


def declared_in(data: bytes) -> str:
    """Return the charset that a page declares, by Python's name for what browsers take it for; empty for none.

    Pages say latin5 and x-sjis, too. A name that nobody knows comes back in small letters.
    """
    found = _DECLARED.search(data[:DECLARED_BYTES])
    name = found[1].decode().lower() if found else ""
    known = map_encoding_to_html5(name, fallback_utf8=False) or name
    return _WIDER.get(known, known)


def read_utf_8(data: bytes) -> str | None:
    """Return the bytes as UTF-8 if they are that all through, in more than a few places.

    Later it would be too late: half of an `ą` or a `Š` is a line's end or a space in Latin-1, and no longer there.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if len(data) - len(text) >= MANY_RUNS else None


def read_windows(text: str) -> str | None:
    """Re-decode text that was decoded as Windows-1252 where it declares another charset; None if it was not."""
    declared = declared_in(text[:DECLARED_BYTES].encode("latin-1", "replace"))
    if declared in _UNSET:
        return None
    try:
        data = windows_bytes(text)
    except UnicodeEncodeError:  # as in all pages that were decoded rightly
        return None
    return read_script(data, declared) or (read_latin(data, declared) if declared in _LATIN else None)


def is_wordless(data: bytes) -> bool:
    """Return whether bytes hold words that no language of Latin-1 has: of letters with accents and symbols alone."""
    if not has_word(data):
        return False
    words = b"".join(_WORD.findall(data))
    if len(words) < MIN_BYTES or len(set(words)) < MIN_KINDS:
        return False
    return len(words) >= IN_WORDS * len(data.translate(None, _ASCII))


def has_word(data: bytes) -> bool:
    """Return whether four bytes in a row are above ASCII, as in every such word: far quicker than to search for them."""
    wide = np.frombuffer(data, dtype=np.uint8) >= 0x80
    pairs = wide[:-1] & wide[1:]
    return bool((pairs[:-2] & pairs[2:]).any())


def readings(data: bytes, declared: str) -> Iterator[str]:
    """Yield the text that bytes may be, the surest first."""
    with suppress(UnicodeDecodeError):
        yield data.decode("utf-8")
    for charset in (declared, detect_encoding(data)):
        if charset:
            with suppress(LookupError):  # a page may declare any name
                yield str(bytes_to_str(data, charset, fallback_encodings=("latin-1",)))
    with suppress(UnicodeDecodeError):
        korean = data.decode("cp949")
        wide = [char for char in korean if char > "\x7f"]
        if sum("\uac00" <= char <= "\ud7a3" for char in wide) >= HANGUL * len(wide):
            yield korean


def is_other_script(text: str) -> bool:
    """Return whether the characters of a text above ASCII are whole, in rows, and mostly letters of another script than Latin.

    A quotation mark or an accent and the letter behind it may be a character of two bytes, too, but stand alone.
    """
    wide = [char for char in text if char > "\x7f"]
    if sum(map(len, _ROW.findall(text))) < IN_ROWS * len(wide):
        return False
    other = sum(char >= _FIRST_OTHER and not _SIGNS[0] <= char <= _SIGNS[1] and char != _LOST for char in wide)
    return other >= OTHER_SCRIPT * len(wide) and text.count(_LOST) <= LOST * len(text)


def read_latin(data: bytes, declared: str) -> str | None:
    """Return the bytes by the declared charset of Latin letters, or None where Latin-1 fits no worse.

    Where none is declared the usual ones are tried, for letters that are wrong without doubt.
    """
    if declared not in _LATIN:
        return read_unset(data) if declared in _UNSET else None
    after = fit(data, declared)
    return data.decode(declared, "replace") if after >= FITS and after - fit(data, "latin-1") >= GAIN else None


def read_unset(data: bytes) -> str | None:
    """Return the bytes by the usual charset that makes them one language's letters, None where they are one's already.

    The language is the one that the page names, else any: Turkish read as Latin-1 has the letters of Icelandic.
    """
    named = _LANGUAGE.search(data[:DECLARED_BYTES])
    language = languages().get(named[1].decode().lower()) if named else None
    own = [frozenset(language.letters)] if language and language.letters else None
    if not 0.0 < fit(data, "latin-1", MANY_LETTERS, own) <= UNFIT:
        return None
    best = max(_USUAL, key=lambda codec: fit(data, codec, MANY_LETTERS, own))
    return data.decode(best, "replace") if fit(data, best, MANY_LETTERS, own) >= SURE_FITS else None


def fit(data: bytes, codec: str, least: int = MIN_LETTERS, known: list[frozenset[str]] | None = None) -> float:
    """Return the share of the letters beyond ASCII that the best language knows; 0 where there are too few of them.

    Control characters of the range that Latin-1 leaves to them count as letters that no language knows, and so do characters
    within a word. `codec`: the charset of one byte a character by which the bytes are read; `known`: the letters of the
    languages that it may be; `least`: letters that are needed to judge; where they are there, the share is never 0.
    """
    # All but the bytes above ASCII is left out at once: a page has two hundred thousand others.
    wide = data.translate(None, _ASCII).decode(codec, "replace")
    counts = Counter(char for char in wide.lower() if char > "\x7f" and (char.isalpha() or char < "\xa0"))
    if any("\xa1" <= char <= "\xbf" for char in set(wide)):
        counts["\x80"] += len(_SIGN_WITHIN.findall(data.decode(codec, "replace").lower()))
    total = counts.total()
    if total < least:
        return 0.0
    most = max(sum(counts[char] for char in letters if char in counts) for letters in known or alphabets())
    return max(most, 1) / total


@lru_cache(1)
def alphabets() -> list[frozenset[str]]:
    """Return the letters beyond ASCII of each language in Latin letters."""
    return [frozenset(language.letters) for language in languages().values() if language.letters]


def check_lost(texts: list[str]) -> None:
    """Raise `Refused("invalid_encoding")` where too much was lost by a wrong decoding to know the text."""
    joined = "".join(texts)
    lost, size = joined.count("\ufffd"), len(joined)
    if lost > LOST_CHARACTERS * size:
        raise Refused(
            "invalid_encoding",
            f"{lost} of {size} characters were lost (U+FFFD) when this was decoded, before it came here: "
            "fetch it again and decode its bytes by the charset that its server or the page names",
        )


def check_binary(content: str) -> None:
    """Raise `Refused("invalid_encoding")` where a content is a file of another kind than text, read as text."""
    head = content[:BINARY_HEAD]
    found = len(_BINARY.findall(head))
    if found >= MIN_BINARY and found > BINARY_SHARE * len(head):
        raise Refused(
            "invalid_encoding",
            f"{found} of the first {len(head)} characters are control characters, which no text has: this is another kind of "
            "file (a picture, an archive, a PDF) under the name of a page",
        )
