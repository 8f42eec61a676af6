"""Polls against a real server, by a clock that the tests move; the proof is the server's own log."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

from aiohttp import web

from agents.fetch.source.rhythm import DAY
from streams.records import Health
from tests.support.newsstand import NOON, Bench, Newsstand, feed, item
from wirewatch.sources.rows import row_of

HOUR = 3600.0


def archive(number: int, before: float = NOON) -> list[str]:
    """Return items an hour apart, the newest an hour before a time."""
    return [item(n, before - HOUR * (n + 1)) for n in range(number)]


async def test_new_entries_become_raw_messages(stand: Newsstand, bench: Bench) -> None:
    """Entries of the first poll are marked as backfill; later ones are news."""
    stand.pages["/feed"] = feed(item(1, NOON - 3600), item(2, NOON - 1800))
    await bench.put(body="entry")
    await bench.run(60)
    assert [(raw.title, raw.backfill) for raw in bench.topics.raw] == [("Article 1", True), ("Article 2", True)]
    stand.pages["/feed"] = feed(item(1, NOON - 3600), item(2, NOON - 1800), item(3, NOON + 1000))
    await bench.run(2 * HOUR)
    assert [(raw.title, raw.backfill) for raw in bench.topics.raw[2:]] == [("Article 3", None)]


async def test_delay_is_measured_on_news_alone(stand: Newsstand, bench: Bench) -> None:
    """How long an article took to be found says nothing where it was old when the source was put."""
    stand.pages["/feed"] = feed(item(1, NOON - 3600), item(2, NOON - 1800))
    await bench.put(body="entry")
    await bench.run(60)
    stand.pages["/feed"] = feed(item(1, NOON - 3600), item(2, NOON - 1800), item(3, NOON + 1000))
    await bench.run(2 * HOUR)

    [histogram] = bench.metrics.published_to_fetched.collect()
    measured = {sample.name.rpartition("_")[2]: sample.value for sample in histogram.samples}
    assert measured["count"] == 1
    assert 0 < measured["sum"] < HOUR


async def test_a_source_added_long_before_there_were_feeds_is_polled(stand: Newsstand, bench: Bench) -> None:
    """Somebody who wants nothing marked as old writes a year that no article can have."""
    stand.pages["/feed"] = feed(item(1, NOON - 40 * 86_400, text="Text. " * 400))
    await bench.put(added_at=datetime(1900, 1, 1, tzinfo=UTC))
    await bench.run(7200)
    assert [raw.backfill for raw in bench.topics.raw] == [None]
    assert (bench.state().polls, bench.state().health) == (3, "healthy")


async def test_statuses_that_nobody_knows_are_counted_by_their_class(stand: Newsstand, bench: Bench) -> None:
    """A server cannot make a series of the metric of each number that there is; the error has the number."""
    stand.pages["/feed"] = lambda request: web.Response(status=700 + len(stand.log))
    await bench.put()
    await bench.run(3600)
    counted = bench.metrics.requests.labels("poll", "7xx")._value.get()
    assert counted == bench.state().polls > 1
    assert bench.state().error.startswith("HTTP 70")


async def test_a_password_in_an_address_goes_to_its_server_alone(stand: Newsstand, bench: Bench) -> None:
    """It is in no record: not in the address of the feed, of its health, nor of an article that is relative to it."""
    stand.pages["/feed"] = feed(item(1, NOON - HOUR, text="Text. " * 400, link="/1"))
    await bench.put(url=stand.url().replace("http://", "http://desk:geheim@"), body="entry")
    await bench.run(60)
    assert stand.visits()[0].headers["authorization"].startswith("Basic ")
    assert [(raw.feed, raw.url) for raw in bench.topics.raw] == [(stand.url(), stand.url("/1"))]
    assert [record.url for record in bench.topics.records(Health)] == [stand.url()]
    assert row_of(bench.store.sources["a"], bench.state())["url"] == stand.url()


async def test_requests_say_who_we_are_and_nothing_else(stand: Newsstand, bench: Bench) -> None:
    """The user agent has a contact; there is no cookie, even where the server sets one, and no referrer."""
    stand.pages["/feed"] = feed(item(1), headers={"Set-Cookie": "id=7", "ETag": '"1"'})
    await bench.put(body="entry")
    await bench.run(DAY)
    assert len(stand.log) > 2
    for visit in stand.log:
        assert "https://desk.example/bot" in visit.headers["user-agent"]
        assert visit.headers["user-agent"].startswith("wirewatch/")
        assert "cookie" not in visit.headers
        assert "referer" not in visit.headers


async def test_validators_go_back_byte_for_byte(stand: Newsstand, bench: Bench) -> None:
    """Odd validators come back as they were sent, also those of a 304, and a poll without news costs a 304."""
    odd = {"ETag": 'W/"a,b \\x"', "Last-Modified": "Thu, 01 Jan 1970 00:00:00 CEST"}
    stand.pages["/feed"] = feed(*archive(9), headers=odd)
    await bench.put(body="entry")
    await bench.run(30)
    stand.pages["/feed"] = web.Response(status=304, headers={"ETag": '"newer"'})
    await bench.run(3 * HOUR)
    first, second, third = stand.visits()[:3]
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == odd["ETag"]
    assert second.headers["if-modified-since"] == odd["Last-Modified"]
    assert third.headers["if-none-match"] == '"newer"'
    assert bench.state().not_modified >= 2


async def test_new_validators_of_an_equal_body_are_kept(stand: Newsstand, bench: Bench) -> None:
    """A 200 with the same body and another ETag is answered with the other ETag."""
    stand.pages["/feed"] = feed(*archive(9), headers={"ETag": '"one"'})
    await bench.put(body="entry")
    await bench.run(30)
    stand.pages["/feed"] = feed(*archive(9), headers={"ETag": '"two"'})
    await bench.run(3 * HOUR)
    assert stand.visits()[2].headers["if-none-match"] == '"two"'


def show_latest(stand: Newsstand, times: Sequence[float]) -> None:
    """Have the stand show the latest ten of articles that come at some times, without validators."""

    def shown(_: web.Request) -> web.Response:
        past = [item(number, at) for number, at in enumerate(times) if at <= stand.clock.now()]
        return feed(*past[-10:])

    stand.pages["/feed"] = shown


async def test_a_busy_feed_is_polled_before_its_entries_are_gone(stand: Newsstand, bench: Bench) -> None:
    """Without validators it was polled hourly: of ten entries that it shows, one a minute, five in six were lost."""
    show_latest(stand, [NOON + 60 * number for number in range(-10, 240)])
    await bench.put(body="entry")
    await bench.run(4 * HOUR)
    assert bench.state().turned_over == 0
    assert len({raw.title for raw in bench.topics.raw}) > 240


async def test_a_feed_that_forgets_faster_than_it_is_polled_is_noticed(stand: Newsstand, bench: Bench) -> None:
    """One that had an article an hour begins to have one a minute: what was missed is counted, and it is polled again soon."""
    slow = [NOON + HOUR * number for number in range(-10, 10)]
    show_latest(stand, [*slow, *(slow[-1] + 60 * number for number in range(1, 200))])
    await bench.put(body="entry")
    await bench.run(9 * HOUR)
    assert bench.state().turned_over == 0
    before = len(stand.log)
    await bench.run(3 * HOUR)
    polls = [visit.at for visit in stand.log[before:]]
    assert bench.state().turned_over == bench.metrics.turned_over._value.get() == 1
    assert row_of(bench.store.sources["a"], bench.state())["turned_over"] == 1
    assert polls[2] - polls[1] < 400


async def test_a_feed_whose_ids_are_new_each_time_is_not_hurried(stand: Newsstand, bench: Bench) -> None:
    """Its entries are all unknown, and none is newer than those before: nothing was missed."""
    stand.pages["/feed"] = lambda _: feed(
        *(item(n, NOON - HOUR * n, guid=f"{n}-{len(stand.log)}", link=f"/{n}?{len(stand.log)}") for n in range(1, 9))
    )
    await bench.put(body="entry")
    await bench.run(6 * HOUR)
    assert bench.state().turned_over == 0
    assert len(stand.visits()) < 9


async def test_server_that_says_304_for_ever_is_caught_within_a_day(stand: Newsstand, bench: Bench) -> None:
    """A lying 304 is found by the daily poll without conditions, and its validators are not believed any more."""
    items = archive(9)

    def lying(request: web.Request) -> web.Response:
        if "If-None-Match" in request.headers:
            return web.Response(status=304)
        late = [item(100 + n, NOON + HOUR * n) for n in range(int((stand.clock.now() - NOON) // HOUR))]
        return feed(*items, *late, headers={"ETag": '"for ever"'})

    stand.pages["/feed"] = lying
    await bench.put(body="entry")
    await bench.run(28 * HOUR)
    state = bench.state()
    assert state.lies == 1
    assert state.distrust_until > stand.clock.now()
    assert len([raw for raw in bench.topics.raw if not raw.backfill]) > 20
    before = len(stand.log)
    await bench.run(6 * HOUR)
    assert len(stand.log) > before
    assert all("if-none-match" not in visit.headers for visit in stand.log[before:])


async def test_304_to_a_poll_without_conditions_is_a_failure(stand: Newsstand, bench: Bench) -> None:
    """A 304 that nobody asked for is no document."""
    stand.pages["/feed"] = web.Response(status=304)
    await bench.put()
    await bench.run(60)
    assert "no conditions" in bench.state().error


async def test_429_pauses_the_whole_domain(stand: Newsstand, bench: Bench) -> None:
    """Two feeds of a domain are refused; the third, at another host of it, waits as long as the server asks."""
    tired = web.Response(status=429, headers={"Retry-After": "900"})
    for number in range(3):
        stand.pages["/feed", f"{number}.a.example"] = tired
    stand.default = lambda request: tired if stand.clock.now() < NOON + 900 else feed(item(1))
    for number in range(3):
        await bench.put(f"s{number}", stand.url("/feed", f"{number}.a.example"), body="entry")
    await bench.run(899)
    assert len(stand.log) == 1
    await bench.run(300)
    assert [visit.at - NOON >= 900 for visit in stand.log[1:]] == [True] * (len(stand.log) - 1)
    assert len(stand.log) >= 3


async def test_retry_after_as_a_date_is_kept(stand: Newsstand, bench: Bench) -> None:
    """A date is taken against the server's own clock, which is a year behind."""
    behind = NOON - 365 * DAY
    headers = {
        "Date": format_datetime(datetime.fromtimestamp(behind, UTC), usegmt=True),
        "Retry-After": format_datetime(datetime.fromtimestamp(behind + 5400, UTC), usegmt=True),
    }
    stand.pages["/feed"] = web.Response(status=503, headers=headers)
    await bench.put()
    await bench.run(5399)
    assert len(stand.log) == 1
    await bench.run(20)
    assert len(stand.log) == 2


