"""A worker that dies at any moment: nothing lost, the same ids, and the domains' budgets kept by the next one."""

from collections import Counter
from contextlib import suppress

import pytest
from aiohttp import web

from streams.errors import BrokerError
from streams.topics import FETCHES, RAW
from tests.support.newsstand import NOON, Bench, Newsstand, Topics, feed, item, owner_of

HOUR = 3600.0
PAGE = web.Response(text=f"<html><body><p>{'The whole article. ' * 50}</p></body></html>", content_type="text/html")


class Died(BaseException):
    """The worker was killed here."""


def dying(number: int) -> Topics:
    """Return topics on which no publication from this number on succeeds: the worker was killed before it."""

    def before(publication: int) -> None:
        if publication >= number:
            raise Died

    return Topics(before=before)


async def until_dead(bench: Bench, seconds: float) -> None:
    """Run until the worker has died; its memory goes with it."""
    with suppress(Died):
        await bench.run(seconds)
    await bench.client.close()
    bench.topics.before = lambda number: None


@pytest.mark.parametrize("number", range(1, 14))
async def test_nothing_is_lost_or_doubled_whenever_a_worker_dies(stand: Newsstand, number: int) -> None:
    """Killed before any of its publications, a worker leaves entries that the next one ends under the same ids."""
    links = [stand.url(f"/{n}") for n in range(1, 4)]
    stand.pages["/feed"] = feed(*[item(n, NOON - 60 * n, link=links[n - 1]) for n in range(1, 4)])
    stand.default = lambda request: PAGE if request.path.strip("/").isdigit() else web.Response(status=404)
    topics = dying(number)
    first = await Bench(stand, topics).start()
    await first.put()
    await until_dead(first, 60)
    second = await Bench(stand, topics).start()
    await second.put(added_at=first.store.sources["a"].added_at)
    await second.run(2 * HOUR)
    await second.close()
    raw = topics.ids(RAW.name)
    assert len(raw) == 3, f"{raw} after a death at publication {number}"
    assert {record.url for record in topics.raw} == set(links)
    assert len(topics.ids(FETCHES.name)) == 3
    assert len({record.fetched_at for record in topics.raw}) == 1
    assert all(record.backfill for record in topics.raw)
    assert not second.store.pages
    assert stand.gaps()["a.example"] >= 5.0


async def test_next_owner_waits_a_delay_and_keeps_the_pause(stand: Newsstand) -> None:
    """A domain that asked for an hour is left alone for it by whoever has it next; others wait one delay."""
    stand.pages["/feed"] = web.Response(status=429, headers={"Retry-After": "3600"})
    stand.pages["b.example", "/feed"] = feed(item(1))
    topics = Topics()
    first = await Bench(stand, topics).start()
    await first.put("a")
    await first.put("b", stand.url("/feed", "b.example"), body="entry", min_interval_seconds=6.0)
    await first.run(60)
    asked = stand.visits(host="b.example")[-1].at
    await first.close()
    second = await Bench(stand, topics).start()
    await second.put("a")
    await second.put("b", stand.url("/feed", "b.example"), body="entry", min_interval_seconds=6.0)
    await second.run(2 * HOUR)
    assert [visit.at - NOON >= 3600 for visit in stand.visits(host="a.example")[1:2]] == [True]
    assert next(visit.at for visit in stand.visits(host="b.example") if visit.at > asked) >= asked + 5.0
    await second.close()


async def test_partitions_change_hands_without_a_request_too_early(stand: Newsstand) -> None:
    """Two workers exchange their partitions again and again; no domain is asked twice within its delay."""
    hosts = [f"{name}.example" for name in "abcdefgh"]
    stand.default = lambda request: feed(item(1))
    topics = Topics()
    for turn in range(6):
        workers = []
        for half in (0, 1):
            mine = [p for p in range(4) if p % 2 == (half + turn) % 2]
            bench = await Bench(stand, topics).start(*mine)
            for host in hosts:
                name, often = host.replace(".", "-"), {"min_interval_seconds": 7.0, "max_interval_seconds": 7.0}
                await bench.put(name, stand.url("/feed", host), body="entry", **often)
            await bench.run(10)
            workers.append(bench)
        for bench in workers:
            await bench.close()
    assert len(stand.log) > 20
    assert min(stand.gaps().values()) >= 5.0
    assert {owner_of(f"http://{host}/") for host in hosts} == {0, 1, 2, 3}


async def test_kafka_that_is_away_is_waited_for(stand: Newsstand) -> None:
    """Where Kafka takes nothing, a poll is made again later, and its entries come then."""
    stand.pages["/feed"] = feed(item(1, NOON - 60))

    def away(number: int) -> None:
        if number < 4:
            raise BrokerError("Kafka is away")

    topics = Topics(before=away)
    bench = await Bench(stand, topics).start()
    await bench.put(body="entry")
    await bench.run(120)
    assert len(topics.raw) == 1
    await bench.close()


async def test_a_new_owner_counts_its_sources_by_their_state(stand: Newsstand) -> None:
    """Those that fail come first where a page shows some of many, before they are polled again, too."""
    topics = Topics()
    stand.pages["/feed"] = feed(item(1, NOON - 3600))
    first = await Bench(stand, topics).start()
    await first.put("good", body="entry")
    await first.put("gone", stand.url("/gone"), body="entry")
    await first.run(HOUR)
    await first.close()

    second = Bench(stand, topics)
    second.store.sources |= first.store.sources
    await second.start()
    assert +Counter(second.poller.counts) == {"healthy": 1, "failing": 1}
    assert second.poller.shown(1) == ["gone"]
    await second.close()
