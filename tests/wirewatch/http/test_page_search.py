"""The search of the page in a real browser: it finds, narrows, shares and refuses."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from agents.archive.sqlite import SqliteStore
from agents.watch import lint
from tests.support.browser import reading, serving_pages, texts, until
from tests.support.history import ARTICLES
from tests.support.search_page import HOSTILE, count, open_search


def search(browser: Chrome, query: str) -> None:
    """Write a query into the box and send it."""
    box = until(browser, lambda: next(filter(lambda e: e.is_displayed(), browser.find_elements(By.ID, "query")), None))
    box.clear()
    box.send_keys(query, Keys.ENTER)


def test_a_search_finds_marks_words_and_has_an_address(browser: Chrome, url: str) -> None:
    """The query goes into the address; the address, opened anew, shows the same; back goes back."""
    browser.get(url)
    until(browser, lambda: len(texts(browser, "article")) == 30)
    search(browser, "zygote")
    until(browser, lambda: count(browser) == "2 found")

    assert "query=zygote" in browser.current_url
    assert set(texts(browser, "article mark")) == {"zygote", "Zygote"}  # by code points: an emoji stands before it
    titles = texts(browser, "article h3")
    browser.get(browser.current_url)
    until(browser, lambda: count(browser) == "2 found")
    assert texts(browser, "article h3") == titles == ["Zygote in Chile", HOSTILE]
    assert browser.find_element(By.CSS_SELECTOR, "article h3").get_attribute("lang") == "en"
    search(browser, "zygote AND region:CL")
    until(browser, lambda: count(browser) == "1 found")
    browser.back()
    until(browser, lambda: count(browser) == "2 found")


def test_more_goes_on_page_by_page(browser: Chrome, url: str) -> None:
    """A worker that has tagged nothing yet shows what history has; a button brings the articles behind, each once."""
    browser.get(url)
    until(browser, lambda: len(texts(browser, "article")) == 30)
    until(browser, lambda: texts(browser, "#state") == [""])

    browser.find_element(By.ID, "older").click()

    until(browser, lambda: len(texts(browser, "article")) == 60)
    expected = ["Zygote in Chile", HOSTILE, *(article.title for article in reversed(ARTICLES))][:60]
    assert texts(browser, "article h3") == expected


def test_a_facet_narrows_and_widens_again(browser: Chrome, url: str) -> None:
    """A click adds the condition with AND; a click on it again takes it away."""
    open_search(browser, url, "zygote OR nothinglikeit", 2)
    assert texts(browser, "#facet-groups bdi")[:2] == ["Chile", "Venezuela"]
    assert "sport" in texts(browser, "#facet-groups bdi")

    browser.find_element(By.CSS_SELECTOR, "#facet-groups a").click()

    until(browser, lambda: count(browser) == "1 found")
    query = browser.find_element(By.ID, "query")
    assert query.get_attribute("value") == "(zygote OR nothinglikeit) AND region:CL"
    assert texts(browser, "article h3") == ["Zygote in Chile"]
    browser.find_element(By.CSS_SELECTOR, "#facet-groups a[aria-current]").click()
    until(browser, lambda: count(browser) == "2 found")


@pytest.mark.parametrize(
    ("query", "condition", "expected"),
    [
        ("", "lang:es", "lang:es"),
        ("lang:es", "lang:es", ""),
        ("a AND lang:es AND b", "lang:es", "a AND b"),
        ("lang:es AND b", "lang:es", "b"),
        ("a OR b", "lang:es", "(a OR b) AND lang:es"),
        ("(a OR b) AND c", "lang:es", "(a OR b) AND c AND lang:es"),
        ('"a OR b"', "lang:es", '"a OR b" AND lang:es'),
        ("(a OR b) AND story.sources >= 5", "lang:es", "(a OR b) AND story.sources >= 5 AND lang:es"),
    ],
)
def test_conditions_keep_the_query_meaning(
    browser: Chrome, url: str, query: str, condition: str, expected: str
) -> None:
    """Parentheses come around a query with a bare OR only; a condition that it has goes."""
    if not browser.current_url.startswith(url):
        browser.get(url)
    script = "const [q, c, done] = arguments; import('/facets.js').then(m => done(m.narrowed(q, c)))"
    assert browser.execute_async_script(script, query, condition) == expected


def test_a_day_of_the_histogram_narrows(browser: Chrome, url: str) -> None:
    """The bars add up to all articles; a click on one shows that day alone."""
    browser.get(url)
    bars = until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#days g"))
    days = dict(title.split(": ") for title in texts(browser, "#days title"))
    assert sum(map(int, days.values())) == len(ARTICLES) + 2
    assert next(int(count) for label, count in days.items() if label.startswith("Fri 20 Nov")) > 0

    ActionChains(browser).move_to_element(bars[-1]).click().perform()

    until(browser, lambda: "until=" in browser.current_url and count(browser) == "2 found")


def test_days_that_are_not_those_of_the_list_are_called_so(browser: Chrome, url: str) -> None:
    """Where the reader's clock is not UTC the bars, which are days of the store, say that they are by UTC."""
    for zone, said in (("Asia/Tokyo", "a day, by UTC"), ("UTC", "a day")):
        with reading(browser, zone=zone):
            browser.get(url)
            scale = until(browser, lambda: texts(browser, "#days .scale span"))
            assert scale[1].endswith(said)


