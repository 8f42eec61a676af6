"""A running story as it is remembered and persisted: its words, its counts, and the few articles that can speak for it."""

from array import array

import msgspec
import numpy as np
from msgspec import Struct

from agents.stories.reading import facts
from agents.stories.reading.gather import ArticleFeatures
from agents.stories.reading.vectors import Vector, added, among, heaviest
from agents.stories.state.memory import BODY_WORDS, FIGURES, NAMES, OPENERS, REGIONS, TITLE_WORDS, TOPICS
from streams.ids import short_digest
from streams.text.opinion import is_opinion

#: Articles kept by name: the medoid, and other headlines.
MOST_HEADLINES = 5
#: Words by which an article's nearness to the middle of its story is judged.
HEADLINE_WORDS = 16
#: Sources, articles and hours that are counted one by one; beyond them there is only the number.
MOST_SOURCES = 256
MOST_ARTICLES = 256
MOST_HOURS = 24
#: Bytes of the hashes by which a story knows articles and sources.
ARTICLE_BYTES, SOURCE_BYTES = 8, 4
MOST_NAMES, MOST_OPENERS, MOST_FIGURES = NAMES, OPENERS, FIGURES
#: Topics below the first level that are kept, the latest.
MOST_SUBJECTS = 16
#: Senders of press releases that are kept, the latest.
MOST_SENDERS = 8
#: Stories taken in that are remembered, the latest.
MOST_ABSORBED = 8
#: From so many articles on, what is new weighs as one of so many: a long story moves on.
LONGEST_MEAN = 20
#: Share of an article's weight in words that its story lacked, from which it brings something new.
NEW_SHARE = 0.55
HOUR = 3_600.0
#: The calendar's first and last times, in epoch seconds; numbers of articles, sources and decisions are below the latter.
EARLIEST, LATEST, MOST_COUNTED = -62_135_596_800.0, 253_402_300_799.999, 1 << 30
#: Growth now is counted over so many hours.
GROWTH_HOURS = 3


#: Id, name and number of articles of a region or topic.
Count = tuple[str, str, int]


class Headline(Struct, array_like=True, frozen=True, gc=False):
    """An article that can speak for its story. `words`, `weights`: its strongest (uint32, float16)."""

    id: str
    fetch_id: str
    url: str | None
    title: str
    lead: str
    source: str
    published: float | None
    fetched: float
    duplicate: bool
    words: bytes
    weights: bytes


class StoryRecord(Struct, array_like=True, gc=False):
    """The persisted record of a story. Times are epoch seconds, vectors uint32 and float16.

    `touched`: by the clock of arrivals, when it was last joined: it ends by it. `regions`, `topics`: id, name and number
    of articles. `hours`: articles by hour since 1970, the latest. `known`: hashes (8 bytes each) of the ids of its latest
    articles. `names`: numbers of numerals and names, the latest. `related`: ids of stories of other languages on the same
    event. `absorbed`: ids of stories that were merged into it, each with the fetch that did it: where a kill came before
    the merge was written, the fetch comes again, and it is written then. `facts`: what is counted and how many (uint64), the
    latest first; stories of older workers have none until they are joined. `latest`: the report published last.
    `subjects`: topics below the first level, `senders`: who sent its press releases (uint32).
    """

    id: str
    serial: int
    language: str
    first: float
    last: float
    touched: float
    articles: int
    originals: int
    sources: int
    headline: bool
    body_ids: bytes
    body_weights: bytes
    title_ids: bytes
    title_weights: bytes
    regions: list[Count]
    topics: list[Count]
    hours: list[tuple[int, int]]
    known: bytes
    source_hashes: bytes
    names: bytes
    headlines: list[Headline]
    newest: Headline | None = None
    related: list[str] = []
    version: int = 1
    absorbed: list[tuple[str, str]] = []
    facts: bytes = b""
    openers: bytes = b""
    figures: bytes = b""
    latest: Headline | None = None
    subjects: bytes = b""
    senders: bytes = b""

    @property
    def body(self) -> Vector:
        """The words of its bodies."""
        return unpacked(self.body_ids, self.body_weights)

    @property
    def title(self) -> Vector:
        """The words of its titles."""
        return unpacked(self.title_ids, self.title_weights)

    @property
    def medoid(self) -> Headline:
        """The article nearest to the middle of the story."""
        return self.headlines[0]


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(StoryRecord)
clock_decoder = msgspec.msgpack.Decoder(tuple[float, int, int])


