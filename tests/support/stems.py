"""The stems of languages as they ship, read once for all tests."""

from functools import cache

from agents.tag.topics.stems import Stems


@cache
def stems_of(language: str) -> Stems:
    """Return the stems of a language."""
    return Stems.read(language)


def codes_in(language: str, title: str) -> set[str]:
    """Return the codes of the topics and concepts that a title names."""
    return {hit.code for hit in stems_of(language).find(title, "")}
