"""Countries that are joined in one word: Franco-German, israélo-libanais, российско-китайский, 日中韓首脳会談, Việt - Mỹ.

The first part has a form of its own, which is no name by itself: Franco, Sino. It counts only before another country.
"""
# ruff: noqa: RUF001 - letters of other scripts are what is matched

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from agents.tag.regions.lexicon.gazetteer import DEMONYMS, Gazetteer, Kind
from agents.tag.regions.lexicon.names import Namer, Vocabulary
from agents.tag.regions.mentions import Mention, Passage
from streams.text.word_lists import word_lists

LISTS: Final = word_lists(__package__)
#: Languages that also write such words without a hyphen: hispanomarroquí, ελληνοτουρκικός.
GLUED: Final = frozenset(("es", "it", "el"))
#: Peoples of a continent, which begin like a compound.
NO_COMPOUND: Final = re.compile(r"(?:hispano|ibero|indo|anglo|latino)american", re.IGNORECASE)
#: Letters of the second part of a word without a hyphen, at least.
LEAST_GLUED: Final = 5
#: What stands in the place of the first part's ending in its own adjective, by language: российско, российский.
ADJECTIVES: Final = {
    "ru": (("о", "ий"), ("о", "ский")),
    "uk": (("о", "ий"), ("о", "ський")),
    "bg": (("о", "и"), ("о", "ски")),
    "mk": (("о", "и"), ("о", "ски")),
    "ro": (("o", ""),),
    "fi": (("is", "inen"),),
}
#: Letters of a first part, at most and at least; a hyphen; the word behind it.
MOST_LETTERS, LEAST_LETTERS = 20, 3
_HYPHEN, _REST = re.compile("[-–]"), re.compile(r"[^\W\d_]{4,}")


class TwoParts(NamedTuple):
    """Where the first part of a word begins and ends, and the rest; with or without a hyphen between."""

    start: int
    end: int
    rest: int
    last: int


class Forms(NamedTuple):
    """The first parts of one language by their country, as a pattern; and short names that stand beside each other."""

    codes: dict[str, str]
    glued: re.Pattern[str] | None
    beside: re.Pattern[str] | None


@lru_cache(64)
def forms(language: str) -> Forms:
    """Return the forms of a language."""
    codes = dict(codes_of("combining", language))
    glued = None
    if language in GLUED:
        joined = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
        glued = re.compile(rf"(?<![^\W_])({joined})(?=([^\W\d_]{{{LEAST_GLUED},}}))", re.IGNORECASE)
    short = dict(codes_of("short", language))
    beside = None
    if short:
        name = "|".join(sorted(map(re.escape, short), key=len, reverse=True))
        relation = "|".join(
            word for line in LISTS["relations"] for word in line.split()[1:] if line.startswith(f"{language} ")
        )
        joined = rf"(?<!\w)(?:{name})(?: ?[-–] ?(?:{name}))+(?!\w)"
        before = "(?<![가-힣])" if language == "ko" else ""
        beside = re.compile(rf"{before}(?:{name}){{1,4}}(?= ?の?(?:{relation}))" if relation else joined)
    return Forms(codes | short, glued, beside)


def codes_of(title: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the forms of a list in one language with their country's code: `fr FR franco DE germano`."""
    for line in LISTS[title]:
        code, *cells = line.split()
        if code == language:
            yield from zip(cells[1::2], cells[::2], strict=True)


def add_compounds(namer: Namer, passage: Passage, vocabulary: Vocabulary | None, language: str) -> None:
    """Add the countries that are named in a part of a word; `vocabulary`: of the language, None in scripts without spaces."""
    known = forms(language)
    found = list(beside(namer, passage, known))
    if vocabulary is not None:
        text = passage.folded
        for word in hyphened(text):
            part = text[word.start : word.end].lower()
            if code := known.codes.get(part) or country_of(namer.gazetteer, vocabulary, part, language):
                found += before_people(namer, passage, vocabulary, word, code)
        for match in known.glued.finditer(text) if known.glued is not None else ():
            if not NO_COMPOUND.match(text, match.start()):
                word = TwoParts(*match.span(1), *match.span(2))
                found += before_people(namer, passage, vocabulary, word, known.codes[match[1].lower()])
    if not found:
        return
    starts = {mention.start for mention in found}
    passage.mentions = [mention for mention in passage.mentions if mention.start not in starts] + found
    passage.mentions.sort(key=lambda mention: mention.start)


def hyphened(text: str) -> Iterator[TwoParts]:
    """Yield the words of a text before a hyphen and a word."""
    if "-" not in text and "–" not in text:
        return
    for hyphen in _HYPHEN.finditer(text):
        end = start = hyphen.start()
        while start > 0 and end - start <= MOST_LETTERS and text[start - 1].isalpha():
            start -= 1
        if LEAST_LETTERS <= end - start <= MOST_LETTERS and (rest := _REST.match(text, hyphen.end())):
            yield TwoParts(start, end, rest.start(), rest.end())


def country_of(gazetteer: Gazetteer, vocabulary: Vocabulary, part: str, language: str) -> str:
    """Return the country of a first part that is an adjective with another ending, or nothing."""
    for end, ending in ADJECTIVES.get(language, ()):
        if part.endswith(end):
            name, _, _ = vocabulary.word(part.removesuffix(end) + ending)
            if name is not None and name.first.kind in DEMONYMS:
                return gazetteer.code[name.first.country]
    return ""


def before_people(
    namer: Namer, passage: Passage, vocabulary: Vocabulary, word: TwoParts, code: str
) -> Iterator[Mention]:
    """Yield the mention of a first part before a people or another first part, and of that where it is no word by itself."""
    rest = passage.folded[word.rest : word.last]
    name, _, _ = vocabulary.word(rest)
    people = name is not None and name.first.kind in DEMONYMS
    glued = word.end == word.rest
    if not people and (glued or rest.lower() not in forms(vocabulary.language).codes):
        return
    yield mention_of(namer, passage, word.start, word.end, code)
    if glued and name is not None:
        second = mention_of(namer, passage, word.rest, word.last, code)
        second.name = name
        yield second


def beside(namer: Namer, passage: Passage, known: Forms) -> Iterator[Mention]:
    """Yield the countries whose short names stand beside each other."""
    if known.beside is None:
        return
    for match in known.beside.finditer(passage.folded):
        codes = list(short_names(match[0], known.codes))
        if len({code for _, _, code in codes}) > 1:
            for start, end, code in codes:
                yield mention_of(namer, passage, match.start() + start, match.start() + end, code)


def short_names(text: str, codes: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and country of each short name in a run of them."""
    at = 0
    while at < len(text):
        name = next((text[at : at + length] for length in range(8, 0, -1) if text[at : at + length] in codes), "")
        for code in codes[name].split("+") if name else ():
            yield at, at + len(name), code
        at += len(name) or 1


def mention_of(namer: Namer, passage: Passage, start: int, end: int, code: str, kind: Kind = Kind.DEMONYM) -> Mention:
    """Make the mention of a country in a part of a text."""
    words = passage.words
    index = bisect_right(words.starts, start) - 1 if words.count else -1
    name = namer.name(passage.folded[start:end], [namer.gazetteer.countries[code] << 3 | kind])
    return Mention("text" if start >= passage.offset else "title", start, end, index, index, name)
