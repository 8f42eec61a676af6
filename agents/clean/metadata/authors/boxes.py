"""Boxes below an article that tell of its author: who she is, where to reach her."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterator

from agents.clean.metadata.authors.lines import MAX_NAME, MIN_PARAGRAPH, is_unknown_name
from agents.clean.metadata.bylines.names import begins_as_byline, is_name_alone, plain
from agents.clean.page.blocks import Page
from agents.clean.page.places import Setting, first_heading, setting

#: Characters of what a box says of an author, at least.
MIN_BOX = 50
#: A block that says who wrote the article above, in English.
MAX_BIOGRAPHY = 300
_NAME = r"((?:[A-ZÀ-Þ][\w.'’-]+ ){1,3}[A-ZÀ-Þ][\w'’-]+)"
_BIOGRAPHY = re.compile(rf"{_NAME},? (?:is|was|has|covers|reports|writes|can be reached)\b")
_REACH = re.compile(
    r"(?:Contact|Reach|Email|E-mail|Follow)(?: (?:reporter|staff writer|columnist|writer))? "
    rf"{_NAME} (?:at|on|via)\b"
)
_WRITER = re.compile(
    r"@|\b(?:covers|reporter|columnist|correspondent|journalist|writer|editor|author of|professor|lecturer|fellow|"
    r"can be reached|reports (?:on|for)|writes (?:on|for|about))\b"
)


def biographies(page: Page) -> Iterator[str]:
    """Yield the name with which a short block below an English article begins that says who wrote it, or where to reach her."""
    start = first_heading(page)
    if start < 0:
        return
    long = [at for at in range(start + 1, len(page.texts)) if len(page.texts[at]) >= MIN_PARAGRAPH]
    last = long[-1] if long else len(page.texts)
    for at, text in enumerate(page.texts[last : last + 3], last):
        if len(text) > MAX_BIOGRAPHY or setting(page, at, start) is not Setting.INSIDE:
            continue
        if reach := _REACH.match(text):
            name, known = reach[1], has_address(text, reach[1])
        elif _WRITER.search(text) and (biography := _BIOGRAPHY.match(text)):
            name, known = biography[1], True
        else:
            continue
        if is_name_alone(name) or (known and is_unknown_name(name)):
            yield name


def boxed_name(page: Page) -> str:
    """Return the name in a line of its own below the article whose bearer the next block tells of, beginning with the name.

    Where there are several such boxes they tell of others: candidates, speakers. Whom the text above tells of has not written it.
    """
    start = first_heading(page)
    boxes = [at for at in range(start + 1, len(page.texts) - 1) if is_box(page.texts[at], page.texts[at + 1])]
    if start < 0 or len({page.texts[at] for at in boxes}) != 1:
        return ""
    behind = range(boxes[-1] + 2, len(page.texts))
    goes_on = any(len(page.texts[at]) >= MIN_PARAGRAPH and setting(page, at, start) is Setting.INSIDE for at in behind)
    name = page.texts[boxes[-1]]
    told = any(name in text for text in page.texts[start : boxes[0]] if text != name and not begins_as_byline(text))
    return "" if goes_on or told else name


def is_box(name: str, below: str) -> bool:
    """Return whether a block is a person's name, and the next one tells of her and begins with it."""
    return len(name) < MAX_NAME and len(below) >= MIN_BOX and below.startswith(f"{name} ") and is_name_alone(name)


def has_address(text: str, name: str) -> bool:
    """Return whether a text has an address with somebody's surname in it."""
    return plain(name.rpartition(" ")[2]) in text.lower().replace(name.lower(), "")
