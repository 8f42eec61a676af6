"""The page in a real browser, over a store of history: it finds, narrows, shares, refuses and stays safe."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
import requests
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from agents.archive.entries import article_entry, event_entry
from agents.archive.sqlite import SqliteStore
from streams.records import StoryShare, encode
from tests.support.browser import chromium, serving_pages
from tests.support.history import ARTICLES, STORY, fill, story, tagged
from wirewatch.history.search import features

HOSTILE = '😀 zygote <img src=x onerror="document.title=1"><script>document.title=2</script>'
NOWHERE = "http://127.0.0.1:9/chile"
FACTS = {
    "title": HOSTILE, "text": "A zygote, 😀 and a zygote.", "regions": ["VE"], "topics": ["medtop:15000000"],
}  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Articles of the watches' cases, a hostile one, one from Chile with its word, and a story of today."""
    path: Path = tmp_path_factory.mktemp("page") / "archive.db"
    store = SqliteStore(path)
    fill(store)
    hostile = msgspec.structs.replace(tagged(5_000, FACTS), url="javascript:document.title=3")
    chile = tagged(5_001, {**FACTS, "title": "Zygote in Chile", "regions": ["CL"]})
    chile = msgspec.structs.replace(chile, source="a.example", url=NOWHERE)
    now = datetime.now(UTC)
    region = StoryShare(id="CL", label="Chile", share=1.0)
    running = msgspec.structs.replace(story(2), event_id="today", first_seen_at=now, last_seen_at=now, regions=[region])
    newest = running.article
    assert newest is not None
    other = msgspec.structs.replace(newest, id="other", title="Another headline", url=NOWHERE)
    running = msgspec.structs.replace(running, newest=newest, headlines=[newest, other])
    entries = [article_entry(encode(article), features) for article in (hostile, chile)]
    merged = msgspec.structs.replace(
        running, id="en-gone", event_id="gone", event="merged", merged_into=running.id, article=None
    )
    store.add(entries, [event_entry("story", "today", encode(running)), event_entry("story", "gone", encode(merged))])
    store.close()
    return f"sqlite:{path}"


@pytest.fixture(scope="module")
def url(history: str) -> Iterator[str]:
    """The address of a worker with that history."""
    with serving_pages(history) as address:
        yield address


@pytest.fixture
def url_of_today(tmp_path: Path) -> Iterator[str]:
    """The address of a worker whose history is one article of now, by a.example: the view of sources shows the last days."""
    now = datetime.now(UTC)
    store = SqliteStore(tmp_path / "archive.db")
    article = msgspec.structs.replace(tagged(5_002, FACTS), source="a.example", published_at=now, fetched_at=now)
    store.add([article_entry(encode(article), features)], [])
    store.close()
    with serving_pages(f"sqlite:{tmp_path / 'archive.db'}") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    """A browser."""
    with chromium() as opened:
        yield opened


def until(browser: Chrome, holds: Callable[[], Any]) -> Any:
    """Wait for something to hold, and return it."""
    return WebDriverWait(browser, 20, 0.05).until(lambda _: holds())


def texts(browser: Chrome, selector: str) -> list[str]:
    """Return the texts of elements, as one moment shows them."""
    script = "return [...document.querySelectorAll(arguments[0])].map(found => found.textContent)"
    found: list[str] = browser.execute_script(script, selector)
    return found


def count(browser: Chrome) -> str:
    """Return the page's line on how many articles it found."""
    return texts(browser, "#count")[0]


def search(browser: Chrome, query: str) -> None:
    """Write a query into the box and send it."""
    box = until(browser, lambda: next(filter(lambda e: e.is_displayed(), browser.find_elements(By.ID, "query")), None))
    box.clear()
    box.send_keys(query, Keys.ENTER)


def open_search(browser: Chrome, url: str, query: str, found: int) -> None:
    """Open the address of a search, and wait for its count."""
    browser.get(f"{url}/?query={quote(query)}")
    until(browser, lambda: count(browser) == f"{found} found")


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
    try:
        for zone, said in (("Asia/Tokyo", "a day, by UTC"), ("UTC", "a day")):
            browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": zone})
            browser.get(url)
            scale = until(browser, lambda: texts(browser, "#days .scale span"))
            assert scale[1].endswith(said)
    finally:
        browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


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

    offered = until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#history-note a"))
    assert [link.text for link in offered] == ["zygote AND Chile", '"zygote Chile"', "How to write one"]
    offered[0].click()
    until(browser, lambda: count(browser) == "1 found")
    assert texts(browser, "#problem") == [""]


