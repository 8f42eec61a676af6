"""Names that `region:` and `topic:` understand: countries, UN M49 regions, groups of countries and IPTC Media Topics.

The tables are those of streams/standards/m49.py, country_groups.py and streams/standards/mediatopics.py.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache, lru_cache

from agents.watch.language.country_groups import CountryGroup, country_groups
from agents.watch.language.words import fold, normal
from streams.standards import m49, mediatopics
from streams.standards.language_names import language_names
from streams.standards.m49 import DIVISION
from streams.text.word_lists import word_lists

TOPIC_ID = re.compile(r"(?:medtop:)?(\d{8})", re.IGNORECASE)


#: Countries that share their name with a division of another.
NAMESAKES = {"GE": ("Georgia", "US-GA")}

#: Topics that readers call otherwise than IPTC does, and its names for them.
CALLED_OTHERWISE = word_lists(__package__, "other_topics.toml")

#: How alike two names must be for one to be suggested for the other where it may also be a place's (`Venezula`).
SURELY_MEANT = 0.75
#: How much less alike than the nearest a name is that is not suggested beside it (`labor`: labour, not abortion).
MUCH_LESS_ALIKE = 0.12
#: From this likeness on a word of a longer name is meant, as by its plural.
ONE_WORD_ALIKE = 0.85
#: A word that is in more names than this says nothing.
MAX_MEANT = 3
#: As much as a whole name counts a part of one.
PART = 0.9
LOOK_UP = "look its name or code up"


class UnknownName(ValueError):
    """A region or topic that does not exist; `hint` names the nearest that do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def key(name: str) -> str:
    """Return a name as names are compared: lower case, single spaces."""
    return " ".join(fold(normal(name)).split())


