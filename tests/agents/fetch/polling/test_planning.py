"""The agenda follows the sources in force, the pages that wait, and the partitions that come."""

import asyncio
from datetime import UTC, datetime

import pytest

from agents.fetch.asking import requests
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request
from tests.support.newsstand import NOON
from tests.support.poller_parts import Parts

FEED = "https://a.example/feed"
HOUR = 3600.0


@pytest.fixture
async def parts() -> Parts:
    """Give the parts of a poller to which the domain of FEED belongs."""
    made = Parts()
    made.begin(FEED)
    return made


async def test_a_new_source_is_planned_within_the_spread(parts: Parts) -> None:
    """Sources that are added together are not all polled at once."""
    for number in range(20):
        parts.put(f"s{number}", FEED)
        assert parts.planning.source_changed(f"s{number}")
    due = {parts.agenda.due("poll", f"s{number}") for number in range(20)}
    assert len(due) == 20
    assert all(at is not None and NOON <= at <= NOON + 600 for at in due)


async def test_a_known_source_is_planned_by_its_state(parts: Parts) -> None:
    """A state that another worker wrote says when the next poll is due."""
    parts.put("a", FEED)
    parts.know("a", url=FEED, next_at=NOON + HOUR)
    parts.planning.plan("a")
    assert parts.agenda.due("poll", "a") == NOON + HOUR


@pytest.mark.parametrize("state", [{"url": FEED, "pending_at": NOON - 60}, {"url": "https://old.example/feed"}])
async def test_a_source_that_was_left_in_the_middle_or_has_a_new_address_is_due_now(
    parts: Parts, state: dict[str, object]
) -> None:
    """Entries that were about to be handed out, and a feed that nobody has seen, wait for no rhythm."""
    parts.put("a", FEED)
    parts.know("a", next_at=NOON + HOUR, **state)
    parts.planning.plan("a")
    assert parts.agenda.due("poll", "a") == NOON


@pytest.mark.parametrize("fields", [{"enabled": False}, {"kind": "push"}])
async def test_a_source_that_is_paused_or_brings_its_news_itself_is_taken_off(
    parts: Parts, fields: dict[str, object]
) -> None:
    """Nothing is asked for a source that is switched off, or that is not polled."""
    parts.put("a", FEED)
    parts.planning.plan("a")
    parts.put("a", FEED, **fields)
    parts.planning.source_changed("a")
    assert parts.agenda.due("poll", "a") is None


async def test_a_paused_source_is_shown_as_paused_and_as_healthy_again(parts: Parts) -> None:
    """Its state says so without any poll."""
    parts.put("a", FEED, enabled=False)
    parts.planning.plan("a")
    assert parts.writer.by_state["paused"] == 1
    parts.put("a", FEED)
    parts.planning.plan("a")
    assert parts.writer.by_state["paused"] == 0


async def test_a_removed_source_leaves_the_agenda_and_the_topic(parts: Parts) -> None:
    """Its state goes with the next states that are written."""
    parts.put("a", FEED)
    parts.planning.plan("a")
    parts.know("a", url=FEED)
    parts.topics.states["s:a"] = b"old"
    parts.store.take_source("a", None)
    assert not parts.planning.source_changed("a")
    await parts.writer.write()
    assert parts.agenda.due("poll", "a") is None
    assert parts.topics.states == {}


async def test_a_poll_that_is_underway_is_not_planned_beside_itself(parts: Parts) -> None:
    """A source that changes while it is polled has one poll."""
    parts.put("a", FEED)
    parts.underway.begin(("poll", "a"), asyncio.sleep(60))
    parts.planning.source_changed("a")
    assert parts.agenda.due("poll", "a") is None
    await parts.underway.end(0.0)


async def test_only_a_source_of_this_worker_is_polled_at_once(parts: Parts) -> None:
    """A wish to poll is met by the worker that has the source's domain, where it is in force."""
    parts.put("a", FEED)
    parts.know("a", url=FEED, next_at=NOON + HOUR)
    assert parts.planning.poll_now("a")
    assert parts.agenda.due("poll", "a") == NOON
    assert not parts.planning.poll_now("nobody")
    parts.partitions.clear()
    assert not parts.planning.poll_now("a")


async def test_a_moved_source_is_planned_at_the_domain_where_it_is(parts: Parts) -> None:
    """Its polls take turns at the domain that answers them."""
    parts.put("a", FEED)
    parts.know("a", url=FEED, location="https://moved.example/feed")
    parts.planning.poll_now("a")
    assert [job.domain for job in parts.agenda.take(NOON, 9)] == ["moved.example"]


async def test_a_partition_that_comes_brings_what_waits_there(parts: Parts) -> None:
    """Polls, pages and budgets of its domains are taken up a delay later, those of others are not."""
    page = Request(id="1", source="a", url="https://a.example/1", fetched_at=datetime.now(UTC))
    other = Request(id="2", source="c", url="https://c.example/2", fetched_at=datetime.now(UTC))
    parts.partitions.clear()
    partition = parts.partitions.of(domain_of(FEED))
    assert parts.partitions.of("c.example") != partition
    parts.put("a", FEED)
    parts.put("c", "https://c.example/feed")
    parts.store.pages |= {"1": requests.pack(page), "2": requests.pack(other)}
    parts.know("a", url=FEED, next_at=NOON - HOUR)
    parts.planning.take_up({partition})
    delay = parts.agenda.budgets.delay_seconds
    assert parts.agenda.due("poll", "a") == parts.agenda.due("page", "1") == NOON + delay
    assert parts.agenda.due("poll", "c") is parts.agenda.due("page", "2") is None


async def test_a_page_is_planned_once(parts: Parts) -> None:
    """A page that is being fetched, or that cannot be read, is not put on the agenda."""
    request = Request(id="1", source="a", url="https://a.example/1", fetched_at=datetime.now(UTC))
    assert parts.planning.page_waits("1", requests.pack(request))
    assert parts.agenda.pages == 1
    parts.underway.begin(("page", "2"), asyncio.sleep(60))
    assert not parts.planning.page_waits("2", requests.pack(request))
    assert not parts.planning.page_waits("3", b"no request")
    assert parts.agenda.pages == 1
    await parts.underway.end(0.0)
