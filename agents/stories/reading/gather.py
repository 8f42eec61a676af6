"""The decider's small record of an article: its words, where and when it is, how to name it."""

import re
from datetime import datetime

import msgspec
import numpy as np
from msgspec import Struct

from agents.stories.reading.facts import facts_of, scores_of, together
from agents.stories.reading.figures import figures_of
from agents.stories.reading.lead import first_sentence, shortened
from agents.stories.reading.names import common_names, opening_names
from agents.stories.reading.sender import without_sender
from agents.stories.reading.words import Words, number, words_of
from streams.backfill import is_backfill
from streams.ids import digest, short_digest
from streams.records import Duplicate, Tagged
from streams.text.roundups import is_roundup

#: A text of fewer words is no body: the article is compared by its headline.
BODY_WORDS = 10
#: Letters, and characters of Chinese or Japanese, that count as a word in scripts without spaces.
WORD_LETTERS, SIGN_LETTERS = 6, 2
#: Characters of Han and kana, of which a word has two or three.
WORD_SIGN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
TITLE_CHARACTERS = 300
URL_CHARACTERS = 500
MOST_REGIONS, MOST_TOPICS, MOST_SUBJECTS = 8, 3, 8
MOST_TIMES = 255
#: Links of an article that are read, and bytes of the key of the article that one leads to.
MOST_LINKS, LINK_BYTES = 8, 8
SPORT = "medtop:15000000"
LANGUAGE = re.compile("[a-z]{2,8}")


class ArticleFeatures(Struct, array_like=True, frozen=True, gc=False):
    """An article as the decider takes it.

    Times are epoch seconds. `title_words`, `body_words`: numbers of the words (uint32) and how often each stands (uint8);
    the body's include the title's. `names`: what stays the same in another language (uint32). `regions`, `topics`: ids
    and names of what it is about. `facts`: what is counted and how many (uint64), `openers`: words that begin its sentences,
    which may be names (uint32), `figures`: its figures (uint32), `links`: keys of the articles that its text leads to (8 bytes
    each), `subjects`: topics below the first level (uint32), `sender`: who sent a release (uint32); older workers wrote none.
    """

    id: str
    fetch_id: str
    language: str
    source: str
    url: str | None
    title: str
    lead: str
    published: float | None
    fetched: float
    headline: bool
    backfill: bool
    roundup: bool
    title_words: tuple[bytes, bytes]
    body_words: tuple[bytes, bytes]
    names: bytes
    regions: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    duplicate_of: str | None = None
    facts: bytes = b""
    openers: bytes = b""
    figures: bytes = b""
    links: bytes = b""
    subjects: bytes = b""
    sender: bytes = b""

    @property
    def time(self) -> float:
        """When it was published, as far as that is known and not after its fetch."""
        return self.fetched if self.published is None else min(self.published, self.fetched)


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(ArticleFeatures)


def gather(article: Tagged) -> ArticleFeatures:
    """Return a tagged article's record for the decider."""
    language = main_language(article.language)
    text, sender = without_sender(article.text)
    title, body = words_of(article.title, text, language)
    return ArticleFeatures(
        id=article.id,
        fetch_id=article.fetch_id,
        language=language,
        source=article.source,
        url=article.url[:URL_CHARACTERS] if article.url else None,
        title=shortened(article.title or first_sentence(article.text), TITLE_CHARACTERS),
        lead=first_sentence(article.text),
        published=seconds(article.published_at),
        fetched=article.fetched_at.timestamp(),
        headline=is_headline(article.text),
        backfill=is_backfill(article),
        roundup=is_roundup(article.title, article.text, article.language),
        title_words=packed(title),
        body_words=packed(body),
        names=common_names(article.title, text),
        regions=regions_of(article),
        topics=[(topic.id, topic.label) for topic in article.topics if topic.level == 1][:MOST_TOPICS],
        facts=counted(article, text, language),
        openers=opening_names(article.title, text),
        figures=figures_of(article.title, text),
        links=b"".join(short_digest(digest(link), LINK_BYTES) for link in article.links[:MOST_LINKS]),
        subjects=subjects_of(article),
        sender=number(sender).to_bytes(4, "little") if sender else b"",
    )


def counted(article: Tagged, text: str, language: str) -> bytes:
    """Return the facts of an article with this text: the scores of sport, and the figures of English."""
    facts = facts_of(article.title, text) if language == "en" else b""
    if any(topic.id == SPORT for topic in article.topics):
        return together(facts, scores_of(article.title, text))
    return facts


def gather_copy(copy: Duplicate) -> ArticleFeatures:
    """Return a copy's features for the decider: the id of its original, and its own title and address."""
    return ArticleFeatures(
        id=copy.id,
        fetch_id=copy.fetch_id,
        language=main_language(copy.language),
        source=copy.source,
        url=copy.url[:URL_CHARACTERS] if copy.url else None,
        title=shortened(copy.title, TITLE_CHARACTERS),
        lead="",
        published=seconds(copy.published_at),
        fetched=copy.fetched_at.timestamp(),
        headline=False,
        backfill=is_backfill(copy),
        roundup=False,
        title_words=(b"", b""),
        body_words=(b"", b""),
        names=b"",
        regions=[],
        topics=[],
        duplicate_of=copy.duplicate_of,
    )


def is_headline(text: str) -> bool:
    """Return whether a text is too short for a body."""
    most = WORD_LETTERS * BODY_WORDS
    if len(text) >= most or len(text.split(maxsplit=BODY_WORDS)) >= BODY_WORDS:
        return False
    return len(text) + (SIGN_LETTERS - 1) * len(WORD_SIGN.findall(text)) < most


def regions_of(article: Tagged) -> list[tuple[str, str]]:
    """Return codes and names of the regions that an article is about, the strongest first; a city beside its division."""
    found: dict[str, str] = {}
    for region in article.regions:
        if region.role in ("about", "dateline"):
            code = f"{region.code}/{region.name}" if region.level == "city" else region.code
            found.setdefault(code, region.name)
    return list(found.items())[:MOST_REGIONS]


def subjects_of(article: Tagged) -> bytes:
    """Return the numbers (uint32) of the topics below the first level, the narrowest first."""
    narrow = sorted((topic for topic in article.topics if topic.level > 1), key=lambda topic: -topic.level)
    return np.array([number(topic.id) for topic in narrow[:MOST_SUBJECTS]], np.uint32).tobytes()


def main_language(language: str | None) -> str:
    """Return the language of a BCP 47 tag without script and region; `und` where it is unknown, or none."""
    name = (language or "und").partition("-")[0].lower()
    return name if LANGUAGE.fullmatch(name) else "und"


def seconds(time: datetime | None) -> float | None:
    """Return a time in epoch seconds."""
    return None if time is None else time.timestamp()


def packed(words: Words) -> tuple[bytes, bytes]:
    """Return words as bytes."""
    return words.ids.tobytes(), np.minimum(words.times, MOST_TIMES).astype(np.uint8).tobytes()


def unpacked(pair: tuple[bytes, bytes]) -> Words:
    """Return words from their bytes."""
    return Words(np.frombuffer(pair[0], np.uint32), np.frombuffer(pair[1], np.uint8).astype(np.float32))