def read_clock(value: bytes) -> tuple[float, int, int]:
    """Return a persisted clock: the time, how many were decided, the latest serial; raise `ValueError` for other bytes."""
    clock, decided, serial = clock_decoder.decode(value)
    if not (EARLIEST <= clock <= LATEST and 0 <= decided < 1 << 62 and 0 <= serial < 1 << 62):
        raise ValueError("a clock beyond the calendar")
    return clock, decided, serial


def read_story(name: str, value: bytes) -> StoryRecord:
    """Return the persisted record of a story; raise `ValueError` for any other bytes: with them no article could join it."""
    story = decoder.decode(value)
    if fault := fault_of(name, story):
        raise ValueError(fault)
    return story


def fault_of(name: str, story: StoryRecord) -> str:
    """Return why a record cannot be one that was written here; an empty string where it can."""
    speakers = speakers_of(story)
    times = [story.first, story.last, story.touched, *(speaker.fetched for speaker in speakers)]
    times += [speaker.published for speaker in speakers if speaker.published is not None]
    counts = [story.serial, story.articles, story.originals, story.sources, *(many for *_, many in story.regions)]
    vectors = [
        (story.body_ids, story.body_weights, BODY_WORDS),
        (story.title_ids, story.title_weights, TITLE_WORDS),
        *((speaker.words, speaker.weights, HEADLINE_WORDS) for speaker in speakers),
    ]
    hashes = [
        (story.known, ARTICLE_BYTES, MOST_ARTICLES),
        (story.source_hashes, SOURCE_BYTES, MOST_SOURCES),
        (story.facts, 8, facts.STORY_FACTS),
        (story.names, 4, MOST_NAMES),
        (story.openers, 4, MOST_OPENERS),
        (story.figures, 4, MOST_FIGURES),
        (story.subjects, 4, MOST_SUBJECTS),
        (story.senders, 4, MOST_SENDERS),
    ]
    if story.id != name or not name.startswith(f"{story.language}-") or not story.headlines:
        return "it is another story's, or nothing speaks for it"
    if not all(EARLIEST <= time <= LATEST for time in times) or not all(0 <= many < MOST_COUNTED for many in counts):
        return "a time or a number is out of its range"
    if not all(is_vector(*vector) for vector in vectors) or any(len(value) % width for value, width, _ in hashes):
        return "a part of it has no possible length"
    sizes = [(len(story.regions), REGIONS), (len(story.topics), TOPICS)]
    sizes += [(len(value) // width, most) for value, width, most in hashes]
    if any(size > most for size, most in sizes):
        return "it has more articles, sources, regions, topics, facts, names or figures than are kept"
    return ""


def speakers_of(story: StoryRecord) -> list[Headline]:
    """Return all articles that a story has by name; some may be there twice."""
    return [speaker for speaker in (*story.headlines, story.newest, story.latest) if speaker is not None]


def is_vector(ids: bytes, weights: bytes, most: int) -> bool:
    """Return whether bytes are a vector of so many words at most."""
    return len(ids) % 4 == 0 and len(ids) == 2 * len(weights) and len(ids) <= 4 * most


def unpacked(ids: bytes, weights: bytes) -> Vector:
    """Return a vector from its bytes."""
    return Vector(np.frombuffer(ids, np.uint32), np.frombuffer(weights, np.float16).astype(np.float32))


def packed(held: Vector) -> tuple[bytes, bytes]:
    """Return a vector as bytes."""
    return held.ids.tobytes(), held.weights.astype(np.float16).tobytes()


def article_key(article: str) -> bytes:
    """Return the bytes by which a story knows an article."""
    return short_digest(article, ARTICLE_BYTES)


def source_key(source: str) -> bytes:
    """Return the bytes by which a story knows a source."""
    return short_digest(source, SOURCE_BYTES)


def founded(article: ArticleFeatures, serial: int, clock: float) -> StoryRecord:
    """Return the empty story that an article founds; it is then joined."""
    time = article.time
    return StoryRecord(
        id=f"{article.language}-{article.id}",
        serial=serial,
        language=article.language,
        first=time,
        last=time,
        touched=clock,
        articles=0,
        originals=0,
        sources=0,
        headline=article.headline,
        body_ids=b"",
        body_weights=b"",
        title_ids=b"",
        title_weights=b"",
        regions=[],
        topics=[],
        hours=[],
        known=b"",
        source_hashes=b"",
        names=b"",
        headlines=[],
    )


def joined(story: StoryRecord, article: ArticleFeatures, body: Vector, title: Vector, clock: float) -> bytes:
    """Let an article with words of its own join a story; return the keys of articles that it then knows no longer."""
    before, keep = story.body, 1.0 if story.originals < LONGEST_MEAN else 1.0 - 1.0 / LONGEST_MEAN
    middle = added(before, body, keep, BODY_WORDS)
    story.body_ids, story.body_weights = packed(middle)
    story.title_ids, story.title_weights = packed(added(story.title, title, keep, TITLE_WORDS))
    story.regions = counted(story.regions, article.regions, REGIONS)
    story.topics = counted(story.topics, article.topics, TOPICS)
    story.names = latest(article.names, story.names, MOST_NAMES)
    story.openers = latest(article.openers, story.openers, MOST_OPENERS)
    story.figures = latest(article.figures, story.figures, MOST_FIGURES)
    story.subjects = latest(article.subjects, story.subjects, MOST_SUBJECTS)
    story.facts = facts.together(story.facts, article.facts)
    story.senders = latest(article.sender, story.senders, MOST_SENDERS)
    speaker = headline_of(article, heaviest(body, HEADLINE_WORDS))
    if story.originals and is_development(story, article) and is_new(before, body):
        story.newest = msgspec.structs.replace(speaker, words=b"", weights=b"")
    if not article.backfill and not is_opinion(article.title, article.url):
        named = msgspec.structs.replace(speaker, lead="", words=b"", weights=b"")
        story.latest = named if story.latest is None else max(named, story.latest, key=told_at)
    story.originals += 1
    story.headline = story.headline and article.headline
    story.headlines = chosen([*story.headlines, speaker], middle)
    return noted(story, article, clock)


def latest(new: bytes, old: bytes, most: int) -> bytes:
    """Return the numbers (uint32) of an article and those that a story had, each once, at most `most`, the article's first."""
    if not new:
        return old[: 4 * most]
    numbers = dict.fromkeys(memoryview(new + old).cast("I"))
    return array("I", list(numbers)[:most]).tobytes()


def is_development(story: StoryRecord, article: ArticleFeatures) -> bool:
    """Return whether an article may bring something new: a late one, from before the newest, and an opinion do not."""
    late = article.backfill or article.time < last_news(story)
    return not late and not is_opinion(article.title, article.url)


def last_news(story: StoryRecord) -> float:
    """Return when a story last brought something new: an article from before that, late as it comes, is no development."""
    return story.first if story.newest is None else told_at(story.newest)


def told_at(headline: Headline) -> float:
    """Return when an article came out, as `ArticleFeatures.time` has it."""
    return headline.fetched if headline.published is None else min(headline.published, headline.fetched)


def noted(story: StoryRecord, article: ArticleFeatures, clock: float) -> bytes:
    """Count an article or a copy: its source, its hour, its id; return the same as `joined`."""
    story.articles += 1
    source = source_key(article.source)
    known = story.known + article_key(article.id)
    story.known = known[-ARTICLE_BYTES * MOST_ARTICLES :]
    if source not in split(story.source_hashes, SOURCE_BYTES):
        story.sources += 1
        story.source_hashes = (story.source_hashes + source)[-SOURCE_BYTES * MOST_SOURCES :]
    time = article.time
    story.first = min(story.first, time)
    if not article.backfill or story.articles == 1:
        story.last = max(story.last, time)
        story.touched = max(story.touched, clock)
        hours = dict(story.hours)
        hours[int(time // HOUR)] = hours.get(int(time // HOUR), 0) + 1
        story.hours = sorted(hours.items())[-MOST_HOURS:]
    return known[: -ARTICLE_BYTES * MOST_ARTICLES]


def revised(story: StoryRecord, article: ArticleFeatures) -> bool:
    """Let a new text of an article speak for its story in place of the old one; tell whether it did.

    A title that its publisher has corrected is shown no more. The story's words stay as they are: it is the same event.
    """
    if not any(is_older(speaker, article) for speaker in speakers_of(story)):
        return False

    def renewed(speaker: Headline) -> Headline:
        if not is_older(speaker, article):
            return speaker
        new = headline_of(article, unpacked(speaker.words, speaker.weights), duplicate=speaker.duplicate)
        return msgspec.structs.replace(new, words=speaker.words, weights=speaker.weights)

    story.headlines = [renewed(speaker) for speaker in story.headlines]
    story.newest = renewed(story.newest) if story.newest is not None else None
    story.latest = renewed(story.latest) if story.latest is not None else None
    return True


def is_older(speaker: Headline, article: ArticleFeatures) -> bool:
    """Return whether a headline is of an earlier fetch of an article."""
    return speaker.id == article.id and speaker.fetch_id != article.fetch_id and article.fetched >= speaker.fetched


def split(value: bytes, width: int) -> list[bytes]:
    """Return the pieces of `width` bytes."""
    return [value[at : at + width] for at in range(0, len(value), width)]


def counted(counts: list[Count], named: list[tuple[str, str]], most: int) -> list[Count]:
    """Return counts of ids with one article more, the most frequent first."""
    return summed(counts, [(key, name, 1) for key, name in named], most)


def summed(counts: list[Count], others: list[Count], most: int) -> list[Count]:
    """Return the counts of both, the most frequent first."""
    found = {key: (name, many) for key, name, many in counts}
    for key, name, many in others:
        found[key] = name, found.get(key, (name, 0))[1] + many
    ordered = sorted(((key, name, many) for key, (name, many) in found.items()), key=lambda row: -row[2])
    return ordered[:most]


def is_new(story: Vector, article: Vector) -> bool:
    """Return whether much of an article's weight lies in words that its story lacked."""
    weight = article.weights * article.weights
    new = ~among(article.ids, story.ids)
    return float(weight[new].sum()) > NEW_SHARE * float(weight.sum())


def headline_of(article: ArticleFeatures, words: Vector, *, duplicate: bool = False) -> Headline:
    """Return an article as one that can speak for its story."""
    ids, weights = packed(words)
    return Headline(
        article.id,
        article.fetch_id,
        article.url,
        article.title,
        article.lead,
        article.source,
        article.published,
        article.fetched,
        duplicate,
        ids,
        weights,
    )


def chosen(headlines: list[Headline], middle: Vector) -> list[Headline]:
    """Return the headlines to keep, the nearest to the middle first, opinions last; of one source only the nearest."""
    if len(headlines) == 1:
        return headlines
    near = sorted(headlines, key=lambda speaker: (is_opinion(speaker.title, speaker.url), -nearness(speaker, middle)))
    kept: dict[str, Headline] = {}
    for speaker in near:
        kept.setdefault(speaker.source, speaker)
    return list(kept.values())[:MOST_HEADLINES]


def nearness(speaker: Headline, middle: Vector) -> float:
    """Return the sum of products of an article's strongest words with the middle of its story."""
    held = unpacked(speaker.words, speaker.weights)
    places = np.minimum(middle.ids.searchsorted(held.ids), len(middle.ids) - 1)
    same = middle.ids.take(places) == held.ids
    length = float(np.sqrt(held.weights @ held.weights)) or 1.0
    return float((middle.weights.take(places) * held.weights)[same].sum()) / length
