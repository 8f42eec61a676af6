"""Stems: beginnings of words that speak for a topic, a file for each language in `languages/`.

A line is `topic: stem, stem`, the topic a top-level one (`09`) or a concept by its code (`20000533`). Stems of a line
`09 less:` count half: people, firms and prices stand in news of any topic. Stems of a line `16 over 03:` overrule disasters
where they stand in a title: drones that set a refinery on fire are news of a conflict, however much of it is about the fire.

A stem stands at the beginning of a word; `=word` is the whole word; `*part` may also be the tail of a compound, with an
ending of at most two letters; `=*part` is such a tail or the word itself, no beginning of another; in `begin* stem` the word
before it begins as written, whatever its ending. Arabic particles may stand before a stem. In Chinese and Japanese a stem
stands anywhere.

A stem inside a longer one of another topic does not count: no bishop (主教) is in a head coach (主教练). The line `00` lists
words that look like a stem and mean something else, such as Islamabad beside `islam`: no stem inside them counts.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import AhoCorasick, Implementation

from agents.tag.topics.concepts import strength
from agents.tag.topics.forms import PARTICLES
from agents.tag.topics.spelling import usual
from agents.tag.topics.tokens import LEAD_CHARACTERS, TITLE_WEIGHT
from streams.standards.mediatopics import concepts

FOLDER = Path(__file__).parent / "languages"
#: Languages whose stems may stand anywhere in a text.
ANYWHERE = frozenset(("zh", "ja"))
#: Concepts that a title names by a word of their own: labour disputes, fires and disasters from nuclear accidents to tsunamis,
#: famine and drought, kidnapping and the drug trade, whoever suffers them and wherever they happen.
EVENTS: Final = frozenset(
    f"medtop:{code}"
    for code in (
        20000096,
        20000100,
        20000149,
        20000150,
        20000152,
        20000529,
        *range(20000142, 20000148),
        *range(20000153, 20000157),
        20000159,
        20001202,
        20001280,
        20001353,
    )
)
#: What they add to the margin of their topic: of 0 to 4 the development sets of news in the languages do not tell them apart;
#: from 3.25 on a strike at a port is no trade news.
EVENT_MARGIN: Final = 3.25
#: Topics of these events.
EVENT_TOPICS: Final = frozenset(("medtop:03000000", "medtop:09000000"))
#: Code of words that look like a stem and mean something else.
NO_TOPIC: Final = "medtop:00000000"
#: Words of an Arabic phrase that take no article.
NO_ARTICLE: Final = re.compile("ال|لل|(?:علي|من|في|عن|غير|ضد|بين|الي|لا)$")
#: How a line begins.
LINE: Final = re.compile(r"(?P<topic>\d+)(?P<less> less)?(?: over (?P<over>\d\d(?: \d\d)*))?:")
#: French letters that lose their accent where they are written as capitals.
INITIALS: Final = re.compile("(?:^|(?<=[ '-]))[éèêàâîôù]")
PLAIN: Final = dict(zip("éèêàâîôù", "eeeaaiou", strict=True))
#: How much a stem counts that stands in news of any topic. From .3 to .7 translated news agrees as often; at 0 less often, and
#: sentences lose a point (November 2026).
LESS: Final = 0.5
#: Endings of a compound whose tail is a stem.
ENDINGS = frozenset(("", "e", "n", "s", "en", "er", "es"))


#: What looks like a stem, in the order of `meant`: where its words start and, negated, where they end; where its own letters
#: start; its code; where its own letters end; its number.
Found = tuple[int, int, int, str, int, int]


class Stem(NamedTuple):
    """A stem, the code of its topic or concept, and its kind: `whole` word, or perhaps a compound's `tail`.

    `before`: how the word before it begins, empty where any may stand there. `share`: how much it counts. `over`: the topics
    that it overrules.
    """

    text: str
    code: str
    whole: bool
    tail: bool
    before: str = ""
    share: float = 1.0
    over: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A stem found: the code of its topic or concept, its field and span in code points; `share` and `over` as its stem's."""

    code: str
    in_title: bool
    start: int
    end: int
    share: float = 1.0
    over: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """Return how many mentions this one is worth: a title's words count more."""
        return self.share * (TITLE_WEIGHT if self.in_title else 1)


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of one language, and the automaton that finds them."""

    language: str
    stems: list[Stem]
    automaton: AhoCorasick

    @classmethod
    def read(cls, language: str, folder: Path = FOLDER) -> "Stems":
        """Read a language's file; raise `ValueError` for a line that is neither a comment nor one of stems of known topics."""
        lines = (folder / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        stems = [stem for line in lines if line and not line.startswith("#") for stem in _stems(line, language)]
        automaton = AhoCorasick([stem.text for stem in stems], store_patterns=False, implementation=Implementation.DFA)
        return cls(language, stems, automaton)

    def find(self, title: str, text: str) -> list[Hit]:
        """Find the stems of a title and a lead, each word once for each topic."""
        return [*self._find(title, in_title=True), *self._find(text[:LEAD_CHARACTERS], in_title=False)]

    def _find(self, text: str, *, in_title: bool) -> Iterator[Hit]:
        """Yield the stems of one field in order, each word once for each topic."""
        spelled, places = usual(text, self.language)
        found: dict[tuple[str, int], Hit] = {}
        for start, end, number in meant(self._found(spelled)):
            stem = self.stems[number]
            hit = found.get((stem.code, start))
            if hit is None:
                hit = Hit(stem.code, in_title, places[start], places[end], stem.share, stem.over)
            else:  # the word is in several lines of its topic
                hit = hit._replace(share=max(hit.share, stem.share), over=hit.over + stem.over)
            found[stem.code, start] = hit
        yield from found.values()

    def _found(self, spelled: str) -> Iterator[Found]:
        """Yield all that looks like a stem."""
        anywhere = self.language in ANYWHERE
        for number, start, end in self.automaton.find_matches_as_indexes(spelled, overlapping=True):
            stem = self.stems[number]
            first = start if anywhere else word_start(spelled, start)
            if first < start and not self._may_follow(stem, spelled[first:start]):
                continue  # most of what is no stem stands in the middle of a word, so the word's end is not looked for
            last = end if anywhere else word_end(spelled, end)
            if not self._may_precede(stem, spelled[end:last], compound=first < start):
                continue
            begin = word_before(spelled, first) if stem.before else first
            if spelled.startswith(stem.before, begin):
                yield begin, -last, begin if stem.before else start, stem.code, end, number

    def _may_follow(self, stem: Stem, before: str) -> bool:
        """Return whether a stem may stand after these letters of its word."""
        return before in PARTICLES if self.language == "ar" else stem.tail and len(before) > 1

    def _may_precede(self, stem: Stem, after: str, *, compound: bool) -> bool:
        """Return whether a stem, perhaps a compound's tail, may stand before these letters of its word."""
        if stem.whole and not stem.tail and after and self.language != "ko":
            return False
        if (stem.whole and stem.tail) or (compound and self.language != "ar"):
            return after in ENDINGS
        return True


def meant(found: Iterable[Found]) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and number of stems inside no longer stem of another topic, and no words of `NO_TOPIC`."""
    around: list[Found] = []
    reach = 0
    for one in sorted(found):
        start, back, _, code, _, number = one
        around = [other for other in around if -other[1] > start] if start < reach else []
        if code != NO_TOPIC and not (around and any(_hides(other, one) for other in around)):
            yield start, -back, number
        around.append(one)
        reach = max(reach, -back)


def _hides(holder: Found, one: Found) -> bool:
    """Return whether a longer stem gives the one inside it another meaning."""
    begin, last, own_first, other, own_last, _ = holder
    start, end, first, code, close, _ = one
    if last > end:  # both are negated: the holder ends before the stem does
        return False
    if other == NO_TOPIC:
        return True
    tail = own_first < first and close <= own_last
    return (tail or -last - begin > -end - start) and top_of(other) != top_of(code)


def stem_margins(hits: Iterable[Hit], topics: Sequence[str], margin: float) -> npt.NDArray[np.float32]:
    """Sum the margins of stems for each top-level topic, (topics,): `margin` times the root of how often they are found."""
    counts: dict[str, float] = defaultdict(float)
    for hit in hits:
        counts[f"{hit.code[:9]}000000"] += hit.weight
    margins = np.zeros(len(topics), np.float32)
    for topic, count in counts.items():
        if topic in topics:  # the others are of concepts
            margins[topics.index(topic)] = margin * math.sqrt(count)
    return margins


def concept_margins(hits: Iterable[Hit], topics: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return the gain of named concepts for their top-level topic's margin, (topics,): the most frequent counts.

    A strike or a flood named in the title is what happened, whatever port, ferry or market the rest is about.
    """
    counts: dict[str, float] = defaultdict(float)
    headlined: set[str] = set()
    for hit in hits:
        if hit.code not in topics:
            counts[hit.code] += hit.weight
            headlined |= {top_of(hit.code)} if hit.in_title and hit.code in EVENTS else set()
    found = dict.fromkeys(topics, 0.0)
    for code, count in counts.items():
        found[top_of(code)] = max(found[top_of(code)], strength(count))
    events = [EVENT_MARGIN * (topic in headlined) for topic in topics]
    return np.array([found[topic] + event for topic, event in zip(topics, events, strict=True)], np.float32)


def overruled(log_odds: npt.NDArray[np.float32], hits: Iterable[Hit], topics: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return log-odds, (topics,), in which the topic of a stem in the title has at least those of each that it overrules.

    Where it has less, the two change places: an attack is told in the words of fires, too, and a wedding of artists in those
    of the arts. Topics that overrule each other stay as they are: an actor of a murder mystery is arrested.
    """
    found = log_odds.copy()
    pairs = dict.fromkeys((top_of(hit.code), other) for hit in hits if hit.in_title for other in hit.over)
    for over, under in pairs:
        if (under, over) not in pairs:
            mine, theirs = topics.index(over), topics.index(under)
            found[[mine, theirs]] = max(found[[mine, theirs]]), min(found[[mine, theirs]])
    return found


@cache
def top_of(code: str) -> str:
    """Return the code of the top-level topic above a concept."""
    known = concepts()
    while (parent := known[code].parent) is not None:
        code = parent
    return code


def word_start(text: str, place: int) -> int:
    """Return where the word that a place is in, or right after, starts."""
    while place and (text[place - 1].isalnum() or is_letter(text[place - 1])):
        place -= 1
    return place


def word_end(text: str, place: int) -> int:
    """Return where the word that a place is in, or right before, ends."""
    end = len(text)
    while place < end and (text[place].isalnum() or is_letter(text[place])):
        place += 1
    return place


def word_before(text: str, start: int) -> int:
    """Return where the word before a place starts, or the place itself where none stands right before it."""
    place = start - 1
    if place < 1 or text[place] != " ":
        return start
    return word_start(text, place)


def is_letter(character: str) -> bool:
    """Return whether a character belongs to a word: a letter, a digit or an Indic vowel sign."""
    return character.isalnum() or ("\u0900" <= character <= "\u0dff" and character not in "।॥")


def _stems(line: str, language: str) -> Iterator[Stem]:
    """Yield the stems of a line."""
    head = LINE.match(line)
    if head is None:
        raise ValueError(
            f"{language}.txt: {line[:40]!r} is not `topic: stem, stem`, with ` less` or ` over 03` before the colon"
        )
    topic, listed, share = head["topic"], line[head.end() :], LESS if head["less"] else 1.0
    over = tuple(f"medtop:{number}000000" for number in (head["over"] or "").split())
    code = f"medtop:{topic}000000" if len(topic) == 2 else f"medtop:{topic}"
    if unknown := {code, *over} - {NO_TOPIC, *concepts()}:
        raise ValueError(f"{language}.txt: {head[0]!r}: there is no topic {min(unknown)}")
    for entry in filter(None, map(str.strip, listed.split(","))):
        before, _, text = usual(entry.lstrip("=*"), language).text.rpartition("* ")
        kind = entry[: len(entry) - len(entry.lstrip("=*"))]
        for spelling in _spellings(text, language):
            yield Stem(spelling, code, "=" in kind, "*" in kind, before, share, over)


def _spellings(text: str, language: str) -> Iterator[str]:
    """Yield a stem as written, and as an Arabic phrase with articles or a French one whose capitals have no accent."""
    yield text
    other = text
    if language == "ar":
        first, *rest = text.split(" ")
        other = " ".join([first, *(word if NO_ARTICLE.match(word) else f"ال{word}" for word in rest)])
    elif language == "fr":
        other = INITIALS.sub(lambda initial: PLAIN[initial[0]], text)
    if other != text:
        yield other
