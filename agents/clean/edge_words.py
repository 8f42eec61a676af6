"""Words and patterns of the short blocks at an article's edges, in all languages."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from dataclasses import dataclass
from functools import lru_cache

from agents.clean.languages import gather, languages, words
from agents.clean.languages.phrases import Heads, any_of
from agents.clean.metadata.bylines.words import author_labels
from agents.clean.metadata.dates.calendars import calendar
from agents.clean.metadata.dates.eras import SOLAR_MONTHS
from agents.clean.text.words import STOPS, count_words
from streams.standards.zones import ZONE_MINUTES

#: A word with the marks that scripts write their vowels with.
LETTERS = re.compile(r"[^\W\d_][^\s\d.,;:!?|/()（）\[\]{}<>·•—–\-،。、：，]*")

#: Paragraphs at the head, and at the end, that are looked at.
EDGE = 4
#: A block of more words or characters is a paragraph, whatever it starts with.
MAX_WORDS, LINE_CHARS = 24, 192
#: Most characters of a block that offers the article as audio.
READ_ALOUD_CHARS = 200
#: Fewest characters of the offer itself: "Ad 5" may be the text's.
LABEL_LEAST = 10
_PATH = re.compile(r"[^<>›«»＞.!?。]{1,60}(?:[>›»＞][^<>›«»＞.!?。]{1,80}){2,6}")
_SENTENCE = re.compile(rf"[{''.join(STOPS)}]\W*$")
#: Characters at the end of a block in which the end of a sentence is looked for.
_ENDING = 60


@dataclass(frozen=True, slots=True)
class EdgeWords:
    """Words and patterns of short blocks in all languages.

    `byline`: words beside names and dates; `by`: before a name; `before_dates`: beginnings of words.
    """

    byline: frozenset[str]
    by: frozenset[str]
    home: frozenset[str]
    advertisement: re.Pattern[str]
    advertisement_begins: Heads
    read_aloud: re.Pattern[str]
    share: re.Pattern[str]
    share_begins: Heads
    rights: re.Pattern[str]
    rights_alone: re.Pattern[str]
    #: A sentence that says that somebody has all rights, before others of a notice.
    rights_reserved: re.Pattern[str]
    about_author: re.Pattern[str]
    other_work: re.Pattern[str]
    tags: re.Pattern[str]
    contacts: re.Pattern[str]
    contacts_begin: Heads
    networks: frozenset[str]
    glued: re.Pattern[str]
    before_dates: tuple[str, ...]
    #: Words of labels of dates that have several, which say nothing without the date.
    of_dates: frozenset[str]
    months: frozenset[str]


@lru_cache(1)
def edge_words() -> EdgeWords:
    """Return the words of all languages, built once a process."""
    phrases = [
        *gather(lambda item: item.bylines.introductions),
        *gather(lambda item: item.bylines.weak_introductions),
        *author_labels(),
        *gather(lambda item: item.dates.beside),
        *gather(lambda item: item.dates.joiners),
        *gather(lambda item: item.dates.ordinals),
        *gather(lambda item: item.dates.morning),
        *gather(lambda item: item.dates.afternoon),
        *(name for language in languages().values() for row in language.dates.weekdays for name in row),
        *(word for word in gather(lambda item: (*item.dates.published, *item.dates.modified)) if word.isalpha()),
    ]
    own = {word for phrase in phrases for word in LETTERS.findall(phrase.lower())}
    flags = re.IGNORECASE
    rights = any_of(gather(lambda item: item.boilerplate.rights))
    return EdgeWords(
        byline=frozenset(own | words("bylines", "beside") | {name for name in ZONE_MINUTES if len(name) > 1}),
        by=frozenset(phrase.lower() for phrase in gather(lambda item: item.bylines.introductions)),
        home=frozenset(word for phrase in gather(lambda item: item.boilerplate.home) for word in phrase.split()),
        # "Listen to this article 4 min" has a time behind it.
        advertisement=re.compile(
            rf"\W*{any_of(gather(lambda item: item.boilerplate.advertisement))}(?:\W*\d[\d:.]*(?:\s?[^\W\d]{{1,8}})?)?\W*",
            flags,
        ),
        advertisement_begins=Heads(gather(lambda item: item.boilerplate.advertisement)),
        # "... 5 minutes This audio is generated": how it was made stands behind the time.
        read_aloud=re.compile(
            rf"\W*(?P<label>{any_of(gather(lambda item: item.boilerplate.advertisement))})\W{{1,3}}\d{{1,2}}(?::\d\d)?(?!\d)",
            flags,
        ),
        share_begins=Heads(gather(lambda item: item.boilerplate.share)),
        share=re.compile(
            rf"\W*{any_of(gather(lambda item: item.boilerplate.share))}(?:\W+\w{{1,12}}){{0,2}}\W*", flags
        ),
        rights=re.compile(rf"\W*{rights}", flags),
        rights_alone=re.compile(rf"(?:\W*{rights}){{1,3}}\W*", flags),
        rights_reserved=re.compile(rf"\W*{rights}\s*[.!。]\s*\S", flags),
        about_author=re.compile(rf"\W*{any_of(gather(lambda item: item.boilerplate.about_author))}\W*", flags),
        other_work=re.compile(rf"\W*{any_of(gather(lambda item: item.bylines.other_work))}", flags),
        tags=re.compile(rf"\W*{any_of(gather(lambda item: item.boilerplate.tags))}\s*[:：]", flags),
        contacts=re.compile(rf"\W*{any_of(gather(lambda item: item.boilerplate.contacts))}\W*", flags),
        contacts_begin=Heads(gather(lambda item: item.boilerplate.contacts)),
        networks=words("boilerplate", "networks"),
        # Buttons one after the other, without a space between: "ShareWhatsAppTelegram".
        glued=re.compile(
            rf"(?:{'|'.join(sorted(name for name in words('boilerplate', 'networks') if len(name) > 4))}){{2}}", flags
        ),
        before_dates=tuple(
            word
            for word in gather(lambda item: (*item.dates.published, *item.dates.modified))
            if LETTERS.fullmatch(word)
        ),
        of_dates=frozenset(
            word.lower()
            for phrase in gather(lambda item: (*item.dates.published, *item.dates.modified))
            for word in LETTERS.findall(phrase)
        ),
        # Of a month that is shortened with points within, the pieces too.
        months=frozenset(
            piece for name in calendar().months.keys() | SOLAR_MONTHS.keys() for piece in (name, *LETTERS.findall(name))
        ),
    )


def ends_sentence(text: str) -> bool:
    """Return whether a block ends with the stop of a sentence."""
    return _SENTENCE.search(text[-_ENDING:]) is not None


def is_line(text: str) -> bool:
    """Return whether a text is as short as a line."""
    return len(text) <= LINE_CHARS and count_words(text) <= MAX_WORDS


def is_read_aloud(text: str) -> bool:
    """Return whether a short block offers the article's sound: the offer's words, how long it takes, and how it was made."""
    if len(text) > READ_ALOUD_CHARS or not edge_words().advertisement_begins.may_begin(text):
        return False
    found = edge_words().read_aloud.match(text)
    return found is not None and len(found["label"]) >= LABEL_LEAST


def is_path(text: str) -> bool:
    """Return whether a block is the way from a site's front page to the article: "Home > News > Harbour"."""
    return len(text) <= LINE_CHARS and _PATH.fullmatch(text) is not None
