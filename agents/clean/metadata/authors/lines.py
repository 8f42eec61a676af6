"""Bylines among the lines of a page: around the heading, beside a date, below a label, or anywhere."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from agents.clean.languages import words
from agents.clean.metadata.bylines.introductions import strip_introduction
from agents.clean.metadata.bylines.names import (
    CREDENTIAL,
    before_town,
    begins_as_byline,
    clean_name,
    is_name_alone,
    is_other_work,
    is_team,
    may_be_name,
    name_behind,
    plain,
    without_address,
)
from agents.clean.metadata.bylines.reporters import reporters_in, wire_reporters
from agents.clean.metadata.bylines.words import byline_words, is_role, squash
from agents.clean.metadata.dates.labels import date_labels, named
from agents.clean.metadata.dates.parsing import parse_date
from agents.clean.metadata.dates.places import in_caption
from agents.clean.page.blocks import Page
from agents.clean.page.places import HEAD_LINES, Setting, first_heading, setting
from agents.clean.text.words import STOPS
from streams.text.word_lists import word_lists

#: Longer texts are biographies, not bylines.
MAX_BYLINE = 140
#: Characters of a summary, at most: two longer blocks below the heading are the text.
MAX_SUMMARY = 200
#: A block whose first line may be a byline is no longer than this.
MAX_BLOCK = 1_000
#: Blocks before and after the heading in which a byline stands.
BEFORE, AFTER = 3, 12
#: Blocks below the heading that are the article's whatever they are called.
CLOSE = 5
#: Punctuation between a name, a role and a date, in a line no longer than this.
PARTS = re.compile(r"\s*[|•·/]\s*|\s+[–—ـ-]\s+")
MAX_UNMARKED = 80
#: Most characters of a label in a line of its own, and of what others did before "by".
MAX_LABEL, MAX_WORK = 20, 30
#: Fewest and most letters of a name, with its space.
MIN_NAME, MAX_NAME = 5, 40
#: Names in a line without an introduction, at most.
MAX_NAMES = 5
#: First words of towns that are given names too, and of towns and regions besides.
_PLACES = frozenset(word_lists("agents.clean.metadata")["towns_like_names"])
_TOWNS = _PLACES.union(word_lists("agents.clean.metadata")["towns"])
#: Where the authors are, behind their names: behind the last of them, and behind each.
_WHERE = r" (?:in|at) (?:the )?[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+){0,2}"
_IN_PLACE, _IN_PLACES = re.compile(rf"{_WHERE}$"), re.compile(rf"{_WHERE}(?=$|,| and | und | et )")
#: A full stop behind an initial.
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")
#: Letters of an article's last paragraph, at least.
MIN_PARAGRAPH = 100
#: A word of a name in a line of its own: an initial, or three letters and more, the first a capital.
_NAME_WORD = re.compile(r"[^\W\d_]\.|[^\W\d_][^\W\d_'’-]{2,}(?:['’-][^\W\d_]{2,})*|[A-Z]['’][^\W\d_]{3,}")
#: The end of a part of a line.
_SIGN_ENDS = re.compile(r"[,;.|•·/–—-]\s*$")
_UP_TO_DIGIT = re.compile(r"\D*")
#: "Author(s)".
_PLURAL = re.compile(r"\(\w{1,3}\)$")
#: Behind a date: a year's sign, and what stands between the date and the rest.
_BEHIND_DATE = re.compile(r"^(?:\s*(?:г|р|год|року)\b\.?)?[\s,|·•:–—/-]*")


def text_bylines(page: Page, *, near: bool) -> Iterator[str]:
    """Yield short blocks that start like a byline: around the heading, or anywhere."""
    start = first_heading(page, without=0)
    texts = page.texts[max(0, start - BEFORE) : end_of_head(page, start)] if near else page.texts
    for at, text in enumerate(texts, max(0, start - BEFORE) if near else 0):
        # Old pages have the title, the byline and the text in one element, and line breaks between them.
        lines = HEAD_LINES if at == start else 1
        if near and (names := wire_reporters(text)):
            yield names
        for line in text.split("\n", lines)[:lines] if lines > 1 or len(text) < MAX_BLOCK else ():
            if (
                lines == 1
                and len(line) < MAX_LABEL
                and "\n" in text
                and byline_words().label.fullmatch(line.strip(" :："))
            ):
                # A label in a line of its own.
                line = " ".join(text.split("\n", 2)[:2])  # noqa: PLW2901
            if len(line) < MAX_BYLINE and begins_as_byline(line):
                if not near or setting(page, at, start) is not Setting.OTHER:
                    yield line
            elif near and (names := reporters_in(line)):
                yield names
            elif near and len(line) < MAX_BYLINE and is_other_work(line):
                yield from written_besides(line)


def end_of_head(page: Page, start: int) -> int:
    """Return the end of the blocks below a heading that may name its article's authors: `AFTER`, or the text's beginning.

    That is the first short block behind two long ones: what stands between paragraphs tells of something else.
    """
    end = min(start + AFTER, len(page.texts))
    long = 0
    for at in range(start + 1, end):
        if len(page.texts[at]) >= MAX_SUMMARY:
            long += 1
        elif long > 1:
            return at
    return end


def ends_sentence(text: str) -> bool:
    """Return whether a line ends as a sentence does, and not with an initial: "Doe J. K."."""
    return text.endswith(STOPS) and not _INITIAL.search(text)


def bylines_beside_dates(page: Page) -> Iterator[str]:
    """Yield the bylines of short blocks around the heading that begin with something else, mostly the date."""
    start = first_heading(page, without=0)
    within = byline_words().within
    for text in page.texts[max(0, start - BEFORE) : start + AFTER]:
        if len(text) >= MAX_BYLINE or ends_sentence(text) or not parse_date(text):
            continue
        if introduction := next((item for item in within.finditer(text) if not is_others(text, item)), None):
            yield text[introduction.end() :].split("\n", 1)[0]
        elif names := reporters_in(text):
            yield names


def written_besides(text: str) -> list[str]:
    """Return the author's part of a line that begins with others' work: "Photographs by Ann Lee, words by Jane Doe"."""
    found = byline_words().within.finditer(text)
    return [
        text[item.start() :] for item in found if _SIGN_ENDS.search(text, 0, item.start()) and not is_others(text, item)
    ][:1]


def is_others(text: str, introduction: re.Match[str]) -> bool:
    """Return whether an introduction within a line ends a phrase of others' work: "reviewed by"."""
    work = byline_words().other_work
    before = text[max(0, introduction.start() - MAX_WORK) : introduction.end()].rstrip()
    return any(match.end() > len(before) for match in work.finditer(f" {before}"))


