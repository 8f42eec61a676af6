"""The tag step on its topics: `news.unique` to `news.tagged`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, partial
from typing import NamedTuple

import msgspec

from agents.tag import regions, topics
from agents.tag.metrics import TagMetrics
from agents.tag.settings import TagSettings
from streams.backfill import OLD_AFTER
from streams.events import routing_headers
from streams.identity import read_clean
from streams.message import Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import Clean, Tagged, read_value
from streams.settings import Settings
from streams.step import Settler, Step
from streams.topics import TAGGED, UNIQUE

#: Older articles are backfill: their age says nothing about wirewatch.
OLD_SECONDS = OLD_AFTER.total_seconds()


class TagTask(NamedTuple):
    """The task that travels to a child process."""

    value: bytes
    topic_threshold: float | None
    embed_model: str = ""


@cache
def models() -> tuple[regions.RegionTagger, topics.TopicTagger]:
    """Return the taggers of this process."""
    return regions.load(), topics.load()


@cache
def with_encoder(embed_model: str) -> topics.TopicTagger:
    """Return this process's topic tagger with an encoder, which is loaded once."""
    return models()[1].with_encoder(embed_model)


def load() -> None:
    """Load the taggers, once a process."""
    models()


def own_load(settings: Settings) -> Callable[[], object] | None:
    """Return the load of the encoder that the settings name; None where they name none."""
    model = settings[TagSettings].embed_model
    return partial(with_encoder, model) if model else None


def work(untagged: TagTask) -> Tagged:
    """Tag one clean article."""
    return tag(read_clean(untagged.value), untagged.topic_threshold, untagged.embed_model)


#: How a tagged article crosses from a child process: a pickle of its regions, topics and evidence takes five times as long.
encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Tagged)


def packed_work(untagged: TagTask) -> bytes:
    """Tag one clean article, and pack its record."""
    return encoder.encode(work(untagged))


def tag(clean: Clean, topic_threshold: float | None = None, embed_model: str = "") -> Tagged:
    """Return the article with its regions and topics."""
    region_tagger, topic_tagger = models()
    if embed_model:
        topic_tagger = with_encoder(embed_model)
    where = region_tagger.tag(clean)
    fields = {name: getattr(clean, name) for name in clean.__struct_fields__ if name != "schema"}
    return Tagged(
        **fields,
        regions=where.regions,
        primary_country=where.primary_country,
        macro_regions=where.macro_regions,
        regions_left_out=where.left_out,
        topics=topic_tagger.tag(clean, topic_threshold),
        topics_covered=topics.covers(clean.language),
    )


class TagOutcome(StrEnum):
    """The one way that `tag` takes an article on."""

    TAGGED = "tagged"


class TagSettler(Settler[TagTask, bytes]):
    """Passes tagged articles on, with headers to route by, and counts regions and topics."""

    def __init__(self, settings: Settings) -> None:
        """Raise `SettingsError` where the encoder that the settings name is not there: better now than on every article."""
        self._threshold = settings[TagSettings].topic_threshold
        self._embed_model = settings[TagSettings].embed_model
        if self._embed_model:
            topics.check_encoder(self._embed_model)
        self._max_sources = settings.worker.max_source_labels

    def task(self, message: Message) -> TagTask:
        """Return the article's bytes and the settings that count."""
        return TagTask(message.value, self._threshold, self._embed_model)

    def settle(self, message: Message, product: bytes) -> Settlement:
        """Return the tagged article."""
        article = read_value(decoder, product, "tagged article")
        article.fetch_id = message.fetch_id
        article.processed_at = datetime.now(UTC)
        return Settlement([Output(TAGGED, article.id, article, article.fetch_id, routing(article))], TagOutcome.TAGGED)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count regions, topics, language and delay of one article."""
        counts = metrics[TagMetrics]
        for output in settlement.outputs:
            if not isinstance(output.record, Tagged):
                continue
            article, now = output.record, time.time()
            counts.language.labels(article.language or "und").inc()
            top = [t.id for t in article.topics if t.level == 1]
            for country in {r.country for r in article.regions if r.role == "about"}:
                counts.region_articles.labels(country).inc()
            for topic in top:
                counts.topic_articles.labels(topic).inc()
                for region in article.macro_regions:
                    counts.region_topic_articles.labels(region, topic).inc()
            fetched = article.fetched_at.timestamp()
            counts.source_seen(article.source, fetched, self._max_sources)
            if 0 <= now - fetched < OLD_SECONDS:
                metrics.end_to_end.labels("fetched", "tagged").observe(now - fetched)
            if article.published_at and 0 <= fetched - article.published_at.timestamp() < OLD_SECONDS:
                metrics.end_to_end.labels("published", "tagged").observe(now - article.published_at.timestamp())


def routing(article: Tagged) -> dict[str, bytes]:
    """Return the headers by which a subscriber can route without parsing the body."""
    countries = dict.fromkeys(code for r in article.regions if r.role == "about" for code in (r.country, r.code))
    return routing_headers(countries, (topic.id for topic in article.topics), article.language)


TAG_STEP = Step(
    name="tag",
    summary="regions and topics, with score and evidence",
    stage="tag",
    takes=(UNIQUE,),
    gives=(TAGGED,),
    settler=TagSettler,
    outcomes=TagOutcome,
    metrics=(TagMetrics,),
    work=packed_work,
    load=load,
    own_load=own_load,
    timeout_seconds=lambda settings: settings[TagSettings].timeout_seconds,
)

STEPS = (TAG_STEP,)
