"""News made on the spot, a worker in a process of its own, and the topics as upserted tables."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from streams import ids
from streams.errors import InvalidRecord
from streams.events import header_list
from streams.kafka.admin import create_topics
from streams.kafka.clients import producing
from streams.kafka.messages import message_of
from streams.kafka.reading import read_all
from streams.records import Raw, decode, encode
from streams.settings import Settings
from streams.topics import CLEAN, DEAD, DUPLICATES, RAW, SKETCHED, TAGGED, TOPICS, UNIQUE
from tests.support.forked import Running, forked
from tests.support.processes import start_program
from tests.support.real_kafka import free_port
from wirewatch.operating.audit import Account, audit
from wirewatch.steps import STEPS

START = datetime(2026, 3, 1, tzinfo=UTC)
OUTPUTS = (CLEAN, UNIQUE, DUPLICATES, TAGGED, DEAD)
PLACES = (
    "Caracas",
    "Lagos",
    "Jakarta",
    "Lima",
    "Hamburg",
    "Nairobi",
    "Osaka",
    "Izmir",
    "Porto",
    "Mumbai",
    "Perth",
    "Gdansk",
)
ACTORS = (
    "The harbour office",
    "A union of drivers",
    "The health ministry",
    "A court",
    "The regional council",
    "A rescue team",
)
VERBS = ("announced", "rejected", "delayed", "approved", "questioned", "reopened", "suspended", "reviewed")
THINGS = (
    "a loan",
    "the ferry line",
    "a vaccine order",
    "the curfew",
    "new tariffs",
    "a dam",
    "the school year",
    "an inquiry",
)


def sentence(rng: random.Random) -> str:
    """Return one sentence with facts of its own."""
    return (
        f"{rng.choice(ACTORS)} in {rng.choice(PLACES)} {rng.choice(VERBS)} {rng.choice(THINGS)} worth "
        f"{rng.randrange(10, 99_999)} on day {rng.randrange(1, 365)}, after {rng.randrange(2, 900)} people from "
        f"{rng.choice(PLACES)} had asked for {rng.choice(THINGS)} and {rng.choice(THINGS)}."
    )


def page(title: str, paragraphs: Iterable[str]) -> str:
    """Return a page with some boilerplate around an article."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a><a href=/w>World</a></nav>"
        f"<main><article><h1>{title}</h1>{body}</article></main><footer><a href=/about>About us</a></footer></body></html>"
    )


def news(count: int, seed: int = 7) -> Iterator[Raw]:
    """Yield so many raw records: each tenth a copy of an earlier one elsewhere, each 25th a new text of an earlier one."""
    rng = random.Random(seed)
    articles: list[tuple[str, str, list[str]]] = []
    for number in range(count):
        fetched = START + timedelta(seconds=number)
        if articles and number % 10 == 9:
            url, title, text = rng.choice(articles)
            url = f"https://copy{number % 7}.example/{number}"
        elif articles and number % 25 == 13:
            url, title, text = rng.choice(articles)
            text = [*text, sentence(rng)]
        else:
            url, title = f"https://paper{number % 9}.example/{number}", f"{rng.choice(PLACES)} file {number}"
            text = [" ".join(sentence(rng) for _ in range(2)) for _ in range(4)]
            articles.append((url, title, text))
        yield Raw(url=url, fetched_at=fetched, content_type="text/html", content=page(title, text))


async def load(settings: Settings, values: Iterable[Raw | bytes]) -> int:
    """Send raw records (or bytes that are none) to news.raw; return how many."""
    count = 0
    async with producing(settings.kafka, linger_ms=5) as producer:
        for value in values:
            data = encode(value) if isinstance(value, Raw) else value
            try:
                raw = decode(data, Raw)
                article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
                headers = header_list(ids.fetch_id(article, raw.fetched_at), "raw", "test")
            except InvalidRecord:
                article, headers = ids.digest(data.decode("latin-1")), []
            await producer.send(RAW.name, data, key=article.encode(), headers=headers)
            count += 1
    return count


async def make_topics(settings: Settings) -> None:
    """Make all topics."""
    await create_topics(settings.kafka, TOPICS.values())


async def settled(settings: Settings, seconds: float) -> Account:
    """Return the account once nothing is on its way, or at the end of the time."""
    end = time.monotonic() + seconds
    while True:
        account = await audit(settings, STEPS)
        if (account.settled and account.fetches) or time.monotonic() > end:
            return account
        await asyncio.sleep(0.5 + account.fetches / 500)  # reading everything costs the worker processor time


async def traces(settings: Settings, fetches: Iterable[str]) -> list[str]:
    """Return every record of some fetches, in the order of its topic's partition: where it stands, its key and its headers."""
    wanted, found = set(fetches), list[str]()
    for topic in (RAW, CLEAN, SKETCHED, UNIQUE, DUPLICATES, TAGGED, DEAD) if wanted else ():
        async for message in read_all(settings.kafka, [topic.name]):
            if message_of(message).fetch_id in wanted:
                value = (message.value or b"")[:300]
                found.append(f"{topic.name}[{message.partition}] {message.offset} {message.key!r:.80} {value!r}")
                found += [f"    {name}: {header!r:.120}" for name, header in message.headers]
    return found


