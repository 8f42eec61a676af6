"""Whatever stands on any topic that a worker reads, it lives, and a good article behind it comes to its alert."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from aiokafka import AIOKafkaProducer
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from streams import ids
from streams.events import header_list
from streams.kafka.clients import producing
from streams.kafka.embedded import PARTITIONS, EmbeddedBroker
from streams.message import Settlement
from streams.records import Alert, Clean, Raw, Tagged, WatchRecord, encode
from streams.settings import Settings
from streams.step import AnyStep
from streams.topics import RAW, TAGGED, TOPICS, WATCHES
from tests.support.flow import page
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS, chosen

T = TypeVar("T")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
#: The topics that the steps read: inputs, states that are recovered, and what they follow.
READ = sorted({topic.name for step in STEPS.values() for topic in step.takes} | {WATCHES.name})
GOOD = [
    encode(Raw(url="https://a.example/1", fetched_at=NOW, content_type="text/html", content="<p>Text</p>")),
    encode(Clean(id="a", fetch_id="a:1", source="a", title="T", text="Text.", extractor="given", fetched_at=NOW)),
    encode(Tagged(id="a", fetch_id="a:1", source="a", title="T", text="Text.", extractor="given", fetched_at=NOW)),
    encode(WatchRecord(name="other", query="oil")),
    b'{"source":"a","id":"a","content":1,"lines":[1,2]}',
]
NASTY = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b"\xff\xfe\x00",
    b"[" * 20_000,
    b'{"a":' * 5_000,
    b'{"id":18446744073709551616}',
    b'{"schema":"wirewatch.clean.v1","id":1e999}',
    b"\x93\x01\x02\x03",  # msgpack
]


@st.composite
def values(draw: st.DrawFn) -> bytes | None:
    """Draw a value: arbitrary bytes, a nasty one, a good one, or a good one with some bytes changed."""
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return draw(st.binary(max_size=200))
    if kind == 1:
        return draw(st.sampled_from(NASTY))
    if kind == 2:
        return None
    value = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(0, 4)) if kind == 3 else 0):
        at = draw(st.integers(0, len(value) - 1))
        value[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
        value = value or bytearray(b"{}")
    return bytes(value)


NUMBERS = st.sampled_from(
    [
        b"",
        b"x:y",
        b"0:0",
        b"0:1",
        b"1:9",
        b"-1:-1",
        b"77:5",
        b"0:900000000",
        b"0:" + b"9" * 99,
        b"abc",
        b"nan",
        b"inf",
        b"1e400",
        b"1:stranger",
    ]
)
NAMES = st.sampled_from(["ce_id", "ce_source", "ww_origin", "ww_order", "ww_sketch", "ww_retry", "ww_owner", "x"])
HEADERS = st.lists(st.tuples(NAMES, st.none() | NUMBERS | st.binary(max_size=40)), max_size=4)
KEYS = (
    st.none()
    | st.sampled_from([b"", b"\xff\xfe", b"a", b"wirewatch:seen:0", b"wirewatch:seen:x", b"wirewatch:owner"])
    | st.binary(max_size=8)
)
TIMES = st.none() | st.sampled_from([0, 1, 2**31, 253_402_300_800_000, 2**50])
MESSAGES = st.lists(st.tuples(values(), KEYS, HEADERS, TIMES), min_size=1, max_size=4)


STATE_KEYS = (b"a", b"\xff\xfe", None, b"wirewatch:seen:0", b"wirewatch:seen:x", b"a" * 5_000)
STATES = [topic.name for topic in TOPICS.values() if topic.compacted]


class Worker:
    """A worker with all steps that need no network, in a thread of its own, and the alerts of its watch."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.settings.worker.processes = 1
        self.settings.worker.fetch_wait_seconds = 0.05
        self.alerted: set[str] = set()
        self.service: Service | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._numbers = itertools.count()
        self._entered: Any = None

    def call(self, work: Coroutine[Any, Any, T], seconds: float = 90.0) -> T:
        """Run a coroutine in the worker's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def settled(self, step: AnyStep, settlement: Settlement) -> None:
        """Note the articles that raised an alert."""
        self.alerted |= {output.record.article.id for output in settlement.outputs if isinstance(output.record, Alert)}

    async def start(self, bootstrap: str, states: Sequence[str] = ()) -> None:
        """Put a watch into force that every article matches, garbage into states, and start."""
        self.settings.kafka.bootstrap = bootstrap
        self.producing = producing(self.settings.kafka)
        self.producer: AIOKafkaProducer = await self.producing.__aenter__()
        watch = encode(WatchRecord(name="all", query="harbour", each="article", backfill=True))
        await self.producer.send_and_wait(WATCHES.name, watch, key=b"all", partition=0)
        for topic in states:
            await self.poison(topic, [(value, key, [], None) for value, key in itertools.product(NASTY, STATE_KEYS)])
        steps = [step for step in chosen(None, self.settings) if step.name != "fetch"]
        self.service = Service(self.settings, steps, new_metrics())
        self._entered = self.service.running(self.settled)
        await self._entered.__aenter__()

    async def stop(self) -> None:
        """Stop."""
        await self._entered.__aexit__(None, None, None)
        await self.producing.__aexit__(None, None, None)
        self._loop.call_soon(self._loop.stop)

    async def poison(self, topic: str, messages: list[tuple[Any, Any, Any, Any]]) -> None:
        """Write messages to every partition of a topic."""
        for value, drawn, headers, timestamp in messages:
            key = b"k" if drawn is None and value is None else drawn  # aiokafka sends no message of nothing
            for partition in range(PARTITIONS):
                await self.producer.send_and_wait(
                    topic, value, key=key, partition=partition, headers=headers, timestamp_ms=timestamp
                )

    async def good(self, seconds: float = 60.0) -> None:
        """Send an article, and wait for its alert."""
        number = next(self._numbers)
        url = f"https://good{number}.example/{number}"
        text = f"The harbour of Town{number} was closed on day {number} by {number * 7} ships that nobody had expected there."
        raw = Raw(
            url=url, fetched_at=datetime.now(UTC), content_type="text/html", content=page(f"Story {number}", [text] * 1)
        )
        article = ids.article_id(url, None, None, "")
        headers = header_list(ids.fetch_id(article, raw.fetched_at), "raw", "test")
        await self.producer.send_and_wait(RAW.name, encode(raw), key=article.encode(), headers=headers)
        for _ in range(int(seconds / 0.05)):
            if article in self.alerted:
                return
            await asyncio.sleep(0.05)
        assert self.service is not None
        lags = {name: (runner.totals.lag, runner.failure) for name, runner in self.service.runners.items()}
        raise AssertionError(f"article {number} raised no alert in {seconds} s: {lags}, {self.service.failures}")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A worker on a broker of the module's own."""
    with EmbeddedBroker() as broker:
        running = Worker()
        running.call(running.start(broker.bootstrap))
        running.call(running.good())
        yield running
        running.call(running.stop())


