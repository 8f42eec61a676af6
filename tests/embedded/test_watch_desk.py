"""The watches' desk: over HTTP who may write, and in a browser a watch that is written, tried, put in force, and fires."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from agents.archive.entries import article_entry
from agents.archive.settings import ArchiveSettings
from agents.archive.sqlite import SqliteStore
from agents.deliver.settings import FileSettings, Receivers
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Tagged, encode
from streams.settings import Settings
from streams.topics import TAGGED, TOPICS
from tests.support.browser import chromium
from tests.support.history import tagged
from wirewatch.http.page_settings import PageSettings
from wirewatch.http.server import Pages, serving
from wirewatch.http.watches.routes import WRITE_HEADER
from wirewatch.search import features
from wirewatch.service import Service
from wirewatch.steps import chosen

WRITE = {WRITE_HEADER: "may-write"}
STRIKES = {"query": "strike* AND port", "severity": "warning", "receivers": ["desk"]}


def article(number: int, title: str, at: datetime) -> Tagged:
    """Return an article of a time."""
    made = tagged(number, {"title": title, "text": "It goes on.", "regions": ["VE"]})
    return msgspec.structs.replace(made, published_at=at, fetched_at=at)


class Desk:
    """A worker with the steps that watch, on a broker of its own, over a store with four articles of the last days."""

    def __init__(self, folder: Path, broker: str, *, write_token: str = "may-write") -> None:
        self.told = folder / "alerts.jsonl"
        self.settings = Settings()
        self.settings.kafka.bootstrap = broker
        self.settings.worker.http_port = 0
        self.settings.worker.fetch_wait_seconds = 0.05
        self.settings[ArchiveSettings].url = f"sqlite:{folder / 'archive.db'}"
        self.settings[Receivers]["desk"] = FileSettings(path=str(self.told))
        self.settings[PageSettings].write_token = write_token
        store = SqliteStore(folder / "archive.db")
        now = datetime.now(UTC)
        titles = ("Port strike in Caracas", "Port strike goes on", "Strike at an airport", "Port is open")
        kept = [article(n, title, now - timedelta(hours=60 - 20 * n)) for n, title in enumerate(titles)]
        store.add([article_entry(encode(each), features) for each in kept], [])
        store.close()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stop = asyncio.Event()

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run it; give its address."""
        self._thread.start()
        address: asyncio.Future[str] = asyncio.run_coroutine_threadsafe(self._address(), self._loop).result(10)
        ends = asyncio.run_coroutine_threadsafe(self._run(address), self._loop)
        try:
            yield asyncio.run_coroutine_threadsafe(self._wait(address), self._loop).result(120)
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            ends.result(60)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(20)

    async def _address(self) -> "asyncio.Future[str]":
        return self._loop.create_future()

    async def _wait(self, address: "asyncio.Future[str]") -> str:
        return await address

    async def _run(self, address: "asyncio.Future[str]") -> None:
        async with producing(self.settings.kafka) as producer:
            for topic in TOPICS:
                await producer.partitions_for(topic)
            service = Service(self.settings, chosen("match,watch,deliver", self.settings))
            pages = Pages(service)
            async with serving(pages) as served, service.running(pages.settled):
                address.set_result(served)
                await self._stop.wait()

    def comes(self, number: int, title: str) -> None:
        """Let an article come out of the pipeline."""
        asyncio.run_coroutine_threadsafe(self._send(article(number, title, datetime.now(UTC))), self._loop).result(60)

    async def _send(self, made: Tagged) -> None:
        async with producing(self.settings.kafka) as producer:
            headers = [("ce_id", made.fetch_id.encode())]
            await producer.send_and_wait(TAGGED.name, encode(made), key=made.id.encode(), headers=headers)


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A broker of these tests' own."""
    with EmbeddedBroker() as running:
        yield running.bootstrap


@pytest.fixture
def desk(tmp_path: Path, broker: str) -> Iterator[tuple[Desk, str]]:
    """A running desk, and its address."""
    made = Desk(tmp_path, broker)
    with made.running() as url:
        yield made, url


def until(browser: Chrome, holds: Callable[[], Any]) -> Any:
    """Wait for something to hold, and return it."""
    return WebDriverWait(browser, 60, 0.05).until(lambda _: holds())


def text(browser: Chrome, selector: str) -> str:
    """Return the text of elements, as one moment shows them."""
    script = "return [...document.querySelectorAll(arguments[0])].map(found => found.textContent).join('\\n')"
    return str(browser.execute_script(script, selector))


def in_force(url: str) -> list[str]:
    """Return the names of the watches in force."""
    return [watch["record"]["name"] for watch in requests.get(f"{url}/api/v1/watches", timeout=60).json()["watches"]]


