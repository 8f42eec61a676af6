"""From a laptop to a Kafka: watches, sources, polls, ledger and raw messages, each where its owner will look for it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import ConsumerRecord

from agents.deliver.ledger import LedgerEntry, encoder, read_entry
from agents.fetch.asking.domains import partition_of
from agents.fetch.asking.requests import Request, pack
from streams.errors import JournalError
from streams.journal.store import JournalEntry, StateRow, Store
from streams.journal.store import pack as packed
from streams.kafka.embedded import PARTITIONS, EmbeddedBroker
from streams.kafka.reading import read_all
from streams.records import Source, encode
from streams.settings import Settings
from streams.topics import FETCHES, LEDGER, POLLS, RAW, SOURCES, TOPICS, WATCHES
from wirewatch.laptop.folder import locked
from wirewatch.laptop.moving import move

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(name="news", url="https://feeds.news.example/rss")
ALERT = LedgerEntry(alert_id="a1", receiver="desk", partition=3, state="delivered", changed=1.0)


def laptop(folder: Path) -> None:
    """Make a journal with one of everything."""
    request = Request(id="x:1", source="news", fetched_at=NOW, url="https://pages.example/1", page=True)
    states = [
        StateRow(WATCHES.name, 2, "w", b"{}", [("ww_folder", b"/w")]),
        StateRow(SOURCES.name, 1, "news", encode(SOURCE)),
        StateRow(POLLS.name, 0, "s:news", b"state"),
        StateRow(POLLS.name, 0, "d:news.example", b"budget"),
        StateRow(POLLS.name, 0, "p:x:1", pack(request)),
        StateRow(POLLS.name, 0, "s:gone", b"state"),
        StateRow(LEDGER.name, 3, ALERT.key, encoder.encode(ALERT)),
    ]
    raw = JournalEntry(RAW.name, "a:1", b"a", packed(b"raw"), [("ce_id", b"a:1")], 1_700_000_000_000)
    waiting = JournalEntry(FETCHES.name, "f:1", b"news.example", packed(b"r"), [("ce_id", b"f:1")], 1000, waiting=True)
    done = JournalEntry(FETCHES.name, "f:2", b"news.example", packed(b"r"), [("ce_id", b"f:2")], 1000)
    store = Store(folder)
    store.write([raw, waiting, done], states, ())
    store.close()


async def test_everything_lies_where_its_owner_reads(tmp_path: Path) -> None:
    """States of domains and alerts are in the partitions of their names; raw messages keep their times and ids."""
    laptop(tmp_path)
    settings = Settings()
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        moved = await move(tmp_path, settings)
        found = [message async for message in read_all(settings.kafka, list(TOPICS))]

    by_key: dict[tuple[str, bytes | None], ConsumerRecord[bytes, bytes]] = {(m.topic, m.key): m for m in found}
    polls = {key: by_key[POLLS.name, key.encode()].partition for key in ("s:news", "d:news.example", "p:x:1")}
    told = by_key[LEDGER.name, ALERT.key.encode()]
    raw = by_key[RAW.name, b"a"]
    assert polls == {
        "s:news": partition_of("news.example", PARTITIONS),
        "d:news.example": partition_of("news.example", PARTITIONS),
        "p:x:1": partition_of("pages.example", PARTITIONS),
    }
    assert told.partition == partition_of("a1", PARTITIONS) == read_entry(ALERT.key, told.value or b"").partition
    assert (raw.value, raw.timestamp, dict(raw.headers)["ce_id"]) == (b"raw", 1_700_000_000_000, b"a:1")
    assert dict(by_key[WATCHES.name, b"w"].headers) == {"ww_folder": b"/w"}
    assert [m.headers for m in found if m.topic == FETCHES.name] == [(("ce_id", b"f:1"),)]
    assert moved.refused == ["wirewatch.polls s:gone"]


async def test_a_folder_in_use_is_not_moved(tmp_path: Path) -> None:
    """Two owners of one state would both tell its alerts."""
    laptop(tmp_path)
    settings = Settings()
    with EmbeddedBroker() as broker, locked(tmp_path):
        settings.kafka.bootstrap = broker.bootstrap
        with pytest.raises(JournalError, match="another `wirewatch run` has"):
            await move(tmp_path, settings)
