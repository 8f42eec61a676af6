"""Where a publisher is at home: a table of hosts and names, then the host's country-code domain."""

import re
from typing import NamedTuple

from agents.tag.regions.lexicon.gazetteer import ADMIN1, CITY, Gazetteer, Kind
from streams.text.word_lists import word_lists

#: Country-code domains that are sold as words or to anybody.
GENERIC = frozenset(word_lists(__package__)["generic_domains"])
#: Domains of no country, on which papers of the United States are at home and those of other countries seldom.
AMERICAN = frozenset(("com", "org", "net"))
PAPER = re.compile(
    r"(?:the|my)?(?P<place>[a-z]{4,}?)-?(?:daily|local|online|news|paper|times|post|herald|tribune|gazette|journal|chronicle|"
    r"courier|observer|sentinel|dispatch|enquirer|examiner|telegraph|bulletin|register|reporter|star|sun|ledger|advertiser|"
    r"press|review|beacon|record|independent|today|citizen|eagle|leader|republican|democrat|argus|banner|messenger)+$"
)
#: Labels below a country's domain that are no publisher's.
SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "or", "ne"))
CODES = {"uk": "GB", "su": "RU", "ac": "SH", "gov": "US", "mil": "US", "edu": "US", "eu": ""}


class Home(NamedTuple):
    """The places of a publisher's country and division (-1: unknown), and whom it writes for.

    `worldwide`: for the whole world. `nation`: for all of its country, as the table of publishers says.
    """

    country: int = -1
    division: int = -1
    worldwide: bool = False
    nation: bool = False


#: Labels that a host may have, as many as fit into the 253 characters of one.
MOST_LABELS = 127


def home_of(gazetteer: Gazetteer, source: str) -> Home:
    """Return the home of a publisher by its name or its host."""
    address = source.lower().strip()
    return _by_address(gazetteer, address) if address else Home()


def _by_address(gazetteer: Gazetteer, address: str) -> Home:
    """Return the home that the table has for a host or a part of it, then that of its domain, then of its town."""
    publishers = gazetteer.publishers
    *labels, last = address.removesuffix(".example").removeprefix("www.").replace(" ", "").split(".")[-MOST_LABELS:]
    hosts = [".".join((*labels[start:], last)) for start in range(len(labels))]
    if entry := next(filter(None, map(publishers.get, hosts or [last])), None):
        return _home(gazetteer, entry)
    code = CODES.get(last, last.upper() if len(last) == 2 and last not in GENERIC else "")
    if labels and code in gazetteer.countries:
        registered = [label for label in labels if label not in SECOND_LEVEL]
        entry = publishers.get(registered[-1]) if registered else None
        return _home(gazetteer, entry) if entry and entry[:2] == code else Home(gazetteer.countries[code])
    if entry := next(filter(None, map(publishers.get, reversed(labels))), None):
        return _home(gazetteer, entry)
    return _by_town(gazetteer, labels[-1]) if labels and last in AMERICAN else Home()


def _by_town(gazetteer: Gazetteer, label: str) -> Home:
    """Return the country of a paper that is named after its town: the United States where they have such a town.

    British, Irish, Canadian and Australian local papers use their country's domain.
    """
    match = PAPER.match(label)
    if match is None:
        return Home()
    name = match["place"].capitalize()
    senses = gazetteer.languages["en"].senses(name) or gazetteer.shared.senses(name)
    places = [
        sense >> 3 for sense in senses if sense & 7 == Kind.NAME and gazetteer.level[sense >> 3] in (ADMIN1, CITY)
    ]
    america = gazetteer.countries["US"]
    countries = {gazetteer.country[place] for place in places}
    if america in countries:
        divisions = {gazetteer.admin1[place] for place in places if gazetteer.country[place] == america}
        return Home(america, divisions.pop() if len(divisions) == 1 else -1)
    return Home(countries.pop()) if len(countries) == 1 else Home()


def _home(gazetteer: Gazetteer, entry: str) -> Home:
    code = entry.rstrip("*")
    division = gazetteer.divisions.get(code, -1)
    return Home(gazetteer.countries[code[:2]], division, entry.endswith("*"), division < 0)
