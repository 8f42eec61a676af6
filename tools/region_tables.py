# ruff: noqa: RUF001 - letters of many alphabets
"""The project's own tables of the region tagger, and the one way in which names are written in the gazetteer."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from agents.tag.regions.lexicon.words import fold

HERE = Path(__file__).resolve().parent.parent / "agents" / "tag" / "regions"
TABLES = HERE / "tables"


def rows(name: str) -> Iterator[list[str]]:
    """Yield the cells of each line of a table that is not a comment."""
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("\t")]


def plain(name: str) -> str:
    """Return a name without diacritics and with ASCII apostrophes and hyphens."""
    decomposed = unicodedata.normalize("NFKD", name)
    text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return text.translate(str.maketrans("’‘ʻʼ–—łŁøØđĐıßæ", "''''--lLoOdDisa"))


class _All:
    """Contains every word: no capitals are lowered."""

    def __contains__(self, word: object) -> bool:
        return True


AS_IT_IS = _All()


def straight(name: str) -> str:
    """Return a name with the apostrophes and hyphens that the tagger folds text to."""
    return re.sub(r"\s+", " ", fold(name, AS_IT_IS)).strip().rstrip(".")
