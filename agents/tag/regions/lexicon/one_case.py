# ruff: noqa: RUF001 - Turkish letters
"""Capitals for a title or a text that is written in small letters, or in capitals, throughout.

Names are told from plain words by their capitals. Where there are none to go by, only the words get one that name a place
well enough by themselves: of a country, its people, a division, a city of some size, a town behind a preposition or before its
state; and the given names and surnames beside them, so that the rules for people see them.
"""

import re
from collections import defaultdict
from itertools import product
from typing import Final

from msgspec import Struct

from agents.tag.regions.lexicon.gazetteer import ADMIN1, CITY, COUNTRY, DEMONYMS, Kind
from agents.tag.regions.lexicon.names import NOT_FILTERED, Name, Vocabulary
from agents.tag.regions.lexicon.words import ABBREVIATIONS, WordSpans, case_of, classify, fold_variants
from streams.text.word_lists import by_language, word_lists

LISTS = word_lists("agents.tag.regions")
#: Fewest people of a city that is believed by its name alone.
LEAST_CITY = 100_000
#: Fewest people of one behind a preposition.
LEAST_LED = 15_000
#: Fewest people of one that is called like a plain word, a person or a family.
LEAST_NAMESAKE = 500_000
#: Letters of an article, which makes a town's name two plain words: la victoria.
LONGEST_ARTICLE: Final = 3
#: People of a city that is believed in English without a preposition or another name of its country.
LEAST_SURE = 1_000_000
#: Characters at the beginning of a text that tell of most that they are not in one case.
SAMPLE: Final = 300
#: Names of one country that are enough, where each by itself is doubtful.
ENOUGH = 2
#: Countries and capitals that are plain words of a language in small letters, by language.
HOMOGRAPHS = by_language(LISTS["homographs"])
NEVER, DOUBTFUL, SURE = range(3)
#: Words of a name at most that are tried with and without a capital each: Rio de Janeiro.
MOST_WORDS: Final = 5
#: Prepositions of place and words like them in languages with capitals, behind those of English in the gazetteer's lists.
LEADING = frozenset(LISTS["leading"])
#: Languages in which the small letter of I has no dot.
DOTLESS = frozenset(("tr", "az"))
TURKISH_SMALL, TURKISH_CAPITAL = str.maketrans("Iİ", "ıi"), str.maketrans("iı", "İI")
STATE_BEHIND = re.compile(r", ([a-z]{2,5}(?:\.[a-z])?)\b(?=[.,;:)\s]|$)")


def with_capitals(text: str, vocabulary: Vocabulary, language: str) -> str:
    """Return a text of one case with capitals where names of places and people are, as long as before; others as they are."""
    if len(text) > SAMPLE and case_of(classify(text[:SAMPLE])) == "mixed":
        return text
    case = case_of(classify(text))
    if case == "mixed":
        return text
    return Restorer(fold_variants(text), vocabulary, language, shouted=case == "capitals").restored()


class Piece(Struct):
    """A name with its capitals, where it begins, and the country that it speaks for, or -1.

    `doubtful`: it is one only beside another name of the country.
    """

    start: int
    written: str
    country: int = -1
    doubtful: bool = False

    @property
    def end(self) -> int:
        """Return where it ends."""
        return self.start + len(self.written)


