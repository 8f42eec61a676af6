"""The text of an object in a page's state: a text, perhaps of HTML, a list of paragraphs, or of blocks as editors keep them.

A block has its text itself, or holds blocks, or the runs of its text: links and bold words are runs in runs.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from agents.clean.page.walk import texts_within

#: Keys of the text of an object that stands for a text, of a block and of a run; and of the type that editors give a block.
_VALUE = ("rendered", "basic", "html", "text")
_BLOCK = ("text", "content", "html", "value", "paragraph")
_RUN = (*_BLOCK, "data")
_TYPE = ("type", "_type", "__typename", "nodetype", "kind")
#: Keys of what is in a block: blocks, or the runs of its text (editors call them spans, nodes, leaves).
_INSIDE = ("children", "content", "blocks", "nodes", "root", "model", "data", "json", "document", "paragraphs", "items")
#: Types of runs of text, of which a paragraph has several where words in it are links or bold; and of blocks that are no text.
_RUNS = frozenset(("text", "span", "textinline", "linkinline", "link", "a", "hyperlink", "leaf", "inline"))
_NO_TEXT = re.compile(
    r"(?i)image|photo|picture|gallery|embed|video|audio|advert|\bads?\b|related|interstitial|newsletter|promo"
)
#: Blocks within blocks, at most.
MAX_NESTED = 12


def value_text(value: Any) -> str:
    """Return the text that a value is or that an object stands for; empty for others."""
    if isinstance(value, dict):
        return text_under(_VALUE, value)
    return value if isinstance(value, str) else ""


def text_of(value: Any, named: dict[str, Any], left: Iterator[int]) -> str:
    """Return the text of a string, perhaps of HTML, or of a list of paragraphs or blocks.

    `named`: objects by name; `left`: as many as blocks may still be looked at.
    """
    if isinstance(value, dict) and not value_text(value):
        value = [value]
    if not isinstance(value, list):
        text = value_text(value)
        return "\n\n".join(texts_within(text)) if "<" in text else text
    return "\n\n".join(_blocks(value, named, left, 0))


def _blocks(items: list[Any], named: dict[str, Any], left: Iterator[int], depth: int) -> Iterator[str]:
    """Yield the text of each of some blocks, which may hold others; see `text_of`."""
    for item in items:
        if next(left, None) is None:
            return
        if isinstance(item, dict) and isinstance(reference := item.get("__ref"), str):
            item = named.get(reference)  # noqa: PLW2901
        block = in_small_letters(item) if isinstance(item, dict) else {"text": item}
        if _NO_TEXT.search(text_under(_TYPE, block)):
            continue
        if text := text_under(_BLOCK, block):
            yield from filter(None, [text_of(text, named, left)])
        elif depth < MAX_NESTED and (inside := _inside(block)):
            if any(map(is_run, inside)):
                yield from filter(None, ["".join(_runs(inside, left, depth)).strip()])
            else:
                yield from _blocks(inside, named, left, depth + 1)


def _inside(block: dict[str, Any]) -> list[Any]:
    """Return a block's items, keys in lower case: its list, or its object as a list of one."""
    found = next((part for name in _INSIDE if isinstance(part := block.get(name), list | dict) and part), [])
    return found if isinstance(found, list) else [found]


def _runs(items: list[Any], left: Iterator[int], depth: int) -> Iterator[str]:
    """Yield the runs of text of one paragraph: links and bold words are runs in runs."""
    for item in items:
        if next(left, None) is None:
            return
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            text = text_under(_RUN, item)
            if text or depth >= MAX_NESTED:
                yield text
            else:
                yield from _runs(_inside(in_small_letters(item)), left, depth + 1)


def text_under(names: Iterable[str], item: dict[str, Any]) -> str:
    """Return the text that an object has under the first of some names, empty where it has none."""
    return next((part for name in names if isinstance(part := item.get(name), str)), "")


def in_small_letters(item: dict[str, Any]) -> dict[str, Any]:
    """Return an object with its names in small letters."""
    return {name.lower(): part for name, part in item.items()}


def is_run(part: Any) -> bool:
    """Return whether a value is a run of text in a paragraph: it says so, or has a text and no type; blank ones part blocks."""
    if not isinstance(part, dict):
        return isinstance(part, str) and not part.isspace()
    kind, text = text_under(_TYPE, in_small_letters(part)).lower(), text_under(_RUN, part)
    return (kind in _RUNS and not text.isspace()) or (not kind and bool(text.strip()))
