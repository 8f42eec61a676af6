"""Two workers and a redirect from a domain of the one to a domain of the other: its budget is kept where it is."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from agents.fetch.asking.domains import partition_of
from streams.topics import FETCHES
from tests.support.newsstand import NOON, Bench, Newsstand, Topics, feed, item, owner_of

HOUR = 3600.0
#: A domain of each half of the partitions.
OURS = next(f"{letter}.example" for letter in "abcdefgh" if owner_of(f"http://{letter}.example/") < 2)
THEIRS = next(f"{letter}.example" for letter in "abcdefgh" if owner_of(f"http://{letter}.example/") >= 2)


@dataclass
class Shared(Topics):
    """One Kafka for two workers: a request goes to the one that has its partition."""

    workers: dict[int, Topics] = field(default_factory=dict)

    async def publish(self, changes: Any, outputs: Any) -> None:
        """Write changes, then outputs."""
        for output, _ in outputs:
            if output.topic is FETCHES:
                self.workers[partition_of(output.key, 4)]._take(output.record)
            else:
                self.published.append((output.topic.name, output.event_id, output.record))


async def workers(stand: Newsstand, **settings: Any) -> tuple[Bench, Bench]:
    """Return two workers with two partitions each."""
    first, second = Shared(), Shared()
    first.workers = second.workers = {0: first, 1: first, 2: second, 3: second}
    ours, theirs = Bench(stand, first, **settings), Bench(stand, second, **settings)
    return await ours.start(0, 1), await theirs.start(2, 3)


async def run(ours: Bench, theirs: Bench, seconds: float) -> None:
    """Move the clock on for both."""
    clock, both = ours.clock, (ours, theirs)
    end = clock.now() + seconds
    while True:
        for bench in both:
            await bench.poller.turn()
        await quiet(both)
        due = [at for at in (*(bench.agenda.next_at() for bench in both), clock.next_at()) if at is not None]
        if not due or min(due) > end:
            break
        clock.set(max(min(due), clock.now() + 0.001))
    clock.set(end)


async def quiet(both: tuple[Bench, Bench]) -> None:
    """Wait until nothing happens without the clock."""
    import asyncio  # noqa: PLC0415 - here only

    while sum(bench.poller.underway for bench in both) > both[0].clock.sleeping:
        await asyncio.sleep(0.0005)
    await asyncio.sleep(0)


async def put(both: tuple[Bench, Bench], name: str, url: str) -> None:
    """Put a source into force for both workers, as a topic does that both read."""
    for bench in both:
        await bench.put(name, url, body="entry", min_interval_seconds=20.0, max_interval_seconds=20.0)


async def close(both: tuple[Bench, Bench]) -> None:
    """End both."""
    for bench in both:
        await bench.close()


def titles(both: tuple[Bench, Bench]) -> list[str]:
    """Return the titles of all raw messages."""
    return sorted(raw.title or "" for bench in both for raw in bench.topics.raw)


async def test_a_redirect_is_asked_in_the_turn_of_the_worker_that_has_its_domain(stand: Newsstand) -> None:
    """A feed here leads to a domain there, which has feeds of its own: its delay holds at the server, and articles come."""
    both = await workers(stand)
    target = stand.url("/moved", THEIRS)
    stand.pages[(OURS, "/feed")] = web.Response(status=302, headers={"Location": target})
    stand.pages[(THEIRS, "/moved")] = feed(item(1, NOON - HOUR))
    stand.pages[(THEIRS, "/feed")] = feed(item(2, NOON - HOUR))
    await put(both, "here", stand.url("/feed", OURS))
    await put(both, "there", stand.url("/feed", THEIRS))
    await run(*both, HOUR)
    await close(both)
    assert len(stand.visits("/moved")) > 50
    assert len(stand.visits("/feed", THEIRS)) > 50
    assert stand.gaps()[THEIRS] >= 5.0
    assert titles(both) == ["Article 1", "Article 2"]


async def test_a_429_behind_a_redirect_pauses_the_domain_where_its_budget_is(stand: Newsstand) -> None:
    """The other worker hears of it: for a quarter of an hour nobody asks that domain, its own feed not either."""
    both = await workers(stand)
    stand.pages[(OURS, "/feed")] = web.Response(status=302, headers={"Location": stand.url("/moved", THEIRS)})
    stand.pages[(THEIRS, "/feed")] = feed(item(2, NOON - HOUR))
    stand.pages[(THEIRS, "/moved")] = web.Response(status=429, headers={"Retry-After": "900"})
    await put(both, "here", stand.url("/feed", OURS))
    await run(*both, 60)
    await put(both, "there", stand.url("/feed", THEIRS))
    refused = stand.visits("/moved")[-1].at
    await run(*both, 2 * HOUR)
    await close(both)
    assert min(visit.at for visit in stand.visits("/feed", THEIRS)) >= refused + 900


async def test_a_worker_that_does_not_answer_keeps_no_other_from_its_work(stand: Newsstand) -> None:
    """Without an answer the poll fails, and is made again later."""
    both = await workers(stand)
    stand.pages[(OURS, "/feed")] = web.Response(status=302, headers={"Location": stand.url("/moved", THEIRS)})
    stand.pages[(THEIRS, "/moved")] = feed(item(1, NOON - HOUR))
    await both[1].poller.pause()
    await put(both, "here", stand.url("/feed", OURS))
    await run(*both, 400)
    assert stand.visits("/moved") == []
    assert "gives no turn" in both[0].state("here").error
    both[1].poller.resume(2)
    both[1].poller.resume(3)
    await run(*both, HOUR)
    await close(both)
    assert titles(both) == ["Article 1"]
