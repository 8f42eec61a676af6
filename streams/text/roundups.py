"""Roundups: articles of several reports, known by their own title or by their layout.

There is no end of names that desks give their letters of the day (`Five at five`), so the way one is set says it too: a list of
items, each with a number, a label or a line of its own before it, under a title that names none of them. The title of a live
blog, an explainer or a report with headings names what it is about.
"""

import re
from itertools import islice, pairwise

from streams.text.common_words import every_text
from streams.text.plain_words import spaced
from streams.text.scripts import MARKS

TITLE_CHARACTERS = 300
TEXT_CHARACTERS = 20_000
#: How a roundup calls itself, in the first or last words of its title.
CALLED = re.compile(
    r"(?i)\b(?:(?:news|world|sports?|business) (?:in brief|briefs?|round-?ups?|digests?)"
    r"|(?:morning|evening|daily) brief(?:ing)?s?"
    r"|what to know today|headlines at \d+|top stories|week in review|kurz notiert|nachrichten kompakt|das wichtigste (?:am|vom)"
    r"|en bref|l'essentiel de l'actualit\u00e9|breves|resumen de noticias|in breve|kort nieuws"
    r"|things (?:you need )?to (?:know|start|watch)(?: (?:on|for|your|this))* (?:today|morning|week|\w*day)(?!['\u2019])"
    r"|nachrichten (?:am|vom) (?:morgen|mittag|abend|tag|wochenende)|was (?:heute|am \w+tag) wichtig (?:ist|wird)"
    r"|infos \u00e0 (?:retenir|savoir)|noticias (?:del|m\u00e1s importantes del) d\u00eda|not\u00edcias do dia|notizie del giorno"
    r"|nieuws van (?:vandaag|de dag)|nyheterna (?:i dag|p\u00e5 morgonen))\b"
)
#: A line, behind the end of the one before it, that begins with a place in capitals and a dash: two such lines may be one
#: report, three are several.
DATELINE = re.compile(
    r"\n[^\S\n]*[A-Z\u00c0-\u00dd][A-Z\u00c0-\u00dd .,'-]{2,40}(?:\([^)\n]{2,30}\))?\s*[\u2014\u2013-]{1,2}(?=\s)"
)
DATELINES = 3
#: What begins an item of a list: a number or a bullet, a label up to a colon, a line that ends without a stop.
NUMBERED = re.compile(r"(?:[-*\u2022\u00b7\u2023\u25aa\u2013\u2014]|\(?\d{1,2}[.):\u3001]|[\u2460-\u2473])\s*(?=\S)")
LABELLED = re.compile(r"[^.!?:\u3002\uff01\uff1f\u0964\uff1a]{2,120}(?::\s|\uff1a)\s*\S.{15}")
STOPS = frozenset(".!?\u2026:;,\u3002\uff01\uff1f\u0964\uff1a\"'\u201d\u2019\u00bb\u300d\u300f)\uff09")
LONGEST_HEAD = 160
#: Fewest items of a list.
FEWEST_ITEMS = 3
#: Smallest share of a text that stands in them.
LEAST_LISTED = 0.6
#: The share of a title's words that may stand in the items of a roundup: days, and words that happen to be there. Of 1,693
#: articles of halves A of the shootings and of Wikinews 15 are lists under such titles: menus of videos in place of a report,
#: blotters, a row of captions (2026-11-30).
MOST_SAID = 0.4
#: Letters by which two forms of a word are one, in alphabets and in Hangul; the characters of Han and kana go in pairs.
STEM, SYLLABLES = 5, 2
WORD = re.compile(
    rf"[\u3400-\u9fff\u30a0-\u30ff]{{2,}}|[^\W\d_\u3040-\u30ff\u3400-\u9fff][^\W\d_\u3040-\u30ff\u3400-\u9fff{MARKS}]*"
)
#: A blank in the place of what is no letter of ASCII.
LETTERS_ALONE = {code: " " for code in range(128) if not chr(code).isalpha()}
SIGN, HANGUL = re.compile("[\u30a0-\u30ff\u3400-\u9fff]"), re.compile("[\uac00-\ud7a3]")


def is_roundup(title: str, text: str, language: str | None = None) -> bool:
    """Return whether an article holds several reports: it calls itself so, has three datelines, or is a list of other things."""
    if CALLED.search(title[:TITLE_CHARACTERS]):
        return True
    text = text[:TEXT_CHARACTERS]
    if sum(1 for _ in islice(DATELINE.finditer("\n" + text), DATELINES)) == DATELINES:
        return True
    return is_list(text) and not is_named(title, text, language)


def is_list(text: str) -> bool:
    """Return whether most of a text is a list of items, all begun in one way."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    if len(lines) < FEWEST_ITEMS:
        return False
    numbered = [not line[0].isalpha() and NUMBERED.match(line) is not None for line in lines]
    labelled = [(":" in line or "\uff1a" in line) and LABELLED.match(line) is not None for line in lines]
    if sum(labelled) <= len(lines) / 2:
        labelled = []
    return any(sum(begins) >= FEWEST_ITEMS and is_most(lines, begins) for begins in (numbered, labelled, headed(lines)))


def headed(lines: list[str]) -> list[bool]:
    """Return, for each line, whether it is a head: without a stop, alone between two that end with one.

    Lines that are broken at a width have others without a stop beside them.
    """
    stopped = [True, *(line[-1] in STOPS for line in lines), False]
    if len(lines) + 2 - sum(stopped) <= FEWEST_ITEMS:
        return []
    return [
        before and after and not here and len(line) <= LONGEST_HEAD
        for line, before, here, after in zip(lines, stopped, stopped[1:], stopped[2:], strict=False)
    ]


def is_most(lines: list[str], begins: list[bool]) -> bool:
    """Return whether most of a text stands from the first item of its list on."""
    return sum(map(len, lines[begins.index(True) :])) >= LEAST_LISTED * sum(map(len, lines))


def is_named(title: str, text: str, language: str | None) -> bool:
    """Return whether a title names its text's subject: more than `MOST_SAID` of its uncommon words stand in the text."""
    common = every_text((language or "und").partition("-")[0].lower())
    words = {word for word in WORD.findall(title[:TITLE_CHARACTERS].casefold()) if word not in common}
    parts = {part for word in words for part in parts_of(word)}
    folded = text.casefold()
    words_alone = spaced_words(folded)
    said = sum(part in folded if SIGN.match(part) else f" {part}" in words_alone for part in parts)
    return said > MOST_SAID * len(parts)


def spaced_words(text: str) -> str:
    """Return a text's words, as `WORD` finds them, each behind a blank; those of most English texts without a pattern."""
    plain = spaced(text)
    return f" {plain.translate(LETTERS_ALONE) if plain.isascii() else ' '.join(WORD.findall(text))}"


def parts_of(word: str) -> list[str]:
    """Return the parts of a word to look for: its stem, or its pairs of characters."""
    if SIGN.match(word):
        return ["".join(pair) for pair in pairwise(word)]
    return [word[: SYLLABLES if HANGUL.match(word) else STEM]]
