"""`wirewatch demo`: everything on a sample of news, with the embedded broker, and a live view in the terminal."""

import asyncio
import contextlib
import tempfile
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import orjson
from aiokafka import AIOKafkaProducer
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agents.fetch.files.reading import Refusal, read_path
from agents.watch.files import load as load_watches
from agents.watch.records import Watch
from streams import ids
from streams.errors import InvalidRecord
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Alert, Duplicate, Raw, Tagged, decode, encode
from streams.settings import FileSettings, Settings
from streams.step import Settled, Step
from streams.topics import DEAD, DUPLICATES, RAW, TAGGED, TOPICS
from wirewatch import watch_topic
from wirewatch.audit import audit
from wirewatch.cli.audit import account_table
from wirewatch.cli.show import line_of
from wirewatch.http.server import Pages, serving
from wirewatch.sample import raw_records, watches_folder, write_warc
from wirewatch.sending import Count, event_headers, send
from wirewatch.service import Service
from wirewatch.steps import STEPS

#: Raw messages that may be on their way at once: the embedded broker keeps only its latest few MiB.
MOST_UNDERWAY = 24
#: Articles among which the demo looks for copies: the index over a million would take 402 MiB.
DEMO_ARTICLES = 100_000
SHOWN = 12
SHOWN_ALERTS = 4
#: How long the demo waits for the last alerts to be told, in seconds.
TELL_SECONDS = 20.0
#: The receiver that the sample's watches name.
RECEIVER = "demo"
FINAL = (TAGGED, DUPLICATES, DEAD)


class Progress:
    """What the demo has seen so far."""

    def __init__(self, service: Service, pages: Pages) -> None:
        self.service = service
        self.pages = pages
        self.sent = 0
        self.final = 0
        self.refused: list[Refusal] = []
        self.first_tagged: float | None = None
        self.lines: deque[Text] = deque(maxlen=SHOWN)
        self.alerts: deque[Text] = deque(maxlen=SHOWN_ALERTS)
        self.raised: dict[str, set[str]] = {}
        self.moved = asyncio.Event()
        self.plain: Console | None = None
        self.started = time.monotonic()

    def settled(self, step: Step, settled: Settled) -> None:
        """Follow every message to its end."""
        self.pages.settled(step, settled)
        for output in settled.outputs:
            if isinstance(output.record, Alert):
                self.alert(output.record)
            if output.topic not in FINAL:
                continue
            self.final += 1
            if isinstance(output.record, Tagged) and self.first_tagged is None:
                self.first_tagged = time.monotonic() - self.started
            if not isinstance(output.record, bytes):
                line = line_of(orjson.loads(encode(output.record)))
                if isinstance(output.record, Duplicate):
                    line.stylize("dim")
                self.lines.append(line)
                if self.plain is not None:
                    self.plain.print(line, no_wrap=True, overflow="ellipsis", crop=False)
        self.moved.set()

    def alert(self, alert: Alert) -> None:
        """Show an alert as it is raised."""
        self.raised.setdefault(alert.watch, set()).add(alert.id)
        shown = line_of(orjson.loads(encode(alert)))
        self.alerts.append(shown)
        if self.plain is not None:
            for line in shown.split():
                self.plain.print(line, no_wrap=True, overflow="ellipsis", crop=False)

    @property
    def waiting(self) -> bool:
        """Whether an article, a match or an alert is still on its way through the watch steps."""
        settled = {name: sum(runner.totals.outcomes.values()) for name, runner in self.service.runners.items()}
        tagged = self.service.runners["tag"].totals.outcomes.get("tagged", 0)
        alerts = sum(map(len, self.raised.values()))
        return (
            settled["match"] < tagged
            or settled["watch"] < self.service.runners["match"].totals.given
            or settled["deliver"] < alerts
        )

    async def room(self) -> None:
        """Wait until the steps have caught up enough to be fed again."""
        while self.sent - self.final >= MOST_UNDERWAY:
            self.moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), 1)


def view(progress: Progress, state: str) -> RenderableType:
    """Return the live view: the steps, and the latest that came out."""
    table = Table(box=None, header_style="dim", expand=True)
    for name in ("step", "taken", "put out", "set aside", "lag", "median", "slowest"):
        table.add_column(name, justify="left" if name == "step" else "right")
    for name, runner in progress.service.runners.items():
        totals = runner.totals
        aside = {k: v for k, v in totals.outcomes.items() if k in ("dead", "duplicate")}
        passed = sum(totals.outcomes.values()) - sum(aside.values())
        seconds = sorted(totals.seconds)
        table.add_row(
            name,
            str(totals.taken),
            str(passed),
            ", ".join(f"{v} {k}" for k, v in aside.items()) or "0",
            str(totals.lag),
            f"{seconds[len(seconds) // 2] * 1000:.0f} ms" if seconds else "",
            f"{seconds[-1] * 1000:.0f} ms" if seconds else "",
        )
    lines: list[RenderableType] = list(progress.lines) or [Text("starting the steps …", style="dim")]
    alerts: list[RenderableType] = list(progress.alerts) or [Text("nothing yet", style="dim")]
    return Group(
        Panel(table, title="wirewatch demo", subtitle=state),
        Panel(Group(*lines), title="as it comes"),
        Panel(Group(*alerts), title="alerts"),
    )


