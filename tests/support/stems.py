"""The stems of languages as they ship, read once for all tests."""

from functools import cache

from agents.tag.topics.stems import Stems


@cache
def stems_of(language: str) -> Stems:
    """Return the stems of a language."""
    return Stems.read(language)
