"""Short blocks that are no article whatever their place: bylines and dates at the head, credits and notices at the end.

The network sees shapes and places, no words, and on pages that name none of their parts (no class, no id) it keeps such
blocks with the text. A block that is dropped here is certain by its words: every one is one of the page's authors, its
publisher, a date, or a word that stands around these. A dateline (`WASHINGTON (MW) —`) is a place and stays.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date

from agents.clean.author_boxes import without_author_box, without_biographies, without_box_above
from agents.clean.edge_counts import is_count, is_mark
from agents.clean.edge_words import (
    EDGE,
    LETTERS,
    LINE_CHARS,
    MAX_WORDS,
    edge_words,
    ends_sentence,
    is_line,
    is_path,
    is_read_aloud,
)
from agents.clean.languages import words
from agents.clean.metadata.authors.lines import is_post
from agents.clean.metadata.bylines.introductions import strip_introduction
from agents.clean.metadata.bylines.names import before_town, begins_as_byline, is_person, plain
from agents.clean.metadata.bylines.reporters import reporters_in
from agents.clean.metadata.bylines.words import alphanumeric, byline_words, is_role, squash
from agents.clean.metadata.dates.calendars import fold
from agents.clean.metadata.dates.labels import begins_originally
from agents.clean.metadata.dates.parsing import parse_date, stated_date
from agents.clean.page.walls import offers
from agents.clean.releases import above_end, without_contacts
from agents.clean.text.words import count_words

#: Words of an invitation to pay, at most.
MAX_NOTICE = 50
#: Characters of a notice, at most.
MAX_CHARS = 800
#: Words beside a date and an author that may be a publisher's name which the page does not give elsewhere.
MAX_UNKNOWN = 4
#: Lines of a block that may be an article's head, at most; words beside an address of mail that nobody writes a sentence of.
HEAD_LINES, BESIDE_MAIL = 8, 6
#: Lines at an article's end that may be no part of it, at most.
FOOT_LINES = 3
#: Characters at a block's beginning in which a notice of copyright and all rights stands: to search a long row of symbols takes
#: the square of its length.
NOTICE_CHARS = 400
#: Characters of a row of buttons that name networks, at most.
BUTTONS_CHARS = 80
#: Characters of a line that says when an article was published, and its words, at most.
PUBLISHED_CHARS, PUBLISHED_WORDS = 100, 12
#: Characters of a date alone, and of what belongs to its hour, at most: "h", "Uhr", "a.m.".
DATE_CHARS, HOUR_CHARS = 40, 4
#: Pieces that a name has at most; where vowels are marks beside the letters, a word is several pieces.
MAX_NAME = 12

_COPYRIGHT = re.compile(r"(?i)\W*(?:©|ⓒ|\(c\)\s|&copy;|copyright\b\W*(?:©|ⓒ|\(c\)|&copy;|(?:19|20)\d\d))")
#: Who wrote and who edited, as agencies have them at the end: "(abc/de)", "/ab", "AB/cde"; the end, in Chinese.
_INITIALS = re.compile(
    r"\([a-z]{2,4}(?:[/-][a-z]{2,4}){1,3}\)|/?(?:[a-z]{2,4}|[A-Z]{2,4})(?:/(?:[a-z]{2,4}|[A-Z]{2,4})){1,3}|/[a-z]{2,4}"
    r"|[(（]完[)）]"
)
_ADDRESS = re.compile(r"https?://|www\.|\S@\S")
#: "Page 1 of 3": the first of some, with a word of at most three small letters between, as most languages have it.
_FIRST_PAGE = re.compile(
    r"\W{0,3}(?:(?:[^\s\d]{2,12}\s)?1\s[^\W\d_A-ZÀ-ÞΑ-ΩА-Я]{1,3}\s\d{1,2}|[^\s\d]{2,12}\s1\s?[/／]\s?\d{1,2}"
    r"|第\s?1\s?[页頁]\W{0,3}共\s?\d{1,2}\s?[页頁]|1\s?[/／]\s?\d{1,2}\s?(?:ページ|[页頁]|페이지))\W{0,3}"
)
#: The keys by which readers of a page report a mistake in its text.
_REPORT_KEYS = re.compile(r"(?i)\bctrl\s?\+\s?enter\b")
_DAY = r"\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d"
#: A day in numbers and its hour, or the day alone without a space behind it, which the text follows.
_LEADING_DAY = re.compile(
    rf"{_DAY}(?=[^\W\d_])|(?:{_DAY}|(?:19|20)\d\d-\d\d-\d\d),?\s\d{{1,2}}:\d\d(?::\d\d)?\s*(?=[^\s\d])"
)
_HASHTAGS = re.compile(r"(?:#\w[\w-]{1,60}[\s,]{0,3}){2,20}")
#: The issue of a Chinese paper, with its page.
_ISSUE = re.compile(r"[（(]?\s*《[^》]{2,12}》\s*[（(]?\s*\d{4}年\d{1,2}月\d{1,2}日\s*第?\s*\d{1,3}\s*版\s*[)）]?")
#: Who sent a release, as its wire tells below it.
_SOURCE = re.compile(r"SOURCE:?\s+[A-Z\d]")
#: Words between an author and the ground or town that a report comes from.
_AT = ("at", "in")
_RULE = re.compile(r"_{2,10}|-{3,10}|\*{3}")
_SIGN, _MAIL = re.compile(r"[©ⓒ]"), re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|\[email\sprotected\]")
_PRICE = re.compile(
    r"\W{0,3}(?:(?:[€$£¥₹₽₺₴₩]|EUR|USD|CHF)\s?\d[\d.,]{0,9}|\d[\d.,]{0,9}\s?(?:[€$£¥₹₽₺₴₩]|EUR|USD|CHF|zł|kr|Kč|円|元|원))\W{0,3}"
)
#: A time of day, as pages write that of an article beside its day.
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b")


def trim(
    paragraphs: list[str],
    authors: Iterable[str],
    publishers: Iterable[str],
    title: str = "",
    day: date | None = None,
) -> list[str]:
    """Return an article's paragraphs without bylines, notices and the like at the edges, and advertising labels anywhere.

    `authors`: the article's; `publishers`: the names of who publishes the page, in any spelling; `title`: the article's,
    which old pages set above the byline with nothing but line breaks between; `day`: on which it was published.
    """
    authors = list(authors)
    by = {squash(name) for name in authors} - {""}
    people = {squash(name) for name in filter(is_person, authors)} - {""}
    known = {squash(name) for name in publishers} - {""}
    # A short release ends among its first paragraphs, where end marks go; a long one may have notices below its end.
    kept = without_head(without_advertisements(above_end(paragraphs)), squash(title), by, known, day)
    kept = above_rights(above_end(without_foot(kept, by, known, day)), known)
    kept = without_contacts(without_author_box(kept))
    return without_biographies(without_box_above(kept, people), people)


def without_advertisements(paragraphs: list[str]) -> list[str]:
    """Return paragraphs without advertising labels, and without offers of the article's sound above the text."""
    pattern, begins = edge_words().advertisement, edge_words().advertisement_begins
    kept = [
        text
        for text in paragraphs
        if len(text) > LINE_CHARS or not (begins.may_begin(text) and pattern.fullmatch(text))
    ]
    return [text for at, text in enumerate(kept) if at >= EDGE or not is_read_aloud(text)] or kept


