"""The watches' desk: over HTTP who may write, and in a browser a watch that is written, tried, put in force, and fires."""

import asyncio
import itertools
import os
import re
import signal
import time
import tomllib
from collections.abc import Callable, Iterator
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
from agents.archive.sqlite import SqliteStore
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Tagged, encode
from streams.settings import Settings
from streams.topics import TAGGED
from tests.support.browser import chromium, serving_pages, until
from tests.support.flow import forked_worker_on
from tests.support.history import tagged
from wirewatch.history.search import features
from wirewatch.http.watches.routes import WRITE_HEADER

WRITE = {WRITE_HEADER: "may-write"}
STRIKES = {"query": "strike* AND port", "severity": "warning", "receivers": ["desk"]}


def article(number: int, title: str, at: datetime) -> Tagged:
    """Return an article of a time."""
    made = tagged(number, {"title": title, "text": "It goes on.", "regions": ["VE"]})
    return msgspec.structs.replace(made, published_at=at, fetched_at=at)


class Desk:
    """A worker with the steps that watch, over a store with four articles of the last days; its broker and receiver."""

    def __init__(self, folder: Path, bootstrap: str) -> None:
        self.told = folder / "alerts.jsonl"
        config = folder / "wirewatch.toml"
        config.write_text(
            f'[watch]\nfolder = "{folder / "watches"}"\n'
            f'[fetch]\nfolder = "{folder / "sources"}"\nallow_private = ["127.0.0.0/8"]\nfirst_poll_seconds = 1\n'
            f'[archive]\nurl = "sqlite:{folder / "archive.db"}"\n[page]\nwrite_token = "may-write"\n'
            f'[receivers.desk]\ntype = "file"\npath = "{self.told}"\n'
        )
        (folder / "watches").mkdir()
        (folder / "watches" / "filed.toml").write_text('query = "zeppelin"\n')
        (folder / "sources").mkdir()
        sources = (
            'name = "closed"\nurl = "http://127.0.0.1:9/feed"',
            'name = "resting"\nurl = "http://127.0.0.1:9/"\nenabled = false',
        )
        (folder / "sources" / "all.toml").write_text("".join(f"[[source]]\n{source}\n" for source in sources))
        store = SqliteStore(folder / "archive.db")
        now = datetime.now(UTC)
        titles = ("Port strike in Caracas", "Port strike goes on", "Strike at an airport", "Port is open")
        kept = [article(n, title, now - timedelta(hours=60 - 20 * n)) for n, title in enumerate(titles)]
        store.add([article_entry(encode(each), features) for each in kept], [])
        store.close()
        given = {"worker_fetch_wait_seconds": "0.1"}
        self.worker = forked_worker_on(
            bootstrap, folder / "log", steps="fetch,match,watch,deliver", config=config, **given
        )
        self.url = self.worker.url
        self.settings = Settings()
        self.settings.kafka.bootstrap = bootstrap

    def comes(self, number: int, title: str) -> None:
        """Let an article come out of the pipeline."""
        asyncio.run(self._send(article(number, title, datetime.now(UTC))))

    async def _send(self, made: Tagged) -> None:
        async with producing(self.settings.kafka) as producer:
            headers = [("ce_id", made.fetch_id.encode())]
            await producer.send_and_wait(TAGGED.name, encode(made), key=made.id.encode(), headers=headers)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A running desk."""
    with EmbeddedBroker() as broker:
        made = Desk(tmp_path_factory.mktemp("desk"), broker.bootstrap)
        with made.worker:
            made.worker.ready(180)
            yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    """The browser of somebody at the desk."""
    with chromium() as opened:
        yield opened


def text(browser: Chrome, selector: str) -> str:
    """Return the text of elements, as one moment shows them."""
    script = "return [...document.querySelectorAll(arguments[0])].map(found => found.textContent).join('\\n')"
    return str(browser.execute_script(script, selector))


def in_force(url: str) -> list[str]:
    """Return the names of the watches in force."""
    return [watch["record"]["name"] for watch in requests.get(f"{url}/api/v1/watches", timeout=60).json()["watches"]]


def click(browser: Chrome, selector: str) -> None:
    """Click an element in the moment in which it is found: the page draws alerts anew as they come."""
    browser.execute_script("document.querySelector(arguments[0]).click()", selector)


def refused(url: str) -> float:
    """Return how many requests that would have changed something were refused."""
    found = re.search(
        r'wirewatch_http_refused_total\{reason="write"\} (\S+)', requests.get(f"{url}/metrics", timeout=60).text
    )
    return float(found[1]) if found else 0.0


def held_back_titles(url: str, name: str) -> list[str]:
    """Return the titles of the articles that a watch has held back since it is muted."""
    held = requests.get(f"{url}/api/v1/watches/{name}", timeout=60).json()["held_back"]
    return [one["title"] for one in held if one["muted_until"]]


def test_a_watch_is_written_tried_put_in_force_and_fires(desk: Desk, browser: Chrome) -> None:
    """An error is shown at its place, the last days' catch at once; in force, the next article raises an alert on the page."""
    url = desk.url
    browser.get(f"{url}/?view=watches")
    until(browser, lambda: "Write a watch" in text(browser, "#view"))
    browser.find_element(By.LINK_TEXT, "Write a watch").click()
    query = until(browser, lambda: browser.find_element(By.ID, "watch-query"))

    query.send_keys("strike port")
    until(browser, lambda: "two terms need AND" in text(browser, "#watch-fault"))
    assert text(browser, "#watch-fault mark") == "p"

    query.send_keys(Keys.BACKSPACE * 5, "* AND port")
    until(browser, lambda: "2 of 4 articles of the last 7 days match: 2 alerts" in text(browser, ".desk p"))
    Select(browser.find_element(By.XPATH, "//label[contains(., 'Severity')]/select")).select_by_value("critical")
    name = browser.find_element(By.XPATH, "//label[contains(., 'Name')]/input")
    name.send_keys("Port strikes")
    assert browser.execute_script("return arguments[0].validity.patternMismatch", name)
    name.clear()
    name.send_keys("port-strikes")
    browser.find_element(By.CSS_SELECTOR, "input[value=desk]").click()
    browser.find_element(By.CSS_SELECTOR, ".desk button[type=submit]").click()
    until(browser, lambda: "Give the token that may write" in text(browser, ".desk [role=status]"))
    browser.find_element(By.CSS_SELECTOR, "input[type=password]").send_keys("may-write", Keys.ENTER)
    until(browser, lambda: "port-strikes is in force (new)" in text(browser, ".desk [role=status]"))

    numbers = itertools.count(101)

    def comes_until(title: str, shown: Callable[[], str | list[str]]) -> None:
        """Send one article after another until its title is shown."""

        def sent() -> bool:
            desk.comes(next(numbers), title)
            return title in shown()

        WebDriverWait(browser, 120, 1).until(lambda _: sent())

    comes_until("Port strike begins anew", lambda: text(browser, "#alerts h3"))
    assert text(browser, "#alerts .severity").startswith("critical")
    until(browser, desk.told.exists)
    browser.find_element(By.LINK_TEXT, "All watches").click()
    until(browser, lambda: "port-strikes" in text(browser, "#view .name"))
    until(browser, lambda: text(browser, "#alerts .mute") == "Mute 1 h")
    click(browser, "#alerts .mute")
    until(browser, lambda: "port-strikes, until" in text(browser, "#muted") and not text(browser, "#alerts h3"))

    comes_until("Port strike spreads", lambda: held_back_titles(url, "port-strikes"))
    with chromium() as other:
        other.get(url)
        until(other, lambda: "port-strikes, until" in text(other, "#muted"))
        click(other, "#muted button")
        until(other, lambda: other.find_elements(By.CSS_SELECTOR, "#muted input[type=password]"))
        other.find_element(By.CSS_SELECTOR, "#muted input[type=password]").send_keys("may-write")
        click(other, "#muted button:last-child")
        until(other, lambda: not text(other, "#muted") and text(other, "#alerts h3"))
    assert requests.get(f"{url}/api/v1/mutes", timeout=60).json() == {"muted": {}, "may_write": True}


