"""A Kafka, workers on it, a webhook that is told of every article, and who looks at them: health and a real Prometheus.

`bench/faults.py` breaks something in it and asks what became of the articles, the alerts, health and the alert rules.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from aiokafka.errors import KafkaTimeoutError

from agents.watch.language.parse import parse
from agents.watch.records import Watch
from bench.pipeline import Ends
from streams import ids
from streams.events import header_list
from streams.kafka.clients import consuming, producing
from streams.kafka.reading import read_all
from streams.records import Alert, Raw, WatchRecord, decode, encode
from streams.settings import Settings
from streams.topics import ALERTS, RAW, TAGGED
from tests.support.flow import Worker, make_topics, worker_on
from tests.support.hooks import SECRET, Hook, settings_file
from tests.support.processes import ProgramError
from tests.support.real_cluster import RealCluster
from tests.support.real_kafka import RealKafka
from tests.support.real_prometheus import RealPrometheus
from wirewatch.watches import topic as watch_topic

#: In every article of `tests.support.flow.news`.
QUERY = '"people from"'
LOOK_SECONDS = 0.5
BROKERS = 3


class LabPrometheus(RealPrometheus):
    """Scrapes several workers, each five seconds, with the rules as they are."""

    def __init__(self, urls: list[str]) -> None:
        super().__init__(urls[0])
        self._targets = [url.removeprefix("http://") for url in urls]

    def firing(self) -> set[str]:
        """Return the names of the alerts that fire now."""
        return {sample["metric"]["alertname"] for sample in self.query('ALERTS{alertstate="firing"}')}

    def _config(self) -> dict[str, Any]:
        config = super()._config()
        config["global"] = {"scrape_interval": "5s", "scrape_timeout": "4s", "evaluation_interval": "5s"}
        config["scrape_configs"] = [{"job_name": "wirewatch", "static_configs": [{"targets": self._targets}]}]
        return config


class SmallDisk:
    """A disk of a broker's own in memory, mounted in a namespace of its own: nothing else can be filled by it."""

    def __init__(self, folder: Path, mib: int) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        script = f"mount -t tmpfs -o size={mib}m tmpfs {folder} && echo mounted && exec cat"
        self._holder = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
            stdin=subprocess.PIPE,  # it ends with this process
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "mounted\n":
            raise ProgramError("no disk could be mounted: unshare needs user namespaces")
        self.enter = ["nsenter", "--target", str(self._holder.pid), "--user", "--mount", "--preserve-credentials"]

    @property
    def _inside(self) -> Path:
        return Path(f"/proc/{self._holder.pid}/root{self.folder}")

    def fill(self) -> None:
        """Leave no room."""
        with contextlib.suppress(OSError), (self._inside / "ballast").open("wb", buffering=0) as ballast:
            while ballast.write(bytes(65_536)):
                pass

    def make_room(self) -> None:
        """Give back the room that `fill` took."""
        (self._inside / "ballast").unlink()

    def close(self) -> None:
        """Give the memory back."""
        self._holder.kill()
        self._holder.wait()


class LabKafka(RealKafka):
    """A broker that can have a disk that is full."""

    def __init__(self, disk_mib: int = 0) -> None:
        super().__init__()
        self.disk = SmallDisk(self.folder / "log", disk_mib) if disk_mib else None

    def command(self) -> list[str]:
        """Return the command that runs the broker, beside its own disk where it has one."""
        return [*(self.disk.enter if self.disk is not None else ()), *super().command()]

    def close(self) -> None:
        """End the broker at once and delete its data."""
        super().close()
        if self.disk is not None:
            self.disk.close()


@dataclass(frozen=True)
class Look:
    """A look at one moment: the alerts that fire, and by worker readiness and liveness as HTTP statuses (0: none).

    `up` is each worker's `wirewatch_kafka_up`, None where it shows no metrics.
    """

    at: float
    ready: tuple[int, ...]
    live: tuple[int, ...]
    up: tuple[float | None, ...]
    firing: frozenset[str]


