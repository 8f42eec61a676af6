"""Reading the page in a real browser: articles, their stories, newer ones, and the ways between views."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from agents.archive.entries import article_entry, event_entry
from agents.archive.sqlite import SqliteStore
from streams.records import encode
from tests.support.browser import reading, serving_pages, texts, until
from tests.support.history import ARTICLES, STORY, fill, story, tagged
from tests.support.search_page import FACTS, HOSTILE, NOWHERE, count, open_search
from wirewatch.history.search import features
from wirewatch.sources.rows import TROUBLED

#: Holds the answer about stories back, until it is released.
HELD = """
const really = fetch, released = new Promise(release => { window.release = release; });
fetch = async (...asked) => { if (String(asked[0]).includes("/stories?")) await released; return really(...asked); };
"""


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


def test_all_scripts_are_asked_for_at_once() -> None:
    """None waits for another that names it: on a slow line each of them would cost a way there and back."""
    page = files("wirewatch.http").joinpath("page")
    needed, new = set[str](), {"page.js"}
    while new:
        needed |= new
        text = "".join(page.joinpath(name).read_text(encoding="utf-8") for name in new)
        new = set(re.findall(r'^import .* from "\./(\w+\.js)"', text, re.MULTILINE)) - needed
    preloaded = re.findall(r'rel="modulepreload" href="/(.*?)"', page.joinpath("page.html").read_text(encoding="utf-8"))
    assert {*preloaded, "page.js"} == needed


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


def test_a_headline_without_an_end_is_cut_in_lists_too(browser: Chrome, url: str) -> None:
    """A line of a story, a trial or a digest has the beginning of it, its marks, and the whole where the pointer rests."""
    browser.get(url)
    script = """const long = "😀 harbour ".repeat(200), short = "😀 harbour";
        return import("/dom.js").then(dom => [long, short].map(title => {
            const link = dom.inList(title, "http://a.example/", [[2, 9], [1_000, 1_007]]);
            const whole = link.title === (title === long ? long : "");
            return [[...link.textContent].length, link.querySelectorAll("mark").length, whole];
        }))"""
    assert browser.execute_script(script) == [[201, 1, True], [9, 1, True]]


def test_an_article_leads_to_its_story_and_that_to_what_it_became(browser: Chrome, url: str) -> None:
    """The address of an article's story is found; a story that has become part of another leads there."""
    for address in (f"article={ARTICLES[0].id}", "story=en-gone"):
        browser.get(f"{url}/?{address}")
        until(browser, lambda: browser.current_url == f"{url}/?story={STORY}")
        until(browser, lambda: len(texts(browser, "article")) == 3)
        assert browser.find_element(By.ID, "everything").is_displayed()
    browser.get(f"{url}/?article={5_001:032x}")
    until(browser, lambda: "story of this article is not known" in texts(browser, "#problem")[0])
    shown = [browser.find_element(By.ID, part).is_displayed() for part in ("everything", "feeds")]
    assert shown == [True, False]  # a way on, and no feed of what there is not
    assert browser.find_element(By.ID, "query").get_attribute("aria-invalid") == "false"


def test_an_event_in_several_languages_stands_once_in_any_order(browser: Chrome, url: str) -> None:
    """Two of its stories may each be related to a third one alone, which may come behind them."""
    related = {"en": ["de", "fr"], "de": ["en"], "fr": ["en"], "es": []}
    browser.get(url)
    for order in permutations(related):
        stories = [{"id": each, "related": related[each]} for each in order]
        script = (
            "import('/stories.js').then(page => arguments[1](page.oneOfRelated(arguments[0]).map(story => story.id)))"
        )
        shown = browser.execute_async_script(script, stories)
        assert shown == sorted({"es", next(each for each in order if each != "es")}, key=order.index)


