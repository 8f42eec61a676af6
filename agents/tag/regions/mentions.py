"""Find the names of the gazetteer in a title or a text of any language, and what a comma ties them to."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from msgspec import Struct

from agents.tag.regions.gazetteer import ADMIN1, CITY, Gazetteer, Kind, Longer, Names
from agents.tag.regions.words import Words


class Mention(Struct, gc=False):
    """A span that may name a place: its words' indexes, its senses, and what it was resolved to (-1: nothing).

    `doubtful`: a common word or surname, which counts only where something else in the article lies near the place.
    """

    where: Literal["title", "text"]
    start: int
    end: int
    first: int
    last: int
    surface: str
    senses: list[int]
    place: int = -1
    kind: int = 0
    sure: float = 0.0
    parent: int = -1
    dateline: bool = False
    doubtful: bool = False
    dropped: bool = False


@dataclass(slots=True)
class Passage:
    """A title or a text with its words and the places that it may name."""

    where: Literal["title", "text"]
    words: Words
    mentions: list[Mention] = field(default_factory=list)


class Finder:
    """Finds the names of the gazetteer in texts of any language: the longest first, left to right, none overlapping."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.no_language = Names({}, [])
        self.matchers: dict[str, Matcher] = {}
        self.smalls: dict[str, AhoCorasick] = {}
        #: By language, the words that were looked up before: news repeats its words, and a small table is near at hand
        self.known: dict[str, dict[str, Found]] = {}

    def find(self, where: Literal["title", "text"], text: str, language: str) -> Passage:
        """Return the passage with its mentions; `text` is folded already."""
        passage = Passage(where, Words(text))
        names = self.gazetteer.languages.get(language, self.no_language)
        if language in UNSPACED:
            matcher = self.matchers.get(language)
            if matcher is None:
                matcher = self.matchers[language] = Matcher(self.gazetteer, language)
            passage.mentions = matcher.find(where, text)
        else:
            self.by_words(passage, names, language)
        return passage

    def by_words(self, passage: Passage, names: Names, language: str) -> None:
        """Add the mentions of names that begin with one of the words."""
        shared, own = self.gazetteer.shared, names
        words = passage.words
        text, starts, ends, count = words.text, words.starts, words.ends, words.count
        candidates = words.initial
        if own.small and (small := self.small(words, own, language)):
            candidates = sorted(candidates + small)
        bases = [text[starts[index] : ends[index]] for index in candidates]
        if language == "ar":
            bases = [arabic_base(base, own, shared) for base in bases]
        after = -1
        known = self.known.setdefault(language, {})
        for first, base, entry in zip(candidates, bases, map(known.get, bases), strict=True):
            if entry is None:
                entry = look_up(base, own, shared)  # noqa: PLW2901 - most words were looked up in an article before
                if len(known) >= MOST_KNOWN:
                    known.clear()
                known[base] = entry
            if entry is NO_NAME or first <= after:
                continue
            found, longer = entry
            last, end = first, ends[first]
            if longer is not NONE and first + 1 < count:
                second = text[starts[first + 1] : ends[first + 1]]
                for length in longer.get(second) or ():
                    if first + length <= count:
                        surface = base + text[end : ends[first + length - 1]]
                        if senses := own.senses(surface) or shared.senses(surface):
                            last, found = first + length - 1, senses
                            break
            if found is None:
                continue
            after, start, end = last, end - len(base), ends[last]
            listed = [found] if isinstance(found, int) else found
            if listed[0] != Kind.NOTHING and text[end : end + 1] != "$":
                passage.mentions.append(Mention(passage.where, start, end, first, last, text[start:end], listed))

    def small(self, words: Words, names: Names, language: str) -> list[int]:
        """Return the words that a name with a small first letter begins with: adjectives in most languages."""
        automaton = self.smalls.get(language)
        if automaton is None:
            automaton = AhoCorasick(names.small, store_patterns=False, implementation=Implementation.DFA)
            self.smalls[language] = automaton
        text, starts = words.text, words.starts
        found = []
        for _, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            if not text[end : end + 1].isalpha() and not text[start - 1 : start].isalpha():
                index = bisect_left(starts, start)
                if index < words.count and starts[index] == start:
                    found.append(index)
        return found


