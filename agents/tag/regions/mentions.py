"""Find the gazetteer's names in a title and a text of any language."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct

from agents.tag.regions.lexicon.compass import KOREAN_POINTS, LONG_KOREAN
from agents.tag.regions.lexicon.gazetteer import CITY, COUNTRY, DEMONYMS, Gazetteer
from agents.tag.regions.lexicon.names import NO_NAME, NONE, Name, Namer, Vocabulary
from agents.tag.regions.lexicon.one_case import with_capitals
from agents.tag.regions.lexicon.words import WordSpans, fold
from streams.text.word_lists import by_language, word_lists


class Mention(Struct, gc=False):
    """A span that may name a place, with its words' indexes (-1 in a script without spaces) and its resolved place.

    `place`: -1 while it is nothing. `parent`: the division or country that a comma ties it to, see `agents.tag.regions.ties`.
    `adjective`: an abbreviation before a word in small letters, `U.S. military`. `nationality`: of a worker, a tourist or
    another person, see `agents.tag.regions.scene.nationality`. `doubtful`: a common word or surname,
    which counts only where something else in the article lies near the place. `led`: after a preposition of place.
    `heads`: it begins a title, before a colon or a comma, see `agents.tag.regions.dateline`.
    """

    where: Literal["title", "text"]
    start: int
    end: int
    first: int
    last: int
    name: Name
    place: int = -1
    kind: int = 0
    sure: float = 0.0
    parent: int = -1
    dateline: bool = False
    adjective: bool = False
    nationality: bool = False
    doubtful: bool = False
    led: bool = False
    heads: bool = False
    dropped: bool = False


def is_adjective(mention: Mention) -> bool:
    """Return whether a name is a country's adjective, or that of a town, which stands for it whatever is beside it."""
    return mention.name.first.kind in DEMONYMS or (mention.name.settled and mention.name.level == CITY)


#: Romanian's letters with the cedilla that older typefaces have, and with the comma of the gazetteer's names.
COMMAS = str.maketrans("ŞşŢţ", "ȘșȚț")
#: Places are looked for in so many code points of a text, a book's first half, and so many mentions of them are read.
MOST_CHARACTERS, MOST_MENTIONS = 300_000, 20_000
#: Separates a title from its text, so that both are read at once: a word that no name holds.
BREAK = "\n_\n"


@dataclass(slots=True)
class Passage:
    """A title and a text in one, with the places that they may name; the text begins at `offset`.

    Mentions lie by their offsets in `folded`, until `Passage.settle` counts those in the text from its beginning. `led_by`: the
    prepositions of place of its language.
    """

    folded: str
    offset: int
    words: WordSpans
    mentions: list[Mention] = field(default_factory=list)
    led_by: Collection[str] = ()

    def is_led(self, mention: Mention) -> bool:
        """Return whether a preposition of place stands before a mention."""
        return self.words.before(mention.first).lower() in self.led_by

    def before(self, mention: Mention, words: re.Pattern[str], characters: int) -> re.Match[str] | None:
        """Return the match of words that end where a mention begins, within so many characters before it."""
        return words.search(self.folded, max(0, mention.start - characters), mention.start)

    def settle(self) -> list[Mention]:
        """Return the mentions with offsets into the title and the text."""
        offset = self.offset
        for mention in self.mentions:
            if mention.where == "text":
                mention.start -= offset
                mention.end -= offset
        return self.mentions


#: Prepositions of place by language, beside the English ones.
LED = by_language(word_lists(__package__)["led"])
#: The words of a passage in a script without spaces.
NO_WORDS = WordSpans("")


