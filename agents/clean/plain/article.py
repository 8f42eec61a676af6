"""Articles that come as plain text, scraped with the boilerplate of their page.

1. The head: lines before the first paragraph give title, byline and date.
2. Boilerplate: lines that the source repeats on its other pages (see boilerplate), and lines that announce it.
3. The span: the run of lines with the highest sum, where sentences count for and fragments against; fragments within
   it, such as headings, stay.
4. The floor: boilerplate rules that would drop most of the sentence text are wrong for this text and are not applied.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from agents.clean.languages import gather, languages
from agents.clean.languages.phrases import any_of
from agents.clean.metadata.bylines.names import begins_as_byline, is_name_alone, split_names
from agents.clean.metadata.dates.parsing import FoundDate, read_date, stated_date
from agents.clean.plain.headers import read_headers
from agents.clean.plain.lines import SENTENCE_END, lines_of
from agents.clean.text.words import count_words, normal

#: A line of at least so many words that ends like a sentence is a paragraph.
PARAGRAPH_WORDS = 8
#: The rules may drop at most this share of the sentence text (research: "never below a floor").
FLOOR = 0.4
#: Lines of the head that are looked at for title, byline and date.
HEAD_LINES = 12
#: A title of fewer words is taken only if there is no other.
TITLE_WORDS = 4
#: Score of a line of boilerplate in the span; a fragment counts -1.
BOILERPLATE_SCORE = -1.5
#: Lines beyond this are not learned: no boilerplate is that long.
LEARNED_WORDS = 60

_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_BULLET = re.compile(r"^\s*[-–—•*·|>]+\s*")
_GLUED_BYLINE = re.compile(r"^\s*(?:[-–—•*·|]\s*(?i:by)(?=[^\W\d_])|by(?=[A-ZÀ-Þ]))")
_FRAGMENT = re.compile(r"(?:\.\.\.|…)\W*$")
#: Characters at the end of a line in which that is looked for.
_ENDING = 60
#: Characters of a line that is looked at for phrases: a longer one is a paragraph, or no text at all.
MAX_LINE = 600
#: Most words of a line that announces boilerplate.
ANNOUNCEMENT_WORDS = 14
#: Most words of a notice.
NOTICE_WORDS = 40
#: Most words of a byline.
BYLINE_WORDS = 14


@dataclass(frozen=True, slots=True)
class LinePhrases:
    """Patterns of scraped lines in all languages: announcements of boilerplate, notices, and lines that are no title."""

    announces: re.Pattern[str]
    notice: re.Pattern[str]
    label: re.Pattern[str]


@lru_cache(1)
def line_phrases() -> LinePhrases:
    """Return the phrases of all languages, built once a process."""
    starts = gather(lambda item: item.boilerplate.starts)
    related = [phrase for code, item in languages().items() if code != "en" for phrase in item.boilerplate.related]
    whole = gather(
        lambda item: (
            *item.boilerplate.lines, *item.boilerplate.advertisement, *item.boilerplate.share,
            *item.boilerplate.comments, *item.boilerplate.subscribe,
        )
    )  # fmt: skip
    flags = re.IGNORECASE
    return LinePhrases(
        announces=re.compile(
            rf"^\W*(?:{any_of([*starts, *related])}|(?:{any_of(whole)})\W*(?:\(?\d*\)?)\W*$|\(c\)\s)", flags
        ),
        notice=re.compile(any_of(gather(lambda item: item.boilerplate.notices)), flags),
        label=re.compile(rf"^\W*{any_of(gather(lambda item: item.boilerplate.labels))}", flags),
    )


@dataclass(slots=True)
class Plain:
    """The parts of a plain text. `lines`: hashes of all its short lines, to learn from."""

    title: str = ""
    byline: str = ""
    dates: list[FoundDate] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def line_hash(line: str) -> int:
    """Return 64 bits that are equal for lines that differ only in case, spacing, punctuation and digits."""
    words = " ".join(_WORD.findall(_DIGITS.sub("0", line.casefold()))) or line.strip()
    return int.from_bytes(blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def paragraphs_of(text: str) -> str:
    """Return a text's lines as paragraphs separated by a blank line; runs of spaces are one space."""
    return "\n\n".join(line for raw in text.splitlines() if (line := " ".join(raw.split())))


def read_plain(content: str, title: str, boilerplate: Collection[int], language: str) -> Plain:
    """Return the article in a plain text.

    `title`: the source's hint, empty where it has none. `boilerplate`: hashes of lines that the source repeats.
    """
    lines = lines_of(content)
    found = Plain(title=title)
    found.lines = list(dict.fromkeys(line_hash(line) for line in lines if line.count(" ") < LEARNED_WORDS))
    headers = read_headers(lines)
    lines, found.title = lines[headers.lines :], title or headers.title
    found.dates += filter(None, (stated_date(text, language) for text in headers.dates))
    found_out = {line: is_boilerplate(line, boilerplate) for line in set(lines)}
    dropped = [found_out[line] for line in lines]
    start, end = span(lines, dropped)
    kept = sum(count_words(line) for line, drop in zip(lines[start:end], dropped[start:end], strict=True) if not drop)
    if kept < FLOOR * sum(count_words(line) for line in lines if is_sentence(line)):
        dropped = [False] * len(lines)
        start, end = span(lines, dropped)
    if start == end:
        start, end = 0, len(lines)
    body = [line for line, drop in zip(lines[start:end], dropped[start:end], strict=True) if not drop]
    body = read_top(body, found, title, language, first=start == 0)
    read_head(lines[:start], found, language)
    found.paragraphs = body
    return found


