"""The dedup steps on their topics: `sketch`, on many workers, and `dedup`, the one decider."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from agents.dedup.decide import Deduplicator, Verdict
from agents.dedup.metrics import DedupMetrics
from agents.dedup.passing import PassedArticle, passed
from agents.dedup.settings import DedupSettings
from agents.dedup.sketch import make_sketch, make_sketches
from streams.errors import Refused
from streams.identity import read_clean
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import Clean, Duplicate, decode
from streams.settings import Settings
from streams.step import ArrivalOrdering, Settler, Step
from streams.topics import CLEAN, DUPLICATES, RAW, SKETCHED, SKETCHES, UNIQUE, KafkaTopic
from streams.work import read_and_work

#: Articles sketched together. 32 at a time take a tenth longer each.
CHUNK_ARTICLES = 128
#: How many articles pass between two looks for what has left the window.
EXPIRE_EVERY = 1000
#: Counting the window's bytes takes longer than deciding an article.
OBSERVE_EVERY = 64


class SketchOutcome(StrEnum):
    """The one way that `sketch` takes an article on."""

    PASSED = "passed"


class DedupOutcome(StrEnum):
    """The decision on an article."""

    UNIQUE = "unique"
    REVISION = "revision"
    DUPLICATE = "duplicate"


class SketchProduct(NamedTuple):
    """Product of a child process: the sketch, and the ids and time for accounts and order."""

    article: str
    fetch_id: str
    sketch: bytes
    fetched: float


def work(value: bytes) -> SketchProduct:
    """Sketch one clean article."""
    clean = read_clean(value)
    return product_of(clean, make_sketch(clean))


def work_all(values: Sequence[bytes]) -> list[SketchProduct | Refused]:
    """Sketch some clean articles together."""
    return read_and_work(read_clean, sketch_all, values)


def sketch_all(articles: Sequence[Clean]) -> list[SketchProduct]:
    """Sketch some clean records together."""
    return list(map(product_of, articles, make_sketches(articles)))


def product_of(clean: Clean, sketch: bytes) -> SketchProduct:
    """Return an article's sketch with the fields that its place in the order needs."""
    return SketchProduct(clean.id, clean.fetch_id, sketch, clean.fetched_at.timestamp())


class SketchSettler(Settler[bytes, SketchProduct]):
    """Passes articles on to the one decider, each with its sketch and its place in the order."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings that every settler is given; none matters here."""

    def settle(self, message: Message, product: SketchProduct) -> Settlement:
        """Return the article as it came, its sketch in a header. A fetch in the future counts as its arrival."""
        partition, offset = message.origin
        fetch_id = message.fetch_id if "ce_id" in message.headers else product.fetch_id  # what is too long is refused
        headers = {
            "ww_sketch": product.sketch,
            "ww_order": repr(min(product.fetched, message.timestamp)).encode(),
            "ww_origin": f"{partition}:{offset}".encode(),
        }
        output = Output(SKETCHED, product.article, message.value, fetch_id, headers, partition=0)
        return Settlement([output], SketchOutcome.PASSED)