def labelled_names(page: Page) -> Iterator[str]:
    """Yield the blocks below one that is nothing but the introduction of an author: "Written by"."""
    label, begins = byline_words().label, byline_words().label_begins
    start = first_heading(page, without=0)
    for at, (text, following) in enumerate(pairwise(page.texts)):
        if at >= start - BEFORE and len(text) < 30 and len(following) < MAX_UNMARKED and begins.may_begin(text):
            # The pattern of all labels comes last: most blocks fail at the words.
            names = [name for name in following.split(", ") if not CREDENTIAL.match(name)]
            if (
                names
                and all(1 <= name.count(" ") <= 4 and name[:1].isupper() for name in names)
                and label.fullmatch(_PLURAL.sub("", text.strip(" :：")))
                and all(map(is_whole_name, names))
                and not (at and is_name_alone(page.texts[at - 1]))  # whose role it is
            ):
                below = page.texts[at + 2 : at + 1 + MAX_NAMES]
                more = takewhile(is_name_alone, [line for line in below if line.lower() not in byline_words().joiners])
                yield ", ".join([*names, *more])


def is_whole_name(text: str) -> bool:
    """Return whether a text is two to four words with capitals, and all of it a name."""
    parts = text.split()
    return (
        2 <= len(parts) <= 4
        and parts[0][0].isupper()
        and all(word[0].isupper() or word in byline_words().particles for word in parts)
        and clean_name(text) == " ".join(parts)
    )