#: Lets no question of the page through, and notes when it calls its alerts live and says that their worker does not answer.
AT_ODDS = """
window.atOdds = [];
window.fetch = () => Promise.reject(new TypeError("away"));
const said = name => document.getElementById(name).textContent;
new MutationObserver(() => {
  if (said("live") === "live" && said("state").includes("does not answer")) atOdds.push(performance.now());
}).observe(document.body, { subtree: true, childList: true, characterData: true });
"""


def test_a_worker_that_is_away_is_told_of_until_it_is_back(desk: Desk, browser: Chrome) -> None:
    """The page says so while nothing comes from the worker, and no longer once it answers; a view opened meanwhile comes."""
    browser.get(desk.url)
    until(browser, lambda: text(browser, "article"))
    until(browser, lambda: text(browser, "#live") == "live")
    network = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **network})
    browser.execute_script("document.getElementById('running').open = true")
    until(browser, lambda: text(browser, "#state").startswith("the worker does not answer"))
    browser.execute_script("document.getElementById('running').open = false")
    click(browser, "[data-view=sources]")
    until(browser, lambda: text(browser, "#problem") == "the worker does not answer")
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **network})
    until(browser, lambda: text(browser, "#state") == "" and text(browser, "#live") == "live")
    until(browser, lambda: text(browser, "#view h2") == "Sources" and not text(browser, "#problem"))


