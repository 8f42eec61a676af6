"""Times on the page: words that stay right while a tab is open for days, and that are whole where they are copied."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from agents.archive.entries import article_entry
from agents.archive.sqlite import SqliteStore
from streams.records import encode
from tests.support.browser import reading, serving_pages, texts, until
from tests.support.history import tagged
from tests.support.search_page import FACTS
from wirewatch.history.search import features

NOON = datetime.now(UTC).replace(hour=12, minute=5, second=0, microsecond=0)
#: Lets the browser's clock go on or back, to 14:00 of today (UTC) and some days.
CLOCK = """
const True = Date, shift = arguments[0] - True.now();
Date = class extends True { constructor(...given) { if (given.length) super(...given); else super(True.now() + shift); }
    static now() { return True.now() + shift; } };
return import("/times.js").then(page => page.sayAnew());
"""


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a worker with an article of today at five past noon, and one of today without an hour."""
    path: Path = tmp_path_factory.mktemp("page") / "archive.db"
    store = SqliteStore(path)
    for number, at in enumerate((NOON, NOON.replace(hour=0, minute=0))):
        article = msgspec.structs.replace(tagged(number, FACTS), published_at=at, fetched_at=NOON)
        store.add([article_entry(encode(article), features)], [])
    store.close()
    with serving_pages(f"sqlite:{path}") as address:
        yield address


def set_clock(browser: Chrome, days: int) -> None:
    """Let it be two o'clock, so many days later."""
    browser.execute_script(CLOCK, (NOON + timedelta(days=days, hours=2)).timestamp() * 1000)


@pytest.fixture
def utc(browser: Chrome) -> Iterator[None]:
    """A reader whose clock is UTC."""
    with reading(browser, zone="UTC"):
        yield


@pytest.mark.usefixtures("utc")
def test_words_of_time_stay_right_in_a_tab_that_is_left_open(browser: Chrome, today: str) -> None:
    """Today becomes yesterday, then a day, in articles and in the heads above them; a day alone has no hour there either."""
    browser.get(today)
    until(browser, lambda: len(texts(browser, "article")) == 2)
    shown = {}
    for days in range(3):
        set_clock(browser, days)
        shown[days] = texts(browser, "#articles .group") + texts(browser, "article time")

    assert shown[0] == ["Today, 12:00", "Today", "Today, 12:05", "Today"]
    assert shown[1] == ["Yesterday, 12:00", "Yesterday", "Yesterday, 12:05", "Yesterday"]
    day = shown[2][1]
    assert f"{NOON.day} " in day and not day.endswith("day")
    assert shown[2] == [f"{day}, 12:00", day, f"{day}, 12:05", day]


def test_yesterday_is_the_day_before_where_clocks_go_forward(browser: Chrome, today: str) -> None:
    """Half an hour into Monday, a day of 23 hours behind it: Sunday was yesterday, not Saturday."""
    days = [f"2026-03-{day}T10:00:30Z" for day in (28, 29)]
    script = "return import('/times.js').then(page => arguments[0].map(day => page.dayOf(day)))"
    with reading(browser, zone="Europe/Athens"):
        browser.get(today)
        browser.execute_script(CLOCK, datetime(2026, 3, 29, 21, 30, tzinfo=UTC).timestamp() * 1000)
        assert browser.execute_script(script, days) == ["Sat 28 Mar", "Yesterday"]


@pytest.mark.usefixtures("utc")
def test_a_moment_at_midnight_has_its_hour(browser: Chrome, today: str) -> None:
    """A digest that is due at midnight is due at an hour; an article with that time is one of which the day alone is known."""
    browser.get(today)
    script = (
        "return import('/times.js').then(page => ['at', 'publishedAt'].map(way => page[way](arguments[0]).textContent))"
    )
    at, published = browser.execute_script(script, "2024-05-06T00:00:00Z")
    assert (at, published) == ("6 May 2024, 00:00", "6 May 2024")


@pytest.mark.usefixtures("utc")
def test_what_is_copied_has_its_times_whole(browser: Chrome, today: str) -> None:
    """In a mail or a sheet "Today" says nothing: the copy has date and zone; the page stays as it is."""
    browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"origin": today, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    browser.get(today)
    until(browser, lambda: len(texts(browser, "article")) == 2)
    set_clock(browser, 0)
    browser.execute_script("getSelection().selectAllChildren(document.querySelector('#articles'))")
    ActionChains(browser).key_down(Keys.CONTROL).send_keys("c").key_up(Keys.CONTROL).perform()

    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])")

    assert f"· {NOON:%Y-%m-%d} 12:05 UTC" in copied
    assert "Today" not in copied
    until(browser, lambda: texts(browser, "article time") == ["Today, 12:05", "Today"])


@pytest.mark.usefixtures("utc")
def test_a_date_of_long_ago_or_of_years_ahead_leaves_the_days_in_view(browser: Chrome, tmp_path: Path) -> None:
    """The bars end today and show the days that have articles; those dated otherwise are links, and no news of just now."""
    store = SqliteStore(tmp_path / "archive.db")
    ahead, long_ago = datetime(2199, 1, 2, 12, tzinfo=UTC), datetime(1969, 7, 20, 12, tzinfo=UTC)
    for number, at in enumerate((NOON - timedelta(days=5), NOON - timedelta(days=3), ahead, long_ago)):
        article = msgspec.structs.replace(tagged(number, FACTS), published_at=at, fetched_at=at)
        store.add([article_entry(encode(article), features)], [])
    store.close()
    with serving_pages(f"sqlite:{tmp_path / 'archive.db'}") as address:
        browser.get(address)
        until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#days g"))
        assert len(texts(browser, "#days title")) == 14
        assert not [label for label in texts(browser, "#days title") if "2199" in label or "1969" in label]
        assert sum(int(label.rpartition(": ")[2]) for label in texts(browser, "#days title")) == 2
        age = "return import('/times.js').then(page => page.ago(arguments[0]))"
        assert browser.execute_script(age, ahead.isoformat()) == "2 Jan 2199"

        browser.find_element(By.LINK_TEXT, "1 dated later").click()

        until(browser, lambda: texts(browser, "#articles .group") == ["2 Jan 2199"])
        browser.back()
        until(browser, lambda: browser.find_elements(By.LINK_TEXT, "1 dated earlier"))
        browser.find_element(By.LINK_TEXT, "1 dated earlier").click()
        until(browser, lambda: texts(browser, "#articles .group") == ["20 Jul 1969"])