class Finder:
    """Finds the names of the gazetteer in articles of any language: the longest first, left to right, none overlapping."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.namer = Namer(gazetteer)
        self.matchers: dict[str, Matcher] = {}
        #: by language; that of most articles is made ready before the first of them
        self.vocabularies = {"en": Vocabulary(self.namer, "en")}
        #: prepositions of place; English ones count in all languages
        self.english = gazetteer.lists["before_place"]
        self.led = {language: self.english | words for language, words in LED.items()}
        #: names in capitals, which stay as they are
        self.capitals = {
            word
            for names in (gazetteer.shared, *gazetteer.languages.values())
            for word in names.entries
            if word.isupper()
        }

    def find(self, title: str, text: str, language: str) -> Passage:
        """Return title and text as one passage with its mentions; of a very long text its beginning."""
        text = text[:MOST_CHARACTERS]
        offset = len(title) + len(BREAK) if title else 0
        whole = f"{title}{BREAK}{text}" if title else text
        if language == "ro":
            whole = whole.translate(COMMAS)
        if language in SCRIPT_LETTERS:
            passage = Passage(fold(whole, self.capitals), offset, NO_WORDS)
            matcher = self.matchers.get(language)
            if matcher is None:
                matcher = self.matchers[language] = Matcher(self.namer, language)
            passage.mentions = matcher.find(passage)
        else:
            vocabulary = self.vocabularies.get(language)
            if vocabulary is None:
                vocabulary = self.vocabularies[language] = Vocabulary(self.namer, language)
            title, text = whole[: len(title)], whole[offset:]
            restored = with_capitals(text, vocabulary, language)
            if restored != text or not text:
                title = with_capitals(title, vocabulary, language)
            words = WordSpans.folded(f"{title}{BREAK}{restored}" if title else restored, self.capitals)
            passage = Passage(words.text, offset, words, led_by=self.led.get(language, self.english))
            self.by_words(passage, vocabulary)
        del passage.mentions[MOST_MENTIONS:]
        return passage

    def by_words(self, passage: Passage, vocabulary: Vocabulary) -> None:
        """Add the mentions of names that begin with one of the words."""
        words, offset = passage.words, passage.offset
        text, starts, ends, count = words.text, words.starts, words.ends, words.count
        candidates = words.initial
        if small := vocabulary.small_words(words):
            candidates = sorted(candidates + small)
        forms = [text[start:end] for _, start, end in candidates]
        after = -1
        for (first, _, word_end), form, known in zip(candidates, forms, map(vocabulary.known.get, forms), strict=True):
            entry = vocabulary.word(form) if known is None else known
            if entry is NO_NAME or first <= after:
                continue
            name, longer, base = entry
            last, end = first, word_end
            if longer is not NONE and first + 1 < count:
                for length in longer.get(text[starts[first + 1] : ends[first + 1]], ()):
                    if first + length <= count:
                        phrase = vocabulary.phrase(base + text[word_end : ends[first + length - 1]])
                        if phrase is not None and not self.is_cut(words, first + length - 1, vocabulary):
                            last, name = first + length - 1, phrase
                            end = ends[last]
                            break
            if last == first and vocabulary.homes and first + 1 < count:
                beside, end_beside = starts[first + 1], ends[first + 1]
                two = vocabulary.case_of_two(form, text[word_end:beside], text[beside:end_beside])
                if two is not None:
                    last, name, end, base = first + 1, two, end_beside, form
            if name is None:
                continue
            after, start = last, word_end - len(base)
            if not name.nothing and text[end : end + 1] != "$":
                passage.mentions.append(Mention("text" if start >= offset else "title", start, end, first, last, name))

    @staticmethod
    def is_cut(words: WordSpans, last: int, vocabulary: Vocabulary) -> bool:
        """Return whether a name's last word begins another one, which a hyphen joins: Le Cap in le Cap-Vert."""
        text, starts, ends = words.text, words.starts, words.ends
        if text[ends[last] : ends[last] + 1] != "-" or last + 1 >= words.count or starts[last + 1] != ends[last] + 1:
            return False
        return vocabulary.phrase(text[starts[last] : ends[last + 1]]) is not None


#: Languages whose words are not set apart by spaces, or carry particles, matched as substrings: the first and last letter
#: of their scripts.
SCRIPT_LETTERS = {
    "zh": ("\u3400", "\u9fff"), "ja": ("\u3041", "\u9fff"), "ko": ("가", "힣"), "th": ("\u0e01", "\u0e4e"),
    "km": ("\u1780", "\u17d3"), "my": ("\u1000", "\u103f"), "lo": ("\u0e81", "\u0ecd"),
}  # fmt: skip


