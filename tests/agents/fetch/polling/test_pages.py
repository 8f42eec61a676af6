"""Pages of entries: fetched where the feed has no article, by robots.txt, and settled exactly once."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from aiohttp import web

from agents.fetch.source.rhythm import DAY
from streams.records import Raw, decode, encode
from tests.support.newsstand import NOON, Bench, Newsstand, feed, item

HOUR = 3600.0
PAGE = web.Response(
    text="<html><body><p>" + "The whole article. " * 50 + "</p></body></html>", content_type="text/html"
)
LONG = "A whole article in the feed. " * 80


def link(stand: Newsstand, number: int, host: str = "a.example") -> str:
    """Return the address of a page of the stand."""
    return stand.url(f"/{number}", host)


def items(stand: Newsstand, numbers: Sequence[int], text: str = "") -> web.Response:
    """Return a feed of articles whose pages are at the stand."""
    return feed(*[item(n, NOON + 60 * n, text=text, link=link(stand, n)) for n in numbers])


async def test_page_is_fetched_where_the_feed_has_no_article(stand: Newsstand, bench: Bench) -> None:
    """A teaser leads to its page, a whole article in the feed does not; robots.txt is asked once before."""
    teaser, whole = item(1, NOON, link=link(stand, 1)), item(2, NOON, text=LONG, link=link(stand, 2))
    stand.pages["/feed"] = feed(teaser, whole)
    stand.pages["/1"] = PAGE
    await bench.put()
    await bench.run(120)
    assert [visit.path for visit in stand.log] == ["/feed", "/robots.txt", "/1"]
    assert sorted((raw.url, raw.via) for raw in bench.topics.raw) == [
        (link(stand, 1), "page"),
        (link(stand, 2), "poll"),
    ]
    assert stand.gaps()["a.example"] >= 5.0


async def test_robots_decides_for_pages(stand: Newsstand, bench: Bench) -> None:
    """A page that robots.txt forbids keeps the feed's text, marked; feeds themselves are asked."""
    stand.pages["/robots.txt"] = web.Response(text="\ufeffUser-agent: *\nDisallow: /1\n")
    stand.pages["/feed"] = items(stand, [1, 2])
    stand.pages["/1"] = stand.pages["/2"] = PAGE
    await bench.put()
    await bench.run(120)
    assert not stand.visits("/1")
    assert {raw.url: (raw.via, raw.page_refused) for raw in bench.topics.raw} == {
        link(stand, 1): ("poll", "robots"),
        link(stand, 2): ("page", None),
    }


async def test_crawl_delay_is_kept(stand: Newsstand, bench: Bench) -> None:
    """Where robots.txt asks for 30 s between two requests, there are 30 s, for pages and for feeds."""
    stand.pages["/robots.txt"] = web.Response(text="User-agent: wirewatch\nCrawl-delay: 30\n")
    stand.pages["/feed"] = items(stand, range(1, 6))
    stand.default = lambda request: PAGE
    await bench.put()
    await bench.run(300)
    times = [visit.at for visit in stand.log]
    assert len(times) == 7
    assert min(b - a for a, b in pairwise(times[1:])) >= 30


async def test_server_in_trouble_with_robots_is_waited_for(stand: Newsstand, bench: Bench) -> None:
    """A robots.txt that answers 500 forbids pages for now; when it is back they are fetched."""
    stand.pages["/robots.txt"] = web.Response(status=500)
    stand.pages["/feed"] = items(stand, [1])
    stand.pages["/1"] = PAGE
    await bench.put()
    await bench.run(HOUR / 2)
    assert not stand.visits("/1")
    assert not bench.topics.raw
    stand.pages["/robots.txt"] = web.Response(text="")
    await bench.run(3 * HOUR)
    assert [raw.via for raw in bench.topics.raw] == ["page"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (web.Response(status=404), "gone"),
        (web.Response(status=410), "gone"),
        (web.Response(status=403), "blocked"),
        (web.Response(body=b"%PDF", content_type="application/pdf"), "no_content"),
        (web.Response(text="<html><script>x</script></html>", content_type="text/html"), "no_content"),
        (web.Response(status=302, headers={"Location": "ftp://a.example/"}), "no_content"),
    ],
)
async def test_entry_ends_once_whatever_its_page_answers(
    stand: Newsstand, bench: Bench, answer: web.Response, reason: str
) -> None:
    """With text of its own an entry ends as a raw message that says why; without, as a dead letter."""
    stand.pages["/1"] = stand.pages["/2"] = answer
    with_text = item(1, NOON, link=link(stand, 1))
    without = f"<item><title>Two</title><link>{link(stand, 2)}</link></item>"
    stand.pages["/feed"] = feed(with_text, without)
    await bench.put()
    await bench.run(120)
    assert [(raw.title, raw.page_refused) for raw in bench.topics.raw] == [("Article 1", reason)]
    assert [(dead.url, dead.reason, dead.step) for dead in bench.topics.dead] == [(link(stand, 2), reason, "fetch")]
    assert not bench.store.pages


