"""Words right before a name or right behind it that tell it from a scene: a clock, a sea, a street, a flag, a birth.

Each rule has its words by language, and what it makes of the names that it finds.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

from agents.tag.regions.lexicon.gazetteer import COUNTRY, DEMONYMS
from agents.tag.regions.mentions import Mention, Passage

T = TypeVar("T")


class Words(NamedTuple):
    """Words right before and right behind a name, in one language.

    `parts`: of these words, without regard to endings and capitals: a text with none of them is not searched. A rule that
    looks at each mention alone lists none.
    """

    parts: list[str]
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None


def words(parts: str = "", before: str | Sequence[str] = "", behind: str | Sequence[str] = "") -> Words:
    """Compile the words of one language; a pattern may be given in pieces."""
    return Words(
        parts.split(),
        re.compile(rf"\b(?i:{''.join(before)}) ?$") if before else None,
        re.compile("".join(behind)) if behind else None,
    )


def words_beside(rule: str) -> dict[str, Words]:
    """Return the words of a rule by language, as `words_beside.toml` lists them."""
    return by_language({languages: words(**fields) for languages, fields in _rules()[rule].items()})


@cache
def _rules() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(files(__package__).joinpath("words_beside.toml").read_text(encoding="utf-8"))


def by_language(words: dict[str, T]) -> dict[str, T]:
    """Return words that stand under several languages, `cs sk`, by each of them."""
    return {language: found for languages, found in words.items() for language in languages.split()}


def is_beside(
    passage: Passage,
    mention: Mention,
    before: re.Pattern[str] | None,
    behind: re.Pattern[str] | None,
    characters: int,
) -> bool:
    """Return whether words end where a mention begins, within so many characters before it, or begin where it ends."""
    if behind is not None and behind.match(passage.folded, mention.end):
        return True
    return before is not None and passage.before(mention, before, characters) is not None


def is_of_country(mention: Mention) -> bool:
    """Return whether a mention is a country's name or one of its people."""
    return mention.name.level == COUNTRY or mention.name.first.kind in DEMONYMS


def drop_beside_others(passage: Passage, is_no_scene: Callable[[Mention], bool]) -> None:
    """Mark as dropped the mentions that are no scene, where another one names another country."""
    found: list[Mention] = []
    countries: set[int] = set()
    for mention in passage.mentions:
        if mention.dropped:
            continue
        if is_no_scene(mention):
            found.append(mention)
        else:
            countries.add(mention.name.first.country)
    for mention in found:
        mention.dropped = bool(countries - {mention.name.first.country})