def test_a_story_opens_its_articles(browser: Chrome, url: str) -> None:
    """Stories stand first, with sources, articles and places, an event once; a click shows the articles of one."""
    browser.get(url)
    link = until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#stories a"))[0]
    assert texts(browser, "#stories .meta") == [
        "1 source\u00a0· 3 articles\u00a0· first just now\u00a0· Chile\u00a0· also in German"
    ]
    assert texts(browser, "#stories .last") == ["Latest: Chile denies it"]
    assert texts(browser, "#stories-orders a[aria-current]") == ["Big"]

    link.click()

    until(browser, lambda: "story=" in browser.current_url and len(texts(browser, "article")) == 3)
    assert set(texts(browser, "article h3")) == {article.title for article in ARTICLES[:3]}
    newest, latest, others, *_ = browser.find_elements(By.CSS_SELECTOR, ".about section:has(a)")
    assert newest.text.startswith("What is new\n" + ARTICLES[2].title)
    assert latest.text.startswith("Latest report\nChile denies it")
    assert [link.get_attribute("href") for link in others.find_elements(By.TAG_NAME, "a")] == [NOWHERE]
    browser.find_element(By.ID, "everything").click()
    until(browser, lambda: len(texts(browser, "article")) == 30)


def test_all_stories_are_there_for_who_asks(browser: Chrome, tmp_path: Path) -> None:
    """Six on the first page lead to forty, and these to the rest, from where the focus goes on; back leads to where one was."""
    now, store = datetime.now(UTC), SqliteStore(tmp_path / "archive.db")
    told = [
        msgspec.structs.replace(
            story(1), id=f"en-{n}", event_id=f"{n}", title=f"{n}", first_seen_at=now, last_seen_at=now, sources=99 - n
        )
        for n in range(50)
    ]
    store.add([], [event_entry("story", each.event_id, encode(each)) for each in told])
    store.close()
    with serving_pages(f"sqlite:{tmp_path / 'archive.db'}") as url:
        browser.get(url)
        until(browser, lambda: len(texts(browser, "#stories li")) == 6)
        browser.find_element(By.LINK_TEXT, "More stories").click()
        until(browser, lambda: len(texts(browser, "#stories li")) == 40)
        browser.find_element(By.CSS_SELECTOR, "#stories-more button").click()
        assert (len(texts(browser, "#stories li")), texts(browser, "#stories-more")) == (50, [""])
        assert browser.switch_to.active_element.text == "40"
        browser.get(f"{url}/?stories=big")
        place = "return Math.round(document.querySelectorAll('#stories li')[20].getBoundingClientRect().top)"
        until(browser, lambda: len(texts(browser, "#stories li")) == 40)
        browser.execute_script(
            "const at = document.querySelectorAll('#stories li')[20]; at.scrollIntoView(); at.querySelector('a').click()"
        )
        until(browser, lambda: texts(browser, "#story h2") == ["20"])
        browser.execute_script(HELD)  # the articles are there before the stories
        browser.back()
        until(browser, lambda: count(browser).endswith(" found"))
        browser.execute_script("release()")
        until(browser, lambda: len(texts(browser, "#stories li")) == 40 and abs(browser.execute_script(place)) < 3)


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
        browser.find_element(By.CSS_SELECTOR, "#map summary").click()
        comes(6_002, "With the map open")
        until(browser, lambda: first() == "With the map open")
        ActionChains(browser).send_keys(Keys.TAB).perform()  # what is drawn anew would be gone, and the focus with it
        link = browser.switch_to.active_element
        comes(6_003, "The third newer one")
        until(browser, button.is_displayed)
        assert browser.switch_to.active_element == link

        browser.get(f"{url}/?story={STORY}")
        until(browser, lambda: "3 articles" in "".join(texts(browser, "#story .meta")[:1]))
        browser.execute_script(
            "document.querySelector('#story h2').tabIndex = -1; document.querySelector('#story h2').focus()"
        )
        goes_on = msgspec.structs.replace(story(2), event_id="goes on", articles=4, title="It goes on")
        store.add([], [event_entry("story", "goes on", encode(goes_on))])
        browser.execute_script("import('/history.js').then(script => script.lookForNewer())")
        until(browser, lambda: texts(browser, "#story h2") == ["It goes on"])
        until(browser, lambda: browser.switch_to.active_element.text == "It goes on")
    store.close()


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
    assert "Latest: The votes are counted" in texts(browser, "#view .about li p")
    today = (
        "const {at} = await import('/times.js');"
        "return [at(new Date().toISOString()), at('2020-01-02T12:00:00Z')].map(made => made.textContent)"
    )
    now, then = browser.execute_async_script(f"const done = arguments[0]; (async () => {{ {today} }})().then(done)")
    assert now.startswith("today, ") and then.startswith("2 Jan 2020, ")


