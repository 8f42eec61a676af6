"""wirewatch: news, cleaned, deduplicated, tagged and watched. The public Python API needs no Kafka and no processes.

>>> import wirewatch
>>> article = wirewatch.tag("Dockers in Valparaíso stopped work on Monday.", title="Port strike in Chile")
>>> article.primary_country
'CL'

Everything public is in `__all__` and documented in docs/python.md; it is loaded with its first use, so that
`import wirewatch` costs nothing. `wirewatch.testing` has articles to try a program on.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from streams.errors import InvalidRecord, MissingExtra, Refused, SettingsError, WirewatchError
    from streams.records import Clean, Duplicate, Evidence, NewsTopic, Raw, Region, Tagged
    from wirewatch.api import (
        Duplicates,
        Match,
        Watches,
        clean,
        find_duplicates,
        from_json,
        match,
        tag,
        to_json,
    )

#: The module that has each public name.
_HOMES = {
    "clean": "wirewatch.api",
    "tag": "wirewatch.api",
    "find_duplicates": "wirewatch.api",
    "Duplicates": "wirewatch.api",
    "match": "wirewatch.api",
    "Watches": "wirewatch.api",
    "Match": "wirewatch.api",
    "to_json": "wirewatch.api",
    "from_json": "wirewatch.api",
    "Raw": "streams.records",
    "Clean": "streams.records",
    "Duplicate": "streams.records",
    "Tagged": "streams.records",
    "Region": "streams.records",
    "NewsTopic": "streams.records",
    "Evidence": "streams.records",
    "WirewatchError": "streams.errors",
    "Refused": "streams.errors",
    "InvalidRecord": "streams.errors",
    "SettingsError": "streams.errors",
    "MissingExtra": "streams.errors",
}

__all__ = [
    "Clean",
    "Duplicate",
    "Duplicates",
    "Evidence",
    "InvalidRecord",
    "Match",
    "MissingExtra",
    "NewsTopic",
    "Raw",
    "Refused",
    "Region",
    "SettingsError",
    "Tagged",
    "Watches",
    "WirewatchError",
    "clean",
    "find_duplicates",
    "from_json",
    "match",
    "tag",
    "to_json",
]


def __getattr__(name: str) -> Any:
    """Load a public name with its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'wirewatch' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Name everything public."""
    return sorted([*__all__, "__version__"])
