"""A folder that fills: files become raw messages once they are whole, and are put away."""

import asyncio
import gzip
import os
import re
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaTimeoutError

from streams.errors import BrokerError, SettingsError
from streams.kafka.confirming import confirming
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.records import Raw, decode, encode
from streams.settings import Settings
from streams.topics import RAW
from wirewatch.folders import incoming
from wirewatch.folders.incoming import IncomingFolder
from wirewatch.folders.settings import IncomingSettings
from wirewatch.ingest.sending import Count
from wirewatch.metrics import new_metrics
from wirewatch.sample import write_warc

OLD = 1_780_000_000
LINE = encode(
    Raw(url="https://a.example/1", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), content_type="text/html", content="x")
)


def old(path: Path, content: bytes | None = None) -> Path:
    """Write a file that was last changed long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is not None:
        path.write_bytes(content)
    os.utime(path, (OLD, OLD))
    return path


async def taken(folder: Path, until: Callable[[], bool], *, quiet_seconds: float = 60.0) -> list[Raw]:
    """Run on a folder until something is so; return the raw records on the broker."""
    settings = Settings()
    settings[IncomingSettings].folder = str(folder)
    settings[IncomingSettings].look_seconds = 0.02
    settings[IncomingSettings].quiet_seconds = quiet_seconds
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        running = asyncio.ensure_future(IncomingFolder(settings, new_metrics()).run())
        for _ in range(3000):
            if until() or running.done():
                break
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return [decode(m.value or b"", Raw) async for m in read_all(settings.kafka, [RAW.name])]


async def test_files_of_each_kind_are_taken_and_put_away(tmp_path: Path) -> None:
    """A page has the time of its file, an archive's pages that of the archive, which goes to failed/: one is too large."""
    put = [tmp_path / "in.jsonl.gz", tmp_path / "site" / "page.html", tmp_path / "a.warc.gz"]
    old(tmp_path / "in.jsonl.gz", gzip.compress(LINE + b"\n"))
    old(tmp_path / "site" / "page.html", b'<link rel="canonical" href="https://b.example/2"><p>News</p>')
    write_warc(tmp_path / "a.warc.gz", datetime(2026, 1, 2, tzinfo=UTC))
    old(tmp_path / "a.warc.gz")

    found = await taken(tmp_path, lambda: not any(path.exists() for path in put))

    by_url = {raw.url: raw for raw in found}
    assert by_url["https://a.example/1"].via == "file"
    assert by_url["https://b.example/2"].fetched_at == datetime.fromtimestamp(OLD, UTC)
    assert {raw.via for raw in found if raw.url not in ("https://a.example/1", "https://b.example/2")} == {"archive"}
    assert (tmp_path / "done" / "in.jsonl.gz").is_file()
    assert (tmp_path / "done" / "site" / "page.html").is_file()
    assert (tmp_path / "failed" / "a.warc.gz").is_file()


def test_files_that_were_put_away_are_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a year there are a million of them, and the folder is looked at each second."""
    for name in (
        "a.jsonl",
        "site/done/b.jsonl",
        "done/2026/c.jsonl",
        "failed/d.jsonl",
        "site/.e.jsonl",
        "f.jsonl.part",
    ):
        old(tmp_path / name, LINE)
    settings = Settings()
    settings[IncomingSettings].folder = str(tmp_path)
    folder, entered, scandir = IncomingFolder(settings, new_metrics()), list[str](), os.scandir

    def noted(place: str) -> Any:
        entered.append(os.path.relpath(place, tmp_path))
        return scandir(place)

    monkeypatch.setattr("os.scandir", noted)
    assert sorted(folder._ready()) == [tmp_path / "a.jsonl", tmp_path / "site/done/b.jsonl"]
    assert sorted(entered) == [".", "site", "site/done"]


async def test_an_archive_without_a_page_does_not_keep_a_worker_from_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crawler keeps its requests, and pages that were not there, by the hundred thousand; a thread reads them."""
    reads, goes_on, passed = threading.Event(), threading.Event(), list[str]()

    class Slow(Count):
        def pass_over(self, kind: str) -> None:
            passed.append(kind)
            reads.set()
            goes_on.wait()

    monkeypatch.setattr(incoming, "Count", Slow)
    path = old(tmp_path / "a.warc", b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * 100)
    settings = Settings()
    settings[IncomingSettings].folder = str(tmp_path)
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with confirming(settings.kafka) as producer:
            sending = asyncio.ensure_future(IncomingFolder(settings, new_metrics())._send(path, producer))
            await asyncio.to_thread(reads.wait)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            goes_on.set()
            await asyncio.get_running_loop().shutdown_default_executor()
    assert passed == ["request"]


