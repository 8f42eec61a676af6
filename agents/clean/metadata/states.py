"""An article in the state that a page keeps for its scripts, where the page itself shows nothing.

Frameworks write what they will show into a script of JSON (`__NEXT_DATA__` and its like). The object whose title is the
page's holds the article: a text of HTML, a list of paragraphs, or a list of blocks with their text.
"""

from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser

from agents.clean.page.walk import parse, read
from agents.clean.text.words import count_words, normal

#: Scripts that are looked at, characters of each, and values in it.
MAX_SCRIPTS, MAX_CHARS, MAX_VALUES = 5, 4_000_000, 100_000
#: Words of an article, at least.
MIN_WORDS = 50
#: Keys of titles, of texts, and of the text of a block.
_TITLES = ("headline", "title", "name")
_TEXTS = (
    "articlebody",
    "body",
    "bodyhtml",
    "content",
    "contents",
    "text",
    "html",
    "paragraphs",
    "blocks",
    "components",
)
_BLOCK = ("text", "content", "html", "value", "paragraph")


def state_body(tree: LexborHTMLParser, title: str) -> str:
    """Return the text of the article of this title in a page's scripts of JSON, empty where there is none."""
    key = normal(title)
    for node in tree.css('script[type="application/json"]')[:MAX_SCRIPTS] if key else ():
        script = node.text()
        if key[:8].split(" ")[0] not in script.lower() or len(script) > MAX_CHARS:
            continue
        try:
            data = orjson.loads(script)
        except orjson.JSONDecodeError:
            continue
        if text := _find(data, key):
            return text
    return ""


def _find(data: Any, key: str) -> str:
    """Return the longest text of an object with this title."""
    found = ""
    queue, left = [data], MAX_VALUES
    while queue and left:
        left -= 1
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(value[:MAX_VALUES])
        elif isinstance(value, dict):
            queue.extend(value.values())
            low = {name.lower(): item for name, item in value.items()}
            if any(isinstance(low.get(name), str) and normal(low[name]) == key for name in _TITLES):
                found = max(found, *(_text(low.get(name)) for name in _TEXTS), key=len)
    return found if count_words(found) >= MIN_WORDS else ""


def _text(value: Any) -> str:
    """Return the text of a string, perhaps of HTML, or of a list of paragraphs or blocks."""
    if isinstance(value, str):
        return "\n\n".join(read(parse(value.encode("utf-8", "replace"))).texts) if "<" in value else value
    if not isinstance(value, list):
        return ""
    parts = []
    for item in value:
        block = {name.lower(): part for name, part in item.items()} if isinstance(item, dict) else {"text": item}
        text = next((part for name in _BLOCK if isinstance(part := block.get(name), str)), "")
        parts.append(_text(text))
    return "\n\n".join(part for part in parts if part)
