"""A page's title without its publisher's name."""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Iterable

from agents.clean.metadata.bylines import squash

#: What stands between an article's title and its publisher's name, with space around it; the bar needs none.
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:~›>/]+\s+|\s*[|│]\s*|\s+::\s+|(?<=[^\s]):\s+(?=[A-Z][\w.]+$)")
#: Share of common words from which a heading is the claimed title in other words (tried .1 to .7 on 793 pages).
SIMILAR = 0.2
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def normal(title: str) -> str:
    """Return a title for comparison: words only, lower case."""
    return " ".join(_WORD.findall(title.translate(_QUOTES).lower()))


def strip_publisher(title: str, publishers: Iterable[str]) -> str:
    """Return a title without the publisher's name at its end or start.

    `publishers`: site name, host and the like. A part counts as the publisher if it is one of them (or they are in it
    and it is short); a title is never cut to less than two words.
    """
    title = " ".join(title.split())
    known = {squash(name) for name in publishers} - {""}
    while True:
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        tail, head = title[cuts[-1].end() :], title[: cuts[0].start()]
        if is_publisher(tail, known) and title[: cuts[-1].start()].strip():
            title = title[: cuts[-1].start()].strip()
        elif is_publisher(head, known) and len(title[cuts[0].end() :].split()) > 1:
            title = title[cuts[0].end() :].strip()
        else:
            return title


def is_publisher(part: str, known: set[str]) -> bool:
    """Return whether a part of a title is a publisher's name. `known`: names without spaces and signs, lower case."""
    key = squash(part)
    if not key:
        return True
    if key in known:
        return True
    if len(part.split()) > 6:
        return False
    return any(len(name) > 3 and (name in key or (len(key) > 3 and key in name)) for name in known)


def choose(headings: list[str], claims: list[str], publishers: list[str]) -> str:
    """Return the best title: a heading of the page that its own claims confirm, else the best claim, else a heading.

    `headings`: the page's h1 texts in order; `claims`: titles that the page gives about itself (og:title, title), best
    first. A heading that no claim begins with is the publisher's name or a section's as often as not.
    """
    known = {squash(name) for name in publishers} - {""}
    cleaned = [short for claim in claims if (short := strip_publisher(claim, publishers))]
    real = [heading for heading in headings if squash(heading) not in known] if cleaned else headings
    for claim in cleaned[:3]:
        key = normal(claim)
        for heading in real:
            own = normal(heading)
            if own and (
                own == key or own.startswith(key + " ") or (len(own.split()) > 2 and key.startswith(own + " "))
            ):
                return heading
    if not cleaned:
        return headings[0] if headings else ""
    wanted = set(normal(cleaned[0]).split())
    for heading in real:
        own_words = set(normal(heading).split())
        if len(own_words) > 3 and len(own_words & wanted) >= SIMILAR * len(own_words | wanted):
            return heading
    return cleaned[0]
