"""Opinions, comments and analyses of a story: no developments, and no titles where there are reports.

Newsrooms say what they are before the title (`Kommentar: …`, `【社説】…`), behind it (`… | Opinion`) or in the address
(`/opinion/…`).
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from streams.text.word_lists import word_lists

#: Before a title: in brackets, or up to a colon, bar or dash. Behind it: in brackets, or from a bar or dash on.
BEFORE = re.compile(
    r"\s*(?:[\[(\u3010\uff08\u300c]([^\])\u3011\uff09\u300d]{2,40})[\])\u3011\uff09\u300d]"
    r"|([^:\uff1a|\uff5c\u2013\u2014]{2,40}?)\s*(?:[:\uff1a|\uff5c]|\s[-\u2013\u2014]\s))"
)
BEHIND = re.compile(
    r"(?:[\[(\uff08]([^\[(\uff08]{2,40})[\])\uff09]|(?:\s[-\u2013\u2014]\s|[|\uff5c]\s*)([^|\uff5c\u2013\u2014]{2,40}))\s*\Z"
)
#: One of these stands in a title that has a label: in any other it need not be looked for.
SIGN = re.compile(r"[\[(\u3010\uff08\u300c:\uff1a|\uff5c\u2013\u2014-]")
#: Characters at either end of a title that are looked at: a label, its punctuation, and the word beside it.
END = 60
#: Folders of an address that are looked at: what stands in the last is the title's words.
MOST_FOLDERS = 4


def folded(text: str) -> str:
    """Return a text as it is compared: in lower case, without accents and without blanks at its ends."""
    parts = unicodedata.normalize("NFD", text.strip().casefold())
    return unicodedata.normalize("NFC", "".join(part for part in parts if not "\u0300" <= part <= "\u036f"))


LABELS = frozenset(map(folded, word_lists(__package__, "opinion.toml")["opinion"]))
#: Those of titles alone.
TITLE_LABELS = LABELS.union(map(folded, word_lists(__package__, "opinion.toml")["titles_alone"]))


@lru_cache(maxsize=1 << 12)
def is_opinion(title: str, url: str | None) -> bool:
    """Return whether an article calls itself an opinion, a comment or an analysis."""
    return (SIGN.search(title) is not None and is_labelled(title)) or not LABELS.isdisjoint(folders_of(url))


def is_labelled(title: str) -> bool:
    """Return whether a title says before or behind punctuation that it is an opinion."""
    title = " ".join(title.split())
    matches = (BEFORE.match(title[:END]), BEHIND.search(title[-END:]))
    found = [group for match in matches if match is not None for group in match.groups()]
    return any(folded(label) in TITLE_LABELS for label in found if label)


def folders_of(url: str | None) -> list[str]:
    """Return the first folders of an address."""
    try:
        folders = urlsplit(url or "").path.split("/")[1:-1]
    except ValueError:
        return []
    return [folded(unquote(folder)) for folder in folders[:MOST_FOLDERS]]
