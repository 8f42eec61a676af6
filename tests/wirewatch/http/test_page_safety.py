"""The page shows what strangers wrote, and nothing of it comes to life; and how little a tab asks for that nobody uses."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from agents.archive.entries import article_entry, event_entry
from agents.archive.sqlite import SqliteStore
from streams.records import Health, NewsTopic, Region, StoryArticle, StoryShare, encode
from tests.support.browser import chromium, serving_pages, until
from tests.support.history import STORY, copy_of, story, tagged
from wirewatch.history.search import features

#: Sets the title of the document, which stands for whatever a script of a stranger would do.
LIVE = "document.title='alive'"
HOSTILE = (
    f'<img src=x onerror="{LIVE}"><script>{LIVE}</script><svg onload="{LIVE}"></svg>'
    f"<iframe srcdoc='<script>parent.{LIVE}</script>'></iframe></h3></article><style>*{{display:none}}</style>"
    "{{constructor.constructor('alert(1)')()}}${document.title='alive'}"
)
#: Overrides the direction of what stands behind it, where nothing shuts it in.
BIDI = "\u202egnp.exe\u2066\u2067"
ADDRESSES = (
    f"javascript:{LIVE}",
    f"data:text/html,<script>{LIVE}</script>",
    f" java\tscript:{LIVE}",
    f"vbscript:{LIVE}",
    f"https:javascript:{LIVE}",
)


def hostile_article(number: int, url: str) -> Any:
    """Return an article every text of which is hostile."""
    region = Region(country="VE", code="VE", level="country", name=HOSTILE, role="about", score=1.0)
    topic = NewsTopic(id="medtop:15000000", label=HOSTILE, level=1, score=1.0, method=HOSTILE)
    made = tagged(number, {"title": f"zygote {HOSTILE}{BIDI}", "text": f"{BIDI} zygote {HOSTILE}"})
    return msgspec.structs.replace(
        made, url=url, authors=[HOSTILE], source=f"{HOSTILE}.example", language=f"en{HOSTILE}", regions=[region],
        topics=[topic],
    )  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A worker over a history of hostile articles, revisions, copies, a story and a source."""
    path: Path = tmp_path_factory.mktemp("hostile") / "archive.db"
    store = SqliteStore(path)
    articles = [hostile_article(number, address) for number, address in enumerate(ADDRESSES)]
    later = msgspec.structs.replace(articles[0], fetch_id="later", revision=1, text=f"zygote anew {HOSTILE} {BIDI}")
    now = datetime.now(UTC)
    share = StoryShare(id=HOSTILE, label=HOSTILE, share=1.0)
    first = articles[0]
    headline = StoryArticle(id=first.id, url=ADDRESSES[0], title=HOSTILE, source=HOSTILE, fetched_at=now)
    told = msgspec.structs.replace(
        story(2), event_id="hostile", title=HOSTILE, lead=HOSTILE, languages=[HOSTILE], first_seen_at=now,
        last_seen_at=now, regions=[share], topics=[share], headlines=[headline], article=headline,
    )  # fmt: skip
    copy = msgspec.structs.replace(copy_of(first), url=ADDRESSES[1], title=HOSTILE, source=HOSTILE)
    change = Health(
        id="x", source=HOSTILE, url=ADDRESSES[0], was="healthy", to="dead", reason=HOSTILE, since=now, processed_at=now
    )
    events = [
        event_entry("story", "hostile", encode(told)),
        event_entry("duplicate", "hostile", encode(copy)),
        event_entry("health", "hostile", encode(change)),
    ]
    store.add([article_entry(encode(article), features) for article in (*articles, later)], events)
    store.close()
    with serving_pages(f"sqlite:{path}") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    """A browser that logs the events of its DevTools."""
    with chromium(performance=True) as opened:
        yield opened


def asked(browser: Chrome) -> set[str]:
    """Return the addresses that the browser has asked for since this was last called."""
    return {
        json.loads(line["message"])["message"]["params"]["request"]["url"]
        for line in browser.get_log("performance")  # type: ignore[no-untyped-call]
        if '"Network.requestWillBeSent"' in line["message"]
    }


def streams(browser: Chrome, url: str) -> bool:
    """Say whether the browser has asked for the stream of alerts since its requests were last looked at."""
    return f"{url}/watches/events" in {address.partition("?")[0] for address in asked(browser)}


def shows(browser: Chrome, selector: str) -> bool:
    """Say whether an element is there."""
    return bool(browser.execute_script("return document.querySelector(arguments[0])", selector))


