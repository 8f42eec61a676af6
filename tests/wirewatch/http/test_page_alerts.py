"""Alerts as cards of the page: when their article came out, and what was held back before them."""

from datetime import UTC, datetime, timedelta

import msgspec
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from agents.watch.alerts import mention
from streams.records import AlertArticle, AlertItem
from tests.support.browser import reading, texts, until
from tests.support.page_alerts import LOOK, NOW, STATUS, alert, comes, streaming


def test_an_alert_says_how_old_its_article_is_and_what_was_held_back(browser: Chrome, url: str) -> None:
    """Each match that was held back is named with its reason; a trend has no day and no story, nor has a digest of two."""
    held = [mention(alert(number).article, None, "cool_down", NOW) for number in (2, 3)]
    trend = AlertArticle(id="t", title="Peru: 40 articles", source="trends", fetched_at=NOW)
    day = AlertArticle(
        id="d", title="A day", source="d.example", published_at=datetime(2025, 3, 1, tzinfo=UTC), fetched_at=NOW
    )
    two = [AlertItem(id=f"{n:032x}", article=alert(n).article, held_at=NOW) for n in (4, 5)]
    with streaming(browser, url):
        comes(
            browser,
            alert(1, suppressed=3, held_back=held),
            alert(9, kind="trend", article=trend, raised_at=NOW - timedelta(hours=1)),
            alert(5, kind="digest", digest=two, raised_at=NOW - timedelta(hours=2)),
            alert(8, article=day, raised_at=NOW - timedelta(hours=3)),
        )
        until(browser, lambda: len(texts(browser, "#alerts .about-article")) == 4)
    published, counted, _, of_a_day = texts(browser, "#alerts .about-article")
    assert published.startswith("a.example\u00a0· ") and published != "a.example\u00a0· no date"
    assert of_a_day == "d.example\u00a0· 1 Mar 2025"  # its hour is not known
    assert (counted, texts(browser, "#alerts summary")) == ("trends", ["3 held back before this alert, the latest 2"])
    for line, number in zip(texts(browser, "#alerts .versions li"), (2, 3), strict=True):
        assert line.startswith(f"News {number} a.example, cool-down, ")
    assert len(browser.execute_script("return [...document.querySelectorAll('#alerts [href*=\"article=\"]')]")) == 2


def test_what_became_of_an_alert_is_asked_until_it_is_known(browser: Chrome, url: str) -> None:
    """A worker that has just started does not know it; what the page has known once it does not forget."""
    raised = alert(1, receivers=["desk"], raised_at=NOW - timedelta(minutes=30))

    with streaming(browser, url, STATUS):
        comes(browser, raised)
        until(browser, lambda: texts(browser, ".receiver") == ["◌ desk, no outcome yet"])

        def becomes(outcome: str, shown: str) -> None:
            """Let the worker answer in half a minute, and see what is shown."""
            known = {"desk": {"outcome": outcome, "attempt": 2, "error": None}} if outcome else {}
            answers = f"answer.deliveries = arguments[0]; passed += 31_000; {LOOK}"
            browser.execute_script(answers, {raised.id: known})
            until(browser, lambda: texts(browser, ".receiver") == [shown])

        becomes("failed", "↻ desk, failed, attempt 2")
        browser.execute_script("passed += 7_200_000")
        becomes("", "↻ desk, failed, attempt 2")
        becomes("delivered", "✓ desk, delivered, attempt 2")


#: Takes the stream for filled as soon as it is open: what comes from then on is new.
AT_ONCE = "const waits = setTimeout; setTimeout = (work, wait) => waits(work, wait === 1500 ? 0 : wait);"
OPEN = "stream.dispatchEvent(new Event('open')); setTimeout(arguments[0], 1500)"


def test_many_alerts_at_once_are_said_by_their_number(browser: Chrome, url: str) -> None:
    """Who listens hears an alert that comes alone by its title, in its language; of many the number and the last."""
    greek = msgspec.structs.replace(alert(3).article, title="Απεργία", language="el")
    with streaming(browser, url, AT_ONCE):
        browser.execute_async_script(OPEN)
        comes(browser, alert(1))
        until(browser, lambda: texts(browser, "#news") == ["New info alert, ports: News 1"])
        comes(browser, alert(2), alert(3, article=greek))
        until(browser, lambda: texts(browser, "#news") == ["2 new alerts, the last one info, ports: Απεργία"])
        assert browser.execute_script("return document.querySelector('#news span').lang") == "el"


def test_why_no_alert_is_shown_is_said(browser: Chrome, url: str) -> None:
    """A filter finds among the latest alerts alone; where all are hidden it is not the filter."""
    with streaming(browser, url, STATUS):
        comes(browser, alert(1), alert(2))
        browser.execute_script("stream.dispatchEvent(new Event('open'))")
        browser.find_element(By.ID, "filter").send_keys("xyzzy")
        until(browser, lambda: texts(browser, "#alerts-note") == ["None of the latest 2 alerts fits the filter."])
        browser.find_element(By.ID, "filter").send_keys(Keys.BACKSPACE * len("xyzzy"))
        until(browser, lambda: texts(browser, "#alerts .mute-watch"))
        browser.find_element(By.CSS_SELECTOR, "#alerts .mute-watch").click()
        until(browser, lambda: texts(browser, "#alerts-note") == ["All watches with alerts are muted."])
        browser.find_element(By.CSS_SELECTOR, "#muted .mute").click()


def test_alerts_are_printed_without_their_controls(browser: Chrome, url: str) -> None:
    """On paper an alert has its watch, its title with the address, and what was held back; beside a search there are none."""
    held = [mention(alert(2).article, None, "cool_down", NOW)]
    parts = (
        "#alerts h3",
        "#alerts .watch",
        "#alerts summary",
        "#alerts .mute",
        "#alerts-panel .filter",
        "#alerts .snippet",
    )
    linked = msgspec.structs.replace(alert(1).article, url="https://a.example/1", snippet="It goes on")
    with reading(browser, media="print"):
        with streaming(browser, url):
            comes(browser, alert(1, suppressed=1, held_back=held, article=linked))
            until(browser, lambda: texts(browser, "#alerts h3"))
            shown = [browser.find_element(By.CSS_SELECTOR, part).is_displayed() for part in parts]
            assert shown == [True, True, True, False, False, False]
            address = "return getComputedStyle(document.querySelector('#alerts h3 a'), '::after').content"
            assert browser.execute_script(address) == '" https://a.example/1"'
        with streaming(browser, f"{url}/?query=zygote"):
            assert not browser.find_element(By.ID, "alerts-panel").is_displayed()
