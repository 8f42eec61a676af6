"""Common words: function words of the languages in which most news is written, and the languages' own codes.

A query that rests on a function word matches nearly every article of its language. The list is short on purpose: it
was written down from knowledge of the languages.
"""

from functools import cache
from importlib.resources import files

from streams.text.word_lists import word_lists


@cache
def function_words() -> frozenset[str]:
    """Return the function words of all languages."""
    return frozenset(word for line in lines_of("function_words.txt") for word in line.split()[1:])


@cache
def languages() -> frozenset[str]:
    """Return the codes of two letters that languages have (ISO 639-1)."""
    return frozenset(code for line in lines_of("languages.txt") for code in line.split())


def lines_of(name: str) -> list[str]:
    """Return the lines of a file of this package, without its comments."""
    lines = files("agents.watch.language").joinpath(name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


#: Three letters (ISO 639-2) where articles carry the two, and the codes of countries that are taken for languages.
SHORTER = {other: code for code, others in word_lists(__package__, "other_codes.toml").items() for other in others}

#: Languages that write compounds as one word, and where a term is therefore the end of longer ones.
COMPOUNDING = frozenset(word_lists(__package__)["compounding"])