async def test_429_without_retry_after_doubles_the_pause(stand: Newsstand, bench: Bench) -> None:
    """Refused again and again, a domain is asked ever less often."""
    stand.pages["/feed"] = web.Response(status=429)
    await bench.put()
    await bench.run(DAY)
    times = [visit.at for visit in stand.log]
    pauses = [b - a for a, b in pairwise(times)]
    assert pauses[0] >= 60
    assert pauses[-1] > 4 * pauses[0]
    assert len(times) < 30


async def test_one_request_at_a_time_and_a_delay_between_starts(stand: Newsstand, bench: Bench) -> None:
    """Thirty feeds at three hosts of one domain are asked one after the other, 5 s apart."""
    stand.default = lambda request: feed(item(1))
    for number in range(30):
        await bench.put(f"s{number}", stand.url(f"/{number}", f"h{number % 3}.a.example"), body="entry")
    await bench.run(200)
    assert len(stand.log) == 30
    assert stand.gaps()["a.example"] >= 5.0


async def test_slow_server_is_given_time(stand: Newsstand, bench: Bench) -> None:
    """While an answer takes a minute, nothing else is asked of its domain."""

    async def slow(request: web.Request) -> web.Response:
        await stand.clock.sleep(60)
        return feed(item(1))

    stand.pages["/slow"] = slow
    stand.pages["/feed"] = feed(item(1))
    await bench.put("slow", stand.url("/slow"), body="entry")
    await bench.run(20)
    await bench.put("other", stand.url("/feed"), body="entry")
    await bench.run(30)
    assert [visit.path for visit in stand.log] == ["/slow"]
    await bench.run(60)
    assert [visit.path for visit in stand.log] == ["/slow", "/feed"]
    assert stand.log[1].at >= stand.log[0].at + 60