# the worker's own thread draws random numbers while hypothesis draws a message: no strategy does
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@hypothesis_settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(messages=st.fixed_dictionaries(dict.fromkeys(READ, MESSAGES)))
def test_a_good_article_behind_any_messages_is_settled(worker: Worker, messages: dict[str, list[Any]]) -> None:
    """Arbitrary and mutated values, keys, headers and times on every topic stop nothing."""
    for topic, poison in messages.items():
        worker.call(worker.poison(topic, poison))
    worker.call(worker.good())
    assert worker.service is not None
    assert worker.service.failures == {}
    restarts = [worker.service.metrics.restarts.labels(name)._value.get() for name in worker.service.runners]
    assert sum(restarts) == 0


def test_garbage_in_states_is_refused_and_counted() -> None:
    """A worker whose states and followed topics hold garbage starts, counts it, and takes articles to their alerts."""
    with EmbeddedBroker() as broker:
        running = Worker()
        running.call(running.start(broker.bootstrap, STATES))
        running.call(running.good())
        assert running.service is not None
        refused = {
            (sample.labels["step"], sample.labels["state"]): sample.value
            for metric in running.service.metrics.registry.collect()
            for sample in metric.samples
            if sample.name == "wirewatch_state_refused_total"
        }
        assert running.service.failures == {}
        running.call(running.stop())
    assert refused["deliver", "wirewatch.ledger"] > 0
    assert refused["match", WATCHES.name] > 0


def test_topics_that_are_read_are_tried() -> None:
    """The topics of the test are those of the table."""
    assert {RAW.name, TAGGED.name, WATCHES.name} <= set(READ)
