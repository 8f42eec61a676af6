"""Countries of short texts of many kinds: the tables have the texts below each kind and its sentence."""

from pathlib import Path

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


def texts(name: str) -> list[list[str]]:
    """Return the rows of a table: language, countries, perhaps a title, and text, behind their kind."""
    _, *kinds = Path(__file__).with_name(name).read_text(encoding="utf-8").split("\n## ")
    found = []
    for heading, *rows in map(str.splitlines, kinds):
        found += [[heading.split(":")[0], *row.split("\t")] for row in rows]
    return found


def named(row: list[str]) -> str:
    """Return the id of a row: its kind and its language."""
    return f"{row[0]}-{row[1]}"


COUNTRIES, SCENES = texts("countries.tsv"), texts("scenes.tsv")


@pytest.mark.parametrize(("language", "expected", "text"), [row[1:] for row in COUNTRIES], ids=map(named, COUNTRIES))
def test_a_text_names_its_countries(tag: Tag, language: str, expected: str, text: str) -> None:
    """All countries of its line, and no others; `-` is none."""
    assert countries(tag(text, language=language)) == set(expected.split()) - {"-"}


@pytest.mark.parametrize(("language", "expected", "title", "text"), [row[1:] for row in SCENES], ids=map(named, SCENES))
def test_the_scene_comes_first(tag: Tag, language: str, expected: str, title: str, text: str) -> None:
    """The primary country is where it happened, whatever else is named; `-` is none."""
    assert (tag(text, title=title, language=language).primary_country or "-") == expected
