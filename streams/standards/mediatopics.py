"""IPTC Media Topics: the subjects that articles are tagged with and that watches name.

`mediatopics.tsv` holds the 1,099 concepts in force in the release of 24 October 2023: codes, levels, parents and
English names, (c) IPTC, CC BY 4.0. It is read once, at first use.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Concept:
    """A Media Topic: its code, `medtop:` included, its name, its level from 1, and the code of its parent."""

    code: str
    label: str
    level: int
    parent: str | None


@cache
def concepts() -> dict[str, Concept]:
    """Return every concept in force by its code, those of a level before those of the next."""
    lines = files("streams.standards").joinpath("mediatopics.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {
        f"medtop:{code}": Concept(f"medtop:{code}", label, int(level), f"medtop:{parent}" if parent else None)
        for code, level, parent, label in rows
    }