async def test_every_line_of_a_long_file_is_sent(tmp_path: Path) -> None:
    """Records are read some at a time, and none falls between."""
    lines = [LINE.replace(b"/1", b"/%d" % number) for number in range(50)]
    old(tmp_path / "in.jsonl", b"\n".join(lines))

    found = await taken(tmp_path, (tmp_path / "done" / "in.jsonl").exists)

    assert len({raw.url for raw in found}) == 50


async def test_a_file_of_empty_records_alone_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A packed file of some kilobytes may hold a million: the first are told of, and then how many there were."""
    monkeypatch.setattr(incoming, "MOST_IN_A_ROW", 40)
    lines = [*[b"{}"] * 30, LINE, *[b"{}"] * 30, LINE.replace(b"/1", b"/2"), *[b"{}"] * 200]
    old(tmp_path / "in.jsonl.gz", gzip.compress(b"\n".join(lines)))

    found = await taken(tmp_path, (tmp_path / "failed" / "in.jsonl.gz").exists)

    assert {raw.url for raw in found} == {"https://a.example/1", "https://a.example/2"}
    warnings = [record.getMessage() for record in caplog.records if record.name == incoming.logger.name]
    assert len([warning for warning in warnings if "in.jsonl.gz:" in warning]) == incoming.MOST_REPORTED + 2
    assert warnings[-2].endswith("records were refused, one after another: it is not read on")
    assert re.search(r"1\d\d records refused \(invalid_record 1\d\d\), of which the first 20 stand above", warnings[-1])


async def test_a_file_that_is_still_written_is_left(tmp_path: Path) -> None:
    """Neither one that has just changed, nor one whose name says so, nor one in which there is nothing yet."""
    (tmp_path / "new.jsonl").write_bytes(LINE)
    os.utime(tmp_path / "new.jsonl", (4_000_000_000, 4_000_000_000))
    old(tmp_path / "empty.jsonl", b"")
    old(tmp_path / "half.jsonl.part", LINE)
    old(tmp_path / "whole.jsonl", LINE)

    await taken(tmp_path, (tmp_path / "done" / "whole.jsonl").exists)

    assert (tmp_path / "new.jsonl").exists()
    assert (tmp_path / "empty.jsonl").exists()
    assert (tmp_path / "half.jsonl.part").exists()


async def test_a_file_that_grows_while_it_is_read_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its writer was slow for a while, and goes on: lines behind the end that was read are not put away unread."""
    path = old(tmp_path / "in.jsonl", LINE + b"\n")
    more = LINE.replace(b"/1", b"/2") + b"\n"
    some = incoming._some

    def slow(*given: Any) -> Any:
        found = some(*given)
        if not found and path.stat().st_size == len(LINE) + 1:  # its end was read
            old(path, LINE + b"\n" + more)
        return found

    monkeypatch.setattr(incoming, "_some", slow)
    found = await taken(tmp_path, (tmp_path / "done" / "in.jsonl").exists)
    assert {raw.url for raw in found} == {"https://a.example/1", "https://a.example/2"}