class Restorer:
    """Sets the capitals of one text; `shouted`: it is in capitals, so that its abbreviations are kept as they are."""

    def __init__(self, text: str, vocabulary: Vocabulary, language: str, *, shouted: bool) -> None:
        self.vocabulary, self.gazetteer = vocabulary, vocabulary.namer.gazetteer
        self.dotless = language in DOTLESS
        self.english = language == "en"
        self.homographs = HOMOGRAPHS.get(language, frozenset())
        self.before_place = self.gazetteer.lists["before_place"] | LEADING
        self.words = WordSpans(text)
        self.kept = {word for word in ABBREVIATIONS if shouted or is_safe(word)}
        self.shouted = shouted
        self.text = self.lowered(text) if shouted else text
        self.pieces: list[Piece] = []
        self.sure: set[int] = set()

    def restored(self) -> str:
        """Return the text with its capitals."""
        words, index = self.words, 0
        while index < words.count:
            index += self.read(index)
        return self.written()

    def written(self) -> str:
        """Return the text with the names that were found, and of the doubtful those of whose country another one speaks."""
        text, done = self.text, 0
        pieces: list[str] = []
        names: dict[int, set[str]] = defaultdict(set)
        for piece in self.pieces:
            if piece.country >= 0:
                names[piece.country].add(piece.written)
        for piece in self.pieces:
            if piece.doubtful and len(names[piece.country]) < ENOUGH and piece.country not in self.sure:
                continue
            pieces += (text[done : piece.start], piece.written)
            done = piece.end
        return "".join((*pieces, text[done:]))

    def lowered(self, text: str) -> str:
        """Return a text in small letters, as long as before."""
        small = text.translate(TURKISH_SMALL) if self.dotless else text
        return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in small)

    def capital(self, word: str) -> str:
        """Return a word with a capital."""
        first = word[:1].translate(TURKISH_CAPITAL) if self.dotless else word[:1]
        return first.title() + word[1:]  # Georgian's letters have capitals, and no word begins with one

    def word(self, index: int) -> str:
        """Return a word in small letters."""
        return self.text[self.words.starts[index] : self.words.ends[index]]

    def read(self, index: int) -> int:
        """Note the name that begins with a word, if one does; return how many words it has, at least one."""
        small, start = self.word(index), self.words.starts[index]
        if small.upper() in self.kept:
            self.add(Piece(start, small.upper()), len(small))
            return 1
        if self.pieces and self.pieces[-1].end == start - 2 and (state := self.state_after(index - 1)):
            self.add(Piece(start, state), len(state))
            return 1 + state.count(".")
        large = self.capital(small)
        name, longer, _ = self.vocabulary.word(large)
        if longer and index + 1 < self.words.count:
            for second in (self.capital(self.word(index + 1)), self.word(index + 1)):
                for length in longer.get(second, ()):
                    if index + length <= self.words.count and self.read_phrase(index, length):
                        return length
        if name is not None and (belief := self.belief(name, index)) != NEVER:
            self.add(Piece(start, large, name.first.country, belief == DOUBTFUL), len(small))
        elif self.is_person(large, index):
            self.add(Piece(start, large), len(small))
        return 1

    def add(self, piece: Piece, length: int) -> None:
        """Keep a name that is as long as its small letters."""
        if len(piece.written) == length:
            self.pieces.append(piece)
            if piece.country >= 0 and not piece.doubtful:
                self.sure.add(piece.country)

    def read_phrase(self, index: int, length: int) -> bool:
        """Note the name that so many words are, if they are one; tell whether they are."""
        if length > MOST_WORDS:
            return False
        words, text, last = self.words, self.text, index + length - 1
        small = [self.word(each) for each in range(index, last + 1)]
        gaps = [text[words.ends[each] : words.starts[each + 1]] for each in range(index, last)]
        choices = [(self.capital(word), word)[: 2 if place else 1] for place, word in enumerate(small)]
        for written in product(*choices):
            surface = "".join(word + gap for word, gap in zip(written, [*gaps, ""], strict=True))
            name = self.vocabulary.phrase(surface)
            if name is not None:
                piece = Piece(words.starts[index], surface, -1 if name.nothing else name.first.country)
                piece.doubtful = not (self.is_known(name) or self.is_tied(last) or self.is_led(name, index))
                self.add(piece, len(surface))
                return True
        return False

    def is_known(self, name: Name) -> bool:
        """Return whether a name of several words needs nothing beside it: no town, and no division called like others."""
        if name.nothing or name.level == COUNTRY or name.first.kind in NOT_FILTERED:
            return True
        if name.level == CITY:
            article = name.surface.find(" ") <= LONGEST_ARTICLE
            return name.population >= (LEAST_NAMESAKE if article else LEAST_CITY)
        cities = any(self.gazetteer.level[sense.place] == CITY for sense in name.senses)
        return name.population >= LEAST_SURE and (name.alone or cities)

    def belief(self, name: Name, index: int) -> int:
        """Return how far a name of one word is believed where nothing shows that it is one."""
        kind = name.first.kind
        if name.nothing or kind == Kind.WEAK_CUE:
            return NEVER
        if kind in DEMONYMS or kind == Kind.CUE:
            return SURE
        if self.is_tied(index):
            return SURE
        if name.common:
            return NEVER
        if name.level == COUNTRY:
            plain = kind != Kind.NAME or name.surface in self.homographs
            return DOUBTFUL if plain and not (self.english and self.is_led(name, index)) else SURE
        if self.is_led(name, index):
            return SURE
        if name.level == ADMIN1:
            state = self.english and not name.given and self.gazetteer.code[name.first.place].startswith("US-")
            return SURE if state else DOUBTFUL
        namesake = name.given or name.surface in self.gazetteer.surnames
        if name.population < (LEAST_NAMESAKE if namesake else LEAST_CITY):
            return NEVER
        if name.surface in self.homographs or name.population < LEAST_SURE:
            return DOUBTFUL
        capital = name.first.place in self.gazetteer.capitals and name.surface == self.capital(self.word(index))
        return SURE if capital or (self.english and not namesake) else DOUBTFUL

    def is_led(self, name: Name, index: int) -> bool:
        """Return whether a preposition of place stands before a name of a country, a division or a town of some size."""
        led = index > 0 and self.word(index - 1) in self.before_place
        return led and (name.population >= LEAST_LED or name.level != CITY) and not name.common

    def is_tied(self, index: int) -> bool:
        """Return whether a state's abbreviation follows a word after a comma: athens, ga."""
        return bool(self.state_after(index))

    def state_after(self, index: int) -> str:
        """Return the abbreviation of a state that follows a word after a comma, with its capitals, or nothing."""
        match = STATE_BEHIND.match(self.text, self.words.ends[index])
        forms = (match[1].title(), match[1].upper()) if match else ()
        return next((form for form in forms if form in self.gazetteer.after_comma), "")

    def is_person(self, large: str, index: int) -> bool:
        """Return whether a word is a given name beside a surname, or the surname behind it."""
        people, surnames, common = self.gazetteer.people, self.gazetteer.surnames, self.gazetteer.common
        if large in surnames and index > 0 and self.capital(self.word(index - 1)) in people:
            return True
        if large not in people or large in common or index + 1 >= self.words.count:
            return False
        return self.capital(self.word(index + 1)) in surnames


def is_safe(abbreviation: str) -> bool:
    """Return whether an abbreviation is no word in small letters: uk and usa, not us."""
    return len(abbreviation) > 2 or abbreviation == "UK"
