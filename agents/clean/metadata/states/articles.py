"""An article in the state that a page keeps for its scripts, where the page itself shows nothing.

Frameworks write what they will show into a script: as JSON (`__NEXT_DATA__` and its like), as JSON behind a name that a
script sets (`window.__STATE__ = {…}`), as a table of objects that name one another (Apollo), as a flat list in which
numbers stand for places in it (Nuxt), as a stream of rows (Next), or between the quotes of any script. The object whose
title is the page's holds the article (texts.py).
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from agents.clean.metadata.states.flight import flight_rows, is_flight
from agents.clean.metadata.states.literals import HTML_CHARS, html_behind, literals
from agents.clean.metadata.states.texts import in_small_letters, text_of, value_text
from agents.clean.text.words import count_words, normal

#: Most scripts that are looked at.
MAX_SCRIPTS = 5
#: Most characters of a script.
MAX_CHARS = 4_000_000
#: Most states that one script sets.
MAX_STATES = 8
#: Most lists and objects in a state.
MAX_VALUES = 100_000
#: Words of a title, the longest, that streamed rows have to hold: to read a state costs more than to look for them.
LOOKED_FOR = 5
#: Most characters of a title.
MAX_TITLE = 500
#: Most characters that a script needs for one of the title's, escaped.
ESCAPED = 6
#: Most characters between two of its words.
BETWEEN_WORDS = 100
#: Most places that are searched for it.
MAX_PLACES = 20
#: Attributes with a state of their own (Inertia, React on Rails, Astro).
_STATES = frozenset(("data-page", "data-props", "data-react-props", "data-state", "props"))
_ATTRIBUTES = "[data-page], [data-props], [data-react-props], [data-state], astro-island[props]"
#: Words of an article, at least.
MIN_WORDS = 50
#: Keys of titles and of texts.
_TITLES = ("headline", "headlines", "title", "name")
_TITLES_IN_LINES = tuple(f"\n{name}\n" for name in _TITLES)
_TEXTS = (
    "articlebody",
    "body",
    "bodyhtml",
    "content",
    "contents",
    "content_elements",
    "text",
    "html",
    "paragraphs",
    "blocks",
    "components",
    "bodytext",
    "richtext",
    "sprinkledbody",
    "document",
)
_SCRIPTS = 'script[type="application/json"], script:not([src]):not([type*="json"])'
#: A name that is set to an object or a list, or to a text of JSON.
_SET = re.compile(r"[\w\])]\s*=\s*(?:JSON\.parse\(\s*(?=\")|(?=[{\[]))")
#: A value of scripts that JSON does not know.
_UNDEFINED = re.compile(r"(?<=[:\[,])\s*undefined(?=\s*[,}\]])")
#: Characters, and what begins HTML or JSON in a script's literal and has that character in it, escaped or not; in small letters.
_MARKUP = {
    "<": ("<p", "<br"),
    "&": ("&lt", "&#"),
    "\\": ("\\u003c", "\\u007b", "\\u005b", "\\x3c", "\\x7b", "\\x5b"),
    "{": ('"{', "'{"),
    "[": ('"[', "'["),
}
#: Punctuation or an escape in a literal, which may stand in another one, and as many as may part two words; an escaped letter,
#: and the last letter that one escape is enough for: others take two.
_SIGN = r"(?:\\++(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[nrtbfv])?+|[^\w\\])"
_ESCAPED, MAX_ALONE = r"\\++u[0-9a-f]{4}", "\uffff"
_BETWEEN = _SIGN + "{0,60}+"
#: Values that hold others.
_HOLDERS = (list, dict)
_decode = json.JSONDecoder(strict=False).raw_decode


def state_body(tree: LexborHTMLParser, title: str) -> str:
    """Return the text of the article of this title in the states of a page's scripts, empty where there is none."""
    key = normal(title)
    if not key:
        return ""
    held, streamed = scripts_with(tree, key)
    found = next(filter(None, (_find(state, key) for state in states_in(held, streamed, key))), "")
    return found or next(filter(None, (_between_quotes(script, key) for script in sources(tree, held))), "")