@pytest.mark.parametrize("robots", ["none", "pages"])
async def test_page_at_a_private_address_is_dead(stand: Newsstand, bench: Bench, robots: str) -> None:
    """A feed cannot have us ask our own network, nor wait a day for a robots.txt there."""
    stand.pages["/feed"] = feed("<item><title>x</title><link>http://10.1.2.3/admin</link></item>")
    await bench.put(robots=robots)
    await bench.run(120)
    assert [dead.reason for dead in bench.topics.dead] == ["private_address"]


@pytest.mark.parametrize("name", ["xn--", "xn--a"])
async def test_a_name_that_no_page_can_have_is_no_error_of_our_own(
    stand: Newsstand, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Punycode that stands for nothing, as an entry's address and as where a feed leads: it is asked for, and not there."""
    stand.pages["/feed"] = feed(f"<item><title>x</title><link>http://{name}/1</link></item>")
    stand.pages["/moved"] = web.Response(status=302, headers={"Location": f"http://{name}/feed"})
    bench = await Bench(stand, max_page_attempts=1).start()
    await bench.put(robots="none")
    await bench.put("b", stand.url("/moved", "b.example"))
    await bench.run(120)
    assert [(dead.url, dead.reason) for dead in bench.topics.dead] == [(f"http://{name}/1", "unreachable")]
    assert bench.state("b").polls == 1 and name in bench.state("b").error
    assert "wirewatch's own" not in caplog.text
    await bench.close()


async def test_an_address_that_no_record_holds_does_not_cost_the_article(stand: Newsstand, bench: Bench) -> None:
    """Characters that turn letters around are escaped as browsers do it; a redirect to an endless address leads nowhere."""
    turned = item(1, NOON, text=LONG, link="http://a.example/\u202eevil&#x90;")
    stand.pages["/feed"] = feed(turned, item(2, NOON, link=link(stand, 2)))
    stand.pages["/2"] = web.Response(status=302, headers={"Location": "/" + "a" * 9000})
    await bench.put()
    await bench.run(120)
    raws = [decode(encode(raw), Raw) for raw in bench.topics.raw]
    assert [(raw.url, raw.page_refused) for raw in raws] == [
        ("http://a.example/%E2%80%AEevil%C2%90", None),
        (link(stand, 2), "no_content"),
    ]


async def test_page_of_a_server_in_trouble_is_tried_for_a_day(stand: Newsstand, bench: Bench) -> None:
    """A 500 is tried again, ever later, and then the entry keeps the feed's text."""
    stand.pages["/feed"] = items(stand, [1])
    stand.pages["/1"] = web.Response(status=500)
    await bench.put()
    await bench.run(2 * DAY)
    assert len(stand.visits("/1")) == bench.settings.max_page_attempts
    assert [raw.page_refused for raw in bench.topics.raw] == ["unreachable"]


async def test_page_that_moved_is_known_by_its_last_address(stand: Newsstand, bench: Bench) -> None:
    """A redirect is followed in a turn of its own, also to another domain, whose robots.txt is asked."""
    stand.pages["/feed"] = items(stand, [1])
    stand.pages["/1"] = web.Response(status=301, headers={"Location": link(stand, 7, "b.example")})
    stand.pages["/7"] = PAGE
    await bench.put()
    await bench.run(180)
    assert [raw.url for raw in bench.topics.raw] == [link(stand, 7, "b.example")]
    assert [(visit.host, visit.path) for visit in stand.log] == [
        ("a.example", "/feed"),
        ("a.example", "/robots.txt"),
        ("a.example", "/1"),
        ("b.example", "/robots.txt"),
        ("b.example", "/7"),
    ]


async def test_pages_do_not_starve_feeds(stand: Newsstand, bench: Bench) -> None:
    """Feeds and pages of one domain take turns: an archive's pages do not keep the other feeds waiting."""
    stand.pages["/feed"] = items(stand, range(1, 31))
    stand.default = lambda request: feed(item(100, text=LONG)) if request.path.startswith("/f") else PAGE
    await bench.put()
    await bench.run(20)
    for number in range(10):
        await bench.put(f"f{number}", stand.url(f"/f{number}"))
    await bench.run(120)
    assert len([visit for visit in stand.log if visit.path.startswith("/f")]) >= 11
    assert stand.gaps()["a.example"] >= 5.0


async def test_every_entry_ends_exactly_once(stand: Newsstand, bench: Bench) -> None:
    """Each request is settled by one raw message or one dead letter."""
    stand.pages["/feed"] = items(stand, range(1, 25))
    for number in range(1, 25):
        stand.pages[f"/{number}"] = (PAGE, web.Response(status=404), web.Response(status=403))[number % 3]
    await bench.put()
    await bench.run(2 * DAY)
    asked = [request.id for request in bench.topics.requests]
    settled = len(bench.topics.raw) + len(bench.topics.dead)
    assert len(asked) == len(set(asked)) == settled == 24