def without_head(
    paragraphs: list[str], title: str, authors: set[str], publishers: set[str], day: date | None
) -> list[str]:
    """Return paragraphs without bylines, dates, buttons and the like among the first. Names and title are squashed."""
    head: list[str] = []
    for at, text in enumerate(paragraphs[: 2 * EDGE]):
        if at >= EDGE and any(map(ends_sentence, head)):
            return head + paragraphs[at:]
        if not head:
            text = below_head(text[begin_of(text, day) :], title, authors, publishers)  # noqa: PLW2901
            if not text:
                continue
        # Below a sentence a date alone may be a heading: timelines have them.
        begun = any(map(ends_sentence, head)) and not is_own_day(text, day)
        if not (
            is_sign(text, publishers)
            or is_signature(text, authors, publishers, date_alone=not begun)
            or (not head and at and authors and is_post_line(text))
            or (is_published_line(text, day) if begun else is_path(text))
        ):
            head.append(text)
    return head + paragraphs[2 * EDGE :]


def without_foot(paragraphs: list[str], authors: set[str], publishers: set[str], day: date | None) -> list[str]:
    """Return paragraphs without bylines, dates, buttons, notices and the like among the last. Names are squashed."""
    end = len(paragraphs)

    def is_foot(line: str) -> bool:
        return (
            is_sign(line, publishers)
            or is_notice(line)
            or is_signature(line, authors, publishers)
            or is_authors_address(line, authors)
            or is_published_line(line, day)
            or is_mark(line)
        )

    for text in reversed(paragraphs[1:][-EDGE:]):
        lines = text.split("\n", FOOT_LINES)
        if not (is_foot(text) or (1 < len(lines) <= FOOT_LINES and all(map(is_foot, lines)))):
            break
        end -= 1
    if not end:
        return []
    last = paragraphs[end - 1]
    return [*paragraphs[: end - 1], above_foot(last, authors, publishers) or last]


