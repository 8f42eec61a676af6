"""Outcomes of cleaning a source's articles, and its health by these."""

from datetime import UTC, datetime

import orjson
from aiohttp import web

from agents.fetch.asking import requests
from agents.fetch.foreign.outcomes import lengths_of
from tests.support.newsstand import NOON, Bench, Newsstand, feed, item

HOUR = 3600.0


def cleaned(*lengths: int, source: str = "a") -> requests.Request:
    """Return how articles were cleaned."""
    return requests.cleaned_request(source, datetime.fromtimestamp(NOON, UTC), list(lengths))


async def test_a_source_whose_articles_lose_their_text_is_reported(stand: Newsstand, bench: Bench) -> None:
    """Thirty good articles, then ten of a tenth: the next poll says so on news.health, and later that it is over."""
    stand.pages["/feed"] = feed(item(1, NOON - HOUR))
    await bench.put(body="entry")
    await bench.run(60)
    bench.poller.said(cleaned(*[4000] * 30))
    await bench.run(2 * HOUR)
    bench.poller.said(cleaned(*[400] * 10))
    await bench.run(2 * HOUR)
    bench.poller.said(cleaned(*[4000] * 10))
    await bench.run(2 * HOUR)
    assert bench.topics.health() == [
        ("a", "new", "healthy"),
        ("a", "healthy", "extraction_drop"),
        ("a", "extraction_drop", "healthy"),
    ]


async def test_a_source_whose_articles_are_refused_is_reported(stand: Newsstand, bench: Bench) -> None:
    """Most of the latest articles are no articles: a wall, or pages that scripts build."""
    stand.pages["/feed"] = feed(item(1, NOON - HOUR))
    await bench.put(body="entry")
    await bench.run(60)
    bench.poller.said(cleaned(*[4000] * 20, *[0] * 10))
    await bench.run(2 * HOUR)
    assert bench.topics.health()[-1] == ("a", "healthy", "extraction_drop")


async def test_a_feed_of_bare_titles_is_reported(stand: Newsstand, bench: Bench) -> None:
    """Entries with neither a text nor an address become no articles, and nobody but the poller hears of them."""
    stand.pages["/feed"] = feed(*(f"<item><title>Ferry {n} sails</title></item>" for n in range(12)))
    await bench.put()
    await bench.run(2 * HOUR)
    assert bench.topics.health()[-1] == ("a", "new", "extraction_drop")


async def test_outcomes_that_come_while_a_source_is_polled_are_not_lost(stand: Newsstand, bench: Bench) -> None:
    """A poll keeps its own state in the end; news of it that came meanwhile is added."""
    stand.pages["/feed"] = feed(item(1, NOON - HOUR))
    await bench.put(body="entry")
    await bench.run(60)

    async def slow(_: web.Request) -> web.Response:
        bench.poller.said(cleaned(*[4000] * 12))
        bench.poller.said(requests.lease_request("a", datetime.fromtimestamp(bench.clock.now(), UTC), HOUR))
        return feed(item(1, NOON - HOUR), item(2, NOON))

    stand.pages["/feed"] = slow
    await bench.run(2 * HOUR)
    assert bench.state().pages > 10
    assert bench.state().lease_until > NOON


def test_only_sources_in_force_and_outcomes_of_cleaning_count() -> None:
    """Others' articles and dead letters of other steps are passed over, and so are bytes that are no record."""
    records = [
        {"source": "a", "text": "four"},
        {"source": "a", "step": "clean", "reason": "not_article"},
        {"source": "a", "step": "tag", "reason": "error"},
        {"source": "b", "text": "four"},
        {"source": None, "step": "clean"},
        {"text": 5},
    ]
    assert lengths_of([*map(orjson.dumps, records), b"{", b"\xff", b'{"x":' + b"[" * 100_000], frozenset({"a"})) == {
        "a": [4, 0]
    }
