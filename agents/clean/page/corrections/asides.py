"""Blocks within an article that ask its reader to do something and tell nothing.

They are boxes with fields to fill in, buttons, appeals for gifts, amounts to give, and the counts of pictures.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

from agents.clean.languages import gather
from agents.clean.languages.phrases import Sought
from agents.clean.page.blocks import Page
from agents.clean.page.features import HEADINGS, WHOLE, PageFeatures
from agents.clean.page.labels import box_headings
from agents.clean.page.vocabulary import NAMES_READ, PART_BIT

#: Most words of a box around an input field.
FIELD_WORDS = 60
#: Most words of a button.
BUTTON_WORDS = 6
#: Smallest share of link in a line that counts as a link.
ALL_LINK = 0.9
#: Smallest share of link in a sentence that leads to a channel.
WHOLE_LINK = 0.98
#: Fewest words of such a sentence.
LINKED_WORDS = 4
#: Most characters of an appeal.
APPEAL_CHARS = 500
#: Fewest different phrases of appeals in it.
APPEALS = 2
#: Most blocks and words of a box that asks for gifts.
BOX_BLOCKS, BOX_WORDS = 12, 250
#: Fewest different phrases of a site's own, in the whole text and in a box of its own.
SAID = 3
#: Most blocks of such a box.
SITE_BLOCKS = 30
#: Fewest buttons below a question that are answers to it.
ANSWERS = 2
#: Most words of the question.
QUESTION_WORDS = 30
#: Fewest counts of the same number of pictures.
COUNTS = 2
#: Buttons that open what stands below them.
_OPENS = frozenset([*HEADINGS, "summary", "dt"])
#: The words of the commonest player in place of a film that needs scripts, on pages of any language.
_PLAYER = "To view this video please enable JavaScript"
_SIGNUP = PART_BIT["signup"]
#: Names of boxes to sign up in; not of texts that are for subscribers.
_BOX = re.compile(
    r"(?i)newsletter|sign-?up|opt-?in(?![a-z])|subscri(?:be|ptions?)(?![a-z])(?![-_ ]?(?:only|content|text|required))"
)
_COUNT = re.compile(r"(\d{1,3}) ?/ ?(\d{1,3})")
_AMOUNT = r"[€$£¥₹₽₴₺]?\s?\d[\d.,]{0,8}\s?[€$£¥₹₽₴₺]?"
_AMOUNTS = re.compile(rf"{_AMOUNT}(?:\s+{_AMOUNT})+")
_QUESTION = ("?", "？", "؟", ";")  # noqa: RUF001


@lru_cache(1)
def appeals() -> Sought:
    """Return a site's appeals for gifts, in all languages; built once a process."""
    return Sought(gather(lambda item: item.boilerplate.appeals))


@lru_cache(1)
def site_phrases() -> Sought:
    """Return what a site says of gifts, accounts and devices, in all languages; built once a process."""
    return Sought(gather(lambda item: [*item.boilerplate.appeals, *item.boilerplate.aims, *item.boilerplate.devices]))


@lru_cache(1)
def aims() -> Sought:
    """Return what a site says of itself and news of others too, in all languages; built once a process."""
    return Sought(gather(lambda item: item.boilerplate.aims))


