"""Choose the place of each mention by the article's other places and the publisher's home."""

from collections import defaultdict

from agents.tag.regions.gazetteer import Gazetteer, Kind
from agents.tag.regions.mentions import Mention
from agents.tag.regions.ties import TIED, inside

#: Vote of a mention of each kind (`Kind`) for its country; a use of its name is 1.
EVIDENCE = (1.0, 0.7, 0.7, 0.2, 0.5, 0.4, 0.7)
#: Share of a country's votes that its neighbours get: Georgia beside Armenia and Azerbaijan.
NEIGHBOUR = 0.5
#: How much must speak for a division before a doubtful name is believed to lie in it.
NEAR = 0.9
#: How many votes between places of one name the publisher's home has.
HOME_VOTES = 2.0


class Resolver:
    """Resolves the mentions of one article after another."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.neighbours = {
            country: [
                gazetteer.countries[other]
                for other in gazetteer.neighbours.get(code, ())
                if other in gazetteer.countries
            ]
            for code, country in gazetteer.countries.items()
        }

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
            elif mention.name.alone:
                mention.place, mention.kind, mention.sure = mention.name.first.place, mention.name.first.kind, 1.0
                self.vote(mention, 1.0, countries, divisions)
            else:
                groups.setdefault(mention.name.surface, []).append(mention)
        if groups:
            self.resolve_groups(list(groups.values()), countries, divisions)
        for mention in doubtful:
            self.choose(mention, countries, divisions)
            mention.dropped = divisions.get(self.gazetteer.admin1[mention.place], 0.0) < NEAR

    def resolve_groups(
        self, groups: list[list[Mention]], countries: dict[int, float], divisions: dict[int, float]
    ) -> None:
        """Resolve names with several senses; a second round sees the places that the first one chose."""
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
        """Add a mention's vote for its country and division."""
        weight = EVIDENCE[mention.kind] * mention.sure * times
        countries[self.gazetteer.country[mention.place]] += weight
        division = self.gazetteer.admin1[mention.place]
        if division >= 0:
            divisions[division] += weight

    def choose(self, mention: Mention, countries: dict[int, float], divisions: dict[int, float]) -> None:
        """Choose among a mention's senses by prominence and by the votes for their countries and divisions."""
        parent, name = mention.parent, mention.name
        unit = 4.0 / max(1.0, sum(countries.values()))
        best, second, chosen = -99.0, -99.0, name.first
        for sense in name.senses:
            place, _, country, division, score = sense
            score += unit * countries.get(country, 0.0)
            if place == country:
                around = sum([countries.get(other, 0.0) for other in self.neighbours[country]])
                score += unit * NEIGHBOUR * around
            if division >= 0 and division in divisions:
                score += min(2.0, 1.2 * divisions[division])
            if parent >= 0 and inside(sense, parent):
                score += 10.0
            if score > best:
                best, second, chosen = score, best, sense
            elif score > second:
                second = score
        mention.place, mention.kind = chosen.place, chosen.kind
        if chosen.kind == Kind.UNSURE_NAME and countries.get(chosen.country, 0.0) > 0.0:
            mention.kind = Kind.NAME
        mention.sure = min(1.0, 0.4 + 0.4 * (best - second))