async def tables(settings: Settings) -> dict[str, dict[str, dict[str, Any]]]:
    """Return every output topic upserted by the id of its events, without the times of processing."""
    out: dict[str, dict[str, dict[str, Any]]] = {topic.name: {} for topic in OUTPUTS}
    async for message in read_all(settings.kafka, out):
        record = orjson.loads(message.value or b"{}")
        record.pop("processed_at", None)
        for place in ("topic", "partition", "offset"):
            record.pop(place, None)
        out[message.topic][dict(message.headers)["ce_id"].decode()] = record
    return out


class Demo:
    """`wirewatch demo` in a process of its own, a forked one, with everything settled: its address, broker and output."""

    def __init__(self, *options: str, environ: dict[str, str] | None = None, seconds: float = 240.0) -> None:
        words = ["demo", "--plain", "--http-port", "0", *options]
        read, write = os.pipe()
        with open(write, "wb", closefd=True):  # noqa: PTH123 - no path
            self._process = forked().start(words, environ={**os.environ, **(environ or {})}, output=write)
        self._output = open(read, "rb")  # noqa: PTH123, SIM115 - no path; closed by its reader
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._wait_until_settled(time.monotonic() + seconds)
        except BaseException:
            self._end()
            raise
        served = next(line for line in self.lines if line.startswith("serving "))
        self.url = served.split()[1].rstrip("/")
        self.bootstrap = next(line for line in self.lines if "kcat" in line).split(" -b ")[1].split()[0]

    def _wait_until_settled(self, end: float) -> None:
        while not any("kcat" in line for line in self.lines):
            assert self._process.poll() is None and time.monotonic() < end, "".join(self.lines[-60:])
            time.sleep(0.1)

    def _end(self) -> None:
        """End it and its children by force."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _read(self) -> None:
        with self._output as lines:
            self.lines.extend(line.decode() for line in iter(lines.readline, b""))

    def get(self, path: str) -> bytes:
        """Return the answer of the worker's HTTP server."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            body: bytes = answer.read()
            return body

    def stop(self) -> int:
        """Interrupt it as Ctrl-C does and return its exit code."""
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(30)
        finally:
            self._end()


class Worker:
    """`wirewatch run` in a process of its own; with `data` without Kafka; `fork` it from one that has the models."""

    def __init__(
        self,
        bootstrap: str,
        port: int,
        log: Path,
        steps: str | None = None,
        config: Path | None = None,
        data: Path | None = None,
        environ: dict[str, str] | None = None,
        fork: bool = False,
        **settings: str,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = log
        self._fork = fork
        self._words = ["run", "--http-port", str(port)]
        self._words += ["--data", str(data)] if data else ["--bootstrap", bootstrap]
        self._words += ["--steps", steps] if steps else []
        self._words += ["--config", str(config)] if config else []
        given = {f"WIREWATCH_{name.upper()}": value for name, value in settings.items()}
        self._environment = {**os.environ, **given, **(environ or {})}
        self._process: subprocess.Popen[bytes] | Running | None = None

    @property
    def pid(self) -> int:
        """The process id of the running worker."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Start it in a process group of its own."""
        with self._log.open("ab") as log:
            if self._fork:
                self._process = forked().start(self._words, environ=self._environment, output=log.fileno())
                return
            command = [sys.executable, "-m", "wirewatch", *self._words]
            self._process = start_program(command, stdout=log, stderr=log, env=self._environment)

    def metrics(self) -> dict[str, float]:
        """Return its metrics by name and labels, as they stand at `/metrics`."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return {
            name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line and line[0] != "#")
        }

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def terminate(self, seconds: float = 20.0) -> None:
        """End it as compose and Kubernetes do, or by force where that takes longer."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End the worker's process at once, as the kernel would; its children are left to notice."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def ready(self, seconds: float = 60.0) -> None:
        """Wait until it says that it is ready."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self._process is not None
            assert self._process.poll() is None, self._log.read_text(errors="replace")[-3000:]
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.2)
        raise AssertionError(f"not ready after {seconds} s: {self._log.read_text(errors='replace')[-3000:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.runs:
            self.terminate()


def worker_on(bootstrap: str, log: Path, **settings: Any) -> Worker:
    """Return a worker for a broker, on a free port; in a process from scratch."""
    return Worker(bootstrap, free_port(), log, kafka_session_timeout_seconds="6", **settings)


def forked_worker_on(bootstrap: str, log: Path, **settings: Any) -> Worker:
    """Return a worker for a broker, on a free port; forked from a process that has imported and loaded everything."""
    return worker_on(bootstrap, log, fork=True, **settings)
