"""`wirewatch demo`: everything on a sample of news, with the embedded broker, and a live view in the terminal.

Beside the sample it polls a small publisher of its own (`wirewatch.demo.publisher`).
"""

import asyncio
import contextlib
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
from aiokafka import AIOKafkaProducer
from rich.console import Console
from rich.live import Live
from rich.panel import Panel

from agents.archive.settings import ArchiveSettings
from agents.clean.settings import CleanSettings
from agents.dedup.settings import DedupSettings
from agents.deliver.settings import FileSettings, Receivers
from agents.digest.settings import DigestSettings
from agents.fetch.files.found import Reading, Refusal
from agents.fetch.files.reading import read_path
from agents.trends.settings import TrendsSettings
from agents.watch.files import load as load_watches
from streams import ids
from streams.errors import BrokerError, InvalidRecord
from streams.events import header_list
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Raw, decode
from streams.settings import Settings
from streams.system.tasks import wait_for_ever
from streams.topics import RAW
from wirewatch.demo import sources
from wirewatch.demo.day import begin_with_quiet_weeks, send_digest
from wirewatch.demo.publisher import Publisher
from wirewatch.demo.view import RECEIVER, Progress, report, report_alerts, report_day, view
from wirewatch.http.server import WebApp, serving
from wirewatch.ingest.sending import Count, send
from wirewatch.metrics import new_metrics
from wirewatch.operating.audit import Account, audit
from wirewatch.sample import digests_folder, expected, raw_records, watches_folder, write_warc
from wirewatch.service import Service
from wirewatch.steps import STEPS, chosen
from wirewatch.terminal.accounts import account_table
from wirewatch.terminal.console import console as new_console
from wirewatch.watches import topic as watch_topic

#: Articles among which the demo looks for copies: the index over a million takes 418 MiB once it is full.
DEMO_ARTICLES = 100_000
#: The sample's burst scores 6.6 to 8.6, by how much of its hour lies in the clock's; nothing else in it reaches 5.
TREND_SCORE = 6.0
#: How long the demo waits for the last alerts to be delivered, in seconds.
DELIVERY_SECONDS = 20.0
#: How long it waits for the last article of its own publisher.
SOURCES_SECONDS = 120.0


async def run_demo(settings: Settings, *, once: bool, plain: bool) -> int:
    """Run the sample through all steps; return 0, or 1 when the accounts do not balance."""
    console = new_console(width=160) if plain else new_console()
    with EmbeddedBroker() as broker, tempfile.TemporaryDirectory(prefix="wirewatch-demo-") as folder:
        received, watches = Path(folder) / "alerts.jsonl", load_watches(watches_folder())
        settings.kafka.bootstrap = broker.bootstrap
        prepare(settings, received, Path(folder) / "archive.db")
        service = Service(settings, [sources.with_names(step) for step in chosen(None, settings)], new_metrics())
        web_app = WebApp(service)
        progress = Progress(service, web_app)
        if plain:
            progress.plain = console
        await watch_topic.put(settings, watches)
        await begin_with_quiet_weeks(settings)
        async with serving(web_app) as address, service.running(progress.settled), Publisher() as publisher:
            await sources.put(settings, publisher)
            feeding = asyncio.ensure_future(feed(settings, progress))
            await follow(progress, feeding, console, address, plain=plain)
            await delivered(progress)
            progress.digest = await send_digest(settings)
            await delivered(progress)
            account = await settled_account(settings, publisher)
            console.print()
            console.print(Panel(account_table(account), title="audit", expand=False))
            console.print(sources.table(service))
            report(progress, console)
            report_day(progress, None if once else address, console)
            report_alerts(progress, watches, received, console, stays=not once)
            if once:
                return 0 if account.settled else 1
            console.print(
                f"serving {address}/ , {address}/metrics and {address}/health/ready ; Ctrl-C ends", soft_wrap=True
            )
            console.print(f"the embedded broker is at {broker.bootstrap}, for as long as the demo runs:")
            console.print(f"kcat -C -b {broker.bootstrap} -t news.tagged -e", soft_wrap=True)
            await wait_for_ever()
            return 1