def test_a_search_that_finds_nothing_says_what_is_doubtful(browser: Chrome, url: str) -> None:
    """A region in another language is answered with its English name."""
    browser.get(url)
    search(browser, 'zygote AND region:"Oriente Medio"')
    until(browser, lambda: 'did you mean "Middle East"' in "".join(texts(browser, "#history-note .finding")))
    assert texts(browser, "#history-note")[0].startswith("Nothing fits. Take a word away.")


def test_a_hostile_article_stays_text(browser: Chrome, url: str) -> None:
    """Markup in a title is shown as text, and a `javascript:` address is no link."""
    open_search(browser, url, "zygote", 2)
    hostile = browser.find_elements(By.TAG_NAME, "article")[1]

    assert hostile.find_element(By.TAG_NAME, "h3").text.startswith("😀 zygote <img src=x")
    assert not hostile.find_elements(By.CSS_SELECTOR, "img, script, h3 a[href]")
    assert browser.title == "zygote · wirewatch"
    lines = browser.get_log("browser")  # type: ignore[no-untyped-call]
    assert not [line for line in lines if "Content Security" in line["message"]]


def test_an_article_without_a_title_has_a_link(browser: Chrome, url: str) -> None:
    """A title of nothing that can be seen leaves no link of nothing; marks of it are none."""
    browser.get(url)
    script = """const titles = ["", "\\u200b \\u2060\\ufe0f", "\ud83d\ude00"], done = arguments[0];
        import("/dom.js").then(dom => done(titles.map(title => dom.linked(title, "http://a.example/", [[0, 1]]).outerHTML)))"""
    without = '<a href="http://a.example/" rel="noopener noreferrer">(no title)</a>'
    assert browser.execute_async_script(script) == [
        without,
        without,
        without.replace("(no title)", "<mark>\U0001f600</mark>"),
    ]


def test_a_link_leads_to_the_head_of_another_view(browser: Chrome, url: str) -> None:
    """From far down, by the keyboard, to its beginning, its heading and its name; the same link again is no step back."""
    browser.get(url)
    until(browser, lambda: len(texts(browser, "article")) == 30)
    browser.execute_script("scrollTo(0, 900)")
    link = browser.find_element(By.CSS_SELECTOR, "[data-view=sources]")
    browser.execute_script("arguments[0].focus({ preventScroll: true })", link)
    steps = browser.execute_script("return history.length")
    at = "const at = document.activeElement; return [at.tagName, at.textContent, scrollY, document.title]"

    for _ in range(2):
        browser.switch_to.active_element.send_keys(Keys.ENTER)
        until(browser, lambda: browser.execute_script(at) == ["H2", "Sources", 0, "Sources \u00b7 wirewatch"])
        assert browser.execute_script("return history.length") == steps + 1
        browser.execute_script("arguments[0].focus()", link)


def test_the_desk_says_why_nothing_can_be_put_in_force(browser: Chrome, url: str) -> None:
    """While Kafka is away that is the reason, not a setting; a new watch can be written, one in force not be changed."""
    browser.get(f"{url}/?view=watches&watch=new")
    until(browser, lambda: "Kafka does not say" in "".join(texts(browser, ".desk [role=status]")))
    browser.get(f"{url}/?view=watches&watch=in-force")
    until(browser, lambda: "Kafka does not say" in texts(browser, "#problem")[0])
    assert not texts(browser, ".desk")


def test_an_article_leads_to_its_story_and_that_to_what_it_became(browser: Chrome, url: str) -> None:
    """The address of an article's story is found; a story that has become part of another leads there."""
    for address in (f"article={ARTICLES[0].id}", "story=en-gone"):
        browser.get(f"{url}/?{address}")
        until(browser, lambda: browser.current_url == f"{url}/?story={STORY}")
        until(browser, lambda: len(texts(browser, "article")) == 3)
        assert browser.find_element(By.ID, "everything").is_displayed()
    browser.get(f"{url}/?article={5_001:032x}")
    until(browser, lambda: "story of this article is not known" in texts(browser, "#problem")[0])
    assert browser.find_element(By.ID, "query").get_attribute("aria-invalid") == "false"


