"""A mute: nothing is raised until it ends, and the matches until then are named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.watch.alerts import match_record
from agents.watch.judgement import WatchOutcome
from agents.watch.matching.matcher import Matcher
from agents.watch.mutes import MAX_HOURS, MAX_MUTES, Mutes, mute_key
from agents.watch.records import Watch
from agents.watch.step import MatchSettler, WatchSettler
from agents.watch.throttle import Decision, Throttle
from streams.message import Message
from streams.records import QuietHours, Tagged, encode
from streams.settings import Settings
from streams.topics import MATCHES, TAGGED, WATCHES

HOUR = timedelta(hours=1)
Decide = Callable[..., Decision]


@pytest.fixture
def mutes() -> Mutes:
    """Return mutes of which there are none yet."""
    return Mutes()


@pytest.fixture
def throttle(mutes: Mutes) -> Throttle:
    """Return a throttle that heeds the mutes."""
    return Throttle(mutes=mutes)


@pytest.fixture
def decide(throttle: Throttle, watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime) -> Decide:
    """Decide on an article about oil, `minutes` after noon."""

    def do(name: str, minutes: float, **settings: Any) -> Decision:
        now = noon + timedelta(minutes=minutes)
        record = article("Oil", "Oil rises.", id=name, fetch_id=name, fetched_at=now, published_at=now)
        match = Matcher([watch("oil", **settings)]).match(record)[0]
        return throttle.decide(match_record(match, record), now=now)

    return do


def test_a_muted_watch_raises_nothing_and_its_next_alert_names_what_was_held_back(
    mutes: Mutes, decide: Decide, noon: datetime
) -> None:
    """Even a critical one; each match is said to have been held back until the mute's end."""
    mutes.take(mute_key("w", noon + HOUR, noon - timedelta(minutes=1)))
    assert [decide(f"a{n}", n, severity="critical").outcome for n in (1, 30, 59)] == [WatchOutcome.QUIET] * 3

    alert = decide("b", 60, severity="critical").alert
    assert alert
    assert alert.suppressed == 3
    assert [(one.id, one.muted_until) for one in alert.held_back] == [(f"a{n}", noon + HOUR) for n in (1, 30, 59)]


def test_the_same_article_delivered_again_after_the_mute_stays_held_back(
    mutes: Mutes, decide: Decide, noon: datetime
) -> None:
    """A replay repeats the decision."""
    mutes.take(mute_key("w", noon + HOUR, noon - timedelta(minutes=1)))
    decide("a", 1)
    assert decide("a", 90) == Decision(WatchOutcome.QUIET, replay=True)


def test_a_mute_ends_when_somebody_says_so(mutes: Mutes, decide: Decide, noon: datetime) -> None:
    """The latest word holds, in whatever order it is read, and for its own watch alone."""
    mutes.take(mute_key("w", noon + HOUR, noon - timedelta(minutes=1)))
    mutes.take(mute_key("another", noon + HOUR, noon - timedelta(minutes=1)))
    mutes.take(mute_key("w", None, noon))
    mutes.take(mute_key("w", noon + HOUR, noon - HOUR))
    assert decide("a", 1).outcome is WatchOutcome.RAISED
    assert mutes.running(noon) == {"another": noon + HOUR}


def test_a_digest_waits_for_the_end_of_the_mute(
    mutes: Mutes, decide: Decide, throttle: Throttle, watch: Callable[..., Watch], noon: datetime
) -> None:
    """Alerts that quiet hours collected are told when both are over."""
    quiet = QuietHours(start="11:00", end="12:30", timezone="UTC", digest=True)
    decide("a", 1, quiet_hours=quiet)
    mutes.take(mute_key("w", noon + HOUR, noon - timedelta(minutes=1)))
    record = watch("oil", quiet_hours=quiet).record
    assert throttle.due([record], now=noon + timedelta(minutes=45)) == []
    assert len(throttle.due([record], now=noon + HOUR)) == 1


def test_mutes_are_bounded(mutes: Mutes, noon: datetime) -> None:
    """In length and in number: a longer one is none, and of too many the oldest goes."""
    mutes.take(mute_key("long", noon + timedelta(hours=MAX_HOURS, seconds=1), noon - timedelta(minutes=1)))
    assert mutes.until("long", noon) is None
    for number in range(MAX_MUTES):
        mutes.take(mute_key(f"w{number}", noon + HOUR, noon - timedelta(minutes=1)))
    assert len(mutes.running(noon)) == MAX_MUTES
    mutes.take(mute_key("one-more", noon + HOUR, noon - timedelta(minutes=1)))
    assert "w0" not in mutes.running(noon)


@given(st.text(), st.datetimes(timezones=st.just(UTC)))
def test_any_key_is_taken_or_left(key: str, now: datetime) -> None:
    """No key of the topic breaks the reader."""
    mutes = Mutes()
    assert mutes.take(f"mute/{key}") or not mutes.running(now)
    assert not mutes.take(key) or key.startswith("mute/")


def test_the_step_heeds_a_mute_on_its_topic(watch: Callable[..., Watch], article: Callable[..., Tagged]) -> None:
    """A message without a value on news.watches mutes; to the step that matches it is nothing."""
    now = datetime.now(UTC)
    record = article("Oil", "Oil rises.", fetched_at=now, published_at=now)
    found = match_record(Matcher([watch("oil")]).match(record)[0], record)
    decider, matcher = WatchSettler(Settings()), MatchSettler(Settings())
    matcher.restore(WATCHES, "w", encode(watch("oil").record))
    for settler in (decider, matcher):
        settler.restore(WATCHES, mute_key("w", now + HOUR, now), None)

    settled = decider.settle(Message(MATCHES.name, 0, 0, b"w", encode(found), {}, now.timestamp()), None)
    assert (settled.outcome, settled.outputs) == (WatchOutcome.QUIET, [])
    assert len(matcher.compute((TAGGED.name, encode(record))).hits) == 1
