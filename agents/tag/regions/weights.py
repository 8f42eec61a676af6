"""How much of an article's evidence each country has, and which countries too little speaks for."""

from collections import defaultdict

from agents.tag.regions.gazetteer import COUNTRY, Gazetteer, Kind
from agents.tag.regions.mentions import Mention

#: Weight of a mention of each kind (`Kind`) for its country.
WEIGHT = (1.0, 0.8, 0.6, 0.15, 0.6, 0.5, 0.9)
TITLE_WEIGHT = 2.0
LEAD_CHARACTERS, LEAD_WEIGHT = 300, 1.5
DATELINE_WEIGHT = 3.0
#: A country for which only places smaller than this speak needs two of them (worth 6 points of F1 on local news).
SUPPORT_POPULATION = 500_000
#: Kinds that name their place, where cues only hint at it.
NAMING = (Kind.NAME, Kind.DEMONYM, Kind.UNSURE_NAME, Kind.UNSURE_DEMONYM)


def weigh(gazetteer: Gazetteer, mentions: list[Mention], home: int) -> dict[int, float]:
    """Return each country's weight, in the order of first mention, and drop the mentions of unsupported countries."""
    country_of = gazetteer.country
    weights: dict[int, float] = defaultdict(float)
    supported = {home}
    for mention in mentions:
        country = country_of[mention.place]
        weights[country] += weight_of(mention)
        if country not in supported and supports(gazetteer, mention):
            supported.add(country)
    if supported >= weights.keys():
        return dict(weights)
    surfaces: dict[int, set[str]] = defaultdict(set)
    for mention in mentions:
        if not mention.doubtful:
            surfaces[country_of[mention.place]].add(mention.name.surface)
    kept = {country for country in weights if country in supported or len(surfaces[country]) > 1}
    if not kept:
        return dict(weights)
    for mention in mentions:
        mention.dropped = country_of[mention.place] not in kept
    return {country: weight for country, weight in weights.items() if country in kept}


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
    if mention.kind not in NAMING:
        return False
    place = mention.place
    return gazetteer.level[place] == COUNTRY or gazetteer.population[place] >= SUPPORT_POPULATION
