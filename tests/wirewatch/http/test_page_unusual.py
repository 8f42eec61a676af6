"""Unusual news on the front page, and titles and names in other directions."""

from urllib.parse import urlencode

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.support.browser import texts, until
from tests.support.search_page import count, open_search


def test_the_front_page_names_what_is_unusual(browser: Chrome, url: str) -> None:
    """Each subject once, with its latest figures, the most unusual first, what is over behind; a search shows none."""
    browser.get(url)
    until(browser, lambda: texts(browser, "#unusual a"))
    assert texts(browser, "#unusual a") == [
        "Venezuela: sport 38, usually 2.1",
        "Ζυγωτό 39, usually 2.1",
        "Georgia 38, usually 2.1",
        "Peru: labour over, at most 61",
    ]
    assert "since" in (browser.find_element(By.CSS_SELECTOR, "#unusual .over a").get_attribute("title") or "")
    open_search(browser, url, "zygote", 2)
    assert not browser.find_element(By.ID, "unusual-panel").is_displayed()


def test_what_is_unusual_leads_to_its_articles(browser: Chrome, url: str) -> None:
    """A term is searched for in each of its forms, a country with its topic where it has one, in the same time."""
    browser.get(url)
    queries = ["region:VE AND topic:sport", '"ζυγωτό" OR "zygote"', "region:GE"]
    for number, query in enumerate(queries):
        until(browser, lambda: texts(browser, "#unusual a"))
        browser.find_elements(By.CSS_SELECTOR, "#unusual a")[number].click()
        until(browser, lambda: count(browser) == "0 found")  # the articles of this history are older
        assert browser.find_element(By.ID, "query").get_attribute("value") == query
        assert browser.find_element(By.ID, "since").get_attribute("value") == "24h"
        browser.back()
        until(browser, browser.find_element(By.ID, "unusual-panel").is_displayed)


def test_names_of_other_directions_turn_no_line_around(browser: Chrome, url: str) -> None:
    """A source's name stands by itself: one in Hebrew letters would put time and language before it."""
    open_search(browser, url, "zygote", 2)
    script = "return [...document.querySelectorAll('article .meta')].map(line => line.firstElementChild.tagName)"
    assert browser.execute_script(script) == ["BDI", "BDI"]


def test_a_watch_of_trends_is_tried_over_those_of_history(browser: Chrome, url: str) -> None:
    """The desk counts the trends that would raise an alert, and says what each was; the end of one raises none."""
    browser.get(f"{url}/?{urlencode({'view': 'watches', 'watch': 'new', 'query': 'trend:sport OR trend:Peru'})}")
    until(browser, lambda: texts(browser, ".desk strong"))
    assert texts(browser, ".desk strong") == ["1 of 5 trends of the last 7 days"]
    [told] = texts(browser, ".desk li")
    assert told.startswith("Venezuela: sport quiet, 38 articles, usually 2.1")


def test_the_desk_says_which_trends_a_watch_is_told_of(browser: Chrome, url: str) -> None:
    """From which score on, and that trends which the settings do not show are asked for in vain, as `watches check` does."""
    browser.get(f"{url}/?{urlencode({'view': 'watches', 'watch': 'new', 'query': 'trend:sport'})}")
    until(browser, lambda: texts(browser, ".desk strong"))
    assert "when its score comes to 7.1 (balanced)" in " ".join(texts(browser, ".desk .meta"))
    assert texts(browser, ".desk .finding") == []
    Select(
        browser.find_element(By.CSS_SELECTOR, ".desk option[value=eager]").find_element(By.XPATH, "..")
    ).select_by_value("eager")
    until(browser, lambda: texts(browser, ".desk .finding"))
    [finding] = texts(browser, ".desk .finding")
    assert "set trends.min_score to 6.6 where the step runs" in finding
