"""The sentence that blogs put below the entries of their feeds: "The post TITLE appeared first on SITE".

Reporters write such sentences too. So it must end the text, and the title in it must be the article's own.
"""

import re
from functools import lru_cache

import ahocorasick_rs

from agents.clean.languages import gather
from agents.clean.languages.phrases import finder_of, folded, pattern, surest_parts
from agents.clean.text.words import count_words, normal

#: Characters at the end of a text in which the sentence is looked for. The patterns try every place, so all three are bounds.
END_CHARS = 600
#: Most characters of the title in it.
TITLE_CHARS = 300
#: Most characters of the site's name in it.
SITE_CHARS = 100
#: Words that a title shares with the one in the sentence, where one of both is longer: cut, or with a site's name beside it.
LEAST_WORDS = 3
#: A text that was shared by several blogs has a sentence of each.
MAX_SENTENCES = 3

_GAP = "…"
_SITE = rf"[^\n]{{1,{SITE_CHARS}}}"
_SENTENCES = rf"[^\n]{{0,{END_CHARS}}}"
#: What stands before the sentence where it has no line of its own.
_BEFORE = r"(?:^|(?<=[.!?…\])。\n])\s*)\W{0,3}"


@lru_cache(1)
def published_lines() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    """Return the sentence in all languages: a word that it never lacks, its pattern, and if it begins with the title.

    The word is in lower case; `title` is a group of the pattern.
    """
    phrases = gather(lambda item: item.boilerplate.first_published)
    return tuple((_surest(phrase), _compiled(phrase), phrase.startswith(_GAP)) for phrase in phrases)


@lru_cache(1)
def first_published() -> ahocorasick_rs.AhoCorasick:
    """Return the automaton that finds letters of any form of the sentence, of which most texts have none."""
    phrases = gather(lambda item: item.boilerplate.first_published)
    return finder_of(sorted({part for phrase in phrases for part in surest_parts(phrase.replace(_GAP, "*"))}))


def _surest(phrase: str) -> str:
    """Return the longest run of a phrase's characters that no form of it lacks, so that most are ruled out by it."""
    bare = phrase
    while bare != (inner := re.sub(r"\([^()\[\]]*\)|\[[^()\[\]]*\]", _GAP, bare)):
        bare = inner
    return max(re.split(rf"[\s{_GAP}']+", bare), key=len)


def _compiled(phrase: str) -> re.Pattern[str]:
    before, *after = (part.strip() for part in phrase.split(_GAP))
    title = rf"(?P<title>[^\n]{{1,{TITLE_CHARS}}}?)"
    # A sentence that begins with its title begins behind the last end of a sentence before it.
    begin = rf"{_BEFORE}{pattern(before)}" if before else rf"^(?:{_SENTENCES}(?:[.!?…\]]\s+|。))?"
    ends = [pattern(part) for part in after if part]
    site = rf"{_SITE}$" if not after[-1] else r"[^\n]{0,20}$"
    return re.compile(begin + title + rf"{_SITE}?".join(ends) + site, re.IGNORECASE)


def without_first_published(paragraphs: list[str], title: str) -> list[str]:
    """Return a text's paragraphs without the sentence at their end that says where `title` appeared first."""
    wanted = normal(title)
    if not wanted:
        return paragraphs
    kept = list(paragraphs)
    for _ in range(MAX_SENTENCES):
        if not kept or (begin := _begin(kept[-1], wanted)) is None:
            break
        kept[-1] = kept[-1][:begin].rstrip()
        if not kept[-1]:
            kept.pop()
    return kept


def _begin(text: str, title: str) -> int | None:
    """Return where the sentence begins in a paragraph, None for one without it. `title`: its words."""
    skipped = max(0, len(text) - END_CHARS)
    end = text[skipped:]
    if not first_published().find_matches_as_indexes(folded(end)):
        return None
    lower = end.lower()
    for word, line, first in published_lines():
        if word in lower:
            for found in line.finditer(end):
                if _same(normal(found["title"]), title):
                    return skipped + found.start("title" if first else 0)
    return None


def _same(found: str, title: str) -> bool:
    """Return whether both are one title, or one of them is cut or has something beside it."""
    if found == title:
        return True
    short, long = sorted((found, title), key=len)
    return count_words(short) >= LEAST_WORDS and (long.startswith(short) or long.endswith(short))
