"""Groups of countries that go by a name of their own: the Sahel, ASEAN, the Gulf states.

The table is `country_groups.tsv`, which says where each list is from. A group is no region of a record: articles are tagged
with countries, and a query that names a group asks for any of its countries.
"""

from functools import cache
from importlib.resources import files

from msgspec import Struct

from streams.standards.m49 import areas


class CountryGroup(Struct, frozen=True):
    """A group: its name, its other names, its countries (ISO 3166-1 alpha-2, sorted), and where the list is from."""

    name: str
    others: tuple[str, ...]
    countries: tuple[str, ...]
    source: str


@cache
def country_groups() -> tuple[CountryGroup, ...]:
    """Return every group in the order of names."""
    lines = files(__package__).joinpath("country_groups.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(
        CountryGroup(name, tuple(filter(None, others.split("|"))), _countries(codes), source)
        for name, others, codes, source in rows
    )


def _countries(codes: str) -> tuple[str, ...]:
    """Return the countries that a list of countries and regions of M49 stands for."""
    listed = set(codes.split())
    return tuple(
        sorted(a.code for a in areas().values() if a.is_country and not listed.isdisjoint((a.code, *a.inside)))
    )
