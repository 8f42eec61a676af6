"""Countries, and the regions of the world that they lie in after UN M49: for tags on articles and for watches.

`m49.tsv` holds ISO 3166-1 alpha-2 codes (XK for Kosovo), M49 codes and English names after Unicode CLDR. It is read
once, at first use.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: The code of a division of a country (ISO 3166-2).
DIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Area:
    """A country, or a region of M49: its code, its names, the common one first, and the codes of the regions around it.

    The region nearest to a country comes first; Antarctica lies in none, and of a region they are left out.
    """

    code: str
    names: tuple[str, ...]
    inside: tuple[str, ...]

    @property
    def is_country(self) -> bool:
        """Return whether it is a country (`VE`), not a region (`005`)."""
        return self.code.isalpha()


@cache
def areas() -> dict[str, Area]:
    """Return every country and region by its code, the countries first, each in the order of codes."""
    lines = files("streams.standards").joinpath("m49.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: Area(code, tuple(names.split("|")), tuple(inside.split())) for code, names, inside in rows}


@cache
def regions_around(country: str) -> tuple[str, ...]:
    """Return the names of the M49 regions that a country lies in, the nearest first; none for an unknown code."""
    known = areas()
    return tuple(known[code].names[0] for code in known[country].inside) if country in known else ()
