"""The stories steps on their topics: `gather`, on many workers, and `stories`, the one decider."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec
import orjson
from msgspec import Struct

from agents.stories.brief import brief
from agents.stories.decide import Decider
from agents.stories.decision import ArticlePlace, Decision
from agents.stories.metrics import StoriesMetrics
from agents.stories.reading.gather import ArticleFeatures, decoder, encoder, gather, gather_copy
from agents.stories.settings import StoriesSettings
from agents.stories.state.story import EARLIEST, LATEST
from agents.stories.view import article_story, record_of
from streams.errors import InvalidRecord
from streams.events import ROUTING
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import ArticleStory, Duplicate, Story, Tagged, decode, encode, unpacked
from streams.settings import Settings
from streams.step import Settler, Step
from streams.topics import (
    DUPLICATES,
    GATHERED,
    SHELVED,
    STORIED,
    STORIED_COPIES,
    STORIES,
    STORY_STATES,
    TAGGED,
    KafkaTopic,
)

HEADER = "ww_gathered"
#: Counting what is held takes longer than a decision.
OBSERVE_EVERY = 256


class GatherOutcome(StrEnum):
    """Whether `gather` passes an article on or a copy."""

    ARTICLE = "article"
    COPY = "copy"


class StoriesOutcome(StrEnum):
    """The decision on an article."""

    NEW = "new"
    GROWN = "grown"
    KNOWN = "known"
    COPY = "copy"
    WAITING = "waiting"
    ALONE = "alone"


class Gathering(NamedTuple):
    """The product of a child process. `brief`: the article without its text; empty for a copy, which passes unchanged."""

    article: str
    language: str
    copy: bool
    value: bytes
    brief: bytes = b""


def work(value: bytes) -> Gathering:
    """Gather the decider's record of a tagged article or of a copy."""
    if is_copy(value):
        copy = gather_copy(decode(value, Duplicate))
        return Gathering(copy.id, copy.language, True, encoder.encode(copy))
    article = decode(value, Tagged)
    gathered = gather(article)
    return Gathering(gathered.id, gathered.language, False, encoder.encode(gathered), brief(article))


class SchemaOf(Struct):
    """As much of a record as says of which kind it is."""

    schema: str = ""


schemas = msgspec.json.Decoder(SchemaOf)


def is_copy(value: bytes) -> bool:
    """Return whether a value is a copy's record, by its schema; broken JSON is left to the decoder."""
    try:
        return unpacked(schemas, value).schema == "wirewatch.duplicate.v1"
    except msgspec.DecodeError:
        return False


class GatherSettler(Settler[bytes, Gathering]):
    """Passes articles and copies on to the one decider, each with its features in a header."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings that every settler is given; none matters here."""

    def settle(self, message: Message, product: Gathering) -> Settlement:
        """Return the article in brief, or the copy as it came; `wirewatch apply` passes on all of an article."""
        headers = {name: message.headers[name] for name in ROUTING if name in message.headers}
        headers[HEADER] = product.value
        value = product.brief or message.value
        output = Output(GATHERED, product.article, value, message.fetch_id, headers, partition=0, whole=message.value)
        return Settlement([output], GatherOutcome.COPY if product.copy else GatherOutcome.ARTICLE)


class StoriesSettler(Settler[None, None]):
    """Decides for each article which story it belongs to."""

    states: Sequence[KafkaTopic] = (STORY_STATES,)

    def __init__(self, settings: Settings) -> None:
        mine = settings[StoriesSettings]
        self.decider = Decider(mine.window_days, mine.headline_days, mine.max_stories)
        self._observed = 0

    def settle(self, message: Message, product: None) -> Settlement:
        """Decide on one article."""
        header = message.headers.get(HEADER)
        article = read_features(header if header is not None else work(message.value).value)
        if not possible(article):  # here, before it has changed a story
            raise InvalidRecord("invalid_record", "it was fetched or published beyond the end of the calendar")
        decision = self.decider.decide(article, message.timestamp)
        changes = [Change(STORY_STATES, 0, key, value) for key, value in decision.changes]
        outputs = [storied(message, article, decision)]
        happened = [output_of(story) for story in happenings(decision)]
        outputs += happened
        outputs += [Output(SHELVED, one.key, one.value, one.event_id, partition=0) for one in happened]
        return Settlement(outputs, StoriesOutcome(decision.outcome), changes)

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back one change."""
        try:
            self.decider.restore(key, value)
        except ValueError as error:  # msgspec's errors and numpy's are among them
            raise InvalidRecord("invalid_record", f"{key!r} of {topic.name}: {error}") from error

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count events, and show the size of the state."""
        for output in settlement.outputs:
            if isinstance(output.record, Story):
                metrics[StoriesMetrics].events.labels(output.record.event).inc()
        self._observed += 1
        if self._observed % OBSERVE_EVERY == 1:
            size = self.decider.size()
            labels = ("stories", STORY_STATES.name)
            metrics.state_entries.labels(*labels).set(size.stories)
            metrics.state_bytes.labels(*labels).set(size.bytes)
            metrics.state_oldest.labels(*labels).set(size.oldest)


