"""How much of an article's evidence each country has, and which countries too little speaks for."""

import re
from collections import defaultdict

from agents.tag.regions.lexicon.gazetteer import CITY, COUNTRY, Gazetteer, Kind
from agents.tag.regions.mentions import Mention, Passage

#: Weight of a mention of each kind (`Kind`) for its country.
WEIGHT = (1.0, 0.8, 0.6, 0.15, 0.6, 0.5, 0.9)
TITLE_WEIGHT = 2.0
LEAD_CHARACTERS, LEAD_WEIGHT = 300, 1.5
DATELINE_WEIGHT = 3.0
#: The same for a seat of reporters where the story opens with another country and names the seat's no more. Everywhere
#: else a dateline stands for its country: of 360 stories of Reuters with one other country, 347 were about the dateline's.
SEAT_WEIGHT = 0.5
#: The country's name stands at most so many characters after the dateline.
SEAT_CHARACTERS = 200
#: Seats of organisations and of correspondents for a whole region.
SEATS = frozenset(
    (
        *("Geneva", "The Hague", "Nairobi", "Dakar", "Abidjan", "Johannesburg", "Cairo", "Beirut", "Amman"),
        *("Dubai", "Doha", "Istanbul", "Bangkok", "Kuala Lumpur", "Panama City", "Singapore", "Vienna"),
    )
)
#: Factors for the order of countries only, from which the primary one comes: an abbreviation as an adjective, and the weight
#: of a leader or institution. Neutral on all development sets, and right on the seed (November 2026).
ADJECTIVE_FACTOR, CUE_WEIGHT = 0.5, 0.8
#: The same for the nationality of a person, who is news where she is: neutral on the development sets (November 2026).
NATIONALITY_FACTOR = 0.3
#: A country for which only places smaller than this speak needs two of them (worth 6 points of F1 on local news); behind a
#: preposition of place a smaller city or any capital is enough, where no other country has one of its name.
SUPPORT_POPULATION, LED_POPULATION = 500_000, 200_000
#: So many names of small places are enough for a country, and where the publisher is at home in another one.
NAMES_ENOUGH, NAMES_ABROAD = 2, 3
#: A word in small letters behind a town in a title, and none of those that have them among capitals too.
AFTER_TOWN = re.compile(r" (?!(?:with|from|that|after|over|into|than|when|upon|amid)\b)[a-z]{4,}")
#: A city of so many that the title and the lead name needs no second one.
SCENE_POPULATION = 100_000
#: The same of a town that a title begins with.
HEAD_POPULATION = 20_000
#: People of a town that is the scene where nothing but the nationality of somebody there is named.
LEAST_SCENE = 10_000
#: Kinds that name their place, where cues only hint at it.
NAMING = (Kind.NAME, Kind.DEMONYM, Kind.UNSURE_NAME, Kind.UNSURE_DEMONYM)


def weigh(
    gazetteer: Gazetteer,
    mentions: list[Mention],
    home: int,
    english: tuple[str, str] = ("", ""),
    at_home: frozenset[int] = frozenset(),
    *,
    abroad: bool = False,
) -> dict[int, float]:
    """Return each country's weight, in the order of first mention, and drop the mentions of unsupported countries.

    `english`: title and text where they are English, whose titles may begin every word with a capital letter. `at_home`: the
    countries that the article's language is at home in. `abroad`: the story is of another country than its dateline's.
    """
    country_of = gazetteer.country
    weights: dict[int, float] = defaultdict(float)
    supported = {home, *at_home}
    dateline = lone_dateline(gazetteer, mentions)
    if dateline >= 0 and not abroad and not reports_from_seat(gazetteer, mentions):
        dateline = -1
    for mention in mentions:
        country = country_of[mention.place]
        weights[country] += SEAT_WEIGHT if country == dateline else weight_of(mention)
        if country not in supported and supports(gazetteer, mention):
            supported.add(country)
    if supported >= weights.keys():
        return dict(weights)
    kept = (supported & weights.keys()) | countries_of_names(gazetteer, mentions, home, english[0])
    if home < 0 and all(mention.nationality for mention in mentions if country_of[mention.place] in kept):
        kept |= {country_of[mention.place] for mention in mentions if is_town_led(gazetteer, mention)}
    if not kept and not english[1]:
        return dict(weights)
    if not kept:
        kept = {country_of[mention.place] for mention in mentions if is_credible(mention, mentions, *english)}
    for mention in mentions:
        mention.dropped = country_of[mention.place] not in kept
    return {country: weight for country, weight in weights.items() if country in kept}