async def test_permanent_redirect_is_believed_after_seven_days(stand: Newsstand, bench: Bench) -> None:
    """The old address is asked for a week; then the new one is, and news.health says so."""
    stand.pages["/feed"] = web.Response(status=301, headers={"Location": "/new"})
    stand.pages["/new"] = feed(*archive(9), headers={"ETag": '"1"'})
    await bench.put(body="entry")
    await bench.run(6.9 * DAY)
    assert bench.state().location == ""
    assert len(stand.visits("/feed")) == len(stand.visits("/new"))
    await bench.run(2 * DAY)
    assert bench.state().location == stand.url("/new")
    assert ("a", "healthy", "moved") in [(source, was, to) for source, was, to in bench.topics.health()] or (
        "a",
        "quiet",
        "moved",
    ) in bench.topics.health()
    asked = len(stand.visits("/feed"))
    await bench.run(2 * DAY)
    assert len(stand.visits("/feed")) == asked
    assert stand.gaps()["a.example"] >= 5.0


async def test_temporary_redirect_is_never_believed(stand: Newsstand, bench: Bench) -> None:
    """A 302 is followed for as long as it is there, beyond the seven days after which a permanent one is believed."""
    stand.pages["/feed"] = web.Response(status=302, headers={"Location": "/new"})
    stand.pages["/new"] = feed(*archive(9))
    await bench.put(body="entry")
    await bench.run(9 * DAY)
    assert bench.state().location == ""
    assert len(stand.visits("/feed")) > 20


