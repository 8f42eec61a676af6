"""Polls a second on one core beside feedparser with httpx: a part of `python -m bench.sources`."""

import asyncio
import gzip
import multiprocessing
import random
import ssl
import tempfile
import time
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import feedparser
import httpx
from aiohttp import web
from prometheus_client import CollectorRegistry

from agents.fetch.asking.asker import Asker
from agents.fetch.asking.client import Client, Guard
from agents.fetch.asking.clock import SystemClock
from agents.fetch.asking.opening import open_agenda
from agents.fetch.metrics import FetchMetrics
from agents.fetch.polling.poll import Polling
from agents.fetch.settings import FetchSettings
from agents.fetch.source import state
from agents.fetch.source.state import PollState
from bench.measured import table
from streams.records import Source
from tests.support.certificates import certificate
from tests.support.newsstand import NOON, Everywhere, Threads, item, rss

HOUR = 3600.0


@cache
def document(number: int, items: int = 30) -> bytes:
    """Return a feed of its own."""
    text = "A sentence of some length that stands for what a feed says of an article. " * 4
    return rss([item(number * 1000 + n, NOON - HOUR * n, text=text, guid=f"{number}-{n}") for n in range(items)])


def serve(cert: Path, key: Path, port: Connection) -> None:
    """Answer each path with its feed, or 304 where the request has its validator and the path is even."""

    async def answer(request: web.Request) -> web.Response:
        number = int(request.path.strip("/"))
        headers = {"ETag": f'"{number}"', "Connection": "close", "Content-Type": "application/rss+xml"}
        if number % 2 == 0 and "If-None-Match" in request.headers:
            return web.Response(status=304, headers=headers)
        body = gzip.compress(document(number % 50), 1)
        return web.Response(body=body, headers={**headers, "Content-Encoding": "gzip"})

    async def run() -> None:
        app = web.Application()
        app.router.add_get("/{number}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context, backlog=1024)
        await site.start()
        port.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


async def ours(url: str, polls: int, tls: ssl.SSLContext) -> float:
    """Return the CPU seconds of so many polls, each of a source that was polled before."""
    settings = FetchSettings(
        contact="https://desk.example/bot",
        allow_private=["127.0.0.0/8"],
        domain_delay_seconds=1e-6,
        address_parallel=0,
        address_delay_seconds=0.0,
    )
    client = Client(Guard(settings.contact, settings.allow_private), resolver=Everywhere(), tls=tls)
    asker = Asker(client, open_agenda(settings), Threads(), SystemClock(), FetchMetrics(CollectorRegistry()))
    polling = Polling(asker, settings, SystemClock(), random.Random(1))
    kept = {
        n: state.pack(PollState(url=url.format(n), etag=f'"{n}"', last_good_at=1.0, added_at=1.0)) for n in range(polls)
    }

    async def one(number: int) -> None:
        known = state.unpack(kept[number])
        source = Source(name=f"s{number}", url=url.format(number))
        await polling.poll(source, known, f"h{number}.example")
        assert not known.failures, known.error
        kept[number] = state.pack(known)

    await asyncio.gather(*(one(number) for number in range(20)))
    start = time.process_time()
    for begin in range(20, polls, 20):
        await asyncio.gather(*(one(number) for number in range(begin, min(begin + 20, polls))))
    seconds = time.process_time() - start
    await client.close()
    return seconds / (polls - 20)


def theirs(url: str, polls: int, cert: Path) -> float:
    """Return the CPU seconds of one poll by httpx and feedparser, on average."""
    with httpx.Client(verify=ssl.create_default_context(cafile=str(cert))) as client:
        start = time.process_time()
        for number in range(polls):
            response = client.get(url.format(number), headers={"If-None-Match": f'"{number}"', "Connection": "close"})
            if response.status_code == 200:
                feedparser.parse(response.content, response_headers=dict(response.headers))
        return (time.process_time() - start) / polls


async def measure_polls(polls: int) -> list[str]:
    """Compare CPU a poll in one run."""
    with tempfile.TemporaryDirectory() as name:
        cert, key = certificate(Path(name), "DNS:localhost", "DNS:*.example", "IP:127.0.0.1")
        parent, child = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(cert, key, child), daemon=True)
        server.start()
        port = parent.recv()
        tls = ssl.create_default_context(cafile=str(cert))
        wide = f"https://localhost:{port}/{{}}"
        mine = await ours(wide, polls, tls)
        peer = await asyncio.to_thread(theirs, wide, max(polls // 5, 100), cert)
        server.terminate()
    rows = [
        ("wirewatch: asked, read, compared, packed", f"{mine * 1e3:.2f}", f"{1 / mine:.0f}"),
        ("httpx and feedparser: asked and read", f"{peer * 1e3:.2f}", f"{1 / peer:.0f}"),
    ]
    return [
        (
            f"New HTTPS connections, {polls} polls, half of them 304, half a feed of 30 items; CPU of the client alone, one "
            f"core. wirewatch takes 1/{peer / mine:.1f} of the peer's."
        ),
        "",
        table(["poll", "CPU ms", "polls/s a core"], rows),
    ]
