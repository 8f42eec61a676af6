"""Discussions below an article: readers' comments are none of its text, however much of the page it is."""

import re
from collections.abc import Iterator
from functools import lru_cache

from agents.clean.languages import gather
from agents.clean.languages.phrases import Heads, any_of
from agents.clean.page.blocks import Page
from agents.clean.page.corrections.following import is_dated
from agents.clean.page.features import HEADINGS, PageFeatures
from agents.clean.page.vocabulary import PART_BIT

#: Fewest words of an article above its comments.
BEFORE_COMMENTS = 12
#: Fewest words above comments whose label is no heading.
BEFORE_LABEL = 60
#: Most characters of a label or a heading.
LABEL_CHARS = 40
#: Most characters of a line with a comment's time.
STAMP_CHARS = 100
#: Most blocks between the times of two comments.
APART = 12
#: Fewest comments below a label.
COMMENTS = 2
#: Fewest words of a comment.
COMMENT_WORDS = 10
_COUNT = r"\W*(?:\(?\d[\d.,]*\)?\W*)?"
_LETTER = re.compile(r"[^\W\d_]")
_TIME = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)")


@lru_cache(1)
def comment_heading() -> re.Pattern[str]:
    """Return the pattern of a discussion's whole heading, "12 Comments", in all languages; built once a process."""
    comments = any_of(gather(lambda item: [*item.boilerplate.comments, *item.boilerplate.comment_rules]))
    return re.compile(rf"{_COUNT}{comments}{_COUNT}", re.IGNORECASE)


@lru_cache(1)
def comments_begin() -> Heads:
    """Return the beginnings of the words for a discussion, behind its number, in all languages; built once a process."""
    phrases = gather(lambda item: [*item.boilerplate.comments, *item.boilerplate.comment_rules])
    return Heads(phrase.lstrip("# ") for phrase in phrases)


@lru_cache(1)
def comment_rules() -> re.Pattern[str]:
    """Return the pattern of the headings of rules for comments, in all languages; built once a process."""
    return re.compile(any_of(gather(lambda item: item.boilerplate.comment_rules)), re.IGNORECASE)


def without_comments(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without those below a heading of comments or in an element of comments.

    A short post with a long discussion is the post, however much of the page the discussion is.
    """
    page = features.page
    inside = {index for index in kept if page.ancestors[page.owners[index]] & PART_BIT["comment"]}
    outside = [index for index in kept if index not in inside] if inside else kept
    if inside and float(features.words[outside].sum()) >= BEFORE_COMMENTS:
        kept = outside
    labels = labels_within(features, kept[0] + 1, kept[-1] + 1)
    headings = [index for index in labels if features.tags[index] in HEADINGS]
    among = set(kept)
    for index in [heading for heading in headings if heading in among] + headings:
        above = [block for block in kept if block < index]
        if float(features.words[above].sum()) >= BEFORE_COMMENTS and not is_of_text(page, index, above):
            return above
    # "Leave a comment" is a button in the middle of a letter, too: a discussion says how many there are.
    for index in [label for label in labels if holds_number(page.texts[label])]:
        above = [block for block in kept if block < index]
        if float(features.words[above].sum()) >= BEFORE_LABEL and (
            are_alike(features, index, kept) or are_comments(features, index, kept)
        ):
            return above
    return kept


def is_of_text(page: Page, heading: int, above: list[int]) -> bool:
    """Return whether a heading of rules stands among the paragraphs above it: news of a council's etiquette has one, too."""
    if not comment_rules().search(page.texts[heading]):
        return False
    beside = page.container(heading)
    return any(page.container(block) == beside for block in above)


def labels_within(features: PageFeatures, start: int, end: int) -> list[int]:
    """Return the blocks of a range that are the label of a discussion: headings, and such as have a number."""
    tags, begun, size = features.tags, comments_begin().first, Heads.SIZE
    return [
        index
        for index, text in enumerate(features.page.texts[start:end], start)
        if len(text) < LABEL_CHARS
        and (begun[text[:size]] or not text[0].isalpha())
        and (tags[index] in HEADINGS or holds_number(text))
        # Before its first word stand punctuation and a number alone.
        and (word := _LETTER.search(text))
        and begun[text[word.start() :][:size]]
        and comment_heading().fullmatch(text)
    ]


def holds_number(text: str) -> bool:
    """Return whether a text has a digit."""
    return any(map(str.isdigit, text))


def are_alike(features: PageFeatures, label: int, kept: list[int]) -> bool:
    """Return whether the texts below a label look alike, and like none above it, or there are none but names and counts."""
    texts = [index for index in kept if features.words[index] >= COMMENT_WORDS]
    below = [int(features.groups[index]) for index in texts if index > label]
    above = {int(features.groups[index]) for index in texts if index < label}
    return not below or (len(set(below)) == 1 and below[0] not in above and len(below) >= COMMENTS)


def are_comments(features: PageFeatures, label: int, kept: list[int]) -> bool:
    """Return whether texts of which each has a line with its time begin right below a label."""
    texts = [index for index in kept if index > label and features.words[index] >= COMMENT_WORDS]
    found, last = 0, label
    for stamp in stamps(features, label):
        if stamp - last > APART:
            break
        # A comment stands between two times, between the label and the first one, or in one block with its time.
        found += any(last < index <= stamp for index in texts)
        last = stamp
    found += any(last < index <= last + APART for index in texts)
    return last > label and found >= COMMENTS


def stamps(features: PageFeatures, label: int) -> Iterator[int]:
    """Yield the blocks below a label whose first or last line, a short one, holds a time or a date."""
    texts = features.page.texts
    for index in range(label + 1, len(texts)):
        first, _, _ = texts[index].partition("\n")
        _, _, last = texts[index].rpartition("\n")
        if any(len(line) <= STAMP_CHARS and (_TIME.search(line) or is_dated(line)) for line in (first, last)):
            yield index
