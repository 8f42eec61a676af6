"""Divisions of countries, as articles are tagged with them."""

from difflib import get_close_matches
from functools import cache

from agents.tag.regions.lexicon.gazetteer import read
from agents.watch.language.vocabulary import did_you_mean
from streams.standards.m49 import DIVISION, areas


def why_no_division(code: str) -> str:
    """Say why no article has a code that is written as a division's (US-ZZ); empty for any other code, and a known one."""
    if not DIVISION.fullmatch(code):
        return ""
    country = code.partition("-")[0]
    if code in divisions():
        return ""
    beside = [other for other in divisions() if other.startswith(f"{country}-")]
    close = did_you_mean(get_close_matches(code, beside, n=3, cutoff=0.6))
    return f"is no division of {areas()[country].names[0]}: {close or f'{country} is all of it'}"


@cache
def divisions() -> frozenset[str]:
    """Return the codes of all divisions; the gazetteer, which has them, takes half a second to read, and is not kept."""
    return frozenset(read().divisions)
