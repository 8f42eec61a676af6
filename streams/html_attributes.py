"""Tags with thousands of attributes: a parser compares each with all before it, 100,000 of them for twenty seconds of CPU.

Which `<` begins a tag depends on all before it: in a comment, a script or a value it is text, and parsers differ. So each one
that a letter follows is looked at as if it began one.
"""

import re

#: Attributes of one tag that are read; no page has so many.
MOST_ATTRIBUTES = 1_000
#: A smaller page has no room for so many that they take long.
LEAST_BYTES = 40_000
#: So many times the bytes of a page are read at most, for a `<` within a tag is looked at, too; usual pages take some hundredths.
MOST_READ = 8

#: An attribute as the HTML Standard has it: slashes part two as blanks do, and only behind `=` is a quote one.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:="[^"]*+"|\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
#: The same without a `<` in it.
_PLAIN = rb"""[\s/]*+[^\s/><][^\s/><=]*+(?:="[^"<]*+"|\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^\s<>]*+))?+"""
#: All up to a tag that has more attributes, has a `<` in it or never ends. No part gives back what it took: all is read once.
_USUAL = re.compile(
    rb"[^<]*+(?:(?:<[a-zA-Z][^\s/><]*+(?:%b){0,%d}+[\s/]*+>|<(?![a-zA-Z]))[^<]*+)*+" % (_PLAIN, MOST_ATTRIBUTES)
)
#: A tag up to so many attributes; the last of them is a group.
_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+(?:%b){0,%d}+(%b)?+" % (_ATTRIBUTE, MOST_ATTRIBUTES - 1, _ATTRIBUTE))


def end_crowded(html: bytes) -> bytes:
    """Return a page each of whose tags ends behind `MOST_ATTRIBUTES` attributes; the rest is text.

    A script or value that looks like such a tag has one `>` more, and stays where it is.
    """
    if len(html) < LEAST_BYTES:
        return html
    parts: list[bytes] = []
    whole = at = read = 0  # all before `whole` is in `parts`
    while tag := _TAG.match(html, begin := end_of_usual(html, at)):
        at = begin + 1
        read += tag.end() - begin
        if tag[1] is not None:
            parts += [html[whole : tag.end()], b">"]
            whole = at = tag.end()
        elif read > MOST_READ * len(html):  # nobody writes so many tags within tags but to take time
            return b"".join([*parts, html[whole:begin], html[begin:].replace(b"<", b" ")])
    return b"".join([*parts, html[whole:]]) if parts else html


def end_of_usual(html: bytes, at: int) -> int:
    """Return where the next tag stands that has more attributes, has a `<` in it or never ends; else the page's end."""
    usual = _USUAL.match(html, at)
    assert usual is not None  # it takes nothing, too
    return usual.end()
