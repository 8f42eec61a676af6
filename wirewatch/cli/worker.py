"""What the commands that speak to Kafka do: run a worker, ingest, tail; and how an account is shown."""

import asyncio
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from streams.errors import BrokerError
from streams.kafka.clients import consuming, partitions_of, producing
from streams.settings import Settings
from streams.step import Step
from wirewatch.audit import Account
from wirewatch.cli.ingest import Count, Found, read_lines, read_path, send
from wirewatch.cli.show import line_of
from wirewatch.http.server import Pages, serving
from wirewatch.service import Service, require_topics
from wirewatch.watch_topic import WatchFolder

logger = logging.getLogger("wirewatch")
#: Refusals shown one by one; the rest are counted.
MAX_REPORTED = 50


async def run_worker(settings: Settings, steps: Sequence[Step]) -> int:
    """Run steps until cancelled; return 1 when one of them cannot go on."""
    service = Service(settings, steps)
    folder = WatchFolder(settings, service.metrics) if settings.watch.folder else None
    pages = Pages(service)
    async with serving(pages) as address:
        logger.info("%s on %s; %s", ", ".join(step.name for step in steps), settings.kafka.bootstrap, address)
        async with service.running(pages.settled):
            logger.info("running")
            keeping = asyncio.ensure_future(folder.run() if folder is not None else asyncio.Future())
            watching = asyncio.ensure_future(service.watch())
            try:
                await asyncio.wait((keeping, watching), return_when=asyncio.FIRST_COMPLETED)
                if keeping.done():
                    await keeping
            finally:
                keeping.cancel()
                watching.cancel()
            logger.error("stopping: %s", service.failure)
    return 1


async def run_ingest(
    settings: Settings, paths: Sequence[Path], source: str | None, console: Console, *, quiet: bool
) -> int:
    """Send what the paths hold; return 1 when something was refused."""
    await require_topics(settings)
    count, reported = Count(), 0
    limit = settings.clean.max_page_bytes
    with Progress(
        TextColumn("{task.fields[sent]} sent"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=quiet,
    ) as bar:
        task = bar.add_task("", total=total_bytes(paths), sent=0)
        async with producing(settings.kafka, enable_idempotence=True, linger_ms=5, max_batch_size=1 << 20) as producer:
            for found in read_paths(paths, limit, source, lambda size: bar.advance(task, size)):
                refusal = await send(producer, found, count, limit)
                if refusal is not None:
                    reported += 1
                    if reported <= MAX_REPORTED:
                        console.print(
                            f"{refusal.where}: {refusal.reason}: {refusal.error}", highlight=False, soft_wrap=True
                        )
                if count.sent % 50 == 0:
                    bar.update(task, sent=count.sent)
            await producer.flush()
        bar.update(task, sent=count.sent)
    refused = sum(count.refused.values())
    reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(count.refused.items()))
    console.print(f"{count.sent} sent, {refused} refused" + (f" ({reasons})" if reasons else ""), highlight=False)
    return 1 if refused else 0


def read_paths(paths: Iterable[Path], limit: int, source: str | None, progress: Any) -> Iterator[Found]:
    """Yield what all paths hold; `-` is standard input."""
    for path in paths:
        if str(path) == "-":
            yield from read_lines(sys.stdin.buffer, "standard input", limit, progress)
        else:
            yield from read_path(path, limit, source, progress)


def total_bytes(paths: Iterable[Path]) -> int | None:
    """Return the size of all files; None where standard input is among them or a file is compressed JSON lines."""
    total = 0
    for path in paths:
        if str(path) == "-":
            return None
        files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        if any(p.name.endswith(("jsonl.gz", "ndjson.gz")) for p in files):
            return None
        total += sum(p.stat().st_size for p in files)
    return total


async def run_tail(
    settings: Settings,
    topic: str,
    console: Console,
    *,
    regions: Sequence[str],
    topics: Sequence[str],
    languages: Sequence[str],
    sources: Sequence[str],
    from_beginning: bool,
    as_json: bool,
    count: int | None,
) -> None:
    """Print the messages of a topic that pass the filters."""
    start = "earliest" if from_beginning else "latest"
    async with consuming(settings.kafka, fetch_max_wait_ms=100, auto_offset_reset=start) as consumer:
        partitions = await partitions_of(consumer, topic)
        if not partitions:
            raise BrokerError(
                f"Kafka at {settings.kafka.bootstrap} has no topic {topic}: `wirewatch topics create` makes it"
            )
        consumer.assign(partitions)
        shown = 0
        async for message in consumer:
            headers = dict(message.headers)
            if not passes(headers.get("regions"), regions) or not passes(headers.get("topics"), topics):
                continue
            try:
                record = orjson.loads(message.value or b"{}")
            except orjson.JSONDecodeError:
                record = {"title": f"not JSON: {(message.value or b'')[:80]!r}"}
            if (languages and record.get("language") not in languages) or (
                sources and record.get("source") not in sources
            ):
                continue
            if as_json:
                click.echo(message.value)
            else:
                console.print(line_of(record))
            shown += 1
            if count is not None and shown >= count:
                return


def passes(header: bytes | None, wanted: Sequence[str]) -> bool:
    """Tell whether a comma list has one of the wanted values; no wanted values let everything pass."""
    return not wanted or bool(set((header or b"").decode().split(",")) & set(wanted))


def account_json(account: Account) -> dict[str, Any]:
    """Return an account as plain values."""
    return {
        "balanced": account.balanced,
        "settled": account.settled,
        "raw_messages": account.raw_messages,
        "fetches": account.fetches,
        "redelivered": account.redelivered,
        "final": dict(account.final),
        "written_again": account.written_again,
        "refused_at_the_door": account.refused_at_the_door,
        "dead_after_tagging": account.dead_after_tagging,
        "on_their_way": dict(account.on_their_way),
        "missing": [{"fetch_id": fetch, "last_seen": topic} for fetch, topic in account.missing],
        "double": [{"fetch_id": fetch, "places": where} for fetch, where in account.double],
        "without_raw": account.unknown,
    }


def account_table(account: Account) -> Table:
    """Return an account for people."""
    table = Table.grid(padding=(0, 2))
    table.add_row(
        "raw messages",
        str(account.raw_messages),
        f"{account.redelivered} of them delivered again" if account.redelivered else "",
    )
    table.add_row("fetches", str(account.fetches), "")
    for topic, number in sorted(account.final.items()):
        table.add_row(f"  on {topic}", str(number), "")
    for topic, number in account.on_their_way.items():
        table.add_row(f"  on their way, last on {topic}", str(number), "")
    if account.refused_at_the_door:
        table.add_row(
            "refused where they came in", str(account.refused_at_the_door), "on news.dead, without a raw message"
        )
    if account.dead_after_tagging:
        table.add_row("dead after tagging", str(account.dead_after_tagging), "matches or alerts, not articles")
    if account.written_again:
        table.add_row("written again after a crash", str(account.written_again), "same id, same place: one thing")
    if account.unknown:
        table.add_row("without a raw message", str(account.unknown), "Kafka keeps outputs longer than raw messages")
    for name, entries in (("missing", account.missing), ("double", account.double)):
        table.add_row(f"[{'red' if entries else 'green'}]{name}[/]", str(len(entries)), "")
        for fetch, where in entries[:20]:
            table.add_row("", fetch, f"last on {where}" if name == "missing" else where)
    verdict = "[bold green]balanced[/]" if account.balanced else "[bold red]does not balance[/]"
    table.add_row(verdict, "", "" if account.settled or not account.balanced else "some are still on their way")
    return table