VIEWS = {
    "search": ("/?query=zygote&map=number", "#articles article"),
    "story": (f"/?story={STORY}", "#story h2"),
    "news": ("/", "#stories a"),
    "sources": ("/?view=sources", "#view td"),
    "a wrong query": (
        "/?query=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D%27alive%27%22%3E",
        "#problem:not([hidden])",
    ),
}


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_of_a_hostile_article_comes_to_life(browser: Chrome, url: str, view: str) -> None:
    """Markup stays text in every view, opened to its last detail; nothing is asked of elsewhere, no address is a script."""
    path, drawn = VIEWS[view]
    browser.get(url + path)
    until(browser, lambda: shows(browser, drawn))
    browser.execute_script("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    if view == "story":
        until(browser, lambda: shows(browser, ".versions ul, .versions .changes"))

    strange = "main img, main iframe, main script, main style, main object, main embed, main form:not(.desk), [onerror], [onload]"
    assert not shows(browser, strange)
    schemes: list[str] = browser.execute_script(
        "return [...document.querySelectorAll('a[href]')].map(link => link.protocol)"
    )
    assert set(schemes) <= {"http:", "https:"}
    assert browser.title != "alive"
    assert browser.find_element(By.TAG_NAME, "header").is_displayed()
    assert {address for address in asked(browser) if not address.startswith((url, "data:image/svg+xml"))} == set()


def test_a_direction_ends_with_its_text(browser: Chrome, url: str) -> None:
    """A text that turns the direction of writing turns nothing beside it: each stands in an element of its own direction."""
    browser.get(f"{url}/?query=zygote")
    until(browser, lambda: shows(browser, "article h3"))
    isolated = browser.execute_script(
        "return [...document.querySelectorAll('article h3, article > p:not(.meta):not(.chips)')]"
        ".every(text => text.dir === 'auto')"
    )
    assert isolated


def test_a_revision_shows_the_words_that_changed(browser: Chrome, url: str) -> None:
    """Word by word: old words are struck out, new ones are marked, the rest stands between them."""
    browser.get(url)
    script = (
        "const done = arguments[0]; import('/versions.js').then(script => done(script.changes("
        "'Two people died in the flood in Chile .', 'Three people have died in the flood .')))"
    )
    changes = browser.execute_async_script(script)
    assert [(sign, word.strip()) for sign, word in changes] == [
        ("-", "Two"), ("+", "Three"), (" ", "people"), ("+", "have"), (" ", "died"), (" ", "in"), (" ", "the"),
        (" ", "flood"), ("-", "in"), ("-", "Chile"), (" ", "."),
    ]  # fmt: skip


def test_a_long_revision_is_compared_within_bounds(browser: Chrome, url: str) -> None:
    """Of what is longer than can be compared all is said to differ, and what is alike around it stays."""
    browser.get(url)
    script = (
        "const done = arguments[0], long = letter => Array.from({ length: 5000 }, (_, n) => letter + n).join(' ');"
        "import('/versions.js').then(script => done(script.changes(`same ${long('a')} end`, `same ${long('b')} end`)))"
    )
    signs = [sign for sign, _ in browser.execute_async_script(script)]
    assert signs == [" ", *["-"] * 5000, *["+"] * 5000, " "]


#: Lets the page look again each 50 ms, where it would after seconds; counts its looks, and the streams that it holds.
HASTE = """
window.looks = window.held = 0;
const every = setInterval, Source = EventSource;
setInterval = look => every(() => { window.looks += 1; look(); }, 50);
EventSource = class extends Source {
  constructor(address) { super(address); window.held += 1; }
  close() { super.close(); window.held -= 1; }
};
"""


def test_a_tab_that_nobody_sees_asks_for_nothing(browser: Chrome, url: str) -> None:
    """Hidden, it ends its event stream, and of all that it does again and again nothing asks; seen again, it opens one."""

    def counted(name: str) -> int:
        found: int = browser.execute_script(f"return window.{name}")
        return found

    asked(browser)  # those of the tests before
    haste = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HASTE})
    browser.get(url)
    until(browser, lambda: streams(browser, url))
    hide = (
        "Object.defineProperty(document, 'hidden', { value: arguments[0], configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    until(browser, lambda: shows(browser, "#articles article"))
    browser.execute_script(hide, True)
    until(browser, lambda: browser.find_element(By.ID, "live").text == "paused")
    assert counted("held") == 0
    asked(browser)  # what it asked for before
    looks = counted("looks")
    until(browser, lambda: counted("looks") >= looks + 30)
    assert asked(browser) == set()

    browser.execute_script(hide, False)
    until(browser, lambda: streams(browser, url))
    assert counted("held") == 1
    browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", haste)


def test_a_tab_opened_behind_another_asks_once_it_is_seen(browser: Chrome, url: str) -> None:
    """It holds no stream until then, and needs no timer to begin."""
    behind = "setInterval = () => 0; Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": behind})
    browser.get(url)
    until(browser, lambda: shows(browser, "#articles article"))
    assert not streams(browser, url)
    browser.execute_script(
        "Object.defineProperty(document, 'hidden', { value: false });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    until(browser, lambda: streams(browser, url))
    browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
