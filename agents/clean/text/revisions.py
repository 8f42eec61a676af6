"""Revisions: whether the text of a fetch is a new one of its article.

For each article id the last fetches with the hash of their text and their revision. The same fetch always gets the same
revision, so that a replay changes nothing; a text that differs from the latest only in spacing, case, punctuation or
numbers of views is the same text.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from agents.clean.languages import gather
from agents.clean.languages.phrases import any_of
from streams.records import unpacked
from streams.text.plain_words import spaced

#: Articles kept; at about 300 bytes each. The least recently fetched goes first.
MAX_ARTICLES = 100_000
#: Fetches kept for each article.
MAX_FETCHES = 8

#: Characters of things before their number, and of a number behind its first digit.
LONGEST_THINGS, LONGEST_NUMBER = 120, 20
#: Punctuation between things and their number.
SIGNS = ":("
#: Most blanks behind one.
BLANKS = 3
#: Characters beside which things are looked for, some 27 us each: a text of nothing else took seconds.
MOST_SIGNS = 10_000

#: Characters beyond ASCII that are replaced one after the other, at most: for a few it is quicker than to look up each character,
#: and a stranger's text may have a hundred thousand.
REPLACED = 16
#: Spaces in the place of all bytes of ASCII that are in no word.
MAX_ASCII = 127
_SPACED = bytes(
    code if code > MAX_ASCII or chr(code).isalnum() or chr(code) == "_" else ord(" ") for code in range(256)
)
Codes = NDArray[np.uint32]


class _Fetch(msgspec.Struct, array_like=True):
    fetch_id: str
    text: bytes
    revision: int


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(list[_Fetch])


class Counters(NamedTuple):
    """Patterns of counters that change with every fetch (views, comments, minutes ago), in all languages.

    `after`: a number and its things (12 comments). `before`: things and their number (comments: 12), with one of `SIGNS`, and
    blanks, before its first digit.
    """

    after: re.Pattern[str]
    before: re.Pattern[str]


@lru_cache(1)
def counters() -> Counters:
    """Return the patterns of counters."""
    things = any_of(gather(lambda item: item.boilerplate.counters))
    number = r"\d[\d.,]{0,12}+\s?[km]?"
    # the digit first, and then the look at what is before it: so only digits are tried
    beginning = number.replace(r"\d", r"\d(?<!\w\d)", 1)
    return Counters(
        re.compile(rf"{beginning}\s?\+?\s{{0,3}}{things}", re.IGNORECASE),
        re.compile(rf"\b{things}\s?[:(]\s{{0,{BLANKS}}}{number}\)?", re.IGNORECASE),
    )


def without_counters(text: str) -> str:
    """Return a text with a space in the place of each counter.

    Things before their number are looked for beside the few characters that have a digit behind them, not at each word.
    """
    after, before = counters()
    spans: list[tuple[int, int]] = []
    for digit in first_digits(text):
        if (not spans or digit >= spans[-1][1]) and (found := after.match(text, digit)):
            spans.append(found.span())
    for sign, digit in islice(signs_before_digits(text), MOST_SIGNS):
        beside = before.finditer(text, max(0, sign - LONGEST_THINGS), digit + 1 + LONGEST_NUMBER)
        spans += [match.span() for match in beside if match.start() < sign < match.end()]
    pieces, end = [], 0
    for first, last in sorted(spans):
        if first >= end:
            pieces += [text[end:first], " "]
            end = last
    return "".join([*pieces, text[end:]])


def first_digits(text: str) -> list[int]:
    """Return where a digit stands that has none before it, in order."""
    codes = codes_of(text)
    digits = (codes >= ord("0")) & (codes <= ord("9"))
    if others := [ord(char) for char in wide_chars(codes) if char.isdecimal()]:
        digits |= np.isin(codes, others)
    digits[1:] &= ~digits[:-1]
    found: list[int] = np.flatnonzero(digits).tolist()
    return found


def signs_before_digits(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each of `SIGNS` stands with a digit behind it, and that digit: far quicker than by a pattern."""
    for sign in SIGNS:
        at = text.find(sign)
        while at >= 0:
            behind = text[at + 1 : at + 2 + BLANKS]
            digits = behind.lstrip()
            if digits[:1].isdecimal():
                yield at, at + 1 + len(behind) - len(digits)
            at = text.find(sign, at + 1)


def text_hash(text: str) -> bytes:
    """Return 12 bytes that are equal for texts with the same words, case and counters apart."""
    line = word_line(spaced(without_counters(text)).casefold())
    return blake2b(line, digest_size=12).digest()


def word_line(text: str) -> bytes:
    """Return the words of a text, runs of letters, digits and underscores, as UTF-8 with a space between two.

    A pattern that finds them takes five times as long.
    """
    others = [char for char in wide_chars(codes_of(text)) if not char.isalnum()]
    if len(others) > REPLACED:
        text = text.translate(dict.fromkeys(map(ord, others), " "))
    else:
        for char in others:
            text = text.replace(char, " ")
    signs = np.frombuffer(text.encode("utf-8", "surrogatepass").translate(_SPACED), dtype=np.uint8)
    kept = signs != ord(" ")
    kept[1:] |= kept[:-1]  # the first of some spaces, but for those at the beginning
    line: bytes = signs[kept].tobytes()
    return line.rstrip(b" ")


def codes_of(text: str) -> Codes:
    """Return the number of each character of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def wide_chars(codes: Codes) -> list[str]:
    """Return the characters beyond ASCII among some, each once."""
    return [chr(code) for code in np.unique(codes[codes > MAX_ASCII]).tolist()]


class Revisions:
    """The texts seen under each article id, the latest few of each, at most `max_articles`."""

    def __init__(self, max_articles: int = MAX_ARTICLES) -> None:
        self.max_articles = max_articles
        self._articles: OrderedDict[str, list[_Fetch]] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of articles known."""
        return len(self._articles)

    def revise(self, article_id: str, fetch_id: str, text: str, known: bytes = b"") -> tuple[int, bytes]:
        """Return the revision of this fetch's text, from 0, and the article's new record to persist.

        `known` is the text's hash where it has been computed already (it takes a third of a millisecond a page).
        """
        fetches = self._articles.setdefault(article_id, [])
        self._articles.move_to_end(article_id)
        known = known or text_hash(text)
        for fetch in fetches:
            if fetch.fetch_id == fetch_id and fetch.text == known:
                return fetch.revision, _encode(fetches)
        revision = 0
        if fetches:
            latest = fetches[-1]
            revision = latest.revision + (latest.text != known)
        fetches.append(_Fetch(fetch_id, known, revision))
        del fetches[:-MAX_FETCHES]
        self._trim()
        return revision, _encode(fetches)

    def restore(self, article_id: str, record: bytes | None) -> None:
        """Restore an article from the record that `revise` returned; None forgets it."""
        if record is None:
            self._articles.pop(article_id, None)
            return
        try:
            self._articles[article_id] = unpacked(_decoder, record)
        except msgspec.DecodeError:
            self._articles.pop(article_id, None)
        self._trim()

    def _trim(self) -> None:
        while len(self._articles) > self.max_articles:
            self._articles.popitem(last=False)