def test_a_story_opens_its_articles(browser: Chrome, url: str) -> None:
    """Stories stand first, with sources, articles and places; a click shows the articles of one."""
    browser.get(url)
    link = until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#stories a"))[0]
    assert texts(browser, "#stories .meta") == ["1 source\u00a0· 3 articles\u00a0· first just now\u00a0· Chile"]
    assert texts(browser, "#stories-orders a[aria-current]") == ["Big"]

    link.click()

    until(browser, lambda: "story=" in browser.current_url and len(texts(browser, "article")) == 3)
    assert set(texts(browser, "article h3")) == {article.title for article in ARTICLES[:3]}
    newest, others = browser.find_elements(By.CSS_SELECTOR, ".about section:has(a)")
    assert newest.text.startswith("What is new\n" + ARTICLES[2].title)
    assert [link.get_attribute("href") for link in others.find_elements(By.TAG_NAME, "a")] == [NOWHERE]
    browser.find_element(By.ID, "everything").click()
    until(browser, lambda: len(texts(browser, "article")) == 30)


def test_keys_go_through_the_articles(browser: Chrome, url: str) -> None:
    """`j` and `k` move, `/` goes to the search, where they are letters; `?` shows the keys."""
    open_search(browser, url, "zygote", 2)

    def press(keys: str) -> None:
        ActionChains(browser).send_keys(keys).perform()

    def focused() -> str:
        return str(browser.execute_script("return document.activeElement.querySelector('h3')?.textContent"))

    press("j")
    assert focused() == "Zygote in Chile"
    press("j")
    assert focused() == HOSTILE
    press("k")
    assert focused() == "Zygote in Chile"
    press("/")
    assert browser.switch_to.active_element.get_attribute("id") == "query"
    press("j")
    assert browser.find_element(By.ID, "query").get_attribute("value") == "j"
    browser.execute_script("document.activeElement.blur()")
    press("?")
    assert browser.find_element(By.ID, "keys").is_displayed()


def test_o_opens_the_article_in_a_tab_of_its_own(browser: Chrome, url: str) -> None:
    """The page stays; an article without an address of the web opens nothing."""
    open_search(browser, url, "zygote", 2)
    page, before = browser.current_window_handle, set(browser.window_handles)

    ActionChains(browser).send_keys("jjo").perform()
    assert set(browser.window_handles) == before
    ActionChains(browser).send_keys("ko").perform()

    [opened] = until(browser, lambda: set(browser.window_handles) - before)
    browser.switch_to.window(opened)
    until(browser, lambda: browser.current_url == NOWHERE)
    browser.close()
    browser.switch_to.window(page)
    assert count(browser) == "2 found"


def test_a_wrong_query_has_no_articles_and_no_feeds(browser: Chrome, url: str) -> None:
    """The place of the articles says so, leads to how queries are written, and offers no feed that would be refused."""
    browser.get(f"{url}/?query=oil+embargo")
    until(browser, lambda: "cannot be read" in texts(browser, "#history-note")[0])
    assert not browser.find_element(By.ID, "feeds").is_displayed()
    browser.find_element(By.LINK_TEXT, "How to write one").click()
    until(browser, lambda: "view=watches" in browser.current_url and "query=oil+embargo" in browser.current_url)