def read_top(body: list[str], found: Plain, title: str, language: str, *, first: bool) -> list[str]:
    """Return the body without title, byline and date at its top, which go to `found`.

    `first`: nothing stands before it.
    """
    wanted = normal(title)
    while len(body) > 1:
        line = _BULLET.sub("", body[0])
        if wanted and normal(line) == wanted:
            pass
        elif (name := byline_of(body[0])) and not found.byline:
            found.byline = name
            found.dates += filter(None, [read_date(line, language)])
        elif count_words(line) <= PARAGRAPH_WORDS and (date := read_date(line, language)):
            found.dates.append(date)
        elif first and not found.title and is_title(line) and (not is_sentence(line) or line.endswith(("?", "!", ")"))):
            found.title = line
        else:
            break
        body = body[1:]
    return body


def read_head(head: list[str], found: Plain, language: str) -> None:
    """Fill `found` with title, byline and date from the lines before the body, the nearest to it first."""
    near = [_BULLET.sub("", line) for line in head[-HEAD_LINES:]]
    if not found.title:
        found.title, follows = shown_twice([_BULLET.sub("", line) for line in head])
        if is_name_alone(follows):
            found.byline = found.byline or follows
    for line, bare in zip(reversed(head[-HEAD_LINES:]), reversed(near), strict=True):
        if not found.byline and (name := byline_of(line)):
            found.byline = name
            found.dates += filter(None, [read_date(line, language)])
        elif count_words(bare) <= PARAGRAPH_WORDS and (date := read_date(bare, language)):
            found.dates.append(date)
        elif not found.title and count_words(bare) >= TITLE_WORDS and is_title(bare):
            found.title = bare
    if not found.title:
        found.title = next((_BULLET.sub("", line) for line in head if is_title(_BULLET.sub("", line))), "")


def shown_twice(head: list[str]) -> tuple[str, str]:
    """Return the title that a page's head shows twice, as heading and as the page's own title, and the line below it.

    The page's own title comes first and mostly has the publisher's name behind it. Empty where there is none.
    """
    seen: list[str] = []
    for index, line in enumerate(head):
        own = normal(line)
        if count_words(line) >= TITLE_WORDS and is_title(line):
            if any(earlier == own or earlier.startswith(f"{own} ") for earlier in seen):
                return line, next(iter(head[index + 1 :]), "")
            seen.append(own)
    return "", ""


def byline_of(line: str) -> str:
    """Return the byline that a head line is, without a glued introduction, or an empty string."""
    if count_words(line) > BYLINE_WORDS or len(line) > MAX_LINE:
        return ""
    if _GLUED_BYLINE.match(line):
        line = _GLUED_BYLINE.sub("by ", line)
    elif not begins_as_byline(line):
        return ""
    return line if split_names(line) else ""


def is_title(line: str) -> bool:
    """Return whether a head line can be the title: some words, no announcement, no sentence stop at its end."""
    words = count_words(line)
    return (
        2 < words <= 40
        and len(line) <= MAX_LINE
        and not line.endswith((".", ",", ":", ";"))
        and not line_phrases().announces.match(line)
        and not line_phrases().label.match(line)
    )


def is_sentence(line: str) -> bool:
    """Return whether a line reads like a paragraph."""
    return (
        line.endswith(SENTENCE_END) and not _FRAGMENT.search(line[-_ENDING:]) and count_words(line) >= PARAGRAPH_WORDS
    )


def is_boilerplate(line: str, boilerplate: Collection[int]) -> bool:
    """Return whether a line is boilerplate by itself."""
    words = count_words(line)
    if words <= LEARNED_WORDS and boilerplate and line_hash(line) in boilerplate:
        return True
    if len(line) > MAX_LINE:
        return False
    if words <= ANNOUNCEMENT_WORDS and line_phrases().announces.match(line):
        return True
    return words <= NOTICE_WORDS and bool(line_phrases().notice.search(line))


def score(line: str) -> float:
    """Score a line for the span: sentences by their length, fragments against it."""
    words = count_words(line)
    if is_sentence(line):
        return 0.5 + min(words, 60) / 12
    if words >= 25 and not _FRAGMENT.search(line[-_ENDING:]):
        return min(words, 60) / 20
    return -1.0


def span(lines: list[str], dropped: list[bool]) -> tuple[int, int]:
    """Return the run of lines with the highest sum, as start and end; boilerplate in it counts against it most."""
    best, best_range = 0.0, (0, 0)
    total, start = 0.0, 0
    for index, (line, drop) in enumerate(zip(lines, dropped, strict=True)):
        if total <= 0:
            total, start = 0.0, index
        total += BOILERPLATE_SCORE if drop else score(line)
        if total > best:
            best, best_range = total, (start, index + 1)
    return best_range
