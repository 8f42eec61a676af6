"""The clean step on its topics: `news.raw` to `news.clean`; and `learn`, which collects the lines that sources repeat."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec
import orjson

from agents.clean.article import CleanProduct, clean_all, clean_raw, load, source_of
from agents.clean.metrics import CleanMetrics
from agents.clean.plain.boilerplate import MAX_LINES, Boilerplate
from agents.clean.settings import CleanSettings
from agents.clean.text.revisions import Revisions, text_hash
from agents.clean.together import Known
from streams.errors import InvalidRecord, Refused
from streams.ids import digest
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import Clean, Raw, decode
from streams.settings import Settings
from streams.step import Settler, Step
from streams.topics import CLEAN, LINES, RAW, REPEATED_LINES, REVISIONS, SKETCHED, KafkaTopic
from streams.work import read_and_work

#: A page says so in its first bytes, as wirewatch writes raw records: then the rest need not be searched for another kind.
HTML, HEAD_BYTES = b'"content_type":"text/html"', 4096

#: Articles between two looks at the size of the state.
OBSERVE_EVERY = 64


class CleanTask(NamedTuple):
    """A raw message on its way to a child process, with the lines that its source repeats."""

    value: bytes
    boilerplate: Collection[int]


def work(task: CleanTask) -> CleanProduct:
    """Clean one raw message."""
    cleaned = clean_raw(*read_task(task))
    cleaned.text_hash = text_hash(cleaned.clean.text)
    return cleaned


def work_all(tasks: Sequence[CleanTask]) -> list[CleanProduct | Refused]:
    """Clean some raw messages together."""
    products = read_and_work(read_task, clean_all, tasks)
    for product in products:
        if isinstance(product, CleanProduct):
            product.text_hash = text_hash(product.clean.text)
    return products


def read_task(task: CleanTask) -> Known:
    """Return the raw record of a task, with its boilerplate; raise `Refused` where it is none."""
    return decode(task.value, Raw), task.boilerplate


Hash = Annotated[int, msgspec.Meta(ge=0)]


class TextLines(msgspec.Struct):
    """Message by which the lines of a plain text are learned: hashes of 64 bits, of the whole text and of each line."""

    source: str
    id: str
    content: Hash
    lines: list[Hash]

    def __post_init__(self) -> None:
        """Raise `ValueError` for a number that is no hash: a type of msgspec's has no bound above 63 bits."""
        if max((self.content, *self.lines)) >= 1 << 64:
            raise ValueError("a hash has 64 bits")


lines_decoder = msgspec.json.Decoder(TextLines)


class CleanOutcome(StrEnum):
    """The one way that `clean` takes an article on."""

    PASSED = "passed"


class LearnOutcome(StrEnum):
    """Whether `learn` saw an article for the first time."""

    LEARNED = "learned"
    KNOWN = "known"


class CleanSettler(Settler[CleanTask, CleanProduct]):
    """Gives each text of an article its revision, and passes the lines of plain texts on to be learned."""

    states: Sequence[KafkaTopic] = (REVISIONS,)
    follows: Sequence[KafkaTopic] = (REPEATED_LINES,)

    def __init__(self, settings: Settings) -> None:
        self._revisions = Revisions(settings[CleanSettings].max_revisions)
        self._boilerplate = Boilerplate()
        self._observed = 0

    def task(self, message: Message) -> CleanTask:
        """Return the page, with the lines that its source repeats where it is plain text."""
        value = message.value
        plain = HTML not in value[:HEAD_BYTES] and b'"text/plain"' in value
        return CleanTask(value, self._known(value) if plain else ())

    def _known(self, value: bytes) -> Collection[int]:
        """Return the boilerplate of a plain text's source; a broken record has none and is refused later."""
        try:
            raw = decode(value, Raw)
        except InvalidRecord:
            return ()
        return self._boilerplate.known(source_of(raw))

    def settle(self, message: Message, product: CleanProduct) -> Settlement:
        """Return the clean article with its revision."""
        clean = product.clean
        clean.fetch_id = message.fetch_id
        clean.revision, record = self._revisions.revise(clean.id, clean.fetch_id, clean.text, product.text_hash)
        clean.processed_at = datetime.now(UTC)
        outputs = [Output(CLEAN, clean.id, clean, clean.fetch_id)]
        if product.lines:
            outputs.append(Output(LINES, clean.source, lines_of(product), clean.fetch_id))
        return Settlement(outputs, CleanOutcome.PASSED, [Change(REVISIONS, message.partition, clean.id, record)])

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Restore a revision, or the boilerplate of a source."""
        if topic is REVISIONS:
            self._revisions.restore(key, value)
        else:
            self._boilerplate.restore(key, value)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count the path by which the text was found, and show the size of the state."""
        for output in settlement.outputs:
            if isinstance(output.record, Clean):
                metrics[CleanMetrics].extractor.labels(output.record.extractor).inc()
        self._observed += 1
        if self._observed % OBSERVE_EVERY == 1:
            metrics.state_entries.labels("clean", REVISIONS.name).set(len(self._revisions))
            metrics.state_entries.labels("clean", REPEATED_LINES.name).set(len(self._boilerplate))


class LearnSettler(Settler[None, None]):
    """Counts, for each source, in how many articles a line stands."""

    states: Sequence[KafkaTopic] = (REPEATED_LINES,)

    def __init__(self, settings: Settings) -> None:
        self._boilerplate = Boilerplate()

    def settle(self, message: Message, product: None) -> Settlement:
        """Count the lines of one article, once for each article id and each text."""
        try:
            text = lines_decoder.decode(message.value)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidRecord("invalid_record", f"no lines of a text: {error}") from error
        state = self._boilerplate.learn(text.source, text.id, text.content, text.lines[:MAX_LINES])
        changes = [] if state is None else [Change(REPEATED_LINES, 0, text.source, state)]
        return Settlement([], LearnOutcome.LEARNED if changes else LearnOutcome.KNOWN, changes)

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Restore the boilerplate of a source."""
        self._boilerplate.restore(key, value)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Show how many sources are known."""
        metrics.state_entries.labels("learn", REPEATED_LINES.name).set(len(self._boilerplate))


def lines_of(product: CleanProduct) -> bytes:
    """Return the message by which a plain text's lines are learned."""
    content = int(digest(product.clean.text)[:15], 16)
    return orjson.dumps(
        {"source": product.clean.source, "id": product.clean.id, "content": content, "lines": product.lines[:MAX_LINES]}
    )


CLEAN_STEP = Step(
    name="clean",
    summary="raw pages and texts to clean articles",
    stage="clean",
    takes=(RAW,),
    gives=(CLEAN,),
    marks=SKETCHED,
    settler=CleanSettler,
    outcomes=CleanOutcome,
    metrics=(CleanMetrics,),
    work=work,
    work_all=work_all,
    load=load,
    timeout_seconds=lambda settings: settings[CleanSettings].timeout_seconds,
    max_bytes=lambda settings: settings[CleanSettings].max_page_bytes,
    # Raw pages are the largest messages: with the usual bound two of them would be a chunk, and each chunk has its price.
    chunk_bytes=8 * 1024 * 1024,
)

LEARN_STEP = Step(
    name="learn",
    summary="the lines that a source of plain text repeats",
    takes=(LINES,),
    gives=(),
    settler=LearnSettler,
    outcomes=LearnOutcome,
)

STEPS = (CLEAN_STEP, LEARN_STEP)