def test_a_watch_is_written_tried_put_in_force_and_fires(desk: tuple[Desk, str]) -> None:
    """An error is shown at its place, the last days' catch at once; in force, the next article raises an alert on the page."""
    made, url = desk
    with chromium() as browser:
        browser.get(f"{url}/?view=watches")
        until(browser, lambda: "No watch is in force" in text(browser, "#view"))
        browser.find_element(By.LINK_TEXT, "Write a watch").click()
        query = until(browser, lambda: browser.find_element(By.ID, "watch-query"))

        query.send_keys("strike port")
        until(browser, lambda: "two terms need AND" in text(browser, "#watch-fault"))
        assert text(browser, "#watch-fault mark") == "p"

        query.send_keys(Keys.BACKSPACE * 5, "* AND port")
        until(browser, lambda: "2 of 4 articles of the last 7 days match: 2 alerts" in text(browser, ".desk p"))
        Select(browser.find_element(By.XPATH, "//label[contains(., 'Severity')]/select")).select_by_value("critical")
        browser.find_element(By.XPATH, "//label[contains(., 'Name')]/input").send_keys("port-strikes")
        browser.find_element(By.CSS_SELECTOR, "input[type=password]").send_keys("may-write")
        browser.find_element(By.CSS_SELECTOR, "input[value=desk]").click()
        browser.find_element(By.CSS_SELECTOR, ".desk button[type=submit]").click()
        until(browser, lambda: "port-strikes is in force (new)" in text(browser, ".desk [role=status]"))

        number = 100

        def fired() -> bool:
            nonlocal number
            number += 1
            made.comes(number, "Port strike begins anew")
            return "Port strike begins anew" in text(browser, "#alerts h3")

        WebDriverWait(browser, 120, 1).until(lambda _: fired())
        assert text(browser, "#alerts .severity").startswith("critical")
        until(browser, made.told.exists)
        browser.find_element(By.LINK_TEXT, "All watches").click()
        until(browser, lambda: "port-strikes" in text(browser, "#view .name"))
        browser.find_element(By.CSS_SELECTOR, "#alerts .mute").click()
        until(browser, lambda: "port-strikes" in text(browser, "#muted") and not text(browser, "#alerts h3"))


def test_only_the_token_of_this_site_may_write(desk: tuple[Desk, str]) -> None:
    """Without the token, with a wrong one, or from another site nothing changes; the refusals are counted."""
    _, url = desk
    address = f"{url}/api/v1/watches/mine"

    answers = [
        requests.put(address, json=STRIKES, headers=headers, timeout=60).status_code
        for headers in (
            {},
            {WRITE_HEADER: "guessed"},
            {**WRITE, "Origin": "https://elsewhere.example"},
            {**WRITE, "Sec-Fetch-Site": "cross-site"},
        )
    ]

    assert answers == [401, 401, 403, 403]
    assert "mine" not in in_force(url)
    assert 'wirewatch_http_refused_total{reason="write"} 4.0' in requests.get(f"{url}/metrics", timeout=60).text


def test_a_watch_is_changed_and_taken_out_of_force(desk: tuple[Desk, str]) -> None:
    """What is wrong is refused with its place, and an unknown receiver with those that there are."""
    _, url = desk
    address = f"{url}/api/v1/watches/mine"

    def put(**changes: object) -> tuple[int, dict[str, Any]]:
        answer = requests.put(address, json={**STRIKES, **changes}, headers=WRITE, timeout=60)
        return answer.status_code, answer.json()

    status, said = put(query="strike port")
    assert (status, said["faults"][0]["column"]) == (400, 8)
    status, said = put(receivers=["nobody"])
    assert (status, said["error"]) == (400, "no such receiver: nobody; there are desk")
    assert put()[1] == {"name": "mine", "outcome": "new"}
    assert put()[1] == {"name": "mine", "outcome": "unchanged"}
    assert put(cool_down="1h")[1] == {"name": "mine", "outcome": "changed"}
    assert "mine" in in_force(url)
    assert requests.delete(address, headers=WRITE, timeout=60).status_code == 200
    assert requests.delete(address, headers=WRITE, timeout=60).status_code == 404
    assert "mine" not in in_force(url)


def test_a_receiver_is_sent_a_test_message(desk: tuple[Desk, str]) -> None:
    """One message that says that it is a test; one for a receiver that there is not is refused."""
    made, url = desk
    sent = requests.post(f"{url}/api/v1/receivers/desk/test", headers=WRITE, timeout=60)
    missing = requests.post(f"{url}/api/v1/receivers/nobody/test", headers=WRITE, timeout=60)

    assert sent.json() == {"receiver": "desk", "delivered": True, "error": None}
    assert b"Test message from wirewatch" in made.told.read_bytes()
    assert missing.status_code == 404


def test_nobody_may_write_where_no_token_is_set(tmp_path: Path, broker: str) -> None:
    """The setting is off by default: the answer names it."""
    with Desk(tmp_path, broker, write_token="").running() as url:
        answer = requests.put(f"{url}/api/v1/watches/mine", json=STRIKES, headers={WRITE_HEADER: ""}, timeout=60)
        assert answer.status_code == 403
        assert "page.write_token" in answer.json()["error"]
        assert requests.get(f"{url}/api/v1/watches", timeout=60).json()["may_write"] is False
