# ruff: noqa: RUF001 - letters of many alphabets
"""The region tagger: from a clean article to its regions, in the order find, filter, resolve, add up."""

import math
import re
from collections import defaultdict
from copy import copy
from functools import lru_cache, partial

from msgspec import Struct

from agents.tag.regions.compounds import add_compounds
from agents.tag.regions.dateline import mark_dateline, mark_heads
from agents.tag.regions.lexicon.cases import AT_HOME
from agents.tag.regions.lexicon.gazetteer import CITY, Gazetteer, Kind, read
from agents.tag.regions.mentions import Finder, Mention
from agents.tag.regions.not_places.crudes import COUNTRIES_OF_GRADES, drop_crudes
from agents.tag.regions.not_places.dishes import drop_dishes
from agents.tag.regions.not_places.firms import drop_firms
from agents.tag.regions.not_places.first_words import drop_first_words
from agents.tag.regions.not_places.german import drop_nouns, join_inhabitants
from agents.tag.regions.not_places.lone_names import drop_capitals, drop_lone_names, leave_out_months
from agents.tag.regions.not_places.namesakes import NamesakeFilter
from agents.tag.regions.not_places.phrases import drop_parts, drop_phrases
from agents.tag.regions.not_places.species import drop_species
from agents.tag.regions.not_places.spoken import drop_languages
from agents.tag.regions.not_places.storms import drop_storms
from agents.tag.regions.not_places.streets import drop_streets
from agents.tag.regions.not_places.surnames import drop_surnames
from agents.tag.regions.publisher import Home, home_of
from agents.tag.regions.resolve import Resolver
from agents.tag.regions.scene.abroad import mark_abroad, seats_of
from agents.tag.regions.scene.calamities import strikes_abroad
from agents.tag.regions.scene.claimed import add_claimed
from agents.tag.regions.scene.clocks import drop_clocks
from agents.tag.regions.scene.extradition import mark_extradition
from agents.tag.regions.scene.nationality import mark_nationalities
from agents.tag.regions.scene.origins import mark_origins
from agents.tag.regions.scene.treaties import drop_treaties
from agents.tag.regions.scene.venues import mark_venues
from agents.tag.regions.scene.waters import drop_waters
from agents.tag.regions.ties import add_states, attach_parents
from agents.tag.regions.weights import LEAD_CHARACTERS, lone_dateline, mark_adjectives, order_weights, weigh
from streams.ids import host_of
from streams.records import Clean, Evidence, Region, RegionLevel, RegionRole
from streams.standards.m49 import regions_around

#: An article is about a country with at least this share of the evidence.
ABOUT = 0.2
#: The European Union and its institutions, in the languages with their own letters for it.
EUROPEAN_UNION = re.compile(
    r"\b(?:EU|UE|ЕС|ЄС|AB|European (?:Union|Commission|Council|Parliament)|Union européenne|Unión Europea|Unione europea|"
    r"União Europeia|Europäische[nr]? (?:Union|Kommission)|Europese (?:Unie|Commissie)|Uni[ai] Europejsk\w+)\b"
    r"|欧盟|歐盟|欧州連合|유럽연합|유럽 연합|الاتحاد الأوروبي|यूरोपीय संघ"
)
#: Languages that have the names of another: Norwegian, whichever of its codes a detector or a page gives.
SAME_NAMES = {"no": "nb", "nn": "nb"}
NOWHERE: frozenset[int] = frozenset()
CUES = frozenset((Kind.CUE, Kind.WEAK_CUE))
#: Most regions of a record. Together with their spans they take about half a megabyte, so that a tagged article stays under
#: the size of a Kafka message however many places its text names.
MOST_REGIONS = 200
#: Most spans of a region.
MOST_SPANS = 50
LEVELS: tuple[RegionLevel, ...] = ("country", "admin1", "city")


class RegionTags(Struct, kw_only=True):
    """Regions of an article. `macro_regions`: UN M49 names of the regions of the countries it is about.

    `left_out`: how many regions of the lowest scores are not in `regions`.
    """

    regions: list[Region] = []
    primary_country: str | None = None
    macro_regions: list[str] = []
    left_out: int = 0


