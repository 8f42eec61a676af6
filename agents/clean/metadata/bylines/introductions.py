"""Words before the names of a byline ("by"), and given names that are spelt like one of another language."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from functools import lru_cache

from agents.clean.languages import languages
from agents.clean.metadata.bylines.words import byline_words, squash
from agents.clean.text.language import primary

#: What stands in a surname before a second capital: McKay, MacLeod, O'Brien.
_OWN_CAPITAL = re.compile(r"^(?:Ma?c(?=[A-Z])|[OD]['’](?=[A-Z]))")
#: Letters that hardly another language of Latin letters has.
_VIETNAMESE = re.compile("[ơưƠƯ\u1ea0-\u1ef9]")
#: Punctuation behind the last word of a name.
_ENDS = (",", ";", "|")


def strip_introduction(byline: str) -> str:
    """Return a byline without the phrases that introduce the names."""
    for _ in range(3):
        shorter = byline_words().start.sub("", byline, count=1)
        if shorter == byline or is_given_name(byline[: -len(shorter)], shorter):
            break
        byline = shorter
    return byline


def is_given_name(introduction: str, rest: str) -> bool:
    """Return whether a word before a name is no introduction but a given name before one surname: Theo, "by" in Vietnamese."""
    known, given = byline_words(), introduction.strip()
    if given.lower() not in known.given_names or given.islower():
        return False
    surname, *behind = rest.split(" ", 2)
    plain_name = _OWN_CAPITAL.sub("", surname.rstrip(",;|"))
    ends = surname.endswith(_ENDS) or not behind or behind[0].lower().strip("&,;|") in ("", *known.joiners)
    cased = plain_name.istitle() or (plain_name.isupper() and given.isupper())
    return ends and cased and not _VIETNAMESE.search(surname) and squash(plain_name) not in known.agencies


@lru_cache(64)
def source_words(tag: str) -> frozenset[str]:
    """Return the given names of other languages that are words before a source in the one of a tag: Theo, in Vietnamese."""
    known = languages().get(primary(tag))
    words = [*known.bylines.introductions, *known.bylines.weak_introductions] if known else []
    return byline_words().given_names.intersection(map(str.lower, words))
