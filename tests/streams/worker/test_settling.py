"""Settling: a bad message is set aside and the next is taken; an output that Kafka refuses becomes a dead letter."""

from datetime import UTC, datetime

import orjson
import pytest

from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import Clean, encode
from streams.settings import Settings
from streams.settle import dead_letter
from streams.topics import CLEAN, DEAD, MAX_DEAD_BYTES, MAX_RAW_BYTES, RAW, REVISIONS, SKETCHED, UNIQUE
from streams.work import Failure, Success
from streams.worker.intake import WorkItem
from tests.support.memory import Parts, TimedEchoSettler, raw

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def page(url: str = "https://a.example/", fetched_at: str = "2026-01-01T00:00:00Z") -> bytes:
    """Return a raw record."""
    fields = {"url": url, "fetched_at": fetched_at, "content_type": "text/html", "content": ""}
    return orjson.dumps(fields)


#: Values and headers that were seen to end a worker, or could have.
POISON: list[tuple[bytes, dict[str, bytes]]] = [
    (b"", {}),
    (b"\xff\xfe\x00", {}),
    (b"[" * 100_000, {}),
    (b'{"id":18446744073709551616,"url":"https://a.example/","source":"a","text":""}', {}),
    (page(fetched_at="0001-01-01T00:00:00+14:00"), {}),
    (page(fetched_at="9999-12-31T23:59:59-14:00"), {}),
    (page("https://" + "漢字" * 10_000 + ".example/"), {}),
    (b"{}", {"ce_id": b"\xff\xfe"}),
    (b"{}", {"ce_id": b"x" * 1_000_000}),
    (b"{}", {"ww_origin": b"x:y"}),
    (b"{}", {"ww_origin": b""}),
    (b"{}", {"ww_origin": b"1:" + b"9" * 5_000}),
]


@pytest.mark.parametrize("topic", [RAW, UNIQUE])
@pytest.mark.parametrize("number", range(len(POISON)))
async def test_poison_is_settled_and_the_next_message_too(number: int, topic: object) -> None:
    """Whatever bytes and headers come, they are settled or set aside, and the message behind them is settled."""
    value, headers = POISON[number]
    parts = Parts()
    message = Message(getattr(topic, "name", ""), 0, 0, b"\xff", value, headers, 1.0)
    await parts.take(message, raw(1, b"good"))
    items = parts.intake.next(9, 1 << 30)
    results = await parts.compute.run([item.message for item in items])
    await parts.settling.finish(items, results)
    assert parts.settler.settled[-1] == b"good"
    for output in parts.publisher.outputs:
        if output.topic is DEAD:
            assert orjson.loads(output.value)["schema"] == "wirewatch.dead.v1"


@pytest.mark.parametrize(("value", "reason"), [(b"refuse", "empty"), (b"fail", "error"), (b"huge", "too_large")])
async def test_dead_letter_keeps_its_reason_and_marks_its_place(value: bytes, reason: str) -> None:
    """A message that is set aside leaves a dead letter, an empty mark for the step that decides in order, and a count."""
    parts = Parts()
    await parts.settling.finish([WorkItem(raw(7, value, partition=3), 1.0, 0)], [Success(None, 0.0)])
    letter, mark = parts.publisher.outputs
    assert (letter.topic, orjson.loads(letter.value)["reason"]) == (DEAD, reason)
    assert (mark.topic, mark.value, mark.headers["ww_origin"]) == (SKETCHED, b"", b"3:7")
    assert parts.value("wirewatch_dead_total", step="echo", reason=reason) == 1
    assert parts.value("wirewatch_articles_total", step="echo", outcome="dead") == 1


async def test_dead_letter_leaves_out_an_original_that_is_too_large_for_it() -> None:
    """A message over the size of a page is set aside without its bytes, with their number."""
    parts = Parts()
    value = b"x" * (MAX_RAW_BYTES + 1)
    failure = Failure("too_large", "over the limit")
    await parts.settling.finish([WorkItem(Message(RAW.name, 0, 0, None, value, {}, 1.0), 1.0, 0)], [failure])
    letter = orjson.loads(parts.publisher.outputs[0].value)
    assert (letter["original"], letter["size_bytes"]) == (None, len(value))


async def test_a_message_over_the_steps_limit_is_not_read() -> None:
    """A step's own limit stands before its work."""
    parts = Parts(options={"max_bytes": lambda _: 3})
    small, large = await parts.compute.run([raw(0, b"abc"), raw(1, b"abcd")])
    assert isinstance(small, Success)
    assert isinstance(large, Failure)
    assert large.reason == "too_large"


async def test_state_is_written_with_the_outputs() -> None:
    """A settlement's changes and its outputs go out together, and its messages are counted by outcome."""
    parts = Parts()
    await parts.settling.finish([WorkItem(raw(0, b"one"), 990.0, 0)], [Success(None, 0.5)])
    assert [(change.key, change.value) for change in parts.publisher.changes] == [("k", b"one")]
    assert [output.topic for output in parts.publisher.outputs] == [CLEAN]
    assert parts.value("wirewatch_articles_total", step="echo", outcome="passed") == 1
    assert parts.value("wirewatch_step_seconds_sum", step="echo") == 10
    assert parts.value("wirewatch_work_seconds_sum", step="echo") == 0.5


