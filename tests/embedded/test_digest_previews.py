"""Digests before they are made: over HTTP and in a browser as `wirewatch digest preview` says them."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import encode
from streams.settings import Settings
from streams.topics import STORIES
from tests.agents.digest.test_digest import story
from tests.support.browser import chromium
from tests.support.flow import forked_worker_on
from tests.support.forked import forked
from tests.support.openapi import assert_conforms, described

#: Due on the 29th of February: the time that a digest looks back over does not depend on when the test runs.
DIGESTS = """
[digest.day]
title = "Ferries of the day"
when = "0 0 29 2 *"
receivers = ["desk"]

[digest.oslo]
when = "0 0 29 2 *"
regions = ["SE"]
"""


async def tell(settings: Settings) -> None:
    """Write a few stories of the last hours to their topic."""
    async with producing(settings.kafka) as producer:
        for number in range(4):
            told = story(f"ferry-{number}", "a", region="NO")
            assert told.article is not None
            at = datetime.now(UTC) - timedelta(hours=4 - number)
            told = msgspec.structs.replace(
                told,
                first_seen_at=at,
                last_seen_at=at,
                article=msgspec.structs.replace(told.article, fetched_at=at),
            )
            await producer.send_and_wait(STORIES.name, encode(told), key=told.id.encode())


class Running:
    """A worker that has a folder of digests: its address, its broker and its settings file."""

    def __init__(self, url: str, bootstrap: str, config: Path) -> None:
        self.url, self.bootstrap, self.config = url, bootstrap, config


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A worker with two digests and four stories."""
    folder = tmp_path_factory.mktemp("digests")
    (folder / "digests").mkdir()
    (folder / "digests" / "all.toml").write_text(DIGESTS)
    config = folder / "wirewatch.toml"
    config.write_text(
        f'[archive]\nurl = "sqlite:{folder / "archive.db"}"\n[digest]\nfolder = "{folder / "digests"}"\n'
        f'[receivers.mail]\ntype = "file"\npath = "{folder / "told"}"\n'
    )
    with EmbeddedBroker() as broker:
        settings = Settings()
        settings.kafka.bootstrap = broker.bootstrap
        with forked_worker_on(broker.bootstrap, folder / "log", steps="match", config=config) as worker:
            worker.ready(180)
            asyncio.run(tell(settings))
            yield Running(worker.url, broker.bootstrap, config)


def titles(digest: dict[str, Any]) -> list[str]:
    """Return the titles of a digest's stories in order."""
    return [one["title"] for section in digest["sections"] for one in section["stories"]]


def test_a_preview_is_that_of_the_command(running: Running) -> None:
    """The same stories, in the same order; a digest that asks for others has none."""
    answer = requests.get(f"{running.url}/api/v1/digest-plans/day/preview", timeout=60)
    given = ["--bootstrap", running.bootstrap, "--config", str(running.config)]
    said = forked().call(["digest", "preview", "day", "--form", "json", *given])

    assert titles(answer.json()) == titles(json.loads(said.stdout))
    assert len(titles(answer.json())) == 3  # of one region and topic
    assert_conforms(described(running.url, "/api/v1/digest-plans/{name}/preview"), answer)
    other = requests.get(f"{running.url}/api/v1/digest-plans/oslo/preview", timeout=60)
    assert titles(other.json()) == []


def test_plans_say_when_they_are_due_and_to_whom(running: Running) -> None:
    """A receiver that the settings lack is named, and so are the digests that there are."""
    answer = requests.get(f"{running.url}/api/v1/digest-plans", timeout=60)
    assert_conforms(described(running.url, "/api/v1/digest-plans"), answer)
    day, oslo = answer.json()["digests"]
    assert (day["name"], day["title"], day["receivers"]) == ("day", "Ferries of the day", ["desk"])
    assert day["unknown_receivers"] == ["desk"]
    assert "-02-29T00:00:00Z" in day["due"]
    assert (oslo["title"], oslo["unknown_receivers"]) == ("oslo", [])
    missing = requests.get(f"{running.url}/api/v1/digest-plans/nothing/preview", timeout=60)
    assert (missing.status_code, "there are day, oslo" in missing.json()["error"]) == (404, True)


def test_a_wrong_file_hides_no_other_digest(running: Running) -> None:
    """Its faults are named beside the digests of the good files, each on the page by itself."""
    wrong = running.config.parent / "digests" / "wrong.toml"
    wrong.write_text('[digest.wrong]\nat = "7"\nstories = 100\n')
    try:
        answer = requests.get(f"{running.url}/api/v1/digest-plans", timeout=60).json()
        refused = requests.get(f"{running.url}/api/v1/digest-plans/wrong/preview", timeout=60)
        with chromium() as browser:
            browser.get(f"{running.url}/?view=digests")
            waiting = WebDriverWait(browser, 60, 0.05)
            shown = waiting.until(lambda _: browser.find_elements(By.CSS_SELECTOR, "#view .fault"))
            assert [note.text.split(": ")[1] for note in shown] == ["digest.wrong", "digest.wrong"]
    finally:
        wrong.unlink()
    assert [plan["name"] for plan in answer["digests"]] == ["day", "oslo"]
    assert ["wrong.toml:2: " in line for line in answer["problem"].splitlines()] == [True, False]
    assert (refused.status_code, "wrong.toml:3: " in refused.json()["error"]) == (409, True)


def test_a_preview_is_shown_on_the_page(running: Running) -> None:
    """A click shows the digest as it would be; each story leads to its own view."""
    with chromium() as browser:

        def until(holds: Callable[[], Any]) -> Any:
            return WebDriverWait(browser, 60, 0.05).until(lambda _: holds())

        browser.get(f"{running.url}/?view=digests")
        until(lambda: browser.find_elements(By.XPATH, "//button[@aria-label='Preview the digest day']"))
        browser.find_element(By.XPATH, "//button[@aria-label='Preview the digest day']").click()
        shown = until(lambda: browser.find_elements(By.CSS_SELECTOR, ".preview li a"))
        assert {link.text for link in shown} <= {f"Ferry ferry-{number}" for number in range(4)}
        assert "/?story=en-ferry-" in str(shown[0].get_attribute("href"))
        assert "no receiver desk" in browser.find_element(By.CSS_SELECTOR, "#view .finding").text
