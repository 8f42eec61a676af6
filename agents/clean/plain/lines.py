"""The lines of a plain text: without the marks of Markdown and HTML's entities, and joined where they were set to one width."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from itertools import pairwise

from streams.text.character_references import unescape

SENTENCE_END = tuple('.!?…。！？।؟۔"”»’)')
#: Fewest lines of a text that was wrapped at one width.
WRAPPED_LINES = 4
#: Smallest and largest such width, in characters.
NARROWEST, WIDEST = 40, 140
#: Smallest share of wrapped lines that end within a sentence.
WITHIN = 0.4
#: Smallest share of lines that are full; and where many begin with a small letter.
FULL, SOME_FULL = 0.5, 0.2
#: Smallest shares of lines that begin with a small letter: some, and many.
SOME_SMALL, MANY_SMALL = 0.1, 0.35
#: An entity that was left when a page became text.
_ENTITY = re.compile(r"&(?:amp|nbsp|quot|apos|lt|gt|[lr][sd]quo|[mn]dash|hellip|#\d{2,5}|#x[\da-fA-F]{2,5});")
#: Marks of Markdown: a heading, a link with its address, a picture, words set bold.
_HEADING = re.compile(r"#{1,6} (?=\S)")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\((?:https?://|/|#)[^()\s]{0,500}\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,500}?)(?<=\S)\1")
#: Ends of elements, and the characters at a text's head in which they are looked for.
_CLOSING = re.compile(r"</(?:p|div|html|head|title|body|article|h1)>", re.IGNORECASE)
HEAD = 20_000
#: Marks in a text, at least, for it to be Markdown or HTML.
MARKS = 2
#: A word that was divided at the end of a line.
_DIVIDED = re.compile(r"[^\W\d_]-\Z")


def is_html(content: str) -> bool:
    """Return whether a text that came as plain text is HTML: some servers and programs say nothing better."""
    head = content[:HEAD].lstrip()
    return head.startswith("<") and len(_CLOSING.findall(head)) >= MARKS


def lines_of(content: str) -> list[str]:
    """Return the lines of a plain text that hold anything, with single spaces."""
    if "&" in content and _ENTITY.search(content):
        content = unescape(content)
    lines = [" ".join(line.split()) for line in content.splitlines()]
    if sum(1 for line in lines if _HEADING.match(line)) + len(_LINK.findall(content)) >= MARKS:
        lines = [without_marks(line) for line in lines]
    return unwrap(lines)


def without_marks(line: str) -> str:
    """Return a line of Markdown as it is read."""
    line = _LINK.sub(lambda link: "" if link[0].startswith("!") else link[1], _HEADING.sub("", line, count=1))
    return _BOLD.sub(r"\2", line).strip()


def unwrap(lines: list[str]) -> list[str]:
    """Return the lines with text.

    Text that was set to one width, as agencies and mail have it, is joined again: a paragraph ends at a blank line, or with a
    sentence behind which the next word would have had room.
    """
    filled = [line for line in lines if line]
    if not is_wrapped(filled):
        return filled
    width = max(map(len, filled))
    out: list[str] = []
    above = ""
    for line in lines:
        if line and above and not (above.endswith(SENTENCE_END) and len(above) + room_of(line) <= width):
            divided = _DIVIDED.search(above) and line[0].islower()
            out[-1] = f"{out[-1]}{'' if divided else ' '}{line}"
        elif line:
            out.append(line)
        above = line
    return out


def is_wrapped(filled: list[str]) -> bool:
    """Return whether lines were set to one width: they end within a sentence, where the next word had no room.

    In scripts with capitals words in small letters begin many of them, as they begin no headline. Where they begin more, fewer
    lines need to be full: one of them may be too long.
    """
    width = max(map(len, filled), default=0)
    if len(filled) < WRAPPED_LINES or not NARROWEST <= width <= WIDEST:
        return False
    breaks = list(pairwise(filled))
    full = sum(len(line) + room_of(following) > width for line, following in breaks) / len(breaks)
    within = sum(not line.endswith(SENTENCE_END) for line, _ in breaks) / len(breaks)
    small = sum(following[0].islower() for _, following in breaks) / len(breaks)
    if within < WITHIN or full < SOME_FULL:
        return False
    # In capitals throughout, a text has no small letters to tell by.
    cased = any(not line.isupper() and line[0].isupper() for line in filled)
    return small >= MANY_SMALL or (full >= FULL and (small >= SOME_SMALL or not cased))


def room_of(line: str) -> int:
    """Return the room that the first word of a line takes behind another."""
    return 1 + len(line.partition(" ")[0])