class Lab:
    """All of it, from entering to leaving. `deliver`: lines of its settings, `tables`: others of the workers, as TOML.

    `disk_mib`: the size of a lone broker's own disk, 0 for this machine's. `voters`: over 0 for a cluster of three
    brokers, so many of them controllers; its topics have three replicas, two of which have to confirm.
    """

    def __init__(
        self, workers: int = 1, disk_mib: int = 0, *, voters: int = 0, deliver: str = "", tables: str = ""
    ) -> None:
        self.settings = Settings()
        self._kafka = RealCluster(BROKERS, voters) if voters else LabKafka(disk_mib)
        self.hook = Hook()
        self._temporary = tempfile.TemporaryDirectory(prefix="wirewatch-lab-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        config = self.folder / "wirewatch.toml"
        config.write_text(settings_file({"desk": self.hook}, f"first_wait_seconds = 0.5\n{deliver}") + tables)
        environ = {"HOOK_SECRET": SECRET}
        self.workers: list[Worker] = [
            worker_on(self._kafka.bootstrap, self.folder / f"worker{n}.log", config=config, environ=environ)
            for n in range(workers)
        ]
        self.looks: list[Look] = []
        self._prometheus = LabPrometheus([worker.url for worker in self.workers])
        self._stack = contextlib.ExitStack()
        self._end = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    async def __aenter__(self) -> Self:
        try:
            await self._enter()
        except BaseException:
            self._stack.close()
            raise
        return self

    async def _enter(self) -> None:
        self._stack.callback(self._temporary.cleanup)
        self._stack.enter_context(self._kafka)
        self._stack.enter_context(self.hook)
        self.settings.kafka.bootstrap, self.settings.kafka.partitions = self._kafka.bootstrap, 4
        self.settings.kafka.replication = BROKERS if isinstance(self._kafka, RealCluster) else 1
        await make_topics(self.settings)
        record = WatchRecord(name="everything", query=QUERY, receivers=["desk"], backfill=True)
        await watch_topic.put(self.settings, [Watch(record=record, query=parse(QUERY))])
        self._stack.enter_context(self._prometheus)
        for worker in self.workers:
            self._stack.enter_context(worker)
        self._looking.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end.set()
        self._looking.join()
        if error is not None:
            for log in sorted(self.folder.glob("*.log")):
                print(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-30:]))
        self._stack.close()

    @property
    def kafka(self) -> LabKafka:
        """The lone broker."""
        assert isinstance(self._kafka, LabKafka)
        return self._kafka

    @property
    def cluster(self) -> RealCluster:
        """The brokers of a cluster."""
        assert isinstance(self._kafka, RealCluster)
        return self._kafka

    def ready(self) -> None:
        """Wait until every worker is ready."""
        for worker in self.workers:
            worker.ready(180)

    async def settle(self, count: int) -> None:
        """Wait until so many articles have come to their end."""
        async with consuming(self.settings.kafka) as consumer:
            await Ends(consumer).wait_for(count, 300)

    def away(self, worker: Worker, number: signal.Signals) -> None:
        """Signal a worker with its children, as a machine that is frozen does it to all at once."""
        os.killpg(worker.pid, number)

    async def tagged_after(self, moment: float) -> float | None:
        """Return when the first article was tagged after a moment, in seconds from it."""
        times = [
            datetime.fromisoformat(orjson.loads(message.value)["processed_at"]).timestamp()
            async for message in read_all(self.settings.kafka, [TAGGED.name])
        ]
        return min((at - moment for at in times if at > moment), default=None)

    async def alert_ids(self) -> set[str]:
        """Return the ids on news.alerts."""
        return {decode(m.value or b"", Alert).id async for m in read_all(self.settings.kafka, [ALERTS.name])}

    def _look(self) -> None:
        while not self._end.wait(LOOK_SECONDS):
            at = time.time()
            ready = tuple(status(f"{worker.url}/health/ready") for worker in self.workers)
            live = tuple(status(f"{worker.url}/health/live") for worker in self.workers)
            up = tuple(kafka_up(worker) for worker in self.workers)
            firing: set[str] = set()
            with contextlib.suppress(Exception):
                firing = self._prometheus.firing()
            self.looks.append(Look(at, ready, live, up, frozenset(firing)))


def status(url: str) -> int:
    """Return the HTTP status of an address; 0 where nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            found: int = answer.status
            return found
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def kafka_up(worker: Worker) -> float | None:
    """Return whether Kafka answers, as a worker's metrics say it; None where it shows none."""
    try:
        return worker.metrics().get("wirewatch_kafka_up")
    except OSError:
        return None


async def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, or the time is over; say whether it is."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.2)
    return True


async def feed(settings: Settings, articles: list[Raw], rate: float) -> None:
    """Send articles at a steady rate, fetched now."""
    async with producing(settings.kafka, enable_idempotence=True, linger_ms=2) as producer:
        start = time.monotonic()
        for number, raw in enumerate(articles):
            await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
            raw.fetched_at = datetime.now(UTC)
            article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
            headers = header_list(ids.fetch_id(article, raw.fetched_at), "raw", "bench")
            while True:
                try:
                    await producer.send(RAW.name, encode(raw), key=article.encode(), headers=headers)
                    break
                except KafkaTimeoutError:  # there was no room for it yet
                    continue
        await producer.flush()
