"""Days of publication that a page keeps in its scripts alone: states of frameworks, data layers of tag managers.

They are looked for only where the page itself names no day of publication.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from agents.clean.metadata.dates.parsing import FoundDate, read_date
from agents.clean.metadata.states.articles import objects_titled
from streams.text.word_lists import word_lists

#: Most characters of a script that are searched.
MAX_CHARS = 2_000_000
#: Most dates of a page that are read.
MAX_DATES = 100
#: Most objects with the page's title that are read.
MAX_OBJECTS = 20
SCRIPTS = 'script:not([src]):not([type*="ld+json"])'
#: A name that says publication (`datePublished`, `publish_date`, `pubDate`), and the text or number that it stands for.
PUBLISHED = re.compile(
    r"(?:[pP]ubli(?:sh(?:ed|ing)?|cation|cac(?:ion|ao)|cado|cada)|[pP]ubblica(?:zione|to)|[pP]ub(?=_?[dD]ate))"
    r"_?(?:[fF]irst_?)?(?:[tT]ime_?)?(?:[aA]t|[oO]n|[dD]ate|[tT]ime|[dD]ate_?[tT]ime)?"
    r"""(?:_?[gG][mM][tT]|_?[uU][tT][cC])?\\{0,2}["']?\s{0,3}[:=]\s{0,3}(?:\\{0,2}["']([^"'\\<>\n]{8,40})\\{0,2}["']|(\d{13}|\d{10})(?!\d))"""
)
#: A name of a data layer that says which day an article has, and that day.
_DATED = re.compile(
    r"(?:article|content|story|post|news)_?[dD]ate(?:_?[tT]ime)?"
    r"""\\{0,2}["']?\s{0,3}[:=]\s{0,3}\\{0,2}["']([^"'\\<>\n]{8,40})\\{0,2}["']"""
)
#: Names before it that say something else: the day of a change, whether it is published.
_OTHER = re.compile(r"(?i)(?:modif|updat|last|latest|next|un|re|is|edition|issue)[_-]?$")
#: Names, without punctuation and in lower case, that say it within the object of the article, where no other name does.
_IN_ARTICLE = frozenset(word_lists("agents.clean.metadata")["article_dates"])
#: Characters before a name that may be part of it.
BEFORE = 12


def script_day(tree: LexborHTMLParser, title: str, language: str) -> FoundDate | None:
    """Return the time of publication that a page's scripts name, of several days that of the object with its title."""
    scripts = [text for node in tree.css(SCRIPTS) if len(text := node.text()) <= MAX_CHARS]
    found = list(_dates(scripts, language)) or list(_layer_dates(scripts, language))
    if len({date.day for date in found}) != 1:
        items = list(islice(objects_titled(tree, title), MAX_OBJECTS))
        found = [date for item in items for date in _own_dates(item, language)] or [
            date for item in items for date in _plain_dates(item, language)
        ]
    if len({date.day for date in found}) != 1:
        return None
    # English alone writes day and month in either order.
    return None if found[0].doubtful and language[:2].lower() in ("en", "") else found[0]


def _own_dates(item: dict[str, Any], language: str) -> Iterator[FoundDate]:
    for name, value in item.items():
        text = f"{name}:{value}" if isinstance(value, int) else f'{name}:"{value}"'
        if (
            isinstance(value, str | int)
            and (match := PUBLISHED.search(text))
            and not _OTHER.search(name[: match.start()])
            and (date := read_date(match[1] or match[2], language))
        ):
            yield date


def _plain_dates(item: dict[str, Any], language: str) -> Iterator[FoundDate]:
    for name, value in item.items():
        plain = name.replace("_", "").replace("-", "").lower()
        if plain in _IN_ARTICLE and isinstance(value, str | int) and (date := read_date(str(value), language)):
            yield date


def _dates(scripts: list[str], language: str) -> Iterator[FoundDate]:
    left = MAX_DATES
    for script in scripts:
        for match in published_names(script):
            if _OTHER.search(script[max(0, match.start() - BEFORE) : match.start()]):
                continue
            if not left:
                return
            left -= 1
            if date := read_date(match[1] or match[2], language):
                yield date


def _layer_dates(scripts: list[str], language: str) -> Iterator[FoundDate]:
    named = (match for script in scripts if "Date" in script or "date" in script for match in _DATED.finditer(script))
    for match in islice(named, MAX_DATES):
        if date := read_date(match[1], language):
            yield date


def published_names(script: str) -> Iterator[re.Match[str]]:
    """Yield the matches of `PUBLISHED`: all such names share two letters, which are found far sooner."""
    at = script.find("ub", 1)
    while at > 0:
        match = PUBLISHED.match(script, at - 1)
        if match:
            yield match
        at = script.find("ub", match.end() + 1 if match else at + 1)
