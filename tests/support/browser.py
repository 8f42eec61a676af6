"""Debian's Chromium, driven by Selenium, and a worker's pages for it over a store of history."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiohttp import web
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service as DriverService
from selenium.webdriver.support.ui import WebDriverWait

from agents.archive.settings import ArchiveSettings
from streams.settings import Settings
from wirewatch.http.feeds.settings import FeedSettings
from wirewatch.http.server import WebApp
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import chosen


@contextmanager
def chromium(
    width: int = 1280, height: int = 900, *, dark: bool = False, performance: bool = False
) -> Iterator[webdriver.Chrome]:
    """Open a browser without a window; the test is skipped where Chromium is not installed.

    With `performance` its log of that name has the events of its DevTools, each request and its bytes among them.
    """
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("needs Debian's packages chromium and chromium-driver")
    options = Options()
    options.binary_location = program
    logs = {"browser": "ALL"} | ({"performance": "ALL"} if performance else {})
    options.set_capability("goog:loggingPrefs", logs)
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "no-proxy-server"):
        options.add_argument(f"--{argument}")
    browser = webdriver.Chrome(options, DriverService(driver))
    try:
        as_at_first(browser, width, height, dark=dark)
        yield browser
    finally:
        browser.quit()


def as_at_first(browser: webdriver.Chrome, width: int = 1280, height: int = 900, *, dark: bool = False) -> None:
    """Give a browser its screen, its clock and the colours that it asks for."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": [scheme]})
    browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


@contextmanager
def reading(
    browser: webdriver.Chrome, width: int = 1280, height: int = 900, *, media: str = "", zone: str = ""
) -> Iterator[None]:
    """Let somebody read on another screen, on paper (`print`) or in another time zone; the browser is as at first afterwards."""
    try:
        as_at_first(browser, width, height)
        if media:
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media})
        if zone:
            browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": zone})
        yield
    finally:
        as_at_first(browser)


def until(browser: webdriver.Chrome, holds: Callable[[], Any]) -> Any:
    """Wait for something to hold, and return it."""
    return WebDriverWait(browser, 60, 0.05).until(lambda _: holds())


def texts(browser: webdriver.Chrome, selector: str) -> list[str]:
    """Return the texts of elements, as one moment shows them."""
    script = "return [...document.querySelectorAll(arguments[0])].map(found => found.textContent)"
    found: list[str] = browser.execute_script(script, selector)
    return found


@contextmanager
def serving_pages(history: str, token: str = "") -> Iterator[str]:
    """Serve a worker's pages in a thread, over a store of history (`""`: none); give their address."""
    settings = Settings()
    settings[ArchiveSettings].url = history
    settings[FeedSettings].token = token
    loop = asyncio.new_event_loop()

    async def start() -> web.AppRunner:
        web_app = WebApp(Service(settings, chosen("clean", settings), new_metrics()))
        # a browser keeps the stream of a page open that it still shows
        runner = web.AppRunner(web_app.application(), handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