def above_rights(paragraphs: list[str], publishers: set[str]) -> list[str]:
    """Return an article's paragraphs without those from a notice of copyright and all rights on, near the end.

    Agencies set a rule there in place of a notice, and below it some lines that name them or lead to more on the subject.
    """
    known = edge_words()
    for at in range(max(1, len(paragraphs) - EDGE), len(paragraphs)):
        below = paragraphs[at + 1 :]
        if _RULE.fullmatch(paragraphs[at]) and all(map(is_line, below)):
            told = " ".join(below)
            if _ADDRESS.search(told) or without(LETTERS.findall(told), publishers)[1]:
                return paragraphs[:at]
        head = paragraphs[at][:NOTICE_CHARS]
        if (found := _COPYRIGHT.match(head)) and known.rights.search(head, found.end()):
            return paragraphs[:at]
    return paragraphs


def above_foot(text: str, authors: set[str], publishers: set[str]) -> str:
    """Return a block without buttons, bylines and notices in its last lines, below a sentence; old pages break no block."""
    lines = text.rsplit("\n", FOOT_LINES)
    while len(lines) > 1 and (
        is_sign(lines[-1], publishers)
        or is_notice(lines[-1])
        or is_signature(lines[-1], authors, publishers)
        or is_authors_address(lines[-1], authors)
    ):
        lines.pop()
    return "\n".join(lines) if ends_sentence(lines[-1]) else text


def is_own_day(text: str, day: date | None) -> bool:
    """Return whether a short block names the day of the article."""
    return day is not None and len(text) <= DATE_CHARS and (found := stated_date(text)) is not None and found.day == day


def begin_of(text: str, day: date | None) -> int:
    """Return where a block begins behind the article's day in numbers, which templates set before the text in one line."""
    led = _LEADING_DAY.match(text) if day is not None and text[:1].isdigit() else None
    return led.end() if led and len(text) > led.end() + HOUR_CHARS and is_own_day(led[0].rstrip(), day) else 0


def is_published_line(text: str, day: date | None) -> bool:
    """Return whether a short line says that the article was published on its day: "This story was originally published …"."""
    if (
        day is None
        or len(text) > PUBLISHED_CHARS
        or not any(map(str.isdigit, text))
        or count_words(text) > PUBLISHED_WORDS
    ):
        return False
    if ends_sentence(text) and not _CLOCK.search(text) and not begins_originally(text):
        return False  # "The yard published its report on 9 November 2026."
    told = any(word.lower().startswith(edge_words().before_dates) for word in LETTERS.findall(text))
    return told and (found := stated_date(text)) is not None and found.day == day


def below_head(text: str, title: str, authors: set[str], publishers: set[str]) -> str:
    """Return a block without the title, the byline and the date in its first lines. `title`: squashed.

    Between two such lines a short one, which ends no sentence, is a post or a paper.
    """
    lines = text.split("\n")
    if len(lines) < 2 and squash(text) != title:
        return text
    below = 0
    for index, line in enumerate(lines[:HEAD_LINES]):
        if (title and squash(line) == title) or is_sign(line, publishers) or is_signature(line, authors, publishers):
            below = index + 1
        elif below == index > 0 and is_post_line(line):
            below = index + 1  # the post of the author in the line above
        elif index > below or count_words(line) > MAX_UNKNOWN + 1 or ends_sentence(line):
            break
    rest = lines[below:]
    if authors:
        # The byline between a deck and the text.
        signed = [without(LETTERS.findall(line), authors)[1] for line in rest[:MAX_UNKNOWN]]
        rest = [
            line
            for index, line in enumerate(rest)
            if index >= len(signed) or not (signed[index] and is_signature(line, authors, publishers))
        ]
    return "\n".join(rest).strip()


def is_authors_address(text: str, authors: set[str]) -> bool:
    """Return whether a line says where an author has mail: a name, an address, and few words."""
    if "@" not in text or not authors or not is_line(text) or not _MAIL.search(text):
        return False
    return without(LETTERS.findall(text), authors)[1]


def is_post_line(text: str) -> bool:
    """Return whether a line below a byline is its author's post: a few words, the last of them a role, and no name."""
    few = len(text) <= LINE_CHARS and count_words(text) <= MAX_UNKNOWN + 1 and not ends_sentence(text)
    return few and is_post(text) and is_role(plain(text.rsplit(None, 1)[-1]))


