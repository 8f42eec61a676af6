"""WebSub against a hub of the test's own: found, asked, renewed, believed only as far as it proves itself."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from agents.fetch.asking import requests
from agents.fetch.settings import WebSubSettings
from agents.fetch.source import websub
from agents.fetch.source.rhythm import DAY
from tests.support.newsstand import NOON, Bench, Newsstand, item, rss

KEY = "a key of some length"
ON = WebSubSettings(public_url="https://desk.example", key=KEY, lease_seconds=3 * DAY)
HOUR = 3600.0


class Hub:
    """A hub that takes every subscription, and keeps its forms."""

    def __init__(self, stand: Newsstand, status: int = 202) -> None:
        self.forms: list[dict[str, Any]] = []
        self.status = status
        stand.pages["/hub"] = self.ask
        self.url = stand.url("/hub", "hub.example")

    async def ask(self, request: web.Request) -> web.Response:
        """Take a form."""
        self.forms.append(dict(await request.post()))
        return web.Response(status=self.status)


def document(stand: Newsstand, hub: str, *items: str) -> bytes:
    """Return a feed that names a hub."""
    links = f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{stand.url()}"/>'
    return rss([links, *items]).replace(b"<rss ", b'<rss xmlns:atom="http://www.w3.org/2005/Atom" ')


def hourly(*numbers: int) -> list[str]:
    """Return articles an hour apart, up to noon."""
    return [item(n, NOON - HOUR * n, text="Text. " * 400) for n in numbers]


def told(source: str, at: float, body: bytes) -> requests.Request:
    """Return a document as a hub's call brings it."""
    return requests.pushed_request(source, datetime.fromtimestamp(at, UTC), body, "application/rss+xml", "1")


async def test_the_hub_of_a_feed_is_asked_once(stand: Newsstand) -> None:
    """The form names our address for this topic and a secret; a hub that never calls back is asked again hours later."""
    hub = Hub(stand)
    stand.pages["/feed"] = web.Response(body=document(stand, hub.url, *hourly(1, 2, 3, 4, 5)))
    bench = await Bench(stand, websub=ON).start()
    await bench.put(body="entry")
    await bench.run(3 * HOUR)
    [form] = hub.forms
    await bench.run(5 * HOUR)
    await bench.close()
    topic = websub.topic_of(stand.url())
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == stand.url()
    assert form["hub.callback"] == websub.callback_of("https://desk.example", KEY, "a.example", "a", stand.url())
    assert form["hub.secret"] == websub.secret_of(KEY, "a", topic)
    assert form["hub.lease_seconds"] == str(int(3 * DAY))
    assert hub.forms[1:] == [form]


async def test_a_hub_in_the_headers_counts(stand: Newsstand) -> None:
    """`Link: <…>; rel="hub"` is as good as a link in the document."""
    hub = Hub(stand)
    links = f'<{hub.url}>; rel="hub", <{stand.url("/other")}>; rel="self"'
    stand.pages["/feed"] = web.Response(body=rss(hourly(1, 2, 3)), headers={"Link": links})
    bench = await Bench(stand, websub=ON).start()
    await bench.put(body="entry")
    await bench.run(HOUR)
    await bench.close()
    assert [form["hub.topic"] for form in hub.forms] == [stand.url("/other")]


async def test_without_an_address_of_our_own_no_hub_is_asked(stand: Newsstand, bench: Bench) -> None:
    """WebSub is off until its settings say where hubs may call."""
    hub = Hub(stand)
    stand.pages["/feed"] = web.Response(body=document(stand, hub.url, *hourly(1, 2, 3)))
    await bench.put(body="entry")
    await bench.run(DAY)
    assert hub.forms == []


async def test_what_a_hub_sends_is_news_and_is_not_news_again_in_the_next_poll(stand: Newsstand) -> None:
    """A document of the hub brings its new entry at once, marked with its way; the poll after it brings none."""
    hub = Hub(stand)
    stand.pages["/feed"] = web.Response(body=document(stand, hub.url, *hourly(1, 2, 3, 4, 5)))
    bench = await Bench(stand, websub=ON).start()
    await bench.put(body="entry")
    await bench.run(60)
    bench.poller.said(requests.lease_request("a", datetime.fromtimestamp(bench.clock.now(), UTC), 3 * DAY))
    fresh = item(9, bench.clock.now(), text="Fresh. " * 400)
    bench.topics.published.clear()
    bench.poller.said(told("a", bench.clock.now(), document(stand, hub.url, fresh)))
    await bench.run(1)
    stand.pages["/feed"] = web.Response(body=document(stand, hub.url, fresh, *hourly(1, 2, 3, 4, 5)))
    await bench.run(6 * HOUR)
    await bench.close()
    assert [(raw.title, raw.via, raw.backfill) for raw in bench.topics.raw] == [("Article 9", "websub", None)]