NONE: Longer = {}
#: The senses of a word as a name of its own, and the lengths of the longer names that it begins, by their second words.
Found = tuple[int | list[int] | None, Longer]
NO_NAME: Found = (None, NONE)
#: Words of a language that are kept beside the tables, which are too large for a processor's caches.
MOST_KNOWN = 50_000


def look_up(word: str, own: Names, shared: Names) -> Found:
    """Return what a word may be or begin in a language's own names and in those of all languages; the own come first."""
    entry, common = own.entries.get(word), shared.entries.get(word)
    if entry is None and common is None:
        return NO_NAME
    senses_own, longer = entry if isinstance(entry, tuple) else (entry, NONE)
    senses_shared, shared_longer = common if isinstance(common, tuple) else (common, NONE)
    both = {**shared_longer, **longer} if longer and shared_longer else longer or shared_longer or NONE
    return senses_shared if senses_own is None else senses_own, both


#: Languages whose words are not set apart by spaces, or carry particles: matched as substrings.
UNSPACED = frozenset(("zh", "ja", "ko"))


class Matcher:
    """Finds names in a script without spaces: an automaton over one language's names and those of its scripts."""

    def __init__(self, gazetteer: Gazetteer, language: str) -> None:
        letters = {"zh": ("\u3400", "\u9fff"), "ja": ("\u3041", "\u9fff"), "ko": ("가", "힣")}[language]
        own = gazetteer.languages[language]
        self.language = language
        self.senses: list[list[int]] = []
        patterns = []
        for table in (own, gazetteer.shared):
            for surface in table.entries:
                if table is not own and (not letters[0] <= surface[0] <= letters[1] or own.senses(surface)):
                    continue
                if senses := table.senses(surface):
                    patterns.append(surface)
                    self.senses.append(senses)
        #: Patterns before this one are the language's own names: of countries, large cities and institutions.
        self.own_patterns = sum(1 for surface in own.entries if own.senses(surface))
        self.automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)

    def find(self, where: Literal["title", "text"], text: str) -> list[Mention]:
        """Return the mentions in a text."""
        mentions = []
        for pattern, start, end in self.automaton.find_matches_as_indexes(text):
            if self.senses[pattern][0] == Kind.NOTHING or not self.is_apart(text, start, end, pattern):
                continue
            surface = text[start:end]
            if (
                surface.isascii()
                and (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())
                and not (ord(text[end : end + 1] or " ") > 0x3000 or ord(text[start - 1 : start] or " ") > 0x3000)
            ):
                continue
            mentions.append(Mention(where, start, end, -1, -1, surface, self.senses[pattern]))
        return mentions

    def is_apart(self, text: str, start: int, end: int, pattern: int) -> bool:
        """Return whether a name is no part of a longer word, as far as the script shows it.

        In Korean a name begins a word, and a city's is followed by a particle or nothing; in Japanese a name in katakana
        ends where other letters begin.
        """
        if self.language == "ko":
            if start and text[start - 1].isalpha():
                return False
            return pattern < self.own_patterns or KOREAN_AFTER.match(text, end) is not None
        if self.language == "ja" and pattern >= self.own_patterns:
            before, after = KATAKANA.match(text, start - 1) if start else None, KATAKANA.match(text, end)
            return not (before and KATAKANA.match(text, start)) and not (after and KATAKANA.match(text, end - 1))
        return True