def names_below_heading(page: Page) -> Iterator[str]:
    """Yield the lines right below the heading that are names: alone, before punctuation, a date or an employer, beside a date."""
    start = first_heading(page)
    if start < 0:
        return
    alone: list[str] = []
    for at, whole in enumerate(page.texts[start + 1 : min(start + 8, end_of_head(page, start))], start + 1):
        text = without_address(whole) if "@" in whole and len(whole) < MAX_BYLINE else whole
        if text != whole and is_unknown_name(text):
            yield text
            continue
        line, _, below = text.partition("\n")
        # Behind the sign of copyright stand an agency and its photographer.
        if len(text) >= MAX_UNMARKED or "©" in text or setting(page, at, start) is Setting.OTHER:
            continue
        if len(line) < 40 and is_name_alone(line):
            alone.append(line)
            continue
        if below and is_post(line) and is_name_alone(below):
            alone.append(below)
            continue
        if name := name_behind(line, joined=bool(alone)):
            alone.append(name)
            continue
        if alone:
            if is_post(text):
                continue  # of the one above
            break
        dated = any(len(beside) < MAX_UNMARKED and parse_date(beside) for beside in page.texts[at - 1 : at + 2 : 2])
        if names := names_before(text, dated=dated):
            yield names
        elif len(parts := PARTS.split(text)) > 1:
            if all(map(is_name_alone, parts)):
                yield ", ".join(parts)
            yield from (part for part in parts[:3] if are_names(part))
            if may_be_name(parts[0]) and any(map(names_agency, parts[1:3])):
                yield parts[0]
        elif are_names(text) and (dated or is_row_of_names(page, text, at)):
            yield text
    if alone:
        yield ", ".join(alone)


def is_row_of_names(page: Page, text: str, at: int) -> bool:
    """Return whether a block is nothing but persons' names, none of whom the page speaks of: whom news is about, tags name."""
    names = byline_words().split.split(text)
    return all(map(is_name_alone, names)) and not any(is_spoken_of(page, name, at) for name in names)


def unknown_name_by_date(page: Page) -> Iterator[str]:
    """Yield the line between the heading and the text, beside a date, that can be nothing but a name nobody knows."""
    start = first_heading(page)
    for at in range(start + 1, min(start + 1 + CLOSE, len(page.texts))) if start >= 0 else ():
        text = page.texts[at]
        if len(text) >= MAX_UNMARKED:
            if at > start + 1:
                return
            continue  # the lead
        digit = next((index for index, char in enumerate(text) if char.isdigit()), len(text))
        name = before_town(byline_words().dated.sub("", text)[:digit].strip(" ,|·•–—-/("))
        dates = [text] if digit < len(text) else lines_beside(page, at)
        if not is_unknown_name(name) and (behind := behind_date(text)):
            name, dates = _IN_PLACE.sub("", behind), [text]
        if is_unknown_name(name) and any(len(date) < MAX_UNMARKED and parse_date(date) for date in dates):
            inside = setting(page, at, start) is Setting.INSIDE and not in_caption(page, at)
            if inside and not is_spoken_of(page, name, at):
                yield name
            return


def lines_beside(page: Page, at: int) -> list[str]:
    """Return the lines above and below a block, but for punctuation alone: themes set bars and dots between names and dates."""
    above = (text for text in page.texts[max(0, at - 2) : at][::-1] if any(map(str.isalnum, text)))
    below = (text for text in page.texts[at + 1 : at + 3] if any(map(str.isalnum, text)))
    return [text for text in (next(above, ""), next(below, "")) if text]


def is_unknown_name(text: str) -> bool:
    """Return whether a text has the shape of a name: two to four words with capitals, none that says something else."""
    known = byline_words()
    parts = text.split()
    return (
        may_be_name(text)
        and len(text) < MAX_NAME
        and parts[-1][0].isupper()
        and plain(parts[0]) not in _TOWNS
        and all(_NAME_WORD.fullmatch(word) or word in known.particles for word in parts)
        and known.nobody.isdisjoint(map(plain, parts))
        and known.teams.isdisjoint(map(plain, parts))
        and clean_name(text) == text
    )


def is_spoken_of(page: Page, name: str, at: int) -> bool:
    """Return whether a page has a line elsewhere too, or its words as common ones: a section, a town, a person in the news.

    A box below the text that is headed by the name, and tells of its bearer, is the author's.
    """
    low = {plain(word) for word in name.split() if len(word) > 2}
    boxed = {
        index
        for box, (label, below) in enumerate(pairwise(page.texts))
        if label == name and below.startswith(f"{name} ")
        for index in (box, box + 1)
    }
    return any(
        name in text or not low.isdisjoint(text.split())
        for index, text in enumerate(page.texts)
        if index != at and index not in boxed
    )


