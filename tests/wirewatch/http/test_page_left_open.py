"""A tab that is left, and come back to: by the back button, after sleep, beside another tab, and under a newer page."""

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.support.browser import texts, until
from tests.support.page_alerts import LOOK, STATUS, alert, comes, streaming
from tests.support.search_page import count

#: The title of the first article in view, and how far it is from the top.
PLACE = """
const first = [...document.querySelectorAll("#articles article")].find(each => each.getBoundingClientRect().bottom > 0);
return [first.querySelector("h3").textContent, Math.round(first.getBoundingClientRect().top)];
"""


def test_back_leads_to_where_one_was(browser: Chrome, url: str) -> None:
    """From a search to the list of two pages, at the article that was in view."""
    browser.get(url)
    until(browser, lambda: count(browser).endswith(" found"))
    browser.find_element(By.ID, "older").click()
    until(browser, lambda: len(texts(browser, "article")) == 60)
    browser.execute_script("document.querySelectorAll('article')[45].scrollIntoView()")
    title, top = browser.execute_script(PLACE)
    browser.execute_script("document.querySelector('#facet-groups a').click()")
    until(browser, lambda: "query=" in browser.current_url and count(browser).endswith(" found"))
    assert browser.execute_script("return scrollY") < 500

    browser.back()

    until(browser, lambda: len(texts(browser, "article")) == 60)
    until(browser, lambda: abs(browser.execute_script(PLACE)[1] - top) < 3)
    assert browser.execute_script(PLACE)[0] == title


def test_a_watch_that_is_hidden_is_hidden_in_all_tabs(browser: Chrome, url: str) -> None:
    """Cards that one tab hides are hidden in another open one, and come back in both."""
    with streaming(browser, url):
        comes(browser, alert(1))
        until(browser, lambda: texts(browser, "#alerts > li"))
        page = browser.current_window_handle
        browser.switch_to.new_window("tab")
        browser.get(f"{url}/health/live")
        browser.execute_script("localStorage.setItem('wirewatch-muted', '{\"ports\": 32503680000000}')")
        browser.close()
        browser.switch_to.window(page)
        until(browser, lambda: not texts(browser, "#alerts > li"))
        browser.find_element(By.CSS_SELECTOR, "#muted .mute").click()
        until(browser, lambda: texts(browser, "#alerts > li"))
        assert browser.execute_script("return localStorage.getItem('wirewatch-muted')") == "{}"


def test_after_sleep_the_stream_is_begun_anew(browser: Chrome, url: str) -> None:
    """A stream that died while the computer slept may never say so; within some seconds there is another, and one alone."""
    with streaming(browser, url, STATUS):
        begun = browser.execute_script(f"{LOOK} return streams")
        assert browser.execute_script(f"passed += 5_000; {LOOK} return streams") == begun
        assert browser.execute_script(f"passed += 8 * 3_600_000; {LOOK} return streams") == begun + 1
        shown = "document.dispatchEvent(new Event('visibilitychange'))"
        assert browser.execute_script(f"passed += 8 * 3_600_000; {shown}; return streams") == begun + 2


def test_a_newer_version_of_the_page_is_offered(browser: Chrome, url: str) -> None:
    """A tab from before an update says so, once, and leads to the new page; nothing is said while it is the same."""
    with streaming(browser, url, STATUS):
        browser.execute_script(f"passed += 31_000; {LOOK}")
        until(browser, lambda: browser.execute_script("return answered > 1"))
        assert not browser.find_element(By.ID, "renewed").is_displayed()
        browser.execute_script(f"answer.page = 'two'; passed += 31_000; {LOOK}")
        until(browser, lambda: texts(browser, "#renewed") == ["There is a newer version of this page. Load it"])
        browser.execute_script("window.before = true")
        browser.find_element(By.CSS_SELECTOR, "#renewed button").click()
        until(browser, lambda: browser.execute_script("return document.readyState === 'complete' && !window.before"))


def test_the_sources_are_drawn_anew_while_they_are_looked_at(browser: Chrome, url: str) -> None:
    """How a source does changes; the view follows, unless somebody has selected some of it."""
    look = "passed += 121_000; return import('/history.js').then(page => page.lookForNewer())"
    with streaming(browser, url, STATUS):
        browser.find_element(By.CSS_SELECTOR, "[data-view=sources]").click()
        until(browser, lambda: texts(browser, "#view h2") == ["Sources"])
        browser.execute_script(
            "window.head = document.querySelector('#view h2'); getSelection().selectAllChildren(head)"
        )
        browser.execute_script(look)
        assert browser.execute_script("return head.isConnected")
        browser.execute_script("getSelection().removeAllRanges()")
        browser.execute_script(look)
        assert not browser.execute_script("return head.isConnected")
        assert texts(browser, "#view h2") == ["Sources"]