class DedupSettler(Settler[None, None]):
    """Decides for each article whether it is new, a revision, or a copy of which original."""

    states: Sequence[KafkaTopic] = (SKETCHES,)

    def __init__(self, settings: Settings) -> None:
        self._decider = Deduplicator(settings[DedupSettings].window_hours, settings[DedupSettings].max_articles)
        self._settled = 0
        self._observed = 0

    def settle(self, message: Message, product: None) -> Settlement:
        """Decide one article. Its text is not read: the sketch was made by the step before."""
        sketch, article = message.headers.get("ww_sketch"), passed(message.value, message.fetch_id)
        clean = None
        if article is None or sketch is None:
            clean = decode(message.value, Clean)
            clean.fetch_id = message.fetch_id
            sketch = sketch or make_sketch(clean)
        decision = self._decider.decide(sketch, message.timestamp, message.fetch_id)
        changes = [Change(SKETCHES, 0, decision.key, decision.record)]
        self._settled += 1
        if self._settled % EXPIRE_EVERY == 0:
            changes += [Change(SKETCHES, 0, key, None) for key in self._decider.expire(message.timestamp)]
        output = decided(clean or article, message.fetch_id, decision, datetime.now(UTC))
        return Settlement([output], outcome(decision), changes)

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back one decision."""
        self._decider.restore(key, value)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count copies by kind and show the size of the window."""
        for output in settlement.outputs:
            if isinstance(output.record, Duplicate):
                metrics[DedupMetrics].duplicates.labels(output.record.kind).inc()
        self._observed += 1
        if self._observed % OBSERVE_EVERY == 1:
            stats = self._decider.stats()
            labels = ("dedup", SKETCHES.name)
            metrics.state_entries.labels(*labels).set(stats.articles)
            metrics.state_bytes.labels(*labels).set(stats.bytes)
            metrics.state_oldest.labels(*labels).set(stats.oldest_arrival or 0)


def outcome(decision: Verdict) -> DedupOutcome:
    """Return the outcome under which a decision is counted."""
    if not decision.unique:
        return DedupOutcome.DUPLICATE
    return DedupOutcome.REVISION if decision.revision else DedupOutcome.UNIQUE


def decided(article: Clean | PassedArticle | None, fetch_id: str, decision: Verdict, now: datetime) -> Output:
    """Return the article for `news.unique`, or the record of a copy for `news.duplicates`."""
    assert article is not None
    if decision.unique or decision.duplicate_of is None or decision.kind is None or decision.similarity is None:
        if isinstance(article, PassedArticle):
            return Output(UNIQUE, article.id, article.with_revision(decision.revision, now), fetch_id)
        article.revision = decision.revision
        article.processed_at = now
        return Output(UNIQUE, article.id, article, fetch_id)
    known = article.identity() if isinstance(article, PassedArticle) else article
    duplicate = Duplicate(
        id=known.id,
        fetch_id=fetch_id,
        ref=known.ref,
        revision=decision.revision,
        url=known.url,
        source=known.source,
        title=known.title,
        authors=known.authors,
        published_at=known.published_at,
        fetched_at=known.fetched_at,
        processed_at=now,
        language=known.language,
        duplicate_of=decision.duplicate_of,
        kind=decision.kind,
        similarity=decision.similarity,
        new_facts=decision.new_facts,
        text=text_of(article) if decision.new_facts else None,
    )
    return Output(DUPLICATES, decision.duplicate_of, duplicate, fetch_id)


def text_of(article: Clean | PassedArticle) -> str:
    """Return the text of a copy that extends its original: watches are asked about it."""
    return decode(article.value, Clean).text if isinstance(article, PassedArticle) else article.text


SKETCH_STEP = Step(
    name="sketch",
    summary="a sketch of each clean article, for the decider",
    stage="dedup",
    takes=(CLEAN,),
    gives=(SKETCHED,),
    marks=SKETCHED,
    settler=SketchSettler,
    outcomes=SketchOutcome,
    work=work,
    work_all=work_all,
    timeout_seconds=lambda settings: settings[DedupSettings].timeout_seconds,
    chunk_articles=CHUNK_ARTICLES,
)

DEDUP_STEP = Step(
    name="dedup",
    summary="articles that are new, and copies with their originals",
    stage="dedup",
    takes=(SKETCHED,),
    gives=(UNIQUE, DUPLICATES),
    settler=DedupSettler,
    outcomes=DedupOutcome,
    ordering=ArrivalOrdering(RAW, SKETCHES, lambda settings: settings[DedupSettings].order_wait_seconds),
    metrics=(DedupMetrics,),
)

STEPS = (SKETCH_STEP, DEDUP_STEP)