def test_a_stream_that_is_back_is_a_word_of_its_worker(desk: Desk, browser: Chrome) -> None:
    """Alerts are never called live beside a worker that is said not to answer: a stream may be back before another answer."""
    browser.get(desk.url)
    until(browser, lambda: text(browser, "#live") == "live")
    browser.execute_script(AT_ODDS)
    browser.execute_script("document.getElementById('running').open = true")
    until(browser, lambda: text(browser, "#state").startswith("the worker does not answer"))
    streams = "return performance.getEntriesByType('resource').filter(e => e.initiatorType !== 'fetch').length"
    before = browser.execute_script(streams)
    browser.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
    until(browser, lambda: browser.execute_script(streams) > before)  # it was open, and was ended again
    assert browser.execute_script("return atOdds") == []


def test_a_worker_that_hangs_is_told_of_until_it_goes_on(desk: Desk, browser: Chrome) -> None:
    """Its connections stay open and silent: the page waits for an answer and says so, and calls its alerts live no longer."""
    hurry = "const after = AbortSignal.timeout; AbortSignal.timeout = () => after.call(AbortSignal, 3000);"
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": hurry})
    browser.get(desk.url)
    until(browser, lambda: text(browser, "#live") == "live")
    os.kill(desk.worker.pid, signal.SIGSTOP)
    try:
        click(browser, "[data-view=sources]")
        until(browser, lambda: text(browser, "#state") == "waiting for the worker \u2026")
        browser.execute_script("document.getElementById('running').open = true")
        until(browser, lambda: text(browser, "#state").startswith("the worker does not answer"))
        assert text(browser, "#live") == "not connected"
    finally:
        os.kill(desk.worker.pid, signal.SIGCONT)
    until(browser, lambda: text(browser, "#state") == "" and text(browser, "#live") == "live")
    until(browser, lambda: text(browser, "#view h2") == "Sources" and not text(browser, "#problem"))
    browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_a_source_whose_first_polls_fail_is_shown_with_why(desk: Desk, browser: Chrome) -> None:
    """Before any change of health its worker knows the error, and when it is polled again; a paused one is not polled."""
    states = "[...document.querySelectorAll('#view tr')].map(row => [...row.children].map(cell => cell.textContent))"

    def rows() -> dict[str, str]:
        browser.get(f"{desk.url}/?view=sources")
        until(browser, lambda: text(browser, "#view h2"))
        return {row[0]: row[3] for row in browser.execute_script(f"return {states}")}

    WebDriverWait(browser, 60, 0.5).until(lambda _: "the last poll failed" in rows().get("closed", ""))
    shown = rows()
    assert re.fullmatch(r"new +the last poll failed: \S.* just now · next in \d+ min", shown["closed"])
    assert shown["resting"].startswith("paused") and "next" not in shown["resting"]


