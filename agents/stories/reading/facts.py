"""Counted things of an article: "23 pirates", "a 19-year-old", and where two accounts count the same thing differently.

Reports on look-alike events share most of their words; what tells them apart is that each has its own ages and numbers.
A fact is one number of 64 bits: the thing that is counted in the upper half, how many in the lower. The patterns are those
of English; in another language a month or an article ("5 mars") would count as a thing. The score of a match is written
alike in all of them, and tells it from the same club's next one: it is a fact of every language.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.stories.reading.stems import stem
from agents.stories.reading.vectors import Matrix, among
from agents.stories.reading.words import TITLE_CHARACTERS, fold, number
from streams.text.plain_words import SIGNS, spaced
from streams.text.word_lists import word_lists

Facts = npt.NDArray[np.uint64]

#: How much of a body is read, in code points: what comes later is background, with numbers of other events.
TEXT_CHARACTERS = 3_000
#: Facts kept of an article and of a story, the latest of it.
MOST_FACTS, STORY_FACTS = 24, 48
UNIT = np.uint64(32)
SMALL_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = (
    {"one": 1}
    | {word: value for value, word in enumerate(SMALL_NUMBERS.split(), 2)}
    | {word: 10 * value for value, word in enumerate(TENS.split(), 2)}
)
#: "forty thousand homes", "1.2 million people": the thing follows the scale.
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
WRITTEN = (
    r"(?P<value>\d{1,9}(?:[.,] ?\d{1,3}){0,3}"
    rf"|(?:{TENS.replace(' ', '|')})(?:-(?:one|{'|'.join(SMALL_NUMBERS.split()[:8])}))?|{SMALL_NUMBERS.replace(' ', '|')})"
)
#: How a number begins, so that most words are passed over at once.
BEGINNING = r"(?=\d|t(?:w|en|hr|hir)|f(?:i[vf]|o[ur])|s(?:ix|ev)|e(?:ig|le)|ni)"
#: What may stand before a number in a plain text, as a class by its members: the search takes a third less.
PLAIN_BEFORE = rf"[\x00-#%-+\-/:-@\[-\^`{{-\x7f{SIGNS}]"
#: The percent sign stands first, so that the search jumps to those: a text begins with a space for it.
COUNTED, PLAIN_COUNTED = (
    re.compile(
        rf"{before}{BEGINNING}{WRITTEN}(?:st|nd|rd|th)?[ -]{{1,3}}(?:({'|'.join(SCALES)})s? )?"
        r"(?:other |more |young )?([^\W\d_]{3,30})(?=(?:[ -]{1,3}([^\W\d_]{3,30}))?)"
    )
    for before in (r"[^\w.,$]", PLAIN_BEFORE)
)
#: An age between commas, or after "aged"; "19-year-old" is found as a count of years.
AGE = re.compile(r", (\d\d?),|\baged (\d\d?)\b")
AGE_BETWEEN = re.compile(r", (\d\d?),")
YEARS = "year"
#: How long somebody is sent to prison: "nine years in prison", "jailed for 18 months", "a 12-year sentence".
SENTENCED = r"(?:jail|prison|custody|bars|imprison|sentence|term\b)"
TERM = re.compile(
    rf"(?P<verb>\b(?:jailed|imprisoned|sentenced|prison)\D{{1,25}}?)?(?<![\w.,$]){WRITTEN}"
    rf"[ -](?P<unit>year|month)s?\b'?(?! of age|[ -]old)"
    rf"(?=(?P<after>[^.;,\d]{{0,25}}?\b{SENTENCED})?)"
)
TERMS = "term"
#: Units of such times.
TERM_UNITS = ("year", "month")
#: One of these stands in each text that names such a time, and a number before its unit: any other need not be searched.
PRISON = ("jail", "prison", "custody", "bars", "sentence", "term")
NUMBERS = tuple(NUMBER_WORDS)
#: Percentages of one article measure many things; these are told from the words that are nearest before, or else after.
PERCENTAGE = re.compile(r"(?<![\w.,-])(\d{1,3}(?:[.,]\d{1,2})?|[a-z]{3,9}(?:-[a-z]{3,5})?) ?(?:%|per ?cent\b|pct\b)")
PERCENT = re.compile(r"%|p(?:er ?cent|ct)\b")
#: Each of them begins with one of these, which are looked for without a pattern.
PERCENTS = ("%", "percent", "per cent", "pct")
#: How far before its sign a percentage begins at most.
PERCENT_BEFORE = 16
MEASURED = re.compile(
    r"\b(inflation|unemployment|jobless|turnout|vot(?:e|ed|es|ing)|interest|growth|grew|tariff|deficit)\b"
)
#: How far from it, in code points.
MEASURED_BEFORE, MEASURED_AFTER = 60, 40
#: A score: two small numbers as desks write them ("1 a 0", "2\u6bd40"). Beyond the lead stand other matches'; in brackets that of
#: half-time, or a record; and so many to so few are the fights that somebody has won.
SCORE_CHARACTERS = 500
MANY_WON, TO_ONE = 40, 8
SCORE = re.compile(
    r"(?<![\d.,:/(-])(?<!\( )(\d{1,3})(?: ?[:\u2013\u2014-] ?| [ax] |\u6bd4| ?\u5bfe ?| ?\ub300 ?)(\d{1,3})(?![\d%]|[.,:/-]\d)"
)
SCORES = "score"
#: What a disaster's reports count again and again: from so many on, another number is a later count, not another event.
TOLLS = frozenset(
    map(
        stem,
        ["dead", "death", "deaths", "bodies", "casualties", "fatalities", "injured", "missing", "victims", "wounded"],
    )
)
GROWING = 10
#: Words after a number that are not what it counts: parts of dates and of sentences, and how long ago something was, which is
#: another time in each report; "18-month-old" is an age.
OLD = "old"
NOT_COUNTED = frozenset(word_lists(__package__)["not_counted"])


class FactFeatures(NamedTuple):
    """Of each candidate: whether the ages that it and an article give differ, and how many other numbers do."""

    ages: Matrix
    others: Matrix


def facts_of(title: str, text: str) -> bytes:
    """Return the facts of an English article (uint64, ascending), at most `MOST_FACTS`, those that come first."""
    whole = fold(f"{title[:TITLE_CHARACTERS]} . {text[:TEXT_CHARACTERS]}")
    sentences, whole = terms(whole)
    found = [
        (unit, how_many(value, scale))
        for value, scale, *words in (PLAIN_COUNTED if spaced(whole).isascii() else COUNTED).findall(f" {whole}")
        for unit in units_of(*words)
    ]
    if "aged " in whole:
        found += [(YEARS, first or second) for first, second in AGE.findall(whole)]
    else:
        found += [(YEARS, age) for age in AGE_BETWEEN.findall(whole)]
    found += sentences
    found += percentages(whole)
    facts = dict.fromkeys(fact(unit, value) for unit, value in found if not is_year(value) and not grows(unit, value))
    return np.unique(np.array(list(facts)[:MOST_FACTS], np.uint64)).tobytes()


def scores_of(title: str, text: str) -> bytes:
    """Return the scores in title and lead of an article on sport as facts, whichever side is named first."""
    head = unicodedata.normalize("NFKC", f"{title[:TITLE_CHARACTERS]} . {text[:SCORE_CHARACTERS]}")
    pairs = [sorted((int(one), int(other))) for one, other in SCORE.findall(head)]
    scores = [pair for pair in pairs if pair[1] < max(MANY_WON, TO_ONE * pair[0])]
    facts = dict.fromkeys(fact(SCORES, f"{low}-{high}") for low, high in scores)
    return np.unique(np.array(list(facts)[:MOST_FACTS], np.uint64)).tobytes()


def units_of(word: str, after: str) -> Iterator[str]:
    """Yield the units in the two words after a number: "26 pirates" and "26 Somali pirates" count one thing."""
    if word in NOT_COUNTED and after != OLD:
        return
    yield stem(word)
    if after and after not in NOT_COUNTED:
        yield stem(after)


def fact(unit: str, value: str) -> int:
    """Return a fact as a number."""
    return number(unit) << 32 | number(value)


def terms(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return how long somebody is sent to prison, as units and values, and the text without: such years are no age."""
    found: list[tuple[str, str]] = []
    if not (has_times(text) and any(word in text for word in PRISON)):
        return found, text

    def taken(match: re.Match[str]) -> str:
        if match["verb"] is None and match["after"] is None:
            return match[0]
        found.append((TERMS, f"{how_many(match['value'])} {match['unit']}"))
        return " . "

    return found, TERM.sub(taken, text)