def is_signature(text: str, authors: set[str], publishers: set[str], *, date_alone: bool = True) -> bool:
    """Return whether a block is a byline, a date (if `date_alone`), or both: nothing in it is left over.

    Names are compared without case and spaces (`squash`). Beside an author and a date some words may be left, which are
    a publisher's name or a place of work then.
    """
    if not is_line(text):
        return False
    if begins_as_byline(text) and (work := byline_words().other_work.search(text)) and work.start():
        text = strip_introduction(text[: work.start()])  # who took the pictures and who edited is named behind
    if authors and {squash(reporters_in(text)), squash(before_town(text))} & authors and not ends_sentence(text):
        return True
    letters = LETTERS.findall(text)
    rest, found = without(letters, authors)
    rest, signed = without(rest, publishers)
    dated = parse_date(text) is not None
    known = edge_words()
    left = [
        word
        for word in rest
        if (low := word.lower()) not in known.byline
        # A letter beside a date is part of an hour, in any script.
        and not (dated and (len(word) == 1 or fold(word) in known.months or says_when(low)))
    ]
    if not left:
        return found or (dated and date_alone)
    if len(left) > MAX_UNKNOWN or ends_sentence(text):
        return False
    if not found and (not dated or date_alone) and is_nobody(left):
        return True
    # Beside an author these words are a post, else the name of an account that posted it.
    lower = [letter.lower() for letter in letters]
    if found:
        return dated or lower[0] in known.by or rest[0] in _AT or begins_as_byline(text)
    if signed:
        return dated and any(word.startswith(known.before_dates) for word in lower)
    return dated and lower[0].startswith(known.before_dates) and not known.by.isdisjoint(lower)


def is_nobody(letters: list[str]) -> bool:
    """Return whether words name agencies and desks alone, and no person: "Newsroom, with" an agency's name."""
    rest, _ = without(letters, byline_words().agencies)
    return words("bylines", "nobody").issuperset(map(str.lower, rest))


def says_when(word: str) -> bool:
    """Return whether a word in small letters is of a date's label, or begins with one."""
    known = edge_words()
    return word in known.of_dates or word.startswith(known.before_dates)


def is_sign(text: str, publishers: set[str]) -> bool:
    """Return whether a block is the publisher's name, a button to share the article, a count of pages, or no words at all."""
    if not any(map(str.isalnum, text)):
        return True
    if len(text) > LINE_CHARS:
        return False
    if _FIRST_PAGE.fullmatch(text):
        return True
    known, letters, short = edge_words(), LETTERS.findall(text), len(text) <= BUTTONS_CHARS
    if is_count(text):
        return True
    if short and letters and known.networks.issuperset(map(str.lower, letters)):
        return True
    if short and len(letters) <= MAX_UNKNOWN and known.glued.search(text):
        return True
    rest, found = without(letters, publishers)
    if found and all(word.lower() in known.home for word in rest) and not any(map(str.isdigit, text)):
        return True
    if not known.share_begins.may_begin(text):
        return False
    if short:
        # Tools of an old page: "Share | Print | A A A".
        text = text.partition(" | ")[0]
        if not known.networks.isdisjoint(map(str.lower, letters)):
            text = " ".join(letter for letter in text.split() if letter.lower().strip(",|/:") not in known.networks)
    return known.share.fullmatch(text) is not None


def is_notice(text: str) -> bool:
    """Return whether a block is a notice of rights, a credit, a list of tags, a price, or an invitation to pay.

    Or it names the issue of a paper, who sent or edited the text, whom to write to, or keys to report a mistake.
    """
    if len(text) > MAX_CHARS:
        return False
    size, known = count_words(text), edge_words()
    if size <= MAX_WORDS:
        if _COPYRIGHT.match(text) or known.tags.match(text) or _PRICE.fullmatch(text):
            return True
        work = known.other_work.match(text)
        if work and (not ends_sentence(text) or is_person(text[work.end() :].strip(" .:"))):
            return True
        if not ends_sentence(text) and (_SIGN.search(text) or known.rights.match(text)):
            return True
        if text[:1] == "#" and _HASHTAGS.fullmatch(text):
            return True
        if text[:1] in "《(（" and _ISSUE.fullmatch(text):
            return True
        if known.rights_alone.fullmatch(text) or (text.startswith("SOURCE") and _SOURCE.match(text)):
            return True
        if (_MAIL.search(text) and size <= BESIDE_MAIL) or _INITIALS.fullmatch(text) or _REPORT_KEYS.search(text):
            return True
    return size <= MAX_NOTICE and bool(known.rights_reserved.match(text) or offers().search(text))


def without(parts: list[str], names: AbstractSet[str]) -> tuple[list[str], bool]:
    """Return words without the runs of them that are one of the names, and whether there was one."""
    # The space keeps each word's last letter the last one: a Greek sigma is written otherwise there.
    whole = alphanumeric(" ".join(parts).lower()) if names else ""
    there = [name for name in names if name in whole]
    if not there:
        return parts, False
    keys = [squash(part) for part in parts]
    out: list[str] = []
    at = 0
    while at < len(parts):
        sizes = range(min(MAX_NAME, len(parts) - at), 0, -1)
        length = next((size for size in sizes if "".join(keys[at : at + size]) in there), 0)
        if not length:
            out.append(parts[at])
        at += length or 1
    return out, len(out) < len(parts)