def test_time_is_narrowed_by_dragging_and_by_keys(browser: Chrome, url: str) -> None:
    """A drag over bars shows their days alone; so do the arrow keys with Shift, and Enter; back goes back."""
    browser.get(url)
    bars = until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#days g"))

    ActionChains(browser).move_to_element(bars[-3]).click_and_hold().move_to_element(bars[-1]).release().perform()

    until(browser, lambda: "since=2026-11-21&until=2026-11-24" in browser.current_url and count(browser) == "2 found")
    browser.back()
    until(browser, lambda: count(browser) == f"{len(ARTICLES) + 2} found")
    chart = until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#days [role=slider]"))[0]
    chart.send_keys(Keys.END, Keys.ARROW_LEFT, Keys.SHIFT + Keys.ARROW_LEFT)
    said = chart.get_attribute("aria-valuetext") or ""
    assert re.fullmatch(r"Sat 21 Nov( 2026)? to Sun 22 Nov( 2026)?: 0 articles", said)
    chart.send_keys(Keys.ENTER)
    until(browser, lambda: "since=2026-11-21&until=2026-11-23" in browser.current_url)


def test_a_short_time_is_shown_by_the_hour(browser: Chrome, url: str) -> None:
    """Of two days or less the bars are hours; one of them narrows to its hour."""
    browser.get(f"{url}/?since=2026-11-23&until=2026-11-24")
    until(browser, lambda: count(browser) == "2 found")
    assert not browser.find_element(By.ID, "days").is_displayed()  # both are of one hour
    browser.get(f"{url}/?since=2026-11-20&until=2026-11-21")
    bars = until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#days g"))
    assert "an hour" in texts(browser, "#days .scale")[0]

    ActionChains(browser).move_to_element(bars[-1]).click().perform()

    until(browser, lambda: re.search(r"since=2026-11-20T\d\d%3A00Z&until=2026-11-2", browser.current_url))


def test_the_map_is_loaded_when_opened_and_narrows(browser: Chrome, url: str) -> None:
    """The shapes come when the map is opened, and the address keeps it; a country narrows, in the map and beside it."""
    open_search(browser, url, "zygote OR nothinglikeit", 2)
    shapes = "return performance.getEntriesByName(new URL('/world.json', location).href).length"
    assert browser.execute_script(shapes) == 0

    browser.find_element(By.CSS_SELECTOR, "#map summary").click()

    until(browser, lambda: texts(browser, "#map-list bdi") == ["Chile", "Venezuela"])
    assert browser.execute_script(shapes) == 1
    assert "map=number" in browser.current_url
    titles = [title for title in texts(browser, "#world title") if "article" in title]
    assert titles == ["Chile: 1 article", "Venezuela: 1 article"]
    chile = browser.find_element(By.CSS_SELECTOR, "#world path[class^=shade5]")  # too thin for a click at its middle
    browser.execute_script("arguments[0].dispatchEvent(new MouseEvent('click', { bubbles: true }))", chile)
    until(browser, lambda: count(browser) == "1 found")
    assert "region%3ACL" in browser.current_url
    assert len(browser.find_elements(By.CSS_SELECTOR, "#world .chosen")) == 1
    browser.find_element(By.CSS_SELECTOR, "#map-unusual a").click()
    until(browser, lambda: texts(browser, "#map-list bdi") == ["Venezuela", "Georgia"])
    browser.get(f"{url}/?map=unusual&since=1h")
    until(browser, lambda: "takes some hours" in texts(browser, "#map-note")[0])


