"""Choose the place of each mention by the article's other places and the publisher's home."""

import re
from collections import defaultdict
from typing import NamedTuple

from agents.tag.regions.lexicon.gazetteer import CITY, COUNTRY, Gazetteer, Kind
from agents.tag.regions.lexicon.names import Name, Sense
from agents.tag.regions.mentions import Mention
from agents.tag.regions.ties import TIED, inside

#: Vote of a mention of each kind (`Kind`) for its country; a use of its name is 1.
EVIDENCE = (1.0, 0.7, 0.7, 0.2, 0.5, 0.4, 0.7)
#: Share of a country's votes that its neighbours get: Georgia beside Armenia and Azerbaijan.
NEIGHBOUR = 0.5
#: How much must speak for a division before a doubtful name is believed to lie in it.
NEAR = 0.9
#: Votes of the publisher's home between places of one name.
HOME_VOTES = 2.0
#: Votes of the home of one that writes for its whole nation, where the place elsewhere is famous: its Paris is not in Texas.
NATION_VOTES = 0.6
#: A place is famous that is a capital, or has so many times the people.
FAMOUS = 30
#: Share of its country's votes that a town has whose name is a country's, or that of the capital of a large country (so prominent
#: at least), where nothing near it is named: news of the Foreign Office has ambassadors in Washington, not in Tyne and Wear.
OBSCURE_SHARE, WORLD_CAPITAL = 0.5, 7.6
#: What follows the short form of a name in its long one: Santiago de Compostela, Stratford-upon-Avon, Frankfurt an der Oder.
LONG_FORM = re.compile(
    r"[ -](?:de|del|da|do|dos|di|upon|on|under|am|an|im|in der|sur|en|lès|sous|le|la|nad|na|pod|aan)[ -]"
)
#: People of a city that its district is hardly more than.
LEAST_BOROUGH = 100_000
#: What an article's other places weigh for a place in its dateline: agencies name the state or country of all but the
#: largest towns there, so that London is London however much of the story is about America.
DATELINE_SHARE = 0.25


