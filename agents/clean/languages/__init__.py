"""Languages: the words of each that cleaning reads, one TOML file a language in this folder.

`languages()` reads all files once a process; a missing part, an unknown field or an empty list is an error that names
the file and the field. Cleaning reads most lists of all languages together, for pages quote, mix and mislabel languages;
`gather` joins a list. docs/adding-a-language.md walks through a file; `phrases` says how a phrase is written.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from agents.clean.languages.phrases import is_empty

#: A list that every language has; the others may be left out.
Needed = Annotated[list[str], Meta(min_length=1)]

#: A list for minutes, one for hours, one for days.
ByUnit = Annotated[list[list[str]], Meta(min_length=3, max_length=3)]


class LanguageError(ValueError):
    """A language file that cannot be used; the text names the file, the field and the fault."""


class Dates(Struct, kw_only=True, forbid_unknown_fields=True):
    """Words in and around dates."""

    #: January first, and Monday first; each with all its forms (tools/language_calendar.py). Chinese months have no names.
    months: Annotated[list[list[str]], Meta(min_length=12, max_length=12)]
    weekdays: Annotated[list[Annotated[list[str], Meta(min_length=1)]], Meta(min_length=7, max_length=7)]
    own_months: dict[str, Annotated[int, Meta(ge=1, le=12)]] = {}
    #: So many minutes, hours and days ago, `#` for the number (tools/language_calendar.py); one of them where it is missing.
    ago: ByUnit = msgspec.field(default_factory=lambda: [[], [], []])
    own_ago: ByUnit = msgspec.field(default_factory=lambda: [[], [], []])
    today: list[str] = []
    yesterday: list[str] = []
    #: Beginnings of words that announce a date of publication, or of an update.
    published: Needed
    modified: Needed
    #: Beginnings of words by which a date is no article's; and what announces the first of several publications.
    unrelated: list[str] = []
    #: Ends of what stands right before a day on which something takes place: "starts", "watch on".
    takes_place: list[str] = []
    originally: list[str] = []
    #: Words between the first day of a time and its last.
    until: list[str] = []
    #: A preposition or an article right before a day: "le 3 mai".
    before_day: list[str] = []
    #: Words between the parts of a date, what is glued to its day, and other words that stand beside a date or a time.
    joiners: list[str] = []
    ordinals: list[str] = []
    beside: list[str] = []
    morning: list[str] = []
    afternoon: list[str] = []
    #: BCP 47 tags whose dates in numbers have the month first.
    month_first: list[str] = []


class Bylines(Struct, kw_only=True, forbid_unknown_fields=True):
    """Words in and around bylines."""

    #: "by": phrases before an author's name.
    introductions: Needed
    #: Introductions that are other words too, and count only before a capital letter.
    weak_introductions: list[str] = []
    #: "Author": nouns before an author's name, with a colon or the like between them.
    author_labels: list[str] = []
    #: Those labels that name where an article is from, which signs where no reporter does.
    sources: list[str] = []
    beside: list[str] = []
    joiners: list[str] = []
    roles: list[str] = []
    #: Ends of compounds that are roles, too: -redakteur of Wissenschaftsredakteur.
    role_endings: list[str] = []
    nobody: list[str] = []
    business: list[str] = []
    #: Last words of the names that desks and teams sign with, and those of them that others are called by, too ("school board").
    teams: list[str] = []
    bodies: list[str] = []
    particles: list[str] = []
    #: Phrases at which the names in a byline end, and prepositions before a place of work.
    ends: list[str] = []
    #: Beginnings of posts behind a name, which end at the next comma: "head of sport and culture".
    posts: list[str] = []
    places_of_work: list[str] = []
    #: Words of menus and links beside an author's name.
    labels: list[str] = []
    #: Beginnings of what others did for an article, behind its authors: "photographs by", "edited by".
    other_work: list[str] = []
    #: News agencies: named beside a reporter they are her employer, alone they are who signs.
    agencies: list[str] = []
    #: Given names that the census list lacks.
    given_names: list[str] = []


class Boilerplate(Struct, kw_only=True, forbid_unknown_fields=True):
    """Phrases that stand around an article's text."""

    #: Whole blocks: labels of advertising, buttons to share.
    advertisement: Needed
    share: Needed
    #: Beginnings of links to other articles, and the link from a summary to its article.
    related: Needed
    onward: Needed
    #: The sentence with which blogs end a feed's entries, `…` for the title and for the site: "The post … appeared first
    #: on …".
    first_published: list[str] = []
    subscribe: Needed
    #: The same where the verb stands last: ends of invitations.
    subscribe_end: list[str] = []
    #: What one subscribes to, is invited to or downloads: newsletters, channels, apps.
    channels: list[str] = []
    #: Beginnings of short blocks that speak of the site and the page, and not of the news.
    notes: list[str] = []
    #: What a site says that asks for gifts, anywhere in a paragraph; two of them make an appeal.
    appeals: list[str] = []
    #: What a site says of itself around such appeals, and news of others too; it counts in a box beside an appeal alone.
    aims: list[str] = []
    #: What a site says where an account is in use elsewhere, anywhere in a paragraph: "only on one device at a time".
    devices: list[str] = []
    comments: Needed
    #: Headings of the rules for comments: what stands below one, in an element apart from the text, is none of it.
    comment_rules: list[str] = []
    rights: Needed
    home: list[str] = []
    #: What names the photographer beside a picture.
    credits: list[str] = []
    #: What stands before a list of an article's subjects, with a colon behind it.
    tags: list[str] = []
    #: Headings of a box with an article's main points.
    highlights: list[str] = []
    #: Headings of a box about the author.
    about_author: list[str] = []
    #: Headings of an article's table of contents.
    contents: list[str] = []
    #: In plain text: whole lines, beginnings of lines, and phrases anywhere in a short line that are boilerplate; and
    #: beginnings of lines that are no title.
    lines: list[str] = []
    starts: list[str] = []
    notices: list[str] = []
    labels: list[str] = []
    #: Invitations to pay, at the beginning of a sentence.
    paywall: list[str] = []
    #: Things that pages count: views, comments.
    counters: list[str] = []
    #: Whole labels above the address of who answers journalists, and names of networks alone on buttons to share.
    contacts: list[str] = []
    networks: list[str] = []