def test_the_shapes_of_the_map_are_kept_by_the_browser(url: str) -> None:
    """They have an ETag and are packed; who has them gets none again."""
    first = requests.get(f"{url}/world.json", headers={"Accept-Encoding": "gzip"}, timeout=20)
    assert first.headers["Content-Encoding"] == "gzip"
    again = requests.get(f"{url}/world.json", headers={"If-None-Match": first.headers["ETag"]}, timeout=20)
    assert (again.status_code, again.content) == (304, b"")
    assert {"VE", "CL", "XK", "SG"} < first.json()["countries"].keys()


def test_a_wrong_query_says_why(browser: Chrome, url: str) -> None:
    """The server's words stand under the box, and go with the next good query."""
    browser.get(url)
    search(browser, "oil price")
    until(browser, lambda: "two terms need AND" in texts(browser, "#problem")[0])
    assert browser.find_element(By.ID, "query").get_attribute("aria-invalid") == "true"

    search(browser, "zygote Chile")

    offered = ["zygote AND Chile", '"zygote Chile"', "How to write one"]  # the first query's stand there until then
    until(browser, lambda: texts(browser, "#history-note a") == offered)
    browser.find_element(By.CSS_SELECTOR, "#history-note a").click()
    until(browser, lambda: count(browser) == "1 found")
    assert texts(browser, "#problem") == [""]


@pytest.mark.parametrize(
    ("query", "marked"), [("😀zygote chile", "c"), ("(zygote", " "), (f"{'zygote OR ' * 50}topic:xyzzy", "x")]
)
def test_a_wrong_query_is_marked_at_its_place(browser: Chrome, url: str, query: str, marked: str) -> None:
    """The line says the query once more, with a mark where it is wrong: by code points, and the places around it alone."""
    browser.get(f"{url}/?{urlencode({'query': query})}")
    until(browser, lambda: texts(browser, "#problem mark") == [marked])
    [spot] = texts(browser, "#problem .spot")
    assert query.endswith(spot.strip().removeprefix("… ")) and len(spot) < 120
    assert not texts(browser, "#problem")[0].startswith("line 1")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ('"zygote in', '"zygote in"'),
        ('region:CL AND "zygote in', 'region:CL AND "zygote in"'),
        ("“zygote in", '“zygote in"'),
        ("zygote in”", '"zygote in”'),
        ("topic:sports AND Chile", "topic:sport AND Chile"),
        ("(𠮷野 OR zygote) and Chile", "(𠮷野 OR zygote) AND Chile"),
        ("zygote & Chile", "zygote AND Chile"),
        ("title:Chile OR (𠮷野 zygote)", 'title:Chile OR ("𠮷野 zygote")'),
        ("Chile AND region:UE", 'Chile AND region:"European Union"'),
    ],
)
def test_what_may_be_meant_is_offered(browser: Chrome, url: str, query: str, meant: str) -> None:
    """A quotation mark that is alone gets its other; the right name or operator stands in the place of the wrong one."""
    browser.get(f"{url}/?{urlencode({'query': query})}")
    until(browser, lambda: "cannot be read" in texts(browser, "#history-note")[0])
    browser.find_element(By.LINK_TEXT, meant).click()
    until(browser, lambda: count(browser).endswith(" found"))
    assert browser.find_element(By.ID, "query").get_attribute("value") == meant


