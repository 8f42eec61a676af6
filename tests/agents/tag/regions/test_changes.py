"""Changes of the gazetteer as text beside its file."""

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tag.regions.lexicon import changes
from agents.tag.regions.lexicon.gazetteer import FILE, DamagedGazetteerError, read, unpacked

KEYS = st.text(st.characters(codec="utf-8"), max_size=4)
VALUES = st.integers(-(2**31), 2**31) | st.lists(st.integers(0, 2**31), max_size=3) | KEYS
INNER = st.dictionaries(KEYS, VALUES, max_size=4)
TABLES = st.dictionaries(KEYS, VALUES | INNER | st.lists(INNER, max_size=2), max_size=5)


@given(TABLES, TABLES)
def test_changes_make_the_new_from_the_old(tmp_path_factory: pytest.TempPathFactory, base: Any, now: Any) -> None:
    """Whatever was added, changed or taken out, applying the file gives the new tables."""
    path = tmp_path_factory.mktemp("changes") / "gazetteer.changes"
    changes.write(path, "digest", base, now)
    data = deepcopy(base)

    assert changes.apply(path, "digest", data)
    assert data == now


def test_a_changed_name_is_one_line(tmp_path: Path) -> None:
    """A rule that touches one name shows as one line of text."""
    path = tmp_path / "gazetteer.changes"
    count = changes.write(path, "digest", {"names": {"Nov": 8, "Oslo": 16}}, {"names": {"Oslo": 16}})

    assert count == 1
    assert path.read_text(encoding="utf-8").splitlines()[1:] == ['["names","Nov"]\t']


def test_a_changed_name_of_a_language_is_one_line(tmp_path: Path) -> None:
    """A language has two tables, its names and their lengths: unchanged entries are not written again."""
    path = tmp_path / "gazetteer.changes"
    base = {"languages": {"no": [{"Oslo": 16, "Bergen": 24}, {"New York": [2]}]}}
    now = {"languages": {"no": [{"Oslo": 16, "Bergen": 32}, {"New York": [2]}]}}

    assert changes.write(path, "digest", base, now) == 1
    assert changes.apply(path, "digest", base)
    assert base == now


def test_a_place_that_is_shown_by_another_name_is_one_line(tmp_path: Path) -> None:
    """The columns of the places are long: one row's value is written, not the column."""
    path = tmp_path / "gazetteer.changes"
    base = {"places": {"name": ["Oslo", "Bergen²"], "code": ["NO-03", "NO-46"]}}
    now = {"places": {"name": ["Oslo", "Bergen"], "code": ["NO-03", "NO-46"]}}

    assert changes.write(path, "digest", base, now) == 1
    assert changes.apply(path, "digest", base)
    assert base == now


def test_the_gazetteer_is_read_with_its_changes(tmp_path: Path) -> None:
    """A name that was added is known, and the place is the one it was added for."""
    gazetteer = tmp_path / "gazetteer.bin"
    shutil.copy(FILE, gazetteer)
    place = read(FILE).countries["NO"]
    added = {"names": {"Fjordia": place * 8}}
    changes.write(gazetteer.with_suffix(".changes"), unpacked(FILE)[1], {"names": {}}, added)

    assert read(gazetteer).shared.senses("Fjordia") == [place * 8]


@pytest.mark.parametrize("damage", ["another base", "a line more"])
def test_changes_that_do_not_fit_are_refused(tmp_path: Path, damage: str) -> None:
    """Changes of another gazetteer, or a broken file, stop the start."""
    gazetteer = tmp_path / "gazetteer.bin"
    shutil.copy(FILE, gazetteer)
    path = gazetteer.with_suffix(".changes")
    changes.write(path, "0" * 64 if damage == "another base" else unpacked(FILE)[1], {}, {"names": {}})
    if damage == "a line more":
        path.write_text(path.read_text(encoding="utf-8") + '["names","X"]\t8\n', encoding="utf-8")

    with pytest.raises(DamagedGazetteerError, match="gazetteer.changes"):
        read(gazetteer)