class Spans:
    """Spans of one place: the first `MOST_SPANS` are kept, all are counted."""

    __slots__ = ("count", "kept")

    def __init__(self) -> None:
        self.kept: list[Evidence] = []
        self.count = 0

    def add(self, span: Evidence) -> None:
        """Count a span, and keep it while there is room."""
        self.count += 1
        if self.count <= MOST_SPANS:
            self.kept.append(span)


class FoundPlaces:
    """Places of an article with their spans, collected from its mentions.

    `named`: the countries that a name or a demonym stands for, not just a cue. `datelines_only`: each division and city,
    and whether it stands in the dateline alone.
    """

    def __init__(self, gazetteer: Gazetteer, mentions: list[Mention]) -> None:
        self._country = gazetteer.country
        self.spans: dict[int, Spans] = defaultdict(Spans)
        self.named: set[int] = set()
        self.datelines_only: dict[int, bool] = {}
        for mention in mentions:
            if mention.dropped:
                continue
            place, country = mention.place, gazetteer.country[mention.place]
            span = Evidence(field=mention.where, start=mention.start, end=mention.end)
            self.spans[country].add(span)
            if mention.kind not in CUES:
                self.named.add(country)
            if place != country:
                self.spans[place].add(span)
                self.datelines_only[place] = mention.dateline and self.datelines_only.get(place, True)

    def share(self, place: int, of_country: float) -> float:
        """Return a division's or city's share of an article by that of its country and the country's spans."""
        return of_country * self.spans[place].count / self.spans[self._country[place]].count


def load() -> "RegionTagger":
    """Read the compiled gazetteer and return a tagger; raise `DamagedGazetteerError` where the checksum is wrong."""
    return RegionTagger(read())