async def test_redirect_to_a_domain_that_is_paused_for_long_is_not_waited_for(stand: Newsstand, bench: Bench) -> None:
    """The poll ends within the half minute, and says for how long the domain is left alone."""
    stand.pages["/feed"] = web.Response(status=302, headers={"Location": stand.url("/new", "b.example")})
    bench.agenda.budgets.refused("b.example", "/", 429, 600.0, bench.clock.now())
    await bench.put(body="entry")
    await bench.run(30)
    assert "b.example is not to be asked for another" in bench.state().error
    assert [visit.path for visit in stand.log] == ["/feed"]


async def test_moved_source_that_fails_is_asked_at_its_old_address(stand: Newsstand, bench: Bench) -> None:
    """The old address stays an alias: where the new one has failed three times, it is asked again."""
    stand.pages["/feed"] = web.Response(status=308, headers={"Location": "/new"})
    stand.pages["/new"] = feed(*archive(9))
    await bench.put(body="entry")
    await bench.run(9 * DAY)
    assert bench.state().location
    stand.pages["/feed"] = feed(*archive(9))
    stand.pages["/new"] = web.Response(status=404)
    asked = len(stand.visits("/feed"))
    await bench.run(7 * DAY)
    assert len(stand.visits("/feed")) > asked
    assert bench.state().failures == 0


async def test_redirects_in_a_circle_end(stand: Newsstand, bench: Bench) -> None:
    """A loop costs its hops, each in its turn, and is a failure that says so."""
    stand.pages["/feed"] = web.Response(status=302, headers={"Location": "/b"})
    stand.pages["/b"] = web.Response(status=302, headers={"Location": "/feed"})
    await bench.put()
    await bench.run(60)
    assert len(stand.log) == 2
    assert "circle" in bench.state().error
    assert stand.gaps()["a.example"] >= 5.0


async def test_redirect_to_a_file_is_refused(stand: Newsstand, bench: Bench) -> None:
    """Only the web is read."""
    stand.pages["/feed"] = web.Response(status=302, headers={"Location": "file:///etc/passwd"})
    await bench.put()
    await bench.run(60)
    assert "neither http nor https" in bench.state().error


