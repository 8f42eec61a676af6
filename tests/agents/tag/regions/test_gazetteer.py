"""The compiled gazetteer: its checksum and contents."""

import re
from pathlib import Path

import pytest

from agents.tag.regions import RegionTagger
from agents.tag.regions.lexicon.gazetteer import COUNTRY, FILE, DamagedGazetteerError, read
from streams.standards.m49 import areas


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """A changed byte is noticed before anything is tagged with it."""
    damaged = tmp_path / "gazetteer.bin"
    content = bytearray(FILE.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)

    with pytest.raises(DamagedGazetteerError):
        read(damaged)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """A file without even its first line is told the same way."""
    empty = tmp_path / "gazetteer.bin"
    empty.touch()

    with pytest.raises(DamagedGazetteerError, match="build it with"):
        read(empty)


def test_no_row_names_a_thing_twice() -> None:
    """A name that a table's cell gives twice, sure and doubtful, would be whichever is read last."""
    tables = (FILE.parent / "tables").glob("*.tsv")
    cells = [
        [name.rstrip("?") for name in cell.split("|") if name]
        for table in tables
        for line in table.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for cell in line.split("\t")
    ]

    assert [name for cell in cells for name in set(cell) if cell.count(name) > 1] == []


def test_every_country_has_its_place(tagger: RegionTagger) -> None:
    """All 250 codes are there, the same as in streams/standards/m49.py (Antarctica and such without people have no centre)."""
    gazetteer = tagger.gazetteer

    assert len(gazetteer.countries) == 250
    assert set(gazetteer.countries) == {area.code for area in areas().values() if area.is_country}
    assert all(gazetteer.level[index] == COUNTRY for index in gazetteer.countries.values())


@pytest.mark.parametrize(
    "name", ["NATO", "Nato", "Molotov", "Hamas", "White House", "Kanye", "God", "Mary", "Zara", "Olympic", "Google"]
)
def test_traps_are_not_shared_names(tagger: RegionTagger, name: str) -> None:
    """A reviewed trap is in no language a place."""
    assert not tagger.gazetteer.shared.senses(name)


def test_the_file_is_small(tagger: RegionTagger) -> None:
    """The compiled gazetteer stays a few megabytes and says its version."""
    assert FILE.stat().st_size < 6_000_000
    assert tagger.gazetteer.version


@pytest.mark.parametrize(
    ("code", "name"),
    [("US-CA", "California"), ("RU-DA", "Dagestan"), ("RU-BEL", "Belgorod"), ("UA-63", "Kharkiv Oblast"), ("EG-C", "Cairo"),
     ("PH-10", "Northern Mindanao"), ("CN-TJ", "Tianjin"), ("KR-11", "Seoul"), ("MX-BCN", "Baja California")],
)  # fmt: skip
def test_divisions_have_their_english_names(tagger: RegionTagger, code: str, name: str) -> None:
    """A division is shown as English news has it, without its kind and not by a nickname."""
    assert tagger.gazetteer.name[tagger.gazetteer.divisions[code]] == name


def test_no_division_is_shown_by_a_number(tagger: RegionTagger) -> None:
    """Every division's name has two letters and more, begins with a capital, and holds no mark of a footnote."""
    names = [tagger.gazetteer.name[index] for index in tagger.gazetteer.divisions.values()]

    assert [name for name in names if len(name) < 2 or set("†²") & set(name) or re.fullmatch("[XVI]+", name)] == []


def test_nearly_every_country_has_a_capital(tagger: RegionTagger) -> None:
    """Capitals that GeoNames writes in another way than its list of countries are found too: Port-Vila."""
    gazetteer = tagger.gazetteer
    without = set(gazetteer.countries.values()) - {gazetteer.country[place] for place in gazetteer.capitals}

    assert {"VU", "US", "MX", "LY", "MD"}.isdisjoint(gazetteer.code[country] for country in without)


def test_a_country_has_one_row_in_the_table_of_a_language() -> None:
    """Of two the gazetteer would be built with the last alone."""
    for table in (FILE.parent / "tables").glob("??.tsv"):
        codes = re.findall(r"(?m)^[A-Z]{2}(?=\t)", table.read_text(encoding="utf-8"))
        assert len(codes) == len(set(codes)), table.name