def test_alerts_that_cannot_come_are_no_live_ones(desk: Desk, browser: Chrome) -> None:
    """While the worker says what keeps alerts from coming, the open page says it too, and takes it back afterwards."""
    browser.get(desk.url)
    until(browser, lambda: text(browser, "#live") == "live")
    look = "document.dispatchEvent(new Event('visibilitychange'))"
    browser.execute_script(
        "window.real = window.fetch;"
        "window.fetch = (...asked) => String(asked[0]).includes('/status.json')"
        f' ? Promise.resolve(new Response(\'{{"alerts_wait_for": "no broker"}}\')) : window.real(...asked); {look}'
    )
    until(
        browser,
        lambda: (text(browser, "#live"), text(browser, "#alerts-note")) == ("waiting", "No new alerts: no broker"),
    )
    browser.execute_script(f"window.fetch = window.real; {look}")
    until(browser, lambda: text(browser, "#live") == "live" and "no broker" not in text(browser, "#alerts-note"))


def test_only_the_token_of_this_site_may_write(desk: Desk) -> None:
    """Without the token, with a wrong one, or from another site nothing changes; the refusals are counted."""
    url = desk.url
    address = f"{url}/api/v1/watches/mine"
    before = refused(url)

    answers = [
        requests.put(address, json=STRIKES, headers=headers, timeout=60).status_code
        for headers in (
            {},
            {WRITE_HEADER: "guessed"},
            {**WRITE, "Origin": "https://elsewhere.example"},
            {**WRITE, "Origin": "http://["},
            {**WRITE, "Sec-Fetch-Site": "cross-site"},
        )
    ]

    assert answers == [401, 401, 403, 403, 403]
    assert "mine" not in in_force(url)
    end = time.monotonic() + 60
    while (counted := refused(url)) < before + 5 and time.monotonic() < end:
        time.sleep(0.1)  # what /metrics says is kept for a moment
    assert counted == before + 5


def test_a_watch_is_changed_and_taken_out_of_force(desk: Desk) -> None:
    """A mistake is refused with its place, and an unknown receiver with those that there are."""
    url = desk.url
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


def test_a_watch_of_the_folder_is_changed_in_its_file(desk: Desk) -> None:
    """The folder would put it back within seconds: a change from here is refused, and said so."""
    address = f"{desk.url}/api/v1/watches/filed"
    for answer in (
        requests.put(address, json=STRIKES, headers=WRITE, timeout=60),
        requests.delete(address, headers=WRITE, timeout=60),
    ):
        assert answer.status_code == 409
        assert "watch.folder" in answer.json()["error"]
    same = requests.put(address, json={"query": "zeppelin"}, headers=WRITE, timeout=60)
    assert same.json() == {"name": "filed", "outcome": "unchanged"}


def test_a_part_that_the_status_does_not_have_is_named(desk: Desk) -> None:
    """A misspelt part is no empty answer."""
    answer = requests.get(f"{desk.url}/status.json?parts=alerts,artikel", timeout=60)
    assert answer.status_code == 400
    assert "there is no artikel; there are steps" in answer.json()["error"]
    nothing = requests.get(f"{desk.url}/status.json?parts=", timeout=60).json()
    assert (nothing["alerts_wait_for"], nothing.keys()) == (None, {"alerts_wait_for", "page"})


