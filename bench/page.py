"""Measure the page in a real browser, and many open tabs on one worker.

usage: python -m bench.page --archive sqlite:PATH [--tabs 200] [--seconds 60] [--record]

The worker runs in a process of its own, without steps and without Kafka, over a store of history (bench.archive makes a
large one). Chromium opens the page three times anew, without a cache; searches; and lies idle: the bytes that come to it
then are counted by its DevTools. Tabs are clients that do what an idle tab does (an event stream, a look for newer
articles each half minute), opened over half a minute from ten addresses; health is asked ten times a second beside them.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import statistics
import time
from multiprocessing.connection import Connection

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from agents.archive.open import open_store
from agents.archive.settings import ArchiveSettings
from bench.archive import word
from bench.http import ask
from bench.measured import record, table
from streams.settings import Settings
from tests.support.browser import chromium
from wirewatch.http.server import WebApp, serving
from wirewatch.metrics import new_metrics
from wirewatch.service import Service

#: Searches as bench.archive writes them: a number is a word of near that rank, another one in each try.
QUERIES = (
    "{900}",
    "{40}",
    "{300} AND region:VE",
    "({700}* OR {800}*) AND topic:sport",
    "{200} NEAR/20 {300}",
    "title:{500}",
    "topic:sport",
)
TRIES = 5
LOOK_SECONDS = 30.0
ADDRESSES = 10
DRAWN = "return document.querySelectorAll('article').length > 0"
COUNTED = "return document.querySelector('#count').textContent.includes('found')"


def serve(there: Connection, archive: str) -> None:
    """Serve until the other end says so; tell it the address first."""

    async def running() -> None:
        settings = Settings()
        settings.kafka.bootstrap = "127.0.0.1:9"
        settings.worker.http_port = 0
        settings[ArchiveSettings].url = archive
        web_app = WebApp(Service(settings, [], new_metrics()))
        async with serving(web_app) as address:
            web_app.feed.ready.set()
            there.send(address)
            await asyncio.to_thread(there.recv)

    asyncio.run(running())


def until(browser: Chrome, script: str) -> float:
    """Wait for a script to return something true; return the seconds that it took."""
    begun = time.monotonic()
    WebDriverWait(browser, 60, 0.005).until(lambda _: browser.execute_script(script))
    return time.monotonic() - begun


def first_paint(browser: Chrome, address: str) -> tuple[float, float]:
    """Return the milliseconds to the first paint with content, and to the first article."""
    browser.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.get(address)
    until(browser, DRAWN)
    painted = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    article = (
        "return performance.getEntriesByType('resource').find(e => e.name.includes('/articles?limit=30'))?.responseEnd"
    )
    return float(browser.execute_script(painted) or 0), float(browser.execute_script(article) or 0)


def search(browser: Chrome, address: str, query: str) -> tuple[float, float]:
    """Return the milliseconds from sending a search to its articles, and to its counts; it has to find some."""
    browser.get(address)
    until(browser, DRAWN)
    until(browser, COUNTED)
    times: list[float] = browser.execute_async_script(
        """const [query, done] = arguments, begun = performance.now(), articles = document.getElementById("articles");
        const count = document.getElementById("count"), taken = [null, null];
        new MutationObserver(() => { taken[0] ??= performance.now() - begun; end(); }).observe(articles, { childList: true });
        new MutationObserver(() => { taken[1] ??= performance.now() - begun; end(); }).observe(count, { childList: true });
        function end() { if (taken[0] !== null && taken[1] !== null) done(taken); }
        document.getElementById("query").value = query;
        document.getElementById("search").requestSubmit();""",
        query,
    )
    if not browser.execute_script(DRAWN):
        raise SystemExit(f"{query} found nothing in that archive: bench.archive makes one")
    return times[0], times[1]


def filled(query: str, number: int) -> str:
    """Return a search of words, others in each try."""
    return re.sub(r"{(\d+)}", lambda rank: word(int(rank[1]) + number), query)


def idle_bytes(browser: Chrome, address: str, seconds: float) -> float:
    """Return the bytes a minute that come to a tab that nobody touches."""
    browser.get(address)
    until(browser, COUNTED)
    time.sleep(5)
    browser.get_log("performance")  # type: ignore[no-untyped-call]
    time.sleep(seconds)
    total = 0.0
    for line in browser.get_log("performance"):  # type: ignore[no-untyped-call]
        event = json.loads(line["message"])["message"]
        if event["method"] == "Network.dataReceived":
            total += event["params"]["encodedDataLength"]
        elif event["method"] == "Network.responseReceived":
            total += event["params"]["response"]["encodedDataLength"]
    return total * 60 / seconds


async def tab(address: str, local: str, end: float, wait: float) -> int:
    """Poll as an idle tab does until a time; return how often it looked for newer articles."""
    looked = 0
    await asyncio.sleep(wait)
    connector = TCPConnector(local_addr=(local, 0))
    async with (
        ClientSession(connector=connector, timeout=ClientTimeout(None)) as session,
        session.get(f"{address}/watches/events", params={"replay": "50"}) as stream,
    ):
        reading = asyncio.ensure_future(stream.read())
        while time.monotonic() < end:
            async with session.get(f"{address}/api/v1/articles", params={"limit": "1"}) as answer:
                await answer.read()
            if looked % 2 == 0:  # each minute
                async with session.get(f"{address}/api/v1/mutes") as answer:
                    await answer.read()
            looked += 1
            await asyncio.sleep(min(LOOK_SECONDS, max(0.0, end - time.monotonic())))
        reading.cancel()
    return looked


async def beside_tabs(address: str, tabs: int, seconds: float) -> tuple[int, list[float]]:
    """Return how often tabs looked, and the seconds of health's answers beside them once all are open."""
    opening = LOOK_SECONDS if tabs else 0.0
    end = time.monotonic() + opening + seconds
    open_tabs = [
        asyncio.create_task(tab(address, f"127.0.0.{2 + number % ADDRESSES}", end, opening * number / tabs))
        for number in range(tabs)
    ]
    await asyncio.sleep(opening)
    async with ClientSession() as session:
        health = await ask(session, f"{address}/health/live", end, 0.1)
    return sum(await asyncio.gather(*open_tabs)), health


