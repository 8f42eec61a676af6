"""Texts in a page's scripts that are no JSON: objects without quotes around their names, arguments of a call.

A script's literals are read one by one. An article is one of HTML behind the literal that is the title.
"""

import re

import orjson

from streams.text.character_references import unescape

#: A text between quotes, on one line.
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*+"|' + r"'(?:[^'\\\n]|\\.)*+'")
#: What JavaScript may escape and JSON may not.
_CODE, _SIGN = re.compile(r"\\x([0-9a-fA-F]{2})"), re.compile(r"\\([^\"\\/bfnrtu])")
_PARAGRAPH = re.compile(r"<p[\s>]|<br\b", re.IGNORECASE)
#: Most literals of a script that are read.
MAX_LITERALS = 20_000
#: Fewest paragraphs of a literal's HTML that is an article's.
PARAGRAPHS = 2
#: Fewest characters of such HTML.
HTML_CHARS = 250


def literals(script: str) -> list[str]:
    """Return the texts between quotes in a script, as they are written there."""
    found = []
    for number, literal in enumerate(_LITERAL.finditer(script)):
        if number == MAX_LITERALS:
            break
        if text := read_literal(literal[0]):
            found.append(text)
    return found


def read_literal(literal: str) -> str:
    """Return the text of a literal with its quotes; empty where its escapes are no text."""
    inside = literal[1:-1]
    if "\\" not in inside:
        return inside
    inside = _SIGN.sub(r"\1", _CODE.sub(r"\\u00\1", inside))
    if literal[0] == "'":
        inside = inside.replace('"', '\\"')
    try:
        return str(orjson.loads(f'"{inside}"'))
    except orjson.JSONDecodeError:
        return ""


def is_html(text: str) -> bool:
    """Return whether a text is HTML of some paragraphs; its characters may be written as entities."""
    return (
        len(text) >= HTML_CHARS and len(_PARAGRAPH.findall(unescape(text) if "<" not in text else text)) >= PARAGRAPHS
    )


def html_behind(texts: list[str], title: int) -> str:
    """Return the first text of HTML behind a place among texts, else the last one before it; empty where there is none."""
    return next(filter(is_html, [*texts[title + 1 :], *texts[title::-1]]), "")
