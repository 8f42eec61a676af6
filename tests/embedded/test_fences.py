"""What a former owner of a partition writes late does not count, whoever reads it, and whichever claim came first."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.producer import KafkaPublisher
from streams.kafka.reading import read_all
from streams.message import Change
from streams.settings import Settings
from streams.topics import REVISIONS, KafkaTopic
from streams.waits import Waits
from streams.worker import state
from streams.worker.fence import CLAIM_KEY, MOST_CLAIMS, OWNER_HEADER, Claims
from streams.worker.intake import Intake
from streams.worker.recovery import Recovery, state_logs
from streams.worker.state import StateLog, what_counts
from tests.support.memory import Clock
from wirewatch.metrics import new_metrics

Table = dict[str, bytes | None]


class Owner:
    """A worker as far as its states go: it recovers a partition, writes, and may be frozen in between."""

    def __init__(self, settings: Settings, producer: AIOKafkaProducer) -> None:
        self.table: Table = {}
        self.late: list[str] = []
        self.intake = Intake(1 << 20, lambda topic, partition, offset: None)
        self.claims = Claims(producer)
        self._publisher = KafkaPublisher("clean", producer, Waits(), self.claims.headers)
        logs = state_logs("clean", settings, metrics := new_metrics(), [REVISIONS], self._restore, self._restore_late)
        self.recovery = Recovery("clean", logs, metrics, self.intake, Waits(), self.claims)

    async def take_over(self) -> None:
        """Recover partition 1."""
        assert await self.recovery.recover({1}) == {1}

    async def lose(self) -> None:
        """Recover partition 1, out of the session; it goes away before it is claimed."""

        def gone() -> bool:
            self.intake.give_up()
            return False

        asked, self.recovery._in_session = self.recovery._in_session, gone
        assert await self.recovery.recover({1}) == set()
        self.recovery._in_session = asked

    async def write(self, **values: bytes) -> None:
        """Write states to partition 1."""
        self.table |= values
        await self._publisher.publish([Change(REVISIONS, 1, key, value) for key, value in values.items()])

    def _restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        self.table[key] = value

    def _restore_late(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        self.late.append(key)


@pytest.fixture
async def producer(settings: Settings, broker: EmbeddedBroker) -> AsyncIterator[AIOKafkaProducer]:
    """Give a producer for an embedded broker of the test's own."""
    async with producing(settings.kafka) as started:
        yield started


@pytest.fixture
def owner(settings: Settings, producer: AIOKafkaProducer) -> Any:
    """Return a maker of owners."""
    return partial(Owner, settings, producer)


async def read(settings: Settings) -> Table:
    """Return the states of partition 1 as somebody who only follows them reads them."""
    found: Table = {}
    log = StateLog(settings.kafka, REVISIONS, lambda topic, key, value: found.update({key: value}))
    await log.catch_up(None)
    return found


async def test_what_a_frozen_owner_writes_late_does_not_count(settings: Settings, owner: Any) -> None:
    """The next one's states stand, for whoever takes over then and for whoever follows, and its earlier records stand too."""
    frozen, second, third = owner(), owner(), owner()
    await frozen.take_over()
    await frozen.write(a=b"first", b=b"first")
    await second.take_over()
    await second.write(a=b"second")

    await frozen.write(a=b"late", b=b"late", c=b"late")

    assert await read(settings) == {"a": b"second", "b": b"first"}
    await third.take_over()
    assert third.table == {"a": b"second", "b": b"first"}
    assert third.late == ["a", "b", "c"]


async def test_commands_read_states_as_a_step_does(settings: Settings, owner: Any, producer: AIOKafkaProducer) -> None:
    """`watches list`, `sources list` and `audit` pass over a former owner's late records, claims, and spoilt ones."""
    frozen, second = owner(), owner()
    await frozen.take_over()
    await frozen.write(a=b"first", b=b"first")
    await second.take_over()
    await second.write(a=b"second")
    await frozen.write(a=b"late", b=b"late", c=b"late")
    await producer.send_and_wait(REVISIONS.name, b"spoilt", b"a", 1, headers=[("ww_check", b"0")])

    found = [each async for each in what_counts(REVISIONS, read_all(settings.kafka, [REVISIONS.name]))]

    assert found == [("a", b"first"), ("b", b"first"), ("a", b"second")]