def has_times(text: str) -> bool:
    """Return whether a number of years or months may stand in a text."""
    before = (at - 1 for unit in TERM_UNITS for at in places(text, unit) if at and text[at - 1] in " -")
    return any(text[end - 1 : end].isdecimal() or text.endswith(NUMBERS, 0, end) for end in before)


def places(text: str, word: str) -> Iterator[int]:
    """Yield where a word begins in a text, each time that it stands there: far quicker than by a pattern."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def percentages(text: str) -> Iterator[tuple[str, str]]:
    """Yield the percentages whose unit is plain in the text, as a unit and a value."""
    for found in written_percentages(text):
        value = how_many(found[1].replace(",", "."))
        if not value[0].isdigit():
            continue
        before = MEASURED.findall(text, max(0, found.start() - MEASURED_BEFORE), found.start())
        after = MEASURED.search(text, found.end(), found.end() + MEASURED_AFTER)
        measured = [*before, *([after[1]] if after and not before else ())]
        if measured:
            yield f"% {measured[-1][:3]}", value


def written_percentages(text: str) -> Iterator[re.Match[str]]:
    """Yield the percentages of a text, each looked for before its sign."""
    end = 0
    for at in sorted(at for sign in PERCENTS for at in places(text, sign)):
        sign = PERCENT.match(text, at)
        if sign is None:
            continue
        found = PERCENTAGE.search(text, max(end, sign.start() - PERCENT_BEFORE), sign.end())
        if found is not None:
            end = found.end()
            yield found


def how_many(written: str, scale: str = "") -> str:
    """Return a number in digits, without separators of thousands, times its scale."""
    whole, _, ones = written.partition("-")
    if whole in NUMBER_WORDS:
        written = str(NUMBER_WORDS[whole] + NUMBER_WORDS.get(ones, 0))
    written = re.sub(r"[, ]", "", written)
    if not scale:
        return written
    try:
        return f"{round(float(written) * SCALES[scale])}"
    except ValueError:
        return written


def grows(unit: str, value: str) -> bool:
    """Return whether a number is one of a toll that grows from report to report, and so neither agrees nor contradicts."""
    return unit in TOLLS and value.isdecimal() and int(value) >= GROWING


def is_year(value: str) -> bool:
    """Return whether a number is a year rather than a count."""
    return len(value) == 4 and value.startswith(("19", "20"))


def together(story: bytes, article: bytes) -> bytes:
    """Return the facts of a story with an article's put first, each once, at most `STORY_FACTS`."""
    facts = dict.fromkeys((*unpacked(article).tolist(), *unpacked(story).tolist()))
    return np.array(list(facts)[:STORY_FACTS], np.uint64).tobytes()


