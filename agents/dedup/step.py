"""The dedup steps on their topics: `sketch`, on many workers, and `dedup`, the one decider."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from agents.dedup.decide import Decision, Deduplicator
from agents.dedup.sketch import make_sketch, make_sketches
from streams.errors import Refused
from streams.metrics import Metrics
from streams.records import Clean, Duplicate, decode
from streams.settings import Settings
from streams.step import Change, Message, Output, Settled, Step, read_clean
from streams.topics import CLEAN, DUPLICATES, SKETCHED, SKETCHES, UNIQUE, KafkaTopic

#: Articles sketched together. 32 at a time take a tenth longer each.
CHUNK_ARTICLES = 128
#: How many articles pass between two looks for what has left the window.
EXPIRE_EVERY = 1000
#: Counting the window's bytes takes longer than deciding an article.
OBSERVE_EVERY = 64


class Sketched(NamedTuple):
    """What a child process gives back: the sketch, and what the accounts and the order rest on."""

    article: str
    fetch_id: str
    sketch: bytes
    fetched: float


def work(value: bytes) -> Sketched:
    """Sketch one clean article."""
    clean = read_clean(value)
    return Sketched(clean.id, clean.fetch_id, make_sketch(clean), clean.fetched_at.timestamp())


def work_all(values: Sequence[bytes]) -> list[Sketched | Refused]:
    """Sketch some clean articles together."""
    read = [read_or_refuse(value) for value in values]
    sketches = iter(make_sketches([clean for clean in read if isinstance(clean, Clean)]))
    return [
        Sketched(clean.id, clean.fetch_id, next(sketches), clean.fetched_at.timestamp())
        if isinstance(clean, Clean)
        else clean
        for clean in read
    ]


def read_or_refuse(value: bytes) -> Clean | Refused:
    """Return a clean record, or why it is none."""
    try:
        return read_clean(value)
    except Refused as refused:
        return refused


class SketchSettler:
    """Passes articles on to the one decider, each with its sketch and its place in the order."""

    states: Sequence[KafkaTopic] = ()
    follows: Sequence[KafkaTopic] = ()

    def __init__(self, settings: Settings) -> None:
        pass

    def task(self, message: Message) -> bytes:
        """Return the article's bytes."""
        return message.value

    def settle(self, message: Message, product: Sketched) -> Settled:
        """Return the article as it came, its sketch in a header. A fetch in the future counts as its arrival."""
        partition, offset = message.origin
        fetch_id = message.fetch_id if "ce_id" in message.headers else product.fetch_id
        headers = {
            "ww_sketch": product.sketch,
            "ww_order": repr(min(product.fetched, message.timestamp)).encode(),
            "ww_origin": f"{partition}:{offset}".encode(),
        }
        output = Output(SKETCHED, product.article, message.value, fetch_id, headers, partition=0)
        return Settled([output], "passed")

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Nothing is kept."""

    def observe(self, metrics: Metrics, settled: Settled) -> None:
        """Nothing is counted beyond the contract's counters."""


class DedupSettler:
    """Decides for each article whether it is new, a revision or a copy, and of what."""

    states: Sequence[KafkaTopic] = (SKETCHES,)
    follows: Sequence[KafkaTopic] = ()

    def __init__(self, settings: Settings) -> None:
        self._decider = Deduplicator(settings.dedup.window_hours, settings.dedup.max_articles)
        self._settled = 0
        self._observed = 0

    def task(self, message: Message) -> None:
        """Nothing travels: the sketch was made by the step before."""

    def settle(self, message: Message, product: object) -> Settled:
        """Decide one article."""
        clean = decode(message.value, Clean)
        clean.fetch_id = message.fetch_id
        sketch = message.headers.get("ww_sketch") or make_sketch(clean)
        decision = self._decider.decide(sketch, message.timestamp)
        changes = [Change(SKETCHES, 0, decision.key, decision.record)]
        self._settled += 1
        if self._settled % EXPIRE_EVERY == 0:
            changes += [Change(SKETCHES, 0, key, None) for key in self._decider.expire(message.timestamp)]
        return Settled([decided(clean, decision)], outcome(decision), changes)

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back one decision."""
        self._decider.restore(key, value)

    def observe(self, metrics: Metrics, settled: Settled) -> None:
        """Count copies by kind and show the size of the window."""
        for output in settled.outputs:
            if isinstance(output.record, Duplicate):
                metrics.duplicates.labels(output.record.kind).inc()
        self._observed += 1
        if self._observed % OBSERVE_EVERY == 1:
            stats = self._decider.stats()
            labels = ("dedup", SKETCHES.name)
            metrics.state_entries.labels(*labels).set(stats.articles)
            metrics.state_bytes.labels(*labels).set(stats.bytes)
            metrics.state_oldest.labels(*labels).set(stats.oldest_arrival or 0)


def outcome(decision: Decision) -> str:
    """Return the word under which a decision is counted."""
    if not decision.unique:
        return "duplicate"
    return "revision" if decision.revision else "unique"


def decided(clean: Clean, decision: Decision) -> Output:
    """Return the article for `news.unique`, or what it is a copy of for `news.duplicates`."""
    clean.revision = decision.revision
    clean.processed_at = datetime.now(UTC)
    if decision.unique or decision.duplicate_of is None or decision.kind is None or decision.similarity is None:
        return Output(UNIQUE, clean.id, clean, clean.fetch_id)
    duplicate = Duplicate(
        id=clean.id,
        fetch_id=clean.fetch_id,
        ref=clean.ref,
        revision=clean.revision,
        url=clean.url,
        source=clean.source,
        title=clean.title,
        authors=clean.authors,
        published_at=clean.published_at,
        fetched_at=clean.fetched_at,
        processed_at=clean.processed_at,
        language=clean.language,
        duplicate_of=decision.duplicate_of,
        kind=decision.kind,
        similarity=decision.similarity,
        new_facts=decision.new_facts,
    )
    return Output(DUPLICATES, decision.duplicate_of, duplicate, clean.fetch_id)


SKETCH_STEP = Step(
    name="sketch",
    summary="a sketch of each clean article, for the decider",
    takes=CLEAN,
    gives=(SKETCHED,),
    settler=SketchSettler,
    work=work,
    work_all=work_all,
    timeout_seconds=lambda settings: settings.dedup.timeout_seconds,
    chunk_articles=CHUNK_ARTICLES,
)

DEDUP_STEP = Step(
    name="dedup",
    summary="articles that are new, and copies with their originals",
    takes=SKETCHED,
    gives=(UNIQUE, DUPLICATES),
    settler=DedupSettler,
    in_arrival_order=True,
)