def test_a_mute_has_bounds_and_needs_a_watch(desk: Desk) -> None:
    """One minute to twelve hours, of a watch in force; its answer says until when, and so does the watch."""
    url = f"{desk.url}/api/v1/watches/muted"

    def mute(minutes: str) -> tuple[int, dict[str, Any]]:
        answer = requests.put(f"{url}/mute", params={"minutes": minutes}, headers=WRITE, timeout=60)
        return answer.status_code, answer.json()

    assert mute("60")[0] == 404
    requests.put(url, json=STRIKES, headers=WRITE, timeout=60)
    assert [mute(wrong)[0] for wrong in ("0", "721", "-1", "soon")] == [400] * 4
    status, said = mute("720")
    assert (status, said["name"]) == (200, "muted")
    assert requests.get(url, timeout=60).json()["muted_until"] == said["muted_until"]
    ended = requests.delete(f"{url}/mute", headers=WRITE, timeout=60).json()
    assert ended == {"name": "muted", "muted_until": None}
    assert requests.get(url, timeout=60).json()["muted_until"] is None
    assert requests.put(f"{url}/mute", timeout=60).status_code == 401
    requests.delete(url, headers=WRITE, timeout=60)
    assert requests.get(url, timeout=60).status_code == 404


def test_a_watch_of_the_night_is_shown_and_saved_whole(desk: Desk, browser: Chrome) -> None:
    """Its hours are named; the file that the page offers holds all that the watch has, and it can be muted from here."""
    record = {
        **STRIKES,
        "owner": 'the "night" desk',
        "quiet_hours": {"from": "22:00", "to": "07:00", "timezone": "Europe/Berlin", "digest": False},
        "burst": {"count": 5, "window": "2h", "baseline": "7d", "ratio": 2.5},
        "backfill": True,
        "each": "event",
        "query": "(strike* AND port) OR trend:labour",
        "trends": "quiet",
    }
    address = f"{desk.url}/api/v1/watches/night"
    assert requests.put(address, json=record, headers=WRITE, timeout=60).status_code == 200

    browser.get(f"{desk.url}/?view=watches")
    until(browser, lambda: "night" in text(browser, "#view .name"))
    said = text(browser, "#view .meta")
    assert "quiet from 22:00 to 07:00 (Europe/Berlin)" in said
    assert "one alert for each event" in said and "trends: quiet ones alone" in said
    browser.get(f"{desk.url}/?view=watches&watch=night")
    until(browser, lambda: text(browser, ".desk .file"))
    filed = tomllib.loads(text(browser, ".desk .file"))
    assert {**record, "name": "night", "cool_down": "0s"} == filed
    until(browser, lambda: text(browser, ".desk h2 + .mute") == "Mute 1 h")
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 375, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    )
    # what the watch would have caught: nothing moves from then on
    until(browser, lambda: text(browser, ".desk strong"))
    click(browser, ".desk .mute")  # the token is asked for, or the mute is shown, where one looks
    place = (
        "const { top, bottom } = document.getElementById('muted').getBoundingClientRect();"
        "return bottom > top && top >= 0 && bottom < innerHeight + 1"
    )
    until(browser, lambda: browser.execute_script(place))
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    requests.delete(address, headers=WRITE, timeout=60)