class RegionTagger:
    """Tags clean articles with regions. Holds the gazetteer and nothing of any article."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.finder = Finder(gazetteer)
        self.namesakes = NamesakeFilter(gazetteer)
        self.resolver = Resolver(gazetteer)
        self.home_of = lru_cache(maxsize=4096)(partial(home_of, gazetteer))
        belgium = gazetteer.countries["BE"]
        self.brussels = next(place for place in gazetteer.capitals if gazetteer.country[place] == belgium)
        self.seats = seats_of(gazetteer)
        self.graded = frozenset(gazetteer.countries[code] for code in COUNTRIES_OF_GRADES)
        self.courts = frozenset(place for place in self.seats if gazetteer.name[place] == "The Hague")
        self.at_home = {
            language: frozenset(gazetteer.countries[code] for code in codes.split())
            for language, codes in AT_HOME.items()
        }
        self.record = lru_cache(maxsize=4096)(self._record)

    def tag(self, clean: Clean) -> RegionTags:
        """Return the regions of an article, with evidence offsets in code points into its title and text."""
        home = self.home(clean.source, clean.url)
        mentions = self.mentions(clean, home.country)
        self.resolver.resolve(mentions, -1 if home.worldwide else home.country, home.division, nation=home.nation)
        live = [mention for mention in mentions if not mention.dropped]
        language = language_of(clean)
        english = (clean.title, clean.text) if language == "en" else ("", "")
        at_home = self.at_home.get(language, NOWHERE)
        abroad = strikes_abroad(self.gazetteer, live, clean.text, language)
        weights = weigh(self.gazetteer, live, -1 if home.worldwide else home.country, english, at_home, abroad=abroad)
        live = [mention for mention in live if not mention.dropped]
        return self.assemble(live, weights, home, self.seat_of_union(clean, live))

    def home(self, source: str, url: str | None) -> Home:
        """Return the home of a publisher by its host or name, else by the host of the article."""
        home = self.home_of(source)
        if home.country < 0 and url:
            home = self.home_of(host_of(url))
        return home

    def mentions(self, clean: Clean, home: int) -> list[Mention]:
        """Return the mentions in title and text, those of people and plain words marked as dropped.

        `home`: the publisher's country, or -1.
        """
        language = language_of(clean)
        passage = self.finder.find(clean.title, clean.text, language)
        leave_out_months(passage)
        add_compounds(self.finder.namer, passage, self.finder.vocabularies.get(language), language)
        add_claimed(self.finder.namer, passage)
        if language == "en":
            add_states(self.finder.namer, passage)
        attach_parents(self.finder.namer, passage)
        mark_dateline(passage)
        mark_heads(passage)
        persons: set[str] = set()
        self.namesakes.apply(passage, persons)
        mark_adjectives(passage)
        mark_nationalities(passage, language)
        mark_origins(passage, language)
        mark_abroad(passage, language, self.seats)
        countries = {mention.name.first.country for mention in passage.mentions if not mention.dropped}
        if len(countries) > 1:
            mark_venues(passage, language, countries, self.seats, self.courts)
            mark_extradition(passage, language)
        if clean.title.isupper():
            drop_capitals(passage)
        drop_storms(passage, language)
        drop_lone_names(self.gazetteer, passage, language)
        drop_parts(passage)
        drop_surnames(passage, language)
        drop_streets(self.gazetteer, passage, language)
        drop_waters(self.gazetteer, passage, language)
        drop_clocks(passage, language)
        if len(countries) > 1:
            drop_treaties(self.gazetteer, passage, language)
        if not countries.isdisjoint(self.graded):
            drop_crudes(passage, language)
        if language == "en":
            drop_phrases(self.gazetteer, passage, home)
        else:
            drop_languages(passage, language)
            drop_firms(passage, language, home)
        if (
            language == "de"
        ):  # before the first words, which are nouns where the rest of the text has an article before them
            drop_nouns(self.gazetteer, passage)
        if passage.words.count:
            drop_first_words(self.gazetteer, passage, language, home)
        if language == "de":
            join_inhabitants(passage)
        drop_species(passage, language)
        drop_dishes(passage, language)
        mentions = passage.settle()
        verdicts: dict[str, bool] = {}
        for mention in mentions if persons else ():
            surface = mention.name.surface
            if surface in persons and mention.parent == -1 and not mention.dateline:
                if surface not in verdicts:
                    verdicts[surface] = self.namesakes.may_be_person(mention, mentions)
                mention.dropped |= verdicts[surface] or self.namesakes.speaks(mention, passage)
        return mentions

    def seat_of_union(self, clean: Clean, mentions: list[Mention]) -> int:
        """Return Belgium's place where an article names Brussels, nothing else of Belgium, and the European Union, else -1.

        Brussels then stands for the Union: Belgium is mentioned, and the article is not about it.
        """
        if not any(mention.place == self.brussels for mention in mentions):
            return -1
        country = self.gazetteer.country[self.brussels]
        places = {mention.place for mention in mentions if self.gazetteer.country[mention.place] == country}
        return country if len(places) == 1 and EUROPEAN_UNION.search(f"{clean.title}\n{clean.text}") else -1

    def assemble(self, mentions: list[Mention], weights: dict[int, float], home: Home, seat: int) -> RegionTags:
        """Build the regions: each country with all its evidence, divisions and cities with their own.

        `seat`: a country that an article is not about, whatever its share (`seat_of_union`).
        """
        found = FoundPlaces(self.gazetteer, mentions)
        total = sum(weights.values())
        order = ranked(order_weights(self.gazetteer, mentions, weights), home)
        primary = next((country for country in order if country != seat), -1)
        if home.country >= 0 and not home.worldwide and is_passing(mentions, weights):
            primary = -1
        apart = {seat, lone_dateline(self.gazetteer, mentions)}
        about = [c for c in order if c == primary or (c not in apart and weights[c] / total >= ABOUT)]
        regions = []
        for country in order:
            role: RegionRole = "about" if country in about else "mentioned"
            inferred = country not in found.named
            regions.append(self.region(country, role, weights[country] / total, found.spans[country], inferred))
        shares = {
            place: found.share(place, weights[self.gazetteer.country[place]] / total) for place in found.datelines_only
        }
        within = self.about_within(found, shares, set(about))
        for place, reported_from in found.datelines_only.items():
            role = "dateline" if reported_from else "about" if place in within else "mentioned"
            regions.append(self.region(place, role, shares[place], found.spans[place], inferred=False))
        code = self.gazetteer.code[primary] if primary >= 0 else None
        if home.country >= 0:
            regions.append(self.region(home.country, "publisher", 0.0, Spans(), inferred=True))
            if code is None and not home.worldwide:
                code = self.gazetteer.code[home.country]
        regions.sort(key=lambda region: (-region.score, region.level != "country"))
        left_out = max(0, len(regions) - MOST_REGIONS)
        return RegionTags(
            regions=regions[:MOST_REGIONS],
            primary_country=code,
            macro_regions=self.macro_regions(about),
            left_out=left_out,
        )

    def about_within(self, found: FoundPlaces, shares: dict[int, float], about: set[int]) -> set[int]:
        """Return the divisions and cities that an article is about, in the countries that it is about.

        Those that its title or lead names, that it names twice, or that have the share of a country; and the divisions
        around them. A farmer from the north of the country in a story of its harbour makes it no story of the north.
        """
        gazetteer = self.gazetteer
        within = {
            place
            for place, share in shares.items()
            if gazetteer.country[place] in about and (share >= ABOUT or is_stressed(found.spans[place]))
        }
        return within | (shares.keys() & {gazetteer.admin1[place] for place in within})

    def region(self, place: int, role: RegionRole, share: float, spans: "Spans", inferred: bool) -> Region:
        """Build the record of a place."""
        region = copy(self.record(place))
        region.role, region.score, region.inferred = role, round(min(1.0, share), 4), inferred
        region.evidence, region.evidence_left_out = spans.kept, spans.count - len(spans.kept)
        return region

    def _record(self, place: int) -> Region:
        """Build the part of a place's record that is the same in every article."""
        gazetteer = self.gazetteer
        latitude, longitude = gazetteer.latitude[place], gazetteer.longitude[place]
        known = not math.isnan(latitude)
        return Region(
            country=gazetteer.code[gazetteer.country[place]],
            code=gazetteer.code[place],
            level=LEVELS[min(gazetteer.level[place], CITY)],
            name=gazetteer.name[place],
            role="mentioned",
            score=0.0,
            latitude=round(latitude, 4) if known else None,
            longitude=round(longitude, 4) if known else None,
            geonames_id=gazetteer.geonames_id[place] or None,
        )

    def macro_regions(self, countries: list[int]) -> list[str]:
        """Return the UN M49 names of the regions that countries lie in, without doubles."""
        codes = [self.gazetteer.code[country] for country in countries]
        return list(dict.fromkeys(name for code in codes for name in regions_around(code)))


