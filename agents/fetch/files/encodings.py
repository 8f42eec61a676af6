"""The encoding of saved texts: few say it, and some of those that do are wrong."""

import re
from contextlib import suppress

from resiliparse.parse.encoding import bytes_to_str, detect_encoding

CHARSET = re.compile(rb"charset=[\"']?([\w-]+)")
#: Share of a UTF-8 page's characters beyond ASCII that may be broken. In other encodings nearly all are.
MOST_BROKEN = 0.1
#: Surrogates that stand alone, as some encodings leave them: no record can hold them.
LONE = re.compile("[\ud800-\udfff]")


def text_of(content: bytes, charset: str | None = None) -> str:
    """Return a page's text: UTF-8 where it is that, else by the header's or the page's encoding, else the likeliest.

    A page that was cut, or into which another's bytes have been put, is UTF-8 but for a few bytes, and is read so. One
    that says that it is UTF-8 and is not has the likeliest encoding.
    """
    if b"\x1b$" in content:  # Japanese in seven bits is valid UTF-8 too
        with suppress(UnicodeDecodeError):
            return content.decode("iso2022_jp")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    text = content.decode("utf-8-sig", "replace")
    wide = sum(char > "\x7f" for char in text)
    if text.count("\ufffd") <= MOST_BROKEN * wide:
        return text
    named = [charset] if charset else []
    named += [m[1].decode() for m in CHARSET.finditer(content[:2048])]
    declared = next((name for name in named if name.lower().replace("-", "") != "utf8"), None)
    likeliest = declared or detect_encoding(content) or "windows-1252"
    try:
        decoded: str = bytes_to_str(content, likeliest, fallback_encodings=("windows-1252",))
    except (LookupError, ValueError):  # Python has encodings that are none of texts
        decoded = content.decode("windows-1252", "replace")
    return LONE.sub("\ufffd", decoded)
