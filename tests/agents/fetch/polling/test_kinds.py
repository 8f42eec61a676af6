"""Sources that are no feeds: a site whose home page names one, and a single page."""

from aiohttp import web

from tests.support.newsstand import NOON, Bench, Newsstand, feed, item

HOUR = 3600.0
LONG = (
    "The council has voted to widen the eastern channel, after months of debate over its cost, and {} begins in spring."
)


def page(*paragraphs: str, links: str = "") -> web.Response:
    """Return a page."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return web.Response(
        text=f"<html><head>{links}<title>A</title></head><body><nav>Home</nav>{text}</body></html>",
        content_type="text/html",
    )


def home(address: str) -> web.Response:
    """Return a home page that names a feed."""
    return page("Welcome", links=f'<link rel="alternate" type="application/rss+xml" href="{address}">')


async def test_a_site_is_polled_at_the_feed_that_its_home_page_names(stand: Newsstand, bench: Bench) -> None:
    """The home page is asked once; the first entries of its feed come marked, later ones are news."""
    stand.pages["/"] = home("/news.rss")
    stand.pages["/news.rss"] = feed(item(1, NOON - HOUR), item(2, NOON - 2 * HOUR))
    await bench.put(url=stand.url("/"), kind="site", body="entry")
    await bench.run(60)
    assert [(raw.title, raw.backfill) for raw in bench.topics.raw] == [("Article 2", True), ("Article 1", True)]
    stand.pages["/news.rss"] = feed(item(3, NOON + HOUR / 2), item(1, NOON - HOUR), item(2, NOON - 2 * HOUR))
    await bench.run(3 * HOUR)
    assert [(raw.title, raw.backfill) for raw in bench.topics.raw[2:]] == [("Article 3", None)]
    assert len(stand.visits("/")) == 1


async def test_a_site_whose_feed_moves_is_found_again(stand: Newsstand, bench: Bench) -> None:
    """Where the feed is gone for several polls, the home page says where it is now."""
    stand.pages["/"] = home("/old.rss")
    stand.pages["/old.rss"] = feed(item(1, NOON - HOUR))
    await bench.put(url=stand.url("/"), kind="site", body="entry")
    await bench.run(60)
    del stand.pages["/old.rss"]
    stand.pages["/"] = home("/new.rss")
    stand.pages["/new.rss"] = feed(item(1, NOON - HOUR), item(2, NOON + HOUR))
    await bench.run(24 * HOUR)
    assert [raw.title for raw in bench.topics.raw] == ["Article 1", "Article 2"]
    assert bench.state().location == stand.url("/new.rss")


async def test_a_site_without_a_feed_fails_and_says_so(stand: Newsstand, bench: Bench) -> None:
    """A home page that names no feed is no source."""
    stand.pages["/"] = page("Welcome")
    await bench.put(url=stand.url("/"), kind="site")
    await bench.run(60)
    assert bench.state().error.startswith("no feed: a page (`wirewatch sources check`")


async def test_an_answer_without_a_feed_is_told_by_what_it_holds(stand: Newsstand, bench: Bench) -> None:
    """An empty one is called so; another has its type."""
    for path, body, said in (
        ("/a", b"", "an empty answer"),
        ("/b", b"\0\1", "of no kind that is read (application/rss+xml)"),
    ):
        stand.pages[path] = web.Response(body=body, headers={"Content-Type": "application/rss+xml"})
        await bench.put(url=stand.url(path))
        await bench.run(60)
        assert bench.state().error.startswith("no feed: ") and bench.state().error.endswith(said), bench.state().error


async def test_a_single_page_is_a_revision_where_its_text_changes(stand: Newsstand, bench: Bench) -> None:
    """A short line that changes is nothing; a new paragraph brings the whole page again, under the same article."""
    stand.pages["/live"] = page(LONG.format("work"), "12 readers")
    await bench.put(url=stand.url("/live"), kind="page")
    await bench.run(2 * HOUR)
    stand.pages["/live"] = page(LONG.format("work"), "15 readers")
    await bench.run(2 * HOUR)
    assert len(bench.topics.raw) == 1
    stand.pages["/live"] = page(LONG.format("work"), LONG.format("dredging"), "15 readers")
    await bench.run(2 * HOUR)
    first, second = bench.topics.raw
    assert (first.url, first.backfill, second.backfill) == (stand.url("/live"), True, None)
    assert "dredging" in second.content
    assert [event.partition(":")[0] for event in bench.topics.ids("news.raw")] == [
        next(iter(bench.topics.ids("news.raw"))).partition(":")[0]
    ] * 2


async def test_robots_decide_for_a_single_page(stand: Newsstand, bench: Bench) -> None:
    """A page is a page, also where it is a source: one that robots.txt forbids is not asked for."""
    stand.pages["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /live")
    stand.pages["/live"] = page(LONG.format("work"))
    await bench.put(url=stand.url("/live"), kind="page")
    await bench.run(HOUR)
    assert stand.visits("/live") == []
    assert "robots.txt" in bench.state().error