def scripts_with(tree: LexborHTMLParser, key: str) -> tuple[list[tuple[LexborNode, str]], list[str]]:
    """Return the scripts that may hold a title (`key`: its words as `normal` gives them), and the parts of a stream."""
    held, streamed = [], []
    for node in tree.css(_SCRIPTS):
        script = node.text()
        if len(script) > MAX_CHARS:
            continue
        if is_flight(script):
            streamed.append(script)
        elif may_hold(script.lower(), key):
            held.append((node, script))
    return held, streamed


def sources(tree: LexborHTMLParser, held: list[tuple[LexborNode, str]]) -> Iterator[str]:
    """Yield the states that frameworks write into attributes, each as a literal, and the scripts that may hold a title."""
    for node in tree.css(_ATTRIBUTES):
        yield from (
            orjson.dumps(value).decode() for name, value in node.attributes.items() if name in _STATES and value
        )
    left = MAX_CHARS
    for _, script in held:
        if HTML_CHARS < len(script) <= left:
            left -= len(script)
            yield script


def may_hold(script: str, key: str) -> bool:
    """Return whether a script in small letters may hold a text that is a title: its words, in order, between quotes.

    Where it escapes letters, it holds those of ASCII all the same. `key`: the words as `normal` gives them.
    """
    words = [word for word in key.split() if word.isascii() or "\\" not in script]
    if not words or len(key) > MAX_TITLE:
        return True
    longest, reach = max(words, key=len), ESCAPED * len(key) + BETWEEN_WORDS
    at = script.find(longest)
    for _ in range(MAX_PLACES):
        if at < 0:
            return False
        near = script[max(0, at - reach) : at + reach]
        if all(word in near for word in words) and literal_of(key).search(near):
            return True
        at = script.find(longest, at + 1)
    return True


@lru_cache(4)
def literal_of(key: str) -> re.Pattern[str]:
    """Return the pattern of a title (`key`: its words) between quotes in small letters, with and without escapes.

    An escaped letter that a word begins with may count as punctuation before it.
    """
    words = []
    for word in key.split():
        begun = 0
        while begun < len(word) and not word[begun].isascii():
            begun += 1
        letters = [char if char.isascii() else f"(?:{char}|{_ESCAPED * (1 + (char > MAX_ALONE))})" for char in word]
        words.append("".join([f"{letter}?" for letter in letters[:begun]] + letters[begun:]))
    return re.compile("[\"']" + _BETWEEN.join(["", *words]) + _SIGN + "{0,60}?[\"']")


def _between_quotes(script: str, key: str) -> str:
    """Return the text of the article of a title (`key`: its words) that a script holds between quotes, as JSON or HTML."""
    lower = script.lower()
    if not any(part in lower for sign, parts in _MARKUP.items() if sign in lower for part in parts):
        return ""
    found = literals(script)
    for text in found:
        if text[:1] in "[{" and len(text) >= HTML_CHARS:
            with suppress(orjson.JSONDecodeError):
                state = orjson.loads(text)
                inner = [part for part in state if isinstance(part, str)] if isinstance(state, list) else []
                if body := _find(state, key) or _behind_title(inner, key):
                    return body
    return _behind_title(found, key)


def _behind_title(texts: list[str], key: str) -> str:
    """Return the text of the article whose title is one of some texts, and its HTML another; empty where it is short."""
    least = len(key) // 2  # a capital may have two small letters
    title = next((at for at, text in enumerate(texts) if least <= len(text) <= MAX_TITLE and normal(text) == key), -1)
    body = text_of(html_behind(texts, title), {}, iter(range(MAX_VALUES))) if title >= 0 else ""
    return body if count_words(body) >= MIN_WORDS else ""