@cache
def regions() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return {name or code: code or M49 region's name} and {country: the M49 regions it lies in}."""
    names = {
        key(name): area.code if area.is_country else area.names[0]
        for area in m49.areas().values()
        for name in (area.code, *area.names)
    }
    return names, {area.code: m49.regions_around(area.code) for area in m49.areas().values() if area.is_country}


@cache
def nearest_areas() -> dict[str, tuple[str, ...]]:
    """Return the areas that may be meant by names that are none of theirs: vague ones, and those in other languages."""
    others = word_lists(__package__, "area_names.toml").items()
    translated = {key(name): (area,) for area, names in others for name in names}
    return translated | word_lists(__package__, "areas.toml")


@cache
def _groups() -> dict[str, CountryGroup]:
    """Return the groups of countries by each of their names."""
    return {key(name): group for group in country_groups() for name in (group.name, *group.others)}


def country_group(name: str) -> CountryGroup | None:
    """Return the group of countries of a name; None for any other name, a country's and an M49 region's before all."""
    return None if key(name) in regions()[0] else _groups().get(key(name))


@lru_cache(maxsize=512)
def groups_of(country: str) -> tuple[str, ...]:
    """Return the names of the groups that a country belongs to."""
    return tuple(group.name for group in country_groups() if country in group.countries)


def region(name: str) -> str:
    """Return the canonical form of a region: `VE`, `US-TX`, `South America`, or a place's name in lower case.

    A name that is no country and no M49 region is kept: it is compared with the names of the divisions and cities that
    an article is about. Raise `UnknownName` for a code of no country. Who takes groups asks `country_group` before.
    """
    names, groups = regions()
    found = names.get(key(name))
    if found:
        return found
    upper = name.strip().upper()
    if DIVISION.fullmatch(upper):
        if upper[:2] not in groups:
            raise UnknownName(f"`{name}`: there is no country {upper[:2]}", "a division is written as US-TX or FR-IDF")
        return upper
    if re.fullmatch(r"[A-Z]{2}|\d+", name.strip()):
        raise UnknownName(f"`{name}` is the code of no country or UN M49 region", nearest(name, names | _groups()))
    return key(name)


def suggested_regions(value: str) -> tuple[str, ...]:
    """Return the countries, M49 regions and groups that may be meant by a name that is none of theirs."""
    name = key(value)
    if name in nearest_areas():
        return nearest_areas()[name]
    names = [known for known in (*regions()[0], *_groups()) if len(known) > len("usa") and not known.isdigit()]
    return tuple(get_close_matches(name, names, n=2, cutoff=SURELY_MEANT))


def macro_regions(country: str) -> tuple[str, ...]:
    """Return the names of the UN M49 regions that a country lies in, the nearest first."""
    return regions()[1].get(country, ())


def is_known_region(value: str) -> bool:
    """Say whether a canonical region is a country, a division's code, an M49 region or a group, not merely a place's name."""
    known = value in regions()[1] or key(value) in regions()[0]
    return known or DIVISION.fullmatch(value) is not None or country_group(value) is not None


@cache
def named_languages() -> dict[str, str]:
    """Return the codes of languages (ISO 639-1) by their English and their own names."""
    return {key(name): code for code, names in language_names().items() for name in names}


@cache
def topics() -> tuple[dict[str, str], dict[str, str | None]]:
    """Return {name: id} and {id: broader id} of the IPTC Media Topics.

    The parts of a top-level name are names too, before those of narrower topics: `economy` is all of "economy, business
    and finance".
    """
    concepts = mediatopics.concepts().values()
    names = {key(concept.label): concept.code for concept in concepts}
    for concept in concepts:
        if concept.parent is None:
            for part in concept.label.split(","):
                names[key(part)] = concept.code
    return names, {concept.code: concept.parent for concept in concepts}


def topic(name: str) -> str:
    """Return a topic's id, `medtop:…`, from its id or English name; raise `UnknownName`."""
    names, broader = topics()
    number = TOPIC_ID.fullmatch(name.strip())
    code = f"medtop:{number[1]}" if number else names.get(key(name))
    if code is None or code not in broader:
        meant = CALLED_OTHERWISE.get(key(name))
        hint = did_you_mean(meant) if meant else nearest(name, names)
        raise UnknownName(f"`{name}` is no IPTC Media Topic; their names are English", hint)
    return code


def trend(name: str) -> str:
    """Return the canonical name of a trend: a country, a top-level topic, both with a comma between, or else a term.

    Raise `UnknownName` for two parts of which one is no country, or the other no top-level topic.
    """
    first, comma, second = (part.strip() for part in name.partition(","))
    country, code = country_of(first), topics()[0].get(key(second if comma else first))
    number = TOPIC_ID.fullmatch(second if comma else first)
    code = f"medtop:{number[1]}" if number else code
    if code is not None and topics()[1].get(code, code) is not None:
        raise UnknownName(f"`{name}`: trends are of the 17 top-level topics", f"as in trend:{top_level(code)}")
    if not comma:
        return country or code or key(first)
    if country is None or code is None:
        raise UnknownName(f"`{name}` is no country and topic", "as in trend:VE,medtop:11000000 or trend:Chile,labour")
    return f"{country},{code}"


def country_of(name: str) -> str | None:
    """Return the code of a country by its name or code; None for anything else."""
    found = regions()[0].get(key(name))
    return found if found in regions()[1] else None


def top_level(code: str) -> str:
    """Return the topic above all others of a topic; an example where there is none."""
    return topic_and_broader(code)[-1] if code in topics()[1] else "medtop:11000000"


@lru_cache(maxsize=4096)
def topic_and_broader(identifier: str) -> tuple[str, ...]:
    """Return a topic's id and those of the topics above it."""
    found = [identifier]
    broader = topics()[1]
    while above := broader.get(found[-1]):
        found.append(above)
    return tuple(found)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint with the names nearest to one that is not known."""
    if areas := nearest_areas().get(key(name)):
        return did_you_mean(areas)
    known, wanted = [known for known in names if not known.isdigit()], key(name)
    alike = {close: likeness(wanted, close) for close in get_close_matches(wanted, known, n=3, cutoff=0.6)}
    for close, word in having(wanted, known):
        alike[close] = max(alike.get(close, 0.0), PART * likeness(wanted, word))
    best = max(alike.values(), default=0.0)
    chosen = sorted((close for close in alike if alike[close] > best - MUCH_LESS_ALIKE), key=lambda each: -alike[each])
    return did_you_mean(chosen[:MAX_MEANT]) or LOOK_UP


def having(wanted: str, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield names of several words with one like the wanted word, and that one: strikes, labour strike."""
    by_word: dict[str, list[str]] = {}
    for name in known:
        words = name.split()
        for word in words if len(words) > 1 else ():
            by_word.setdefault(word, []).append(name)
    for word in get_close_matches(wanted, by_word, n=3, cutoff=ONE_WORD_ALIKE):
        if len(by_word[word]) <= MAX_MEANT:
            yield from ((name, word) for name in by_word[word])


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1."""
    return SequenceMatcher(None, other, one).ratio()


def did_you_mean(names: Sequence[str]) -> str:
    """Return the question whether one of these names is meant; an empty string where there is none."""
    return "did you mean " + " or ".join(f'"{name}"' for name in names) + "?" if names else ""
