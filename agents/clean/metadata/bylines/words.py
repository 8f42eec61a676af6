"""The patterns and words of bylines, out of the files of all languages; and names for comparison."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from agents.clean.languages import gather, languages, words
from agents.clean.languages.phrases import Heads, any_of, spaced
from streams.text.word_lists import word_lists

#: A capital letter of the scripts that have them, and what stands between a label and a name.
CAPITAL = "(?-i:[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽΆ-ΏΑ-ΫЀ-ЯԱ-Ֆ])"
SEPARATOR = r"\s*[:：՝፦/／●=＝|｜]\s*"

#: Letters of a compound with a role, at least.
MIN_COMPOUND = 11
#: Letters of a label of dates that ends a name, at least.
MIN_LABEL = 5


@dataclass(frozen=True, slots=True)
class BylineWords:
    """Patterns and words of bylines in all languages."""

    start: re.Pattern[str]
    begins: Heads
    within: re.Pattern[str]
    tail: re.Pattern[str]
    #: The label of a date, and what follows, in scripts with spaces.
    dated: re.Pattern[str]
    label: re.Pattern[str]
    label_begins: Heads
    split: re.Pattern[str]
    #: A date's weekday behind a name, and all that follows.
    weekday: re.Pattern[str]
    posts: re.Pattern[str]
    sources: tuple[str, ...]
    roles: frozenset[str]
    role_endings: tuple[str, ...]
    nobody: frozenset[str]
    business: frozenset[str]
    teams: frozenset[str]
    bodies: frozenset[str]
    particles: frozenset[str]
    joiners: frozenset[str]
    given_names: frozenset[str]
    agencies: frozenset[str]
    other_work: re.Pattern[str]
    other_work_begins: Heads


@lru_cache(1)
def byline_words() -> BylineWords:
    """Return the words of all languages, built once a process."""
    by = gather(lambda item: item.bylines.introductions)
    weak = gather(lambda item: item.bylines.weak_introductions)
    labels = author_labels()
    introduction = introduction_pattern(by, weak, labels)
    not_names = words("bylines", "labels") | set(by) | set(weak) | {label for label in labels if label.isalnum()}
    given_names = files("agents.clean.metadata").joinpath("given_names.txt").read_text("utf-8").split()
    elsewhere = word_lists("agents.clean.metadata", "given_names_elsewhere.toml")
    flags = re.IGNORECASE
    return BylineWords(
        start=re.compile(rf"^\W*{introduction}(?=\S)", flags),
        begins=Heads((*by, *weak, *labels)),
        within=re.compile(rf"(?<![^\W\d]){introduction}(?=[^\W\d_])", flags),
        tail=re.compile(tail_pattern(), flags),
        dated=re.compile(dated_pattern(), flags),
        label=re.compile(any_of([*by, *labels]), flags),
        label_begins=Heads([*by, *labels]),
        split=re.compile(split_pattern(words("bylines", "joiners")), flags),
        weekday=re.compile(
            rf"(?<=\w)(?:(?:\s+(?:on|{before_day()}))?\s+|(?<=(?-i:[a-zß-ÿ]))(?={CAPITAL}))(?:{weekday_names()})\.?[,،]?\s+\d.*$",
            flags,
        ),
        posts=re.compile(rf"(?:,\s*|\n){any_of(gather(lambda item: item.bylines.posts))}[^,;|\n]*", flags),
        sources=gather(lambda item: item.bylines.sources),
        roles=words("bylines", "roles"),
        role_endings=gather(lambda item: item.bylines.role_endings),
        nobody=words("bylines", "nobody") | not_names,
        business=words("bylines", "business"),
        teams=words("bylines", "teams"),
        bodies=words("bylines", "bodies"),
        particles=words("bylines", "particles"),
        joiners=words("bylines", "joiners"),
        given_names=words("bylines", "given_names").union(given_names, *elsewhere.values()),
        agencies=frozenset(map(squash, gather(lambda item: item.bylines.agencies))),
        other_work_begins=Heads(gather(lambda item: item.bylines.other_work)),
        other_work=re.compile(rf"[\s.;,|/–—-]+{any_of(gather(lambda item: item.bylines.other_work))}", flags),
    )


def is_role(word: str) -> bool:
    """Return whether a plain word is a role, or a compound with one: Wissenschaftsredakteur."""
    known = byline_words()
    return word in known.roles or (len(word) >= MIN_COMPOUND and word.endswith(known.role_endings))


def author_labels() -> tuple[str, ...]:
    """Return the nouns before an author's name, also of languages that have no file."""
    return (
        *gather(lambda item: item.bylines.author_labels),
        *word_lists("agents.clean.metadata")["author_labels_elsewhere"],
    )


