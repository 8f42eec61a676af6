"""Lines and headings that speak of the site: labels of boxes, invitations, credits, in all languages."""

import re
from dataclasses import dataclass
from functools import lru_cache

from agents.clean.languages import gather
from agents.clean.languages.phrases import First, Heads, Openings, Sought, any_of, folded, forms

#: Letters of a line's end by which most lines are known not to end as an invitation does.
LAST_LETTERS = 2
#: Spaces in a credit alone, at most.
CREDIT_WORDS = 8
#: Punctuation with which the label of a credit ends.
_BEHIND_LABEL = (":", "=", "：")  # noqa: RUF001
#: Punctuation around a credit, and at the end of a line.
_BRACKETS, _SIGNS = "()[] ", " .!।。…:»>"


@dataclass(frozen=True, slots=True)
class BoxHeadings:
    """Whole headings of boxes in all languages."""

    boxes: re.Pattern[str]
    boxes_begin: Heads
    contents: re.Pattern[str]
    speaks: Heads
    subscribe: Openings
    subscribe_end: Sought
    last_letters: frozenset[str]
    channels: re.Pattern[str]
    notes: Openings
    teasers: re.Pattern[str]
    teasers_begin: Heads
    credit: re.Pattern[str]
    credit_begins: Heads
    #: Beginnings of all these lines but those of `subscribe_end`.
    lines_begin: First


@lru_cache(1)
def box_headings() -> BoxHeadings:
    """Return the headings, built once a process."""
    flags = re.IGNORECASE
    teasers = gather(lambda item: [*item.boilerplate.related, *item.boilerplate.onward])
    ends = gather(lambda item: item.boilerplate.subscribe_end)
    subscribe = list(gather(lambda item: item.boilerplate.subscribe))
    notes = list(gather(lambda item: item.boilerplate.notes))
    about = gather(lambda item: item.boilerplate.about_author)
    boxed = (
        *gather(lambda item: [*item.boilerplate.related, *item.boilerplate.highlights, *item.boilerplate.contents]),
        *about,
    )
    boxes_begin, speaks, teasers_begin = Heads(boxed), Heads([*subscribe, *notes]), Heads(teasers)
    credit_begins = Heads(gather(lambda item: item.boilerplate.credits))
    return BoxHeadings(
        boxes_begin=boxes_begin,
        contents=re.compile(rf"\W*{any_of(gather(lambda item: item.boilerplate.contents))}\W*", flags),
        boxes=re.compile(rf"\W*{any_of(boxed)}\W*", flags),
        speaks=speaks,
        subscribe=Openings(subscribe),
        notes=Openings(notes),
        subscribe_end=Sought(ends),
        last_letters=frozenset(
            end[-LAST_LETTERS:] for phrase in ends for form in forms(phrase) for end in (form.lower(), folded(form))
        ),
        channels=re.compile(any_of(gather(lambda item: item.boilerplate.channels)), flags),
        teasers=re.compile(rf"\W*{any_of(teasers)}", flags),
        teasers_begin=teasers_begin,
        credit_begins=credit_begins,
        lines_begin=First((boxes_begin, speaks, teasers_begin, credit_begins)),
        credit=re.compile(any_of(gather(lambda item: item.boilerplate.credits)), flags),
    )


def speaking(texts: list[str]) -> set[int]:
    """Return the blocks that may begin as a heading of a box, an invitation, a note, a pointer to other articles or a credit.

    One look at the first letters of all blocks of a page leaves few of them.
    """
    size, lines = Heads.SIZE, box_headings().lines_begin
    return {index for index, text in enumerate(texts) if lines[text[:size]]}


def is_invitation(text: str, *, begun: bool = True) -> bool:
    """Return whether a short block asks to subscribe or to follow by a channel that it names, or is a note on the site.

    `begun`: it may begin as one, by `speaking`.
    """
    headings = box_headings()
    bare = text.rstrip(_SIGNS)
    ends = bare[-LAST_LETTERS:].lower() in headings.last_letters
    # One look rules most lines out.
    if not (ends or (begun and headings.speaks.may_begin(text))):
        return False
    if (invited := headings.subscribe.match(text)) and headings.channels.search(text, names_channel(invited)):
        return True
    if ends and (last := headings.subscribe_end.findall(bare)) and bare.endswith(last[-1]):
        return headings.channels.search(text) is not None
    return headings.notes.match(text) is not None


def names_channel(invited: re.Match[str]) -> int:
    """Return where the channel of an invitation may begin: behind its first word, where that is one itself."""
    return invited.end() if box_headings().channels.fullmatch(invited[0].strip()) else 0


def is_credit(text: str) -> bool:
    """Return whether a short block is nothing but the credit of a picture: the label, and a few words behind it.

    Without punctuation between them the label is some words ("Photo by") or a short form ("Fot."), and only a name follows.
    """
    text = text.strip(_BRACKETS)
    headings = box_headings()
    if text.count(" ") > CREDIT_WORDS or not headings.credit_begins.may_begin(text):
        return False
    label = headings.credit.match(text)
    if label is None:
        return False
    behind = text[label.end() :].strip()
    if label[0].endswith(_BEHIND_LABEL) or behind.startswith(_BEHIND_LABEL):
        return True
    return (" " in label[0] or label[0].endswith(".")) and all(
        word[0].isupper() or not word[0].isalnum() for word in behind.split() or "a"
    )
