"""The page over a history in which a search for `zygote` finds two articles, one of them hostile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import msgspec
from selenium.webdriver import Chrome

from agents.archive.entries import article_entry, event_entry
from agents.archive.sqlite import SqliteStore
from streams.records import StoryShare, Trend, TrendKey, encode
from tests.support.browser import texts, until
from tests.support.history import fill, story, tagged
from wirewatch.history.search import features

HOSTILE = '😀 zygote <img src=x onerror="document.title=1"><script>document.title=2</script>'
NOWHERE = "http://127.0.0.1:9/chile"
FACTS = {
    "title": HOSTILE, "text": "A zygote, 😀 and a zygote.", "regions": ["VE"], "topics": ["medtop:15000000"],
}  # fmt: skip


def fill_page(path: Path) -> None:
    """Write a history: articles of the watches' cases, a hostile one, one from Chile with its word, and a story of today."""
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
    denial = msgspec.structs.replace(newest, id="denial", title="Chile denies it", url=NOWHERE)
    running = msgspec.structs.replace(running, newest=newest, latest=denial, headlines=[newest, denial, other])
    german = msgspec.structs.replace(
        running, id=f"de-{5_002:032x}", event_id="german", languages=["de"], title="Zygote in Chile, auf Deutsch", articles=2,
        related=[running.id], article=None,
    )  # fmt: skip
    running = msgspec.structs.replace(running, related=[german.id])
    entries = [article_entry(encode(article), features) for article in (hostile, chile)]
    merged = msgspec.structs.replace(
        running, id="en-gone", event_id="gone", event="merged", merged_into=running.id, article=None
    )
    events = [event_entry("story", each.event_id, encode(each)) for each in (running, german)]
    events += [event_entry("story", "gone", encode(merged))]
    events += [event_entry("trend", each.id, encode(each)) for each in trends(now)]
    store.add(entries, events)
    store.close()


def trends(now: datetime) -> list[Trend]:
    """Return the trends of a day: a term in two forms, a country in articles without a topic, one with it, one that is over."""
    term, form, country, both, over = (
        TrendKey(term="ζυγωτό"),
        TrendKey(term="zygote"),
        TrendKey(country="GE", topic=""),
        TrendKey(country="VE", topic="medtop:15000000"),
        TrendKey(country="PE", topic="medtop:09000000"),
    )
    found = [
        (form, "Zygote", 3, 9.0),
        (term, "Ζυγωτό", 1, 12.5),
        (country, "Georgia", 2, 8.0),
        (both, "Venezuela: sport", 2, 20.0),
        (over, "Peru: labour", 1, 1.5),
    ]
    return [
        Trend(
            id=f"{label}:{ago}",
            key=key,
            label=label,
            at=now - timedelta(hours=ago),
            window_hours=3.5,
            count=40 - ago,
            sources=12,
            expected=2.1,
            score=score,
            baseline=300.0,
            sensitivity="quiet",
            state="over" if key is over else "begun",
            begun_at=now - timedelta(hours=ago + 5 * (key is over)),
            peak_count=61,
            peak_score=31.5 if key is over else score,
            forms=[name for name in ("ζυγωτό", "zygote") if key.term not in (None, name)],
        )
        for key, label, ago, score in found
    ]


def count(browser: Chrome) -> str:
    """Return the page's line on how many articles it found."""
    return texts(browser, "#count")[0]


def open_search(browser: Chrome, url: str, query: str, found: int) -> None:
    """Open the address of a search, and wait for its count."""
    browser.get(f"{url}/?query={quote(query)}")
    until(browser, lambda: count(browser) == f"{found} found")
