"""Tags with thousands of attributes: a parser compares each with all before it, 100,000 of them for twenty seconds of CPU."""

import re

#: Attributes of one tag that are read; no page has so many.
MOST_ATTRIBUTES = 1_000
#: A smaller page has no room for so many that they take long.
LEAST_BYTES = 40_000

#: An attribute as the HTML Standard has it: slashes part two as blanks do, and only behind `=` is a quote one.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:="[^"]*+"|\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_BEGIN = rb"<[a-zA-Z][^\s/>]*+"
#: All up to a tag with more attributes, or one that never ends. Nothing is read twice: no part gives back what it took.
_USUAL = re.compile(
    rb"[^<]*+(?:(?:%b(?:%b){0,%d}+[\s/]*+>|<(?![a-zA-Z]))[^<]*+)*+" % (_BEGIN, _ATTRIBUTE, MOST_ATTRIBUTES)
)
_CROWDED = re.compile(rb"%b(?:%b){%d}" % (_BEGIN, _ATTRIBUTE, MOST_ATTRIBUTES))


def end_crowded(html: bytes) -> bytes:
    """Return a page each of whose tags ends behind `MOST_ATTRIBUTES` attributes; the rest is text.

    A script that looks like such a tag has one `>` more, and stays where it is.
    """
    if len(html) < LEAST_BYTES:
        return html
    parts: list[bytes] = []
    at = 0
    while crowded := _CROWDED.match(html, end_of_usual(html, at)):
        parts += [html[at : crowded.end()], b">"]
        at = crowded.end()
    return b"".join([*parts, html[at:]]) if parts else html


def end_of_usual(html: bytes, at: int) -> int:
    """Return where the next tag stands that has more attributes or never ends; the page's end where there is none."""
    usual = _USUAL.match(html, at)
    assert usual is not None  # it takes nothing, too
    return usual.end()
