"""Phrases of language files as regular expressions.

A phrase is lower-case text with a few signs: `[text]` may be missing, `(a|b)` is one of several, `*` is the rest of a
word (or a word), `#` a number, and a space any white space. A straight apostrophe stands for a curly one too. A phrase
ends where a word ends, in scripts that write spaces between words.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Iterable

_SIGNS = {
    "[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "*": r"[^\W_]*", "#": r"\d[\d.,]*", " ": r"\s+", "'": "['’]",
}  # fmt: skip
#: The first character of the scripts that write no spaces (Thai, then Chinese, Japanese and Korean).
_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u2e80", "\uffef"))


def spaced(char: str) -> bool:
    """Return whether a character is a letter or digit of a script that writes spaces between words."""
    return char.isalnum() and not any(first <= char <= last for first, last in _UNSPACED)


def pattern(phrase: str) -> str:
    """Return a phrase as the source of a regular expression, with the ends of its words."""
    body = "".join(_SIGNS.get(char) or re.escape(char) for char in phrase)
    last = phrase.rstrip("])|")[-1:]
    before = r"(?<![^\W_])" if spaced(phrase.lstrip("[(")[:1]) else ""
    after = r"(?![^\W_])" if last and spaced(last) else ""
    return f"{before}{body}{after}"


def any_of(phrases: Iterable[str]) -> str:
    """Return the source of a regular expression for any of the phrases, the longest first."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return f"(?:{'|'.join(map(pattern, ordered))})" if ordered else r"(?!)"


def stems(beginnings: Iterable[str]) -> str:
    """Return the source of a regular expression for words that begin with one of these."""
    ordered = sorted(set(beginnings), key=lambda stem: (-len(stem), stem))
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else r"(?!)"