def measured(address: str, tabs: int, seconds: float) -> list[list[object]]:
    """Return the rows."""
    rows: list[list[object]] = []
    with chromium(performance=True) as browser:
        paints = [first_paint(browser, address) for _ in range(3)]
        rows.append(["first paint, slowest of three", f"{max(paint for paint, _ in paints):.0f} ms"])
        rows.append(["first articles there, slowest of three", f"{max(articles for _, articles in paints):.0f} ms"])
        for query in QUERIES:
            times = [search(browser, address, filled(query, number)) for number in range(TRIES)]
            articles, counts = (statistics.median(each) for each in zip(*times, strict=True))
            rows.append([f"search `{query}`", f"articles {articles:.0f} ms, counts {counts:.0f} ms"])
        rows.append(["idle tab", f"{idle_bytes(browser, address, seconds) / 1000:.1f} kB a minute"])
    for count in (0, tabs):
        looked, health = asyncio.run(beside_tabs(address, count, seconds))
        p50, p99 = (statistics.quantiles(health, n=100)[at] * 1000 for at in (49, 98))
        rows.append([f"{count} open tabs ({looked} looks)", f"health p50 {p50:.1f} ms, p99 {p99:.1f} ms"])
    return rows


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--archive", required=True)
    parser.add_argument("--tabs", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there, options.archive), daemon=True)
    process.start()
    address = here.recv()
    store = open_store(options.archive)
    articles, _ = store.size()
    store.close()
    rows = measured(address, options.tabs, options.seconds)
    here.send("end")
    process.join(20)
    shown = table(["", "the browser sees"], rows)
    print(shown)
    if options.record:
        text = f"Chromium over a store of {articles:,} articles; medians of five; in braces a word of near that rank:\n\n{shown}"
        record("page", "The page", text, command="python -m bench.page --archive sqlite:PATH --record")


if __name__ == "__main__":
    main()
