"""Words that nearly every text of a language holds, and words that many of its reports hold: 37 languages."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def common_words() -> dict[str, dict[str, str]]:
    """Return the lists by language and by how common they are: of `every` text and, of some languages, of `many` reports."""
    return tomllib.loads((Path(__file__).parent / "common_words.toml").read_text(encoding="utf-8"))


@cache
def every_text(language: str) -> frozenset[str]:
    """Return the words, in lower case, that every text of a language holds; none where no list is."""
    return frozenset(common_words().get(language, {}).get("every", "").lower().split())