def language_of(clean: Clean) -> str:
    """Return the code of an article's language without its region; English where it is not known."""
    language = (clean.language or "en").split("-")[0].lower()
    return SAME_NAMES.get(language, language)


def is_stressed(spans: Spans) -> bool:
    """Return whether a place is named twice, or once in the title or the lead."""
    return spans.count > 1 or any(map(is_prominent, spans.kept))


def is_prominent(span: Evidence) -> bool:
    """Return whether a span lies in the title or the lead."""
    return span.field == "title" or span.start < LEAD_CHARACTERS


def is_passing(mentions: list[Mention], weights: dict[int, float]) -> bool:
    """Return whether one mention in passing is all that an article names: neither in its title, its lead nor its dateline.

    The article is then about its publisher's own country, which news at home does not name.
    """
    if sum(weights.values()) > 1.0:
        return False
    live = [mention for mention in mentions if not mention.dropped]
    return len(live) == 1 and live[0].where == "text" and live[0].start >= LEAD_CHARACTERS


def ranked(weights: dict[int, float], home: Home) -> list[int]:
    """Order countries by weight, the heaviest first; the publisher's own has half a vote more."""
    boosted = dict(weights)
    if home.country in boosted and not home.worldwide:
        boosted[home.country] += 0.5
    return sorted(boosted, key=boosted.__getitem__, reverse=True)
