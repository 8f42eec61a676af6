"""The page by the keyboard alone: where the focus goes when what had it is gone, and the keys for alerts and the search."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from tests.support.browser import texts, until
from tests.support.page_alerts import alert, comes, streaming
from tests.support.search_page import count, open_search

FOCUS = """const at = document.activeElement;
    return at.id || at.querySelector("h3")?.textContent || at.textContent"""


def press(browser: Chrome, *keys: str) -> None:
    """Press keys, wherever the focus is."""
    ActionChains(browser).send_keys(*keys).perform()


def focused(browser: Chrome) -> str:
    """Return the id, the title or the text of the focused element."""
    return str(browser.execute_script(FOCUS))


@pytest.fixture
def alerts(browser: Chrome, url: str) -> Iterator[None]:
    """A page with two alerts of two watches."""
    with streaming(browser, url):
        comes(browser, alert(1), alert(2, watch="rail"))
        until(browser, lambda: len(texts(browser, "#alerts > li")) == 2)
        yield


@pytest.mark.usefixtures("alerts")
def test_the_focus_goes_to_what_ends_the_mute(browser: Chrome) -> None:
    """The alert goes with its button: the focus is at the button that ends it, and after that at the alerts."""
    button = browser.find_element(By.CSS_SELECTOR, "[data-watch=rail]")
    button.send_keys(Keys.ENTER)
    until(browser, lambda: focused(browser).startswith("rail (here), until "))

    press(browser, Keys.ENTER)

    until(browser, lambda: focused(browser) == "alerts-title")
    assert len(texts(browser, "#alerts > li")) == 2


@pytest.mark.usefixtures("alerts")
def test_alerts_are_gone_through_as_articles_are(browser: Chrome) -> None:
    """`a` goes to the alerts and back to where one was; `j` and `k` stay within them; a new alert takes no focus."""
    press(browser, "jj")
    article = focused(browser)
    press(browser, "a")
    first, second = texts(browser, "#alerts h3")
    assert focused(browser) == first
    press(browser, "j")
    assert focused(browser) == second
    comes(browser, alert(3))
    until(browser, lambda: len(texts(browser, "#alerts > li")) == 3)
    assert focused(browser) == second
    press(browser, "k")
    assert focused(browser) == first
    press(browser, "a")
    assert focused(browser) == article


def test_escape_leaves_the_search_as_it_was(browser: Chrome, url: str) -> None:
    """What was not sent is gone: the box says what is shown, and the focus is where it was."""
    open_search(browser, url, "zygote", 2)
    press(browser, "j")
    article = focused(browser)

    press(browser, "/", "something else", Keys.ESCAPE)

    assert focused(browser) == article
    assert browser.find_element(By.ID, "query").get_attribute("value") == "zygote"
    assert count(browser) == "2 found"


def test_a_button_keeps_the_focus_while_it_works(browser: Chrome, url: str) -> None:
    """And what it does it does once, however often it is pressed meanwhile."""
    browser.get(url)
    until(browser, lambda: texts(browser, "article"))
    browser.execute_async_script("""
        const done = arguments[0]; window.worked = 0;
        import("/dom.js").then(dom => {
            const button = dom.node("button", "Works"); document.querySelector("main").prepend(button);
            button.onclick = () => dom.once(button, () => new Promise(ends => { worked += 1; window.ends = ends; }));
            button.focus(); done();
        })""")
    press(browser, Keys.ENTER, Keys.ENTER)
    assert (browser.execute_script("return worked"), focused(browser)) == (1, "Works")
    browser.execute_async_script("ends(); setTimeout(arguments[0])")
    press(browser, Keys.ENTER)
    assert (browser.execute_script("return worked"), focused(browser)) == (2, "Works")


def test_newer_articles_leave_the_focus_at_their_head(browser: Chrome, url: str) -> None:
    """The button that brings them goes; who pressed it reads on from the first article."""
    browser.get(url)
    until(browser, lambda: count(browser).endswith(" found"))
    browser.execute_script("document.getElementById('newer').hidden = false")
    browser.find_element(By.ID, "newer").send_keys(Keys.ENTER)
    until(browser, lambda: not browser.find_element(By.ID, "newer").is_displayed())
    assert focused(browser) == "articles-title"