def names_before(text: str, *, dated: bool) -> str:
    """Return the names of a line before a date, an employer or others' work, empty where there are none.

    A place behind the name counts where a date stands beside the line (`dated`).
    """
    digit = next((index for index, char in enumerate(text) if char.isdigit()), 0)
    if digit:
        names = without_date_words(text[:digit].strip(" ,|·•–—-/(:"))
        if are_names(names) and parse_date(text[digit:]):
            return names
    if (digit or text[:1].isdigit()) and (names := names_behind_date(text)):
        return names
    if ends_sentence(text):
        return ""
    label, _, name = text.partition(" ")
    if name and byline_words().label.fullmatch(label) and (is_name_alone(name) or (dated and is_unknown_name(name))):
        return name
    if work := byline_words().other_work.search(text):
        names = text[: work.start()]
        return names if are_names(names) else ""
    if _IN_PLACE.search(text) and are_names(names := _IN_PLACES.sub("", text)):
        return names
    name, comma, rest = text.partition(", ")
    if comma and is_post(rest) and is_unknown_name(name):
        return name
    if comma and are_names(name):
        employed = rest.split(" ", 1)[0] in words("bylines", "places_of_work") or names_agency(rest.partition(" ")[2])
        ended = byline_words().tail.sub("", text).strip(" ,") == name
        return name if employed or ended or is_post(rest) or (dated and is_place(rest)) else ""
    name, works, rest = text.partition(" for the ")
    return name if works and rest[:1].isupper() and is_name_alone(name) else ""


def without_date_words(names: str) -> str:
    """Return a line's beginning without the words of the date behind it: "Jane Doe le 9 mai", "Jane Doe publié le 9 mai"."""
    before, space, last = names.rpartition(" ")
    if space and last.lower() in date_labels().plain:
        names = before
    before, space, last = names.rpartition(" ")
    return before if space and named(last) else names


def names_behind_date(text: str) -> str:
    """Return the names, perhaps with a post, behind the date with which a line begins; empty where it does not."""
    rest = strip_introduction(behind_date(text))
    if are_names(rest):
        return rest
    name, comma, post = rest.partition(", ")
    return name if comma and are_names(name) and is_post(post) else ""


def behind_date(text: str) -> str:
    """Return the text behind the date that begins a line; empty where no date begins it."""
    last = max((index for index, char in enumerate(text) if char.isdigit()), default=-1) + 1
    rest = _BEHIND_DATE.sub("", text[last:]) if last else ""
    return rest if len(rest) >= MIN_NAME and parse_date(text[:last]) else ""


def is_post(text: str) -> bool:
    """Return whether a text is nothing but an author's post: a role among its words, and no name."""
    return any(is_role(plain(word)) for word in text.split()) and not clean_name(text)


def is_place(text: str) -> bool:
    """Return whether a text may be a town: one word that does not begin small."""
    return " " not in text and not text[:1].islower()


def agencies_below_heading(page: Page) -> Iterator[str]:
    """Yield the lines right below the heading that are an agency, perhaps with a date behind it, or a team beside a date."""
    start = first_heading(page)
    known = byline_words().agencies
    for at, text in enumerate(page.texts[start + 1 : start + 1 + CLOSE], start + 1) if start >= 0 else ():
        first = PARTS.split(text)[0]
        if (
            "©" not in text
            and len(text) < MAX_UNMARKED
            and (squash(first) in known or (is_team_name(first) and is_dated(page, at)))
        ):
            yield text


def is_team_name(text: str) -> bool:
    """Return whether a text is a team's name, as outlets sign: two to four words with capitals, and nobody else's."""
    parts = text.split()
    low = [plain(word) for word in parts]
    signs = is_team(low) and low[-1] not in byline_words().bodies
    return 2 <= len(parts) <= 4 and all(word[:1].isupper() for word in parts) and signs


def is_dated(page: Page, at: int) -> bool:
    """Return whether a block has a date, or one right above it or soon below."""
    return any(len(text) < MAX_UNMARKED and parse_date(text) for text in page.texts[at - 1 : at + 4])


def names_agency(text: str) -> bool:
    """Return whether a text beside a reporter is an agency's name, perhaps in brackets behind a town."""
    known = byline_words().agencies
    text = _UP_TO_DIGIT.match(text)[0]  # type: ignore[index]  # matches anything
    return squash(text) in known or (text.endswith(")") and squash(text.rpartition("(")[2]) in known)


def are_names(text: str) -> bool:
    """Return whether a line is nothing but names, the first surely a person's."""
    names = byline_words().split.split(text)
    while len(names) > 1 and squash(names[-1]) in byline_words().agencies:
        names.pop()
    place = names[0].split(" ", 1)[0].lower() in _PLACES
    return len(names) <= MAX_NAMES and not place and is_name_alone(names[0]) and all(map(may_be_name, names))