async def run_demo(settings: Settings, *, once: bool, plain: bool) -> int:
    """Run the sample through all steps; return 0, or 1 when the accounts do not balance."""
    console = Console(highlight=False, width=160) if plain else Console(highlight=False)
    with EmbeddedBroker() as broker, tempfile.TemporaryDirectory(prefix="wirewatch-demo-") as folder:
        settings.kafka.bootstrap = broker.bootstrap
        settings.dedup.max_articles = min(settings.dedup.max_articles, DEMO_ARTICLES)
        settings.worker.fetch_wait_seconds = 0.1  # the embedded broker answers a fetch only when this is over
        told = Path(folder) / "alerts.jsonl"
        settings.receivers[RECEIVER] = FileSettings(path=str(told))
        watches = load_watches(watches_folder())
        service = Service(settings, list(STEPS.values()))
        pages = Pages(service)
        progress = Progress(service, pages)
        if plain:
            progress.plain = console
        await make_topics(settings)
        await watch_topic.put(settings, watches)
        async with serving(pages) as address, service.running(progress.settled):
            feeding = asyncio.ensure_future(feed(settings, progress))
            await follow(progress, feeding, console, address, plain=plain)
            await told_all(progress)
            account = await audit(settings, STEPS)
            console.print()
            console.print(Panel(account_table(account), title="audit", expand=False))
            report(progress, console)
            report_alerts(progress, watches, told, console, stays=not once)
            if once:
                return 0 if account.settled else 1
            console.print(f"serving {address}/ , {address}/metrics and {address}/health/ready ; Ctrl-C ends")
            console.print(
                f"the embedded broker is at {broker.bootstrap}: kcat -C -b {broker.bootstrap} -t news.tagged -e"
            )
            await service.watch()
            return 1


async def make_topics(settings: Settings) -> None:
    """Let the embedded broker make its topics: it does so when they are first asked for."""
    async with producing(settings.kafka) as producer:
        for topic in TOPICS:
            await producer.partitions_for(topic)


async def follow(
    progress: Progress, feeding: "asyncio.Task[None]", console: Console, address: str, *, plain: bool
) -> None:
    """Show the live view until everything that was fed has come to its end."""
    live = Live(view(progress, ""), console=console, refresh_per_second=4) if not plain else contextlib.nullcontext()
    with live as shown:
        while not (feeding.done() and progress.final >= progress.sent):
            if progress.service.failure is not None:
                raise progress.service.failure
            if feeding.done() and feeding.exception() is not None:
                break
            await asyncio.sleep(0.25)
            if shown is not None:
                shown.update(view(progress, f"{progress.final} of {progress.sent} settled · {address}"))
    await feeding


async def told_all(progress: Progress) -> None:
    """Wait until what was tagged has been tried against the watches and its alerts are with their receiver."""
    end = time.monotonic() + TELL_SECONDS
    while progress.waiting and time.monotonic() < end:  # noqa: ASYNC110 - several steps count
        await asyncio.sleep(0.1)


async def feed(settings: Settings, progress: Progress) -> None:
    """Send the sample to news.raw, no faster than the steps take it."""
    now = datetime.now(UTC)
    limit = settings.clean.max_page_bytes
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "sample.warc.gz"
        write_warc(archive, now)
        async with producing(settings.kafka, enable_idempotence=True) as producer:
            for line in raw_records(now):
                await progress.room()
                if len(line) > limit:
                    await refuse(
                        producer,
                        progress,
                        Refusal(
                            "sample", "too_large", f"{len(line)} bytes; the limit is {limit}", url_of(line), len(line)
                        ),
                        limit,
                    )
                    continue
                await send_line(producer, line)
                progress.sent += 1
            for found in read_path(archive, limit, None, lambda _: None):
                await progress.room()
                if isinstance(found, Refusal):
                    await refuse(producer, progress, found, limit)
                else:
                    await send(producer, found, Count(), limit)
                    progress.sent += 1


async def refuse(producer: AIOKafkaProducer, progress: Progress, refusal: Refusal, limit: int) -> None:
    """Refuse a page at the door, as `wirewatch ingest` does."""
    await send(producer, refusal, Count(), limit)
    progress.refused.append(refusal)


def url_of(line: bytes) -> str | None:
    """Return the URL of a raw record that is too large to be sent."""
    url = orjson.loads(line).get("url")
    return url if isinstance(url, str) else None


async def send_line(producer: AIOKafkaProducer, line: bytes) -> None:
    """Send one raw line as a careless producer would: what is no record goes in too, and ends on news.dead."""
    try:
        raw = decode(line, Raw)
    except InvalidRecord:
        await producer.send(RAW.name, line, key=ids.digest(line.decode("latin-1")).encode())
        return
    article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
    headers = event_headers(ids.fetch_id(article, raw.fetched_at))
    await producer.send(RAW.name, line, key=article.encode(), headers=headers)


def report_alerts(progress: Progress, watches: list[Watch], told: Path, console: Console, *, stays: bool) -> None:
    """Say which watches fired, how often, and who was told, and where it can be read if it `stays` there a while."""
    fired = ", ".join(
        f"{name} {len(progress.raised.get(name, ()))}" for name in sorted(watch.name for watch in watches)
    )
    console.print(f"{sum(map(len, progress.raised.values()))} alerts ({fired})")
    lines = told.read_bytes().count(b"\n") if told.exists() else 0
    where = f"; what it was told is in {told} until the demo ends" if stays else ""
    console.print(f"told {lines} of them to the receiver `{RECEIVER}`{where}", soft_wrap=True)


def report(progress: Progress, console: Console) -> None:
    """Say how fast it was, and what the steps set aside."""
    seconds = f"{progress.first_tagged:.1f} s" if progress.first_tagged is not None else "never"
    console.print(f"first tagged article {seconds} after the start")
    for refusal in progress.refused:
        console.print(f"refused where it came in: {refusal.url or refusal.where}: {refusal.error}")