def introduction_pattern(by: Iterable[str], weak: Iterable[str], labels: Iterable[str]) -> str:
    """Return the pattern of a name's introduction.

    `by`: phrases before a name; `weak`: those that need a capital behind them; `labels`: those that need a separator.
    """
    unspaced = [label for label in labels if not spaced(label[-1]) and label[-1].isalnum()]
    short = [word for word in by if len(word) <= 3 and word.isascii()]
    glued = "|".join(f"(?-i:[{word[0].upper()}{word[0]}]{word[1:]})(?={CAPITAL}(?-i:[a-zß-ÿ]))" for word in short)
    return (
        rf"(?:{any_of(by)}\s*[:：]?\s*|{any_of(labels)}{SEPARATOR}|{any_of(unspaced)}[\s·]+|{glued}"
        rf"|{any_of(weak)}\s+(?={CAPITAL}))"
    )


def split_pattern(joiners: Iterable[str]) -> str:
    """Return the pattern of separators between names: punctuation, line breaks and joiners."""
    long = sorted(word for word in joiners if len(word) > 2)
    brief = sorted(word for word in joiners if len(word) <= 2)
    # A joiner is written small, or all in capitals: Dan is a name, and Indonesian for "and".
    whole = "|".join(re.escape(form) for word in long for form in (word, word.upper()))
    capital_joiner = rf"(?:{'|'.join(map(re.escape, brief))})\s+(?={CAPITAL})"
    return (
        rf"\s*(?:,|;|\s/\s|\||｜|\n|•|·(?=\s)|、|，|،|؛|\s+(?:&|(?-i:{whole}))\s+"
        rf"|\s+{capital_joiner})\s*"
    )


def tail_pattern() -> str:
    """Return the pattern of the rest behind a name: an employer, a place, a date, a link, an age."""
    ends = any_of(gather(lambda item: item.bylines.ends))
    places = any_of(gather(lambda item: item.bylines.places_of_work))
    english = "|".join(re.escape(name) for row in languages()["en"].dates.months for name in row)
    days = "|".join(re.escape(name) for row in languages()["en"].dates.weekdays for name in row)
    rows = [row for item in languages().values() for row in item.dates.months]
    months = "|".join(sorted({re.escape(row[0]) for row in rows if row and len(row[0]) > 2}))
    return (
        rf"(?:\s+[|•·—–/»]\s*.*|\s+ـ\s.*|\s+-\s+.*|\s*\bon\s+(?:\w+day|(?:{days})\b|\w{{3,9}}\.?\s+\d|\d).*|\s*{ends}.*"
        rf"|\s*{places}\s+(?:the\s+)?(?:{CAPITAL}|@).*|\s+in\s+{CAPITAL}.*"
        r"|\s*\b\d{1,2}\s*(?:min|hours?|days?|weeks?|months?)\b.*"
        r"|(?<=(?-i:[a-z]))(?-i:Published|Updated|Posted|Last)\b.*|\s*[(（[{](?![^()]{1,20}\)\s+\S).*|\s*https?:.*"
        rf"|\s+{before_day()}\s+(?:[^\W\d_]{{2,12}}[.,]{{0,2}}\s+)?\d.*|\s+{before_day()}\s+(?:{weekday_names()})\.?"
        rf"|\s+\d{{1,2}}[.°º]?\s+(?:de\s+)?(?:{months})\b.*|\s+\d{{1,2}}\s[^\W\d_]{{2,12}}\s\d{{4}}\b.*"
        rf"|\s*(?:\b(?:{english})\.?\s+\d{{1,2}}\b).*|\s*\b\d{{1,2}}\.?\s+(?:{english})\b.*"
        r"|\s*\d{1,2}[./]\d{1,2}[./]\d{2,4}.*|\s*\b(?:19|20)\d\d\b.*)$"
    )


def before_day() -> str:
    """Return the words right before a day as a pattern."""
    return f"(?:{'|'.join(sorted(map(re.escape, words('dates', 'before_day'))))})"


def weekday_names() -> str:
    """Return the weekdays of all languages as alternatives of a pattern."""
    return "|".join(
        sorted({re.escape(name) for item in languages().values() for row in item.dates.weekdays for name in row})
    )


def dated_pattern() -> str:
    """Return the pattern of a date behind a name: its label, or an English month that stands there without a space."""
    labels = gather(lambda item: (*item.dates.published, *item.dates.modified))
    known = {re.escape(label.rstrip(" :")) for label in labels if len(label) >= MIN_LABEL and spaced(label[0])}
    months = "|".join(re.escape(name) for row in languages()["en"].dates.months for name in row)
    glued = rf"(?<=[^\W\d_]{{2}})(?={CAPITAL})"
    return rf"(?:(?:^|\s+|{glued})(?:{'|'.join(sorted(known))})[^\W\d_]{{0,14}}\b\D{{0,30}}\d|{glued}(?:{months})\.?\s+\d).*$"


@lru_cache(4096)
def squash(name: str) -> str:
    """Return a name for comparison: letters and digits only, lower case."""
    return alphanumeric(name.lower())


def alphanumeric(text: str) -> str:
    """Return the letters and digits of a text; most have nothing else but spaces, which need no look at each one."""
    bare = text.replace(" ", "")
    return bare if bare.isalnum() else "".join(filter(str.isalnum, bare))
