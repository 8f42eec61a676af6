"""Character references of HTML, as strangers write them."""

import html
import re

#: A reference of more digits than Python makes a number of; zeros may stand before a true one.
LONG = re.compile(r"&#[0-9]{100,}")


def unescape(text: str) -> str:
    """Return text with the characters that its references stand for, as `html.unescape` does; of any number of digits."""
    return html.unescape(LONG.sub("&#1114112", text) if "&#" in text else text)
