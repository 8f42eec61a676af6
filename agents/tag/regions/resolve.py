"""Choose the place that each mention means, by what else the article names and by where its publisher is at home."""

import math
from collections import defaultdict
from collections.abc import Iterable

from agents.tag.regions.gazetteer import CITY, COUNTRY, Gazetteer, Kind
from agents.tag.regions.mentions import TIED, Mention

#: What a mention of each kind (`Kind`) says for its country, against one use of its name.
EVIDENCE = (1.0, 0.7, 0.7, 0.2, 0.5, 0.4, 0.7)
#: How many votes between places of one name the publisher's home has (research note: up to three are safe).
HOME_VOTES = 2.0


class Resolver:
    """Resolves the mentions of one article after another."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.size = [math.log10(population + 10) for population in gazetteer.population]
        for index, level in enumerate(gazetteer.level):
            if level == CITY:
                break
            self.size[index] += 1.5 if level == COUNTRY else 0.3
        for index in gazetteer.capitals:
            self.size[index] += 0.7

    def resolve(self, mentions: list[Mention], home: int, home_division: int) -> None:
        """Set each mention's place, kind and how sure it is, in three rounds over the article's evidence."""
        live = [mention for mention in mentions if not mention.dropped]
        clear = [mention for mention in live if len(mention.senses) == 1 or mention.parent == TIED]
        unclear = [mention for mention in live if len(mention.senses) > 1 and mention.parent != TIED]
        for mention in clear:
            if mention.parent != TIED:
                mention.place, mention.kind, mention.sure = mention.senses[0] >> 3, mention.senses[0] & 7, 1.0
        if not unclear:
            return
        for mention in unclear:
            self.choose(mention, {}, {}, 1.0)
        countries: dict[int, float] = defaultdict(float)
        divisions: dict[int, float] = defaultdict(float)
        if home >= 0:
            countries[home] += HOME_VOTES
        if home_division >= 0:
            divisions[home_division] += HOME_VOTES
        self.collect(clear, countries, divisions)
        for _ in range(2):
            all_countries, all_divisions = countries.copy(), divisions.copy()
            self.collect(unclear, all_countries, all_divisions)
            total = sum(all_countries.values()) or 1.0
            for mention in unclear:
                self.choose(mention, all_countries, all_divisions, total)

    def collect(self, mentions: Iterable[Mention], countries: dict[int, float], divisions: dict[int, float]) -> None:
        """Add up the evidence for countries and divisions."""
        gazetteer = self.gazetteer
        for mention in mentions:
            weight = EVIDENCE[mention.kind] * mention.sure
            countries[gazetteer.country[mention.place]] += weight
            division = gazetteer.admin1[mention.place]
            if division >= 0:
                divisions[division] += weight

    def choose(self, mention: Mention, countries: dict[int, float], divisions: dict[int, float], total: float) -> None:
        """Choose among a mention's senses."""
        gazetteer, size, parent = self.gazetteer, self.size, mention.parent
        held = mention.place
        held_country = gazetteer.country[held] if held >= 0 else -1
        held_division = gazetteer.admin1[held] if held >= 0 else -1
        vote = EVIDENCE[mention.kind] * mention.sure
        best, second = -99.0, -99.0
        for sense in mention.senses:
            place = sense >> 3
            country, division = gazetteer.country[place], gazetteer.admin1[place]
            # a mention's own vote of the round before must not keep it where it is
            evidence = countries.get(country, 0.0) - (vote if country == held_country else 0.0)
            score = size[place] + 4.0 * max(0.0, evidence) / total
            if division >= 0:
                evidence = divisions.get(division, 0.0) - (vote if division == held_division else 0.0)
                score += min(2.0, 1.2 * max(0.0, evidence))
            if parent >= 0 and parent in (country, division) and place != parent:
                score += 10.0
            if score > best:
                best, second = score, best
                chosen = sense
            elif score > second:
                second = score
        mention.place, mention.kind = chosen >> 3, chosen & 7
        mention.sure = min(1.0, 0.4 + 0.4 * (best - second))