def read_features(value: bytes) -> ArticleFeatures:
    """Decode an article's features; raise `InvalidRecord` for any other bytes."""
    try:
        return decoder.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord("invalid_record", f"header {HEADER}: {error}") from error


def possible(article: ArticleFeatures) -> bool:
    """Return whether an article's times can be written as dates, to the millisecond."""
    times = (article.fetched, article.fetched if article.published is None else article.published)
    return all(EARLIEST <= time <= LATEST for time in times)


def storied(message: Message, article: ArticleFeatures, decision: Decision) -> Output:
    """Return the record as it came, with its story where it has one."""
    topic = STORIED if article.duplicate_of is None else STORIED_COPIES
    headers = {name: message.headers[name] for name in ROUTING if name in message.headers}
    value = message.value
    mine = next((place for place in decision.places if place.article is article and place.story is not None), None)
    if mine is not None and mine.story is not None:
        value = with_story(
            value, article_story(mine.story, founded=mine.founded), copy=article.duplicate_of is not None
        )
    return Output(topic, article.id, value, message.fetch_id, headers, partition=0 if topic is STORIED else None)


def with_story(value: bytes, story: ArticleStory, *, copy: bool) -> bytes:
    """Return a record with its field `story`, which is put in without decoding the rest where it had none."""
    if b'"story":' not in value and value.endswith(b"}"):
        return value[:-1] + b',"story":' + encode_story(story) + b"}"
    record = decode(value, Duplicate) if copy else decode(value, Tagged)
    record.story = story
    return encode(record)


def encode_story(story: ArticleStory) -> bytes:
    """Return the field as JSON."""
    return orjson.dumps(msgspec.to_builtins(story, builtin_types=(datetime,)), option=orjson.OPT_UTC_Z)


def happenings(decision: Decision) -> list[Story]:
    """Return the records of stories' events."""
    joined = [record for place in decision.places if (record := joined_record(place)) is not None]
    merged = [record_of(lost, "merged", f"{lost.id}:merged", merged_into=kept.id) for lost, kept in decision.merged]
    related = [record_of(one.story, "related", f"{one.story.id}:related:{one.other}") for one in decision.related]
    ended = [record_of(story, "ended", f"{story.id}:ended") for story in decision.ended]
    return [*joined, *merged, *related, *ended]


def joined_record(place: ArticlePlace) -> Story | None:
    """Return the record of a story that an article founded or joined."""
    if place.story is None:
        return None
    event_id = f"{place.story.id}:{place.article.fetch_id}"
    return record_of(place.story, "new" if place.founded else "grown", event_id, place.article)


def output_of(story: Story) -> Output:
    """Return a story's record for its topic."""
    story.processed_at = datetime.now(UTC)
    return Output(STORIES, story.id, story, story.event_id)


def repeats_article(output: Output) -> bool:
    """Return whether a record only repeats its article's own record, so that `wirewatch apply` leaves it out."""
    return output.topic is SHELVED or (
        isinstance(output.record, Story) and output.record.event in ("new", "grown", "ended")
    )


GATHER_STEP = Step(
    name="gather",
    summary="words, names and places of each article and copy, for the decider of stories",
    stage="stories",
    takes=(TAGGED, DUPLICATES),
    gives=(GATHERED,),
    settler=GatherSettler,
    outcomes=GatherOutcome,
    work=work,
    timeout_seconds=lambda settings: settings[StoriesSettings].timeout_seconds,
)

STORIES_STEP = Step(
    name="stories",
    summary="running stories: which one an article founds or joins, and what happens to them",
    stage="stories",
    takes=(GATHERED,),
    gives=(STORIED, STORIED_COPIES, STORIES, SHELVED),
    settler=StoriesSettler,
    outcomes=StoriesOutcome,
    outputs_first=True,
    left_out=repeats_article,
    metrics=(StoriesMetrics,),
)

STEPS = (GATHER_STEP, STORIES_STEP)