@pytest.mark.parametrize("outputs_first", [False, True])
async def test_state_is_confirmed_before_the_outputs_or_behind_them(outputs_first: bool) -> None:
    """Outputs rest on a state that is confirmed; a step that decides the same again may have them confirmed before."""
    parts = Parts(options={"outputs_first": outputs_first})
    await parts.settling.finish([WorkItem(raw(0, b"one"), 990.0, 0)], [Success(None, 0.5)])
    assert parts.publisher.confirmed == (["output", "change"] if outputs_first else ["change", "output"])


@pytest.mark.parametrize(
    ("key", "event_id"), [("k" * CLEAN.max_message_bytes, "e"), ("k", "e" * CLEAN.max_message_bytes)]
)
def test_key_and_id_count_towards_the_size_of_a_message(key: str, event_id: str) -> None:
    """Kafka counts them too: a record within the bound under a key that is as long is refused by it, again and again."""
    assert Output(CLEAN, key, b"value", event_id).excess_bytes > 0
    assert Output(CLEAN, "k", b"value", "e").excess_bytes == 0
    assert bool(Change(REVISIONS, 0, key, b"value").excess_bytes) is (len(key) > 1)


def test_a_fetch_id_that_a_record_claims_is_bounded() -> None:
    """It becomes a header of all that the message becomes, and the key of its mark."""
    clean = Clean(id="a", fetch_id="f" * 8_000_000, source="s", title="", text="", extractor="x", fetched_at=NOON)
    message = Message(CLEAN.name, 0, 7, b"k", encode(clean), {"ww_origin": b"0:7"}, 1.0)
    assert len(message.fetch_id) < 100
    assert len(dead_letter(message, "sketch", Failure("error", "")).value) < MAX_DEAD_BYTES


async def test_what_is_due_and_too_large_is_left_out_and_counted() -> None:
    """The rest is written; nothing that comes after it waits for a record that Kafka never takes."""

    class LargeSettler(TimedEchoSettler):
        """Has something large to say, too."""

        def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
            """Return both."""
            settlement = super().due(partitions, now)
            settlement.outputs.append(Output(UNIQUE, "k", b"x" * UNIQUE.max_message_bytes, "large"))
            settlement.changes.append(Change(REVISIONS, 0, "large", b"x" * REVISIONS.max_message_bytes))
            return settlement

    settler = LargeSettler(Settings())
    parts = Parts(settler)
    parts.intake.partitions = {0}
    await parts.settling.tick(settler)
    assert [output.value for output in parts.publisher.outputs] == [b"timed"]
    assert [change.key for change in parts.publisher.changes] == ["timer"]
    assert parts.value("wirewatch_dead_total", step="echo", reason="too_large") == 2


async def test_time_brings_something_once_a_tick_and_it_is_acknowledged_and_counted() -> None:
    """The clock decides when a step is asked again, and what it then says is told to it and to its metrics as any other."""
    told: list[str] = []

    class ToldSettler(TimedEchoSettler):
        """Says something whenever it is asked, and notes what becomes of it."""

        tick_seconds = 5.0

        def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
            """Return an output, however early."""
            self.due_at = 0.0
            return super().due(partitions, now)

        def acknowledged(self, settlement: Settlement) -> None:
            """Note it."""
            told.append("acknowledged")

        def observe(self, metrics: Metrics, settlement: Settlement) -> None:
            """Note it."""
            told.append("observed")

    settler = ToldSettler(Settings())
    parts = Parts(settler)
    parts.intake.partitions = {0}
    for seconds, asked in ((0.0, 1), (4.9, 1), (0.1, 2)):
        parts.clock.now += seconds
        await parts.settling.tick(settler)
        assert len(parts.publisher.outputs) == asked
    assert told == ["acknowledged", "observed"] * 2


async def test_totals_count_messages_by_outcome_and_their_outputs() -> None:
    """The lines of a worker at its end: each message once, and all its outputs."""
    parts = Parts()
    await parts.settling.finish([WorkItem(raw(at), 1.0, 0) for at in range(3)], [Success(None, 0.0)] * 3)

    assert parts.settling.totals.outcomes == {"passed": 3}
    assert parts.settling.totals.given == 3


@pytest.mark.parametrize("left_out", ["outputs", "changes"])
async def test_outputs_and_changes_that_are_due_alone_are_written(left_out: str) -> None:
    """A state that has grown old has nothing to say; an output may rest on no state."""

    class HalfSettler(TimedEchoSettler):
        """Says something or changes its state, not both."""

        def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
            """Return one of both."""
            settlement = super().due(partitions, now)
            setattr(settlement, left_out, [])
            return settlement

    settler = HalfSettler(Settings())
    parts = Parts(settler)
    parts.intake.partitions = {0}
    await parts.settling.tick(settler)
    written = {"outputs": len(parts.publisher.outputs), "changes": len(parts.publisher.changes)}
    assert written == {"outputs": 1, "changes": 1} | {left_out: 0}
