"""The page as its readers see it: axe-core, contrasts, right to left, another clock, paper, a first visit."""

import re
from calendar import weekday
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from agents.archive.entries import event_entry
from agents.archive.sqlite import SqliteStore
from agents.deliver.digests import html
from streams.records import DigestSection, Health, encode
from tests.support.browser import reading, serving_pages, texts
from tests.support.history import START, STORY, digest, fill

#: Views, each with an expression that is true once it is drawn.
VIEWS = {
    "news": ("/", "document.querySelectorAll('article').length > 5 && document.querySelector('#days svg')"),
    "search with a map": ("/?query=strike*&map=number", "document.querySelector('#world path[class^=shade]')"),
    "unusual": ("/?map=unusual", "document.querySelector('#map-note').textContent"),
    "story": (f"/?story={STORY}", "document.querySelector('#story h2')"),
    "wrong query": ("/?query=oil+price", "!document.querySelector('#problem').hidden"),
    "sources": ("/?view=sources", "document.querySelector('#view td')"),
    "digests": ("/?view=digests", "document.querySelector('#view h2')"),
    "a new watch": ("/?view=watches&watch=new&query=strike*", "document.querySelector('.desk strong')"),
}


#: Colours of text, by their names in page.css.
TEXTS = ("ink", "soft", "accent", "place", "topic", "critical", "warning", "info", "good")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a worker with history."""
    path: Path = tmp_path_factory.mktemp("page") / "archive.db"
    store = SqliteStore(path)
    fill(store)
    change = Health(id="paper:1:failing", source="paper", url="https://news.example.org/feed", was="healthy", to="failing",
                    reason="HTTP 500 for a day", since=START)  # fmt: skip
    store.add([], [event_entry("health", change.id, encode(change))])
    store.close()
    with serving_pages(f"sqlite:{path}") as address:
        yield address


def opened(browser: Chrome, address: str, drawn: str) -> None:
    """Open an address, and wait until it is drawn."""
    browser.get(address)
    WebDriverWait(browser, 60, 0.1).until(lambda _: browser.execute_script(f"return Boolean({drawn})"))


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(browser: Chrome, url: str, view: str) -> None:
    """No finding of axe-core is moderate or worse: contrast, names, roles, order, landmarks; in the dark, contrast."""
    wear(browser, "light")
    opened(browser, url + VIEWS[view][0], VIEWS[view][1])
    light: dict[str, Any] = Axe().run(browser)
    wear(browser, "dark")
    dark: dict[str, Any] = Axe().run(browser, options={"runOnly": ["color-contrast"]})

    assert serious(light) == []
    assert len(light["passes"]) > 10
    assert serious(dark) == []
    assert [each["id"] for each in dark["passes"]] == ["color-contrast"]


def test_axe_finds_nothing_serious_on_a_phone(browser: Chrome, url: str) -> None:
    """With its parts open, where a table is wider than the screen the keyboard scrolls it too."""
    with reading(browser, 390, 844):
        opened(browser, url + VIEWS["sources"][0], VIEWS["sources"][1])
        browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")
        assert serious(Axe().run(browser)) == []
        steps = browser.find_element(By.CSS_SELECTOR, "#running .scroll")
        steps.send_keys("")
        assert browser.switch_to.active_element == steps


def wear(browser: Chrome, theme: str) -> None:
    """Give the page the colours of a theme."""
    scheme = {"name": "prefers-color-scheme", "value": theme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    assert browser.execute_script(f"return matchMedia('(prefers-color-scheme: {theme})').matches")


def serious(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the findings that are moderate or worse, each with its first elements."""
    return [
        (each["id"], [node["html"][:150] for node in each["nodes"][:3]])
        for each in found["violations"]
        if each["impact"] in ("moderate", "serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_mail_of_a_digest_is_read_in_light_and_in_the_dark(browser: Chrome, url: str, theme: str) -> None:
    """It has the ground of the theme, and each text contrasts with it."""
    wear(browser, theme)
    opened(browser, f"{url}/api/v1/digests/daily.html", "document.querySelector('h1')")
    found: dict[str, Any] = Axe().run(browser, options={"runOnly": ["color-contrast"]})
    assert serious(found) == []
    assert [each["id"] for each in found["passes"]] == ["color-contrast"]
    ground = browser.execute_script("return getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(31, 34, 38)"}[theme]
    with reading(browser, media="print"):
        rows = "return [...document.querySelectorAll('td.text')].map(row => getComputedStyle(row).breakInside)"
        assert set(browser.execute_script(rows)) == {"avoid"}


def test_the_mail_of_a_digest_fits_a_phone(browser: Chrome, tmp_path: Path) -> None:
    """A word without a break, as a title or a sentence may have one, makes it no wider."""
    story = msgspec.structs.replace(digest(0).sections[0].stories[0], title="w" * 300, sentence="w" * 300)
    long = msgspec.structs.replace(digest(0), title="w" * 300, sections=[DigestSection(name="new", stories=[story])])
    mail = tmp_path / "mail.html"
    mail.write_text(html(long), encoding="utf-8")
    with reading(browser, 320, 844):
        browser.get(mail.as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", [1, 2], ids=["light", "dark"])
def test_colours_are_told_apart(scheme: int) -> None:
    """Each colour of text has a contrast of 4.5 to 1 with its background (WCAG 2, level AA)."""
    style = files("wirewatch.http").joinpath("page", "page.css").read_text(encoding="utf-8").split(":root {")[scheme]
    colours = dict(re.findall(r"--([\w-]+): (#\w+)", style.split("}")[0]))
    pairs = [(text, ground) for text in TEXTS for ground in ("ground", "card")]
    pairs += [(tone, f"{tone}-ground") for tone in ("critical", "warning", "info")] + [("mark-ink", "mark")]

    low = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]

    assert low == []


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rgb` or `#rrggbb`."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_queries_and_times_keep_their_order_in_a_page_from_right_to_left(browser: Chrome, url: str) -> None:
    """The order of a query's parts is its meaning: `(a*) NEAR/20 b` is never shown as `b (a*) NEAR/20`."""
    opened(browser, url, VIEWS["news"][1])
    script = """
        document.documentElement.dir = "rtl";
        const shown = document.createElement("p");
        shown.className = "query";
        shown.textContent = "(sanction* OR embargo*) NEAR/20 oil";
        document.querySelector("main").prepend(shown);
        const place = index => {
            const range = document.createRange();
            range.setStart(shown.firstChild, index);
            range.setEnd(shown.firstChild, index + 1);
            return range.getBoundingClientRect().left;
        };
        return [place(0), place(10), place(24), place(34),
            ...[...document.querySelectorAll("time")].map(time => getComputedStyle(time).direction)];
    """
    *places, direction = browser.execute_script(script)[:5]
    assert places == sorted(places)
    assert direction == "ltr"


def test_nothing_stands_below_the_page(browser: Chrome, url: str) -> None:
    """No hidden text makes the page longer than its visible part."""
    opened(browser, f"{url}/?query=xyzzyplugh", "document.querySelector('#count').textContent === '0 found'")
    script = "return [document.documentElement.scrollHeight, document.body.getBoundingClientRect().bottom]"
    height, bottom = browser.execute_script(script)
    assert height <= max(bottom, 900) + 1


def test_times_are_by_the_readers_clock(browser: Chrome, url: str) -> None:
    """A reader in Tokyo sees 20 November, 09:01 where UTC has a minute past midnight, and UTC where the pointer rests."""
    with reading(browser, zone="Asia/Tokyo"):
        opened(
            browser, f"{url}/?since=2026-11-20T00:01Z&until=2026-11-20T00:02Z", "document.querySelector('article time')"
        )
        time = browser.find_element(By.CSS_SELECTOR, "article time")
        assert re.search(r"20 Nov( 2026)?, 09:01$", time.text)
        assert time.get_attribute("title") == "2026-11-20 00:01 UTC"
        assert time.get_attribute("datetime") == "2026-11-20T00:01:00Z"


def test_a_day_of_another_year_has_its_year(browser: Chrome, url: str) -> None:
    """What is years old is neither of today, though it has the day and the weekday, nor thousands of days ago."""
    opened(browser, url, VIEWS["news"][1])
    today = datetime.now().astimezone()
    years = (today.year - back for back in range(5, 30))
    same = next(year for year in years if weekday(year, today.month, min(today.day, 28)) == today.weekday())
    old = today.replace(year=same, day=min(today.day, 28))

    day, age = browser.execute_async_script(
        "import('/times.js').then(page => arguments[1]([page.dayOf(arguments[0]), page.ago(arguments[0])]))",
        old.isoformat(),
    )

    assert day == age
    assert day.endswith(f" {same}")


def test_the_name_of_a_mute_button_begins_with_its_text(browser: Chrome, url: str) -> None:
    """Who speaks to a browser says the words on the button."""
    opened(browser, url, VIEWS["news"][1])
    text, name = browser.execute_async_script(
        "import('/mutes.js').then(page => {"
        " const button = page.muteButton('ports');"
        " arguments[0]([button.textContent, button.getAttribute('aria-label')]) })"
    )
    assert name.startswith(f"{text}: ")
    assert "ports" in name


def test_an_article_is_called_by_its_title(browser: Chrome, url: str) -> None:
    """The keys j and k, and a screen reader's own, go from article to article: each says its title, and not "article"."""
    opened(browser, url, VIEWS["news"][1])
    browser.find_element(By.TAG_NAME, "body").send_keys("jj")
    reached = browser.switch_to.active_element
    assert reached.tag_name == "article"
    assert reached.accessible_name == texts(browser, "#articles h3:not(.group)")[1]


def test_a_line_of_growth_is_not_read_out_zero_by_zero(browser: Chrome, url: str) -> None:
    """Nobody listens to forty noughts: how many times there were none is said once."""
    opened(browser, url, VIEWS["news"][1])
    said = browser.execute_async_script(
        "import('/stories.js').then(page => arguments[0]([[0, 0, 0, 10, 0, 2, 0, 0], [0], [100, 0]].map(page.spoken)))"
    )
    assert said == ["3 times none, 10, 0, 2, 2 times none", "0", "100, 0"]


def test_a_readers_larger_letters_are_larger_everywhere(browser: Chrome, url: str) -> None:
    """Who has set the browser's letters to twice their size reads all of the page so."""
    opened(browser, url, VIEWS["news"][1])
    sizes = """document.documentElement.style.fontSize = arguments[0];
        return ["body", "article h3", "article p:not(.meta)", ".meta", "#query", "#search button"]
            .map(part => parseFloat(getComputedStyle(document.querySelector(part)).fontSize))"""
    once, twice = (browser.execute_script(sizes, size) for size in ("16px", "32px"))
    assert twice == [2 * size for size in once]


def test_news_is_printed_without_its_controls(browser: Chrome, url: str) -> None:
    """On paper there are no forms, buttons and counts; a search has its query there, and a moment its date."""
    opened(browser, url, VIEWS["news"][1])
    with reading(browser, media="print"):
        shown = [
            browser.find_element(By.CSS_SELECTOR, part).is_displayed() for part in ("article", "#search", "#views")
        ]
        assert shown == [True, False, False]
        opened(
            browser, f"{url}/?query=strike*&since=30d", "document.querySelector('#count').textContent.includes('found')"
        )
        head = "return getComputedStyle(document.querySelector('#articles-title'), '::after').content"
        assert browser.execute_script(head) == '": strike*, 30 days"'
        opened(browser, f"{url}/?story={STORY}", "document.querySelector('#story time.ago')")
        moment = "getComputedStyle(document.querySelector('#story time.ago'), '::after').content"
        assert " UTC)" in browser.execute_script(f"return {moment}")


def test_a_first_visit_says_what_to_do(browser: Chrome, tmp_path: Path) -> None:
    """Where nothing is kept yet the page names the commands that bring news in."""
    SqliteStore(tmp_path / "archive.db").close()
    with serving_pages(f"sqlite:{tmp_path / 'archive.db'}") as empty:
        opened(browser, empty, "!document.querySelector('#welcome').hidden")
        assert "wirewatch sources add" in browser.find_element(By.ID, "welcome").text


@pytest.mark.parametrize("path", ["/", f"/?story={STORY}", "/?view=watches&watch=new", "/?view=sources&map=number"])
def test_nothing_is_wider_than_a_phone_from_right_to_left(browser: Chrome, url: str, path: str) -> None:
    """At 320 pixels (or 1280 at 400 %), in either direction, nothing scrolls sideways."""
    with reading(browser, 320, 844):
        opened(browser, url + path, "document.querySelector('article, #view h2')")
        for direction in ("ltr", "rtl"):
            browser.execute_script("document.documentElement.dir = arguments[0]", direction)
            assert browser.execute_script("return document.documentElement.scrollWidth") <= 320
