"""Drop mentions that are no places: parts of people's names, of newspapers and firms, and plain words."""

from agents.tag.regions.gazetteer import CITY, COUNTRY, Gazetteer, Kind
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.words import Words

TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Sir Dame Lord Lady Rev Fr Sr Jr Prof Sen Sens Rep Reps Gov Lt Col Gen Capt Maj Sgt Cpl Pvt Det "
    "Senator Representative Congressman Congresswoman Governor Mayor Judge Justice Officer Sergeant Captain Lieutenant "
    "Colonel General Major Detective Deputy Sheriff Chief Coach Professor Pastor Father Sister Brother Bishop Rabbi "
    "Imam Sheikh Shaikh King Queen Prince Princess Duke Duchess Pope Cardinal Commissioner Councilman Councilwoman "
    "Councillor Cllr Superintendent Principal Attorney Secretary Ambassador Chairman Chairwoman Director Hon Trooper "
    "Monsieur Madame Herr Frau Señor Señora Don Doña Signor Signora Senhor Senhora Pan Pani".split()
)
#: What follows a place's name in the name of a newspaper: no mention of the place.
PAPERS = frozenset(
    "Times Post Tribune Herald Gazette Journal Chronicle Courier Observer Sentinel Dispatch Enquirer Examiner Inquirer "
    "Telegraph Mirror Bulletin Register Reporter Globe Sun Star Ledger Advertiser Citizen Mercury Press-Telegram".split()
)
#: What follows a place's name in the name of a street, a firm or a thing: the place is not where it is.
TAILS = frozenset(
    "Street St Avenue Ave Road Rd Drive Dr Lane Ln Boulevard Blvd Court Ct Way Circle Place Pl Terrace Inc Corp Co LLC Ltd "
    "Foundation Award Prize Act Treaty Protocol Accord Effect Cup Marathon Sauce".split()
)
#: Words that stand before a place's name and are no part of a person's.
BEFORE_PLACE = frozenset("in at near from to of around outside across through for into inside via leaving between".split())
#: What follows a place's name and leaves it a place.
PLACE_WORDS = frozenset(
    "County City State University College Police School High Airport International National River Valley Beach Island "
    "Islands Parish Township District Street Avenue Hospital Medical Center Centre Park Hotel Council Court Fire Health "
    "Department Public Red Cardinals Cowboys Texans Spurs Hornets Panthers Monday Tuesday Wednesday Thursday Friday "
    "Saturday Sunday January February March April May June July August September October November December News Daily "
    "Republican Democrat Democrats Republicans Mayor Governor Sen Rep Gov President Prime Minister King Queen Stock "
    "Exchange Bank Museum Art Film Festival Opera Symphony Zoo Convention Chamber Economic Regional Municipal Community "
    "Area Metro Metropolitan Downtown North South East West Northern Southern Eastern Western Central Olympic Olympics "
    "Games United Town Village Harbor Harbour Bay Lake Mountain Mountains Hills Heights Gardens Square Hall House "
    "Bridge Tower Road Highway Station Port Terminal Supreme Superior Circuit Federal Army Navy Air Force Guard".split()
)
NOT_FILTERED = frozenset((Kind.DEMONYM, Kind.UNSURE_DEMONYM, Kind.CUE, Kind.WEAK_CUE))


class NamesakeFilter:
    """Marks mentions as dropped where a place's name stands for something else."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def apply(self, passage: Passage, persons: set[str]) -> None:
        """Mark the mentions to drop; add to `persons` the words that were parts of people's names."""
        placed = {
            index: mention for mention in passage.mentions for index in range(mention.first, mention.last + 1) if index >= 0
        }
        for mention in passage.mentions:
            if mention.first < 0 or mention.senses[0] & 7 in NOT_FILTERED or mention.parent >= 0:
                continue
            if self.is_person(mention, passage.words, placed):
                mention.dropped = True
                persons.add(mention.surface)
            elif self.is_thing(mention, passage.words) or self.is_word(mention, passage.words):
                mention.dropped = True

    def is_person(self, mention: Mention, words: Words, placed: dict[int, Mention]) -> bool:
        """Return whether the words around a mention make it part of a person's name."""
        country = self.gazetteer.level[mention.senses[0] >> 3] == COUNTRY
        if mention.first:
            before = words.words[mention.first - 1]
            gap = words.text[words.ends[mention.first - 1] : mention.start]
            if (gap == " " or (gap == ". " and before in TITLES)) and before in TITLES:
                return not country
            if gap == ". " and len(before) == 1 and before.isupper():
                return True
            if gap == " " and before in self.gazetteer.people:
                other = placed.get(mention.first - 1)
                if other is None or other.dropped or other.senses[0] & 7 in (Kind.CUE, Kind.WEAK_CUE):
                    return True
        if mention.first != mention.last or mention.surface not in self.gazetteer.people:
            return False
        if not words.adjacent(mention.last):
            return False
        after = words.words[mention.last + 1]
        if not after[0].isupper() or len(after) < 3 or after.isupper() or after in PLACE_WORDS:
            return False
        other = placed.get(mention.last + 1)
        return other is None or other.dropped or other.surface in self.gazetteer.common

    def is_thing(self, mention: Mention, words: Words) -> bool:
        """Return whether the word after makes the mention part of a paper's, a street's or a firm's name."""
        if self.gazetteer.level[mention.senses[0] >> 3] == COUNTRY or not words.adjacent(mention.last):
            return False
        return words.words[mention.last + 1] in PAPERS or words.words[mention.last + 1] in TAILS

    def is_word(self, mention: Mention, words: Words) -> bool:
        """Return whether a mention is a plain word or a surname, unless a large city's name follows a preposition."""
        if mention.first != mention.last or mention.surface not in self.gazetteer.common:
            return False
        if min(self.gazetteer.level[sense >> 3] for sense in mention.senses) != CITY:
            return False
        led = mention.first and words.words[mention.first - 1].lower() in BEFORE_PLACE
        return not (led and max(self.gazetteer.population[sense >> 3] for sense in mention.senses) >= LARGE)


#: A city this large is believed after a preposition although its name is a common word or surname.
LARGE = 100_000
