"""Countries that short texts of many kinds name: `countries.tsv` has the texts below each kind and its sentence."""

from pathlib import Path

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


def texts() -> list[list[str]]:
    """Return the texts, each with its kind, its language and the countries that it names."""
    _, *kinds = Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").split("\n## ")
    found = []
    for heading, *rows in map(str.splitlines, kinds):
        found += [[heading.split(":")[0], *row.split("\t")] for row in rows]
    return found


TEXTS = texts()


@pytest.mark.parametrize(
    ("language", "expected", "text"), [row[1:] for row in TEXTS], ids=[f"{row[0]}-{row[1]}" for row in TEXTS]
)
def test_a_text_names_its_countries(tag: Tag, language: str, expected: str, text: str) -> None:
    """All countries of its line, and no others; `-` is none."""
    assert countries(tag(text, language=language)) == set(expected.split()) - {"-"}