class Walls(Struct, kw_only=True, forbid_unknown_fields=True):
    """Phrases of pages that stand in an article's place."""

    #: Whole titles of error pages.
    not_found: Needed
    #: Phrases of a consent wall.
    consent: Needed
    partners: list[str] = []
    #: Whole titles of consent walls and of checks for robots, and phrases of such checks.
    consent_titles: list[str] = []
    robot_titles: list[str] = []
    robots: list[str] = []
    #: Words by which a page speaks of itself and to its reader.
    you: list[str] = []


class NetworkPhrases(Struct, kw_only=True, forbid_unknown_fields=True):
    """Phrases that the network sees in a block, by kind: the weights were trained with them."""

    more: list[str] = []
    follow: list[str] = []
    legal: list[str] = []
    credit: list[str] = []
    byline: list[str] = []
    comment: list[str] = []
    reference: list[str] = []


class Language(Struct, kw_only=True, forbid_unknown_fields=True):
    """One language file."""

    name: Annotated[str, Meta(min_length=1)]
    #: Letters beyond a to z, in lower case, of languages in Latin letters: by them a wrong charset is seen.
    letters: str = ""
    dates: Dates
    bylines: Bylines
    boilerplate: Boilerplate
    walls: Walls
    phrases: NetworkPhrases = msgspec.field(default_factory=NetworkPhrases)


def read_languages(folder: Traversable) -> dict[str, Language]:
    """Return the languages of a folder by their codes; raise `LanguageError` for a file that is not whole."""
    found = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            try:
                found[path.name.removesuffix(".toml")] = msgspec.toml.decode(path.read_bytes(), type=Language)
            except msgspec.DecodeError as error:
                raise LanguageError(f"{path}: {error}") from error
            check_phrases(str(path), msgspec.to_builtins(found[path.name.removesuffix(".toml")]))
    return found


def check_phrases(where: str, part: object) -> None:
    """Raise `LanguageError` for a phrase in a part of a language file that would be found in any text."""
    if isinstance(part, dict):
        for name, inner in part.items():
            check_phrases(f"{where}: {name}", inner)
    elif isinstance(part, list):
        for inner in part:
            if isinstance(inner, list):
                check_phrases(where, inner)
            else:
                try:
                    empty = is_empty(inner)
                except re.error as error:
                    raise LanguageError(f"{where}: {inner!r}: {error}") from error
                if empty:
                    raise LanguageError(f"{where}: {inner!r} stands for no text too, so that it is found everywhere")


@lru_cache(1)
def languages() -> dict[str, Language]:
    """Return wirewatch's own languages by their codes, read once a process."""
    return read_languages(files("agents.clean.languages"))


def gather(get: Callable[[Language], Iterable[str]]) -> tuple[str, ...]:
    """Return the entries of one list of all languages, each once."""
    return tuple(dict.fromkeys(entry for language in languages().values() for entry in get(language)))


@cache
def words(section: str, field: str) -> frozenset[str]:
    """Return a list of single words of all languages."""
    return frozenset(gather(lambda language: getattr(getattr(language, section), field)))