def asides(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the blocks that ask for something, among them such as are not kept."""
    page = features.page
    first, last = kept[0], kept[-1]
    for element in page.fields:
        if first <= page.starts[element] <= last:
            box = box_of(features, element)
            yield from page.blocks(box)
    counts: dict[str, list[int]] = {}
    blocks = features.at(kept)
    # Few blocks are so short: no other is looked at.
    for index in blocks[features.words[blocks] <= BUTTON_WORDS].tolist():
        text = page.texts[index]
        if features.tags[index] == "button":
            if not text.endswith(_QUESTION) and not opens(page, index):
                yield index
        elif text[-1].isdigit() or text[0].isdigit():
            if found := _COUNT.fullmatch(text):
                counts.setdefault(found[2], []).append(index)
            elif page.link_chars[index] >= len(text) - text.count(" ") and are_amounts(text):
                box = box_of(features, page.owners[index])
                yield from page.blocks(box) or (index,)
    if "button" in features.tags:
        for index in blocks[features.words[blocks] <= QUESTION_WORDS].tolist():
            if page.texts[index].endswith(_QUESTION):
                yield from answers(features, index)
    for index in kept:
        if page.texts[index].startswith(_PLAYER):
            yield from page.blocks(box_of(features, page.owners[index])) or (index,)
    yield from signups(features, kept)
    yield from subscriptions(features, kept)
    # A sentence that is one link, and names a newsletter, an application or the like, leads there.
    linked = (features.links[blocks] >= WHOLE_LINK) & (features.words[blocks] >= LINKED_WORDS)
    for index in blocks[linked & (features.shapes[4][blocks] > 0)].tolist():
        if box_headings().channels.search(page.texts[index]):
            yield index
    # A site sets its appeals in bold, or as a link to its till.
    marked = np.array(page.bold_chars)[blocks] + np.array(page.link_chars)[blocks] > 0
    asking = blocks[marked & (features.chars[blocks] <= APPEAL_CHARS)].tolist()
    # One look at all of them tells of most pages that none does.
    for index in asking if appeals().may_be_in("\n".join([page.texts[index] for index in asking])) else ():
        if said := appeals_in([page.texts[index]]):
            yield from (index,) if len(said) >= APPEALS else appealing_box(features, index)
    for among in counts.values():
        if len({page.texts[index] for index in among}) >= COUNTS:
            yield from among


def signups(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the blocks of small boxes that a page calls one to sign up in, for a newsletter or for the paper."""
    page = features.page
    for index in kept:
        if page.ancestors[page.owners[index]] & _SIGNUP:
            for element in page.around(index, features.title_block):
                named = page.masks[element] & _SIGNUP and _BOX.search(page.names[element][:NAMES_READ])
                blocks = page.blocks(element)
                if named and float(features.words[blocks.start : blocks.stop].sum()) <= FIELD_WORDS:
                    yield from blocks


def answers(features: PageFeatures, question: int) -> range:
    """Return the blocks of a small box with a question and buttons to answer it by: a quiz, a poll. None where there is none."""
    page, count = features.page, 0
    while question + count + 1 < features.count and features.tags[question + count + 1] == "button":
        count += 1
    if count < ANSWERS:
        return range(0)
    inside = page.blocks(box_of(features, page.owners[question + 1]))
    asked = question in inside and inside.stop == question + count + 1 and question - inside.start <= 1
    return inside if asked else range(0)


def subscriptions(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the blocks of small boxes that end in a button or link to subscribe by."""
    page = features.page
    blocks = features.at(kept)
    after = np.minimum(blocks + 1, features.count - 1)
    brief = (features.words[after] <= BUTTON_WORDS) & (features.words[blocks] <= FIELD_WORDS)
    for index in blocks[brief].tolist():
        button = min(index + 1, features.count - 1)
        if features.tags[button] != "button" and features.links[button] < ALL_LINK:
            continue
        if not box_headings().subscribe.match(page.texts[button]):
            continue
        box = box_of(features, page.owners[button])
        if box >= 0 and page.starts[box] <= index and page.ends[box] == button + 1:
            yield from page.blocks(box)


def appeals_in(texts: Iterable[str]) -> set[str]:
    """Return the different phrases of appeals for gifts in some paragraphs. A story about gifts seldom has two in one."""
    return {found.lower() for text in texts for found in appeals().findall(text)}


def appealing_box(features: PageFeatures, index: int) -> range:
    """Return the blocks of the small box that a line opens which asks for gifts in several ways; none where none does."""
    page, element = features.page, features.page.owners[index]
    while element >= 0 and page.starts[element] == index and page.tags[element] not in WHOLE:
        inside = page.blocks(element)
        if len(inside) > BOX_BLOCKS or float(features.words[index : inside.stop].sum()) > BOX_WORDS:
            break
        if len(inside) > 1 and len(appeals_in(page.texts[block] for block in inside)) > APPEALS:
            return inside
        element = page.parents[element]
    return range(0)


def site_boxes(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the blocks of small boxes in which the site speaks of gifts or accounts in several ways, in bold or not."""
    page = features.page
    # Most blocks stand in the element of the whole text, which is none.
    boxes = [page.parents[page.owners[index]] for index in kept]
    before = np.concatenate(([0.0], features.words.cumsum()))
    ends, starts = [page.ends[box] for box in boxes], [page.starts[box] for box in boxes]
    small = (before[ends] - before[starts] <= BOX_WORDS).tolist()
    among = [index for index, brief in zip(kept, small, strict=True) if brief]
    if not among or not site_phrases().may_hold("\n".join([page.texts[index] for index in among]), SAID):
        return  # as on most pages, by one look at all of it
    told = {index: said for index in among if (said := site_phrases().findall(page.texts[index]))}
    if len({phrase.lower() for said in told.values() for phrase in said}) < SAID:
        return
    gone: set[int] = set()
    for index in told:
        if index not in gone:
            gone.update(site_box(features, index))
    yield from gone


def site_box(features: PageFeatures, index: int) -> range:
    """Return the blocks of the smallest element around a block in which a site says enough; none where that is a text."""
    page = features.page
    for element in page.around(index, features.title_block):
        inside = page.blocks(element)
        if len(inside) > SITE_BLOCKS or float(features.words[inside.start : inside.stop].sum()) > BOX_WORDS:
            break
        said = {phrase.lower() for block in inside for phrase in site_phrases().findall(page.texts[block])}
        if len(inside) > 1 and len(said) >= SAID and not all(map(aims().pattern.fullmatch, said)):
            return inside
    return range(0)


def box_of(features: PageFeatures, element: int) -> int:
    """Return the largest element above a field that is a small box, -1 where a whole text stands beside the field."""
    page, title = features.page, features.title_block
    box = -1
    while element >= 0 and page.tags[element] not in WHOLE:
        start, end = page.starts[element], page.ends[element]
        if start <= title < end or float(features.words[start:end].sum()) > FIELD_WORDS:
            break
        if end > start:
            box = element
        element = page.parents[element]
    return box


def are_amounts(text: str) -> bool:
    """Return whether a block is amounts to choose from; pages, and lines of code, are counted one by one."""
    if not _AMOUNTS.fullmatch(text):
        return False
    first, second = [int(digits) for part in text.split() if (digits := re.sub(r"\D", "", part))][:2]
    return second - first > 1


def opens(page: Page, index: int) -> bool:
    """Return whether a button is a heading, or stands alone in front of the part that it opens."""
    above = page.above(index)
    return above >= 0 and page.tags[above] in _OPENS