class Matcher:
    """Finds names in a script without spaces: an automaton over one language's names and those of its scripts."""

    def __init__(self, namer: Namer, language: str) -> None:
        letters = SCRIPT_LETTERS[language]
        self.gazetteer = namer.gazetteer
        own = self.gazetteer.languages[language]
        self.language = language
        self.names: list[Name] = []
        for table in (own, self.gazetteer.shared):
            for surface in table.entries:
                if table is not own and (not letters[0] <= surface[0] <= letters[1] or own.senses(surface)):
                    continue
                if senses := table.senses(surface):
                    self.names.append(namer.name(surface, senses))
        #: Patterns before this one are the language's own names: of countries, large cities and institutions.
        self.own_patterns = sum(1 for surface in own.entries if own.senses(surface))
        self.automaton = AhoCorasick([name.surface for name in self.names], matchkind=MatchKind.LeftmostLongest)

    def find(self, passage: Passage) -> list[Mention]:
        """Return the mentions in a passage."""
        text, mentions = passage.folded, []
        for pattern, start, end in self.automaton.find_matches_as_indexes(text):
            name = self.names[pattern]
            if name.nothing or not self.is_apart(text, start, end, pattern):
                continue
            if self.language == "zh" and self.is_syllables(text, start, end, name):
                continue
            if (
                name.surface.isascii()
                and (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())
                and not (ord(text[end : end + 1] or " ") > 0x3000 or ord(text[start - 1 : start] or " ") > 0x3000)
            ):
                continue
            mentions.append(Mention("text" if start >= passage.offset else "title", start, end, -1, -1, name))
        return self.without_people(text, mentions) if self.language == "zh" else mentions

    def without_people(self, text: str, mentions: list[Mention]) -> list[Mention]:
        """Leave out the cities abroad that a dot joins to another part of a foreign name, which is no place.

        Chinese sets the dot between somebody's given name and surname, and after the country of a dateline.
        """
        starts, ends = {mention.start for mention in mentions}, {mention.end for mention in mentions}
        return [
            mention
            for mention in mentions
            if mention.name.level != CITY
            or self.gazetteer.code[mention.name.first.country] in HAN_COUNTRIES
            or not (
                (HAN_AFTER_DOT.match(text, mention.end) and mention.end + 1 not in starts)
                or (HAN_BEFORE_DOT.match(text, mention.start - 2) and mention.start - 1 not in ends)
            )
        ]

    def is_apart(self, text: str, start: int, end: int, pattern: int) -> bool:
        """Return whether a name is no part of a longer word, as far as the script shows it.

        In Korean a name begins a word, a country's perhaps behind a point of the compass, and a city's is followed by a
        particle or nothing; in Japanese a name in katakana ends where other letters begin.
        """
        if self.language == "ko":
            is_own = pattern < self.own_patterns
            if is_own and end - start >= LONG_KOREAN and text[start - 1 : start] in KOREAN_POINTS:
                start -= 1
            if text[start - 1 : start].isalpha():
                return False
            return is_own or KOREAN_AFTER.match(text, end) is not None
        if self.language == "ja" and KATAKANA.match(text, start) and KATAKANA.match(text, end - 1):
            return self.is_word_of_kana(text, start, end, pattern)
        return True

    def is_word_of_kana(self, text: str, start: int, end: int, pattern: int) -> bool:
        """Return whether a name in katakana is a word: a long one, or with none before it, and none behind or a word."""
        is_own = pattern < self.own_patterns
        inside = start > 0 and KATAKANA.match(text, start - 1) is not None
        if is_own and end - start >= LONG_KATAKANA and not (inside and self.names[pattern].level != COUNTRY):
            return True
        if inside:
            return False
        after = KATAKANA_WORD.match(text, end)
        if after is None or not is_own:
            return after is None
        if end - start <= SHORTEST_KATAKANA:
            return KATAKANA_EVENTS.fullmatch(after[0]) is not None
        return len(after[0]) >= LONG_KATAKANA

    def is_syllables(self, text: str, start: int, end: int, name: Name) -> bool:
        """Return whether a short name of a city abroad is a part of a longer foreign word: Nice in Venice and in Dennis."""
        if end - start > SHORT_HAN or name.level != CITY or name.population >= LARGEST_SYLLABLES:
            return False
        if self.gazetteer.code[name.first.country] in HAN_COUNTRIES:
            return False
        return text[start - 1 : start] in BEFORE_SYLLABLES or text[end : end + 1] in AFTER_SYLLABLES


#: May follow a city's name in a Korean word: particles, words for towns and for the institutions of a town.
KOREAN_AFTER = re.compile(
    "(?![가-힣])|(?:은|는|이|가|을|를|의|에|와|과|도|로|만|나|인|발|행|시|주|군|구|현|성|섬|산|항|역|에서|에는|에도|으로|까지|부터|이나|이라|이며"
    "|에게|처럼|보다|지역|당국|정부|공항|대학|시장|시민|경찰|검찰|법원|도심|시내|출신|근처|인근|주민|주재|소재)+(?![가-힣])"
)
KATAKANA, KATAKANA_WORD = re.compile("[ァ-ヺー]"), re.compile("[ァ-ヺー]+")
#: A country's or large city's name shorter than this is a part of another word (album, mind, part-time job) where katakana
#: goes on, unless what follows is long enough for a word of its own: German media.
LONG_KATAKANA = 4
#: A name so short is followed by katakana in the names of games and shows alone: tyres and titles are not Thai.
SHORTEST_KATAKANA = 2
KATAKANA_EVENTS = re.compile("(?:パラ|オ)リンピック|コレクション|サッカー|マラソン|メディア|バーツ")
#: Chinese names of cities abroad with so many characters and fewer people are checked by the characters beside them, which
#: mostly write foreign syllables. Countries whose names are no syllables but words are left out.
SHORT_HAN, LARGEST_SYLLABLES = 2, 1_000_000
BEFORE_SYLLABLES = frozenset("丹威克尔爾斯姆迪蒂娜莎兹茲茨诺諾奇格泽澤塞·")
AFTER_SYLLABLES = frozenset("克尔爾斯姆迪蒂娜莎兹茲茨诺諾奇尼伯亚亞汉漢·")
HAN_BEFORE_DOT, HAN_AFTER_DOT = re.compile("[\u3400-\u9fff][·•]"), re.compile("[·•][\u3400-\u9fff]")
HAN_COUNTRIES = frozenset(("CN", "TW", "HK", "MO", "JP", "KR", "KP", "VN", "SG"))
