"""Where a publisher is at home: a table of hosts and names, then the host's country-code domain."""

from typing import NamedTuple
from urllib.parse import urlsplit

from agents.tag.regions.gazetteer import Gazetteer

#: Country-code domains that are sold as words or to anybody.
GENERIC = frozenset(
    [
        "tv",
        "me",
        "co",
        "io",
        "fm",
        "ai",
        "ly",
        "to",
        "cc",
        "ws",
        "gg",
        "sh",
        "st",
        "la",
        "vc",
        "am",
        "fm",
        "im",
        "is",
        "so",
        "tk",
        "ml",
        "ga",
        "cf",
        "gq",
        "nu",
        "pw",
        "bz",
        "mn",
        "sc",
    ]
)
CODES = {"uk": "GB", "su": "RU", "ac": "SH", "gov": "US", "mil": "US", "edu": "US", "eu": ""}


class Home(NamedTuple):
    """The places of a publisher's country and division (-1: unknown), and whether it writes for the whole world."""

    country: int = -1
    division: int = -1
    worldwide: bool = False


def home_of(gazetteer: Gazetteer, source: str, url: str | None) -> Home:
    """Return the home of a publisher by its host or name."""
    for address in (source, urlsplit(url).hostname if url else None):
        if address:
            home = _by_address(gazetteer, address.lower().strip())
            if home.country >= 0:
                return home
    return Home()


def _by_address(gazetteer: Gazetteer, address: str) -> Home:
    labels = address.removesuffix(".example").removeprefix("www.").replace(" ", "").split(".")
    for start in range(len(labels)):
        entry = gazetteer.publishers.get(".".join(labels[start:]))
        if (
            entry
            and (start == len(labels) - 1 or len(labels) - start > 1)
            and (len(labels) == 1 or start < len(labels) - 1)
        ):
            return _home(gazetteer, entry)
    last = labels[-1]
    if len(labels) > 1 and (len(last) == 2 or last in CODES) and last not in GENERIC:
        code = CODES.get(last, last.upper())
        if code in gazetteer.countries:
            registered = [
                label
                for label in labels[:-1]
                if label not in ("co", "com", "org", "net", "gov", "ac", "edu", "or", "ne")
            ]
            entry = gazetteer.publishers.get(registered[-1]) if registered else None
            if entry and entry[:2] == code:
                return _home(gazetteer, entry)
            return Home(gazetteer.countries[code])
    for label in reversed(labels[:-1]):
        entry = gazetteer.publishers.get(label)
        if entry:
            return _home(gazetteer, entry)
    return Home()


def _home(gazetteer: Gazetteer, entry: str) -> Home:
    code = entry.rstrip("*")
    return Home(gazetteer.countries[code[:2]], gazetteer.divisions.get(code, -1), entry.endswith("*"))
