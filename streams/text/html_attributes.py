"""Tags with thousands of attributes: a parser compares each with all before it, 100,000 of them for twenty seconds of CPU.

Which `<` begins a tag depends on all before it: in a comment, a script or a value it is text, and parsers differ. So each one
that a letter follows is looked at as if it began one.
"""

import re
from itertools import pairwise

#: Attributes of one tag that are read; no page has so many.
MOST_ATTRIBUTES = 1_000
#: A smaller page has no room for so many that they take long.
LEAST_BYTES = 40_000
#: Bytes that so many attributes take at least: a letter each, and one that parts it from the next.
CROWDED_BYTES = 2 * MOST_ATTRIBUTES
#: Of so many bytes one `>` may stand in a value, by the quote before it; where there are more, a page is read whole.
BYTES_PER_DOUBT = 100
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
#: How a tag begins, and the characters of which one stands before a quote that opens a value: of blanks, so many are looked past.
_BEGINS = re.compile(rb"<[a-zA-Z]")
_BEFORE_VALUE, BLANKS = b"= \t\n\r\f\v", 100
#: Characters between attributes: each but the first has one of them before it, or the one before it has two around its value.
_PARTING = b" \t\n\r\f\v/\"'"


def end_crowded(html: bytes) -> bytes:
    """Return a page each of whose tags ends behind `MOST_ATTRIBUTES` attributes; the rest is text.

    A script or value that looks like such a tag has one `>` more, and stays where it is.
    """
    if len(html) < LEAST_BYTES or is_uncrowded(html):
        return html
    ends: set[int] = set()
    at = read = 0
    while tag := _TAG.match(html, begin := end_of_usual(html, at)):
        # within it too: it may begin in a text that ends before its own end, and another one behind that
        at = begin + 1
        read += tag.end() - begin
        if tag[1] is not None:
            ends.add(tag.end())
        if read > MOST_READ * len(html):  # nobody writes so many tags within tags but to take time
            html = html[:begin] + html[begin:].replace(b"<", b" ")
            break
    places = [0, *sorted(ends), len(html)]
    return b">".join([html[start:end] for start, end in pairwise(places)])


def is_uncrowded(html: bytes) -> bool:
    """Return whether surely no tag has so many attributes, by some characters of a page; else all of it is to be read.

    Behind a `>` a tag goes on only where that stands in a quoted value: then the quote before it is the one that opened the
    value, and stands behind a `=`. Each other `>` is the end of all tags. Two of them that are nearer than so many attributes
    need have no such tag between them; where they are not, each `<` between them is read as the beginning of one.
    """
    find, rfind = html.find, html.rfind
    size = read = len(html)
    doubts = size // BYTES_PER_DOUBT
    end, double, single = 0, -1, -1  # the last such `>`, and the last quotes before it
    while size - end > CROWDED_BYTES:
        close = end + CROWDED_BYTES
        while (close := rfind(b">", end + 1, close)) >= 0:
            quotes = max(double, rfind(b'"', end, close)), max(single, rfind(b"'", end, close))
            if not opens_value(html, quotes):
                break
            doubts -= 1
            if doubts < 0:
                return False
        else:
            close, seen, quotes = end + CROWDED_BYTES - 1, end, (double, single)
            while (close := find(b">", close + 1)) >= 0:
                quotes = max(quotes[0], rfind(b'"', seen, close)), max(quotes[1], rfind(b"'", seen, close))
                if not opens_value(html, quotes):
                    break
                seen = close
                doubts -= 1
                if doubts < 0:
                    return False
            close = close if close >= 0 else size
            within = end, close - CROWDED_BYTES + 1
            # scripts that begin no tag, or have no blanks
            if _BEGINS.search(html, *within) is None or not may_be_crowded(html[end:close]):
                end, (double, single) = close, quotes
                continue
            for begin in _BEGINS.finditer(html, end, end + last_crowded(html[end:close])):
                tag = _TAG.match(html, begin.start())
                assert tag is not None  # it has the same beginning
                read -= tag.end() - tag.start()
                if tag[1] is not None or read < 0:
                    return False
        end, (double, single) = close, quotes
    return True


def may_be_crowded(html: bytes) -> bool:
    """Return whether a tag in some bytes may have too many attributes, by the characters between attributes."""
    return len(html) - len(html.translate(None, _PARTING)) >= MOST_ATTRIBUTES


def last_crowded(html: bytes) -> int:
    """Return up to where in some bytes a tag may begin that has too many attributes in them."""
    first, last = 0, len(html) - CROWDED_BYTES + 1
    while last - first > CROWDED_BYTES:
        middle = (first + last) // 2
        if may_be_crowded(html[middle:]):
            first = middle
        else:
            last = middle
    return last


def opens_value(html: bytes, quotes: tuple[int, int]) -> bool:
    """Return whether one of two quotes may open a value by the characters before it; -1 stands for none."""
    double, single = quotes
    return (double > 0 and html[double - 1] in _BEFORE_VALUE and is_behind_equals(html, double)) or (
        single > 0 and html[single - 1] in _BEFORE_VALUE and is_behind_equals(html, single)
    )


def is_behind_equals(html: bytes, quote: int) -> bool:
    """Return whether a quote may stand behind a `=`, and blanks: more of them than are looked past may have one before them."""
    before = html[max(0, quote - BLANKS) : quote].rstrip()
    return not before or before.endswith(b"=")


def end_of_usual(html: bytes, at: int) -> int:
    """Return where the next tag stands that has more attributes, has a `<` in it or never ends; else the page's end."""
    usual = _USUAL.match(html, at)
    assert usual is not None  # it takes nothing, too
    return usual.end()
