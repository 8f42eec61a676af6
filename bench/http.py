"""Measure the worker's HTTP port: how fast health answers while others ask for dear things.

usage: python -m bench.http [--seconds 5] [--readers 16]

The server runs in a process of its own, without steps and without Kafka, with the metrics of a worker that has seen a
thousand sources. Readers ask again and again on connections of their own; beside them health is asked ten times a second.
Idle connections are half a request each, from one address. Writes the section `http` of docs/measured.md.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial
from multiprocessing.connection import Connection

from aiohttp import ClientSession, ClientTimeout

from bench.measured import record, table
from streams.settings import Settings
from wirewatch.http.server import WebApp, serving
from wirewatch.metrics import new_metrics
from wirewatch.service import Service

SOURCES = 1_000
IDLE = 600


def serve(there: Connection) -> None:
    """Serve until the other end says so; tell it the address first."""

    async def running() -> None:
        settings = Settings()
        settings.kafka.bootstrap = "127.0.0.1:9"
        settings.worker.http_port = 0
        service = Service(settings, [], new_metrics())
        for number in range(SOURCES):
            service.metrics.articles.labels("tag", f"outcome-{number}").inc()
        web_app = WebApp(service)
        async with serving(web_app) as address:
            web_app.feed.ready.set()
            there.send(address)
            await asyncio.to_thread(there.recv)

    asyncio.run(running())


async def ask(session: ClientSession, url: str, end: float, pause: float = 0.0) -> list[float]:
    """Ask until a time; return the seconds of each answer."""
    taken = []
    while time.monotonic() < end:
        begun = time.monotonic()
        async with session.get(url) as answer:
            await answer.read()
        taken.append(time.monotonic() - begun)
        await asyncio.sleep(pause)
    return taken


async def beside(address: str, seconds: float, others: Callable[[float], Awaitable[int]]) -> tuple[int, list[float]]:
    """Return the number of others' answers, and the seconds of health's beside them."""
    end = time.monotonic() + seconds
    async with ClientSession(timeout=ClientTimeout(30)) as session:
        health = asyncio.create_task(ask(session, f"{address}/health/live", end, 0.1))
        return await others(end), await health


async def measure(address: str, seconds: float, readers: int) -> list[list[object]]:
    """Return a row for each kind of neighbour."""
    rows: list[list[object]] = []

    async def reading(path: str, end: float) -> int:
        async with ClientSession() as session:
            return sum(map(len, await asyncio.gather(*(ask(session, address + path, end) for _ in range(readers)))))

    async def idling(end: float) -> int:
        host, port = address.removeprefix("http://").split(":")
        held = [await asyncio.open_connection(host, int(port)) for _ in range(IDLE)]
        for _, writer in held:
            writer.write(b"GET / HT")
        await asyncio.sleep(max(0.0, end - time.monotonic()))
        for _, writer in held:
            writer.close()
        return 0

    async def nobody(end: float) -> int:
        await asyncio.sleep(end - time.monotonic())
        return 0

    neighbours: list[tuple[str, Callable[[float], Awaitable[int]]]] = [
        ("nobody", nobody),
        *(
            (f"{readers} readers of {path}", partial(reading, path))
            for path in ("/metrics", "/status.json", "/watches.rss")
        ),
        (f"{IDLE} half-sent requests", idling),
    ]
    for name, others in neighbours:
        count, health = await beside(address, seconds, others)
        worst = max(health) * 1000
        rows.append([name, f"{count / seconds:.0f}", f"{statistics.median(health) * 1000:.1f}", f"{worst:.1f}"])
    return rows


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--readers", type=int, default=16)
    options = parser.parse_args()
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    rows = asyncio.run(measure(here.recv(), options.seconds, options.readers))
    here.send("end")
    process.join(20)
    shown = table(["beside", "answers/s to them", "health p50, ms", "health slowest, ms"], rows)
    print(shown)
    text = f"Health is asked ten times a second, without steps, beside:\n\n{shown}"
    record("http", "HTTP port", text, command="python -m bench.http")


if __name__ == "__main__":
    main()