class Votes(NamedTuple):
    """Votes of an article's places and its publisher's home: for countries, and for divisions.

    `nation`: the home of a publisher that writes for its whole country, or -1; `home`: that of any.
    """

    countries: dict[int, float]
    divisions: dict[int, float]
    nation: int
    home: int


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

    def resolve(self, mentions: list[Mention], home: int, home_division: int, *, nation: bool = False) -> None:
        """Set each mention's place, kind and how sure it is: one place for all mentions of a name in an article.

        `nation`: the publisher writes for the whole of its country.
        """
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
        votes = Votes(countries, divisions, home if nation else -1, home)
        if groups:
            groups = self.with_long_forms(groups, mentions)
            self.resolve_groups(list(groups.values()), votes)
        for mention in doubtful:
            self.choose(mention, votes)
            mention.dropped = divisions.get(self.gazetteer.admin1[mention.place], 0.0) < NEAR

    def with_long_forms(self, groups: dict[str, list[Mention]], mentions: list[Mention]) -> dict[str, list[Mention]]:
        """Give the short form of a city's name the senses of the long one in the same article, and join their groups."""
        joined: dict[str, list[Mention]] = {}
        long_forms = {
            mention.name.surface: mention.name
            for mention in mentions
            if not mention.dropped and LONG_FORM.search(mention.name.surface)
        }
        for surface, group in groups.items():
            name = next((name for long, name in long_forms.items() if is_long_form(long, surface)), None)
            if name is not None and group[0].name.level != COUNTRY:
                for mention in group:
                    mention.name = name
            joined.setdefault(group[0].name.surface, []).extend(group)
        return joined

    def resolve_groups(self, groups: list[list[Mention]], votes: Votes) -> None:
        """Resolve names with several senses; a second round sees the places that the first one chose."""
        for again in (False, True) if len(groups) > 1 else (False,):
            for group in groups:
                mention = next((mention for mention in group if mention.parent >= 0), group[0])
                if again:
                    self.vote(mention, -len(group), votes.countries, votes.divisions)
                self.choose(mention, votes)
                self.vote(mention, len(group), votes.countries, votes.divisions)
                for other in group:
                    other.place, other.kind, other.sure, other.parent = (
                        mention.place, mention.kind, mention.sure, mention.parent,
                    )  # fmt: skip

    def is_famous_elsewhere(self, name: Name, home: int) -> bool:
        """Return whether a city of a name is far better known than the one in a country that has it too."""
        gazetteer = self.gazetteer
        own = [gazetteer.population[sense.place] for sense in name.senses if sense.country == home]
        others = [
            sense.place for sense in name.senses if sense.country != home and gazetteer.level[sense.place] == CITY
        ]
        return bool(own) and any(
            place in gazetteer.capitals or gazetteer.population[place] >= FAMOUS * max(own) for place in others
        )

    def is_obscure(self, name: Name, sense: Sense) -> bool:
        """Return whether a city has the name of a country, or of the capital of a large one, elsewhere."""
        gazetteer = self.gazetteer
        if gazetteer.level[sense.place] != CITY or sense.place in gazetteer.capitals:
            return False
        return any(
            other.country != sense.country
            and (
                (other.place in gazetteer.capitals and other.prominence >= WORLD_CAPITAL)
                or (other.place == other.country and gazetteer.name[other.place] == name.surface)
            )
            for other in name.senses
        )

    def is_near(self, division: int, votes: Votes) -> bool:
        """Return whether something speaks for a division that is less than half of its country: Texas, not England."""
        population = self.gazetteer.population
        return (
            votes.divisions.get(division, 0.0) > 0.0
            and population[division] * 2 < population[self.gazetteer.country[division]]
        )

    def vote(self, mention: Mention, times: float, countries: dict[int, float], divisions: dict[int, float]) -> None:
        """Add a mention's vote for its country and division."""
        weight = EVIDENCE[mention.kind] * mention.sure * times
        countries[self.gazetteer.country[mention.place]] += weight
        division = self.gazetteer.admin1[mention.place]
        if division >= 0:
            divisions[division] += weight

    def city_of(self, district: Sense, name: Name) -> Sense:
        """Return the large city that a district is hardly more than, else the district: Birmingham, Leeds, Bolton."""
        gazetteer = self.gazetteer
        return next(
            (
                sense
                for sense in name.senses
                if sense.kind == Kind.NAME
                and sense.division == district.place
                and gazetteer.level[sense.place] == CITY
                and gazetteer.population[sense.place] >= LEAST_BOROUGH
            ),
            district,
        )

    def choose(self, mention: Mention, votes: Votes) -> None:
        """Choose among a mention's senses by prominence and by the votes for their countries and divisions."""
        countries, divisions, nation, home = votes
        parent, name = mention.parent, mention.name
        unit = 4.0 / max(1.0, sum(countries.values()))
        if mention.dateline and parent < 0 and self.gazetteer.level[name.first.place] == CITY:
            unit *= DATELINE_SHARE
        less = unit * (HOME_VOTES - NATION_VOTES) if nation >= 0 and self.is_famous_elsewhere(name, nation) else 0.0
        best, second, chosen = -99.0, -99.0, name.first
        for sense in name.senses:
            place, _, country, division, score = sense
            score += unit * countries.get(country, 0.0)
            if country == nation:
                score -= less
            elif country != home and self.is_obscure(name, sense) and not self.is_near(division, votes):
                score -= unit * (1 - OBSCURE_SHARE) * countries.get(country, 0.0)
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
        if chosen.kind == Kind.DISTRICT:
            chosen = self.city_of(chosen, name)
        mention.place, mention.kind = chosen.place, chosen.kind
        if chosen.kind == Kind.UNSURE_NAME and countries.get(chosen.country, 0.0) > 0.0:
            mention.kind = Kind.NAME
        mention.sure = min(1.0, 0.4 + 0.4 * (best - second))


def is_long_form(long: str, short: str) -> bool:
    """Return whether a name begins with another, and a preposition follows: Santiago de Compostela."""
    return long.startswith(short) and LONG_FORM.match(long, len(short)) is not None
