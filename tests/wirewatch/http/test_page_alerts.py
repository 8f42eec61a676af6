"""Alerts as cards of the page: when their article came out, and what was held back before them."""

from datetime import UTC, datetime, timedelta

from selenium.webdriver import Chrome

from agents.watch.alerts import mention
from streams.records import Alert, AlertArticle, AlertItem, encode
from tests.support.browser import texts, until

NOW = datetime.now(UTC)
#: Keeps the page's stream, so that a test can let an alert come over it.
STREAM = """
const Source = EventSource;
EventSource = class extends Source { constructor(...how) { super(...how); window.stream = this; } };
"""
COMES = "stream.dispatchEvent(new MessageEvent('alert', { data: arguments[0], lastEventId: '1' }))"


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


def test_an_alert_says_how_old_its_article_is_and_what_was_held_back(browser: Chrome, url: str) -> None:
    """Each match that was held back is named with its reason; a trend has no day and no story, nor has a digest of two."""
    held = [mention(alert(number).article, None, "cool_down", NOW) for number in (2, 3)]
    trend = AlertArticle(id="t", title="Peru: 40 articles", source="trends", fetched_at=NOW)
    day = AlertArticle(
        id="d", title="A day", source="d.example", published_at=datetime(2025, 3, 1, tzinfo=UTC), fetched_at=NOW
    )
    two = [AlertItem(id=f"{n:032x}", article=alert(n).article, held_at=NOW) for n in (4, 5)]
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STREAM})
    browser.get(url)
    until(browser, lambda: texts(browser, "article") and browser.execute_script("return Boolean(window.stream)"))
    for each in (
        alert(1, suppressed=3, held_back=held),
        alert(9, kind="trend", article=trend, raised_at=NOW - timedelta(hours=1)),
        alert(5, kind="digest", digest=two, raised_at=NOW - timedelta(hours=2)),
        alert(8, article=day, raised_at=NOW - timedelta(hours=3)),
    ):
        browser.execute_script(COMES, encode(each).decode())

    until(browser, lambda: len(texts(browser, "#alerts .about-article")) == 4)
    published, counted, _, of_a_day = texts(browser, "#alerts .about-article")
    assert published.startswith("a.example\u00a0· ") and published != "a.example\u00a0· no date"
    assert of_a_day == "d.example\u00a0· 1 Mar 2025"  # its hour is not known
    assert (counted, texts(browser, "#alerts summary")) == ("trends", ["3 held back before this alert, the latest 2"])
    for line, number in zip(texts(browser, "#alerts .versions li"), (2, 3), strict=True):
        assert line.startswith(f"News {number} a.example, cool-down, ")
    assert len(browser.execute_script("return [...document.querySelectorAll('#alerts [href*=\"article=\"]')]")) == 2
    browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


#: Answers the page's questions about deliveries, each time as a test says, with half a minute passing between them.
OUTCOMES = """
window.said = {}; window.passed = 0;
const really = fetch, now = Date.now;
Date.now = () => now() + passed;
fetch = (...asked) => String(asked[0]).includes("deliveries")
  ? Promise.resolve(new Response(JSON.stringify({ deliveries: said, alerts_wait_for: null }))) : really(...asked);
"""
#: Has the page ask for what it needs now, and not in some seconds.
LOOK = "document.getElementById('running').dispatchEvent(new Event('toggle'))"


def test_what_became_of_an_alert_is_asked_until_it_is_known(browser: Chrome, url: str) -> None:
    """A worker that has just started does not know it; what the page has known once it does not forget."""
    raised = alert(1, receivers=["desk"], raised_at=NOW - timedelta(minutes=30))
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STREAM + OUTCOMES})
    browser.get(url)
    until(browser, lambda: texts(browser, "article") and browser.execute_script("return Boolean(window.stream)"))
    browser.execute_script(COMES, encode(raised).decode())
    until(browser, lambda: texts(browser, ".receiver") == ["◌ desk, no outcome yet"])

    def becomes(outcome: str, shown: str) -> None:
        """Let the worker answer in half a minute, and see what is shown."""
        script = "said = { [arguments[0]]: arguments[1] ? { desk: { outcome: arguments[1], attempt: 2, error: null } } : {} }"
        browser.execute_script(f"{script}; passed += 31_000; {LOOK}", raised.id, outcome)
        until(browser, lambda: texts(browser, ".receiver") == [shown])

    becomes("failed", "↻ desk, failed, attempt 2")
    browser.execute_script("passed += 7_200_000")
    becomes("", "↻ desk, failed, attempt 2")
    becomes("delivered", "✓ desk, delivered, attempt 2")