async def test_the_next_owner_writes_again_what_compaction_would_leave_to_a_late_record(
    settings: Settings, owner: Any
) -> None:
    """The last record of each key is what counts, as the one behind that finds it: it has nothing to write again."""
    frozen, *others = owner(), owner(), owner(), owner()
    await frozen.take_over()
    await frozen.write(a=b"first", b=b"first")
    await others[0].take_over()
    await others[0].write(a=b"second")
    await frozen.write(a=b"late", b=b"late", c=b"late")
    for another in others[1:]:
        await another.take_over()

    rows = [(m.key, m.value) async for m in read_all(settings.kafka, [REVISIONS.name]) if m.key != CLAIM_KEY.encode()]
    assert sorted(rows[-3:]) == [(b"a", b"second"), (b"b", b"first"), (b"c", None)]
    assert len(rows) == 9
    assert await read(settings) == {"a": b"second", "b": b"first", "c": None}


@pytest.mark.parametrize("number", [MOST_CLAIMS - 1, MOST_CLAIMS, MOST_CLAIMS + 1])
async def test_a_stranger_who_claims_the_highest_number_stops_nobody(
    producer: AIOKafkaProducer, settings: Settings, owner: Any, number: int
) -> None:
    """Owners come and go behind it, and know all states."""
    await producer.send_and_wait(
        REVISIONS.name, b"x", b"stranger", partition=1, headers=[(OWNER_HEADER, f"{number}:x".encode())]
    )
    for value in (b"first", b"second", b"third"):
        another = owner()
        await another.take_over()
        await another.write(a=value)
        assert (await read(settings))["a"] == value


