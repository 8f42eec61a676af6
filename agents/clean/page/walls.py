"""Pages that stand in an article's place: consent walls, errors, checks for robots.

They are short, name themselves in their title or in fixed phrases, and a crawler takes them for the article that it
asked for. A page that calls itself an article, or stands in an element of that name, is never taken for one of them, nor
is a text about cookies that does not speak to its reader. The phrases stand in the language files.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from dataclasses import dataclass
from functools import lru_cache

from agents.clean.languages import gather, languages
from agents.clean.languages.phrases import Several, Sought, any_of

#: An article about cookies is longer than a page that asks for consent to them.
MAX_WORDS = 160
#: Characters of a text that are looked at.
MAX_CHARS = 5_000
#: So many different phrases that only walls hold, in a short text.
MIN_SIGNS = 3
#: Most characters of a request for consent in one paragraph.
REQUEST_CHARS = 1_200
#: Fewest phrases of consent in it.
REQUEST_SIGNS = 2
_STATUS = r"(?:(?:error\W*)?(?:40[0-9]|410|429|50[0-4])\b\W*)?"


@dataclass(frozen=True, slots=True)
class WallPhrases:
    """Patterns of all languages. `titles`: by kind, of whole titles; `consent`: each counted once; `you`: address."""

    titles: dict[str, re.Pattern[str]]
    consent: Several
    you: re.Pattern[str]
    robots: re.Pattern[str]
    rights: re.Pattern[str]


@lru_cache(1)
def wall_phrases() -> WallPhrases:
    """Return the phrases of all languages, built once a process."""
    flags = re.IGNORECASE
    titles = {
        "an error page": f"{_STATUS}(?:{any_of(gather(lambda item: item.walls.not_found))})?",
        "a check for robots": any_of(gather(lambda item: item.walls.robot_titles)),
        "a consent wall": any_of(gather(lambda item: item.walls.consent_titles)),
    }
    partners = tuple(gather(lambda item: item.walls.partners))
    phrases = [(phrase,) for phrase in gather(lambda item: item.walls.consent)]
    return WallPhrases(
        titles={kind: re.compile(source, flags) for kind, source in titles.items()},
        consent=Several([*phrases, partners]),
        you=re.compile(any_of(gather(lambda item: item.walls.you)), flags),
        robots=re.compile(any_of(gather(lambda item: item.walls.robots)), flags),
        rights=re.compile("|".join(map(re.escape, _rights_words())), flags),
    )


@lru_cache(1)
def offers() -> Sought:
    """Return the lines that say who may read on, in all languages; built once a process."""
    return Sought(gather(lambda item: item.boilerplate.paywall), r"(?:^\W*|[.!?…:]\W+)")


def _rights_words() -> list[str]:
    """Return the words of phrases of copyright that are longer than a name."""
    phrases = [phrase for language in languages().values() for phrase in language.boilerplate.rights]
    return sorted({word for phrase in phrases for word in phrase.split() if len(word) > 5 or not word.isascii()})


def names_rights(text: str) -> bool:
    """Return whether the words beside a year in a notice of copyright speak of rights and name no owner."""
    return wall_phrases().rights.search(text) is not None


def wall(title: str, text: str, words: int, publishers: list[str]) -> str:
    """Classify a page that stands in an article's place; empty for an article.

    `words`: of the text; `publishers`: the publisher's names, which a title like "Just a moment - Example" may hold.
    """
    if words > MAX_WORDS:
        return ""
    bare = title
    for name in publishers:
        bare = re.sub(rf"(?i)[\s|–—:·-]{{0,9}}\b{re.escape(name)}\b", "", bare) if len(name) > 3 else bare
    bare = bare.strip(" .…!?|–—-:'\"“”()")
    if title:
        for kind, title_pattern in wall_phrases().titles.items():
            if bare and title_pattern.fullmatch(bare) and (kind != "a consent wall" or signs(text) > 1):
                return kind
    # The phrases first: hardly a text holds one of them, and to see that takes less than the words for a reader.
    if signs(text) >= MIN_SIGNS and len(wall_phrases().you.findall(text)) > 1:
        return "a consent wall"
    return "a check for robots" if words < MAX_WORDS / 2 and len(wall_phrases().robots.findall(text)) > 1 else ""


def is_request(text: str) -> bool:
    """Return whether a paragraph asks its reader for consent: in the voice of a site, with two phrases of consent walls."""
    return len(text) <= REQUEST_CHARS and signs(text) >= REQUEST_SIGNS and wall_phrases().you.search(text) is not None


def may_be_request(text: str) -> bool:
    """Return whether letters of phrases of consent stand in some blocks; most have none."""
    return wall_phrases().consent.may_be_in(text)


def signs(text: str) -> int:
    """Count the consent-wall phrases in a text."""
    return wall_phrases().consent.count(text[:MAX_CHARS])
