"""Alerts that come to a page in a browser as a test says: on its own stream, without a worker that raises them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from selenium.webdriver import Chrome

from streams.records import Alert, AlertArticle, encode
from tests.support.browser import texts, until

NOW = datetime.now(UTC)
#: Gives the page a stream over which nothing comes by itself.
STREAM = """
EventSource = class extends EventTarget {
    static CLOSED = 2;
    constructor() { super(); this.readyState = 1; window.stream = this; window.streams = (window.streams || 0) + 1; }
    close() { this.readyState = 2; }
};
"""
#: Answers `/status.json` with `answer`, counts how often, and lets the page's clock go on by `passed` milliseconds.
STATUS = """
const really = fetch, now = Date.now;
window.passed = 0; window.answered = 0; window.answer = { alerts_wait_for: null, page: "one" };
Date.now = () => now() + passed;
fetch = (...asked) => String(asked[0]).includes("status.json")
  ? Promise.resolve(answered += 1).then(() => new Response(JSON.stringify(answer)))
  : really(...asked);
"""
#: Has the page ask for what it needs now, and not in some seconds.
LOOK = "document.getElementById('running').dispatchEvent(new Event('toggle'));"
COMES = "arguments[0].forEach(data => stream.dispatchEvent(new MessageEvent('alert', { data, lastEventId: '1' })))"


def alert(number: int, **fields: object) -> Alert:
    """Return an alert on an article of two days ago."""
    article = AlertArticle(
        id=f"a{number}",
        title=f"News {number}",
        source="a.example",
        published_at=NOW - timedelta(days=2),
        fetched_at=NOW,
    )
    given: dict[str, object] = {"id": f"{number:032x}", "watch": "ports", "severity": "info", "article": article}
    return Alert(**{**given, "raised_at": NOW, "fetched_to_raised_s": 0.0, **fields})  # type: ignore[arg-type]


@contextmanager
def streaming(browser: Chrome, url: str, script: str = "") -> Iterator[None]:
    """Open a page, with a script before its own, whose alerts come from `comes` alone."""
    added = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STREAM + script})
    try:
        browser.get(url)
        until(browser, lambda: texts(browser, "article") and browser.execute_script("return Boolean(window.stream)"))
        yield
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def comes(browser: Chrome, *alerts: Alert) -> None:
    """Let alerts come to the page, all at once."""
    browser.execute_script(COMES, [encode(each).decode() for each in alerts])