async def test_gone_ends_it(stand: Newsstand, bench: Bench) -> None:
    """A 410 is believed: nothing is asked any more, and news.health says why."""
    stand.pages["/feed"] = web.Response(status=410)
    await bench.put()
    await bench.run(40 * DAY)
    assert len(stand.log) == 1
    assert bench.topics.health() == [("a", "new", "dead")]


async def test_missing_feed_is_asked_ever_less_often_and_never_dropped(stand: Newsstand, bench: Bench) -> None:
    """A 404 is asked for again: failing, then dead after a month and asked weekly, and well again when it is back."""
    await bench.put(body="entry")
    await bench.run(29 * DAY)
    daily = len(stand.log)
    assert 29 <= daily <= 50
    await bench.run(30 * DAY)
    assert 3 <= len(stand.log) - daily <= 7
    stand.pages["/feed"] = feed(item(1))
    await bench.run(8 * DAY)
    assert [to for _, _, to in bench.topics.health()] == ["failing", "dead", "healthy"]


async def test_blocked_source_is_called_blocked(stand: Newsstand, bench: Bench) -> None:
    """403 again and again has a name of its own, and a challenge for robots is named."""
    stand.pages["/feed"] = web.Response(status=403, headers={"cf-mitigated": "challenge"})
    await bench.put()
    await bench.run(5 * DAY)
    assert bench.state().health == "blocked"
    event = next(record for record in bench.topics.records(Health) if record.to == "blocked")
    assert "challenge" in event.reason
    assert event.evidence.status == 403


async def test_interval_follows_the_rhythm_of_the_source(stand: Newsstand, bench: Bench) -> None:
    """A feed with an article each two hours is polled each hour, give or take the jitter."""
    stand.pages["/feed"] = feed(*[item(n, NOON - 2 * HOUR * n) for n in range(1, 12)], headers={"ETag": '"1"'})
    await bench.put(body="entry")
    await bench.run(8 * HOUR)
    times = [visit.at for visit in stand.log]
    assert all(0.9 * HOUR <= b - a <= 1.1 * HOUR for a, b in pairwise(times[1:]))


async def test_each_article_counts_once_for_the_rhythm(stand: Newsstand, bench: Bench) -> None:
    """By its own time at the first poll, later by that of the poll that finds it; articles that stay are not counted again."""
    stand.pages["/feed"] = feed(*archive(9))
    await bench.put(body="entry")
    await bench.run(2 * HOUR)
    stand.pages["/feed"] = feed(*archive(9), item(20, NOON + HOUR))
    await bench.run(6 * HOUR)

    assert len(stand.log) > 3
    assert sum(bench.state().rhythm.weekdays) == 10


async def test_server_that_asks_for_fewer_polls_gets_them(stand: Newsstand, bench: Bench) -> None:
    """max-age is a wish for patience, and kept."""
    headers = {"Cache-Control": "public, max-age=7200", "ETag": '"1"'}
    stand.pages["/feed"] = feed(*[item(n, NOON - 60 * n) for n in range(1, 12)], headers=headers)
    await bench.put(body="entry")
    await bench.run(DAY)
    times = [visit.at for visit in stand.log]
    assert min(b - a for a, b in pairwise(times)) >= 7200


async def test_removed_and_paused_sources_are_not_asked(stand: Newsstand, bench: Bench) -> None:
    """A source that its owner switches off is left alone, and taken up again when it is switched on."""
    stand.pages["/feed"] = feed(*archive(9))
    await bench.put(body="entry")
    await bench.run(HOUR)
    await bench.put(body="entry", enabled=False)
    asked = len(stand.log)
    await bench.run(DAY)
    assert len(stand.log) == asked
    await bench.put(body="entry")
    await bench.run(2 * HOUR)
    assert len(stand.log) > asked
    assert bench.store.take_source("a", None)
    bench.poller.source_changed("a")
    asked = len(stand.log)
    await bench.run(DAY)
    assert len(stand.log) == asked
    assert "s:a" not in bench.topics.states