def prepare(settings: Settings, received: Path, history: Path) -> None:
    """Set the demo's settings: a receiver that writes alerts into a file, a store of history, digests, sources."""
    dedup = settings[DedupSettings]
    dedup.max_articles = min(dedup.max_articles, DEMO_ARTICLES)
    settings.worker.fetch_wait_seconds = 0.1  # the embedded broker answers a fetch only when this is over
    settings[Receivers][RECEIVER] = FileSettings(path=str(received))
    settings[ArchiveSettings].url = f"sqlite:{history}"
    settings[DigestSettings].folder = str(digests_folder())
    settings[TrendsSettings].min_score = TREND_SCORE
    sources.prepare(settings)


async def settled_account(settings: Settings, publisher: Publisher) -> Account:
    """Return the accounts, once every article that the publisher prints has come to its end, or after a while."""
    end = time.monotonic() + SOURCES_SECONDS
    while True:
        account = await audit(settings, STEPS)
        if (account.settled and account.entries.entries >= publisher.entries) or time.monotonic() > end:
            return account
        await asyncio.sleep(0.5)  # the audit reads the topics anew


async def follow(
    progress: Progress, feeding: "asyncio.Task[None]", console: Console, address: str, *, plain: bool
) -> None:
    """Show the live view until everything that was fed has come to its end."""
    first = view(progress, "", console.height)
    live = (
        Live(first, console=console, refresh_per_second=4, vertical_overflow="crop")
        if not plain
        else contextlib.nullcontext()
    )
    with live as shown:
        while not (feeding.done() and progress.final >= progress.sent):
            if progress.gone is not None:
                raise progress.gone
            if progress.service.failures:
                step, why = next(iter(progress.service.failures.items()))
                raise BrokerError(f"{step}: {why}")
            if feeding.done() and feeding.exception() is not None:
                break
            await asyncio.sleep(0.25)
            if shown is not None:
                state = f"{progress.final} of {progress.sent} settled · {address}"
                shown.update(view(progress, state, console.height))
    await feeding


async def delivered(progress: Progress) -> None:
    """Wait until all articles have their stories and were tried against the watches, and the receiver has its alerts."""
    end = time.monotonic() + DELIVERY_SECONDS
    while progress.waiting and time.monotonic() < end:  # noqa: ASYNC110 - several steps count
        await asyncio.sleep(0.1)


async def feed(settings: Settings, progress: Progress) -> None:
    """Send the sample to news.raw, no faster than the steps take it."""
    now = datetime.now(UTC)
    limit = settings[CleanSettings].max_page_bytes
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "sample.warc.gz"
        write_warc(archive, now)
        async with producing(settings.kafka, enable_idempotence=True) as producer:
            for number, line in enumerate(raw_records(now), start=1):
                await progress.room(expected()[number].original_url)
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
            for found in read_path(archive, Reading(limit)):
                await progress.room()
                if isinstance(found, Refusal):
                    await refuse(producer, progress, found, limit)
                else:
                    await send(producer, found, Count(), limit)
                    progress.sent += 1


async def refuse(producer: AIOKafkaProducer, progress: Progress, refusal: Refusal, limit: int) -> None:
    """Refuse a page that is too large, as `wirewatch ingest` does."""
    await send(producer, refusal, Count(), limit)
    progress.refused.append(refusal)


def url_of(line: bytes) -> str | None:
    """Return the URL of a raw record that is too large to be sent."""
    url = orjson.loads(line).get("url")
    return url if isinstance(url, str) else None


async def send_line(producer: AIOKafkaProducer, line: bytes) -> None:
    """Send one raw line as a careless producer would: a line that is no record goes in too, and ends on news.dead."""
    try:
        raw = decode(line, Raw)
    except InvalidRecord:
        await producer.send(RAW.name, line, key=ids.digest(line.decode("latin-1")).encode())
        return
    article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
    headers = header_list(ids.fetch_id(article, raw.fetched_at), "raw", "ingest")
    await producer.send(RAW.name, line, key=article.encode(), headers=headers)
