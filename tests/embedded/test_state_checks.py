"""State records carry a checksum: one that was spoilt takes no decision back, and those of older workers are read."""

import time
from pathlib import Path

from aiokafka import ConsumerRecord

from agents.clean.article import clean_raw
from agents.dedup.decide import Deduplicator
from agents.dedup.sketch import make_sketch
from agents.fetch.source import state
from agents.fetch.source.state import PollState
from streams.events import CHECK_HEADER
from streams.journal.store import JournalEntry, StateRow, Store, pack
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.producer import KafkaPublisher
from streams.kafka.reading import read_all, remembered
from streams.message import Change
from streams.settings import Settings
from streams.topics import POLLS, REVISIONS, SKETCHES, STORIES, KafkaTopic
from streams.worker.state import FOLLOWED_HOURS, StateLog
from tests.support.flow import news
from tests.support.poison import spoilt
from wirewatch.sources import topic as source_topic


async def written(settings: Settings, topic: KafkaTopic) -> list[ConsumerRecord[bytes, bytes]]:
    """Return the records of a topic."""
    return [message async for message in read_all(settings.kafka, [topic.name])]


async def test_spoilt_decisions_are_refused(settings: Settings, broker: EmbeddedBroker) -> None:
    """A decider that reads decisions and thousands of spoilt ones behind them decides as the one that made them."""
    sketches = [make_sketch(clean_raw(raw).clean) for raw in list(news(20))[:8]]
    first = Deduplicator()
    verdicts = [first.decide(sketch, 1000.0 + at, str(at)) for at, sketch in enumerate(sketches)]
    restored, refused = Deduplicator(), []
    async with producing(settings.kafka) as producer:
        publisher = KafkaPublisher("dedup", producer)
        await publisher.publish([Change(SKETCHES, 0, verdict.key, verdict.record) for verdict in verdicts])
        own = await written(settings, SKETCHES)
        for kind in (kind for message in own for seed in range(5) for kind in spoilt(message, seed)):
            await producer.send(SKETCHES.name, kind.value, kind.key, 0, headers=kind.headers)
        await producer.flush()
    log = StateLog(settings.kafka, SKETCHES, lambda _, *row: restored.restore(*row), lambda: refused.append(1))
    await log.catch_up({0})
    assert len(refused) > 3000
    again = [restored.decide(sketch, 1000.0 + at, str(at)) for at, sketch in enumerate(sketches)]
    assert again == verdicts


async def test_a_laptop_tells_of_states_from_before_its_start(
    settings: Settings, broker: EmbeddedBroker, tmp_path: Path
) -> None:
    """Its broker has the later records; older ones stand in the journal, and are read where they still hold."""

    def polled(error: str) -> bytes:
        return state.pack(PollState(url="https://a.example/feed", error=error))

    store = Store(tmp_path)
    store.write([], [StateRow(POLLS.name, 0, f"s:{name}", polled("before")) for name in ("old", "newer", "gone")], [])
    with remembered(settings.kafka.bootstrap, store.path):
        async with producing(settings.kafka) as producer:
            await producer.send_and_wait(POLLS.name, polled("since"), b"s:newer")
            await producer.send_and_wait(POLLS.name, None, b"s:gone")
        known = await source_topic.states(source_topic.OnKafka(settings))
    store.close()
    assert {name: each.error for name, each in known.items()} == {"old": "before", "newer": "since"}


async def test_a_laptop_knows_the_stories_from_before_its_start(
    settings: Settings, broker: EmbeddedBroker, tmp_path: Path
) -> None:
    """A watch that alerts once a story would tell of it again: its broker is empty, and its journal has the last hours."""
    now, applied = int(time.time() * 1000), list[str]()
    store = Store(tmp_path)
    ages = {"old": FOLLOWED_HOURS + 1, "first": FOLLOWED_HOURS - 1, "second": 0.1}
    store.write(
        [
            JournalEntry(STORIES.name, name, name.encode(), pack(b"{}"), [], now - int(hours * 3_600_000))
            for name, hours in ages.items()
        ],
        [],
        [],
    )
    store.close()
    async with producing(settings.kafka) as producer:
        await producer.send_and_wait(STORIES.name, b"{}", b"third")
    settings.kafka.journal = str(store.path)
    await StateLog(settings.kafka, STORIES, lambda _, key, value: applied.append(key)).catch_up(None)
    assert applied == ["first", "second", "third"]


async def test_states_of_older_workers_are_read(settings: Settings, broker: EmbeddedBroker) -> None:
    """A record and a tombstone without a checksum are taken; those written now have one, and are taken too."""
    applied: list[tuple[str, bytes | None]] = []
    async with producing(settings.kafka) as producer:
        for value in (b"old", None):
            await producer.send_and_wait(REVISIONS.name, value, key=b"a", partition=1)
        await KafkaPublisher("clean", producer).publish(
            [Change(REVISIONS, 1, "b", b"new"), Change(REVISIONS, 1, "c", None)]
        )
    assert [[name for name, _ in message.headers] for message in await written(settings, REVISIONS)] == [
        *([], []),
        *([CHECK_HEADER], [CHECK_HEADER]),
    ]
    await StateLog(settings.kafka, REVISIONS, lambda _, *row: applied.append(row)).catch_up({1})
    assert applied == [("a", b"old"), ("a", None), ("b", b"new"), ("c", None)]
