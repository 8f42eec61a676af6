"""Choose the place that each mention means, by what else the article names and by where its publisher is at home."""

import math
from collections import defaultdict

from agents.tag.regions.gazetteer import CITY, COUNTRY, Gazetteer, Kind
from agents.tag.regions.mentions import TIED, Mention

#: What a mention of each kind (`Kind`) says for its country, against one use of its name.
EVIDENCE = (1.0, 0.7, 0.7, 0.2, 0.5, 0.4, 0.7)
#: What evidence for a country says for its neighbours: Georgia beside Armenia and Azerbaijan.
NEIGHBOUR = 0.5
#: How much must speak for a division before a doubtful name is believed to lie in it.
NEAR = 0.9
#: What a sense that also means something else is held back by.
UNSURE: dict[int, float] = {Kind.UNSURE_NAME: 1.5, Kind.UNSURE_DEMONYM: 1.5}
#: How many votes between places of one name the publisher's home has.
HOME_VOTES = 2.0


class Resolver:
    """Resolves the mentions of one article after another."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.size = [math.log10(population + 10) for population in gazetteer.population]
        for index, level in enumerate(gazetteer.level):
            if level == CITY:
                break
            self.size[index] += 1.5 if level == COUNTRY else 1.0
        self.neighbours = {
            country: [
                gazetteer.countries[other]
                for other in gazetteer.neighbours.get(code, ())
                if other in gazetteer.countries
            ]
            for code, country in gazetteer.countries.items()
        }
        for index in gazetteer.capitals:
            self.size[index] += 0.7

    def resolve(self, mentions: list[Mention], home: int, home_division: int) -> None:
        """Set each mention's place, kind and how sure it is: one place for all mentions of a name in an article."""
        countries: dict[int, float] = defaultdict(float)
        divisions: dict[int, float] = defaultdict(float)
        if home >= 0:
            countries[home] += HOME_VOTES
        if home_division >= 0:
            divisions[home_division] += HOME_VOTES
        groups: dict[str, list[Mention]] = {}
        doubtful: list[Mention] = []
        for mention in mentions:
            if mention.dropped:
                continue
            if mention.doubtful:
                doubtful.append(mention)
            elif mention.parent == TIED:
                mention.kind = Kind.NAME
                self.vote(mention, 1.0, countries, divisions)
            elif len(mention.senses) == 1:
                mention.place, mention.kind, mention.sure = mention.senses[0] >> 3, mention.senses[0] & 7, 1.0
                self.vote(mention, 1.0, countries, divisions)
            else:
                groups.setdefault(mention.surface, []).append(mention)
        if groups:
            self.resolve_groups(list(groups.values()), countries, divisions)
        for mention in doubtful:
            self.choose(mention, countries, divisions)
            mention.dropped = divisions.get(self.gazetteer.admin1[mention.place], 0.0) < NEAR

    def resolve_groups(
        self, groups: list[list[Mention]], countries: dict[int, float], divisions: dict[int, float]
    ) -> None:
        """Resolve names with several senses, twice if there are others: then each sees what the others became."""
        for again in (False, True) if len(groups) > 1 else (False,):
            for group in groups:
                mention = next((mention for mention in group if mention.parent >= 0), group[0])
                if again:
                    self.vote(mention, -len(group), countries, divisions)
                self.choose(mention, countries, divisions)
                self.vote(mention, len(group), countries, divisions)
                for other in group:
                    other.place, other.kind, other.sure, other.parent = (
                        mention.place, mention.kind, mention.sure, mention.parent,
                    )  # fmt: skip

    def vote(self, mention: Mention, times: float, countries: dict[int, float], divisions: dict[int, float]) -> None:
        """Add what a mention says for its country and division."""
        weight = EVIDENCE[mention.kind] * mention.sure * times
        countries[self.gazetteer.country[mention.place]] += weight
        division = self.gazetteer.admin1[mention.place]
        if division >= 0:
            divisions[division] += weight

    def choose(self, mention: Mention, countries: dict[int, float], divisions: dict[int, float]) -> None:
        """Choose among a mention's senses by size and by what speaks for their countries and divisions."""
        gazetteer, size, parent = self.gazetteer, self.size, mention.parent
        total = max(1.0, sum(countries.values()))
        best, second, chosen = -99.0, -99.0, mention.senses[0]
        for sense in mention.senses:
            place = sense >> 3
            country, division = gazetteer.country[place], gazetteer.admin1[place]
            score = size[place] + 4.0 * countries.get(country, 0.0) / total - UNSURE.get(sense & 7, 0.0)
            if place == country:
                around = sum(countries.get(other, 0.0) for other in self.neighbours[country])
                score += 4.0 * NEIGHBOUR * around / total
            if division >= 0 and place != division:
                score += min(2.0, 1.2 * divisions.get(division, 0.0))
            if parent >= 0 and parent in (country, division) and place != parent:
                score += 10.0
            if score > best:
                best, second, chosen = score, best, sense
            elif score > second:
                second = score
        mention.place, mention.kind = chosen >> 3, chosen & 7
        if mention.kind == Kind.UNSURE_NAME and countries.get(gazetteer.country[mention.place], 0.0) > 0.0:
            mention.kind = Kind.NAME
        mention.sure = min(1.0, 0.4 + 0.4 * (best - second))