def countries_of_names(gazetteer: Gazetteer, mentions: list[Mention], home: int, english_title: str) -> set[int]:
    """Return the countries for which several names of small places speak, or a place that is the scene."""
    country_of = gazetteer.country
    surfaces: dict[int, set[str]] = defaultdict(set)
    for mention in mentions:
        if not mention.doubtful:
            surfaces[country_of[mention.place]].add(mention.name.surface.casefold())
    # a publisher at home somewhere has suburbs that are called like towns abroad: Stockton and Swansea of New South Wales
    least = NAMES_ABROAD if home >= 0 else NAMES_ENOUGH
    found = {country for country, names in surfaces.items() if len(names) >= least}
    if home >= 0:  # it means its own namesake of a city abroad, which may be too small to be known
        return found
    if not english_title.isupper():
        found |= {country_of[mention.place] for mention in mentions if is_scene(gazetteer, mention, mentions)}
    if not english_title:
        found |= {country_of[mention.place] for mention in mentions if is_subject(mention, mentions)}
    return found


def is_subject(mention: Mention, mentions: list[Mention]) -> bool:
    """Return whether a club or an institution that belongs to one country stands in the title and in the lead.

    Of other languages than English, each of which lists its own: in English one of 563 articles got a false country by it.
    """
    if mention.kind != Kind.CUE or mention.where != "title":
        return False
    return any(
        other.where == "text" and other.start < LEAD_CHARACTERS and other.name.surface == mention.name.surface
        for other in mentions
    )


def mark_adjectives(passage: Passage) -> None:
    """Mark the abbreviations before a word in small letters: U.S. military, UK ministers."""
    text = passage.folded
    for mention in passage.mentions:
        if mention.name.surface.isupper():
            place = mention.end + (text[mention.end : mention.end + 1] == ".")
            mention.adjective = text[place : place + 1] == " " and text[place + 1 : place + 2].islower()


def order_weights(gazetteer: Gazetteer, mentions: list[Mention], weights: dict[int, float]) -> dict[int, float]:
    """Return the countries' weights for their order: adjectives count less, leaders and institutions more."""
    ordered = dict(weights)
    for mention in mentions:
        country = gazetteer.country[mention.place]
        if mention.dropped or country not in ordered:
            continue
        weight = weight_of(mention)
        if mention.nationality:
            ordered[country] -= (1 - NATIONALITY_FACTOR) * weight
        elif mention.adjective and mention.kind in NAMING:
            ordered[country] -= (1 - ADJECTIVE_FACTOR) * weight
        elif mention.kind == Kind.CUE and not mention.adjective:
            ordered[country] += weight * (CUE_WEIGHT / WEIGHT[Kind.CUE] - 1)
    return ordered


def lone_dateline(gazetteer: Gazetteer, mentions: list[Mention]) -> int:
    """Return the country that only a dateline speaks for while the story names another one, else -1."""
    datelined = {gazetteer.country[mention.place] for mention in mentions if mention.dateline}
    if len(datelined) != 1:
        return -1
    others = [mention for mention in mentions if not mention.dateline]
    country = datelined.pop()
    if any(gazetteer.country[mention.place] == country for mention in others):
        return -1
    return country if any(mention.kind in NAMING for mention in others) else -1


def reports_from_seat(gazetteer: Gazetteer, mentions: list[Mention]) -> bool:
    """Return whether a seat of reporters is the dateline, and the first name after it is a country's or that of its capital.

    Any capital is a seat where the story names one other country alone, and that in several ways: Belarus, and Minsk.
    """
    seat = next(mention for mention in mentions if mention.dateline)
    if gazetteer.name[seat.place] not in SEATS and not (
        is_capital(gazetteer, seat) and is_of_one_country(gazetteer, mentions)
    ):
        return False
    after = [mention for mention in mentions if mention.where == "text" and not mention.dateline]
    first = after[0] if after else None
    if first is None or first.start > seat.end + SEAT_CHARACTERS:
        return False
    return first.kind in NAMING and (gazetteer.level[first.place] == COUNTRY or first.place in gazetteer.capitals)


