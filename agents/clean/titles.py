"""A page's title without its publisher's name."""

import re
from collections.abc import Iterable

from agents.clean.bylines import squash

#: What stands between an article's title and its publisher's name, with space around it; the bar needs none.
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:~›>/]+\s+|\s*[|│]\s*|\s+::\s+|(?<=[^\s]):\s+(?=[A-Z][\w.]+$)")
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def normal(title: str) -> str:
    """Return a title for comparison: words only, lower case."""
    return " ".join(_WORD.findall(title.translate(_QUOTES).lower()))


def strip_publisher(title: str, publishers: Iterable[str]) -> str:
    """Return a title without the publisher's name at its end or start.

    `publishers`: site name, host and the like. A part counts as the publisher if it is one of them (or they are in it and it
    is short); a title is never cut to less than two words.
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
    if len(part.split()) > 6:  # noqa: PLR2004
        return False
    return any(len(name) > 3 and (name in key or (len(key) > 3 and key in name)) for name in known)  # noqa: PLR2004


def choose(headings: list[str], claims: list[str], publishers: list[str]) -> str:
    """Return the best title: a heading of the page that its own claims (og:title, title) confirm, else the best claim.

    `headings`: the page's h1 texts in order; `claims`: titles that the page gives about itself, best first.
    """
    cleaned = [strip_publisher(claim, publishers) for claim in claims if claim.strip()]
    cleaned = [claim for claim in cleaned if claim]
    normals = [normal(claim) for claim in claims]
    for heading in headings:
        key = normal(heading)
        if key and len(key) > 3 and any(claim == key or claim.startswith(key + " ") or claim.endswith(" " + key) for claim in normals):  # noqa: PLR2004
            if len(key.split()) > 1 or not cleaned or len(cleaned[0].split()) <= 2:  # noqa: PLR2004
                return heading
    if cleaned and len(headings) == 1 and len(headings[0].split()) > 3:  # noqa: PLR2004
        shared = set(normal(headings[0]).split()) & set(normal(cleaned[0]).split())
        if len(shared) >= 0.4 * len(set(normal(headings[0]).split())):
            return headings[0]
    if cleaned:
        return cleaned[0]
    return headings[0] if headings else ""