def test_a_source_that_went_quiet_stands_with_those_in_trouble(browser: Chrome, url: str) -> None:
    """The page calls the same states trouble as `wirewatch sources health --failing` does; one that moved goes on by itself."""
    browser.get(url)
    until(browser, lambda: texts(browser, "article"))
    states = [*TROUBLED, "moved"]
    changes = [{"source": to, "to": to, "reason": "", "since": "2026-01-02T12:00:00Z"} for to in sorted(states)]
    browser.execute_script(
        "const real = window.fetch, changes = arguments[0]; window.fetch = (...asked) => String(asked[0]).includes("
        "'/sources/health') ? Promise.resolve(new Response(JSON.stringify({ changes }))) : real(...asked)",
        changes,
    )
    browser.find_element(By.CSS_SELECTOR, "[data-view=sources]").click()
    until(browser, lambda: texts(browser, "#view .bad"))
    assert sorted(texts(browser, "#view .bad")) == sorted(to.replace("_", " ") for to in TROUBLED)
    assert sorted(texts(browser, "#view td a")[: len(TROUBLED)]) == sorted(TROUBLED)


def test_the_desk_says_why_nothing_can_be_put_in_force(browser: Chrome, url: str) -> None:
    """While Kafka is away that is the reason, not a setting; a new watch can be written, one in force not be changed."""
    browser.get(f"{url}/?view=watches&watch=new")
    until(browser, lambda: "Kafka does not say" in "".join(texts(browser, ".desk [role=status]")))
    browser.get(f"{url}/?view=watches&watch=in-force")
    until(browser, lambda: "Kafka does not say" in texts(browser, "#problem")[0])
    assert not texts(browser, ".desk")


def test_what_is_wrong_with_a_source_is_said_once(browser: Chrome, url: str) -> None:
    """A poll that failed by what its state says already is not told again; another is."""
    rows = [
        {"name": name, "state": "failing", "reason": "HTTP 500", "error": error, "enabled": True, "polled_at": 1, "next_at": 9e9}
        for name, error in (("a.example", "HTTP 500"), ("b.example", "HTTP 404"))
    ]  # fmt: skip
    browser.get(url)
    until(browser, lambda: texts(browser, "article"))
    browser.execute_script(
        "const real = window.fetch, rows = arguments[0]; window.fetch = (...asked) => String(asked[0]).includes("
        "'parts=sources') ? Promise.resolve(new Response(JSON.stringify({ sources: { rows } }))) : real(...asked)",
        rows,
    )
    browser.find_element(By.CSS_SELECTOR, "[data-view=sources]").click()
    until(browser, lambda: texts(browser, "#view .bad"))
    same, other = texts(browser, "#view td:nth-child(4)")[:2]
    assert (same.count("HTTP 500"), "the last poll failed" in same) == (1, False)
    assert "the last poll failed: HTTP 404" in other


def test_the_search_stands_in_one_row(browser: Chrome, url: str) -> None:
    """Between a tablet's and a screen's width no button of it falls into a row of its own, and there is room for words."""
    browser.get(url)
    until(browser, lambda: browser.find_element(By.ID, "search").is_displayed())
    script = """const parts = [...document.querySelectorAll("#search > *")].map(part => part.getBoundingClientRect());
        return [new Set(parts.map(part => Math.round(part.bottom))).size, parts[0].width]"""
    for width in range(920, 1401, 40):
        with reading(browser, width):
            rows, room = browser.execute_script(script)
            assert (rows, room > 120) == (1, True), width
