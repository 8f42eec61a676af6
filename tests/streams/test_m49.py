"""Countries and the regions of the world that they lie in."""

import pytest

from streams.standards.m49 import areas, regions_around


def test_every_region_that_is_named_is_there() -> None:
    """A country lies in regions that the table holds, and every one but Antarctica in one at least."""
    assert all(not areas()[code].is_country for area in areas().values() for code in area.inside)
    assert [area.code for area in areas().values() if area.is_country and not area.inside] == ["AQ"]


@pytest.mark.parametrize(
    ("country", "around"),
    [
        ("VE", ("South America", "Latin America and the Caribbean", "Americas")),
        ("JP", ("Eastern Asia", "Asia")),
        ("XK", ("Southern Europe", "Europe")),
        ("AQ", ()),
        ("ZZ", ()),
    ],
)
def test_regions_around_a_country(country: str, around: tuple[str, ...]) -> None:
    """The regions come with the names that articles carry; an unknown code lies nowhere."""
    assert set(regions_around(country)) == set(around)