def test_newer_articles_come_or_are_announced(browser: Chrome, tmp_path: Path) -> None:
    """A reader at the top sees them at once; one who reads further down gets a button."""
    store = SqliteStore(tmp_path / "archive.db")
    fill(store)
    with serving_pages(f"sqlite:{tmp_path / 'archive.db'}") as url:

        def comes(number: int, title: str) -> None:
            store.add([article_entry(encode(tagged(number, {**FACTS, "title": title})), features)], [])
            browser.execute_script("import('/history.js').then(script => script.lookForNewer())")

        def first() -> str:
            return (texts(browser, "article h3") or [""])[0]

        browser.get(url)
        until(browser, lambda: count(browser).endswith(" found"))
        comes(6_000, "The first newer one")
        until(browser, lambda: first() == "The first newer one" and count(browser).endswith(" found"))
        browser.execute_script("scrollTo(0, 500)")
        comes(6_001, "The second newer one")
        button = browser.find_element(By.ID, "newer")
        until(browser, button.is_displayed)
        assert first() == "The first newer one"
        button.click()
        until(browser, lambda: first() == "The second newer one")

        browser.get(f"{url}/?story={STORY}")
        until(browser, lambda: "3 articles" in "".join(texts(browser, "#story .meta")[:1]))
        goes_on = msgspec.structs.replace(story(2), event_id="goes on", articles=4, title="It goes on")
        store.add([], [event_entry("story", "goes on", encode(goes_on))])
        browser.execute_script("import('/history.js').then(script => script.lookForNewer())")
        until(browser, lambda: texts(browser, "#story h2") == ["It goes on"])
    store.close()


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


def test_without_history_the_page_says_how_to_keep_it(browser: Chrome) -> None:
    """The latest articles are filtered as before, and a line names the setting."""
    with serving_pages("") as url:
        browser.get(url)
        until(browser, lambda: "archive.url" in texts(browser, "#history-note")[0])
        assert not browser.find_element(By.ID, "search").is_displayed()
        assert browser.find_element(By.ID, "filter").is_displayed()
        until(browser, lambda: texts(browser, "#state") == ["waiting for the first article"])


def test_a_phone_has_no_sideways_scroll(url: str) -> None:
    """At 390 pixels nothing is wider than the screen, and what a search found stands before the alerts."""
    with chromium(390, 844) as phone:
        open_search(phone, url, "zygote", 2)
        width = phone.execute_script("return document.documentElement.scrollWidth")
        assert width <= 390
        places = [phone.find_element(By.CSS_SELECTOR, name).location["y"] for name in ("main", "#alerts-panel")]
        assert places == sorted(places)


def test_two_sources_are_told_apart_by_their_www(browser: Chrome, url: str) -> None:
    """`www.` is left out of a source's name, but where another source has the name without it."""
    browser.get(url)
    script = """const all = ["www.a.org", "www.b.org", "b.org"];
        return import("/dom.js").then(dom => all.map(name => dom.sourceName(name, all)))"""
    assert browser.execute_script(script) == ["a.org", "www.b.org", "b.org"]


def test_a_headline_without_an_end_is_cut(browser: Chrome, url: str) -> None:
    """Whatever a publisher writes there, a title takes four lines of the list at most; its text is there whole."""
    open_search(browser, url, "zygote", 2)
    height = """const h = document.querySelector("article h3"), line = parseFloat(getComputedStyle(h).lineHeight);
        h.firstChild.textContent = "harbour and quay ".repeat(200); return h.getBoundingClientRect().height / line"""
    assert round(browser.execute_script(height)) == 4


def test_sources_and_digests_have_a_view_each(browser: Chrome, url: str, url_of_today: str) -> None:
    """A source leads to its articles; the address holds the view, and back goes back."""
    browser.get(url_of_today)
    until(browser, lambda: texts(browser, "article"))
    browser.find_element(By.CSS_SELECTOR, "[data-view=sources]").click()
    until(browser, lambda: "a.example" in texts(browser, "#view td a"))
    assert "view=sources" in browser.current_url
    assert not browser.find_element(By.ID, "news-panel").is_displayed()

    browser.find_element(By.LINK_TEXT, "a.example").click()

    until(browser, lambda: browser.find_element(By.ID, "query").get_attribute("value") == "source:a.example")
    browser.back()
    until(browser, lambda: browser.find_element(By.ID, "view").is_displayed())
    browser.get(f"{url}/?view=digests")
    until(browser, lambda: texts(browser, "#view h2")[:1] == ["Digests"])
    assert re.search(r" · since [^·]*, \d\d:\d\d( ·|$)", texts(browser, "#view .about > .meta")[0])
    today = (
        "const {at} = await import('/dom.js');"
        "return [at(new Date().toISOString()), at('2020-01-02T12:00:00Z')].map(made => made.textContent)"
    )
    now, then = browser.execute_async_script(f"const done = arguments[0]; (async () => {{ {today} }})().then(done)")
    assert now.startswith("today, ") and then.startswith("2 Jan 2020, ")