HOSTILE = {
    "a key that is no UTF-8": (b"\xff\xfe", [(OWNER_HEADER, b"1:stranger")]),
    "a key that is larger than a record": (b"k" * (13 << 20), [(OWNER_HEADER, b"1:stranger")]),
    "no key": (b"", [(OWNER_HEADER, b"1:stranger")]),
    "the key of claims": (CLAIM_KEY.encode(), [(OWNER_HEADER, b"1:stranger")]),
    "an owner without a value": (b"c", [(OWNER_HEADER, None)]),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_strangers_late_records_stop_no_takeover(
    producer: AIOKafkaProducer, settings: Settings, owner: Any, kind: str
) -> None:
    """Whatever lies there beside a former owner's late record, the next one has its states and mends what came late."""
    key, headers = HOSTILE[kind]
    frozen, second, third = owner(), owner(), owner()
    await frozen.take_over()
    await second.take_over()
    keys = list("abcdefgh")  # the stranger's is among them anywhere
    await second.write(**dict.fromkeys(keys, b"second"))
    careless = AIOKafkaProducer(
        bootstrap_servers=settings.kafka.bootstrap, max_request_size=1 << 27, compression_type="zstd"
    )
    async with careless:
        await careless.send_and_wait(REVISIONS.name, b"x", key, partition=1, headers=headers)
    await frozen.write(**dict.fromkeys(keys, b"late"))

    await third.take_over()

    last = {m.key: m.value async for m in read_all(settings.kafka, [REVISIONS.name])}
    assert third.table == dict.fromkeys(keys, b"second")
    assert {last[each.encode()] for each in keys} == {b"second"}


async def test_who_has_a_partition_again_under_a_strangers_number_writes_what_counts(
    producer: AIOKafkaProducer, settings: Settings, owner: Any
) -> None:
    """Its own claim of before is none any more: its records bear no number, as those of everybody behind the highest."""
    first, second = owner(), owner()
    await first.take_over()
    first.intake.give_up()
    await second.take_over()
    headers = [(OWNER_HEADER, f"{MOST_CLAIMS}:x".encode())]
    await producer.send_and_wait(REVISIONS.name, b"x", b"stranger", partition=1, headers=headers)

    await first.take_over()
    await first.write(a=b"counts")

    assert (await read(settings))["a"] == b"counts"


async def test_what_came_just_before_the_claim_is_read(owner: Any) -> None:
    """An owner knows all that counts: records written between its reading and its claim are read behind it."""
    first, second = owner(), owner()
    await first.take_over()
    claim = second.claims.claim

    async def slow(*arguments: Any) -> Any:
        await first.write(a=b"just now")
        return await claim(*arguments)

    second.claims.claim = slow
    await second.take_over()
    assert second.table == {"a": b"just now"}


async def test_of_two_claims_of_one_number_the_first_counts(settings: Settings, owner: Any) -> None:
    """A worker that was frozen before it claimed shuts nobody out: the owner claims again, or was first."""
    first, second = owner(), owner()
    await first.claims.claim(REVISIONS, {1: 1})  # as it thaws, after the other has read and before it claims
    claim, numbers = second.claims.claim, list[dict[int, int]]()

    async def noted(topic: KafkaTopic, wanted: dict[int, int]) -> Any:
        numbers.append({1: 1} if not numbers else wanted)
        return await claim(topic, numbers[-1])

    second.claims.claim = noted
    await second.take_over()
    await first.write(a=b"late")
    await second.write(b=b"counts")

    assert numbers == [{1: 1}, {1: 2}]
    assert await read(settings) == {"b": b"counts"}


async def test_nothing_is_claimed_outside_of_the_session(owner: Any) -> None:
    """A worker that thaws in the middle of reading waits for its group, and leaves partitions that went to another."""
    frozen = owner()
    await frozen.lose()
    assert not frozen.claims._headers


async def test_who_claims_nothing_writes_nothing_again(settings: Settings, owner: Any) -> None:
    """Late records that it found are mended once the partition is its own: others may have written of them by then."""
    frozen, second, third = owner(), owner(), owner()
    await frozen.take_over()
    await second.take_over()
    await second.write(a=b"second")
    await frozen.write(a=b"late")

    await third.lose()
    assert [m.value async for m in read_all(settings.kafka, [REVISIONS.name])][-1] == b"late"
    await third.take_over()
    assert [m.value async for m in read_all(settings.kafka, [REVISIONS.name])][-1] == b"second"


async def test_records_of_older_workers_are_taken(settings: Settings, owner: Any, producer: AIOKafkaProducer) -> None:
    """They name no owner; a header that names none is refused, and shuts nobody out."""
    first = owner()
    await first.take_over()
    await producer.send_and_wait(REVISIONS.name, b"old", b"a", 1)
    for wrong in (b"x:y", b"-1:y", b"9", b"9999999999999:y", b"\xff"):
        await producer.send_and_wait(REVISIONS.name, b"wrong", b"b", 1, headers=[(OWNER_HEADER, wrong)])
    await first.write(c=b"new")

    assert await read(settings) == {"a": b"old", "c": b"new"}
    assert CLAIM_KEY not in first.table


async def test_a_state_that_was_left_long_ago_is_not_gone_on_with(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kafka forgets tombstones: whoever had a partition, and has it again after half a day, begins with an empty memory."""
    clock = Clock()
    monkeypatch.setattr(state, "seconds_awake_or_asleep", clock)
    first = owner()
    await first.take_over()
    for hours, at in ((30, 30), (11, 11), (13, 0)):
        clock.now += hours * 3600.0
        first.recovery.note_left(clock.now - (hours - at) * 3600.0)  # the group answered last then
        first.intake.give_up()
        if at:
            await first.take_over()
    with pytest.raises(state.StateTooOld, match="13 h ago"):
        await first.recovery.recover({1})