def states_in(held: list[tuple[LexborNode, str]], streamed: list[str], key: str) -> Iterator[Any]:
    """Yield the states of a page's scripts that may hold a title; see `scripts_with`."""
    for node, script in held[:MAX_SCRIPTS]:
        yield from states(node, script)
    lower = "".join(streamed).lower()
    words = sorted(key.split(), key=len, reverse=True)[:LOOKED_FOR]
    if lower and len(lower) <= MAX_CHARS and ("\\u" in lower or all(word in lower for word in words)):
        yield flight_rows(streamed)


def objects_titled(tree: LexborHTMLParser, title: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of this title in the states of a page's scripts."""
    key = normal(title)
    for state in states_in(*scripts_with(tree, key), key) if key else ():
        for value in objects(state):
            if not value.keys().isdisjoint(_TITLES) and is_titled(value, key):
                yield value


def objects(state: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a state, each once; one may stand in many places, and in itself."""
    queue, seen = [part for part in (state,) if isinstance(part, _HOLDERS)], set[int]()
    while queue and len(seen) < MAX_VALUES:
        value = queue.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        inner = value[:MAX_VALUES] if isinstance(value, list) else value.values()
        queue += [part for part in inner if isinstance(part, _HOLDERS)]
        if isinstance(value, dict):
            yield value


def is_titled(item: dict[str, Any], key: str) -> bool:
    """Return whether an object has this title (`key`: its words as `normal` gives them, at least one)."""
    least = len(key) // 2  # a capital may have two small letters
    texts = (value_text(item[name]) for name in _TITLES if name in item)
    return any(len(text) >= least and normal(text) == key for text in texts)


def may_be_titled(item: dict[str, Any]) -> bool:
    """Return whether an object has a name of titles, in small letters or others: sooner told of all its names together."""
    names = "\n".join(["", *item, ""]).lower()
    return any(name in names for name in _TITLES_IN_LINES)


def states(node: LexborNode, script: str) -> Iterator[Any]:
    """Yield the states of a script: the whole of it where it is JSON, or those that it sets by name."""
    if "json" in (node.attributes.get("type") or ""):
        try:
            state = orjson.loads(script)
        except orjson.JSONDecodeError:
            return
        yield unfold(state) if node.attributes.get("id") == "__NUXT_DATA__" and isinstance(state, list) else state
        return
    at = 0
    for _ in range(MAX_STATES):
        found = _SET.search(script, at)
        if found is None:
            return
        at = found.end()
        try:
            state, end = _decode(script, at)
            if isinstance(state, str):
                state = orjson.loads(state)
        except (ValueError, RecursionError):
            if "undefined" not in script:
                continue
            script, at = script[:at] + _UNDEFINED.sub("null", script[at:]), found.start()
            if "undefined" in script[at:]:
                script = script.replace("undefined", "null")
            continue
        at = end
        yield state


def unfold(places: list[Any]) -> Any:
    """Return the objects of a flat list in which a number within an object or a list is the place of its value."""
    copies = [value.copy() if isinstance(value, dict | list) else value for value in places]

    def at(place: Any) -> Any:
        return copies[place] if type(place) is int and 0 <= place < len(copies) else None

    for copy in copies:
        if isinstance(copy, dict):
            copy.update({name: at(place) for name, place in copy.items()})
        elif isinstance(copy, list):
            copy[:] = map(at, copy)
    return copies


def _find(data: Any, key: str) -> str:
    """Return the longest text of an object with this title."""
    found = ""
    named = data if isinstance(data, dict) else {}
    blocks = iter(range(MAX_VALUES))
    for value in objects(data):
        if "ROOT_QUERY" in value:
            named = value
        if may_be_titled(value) and is_titled(low := in_small_letters(value), key):
            found = max(found, *(text_of(low.get(name), named, blocks) for name in _TEXTS), key=len)
    return found if count_words(found) >= MIN_WORDS else ""
