"""Which entries are new: by address and guid, edited, repeated, undated; and which are old news."""

from aiohttp import web

from agents.fetch.source.rhythm import DAY
from tests.support.newsstand import NOON, Bench, Newsstand, feed, item

HOUR = 3600.0
TAGS = {"ETag": '"1"'}


async def after(
    bench: Bench, stand: Newsstand, *answers: web.Response, hours: float = 3.0
) -> list[tuple[str | None, bool | None]]:
    """Poll each answer in turn; return the titles of the raw messages behind the first answer's, with their backfill."""
    await bench.put(body="entry")
    first = 0
    for number, answer in enumerate(answers):
        stand.pages["/feed"] = answer
        await bench.run(hours * HOUR)
        first = first or len(bench.topics.raw) if number == 0 else first
    return [(raw.title, raw.backfill) for raw in bench.topics.raw[first:]]


def dated(*numbers: int, at: float = NOON) -> list[str]:
    """Return items, each dated by its number of minutes before a time."""
    return [item(n, at - 60 * n, guid=f"id-{n}") for n in numbers]


async def test_entry_that_moved_is_known_by_its_guid(stand: Newsstand, bench: Bench) -> None:
    """A guid joins: the same id at another address brings nothing new."""
    moved = item(1, NOON - 60, link="http://a.example/moved/1", guid="id-1")
    assert await after(bench, stand, feed(*dated(1, 2, 3)), feed(moved, *dated(2, 3))) == []


async def test_guid_that_changed_splits_nothing(stand: Newsstand, bench: Bench) -> None:
    """The same address under another guid is the same article, also where all guids change at once."""
    other = [item(n, NOON - 60 * n, guid=f"other-{n}") for n in (1, 2, 3)]
    assert await after(bench, stand, feed(*dated(1, 2, 3)), feed(*other)) == []


async def test_guid_that_all_entries_share_identifies_none(stand: Newsstand, bench: Bench) -> None:
    """`N/A` for all: each entry is known by its address."""
    shared = [item(n, NOON - 60 * n, guid="N/A") for n in (1, 2)]
    found = await after(bench, stand, feed(*shared), feed(*shared, item(3, NOON + HOUR, guid="N/A")))
    assert found == [("Article 3", None)]


async def test_entries_of_one_moment_are_all_taken(stand: Newsstand, bench: Bench) -> None:
    """Two articles that share the newest date are two, one of them late in the feed."""
    one, late = item(1, NOON + 60), item(9, NOON + 60)
    assert await after(bench, stand, feed(one), feed(one, late)) == [("Article 9", None)]


async def test_edited_entry_is_a_revision_of_the_same_article(stand: Newsstand, bench: Bench) -> None:
    """Other text at the same address is fetched again, under the same article id."""
    edited = item(1, NOON - 60, text="Another text.", guid="id-1")
    found = await after(bench, stand, feed(*dated(1, 2)), feed(edited, *dated(2)))
    assert [title for title, _ in found] == ["Article 1"]
    ids = [request.id.partition(":")[0] for request in bench.topics.requests if request.title == "Article 1"]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_feed_that_edits_itself_at_each_poll_is_bounded(stand: Newsstand, bench: Bench) -> None:
    """Three edits an entry and a day on average, and no more, whatever a feed does."""

    def restless(request: web.Request) -> web.Response:
        return feed(*[item(n, NOON, text=f"{stand.clock.now()}") for n in range(10)], headers=TAGS)

    stand.pages["/feed"] = restless
    await bench.put(body="entry", min_interval_seconds=300.0, max_interval_seconds=300.0)
    await bench.run(DAY)
    assert len(stand.log) > 200
    assert 10 < len(bench.topics.raw) <= 10 + 2 * 30


async def test_undated_entries_of_the_first_poll_are_old_and_later_ones_new(stand: Newsstand, bench: Bench) -> None:
    """A feed without dates alerts on nothing at first, and on entries that come afterwards."""
    undated = [item(n) for n in range(1, 8)]
    assert await after(bench, stand, feed(*undated), feed(item(9), *undated)) == [("Article 9", None)]
    assert all(raw.backfill for raw in bench.topics.raw[:7])


async def test_feed_that_comes_back_whole_is_no_news(stand: Newsstand, bench: Bench) -> None:
    """An undated document in which nearly everything is new at once is old; one whose dates are new is news."""
    undated = [item(n) for n in range(1, 8)]
    other = [item(n) for n in range(100, 108)]
    assert await after(bench, stand, feed(*undated), feed(*other)) == [(f"Article {n}", True) for n in range(100, 108)]
    fresh = [item(n, stand.clock.now() + HOUR) for n in range(200, 208)]
    stand.pages["/feed"] = feed(*fresh)
    await bench.run(3 * HOUR)
    assert [raw.backfill for raw in bench.topics.raw[-8:]] == [None] * 8


async def test_dated_entries_from_before_the_source_was_added_stay_old(stand: Newsstand, bench: Bench) -> None:
    """An entry that surfaces later and is older than the source is backfill, too."""
    found = await after(bench, stand, feed(*dated(1, 2, 3)), feed(item(50, NOON - 7 * DAY), *dated(1, 2, 3)))
    assert found == [("Article 50", True)]


async def test_first_poll_takes_the_newest_and_counts_the_rest(stand: Newsstand) -> None:
    """Of an archive of 100 the 30 newest come; none of the others ever does."""
    bench = await Bench(stand).start()
    stand.pages["/feed"] = feed(*dated(*range(1, 101)))
    await bench.put(body="entry")
    await bench.run(6 * HOUR)
    assert sorted(raw.title or "" for raw in bench.topics.raw) == sorted(f"Article {n}" for n in range(1, 31))
    await bench.close()


async def test_backfill_can_be_left_out_or_taken_as_news(stand: Newsstand, bench: Bench) -> None:
    """`skip` leaves the archive out, `take` brings it as news."""
    stand.pages["/feed"] = feed(*dated(1, 2, 3))
    await bench.put("skip", body="entry", backfill="skip")
    await bench.run(60)
    assert bench.topics.raw == []
    await bench.put("take", body="entry", backfill="take")
    await bench.run(60)
    assert [raw.backfill for raw in bench.topics.raw] == [None, None, None]


async def test_sitemap_index_reads_its_latest_children(stand: Newsstand, bench: Bench) -> None:
    """Of an index the three children changed last are read, each in a turn of its own; their entries are known then."""
    times = [f"2026-01-0{n}T00:00:00Z" for n in range(1, 6)]
    children = "".join(
        f"<sitemap><loc>{stand.url(f'/{n}.xml')}</loc><lastmod>{t}</lastmod></sitemap>" for n, t in enumerate(times)
    )
    xml = "application/xml"
    stand.pages["/feed"] = web.Response(text=f"<sitemapindex>{children}</sitemapindex>", content_type=xml)
    for number, at in enumerate(times):
        url = f"<url><loc>{stand.url(f'/story/{number}')}</loc><lastmod>{at}</lastmod></url>"
        stand.pages[f"/{number}.xml"] = web.Response(text=f"<urlset>{url}</urlset>", content_type=xml)
    stand.default = lambda request: web.Response(text="<p>" + "A story. " * 99 + "</p>", content_type="text/html")
    await bench.put()
    await bench.run(5 * HOUR)
    assert sorted({visit.path for visit in stand.log if visit.path.endswith(".xml")}) == ["/2.xml", "/3.xml", "/4.xml"]
    assert sorted(raw.url or "" for raw in bench.topics.raw) == [stand.url(f"/story/{n}") for n in (2, 3, 4)]
    assert stand.gaps()["a.example"] >= 5.0