async def test_a_file_that_kafka_did_not_confirm_is_not_put_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kafka was away while it was sent: the work on the folder is begun anew, and the file is there still."""

    async def lost(*_: object, **__: object) -> "asyncio.Future[None]":
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sent.set_exception(KafkaTimeoutError())
        return sent

    monkeypatch.setattr(AIOKafkaProducer, "send", lost)
    path = old(tmp_path / "in.jsonl", LINE)
    with EmbeddedBroker() as broker:
        settings = Settings()
        settings.kafka.bootstrap, settings[IncomingSettings].folder = broker.bootstrap, str(tmp_path)
        with pytest.raises(BrokerError, match=r"did not take a message of .* for news\.raw"):
            await asyncio.wait_for(IncomingFolder(settings, new_metrics()).run(), 30)
    assert path.exists()


async def test_a_file_of_the_future_is_taken_once_it_does_not_change(tmp_path: Path) -> None:
    """It was copied from a machine whose clock is ahead, or ours was set back."""
    path = old(tmp_path / "in.jsonl", LINE)
    os.utime(path, (4_000_000_000, 4_000_000_000))
    found = await taken(tmp_path, (tmp_path / "done" / "in.jsonl").exists, quiet_seconds=0.05)
    assert [raw.url for raw in found] == ["https://a.example/1"]


async def test_a_file_with_faults_goes_to_failed_and_what_is_good_of_it_is_sent(tmp_path: Path) -> None:
    """Nothing is lost, and the fault can be looked at; a second file of the same name is kept beside it."""
    old(tmp_path / "failed" / "in.jsonl", b"an earlier one")
    old(tmp_path / "in.jsonl", LINE + b"\n{broken\n")

    found = await taken(tmp_path, (tmp_path / "failed" / "1-in.jsonl").exists)

    assert [raw.url for raw in found] == ["https://a.example/1"]
    assert (tmp_path / "failed" / "in.jsonl").read_bytes() == b"an earlier one"


async def test_links_lead_nowhere_out_of_the_folder(tmp_path: Path) -> None:
    """Whoever may leave files there has none of the worker's other files read, nor his own put elsewhere."""
    folder, secret, elsewhere = tmp_path / "in", old(tmp_path / "secret.txt", b"A secret."), tmp_path / "elsewhere"
    last = old(folder / "last.jsonl", LINE)
    elsewhere.mkdir()
    (folder / "done").symlink_to(elsewhere)
    (folder / "inside.txt").symlink_to(old(folder / ".kept.txt", b"<p>News"))
    (folder / "secret.txt").symlink_to(secret)
    looks = iter(range(20))

    found = await taken(folder, lambda: (folder / "failed" / "secret.txt").is_symlink() and next(looks, None) is None)

    assert sorted(raw.content for raw in found) == ["<p>News", "x"]
    assert last.exists() and not list(elsewhere.iterdir()) and secret.read_bytes() == b"A secret."


def test_a_folder_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    """The setting is named."""
    settings = Settings()
    settings[IncomingSettings].folder = str(tmp_path / "none")

    with pytest.raises(SettingsError, match=r"incoming\.folder"):
        IncomingFolder(settings, new_metrics())


async def test_what_cannot_be_read_or_moved_keeps_nothing_else_from_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Odd names, times, encodings and places: the file behind them all is taken, and each of them once."""
    strange = tmp_path / os.fsdecode(b"\xff\x1b[2J") / "page.html"
    old(strange, b"<p>News")
    old(tmp_path / "charset.html", b'<meta charset="rot13"><p>\xff\xfe\xff')
    old(tmp_path / "blocked.jsonl", LINE)
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as where the extra is not installed
    old(tmp_path / "table.parquet", b"PAR1")
    old(tmp_path / "table.csv", b"url,text\nhttps://a.example/4,News\n")
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "later").write_bytes(b"a file where a folder should be")
    old(tmp_path / "later" / "stuck.jsonl", LINE.replace(b"/1", b"/2"))
    last = tmp_path / "last.jsonl"
    last.write_bytes(LINE.replace(b"/1", b"/3"))
    os.utime(last, (OLD + 60, OLD + 60))
    looks = iter(range(20))

    found = await taken(tmp_path, lambda: (tmp_path / "done" / "last.jsonl").exists() and next(looks, None) is None)

    assert sorted(raw.url or raw.source or "" for raw in found) == sorted(
        [*(f"https://a.example/{number}" for number in (1, 2, 3, 4)), "\ufffd[2J", tmp_path.name]
    )
    assert (tmp_path / "later" / "stuck.jsonl").exists()
    assert (tmp_path / "failed" / "table.parquet").exists() and (tmp_path / "done" / "table.csv").exists()
