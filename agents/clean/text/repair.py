"""Repairs of text that went through a wrong decoding on its way, where they are certain.

- A letter and the accent after it become one character, as do the parts of a Korean syllable and kana with their marks: names,
words and stems are written so everywhere.
- NUL, other control characters and soft hyphens go; C1 characters that are Windows-1252 read as Latin-1 become what
they were.
- UTF-8 that was read as Windows-1252 (two or three odd characters for each accented letter or curly quote) is decoded
again: the whole text if all of it decodes, else the runs that do, if there are several and they cannot be anything
else.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import codecs
import re
import unicodedata

#: Characters that stand apart from their letter, and the parts of Korean syllables; with the letters before them.
_APART = re.compile("[\u0300-\u036f\u1100-\u11ff\u3099\u309a]")
_PARTS = re.compile("\\w[\u0300-\u036f]+|[\u1100-\u11ff]+|[\u3041-\u30ff][\u3099\u309a]")
#: What the bytes 80 to 9F are in Windows-1252; the five that it leaves open stay as they are.
_CP1252 = {byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xA0)}
#: The name of the rule for characters that Windows-1252 has not: those of Latin-1 are encoded as there, others not at all.
_OPEN_BYTES = "windows-1252-open-bytes"

#: Runs from which on a text that has no other wide characters is surely misread.
MANY_RUNS = 4
#: Share of the wide characters in runs from which on all runs are decoded, not only the certain ones.
MOSTLY = 0.9

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\u200b\u2060]")
#: A break that is only seen at a line's end. It goes last: misread, it is half of an í (C3 AD).
_SOFT_HYPHEN = "\u00ad"
#: An à (C3 A0) whose second half is some space now: spaces of every kind are written as one. No word ends so, unless
#: it is in capitals (AMANHÃ).
_HALF_A = re.compile(r"(?<![^\W\d_a-zß-ÿ])Ã(?: (?=[,.;:!?)»…]))?(?=[\s,.;:!?)»…]|$)")
#: No-break spaces (C2 A0) whose second halves are some space now.
_HALF_SPACE = re.compile(r"(?<![^\W\d_a-zß-ÿ])Â(?: Â){0,9}(?=\s|$)")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: All that any repair looks for, but for runs: most texts hold none of it.
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\ufeff\ufffe\uffff\u200b\u2060\ud800-\udfff]")
_C1 = re.compile(r"[\x80-\x9f]")
_TAIL = "[\x80-\xbf" + "".join(_CP1252[byte] for byte in sorted(_CP1252)) + "]"
_RUN_BEGINS = re.compile(f"[\xc2-\xf4]{_TAIL}")
_RUN = re.compile(f"[\xc2-\xdf]{_TAIL}|[\xe0-\xef]{_TAIL}{{2}}|[\xf0-\xf4]{_TAIL}{{3}}")
#: The first bytes in UTF-8 of the characters of `_APART`, and of those that a run begins with: most texts have none of them,
#: and to look for bytes takes a tenth of the time.
_APART_BYTES, _RUN_BYTE = (b"\xcc", b"\xcd", b"\xe1", b"\xe3"), b"\xc3"
#: Runs that no writing uses: a lower-case or capital letter with tilde or circumflex before a symbol.
_CERTAIN = re.compile(f"â[€\x80]{_TAIL}|Ã[\x80-\xbf©¨ª«¤¶¼Ÿ®¯²³´µ±¸¹º»]|Â[\xa0-\xbf]")


def strip_controls(text: str) -> str:
    """Return `text` without NUL, other control characters, byte order marks and lone surrogates."""
    if _ODD.search(text) is None:
        return text
    if text.isascii():
        return _CONTROL.sub("", text)
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def windows_bytes(text: str) -> bytes:
    """Return the bytes of a text that was decoded as Windows-1252; raise `UnicodeEncodeError` for a character it has not."""
    return text.encode("cp1252", _OPEN_BYTES)


def open_bytes(error: UnicodeError) -> tuple[bytes, int]:
    """Return the bytes of characters that Windows-1252 has not, by Latin-1, and the end of these in the text."""
    assert isinstance(error, UnicodeEncodeError)
    return error.object[error.start : error.end].encode("latin-1"), error.end


codecs.register_error(_OPEN_BYTES, open_bytes)


def decode_again(match: re.Match[str]) -> str:
    """Re-decode a run of misread bytes as UTF-8; the run itself where it is none."""
    run = match.group()
    try:
        decoded = windows_bytes(run).decode("utf-8")
    except UnicodeError:
        return run
    return decoded if decoded.isprintable() or decoded == "\xa0" else run


def repair(text: str, least: int = 2) -> tuple[str, bool]:
    """Return `text` without control characters and wrong decodings, and whether it was decoded again.

    `least`: how many runs that can be nothing else it takes; one is enough for a title whose text was decoded again.
    """
    # What is odd is not printable, and to ask for that is quicker; line ends and no-break spaces are not either.
    odd = not text.replace("\n", "").isprintable() and _ODD.search(text) is not None
    if odd:
        text = strip_controls(text)
    if text.isascii():
        return text, False
    data = text.encode("utf-8", "surrogatepass")
    if any(byte in data for byte in _APART_BYTES) and _APART.search(text):
        text = _PARTS.sub(lambda parts: unicodedata.normalize("NFC", parts[0]), text)
    mended = text
    if _RUN_BYTE in data and _RUN_BEGINS.search(text) and (runs := _RUN.findall(text)):
        wide = sum(1 for char in text if char > "\x7f")
        inside = sum(map(len, runs))
        certain = len(_CERTAIN.findall(text))
        if (inside == wide and len(runs) >= MANY_RUNS) or (certain >= least and inside >= MOSTLY * wide):
            mended = _RUN.sub(decode_again, text)
        elif certain >= least:
            mended = _CERTAIN.sub(decode_again, text)
    again = mended != text
    if not again and not odd:
        return text, False
    text = (_HALF_SPACE.sub("", _HALF_A.sub("à", mended)) if again else mended).replace(_SOFT_HYPHEN, "")
    if _C1.search(text):
        text = _C1.sub(lambda match: _CP1252[ord(match.group())], text)
        text = _C1.sub("", text)
    return text, again
