"""The compiled gazetteer: its checksum, and what is in it."""

from pathlib import Path

import pytest

from agents.tag.regions import RegionTagger
from agents.tag.regions.gazetteer import COUNTRY, FILE, DamagedGazetteerError, read
from streams.m49 import areas


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """A changed byte is noticed before anything is tagged with it."""
    damaged = tmp_path / "gazetteer.bin"
    content = bytearray(FILE.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)

    with pytest.raises(DamagedGazetteerError):
        read(damaged)


def test_every_country_has_its_place(tagger: RegionTagger) -> None:
    """All 250 codes are there, the same as in streams/m49.py (Antarctica and such without people have no centre)."""
    gazetteer = tagger.gazetteer

    assert len(gazetteer.countries) == 250
    assert set(gazetteer.countries) == {area.code for area in areas().values() if area.is_country}
    assert all(gazetteer.level[index] == COUNTRY for index in gazetteer.countries.values())


@pytest.mark.parametrize(
    "name", ["NATO", "Nato", "Hamas", "White House", "Kanye", "God", "Mary", "Zara", "Olympic", "Google"]
)
def test_traps_are_not_shared_names(tagger: RegionTagger, name: str) -> None:
    """A reviewed trap is in no language a place."""
    assert not tagger.gazetteer.shared.senses(name)


def test_the_file_is_small(tagger: RegionTagger) -> None:
    """The compiled gazetteer stays a few megabytes and says its version."""
    assert FILE.stat().st_size < 6_000_000
    assert tagger.gazetteer.version