async def test_a_source_with_a_working_hub_is_polled_less_often_and_its_lease_renewed(stand: Newsstand) -> None:
    """Polls go on at a quarter of their pace; before the lease is over the hub is asked again, with the same secret."""
    hub = Hub(stand)
    stand.pages["/feed"] = web.Response(body=document(stand, hub.url, *hourly(1, 2, 3, 4, 5)), headers={"ETag": '"1"'})
    bench = await Bench(stand, websub=ON).start()
    await bench.put(body="entry")
    await bench.run(60)
    usual = bench.state().next_at - bench.state().last_poll_at
    bench.poller.said(requests.lease_request("a", datetime.fromtimestamp(bench.clock.now(), UTC), DAY))
    bench.poller.said(
        told("a", bench.clock.now(), document(stand, hub.url, item(9, bench.clock.now(), text="Fresh. " * 400)))
    )
    await bench.run(2 * usual)
    assert bench.state().next_at - bench.state().last_poll_at > 3 * usual
    await bench.run(DAY)
    await bench.close()
    assert len(hub.forms) == 2
    assert hub.forms[0]["hub.secret"] == hub.forms[1]["hub.secret"]
    assert hub.forms[0]["hub.callback"] == hub.forms[1]["hub.callback"]


async def test_a_hub_that_polls_outrun_is_not_waited_for(stand: Newsstand) -> None:
    """Where polls find the news although a lease runs, the pace is the usual one."""
    hub = Hub(stand)
    stand.pages["/feed"] = web.Response(body=document(stand, hub.url, *hourly(1, 2, 3, 4, 5)))
    bench = await Bench(stand, websub=ON).start()
    await bench.put(body="entry")
    await bench.run(60)
    bench.poller.said(requests.lease_request("a", datetime.fromtimestamp(bench.clock.now(), UTC), 3 * DAY))
    stand.pages["/feed"] = web.Response(
        body=document(stand, hub.url, item(8, NOON + 1, text="More. " * 400), *hourly(1, 2, 3, 4, 5))
    )
    await bench.run(2 * HOUR)
    await bench.close()
    assert not websub.works(bench.state(), bench.clock.now())
    assert bench.topics.raw[-1].via == "poll"


async def test_a_hub_that_refuses_harms_nothing(stand: Newsstand) -> None:
    """The source is polled as usual, and the hub asked again much later."""
    hub = Hub(stand, status=403)
    stand.pages["/feed"] = web.Response(body=document(stand, hub.url, *hourly(1, 2, 3)))
    bench = await Bench(stand, websub=ON).start()
    await bench.put(body="entry")
    await bench.run(4 * HOUR)
    await bench.close()
    assert len(hub.forms) == 1
    assert bench.state().failures == 0
    assert len(stand.visits("/feed")) > 2


@given(st.binary(max_size=200), st.sampled_from(websub.ALGORITHMS), st.text(min_size=1, max_size=20))
def test_a_signature_holds_for_its_body_only(body: bytes, algorithm: str, secret: str) -> None:
    """The right secret and body are accepted in each algorithm; another body, secret or algorithm is not."""
    import hmac  # noqa: PLC0415 - what a hub does

    made = hmac.new(secret.encode(), body, algorithm).hexdigest()
    assert websub.signed(secret, body, f"{algorithm}={made}")
    assert not websub.signed(secret, body + b"x", f"{algorithm}={made}")
    assert not websub.signed(secret + "x", body, f"{algorithm}={made}")
    assert not websub.signed(secret, body, f"md5={made}")
    assert not websub.signed(secret, body, made)


@given(st.text(max_size=30))
def test_a_lease_is_bounded(text: str) -> None:
    """Whatever a hub writes, its lease lies between an hour and two weeks."""
    assert websub.LEAST_LEASE_SECONDS <= websub.lease_of(text) <= websub.MOST_LEASE_SECONDS