def test_what_is_begun_at_the_desk_is_kept_until_it_is_in_force(desk: Desk, browser: Chrome) -> None:
    """Over a link, and back from the list, and over a reload; leaving is warned of, and starting over forgets it."""
    browser.get(f"{desk.url}/?view=watches&watch=new")
    until(browser, lambda: browser.find_element(By.ID, "watch-query")).send_keys("trend:Peru")
    Select(browser.find_element(By.XPATH, "//label[contains(., 'Trends')]/select")).select_by_value("quiet")
    until(browser, lambda: 'trends = "quiet"' in text(browser, ".desk .file"))
    until(browser, lambda: browser.find_element(By.CSS_SELECTOR, ".desk .kept").is_displayed())
    leaves = "const event = new Event('beforeunload', { cancelable: true }); dispatchEvent(event); return event.defaultPrevented"
    assert browser.execute_script(leaves)

    browser.find_element(By.LINK_TEXT, "All watches").click()
    until(browser, lambda: "Begun and not in force" in text(browser, "#view"))
    assert not browser.execute_script(leaves)
    browser.find_element(By.LINK_TEXT, "trend:Peru").click()
    until(browser, lambda: 'trends = "quiet"' in text(browser, ".desk .file"))
    browser.get(f"{desk.url}/?view=watches&watch=new")  # as a reload
    until(browser, lambda: 'query = "trend:Peru"' in text(browser, ".desk .file"))

    browser.find_element(By.XPATH, "//button[.='Start over']").click()
    until(browser, lambda: browser.execute_script("return document.getElementById('watch-query')?.value") == "")
    assert not browser.execute_script(leaves)
    assert not browser.find_element(By.CSS_SELECTOR, ".desk .kept").is_displayed()


def test_a_draft_keeps_that_a_level_of_trends_is_taken_away(desk: Desk, browser: Chrome) -> None:
    """Over a reload; a browser that keeps nothing is named, and the desk goes on."""
    address = f"{desk.url}/api/v1/watches/calm"
    record = {"query": "trend:Peru", "trends": "quiet"}
    assert requests.put(address, json=record, headers=WRITE, timeout=60).status_code == 200
    level = "//label[contains(., 'Trends')]/select"

    browser.get(f"{desk.url}/?view=watches&watch=calm")
    until(browser, lambda: 'trends = "quiet"' in text(browser, ".desk .file"))
    Select(browser.find_element(By.XPATH, level)).select_by_value("")
    until(browser, lambda: "This tab keeps" in text(browser, ".desk .kept"))
    browser.get(f"{desk.url}/?view=watches&watch=calm")
    until(browser, lambda: "This tab keeps" in text(browser, ".desk .kept"))
    assert browser.find_element(By.XPATH, level).get_property("value") == ""
    assert "trends =" not in text(browser, ".desk .file")

    browser.execute_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    browser.find_element(By.ID, "watch-query").send_keys(" OR trend:Chile")
    until(browser, lambda: "This browser does not keep it" in text(browser, ".desk .kept"))
    until(browser, lambda: "Chile" in text(browser, ".desk .file"))
    browser.find_element(By.XPATH, "//button[.='Start over']").click()
    until(browser, lambda: 'trends = "quiet"' in text(browser, ".desk .file"))
    requests.delete(address, headers=WRITE, timeout=60)


def test_a_receiver_is_sent_a_test_message(desk: Desk) -> None:
    """One message that says that it is a test; one for a receiver that there is not is refused."""
    url = desk.url
    sent = requests.post(f"{url}/api/v1/receivers/desk/test", headers=WRITE, timeout=60)
    missing = requests.post(f"{url}/api/v1/receivers/nobody/test", headers=WRITE, timeout=60)

    assert sent.json() == {"receiver": "desk", "delivered": True, "error": None}
    assert b"Test message from wirewatch" in desk.told.read_bytes()
    assert missing.status_code == 404


def test_nobody_may_write_where_no_token_is_set() -> None:
    """The setting is off by default: the answer names it."""
    with serving_pages("") as url:
        answer = requests.put(f"{url}/api/v1/watches/mine", json=STRIKES, headers={WRITE_HEADER: ""}, timeout=60)
    assert answer.status_code == 403
    assert "page.write_token" in answer.json()["error"]