def is_capital(gazetteer: Gazetteer, mention: Mention) -> bool:
    """Return whether a mention names a capital, or the division that is called like it: Tokyo, Vienna."""
    country = gazetteer.country[mention.place]
    return mention.place in gazetteer.capitals or any(
        sense.place in gazetteer.capitals and sense.country == country for sense in mention.name.senses
    )


def is_of_one_country(gazetteer: Gazetteer, mentions: list[Mention]) -> bool:
    """Return whether all that a story names beside its dateline is one country, under two names or more."""
    others = [mention for mention in mentions if not mention.dateline]
    return len({gazetteer.country[mention.place] for mention in others}) == 1 and (
        len({mention.name.surface for mention in others if mention.kind in NAMING}) > 1
    )


def is_credible(mention: Mention, mentions: list[Mention], title: str, text: str) -> bool:
    """Return whether a name is a place's although nothing supports its country: not a lone word of a title, Secret Sauce.

    It is large, of several words, after a preposition of place, named twice, or before a word in small letters.
    """
    name = mention.name
    if mention.led or mention.first != mention.last:
        return True
    if mention.kind in (Kind.UNSURE_NAME, Kind.UNSURE_DEMONYM) or mention.doubtful:
        return False
    if name.population >= SCENE_POPULATION or sum(other.name.surface == name.surface for other in mentions) > 1:
        return True
    if mention.where == "text":
        return not text[mention.end + 1 : mention.end + 2].isupper()
    return AFTER_TOWN.match(title, mention.end) is not None


def is_scene(gazetteer: Gazetteer, mention: Mention, mentions: list[Mention]) -> bool:
    """Return whether a title names a city of some size, and the lead does after a preposition: its scene.

    Of names in capitals alone: what else a word means is not known in scripts without them.
    """
    name = mention.name
    if mention.where != "title" or mention.kind != Kind.NAME or not name.surface[:1].isupper():
        return False
    least = HEAD_POPULATION if mention.heads else SCENE_POPULATION
    if mention.doubtful or name.given or name.common or gazetteer.population[mention.place] < least:
        return False
    return any(
        (other.led or mention.heads)
        and other.where == "text"
        and other.start < LEAD_CHARACTERS
        and other.name.surface == name.surface
        for other in mentions
    )


def is_town_led(gazetteer: Gazetteer, mention: Mention) -> bool:
    """Return whether a mention is a town's, behind a preposition of place: a Turkish worker fell from a scaffold in Hanau."""
    if not mention.led or mention.kind != Kind.NAME or mention.doubtful or mention.name.given:
        return False
    place = mention.place
    return gazetteer.level[place] != COUNTRY and gazetteer.population[place] >= LEAST_SCENE


def is_plainly_led(mention: Mention) -> bool:
    """Return whether a mention is a city's, behind a preposition of place, whose name no other country has a place of."""
    name = mention.name
    if not mention.led or mention.doubtful or name.given or name.common or name.level != CITY:
        return False
    return all(sense.country == name.first.country for sense in name.senses)


def weight_of(mention: Mention) -> float:
    """Weigh a mention by its kind and position."""
    weight = WEIGHT[mention.kind]
    if mention.dateline:
        return weight * DATELINE_WEIGHT
    if mention.where == "title":
        return weight * TITLE_WEIGHT
    return weight * LEAD_WEIGHT if mention.start < LEAD_CHARACTERS else weight


def supports(gazetteer: Gazetteer, mention: Mention) -> bool:
    """Return whether a mention is enough for its country: a country's name or demonym, a large place, `City, State`."""
    if mention.parent >= 0 or mention.dateline:
        return True
    if mention.kind == Kind.DISTRICT:
        return " " in mention.name.surface
    if mention.where == "title" and mention.name.surface in gazetteer.lists["seats"]:
        return True
    if mention.kind not in NAMING:
        return False
    place = mention.place
    if gazetteer.level[place] == COUNTRY or gazetteer.population[place] >= SUPPORT_POPULATION:
        return True
    known = place in gazetteer.capitals or gazetteer.population[place] >= LED_POPULATION
    return known and is_plainly_led(mention)
