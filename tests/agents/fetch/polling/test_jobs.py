"""Jobs in their domains' turns: whatever fails in one, the turn is given back and the job stands for later."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from agents.fetch.asking import requests
from agents.fetch.asking.agenda import Job
from agents.fetch.asking.requests import Request
from agents.fetch.polling.jobs import AWAY_SECONDS, FAULT_SECONDS
from agents.fetch.polling.poll_jobs import BUSY_SECONDS
from streams.errors import BrokerError
from tests.support.newsstand import NOON, Newsstand, feed, item, rss
from tests.support.poller_parts import Parts


@pytest.fixture
async def parts(stand: Newsstand) -> AsyncIterator[Parts]:
    """Give the parts of a poller of a feed with one entry."""
    stand.pages["/feed"] = feed(item(1))
    made = Parts(stand.clock)
    made.begin(stand.url())
    made.put("a", stand.url(), body="entry")
    yield made
    await made.asker.close()


def failing(parts: Parts, error: Exception, times: int = 1_000) -> None:
    """Let so many publications fail."""

    def before(number: int) -> None:
        if number <= times:
            raise error

    parts.topics.before = before


async def taken(parts: Parts) -> Job:
    """Plan the source for now, take its job off the agenda, and do it."""
    parts.planning.poll_now("a")
    (job,) = parts.agenda.take(parts.clock.now(), 9)
    await parts.jobs.do(job)
    return job


async def test_a_poll_is_recorded_and_planned_again(parts: Parts, stand: Newsstand) -> None:
    """Its entry is on Kafka before its state says so, and its domain is free for the next."""
    await taken(parts)
    (record,) = parts.topics.requests
    assert record.title == "Article 1"
    assert parts.store.state("a").pending_at == 0.0
    assert (parts.agenda.due("poll", "a") or 0.0) > NOON
    assert len(stand.log) == 1
    assert not parts.agenda.budgets.of("a.example").busy


@pytest.mark.parametrize(
    ("error", "seconds"), [(BrokerError("Kafka is away"), AWAY_SECONDS), (ZeroDivisionError("a bug"), FAULT_SECONDS)]
)
async def test_a_poll_that_fails_stands_for_later(parts: Parts, error: Exception, seconds: float) -> None:
    """Kafka is waited for a little, a source that our own code fails on an hour; either way the turn is over."""
    failing(parts, error)
    await taken(parts)
    assert parts.agenda.due("poll", "a") == NOON + seconds
    assert not parts.agenda.budgets.of("a.example").busy


async def test_a_job_of_a_partition_that_may_be_gone_is_not_done(parts: Parts, stand: Newsstand) -> None:
    """Another worker may ask the domain already: nothing is asked, and the turn is given back."""
    parts.held.clear()
    job = await taken(parts)
    assert stand.log == []
    assert parts.agenda.due("poll", "a") == job.due + 1.0
    assert not parts.agenda.budgets.of("a.example").busy


async def test_a_page_that_our_own_code_fails_on_ends_with_its_entry(parts: Parts, stand: Newsstand) -> None:
    """An entry is not lost by a fault: its own text stands for the page, which is struck off."""
    request = Request(
        id="1", source="a", url=stand.url("/1"), page=True, robots=False, title="One", fetched_at=datetime.now(UTC),
        content="The entry's own text. " * 30,
    )  # fmt: skip
    stand.pages["/1"] = feed(item(1))
    parts.planning.page_waits("1", requests.pack(request))
    (job,) = parts.agenda.take(NOON, 9)
    failing(parts, ZeroDivisionError("a bug"), times=1)
    await parts.jobs.do(job)
    (record,) = parts.topics.raw
    assert record.content.startswith("The entry's own text.")
    assert parts.store.pages == {}
    assert parts.pages.done("1")


async def test_a_poll_waits_while_a_document_of_its_hub_is_read(parts: Parts, stand: Newsstand) -> None:
    """Both go by the source's state, so the one comes after the other."""
    parts.know("a", url=stand.url(), last_good_at=NOON - 60)
    pushed = requests.pushed_request("a", datetime.fromtimestamp(NOON, UTC), rss([item(2)]), "application/rss+xml", "1")
    reading = asyncio.ensure_future(parts.polls.read_pushed(pushed))
    await asyncio.sleep(0)
    await taken(parts)
    assert stand.log == []
    assert parts.agenda.due("poll", "a") == NOON + BUSY_SECONDS
    await reading


async def test_a_document_of_a_hub_waits_while_its_source_is_polled(parts: Parts) -> None:
    """It is taken up again when the poll may be over."""
    pushed = requests.pushed_request("a", datetime.fromtimestamp(NOON, UTC), rss([item(2)]), "application/rss+xml", "1")
    parts.underway.begin(("poll", "a"), asyncio.sleep(60))
    reading = asyncio.ensure_future(parts.polls.read_pushed(pushed))
    await asyncio.sleep(0)
    parts.clock.set(NOON + BUSY_SECONDS)
    await reading
    assert parts.subscribing.next() is pushed
    await parts.underway.end(0.0)


@pytest.mark.parametrize("thaws_at", [0, 1, 2])
async def test_a_worker_that_thaws_in_a_poll_writes_nothing_that_may_be_another_workers(
    parts: Parts, thaws_at: int
) -> None:
    """Whatever the poll has brought waits for the group's word; its partitions go, and with them the job."""

    def frozen(number: int) -> None:
        parts.in_session = number < thaws_at

    parts.topics.before = frozen
    parts.in_session = bool(thaws_at)
    parts.planning.poll_now("a")
    (job,) = parts.agenda.take(parts.clock.now(), 9)
    parts.underway.begin(("poll", "a"), parts.jobs.do(job))
    while not parts.clock.sleeping:
        await asyncio.sleep(0)
    await parts.underway.end(0.0)
    await parts.writer.write()
    await parts.writer.write_budgets()

    assert parts.topics.number == thaws_at
    assert bool(parts.topics.requests) == (thaws_at == 2)  # known to be handed out, then handed out
