"""One laptop without Kafka: killed in the middle, started again, and nothing is missing or double."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import orjson
import pytest
import requests

from agents.deliver.settings import DeliverSettings
from streams.errors import WirewatchError
from streams.journal.store import NAME
from streams.records import Raw as RawRecord
from streams.records import decode
from tests.support.forked import Running, forked
from wirewatch.sample import raw_records, watches_folder

START_SECONDS, SETTLE_SECONDS = 120.0, 240.0
#: While articles are underway.
KILLS = 2


class Laptop:
    """`wirewatch run --data` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.data = folder / "data"
        self.alerts = folder / "alerts.jsonl"
        self.config = folder / "wirewatch.toml"
        self.config.write_text(
            f'[watch]\nfolder = "{watches_folder()}"\n[receivers.demo]\ntype = "file"\npath = "{self.alerts}"\n'
        )
        self.log = folder / "log"
        self._process: Running | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.kill()

    def call(self, *arguments: object) -> subprocess.CompletedProcess[bytes]:
        """Run a command of wirewatch on the folder."""
        words = [*map(str, arguments), "--data", str(self.data)]
        return forked().call(words, folder=self.log.parent, seconds=START_SECONDS)

    def start(self) -> None:
        """Start; return when the steps run."""
        self.log.write_bytes(b"")
        words = ["run", "--http-port", "0", "--data", str(self.data), "--config", str(self.config)]
        with self.log.open("ab") as log:
            self._process = forked().start(words, folder=self.log.parent, output=log.fileno())
        self.wait(lambda: b"running; " in self.log.read_bytes(), START_SECONDS)
        assert f"(topics at {(self.data / 'broker').read_text()})" in self.log.read_text(), (
            "who reads them with kcat needs it"
        )

    def kill(self) -> None:
        """Kill it and its children at once."""
        assert self._process is not None
        with suppress(ProcessLookupError):  # it was killed before
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def interrupt(self) -> int:
        """Interrupt it, as Ctrl-C does; return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(START_SECONDS)

    def shown(self) -> dict[str, list[str]]:
        """Return the ids of the articles that its page shows."""
        [*_, address] = re.findall(r"running; (\S+)", self.log.read_text())
        asked = {"articles": "/api/v1/articles", "stories": "/api/v1/stories"}
        found = {
            part: sorted(each["id"] for each in requests.get(address + path, timeout=60).json()[part])
            for part, path in asked.items()
        }
        status = requests.get(f"{address}/status.json", timeout=60).json()
        return {**found, "alerts": sorted(alert["id"] for alert in status["alerts"])}

    def watches(self) -> bool:
        """Whether watches are in force."""
        [*_, address] = re.findall(r"running; (\S+)", self.log.read_text())
        metrics = requests.get(f"{address}/metrics", timeout=60).text
        return re.search(r'^wirewatch_watches\{state="in_force"\} [1-9]', metrics, re.MULTILINE) is not None

    def rows(self) -> dict[str, tuple[int, int]]:
        """Return how many messages of each topic the journal has, and how many of them wait."""
        with closing(sqlite3.connect(self.data / NAME)) as db:
            found = db.execute("SELECT topic, count(*), sum(waiting) FROM messages GROUP BY topic").fetchall()
            left = db.execute("SELECT count(*) FROM inbox").fetchone()[0]
        return {topic: (count, waiting) for topic, count, waiting in found} | {"inbox": (left, left)}

    def wait(self, until: Callable[[], bool], seconds: float = SETTLE_SECONDS) -> None:
        """Wait for something, and show the rest where it does not come."""
        end = time.monotonic() + seconds
        while not until():
            assert self._process is None or self._process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < end, f"{self.rows()}\n{self.log.read_text()[-3000:]}"
            time.sleep(0.05)

    def settled(self) -> bool:
        """Whether nothing waits."""
        return not any(waiting for _, waiting in self.rows().values())


def news(path: Path, rounds: int) -> int:
    """Write a file of raw records, the sample once for each round under other addresses; return how many."""
    count = 0
    with path.open("wb") as lines:
        for number in range(rounds):
            for line in raw_records(datetime.now(UTC)):
                if len(line) > 1 << 20:
                    continue
                try:
                    raw = decode(line, RawRecord)
                except WirewatchError:
                    continue
                if raw.url:
                    given: dict[str, Any] = orjson.loads(line)
                    lines.write(orjson.dumps({**given, "url": raw.url.replace("://", f"://n{number}.")}) + b"\n")
                    count += 1
    return count


class Survivor(NamedTuple):
    """A laptop that was killed twice while articles were underway, was moved, and has settled them since."""

    laptop: Laptop
    #: how many messages of each topic there were at the second kill, and how many of them waited
    underway: dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def survivor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survivor]:
    """Articles are in the journal of a laptop that is down; it is killed twice, and runs to their end from a torn copy."""
    folder = tmp_path_factory.mktemp("survivor")
    first, file = Laptop(folder / "first"), folder / "news.jsonl"
    sent = news(file, 2)
    assert first.call("ingest", "--quiet", file).returncode == 0
    assert first.rows()["inbox"][0] == sent

    with first:
        first.start()
        first.wait(lambda: first.rows().get("news.clean", (0, 0))[0] > 0)
        first.kill()
        first.start()
        first.wait(lambda: first.rows().get("news.alerts", (0, 0))[0] > 0)
    second = torn_copy(first, folder / "second")
    with second:
        underway = first.rows()
        second.start()
        second.wait(second.settled)
        second.wait(lambda: second.rows()["news.deliveries"][0] == second.rows()["news.alerts"][0])
        yield Survivor(second, underway)


def torn_copy(laptop: Laptop, folder: Path) -> Laptop:
    """Copy a laptop that was killed to another folder, with half a page behind its journal that was on its way to the disk."""
    copy = Laptop(folder)
    shutil.copytree(laptop.data, copy.data)
    if laptop.alerts.exists():
        shutil.copy(laptop.alerts, copy.alerts)
    log = copy.data / f"{NAME}-wal"  # there as long as nobody has opened and closed the journal since
    assert log.stat().st_size > 0
    with log.open("ab") as torn:
        torn.write(os.urandom(2000))
    return copy


def test_a_laptop_that_is_killed_twice_and_copied_with_a_torn_write_loses_nothing(survivor: Survivor) -> None:
    """After two kills, one as with the power gone, a copy of the disk has each article in one place and every alert."""
    laptop = survivor.laptop
    account = orjson.loads(laptop.call("audit", "--json").stdout)
    told = [orjson.loads(line)["id"] for line in laptop.alerts.read_bytes().splitlines()]

    assert any(waiting for _, waiting in survivor.underway.values()), "both kills came too late to prove anything"
    assert (account["settled"], account["missing"], account["double"]) == (True, [], [])
    assert sum(account["final"].values()) == account["fetches"] == laptop.rows()["news.raw"][0]
    assert len(set(told)) == laptop.rows()["news.alerts"][0]
    # an attempt that a kill cut off before its outcome was recorded is made again, with the same id
    assert len(told) - len(set(told)) <= KILLS * DeliverSettings().parallel


def test_a_killed_laptop_shows_what_it_showed(survivor: Survivor) -> None:
    """History is in the folder: after a kill the page has the same articles, stories and alerts."""
    laptop = survivor.laptop
    laptop.wait(lambda: bool(laptop.shown()["alerts"]))
    before = laptop.shown()
    laptop.kill()
    laptop.start()
    laptop.wait(lambda: bool(laptop.shown()["alerts"]))
    after = laptop.shown()

    assert len(before["articles"]) > 20
    assert before["stories"]
    assert after == before


def test_one_folder_is_one_process_that_ends_without_a_word(survivor: Survivor) -> None:
    """A second run on the folder is refused, other commands ask the first one or its journal; Ctrl-C ends that quietly."""
    laptop = survivor.laptop
    second = laptop.call("run", "--http-port", "0")
    laptop.wait(laptop.watches, START_SECONDS)  # the folder's come into force soon after the start
    listed = laptop.call("watches", "list")
    code = laptop.interrupt()  # no test asks the laptop after this one

    assert second.returncode == 2
    assert b"another `wirewatch run` has" in b" ".join(second.stderr.split())
    assert listed.returncode == 0, listed.stderr
    assert b"cholera" in listed.stdout
    assert code == 0
    log = laptop.log.read_text()
    assert "Traceback" not in log
    assert "did not end in time" not in log
    assert laptop.call("watches", "list").stdout == listed.stdout