#: What may follow a city's name in a Korean word: particles, and words for towns and what is in them.
KOREAN_AFTER = re.compile(
    "(?![가-힣])|(?:은|는|이|가|을|를|의|에|와|과|도|로|만|나|인|발|행|시|주|군|구|현|성|섬|산|항|역|에서|에는|에도|으로|까지|부터|이나|이라|이며"
    "|에게|처럼|보다|지역|당국|정부|공항|대학|시장|시민|경찰|검찰|법원|도심|시내|출신|근처|인근|주민|주재|소재)+(?![가-힣])"
)
KATAKANA = re.compile("[ァ-ヺー]")


def arabic_base(word: str, names: Names, shared: Names) -> str:
    """Return an Arabic word without the particles and the article before it, where what is left begins a name."""
    for base in _without_particles(word):
        if base in names.entries or base in shared.entries:
            return base
    return word


def _without_particles(word: str) -> Iterator[str]:
    yield word
    if len(word) < 4:
        return
    if word[0] in "وفبلك":
        yield word[1:]
        if word.startswith("لل"):
            yield "ال" + word[2:]  # the article after this particle loses its first letter
            yield word[2:]
        if word[1:3] == "ال":
            yield word[3:]
        if len(word) > 5 and word[0] in "وف" and word[1] in "بلك":
            yield word[2:]
            if word[2:4] == "ال" or word[1:3] == "لل":
                yield word[4:] if word[2:4] == "ال" else word[3:]
    if word.startswith("ال"):
        yield word[2:]


def attach_parents(gazetteer: Gazetteer, passage: Passage) -> None:
    """Note after each mention the division or country that a comma ties to it: Athens, Ga.; Paris, Texas.

    A name that a comma ties to an American state without a known place of that name (Cuba, New York, is too small) means
    a place in that state, and counts for it.
    """
    words = passage.words
    text, starts, ends, count = words.text, words.starts, words.ends, words.count
    following = {mention.first: mention for mention in passage.mentions}
    for mention in passage.mentions:
        after = mention.last + 1
        if after >= count or mention.parent == TIED or mention.first < 0:
            continue
        gap = text[mention.end : starts[after]]
        if gap not in TIES:
            continue
        own = following.get(after)
        if own is not None:
            parents = [sense >> 3 for sense in own.senses if sense & 7 in (Kind.NAME, Kind.UNSURE_NAME)]
            fitting = [
                parent
                for parent in parents
                if gazetteer.level[parent] != CITY and any(inside(gazetteer, s >> 3, parent) for s in mention.senses)
            ]
            if fitting:
                mention.parent = fitting[0]
                own.parent, own.place, own.sure = TIED, fitting[0], 1.0
                continue
            states = [parent for parent in parents if gazetteer.level[parent] == ADMIN1]
            state = next((parent for parent in states if gazetteer.code[parent].startswith(STATES)), None)
            if state is not None and gap == ", " and text[own.end : own.end + 2] == ", ":
                if own.last + 1 not in following and words[own.last + 1] not in ("and", "or"):
                    mention.senses = [state << 3]
                continue
        if gap != " ":
            for last in (after + 1, after):
                sense = gazetteer.after_comma.get(text[starts[after] : ends[last]]) if last < count else None
                if sense is not None and any(inside(gazetteer, s >> 3, sense >> 3) for s in mention.senses):
                    mention.parent = sense >> 3
                    mention.end = ends[last]
                    break
                if (
                    sense is not None
                    and gazetteer.code[sense >> 3].startswith(STATES)
                    and text[ends[last] : ends[last] + 1] == "."
                ):
                    mention.senses, mention.end = [sense], ends[last]
                    break


#: What stands between a place and the division or country that it is in.
TIES = frozenset((", ", " (", ",", " "))
#: How the codes of states and provinces begin whose names follow a place's after a comma.
STATES = ("US-", "CA-")
#: `Mention.parent` of a division or country that is tied to the place before it.
TIED = -2


def inside(gazetteer: Gazetteer, place: int, parent: int) -> bool:
    """Return whether a place lies in a division or a country (and is not the same)."""
    return place != parent and parent in (gazetteer.admin1[place], gazetteer.country[place])