def test_a_search_that_finds_nothing_says_what_is_doubtful(browser: Chrome, url: str) -> None:
    """A region in another language is answered with its English name."""
    browser.get(url)
    search(browser, 'zygote AND region:"Oriente Medio"')
    until(browser, lambda: 'did you mean "Middle East"' in "".join(texts(browser, "#history-note .finding")))
    assert texts(browser, "#history-note")[0].startswith("Nothing fits. Take a word away.")


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("zygote AND quokkaberg AND wombatino*", ["quokkaberg", "wombatino*"]),
        ('zygote AND "no such phrase" AND region:CL', ['"no such phrase"']),
    ],
)
def test_a_search_that_finds_nothing_names_the_words_that_no_article_has(
    browser: Chrome, url: str, query: str, missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts between AND are asked for by themselves. What a sample of articles lacks, too, is not said a second time."""
    monkeypatch.setattr(lint, "MIN_SAMPLE", 1)
    browser.get(f"{url}/?{urlencode({'query': query})}")
    until(browser, lambda: texts(browser, "#history-note")[0].startswith("Nothing fits."))
    until(browser, lambda: len(texts(browser, "#history-note .finding")) >= len(missing))
    said = texts(browser, "#history-note .finding")
    assert [each for each in said if each.startswith("no article")] == [f"no article has {part}" for part in missing]
    assert [sum(part in each for each in said) for part in missing] == [1] * len(missing)


def test_a_wrong_query_has_no_articles_and_no_feeds(browser: Chrome, url: str) -> None:
    """The place of the articles says so, leads to how queries are written, and offers no feed that would be refused."""
    browser.get(f"{url}/?query=oil+embargo")
    until(browser, lambda: "cannot be read" in texts(browser, "#history-note")[0])
    assert not browser.find_element(By.ID, "feeds").is_displayed()
    browser.find_element(By.LINK_TEXT, "How to write one").click()
    until(browser, lambda: "view=watches" in browser.current_url and "query=oil+embargo" in browser.current_url)


def test_a_wrong_time_in_the_address_is_no_wrong_query(browser: Chrome, url: str) -> None:
    """A link with a time that there is not blames the time, not the query, and leads to the search without it."""
    browser.get(f"{url}/?query=zygote&since=yesterday")
    until(browser, lambda: texts(browser, "#problem")[0].startswith("since: "))

    assert texts(browser, "#history-note")[0].startswith("No articles: the address asks for a time")
    assert browser.find_element(By.ID, "query").get_attribute("aria-invalid") == "false"
    browser.find_element(By.CSS_SELECTOR, "#history-note a").click()
    until(browser, lambda: count(browser) == "2 found")
    assert browser.current_url == f"{url}/?query=zygote"


def test_the_token_goes_on(history: str, browser: Chrome) -> None:
    """A page that was given the token searches with it; one without says that it needs it."""
    with serving_pages(history, token="secret") as url:
        browser.get(f"{url}/?token=secret&query=zygote")
        until(browser, lambda: count(browser) == "2 found")
        browser.find_element(By.CSS_SELECTOR, "#facet-groups a").click()
        until(browser, lambda: count(browser) == "1 found")
        assert "token=secret" in browser.current_url
        browser.get(url)
        until(browser, lambda: "needs its token" in texts(browser, "#state")[0])
        browser.get(f"{url}/?token=wrong")
        until(browser, lambda: "not the worker's token" in texts(browser, "#state")[0])


def test_a_search_where_nothing_is_kept_yet_says_so(tmp_path: Path, browser: Chrome) -> None:
    """Who searches a worker that has no article yet is not told to look at the spelling, but how articles come."""
    SqliteStore(tmp_path / "archive.db").close()
    with serving_pages(f"sqlite:{tmp_path / 'archive.db'}") as url:
        browser.get(f"{url}/?query=strike")
        until(browser, lambda: browser.find_element(By.ID, "welcome").is_displayed())
        assert not browser.find_element(By.ID, "history-note").is_displayed()


def test_without_history_the_page_says_how_to_keep_it(browser: Chrome) -> None:
    """The latest articles are filtered as before, and a line names the setting."""
    with serving_pages("") as url:
        browser.get(url)
        until(browser, lambda: "archive.url" in texts(browser, "#history-note")[0])
        assert not browser.find_element(By.ID, "search").is_displayed()
        assert browser.find_element(By.ID, "filter").is_displayed()
        until(browser, lambda: texts(browser, "#state") == ["waiting for the first article"])
        assert texts(browser, "#history-note")[0].startswith("Only what this worker has")
        for path in ("?story=en-1", "?view=watches", "?query=strike"):  # a bookmark, or a link in a mail
            browser.get(f"{url}/{path}")
            until(
                browser,
                lambda: texts(browser, "#history-note")[0].startswith("What this address asks for needs history"),
            )


def test_a_phone_has_no_sideways_scroll(browser: Chrome, url: str) -> None:
    """At 390 pixels nothing is wider than the screen, and articles stand before the alerts."""
    with reading(browser, 390, 844):
        open_search(browser, url, "zygote", 2)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        places = [browser.find_element(By.CSS_SELECTOR, name).location["y"] for name in ("main", "#alerts-panel")]
        assert places == sorted(places)