def unpacked(facts: bytes) -> Facts:
    """Return facts from their bytes."""
    return np.frombuffer(facts, np.uint64)


def differing(article: Facts, stories: npt.NDArray[np.uint64]) -> FactFeatures:
    """Return where an article's facts and those of each story (a row each, 0 for none) count one thing differently.

    A thing that both count agrees as soon as one of the numbers is the same: a story counts on as it goes.
    """
    ages, others = np.zeros((2, len(stories)), np.float32)
    if not len(article):
        return FactFeatures(ages, others)
    units = article >> UNIT
    units = units[np.flatnonzero(np.concatenate(([True], units[1:] != units[:-1])))]  # they are in order
    # Few facts of a story are of a thing that the article counts: the others are left out first.
    rows, columns = np.nonzero(among(stories >> UNIT, units))
    counted = stories[rows, columns]
    things = np.searchsorted(units, counted >> UNIT)
    known, same = np.zeros((2, len(stories), len(units)), np.bool_)
    known[rows, things] = True
    agreeing = among(counted, article)
    same[rows[agreeing], things[agreeing]] = True
    differ = known & ~same
    years = units == number(YEARS)
    return FactFeatures(
        np.asarray(differ[:, years].any(1), np.float32), np.asarray(differ[:, ~years].sum(1), np.float32)
    )
