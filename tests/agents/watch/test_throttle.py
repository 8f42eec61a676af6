"""The decision to alert: ids, lateness, replay, cool-down, limit, quiet hours, bursts, and memory."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from agents.watch.alerts import describe, match_record
from agents.watch.judgement import MAX_HELD, WatchOutcome
from agents.watch.matching.matcher import Match, Matcher
from agents.watch.records import MatchRecord, WaitingMatch, Watch, WatchState
from agents.watch.step import WATCH_STEP
from agents.watch.throttle import MAX_HELD_BACK, MAX_REMEMBERED, MAX_WAITING_BYTES, Decision, Throttle
from streams.backfill import OLD_AFTER
from streams.errors import InvalidRecord
from streams.records import Alert, Burst, QuietHours, Tagged, decode, encode
from streams.worker.settling import SETTLE_TOGETHER

Decide = Callable[..., Decision]


def test_alert_says_why_and_on_what(decide: Decide, noon: datetime) -> None:
    """An alert carries the article, the spans and both latencies."""
    alert = decide(fields={"published_at": noon - timedelta(seconds=90)}, severity="critical", receivers=["desk"]).alert
    assert alert is not None
    assert (alert.severity, alert.receivers, alert.article.id) == ("critical", ["desk"], "a1")
    assert [(span.field, span.start, span.end) for span in alert.spans] == [("title", 0, 3), ("text", 0, 3)]
    assert (alert.published_to_raised_s, alert.fetched_to_raised_s) == (90, 0)


def test_alert_is_a_record_that_can_be_written_and_read(decide: Decide) -> None:
    """An alert that is written to the topic is read as the same."""
    alert = decide().alert
    assert alert is not None
    assert decode(encode(alert), Alert) == alert


def test_alert_id_depends_on_watch_and_article_only(decide: Decide) -> None:
    """Another worker, at another time, gives the same id; another article or watch another."""
    first, again = decide(), decide(minutes=9, on=Throttle(), receivers=["x"])
    assert first.alert
    assert again.alert
    assert first.alert.id == again.alert.id
    other = [decide("a2").alert, decide("a1", on=Throttle(), each="article").alert]
    assert first.alert.id not in [alert.id for alert in other if alert]


def test_same_fetch_again_gives_the_same_alert(decide: Decide) -> None:
    """A message delivered twice is one alert, byte for byte, whatever came between."""
    first = decide("a1", cool_down="1h")
    decide("a2", 5, cool_down="1h")
    again = decide("a1", 0, cool_down="1h")
    assert again.replay
    assert again.alert == first.alert


def test_same_fetch_again_stays_suppressed(decide: Decide) -> None:
    """An alert held back by cool-down does not come back with a second delivery, and is counted once."""
    decide("a1", cool_down="1h")
    assert decide("a2", 5, cool_down="1h").outcome is WatchOutcome.COOL_DOWN
    assert decide("a2", 5, cool_down="1h").outcome is WatchOutcome.COOL_DOWN
    later = decide("a3", 90, cool_down="1h")
    assert later.alert
    assert later.alert.suppressed == 1


def test_alert_names_what_was_held_back_and_why(decide: Decide, throttle: Throttle) -> None:
    """The alert after a cool-down names the latest matches that it held back, and so does its replay and its restart."""
    decide("a0", cool_down="1h")
    for number in range(1, 15):
        decide(f"a{number}", number, cool_down="1h")
    other = Throttle()
    other.restore("w", throttle.snapshot("w"))
    for each in (throttle, throttle, other):
        alert = decide("b", 90, cool_down="1h", on=each).alert
        assert alert
        assert alert.suppressed == 14
        assert [one.id for one in alert.held_back] == [f"a{number}" for number in range(15 - MAX_HELD_BACK, 15)]
        assert {(one.title, one.source, one.reason) for one in alert.held_back} == {
            ("Oil", "news.example.org", "cool_down")
        }
    later = decide("c", 200, cool_down="1h").alert
    assert later
    assert later.held_back == []


def test_revision_of_an_article_is_not_alerted_again(decide: Decide) -> None:
    """The same article with a new text is the same alert."""
    decide("a1")
    assert decide("a1", 5).outcome is WatchOutcome.REPEAT


def test_group_and_story_alert_once(decide: Decide) -> None:
    """`each` names the unit of an alert: the article, its group, or its story."""
    assert decide("a1", group="g", story="s").outcome is WatchOutcome.RAISED
    assert decide("a2", 1, group="g", story="s").outcome is WatchOutcome.REPEAT
    assert decide("a2", 2, group="g", each="article").outcome is WatchOutcome.RAISED
    assert decide("b1", 3, group="h", story="s", each="story").outcome is WatchOutcome.RAISED
    assert decide("b2", 4, group="i", story="s", each="story").outcome is WatchOutcome.REPEAT


def test_late_article_raises_nothing(decide: Decide, noon: datetime) -> None:
    """Older than 24 h when fetched is late; a minute less is not, nor is one without a date."""
    old = {"published_at": noon - OLD_AFTER - timedelta(minutes=1)}
    assert decide("a1", fields=old).outcome is WatchOutcome.LATE
    assert decide("a1", fields=old, backfill=True).outcome is WatchOutcome.RAISED
    assert decide("a2", fields={"published_at": noon - OLD_AFTER}).outcome is WatchOutcome.RAISED
    assert decide("a3", fields={"published_at": None}).outcome is WatchOutcome.RAISED


def test_article_that_its_source_calls_old_is_late(decide: Decide) -> None:
    """Backfill raises nothing however new it looks, and does where the watch asks for it."""
    archived = {"published_at": None, "backfill": True}
    assert decide("a1", fields=archived).outcome is WatchOutcome.LATE
    assert decide("a1", fields=archived, backfill=True).outcome is WatchOutcome.RAISED


def test_cool_down_ends(decide: Decide) -> None:
    """After an alert there is silence for as long as it says, and no longer."""
    outcomes = [decide(f"a{minutes}", minutes, cool_down="30m").outcome for minutes in (0, 1, 29, 30)]
    assert outcomes == [WatchOutcome.RAISED, WatchOutcome.COOL_DOWN, WatchOutcome.COOL_DOWN, WatchOutcome.RAISED]


def test_limit_counts_the_last_hour(decide: Decide) -> None:
    """Two an hour are two in any sixty minutes."""
    outcomes = [decide(f"a{minutes}", minutes, limit_per_hour=2).outcome for minutes in (0, 30, 59, 60, 61, 90)]
    raised, limit = WatchOutcome.RAISED, WatchOutcome.LIMIT
    assert outcomes == [raised, raised, limit, raised, limit, raised]


YEAR_MINUTES = 366 * 24 * 60


@pytest.mark.parametrize("settings", [{"cool_down": "30m"}, {"limit_per_hour": 1}], ids=["cool_down", "limit"])
def test_a_clock_that_ran_ahead_silences_no_watch(decide: Decide, settings: dict[str, Any]) -> None:
    """An alert of next year, which a wrong clock noted, holds back none of today."""
    decide("a1", minutes=YEAR_MINUTES, **settings)
    assert decide("a2", minutes=0, **settings).outcome is WatchOutcome.RAISED
    assert decide("a3", minutes=1, **settings).outcome in (WatchOutcome.COOL_DOWN, WatchOutcome.LIMIT)


def test_a_match_that_waits_since_next_year_waits_no_longer(decide: Decide, throttle: Throttle, noon: datetime) -> None:
    """It is forgotten as one that waited in vain, and the next of its story is looked at."""
    asked = {"query": "oil AND story.articles >= 3"}
    assert decide("a1", minutes=YEAR_MINUTES, **asked).outcome is WatchOutcome.WAITING
    assert throttle.decide_waiting(now=noon) == []
    state = msgspec.msgpack.decode(throttle.snapshot("w") or b"", type=WatchState)
    assert state.waiting == []


@pytest.fixture
def night() -> Any:
    """Return quiet hours that hold from 22:00 to 07:00 in New York: at noon UTC in winter it is 07:00 there."""
    return QuietHours(start="22:00", end="07:00", timezone="America/New_York")


def test_quiet_hours_are_by_the_clock_of_their_zone(decide: Decide, night: Any) -> None:
    """07:00 in New York is noon in UTC in winter: a minute before is held, noon is not."""
    assert decide("a1", -1, quiet_hours=night).outcome is WatchOutcome.HELD
    assert decide("a2", 0, quiet_hours=night).outcome is WatchOutcome.RAISED


def test_critical_alert_passes_quiet_hours(decide: Decide, night: Any) -> None:
    """A critical alert wakes people."""
    assert decide("a1", -60, quiet_hours=night, severity="critical").outcome is WatchOutcome.RAISED


def test_held_alerts_come_as_one_digest(
    throttle: Throttle, decide: Decide, watch: Callable[..., Watch], night: Any, noon: datetime
) -> None:
    """When the hours end, all that was held comes once, in one alert; each under the id that it would have had alone."""
    for number in range(3):
        decide(f"a{number}", -60 + number, quiet_hours=night)
    quiet = watch("oil", quiet_hours=night)
    assert throttle.due([quiet.record], now=noon - timedelta(minutes=1)) == []
    (digest,) = throttle.due([quiet.record], now=noon)
    assert (digest.kind, [item.article.id for item in digest.digest]) == ("digest", ["a0", "a1", "a2"])
    raised = [decide(f"a{number}", on=Throttle()).alert for number in range(3)]
    assert [item.id for item in digest.digest] == [alert.id for alert in raised if alert]
    assert throttle.due([quiet.record], now=noon) == []


def test_digest_has_the_same_id_after_a_crash(
    throttle: Throttle, decide: Decide, watch: Callable[..., Watch], night: Any, noon: datetime
) -> None:
    """A worker that takes the state up again makes the same digest."""
    decide("a1", -60, quiet_hours=night)
    other = Throttle()
    other.restore("w", throttle.snapshot("w"))
    quiet = watch("oil", quiet_hours=night)
    assert throttle.due([quiet.record], now=noon) == other.due([quiet.record], now=noon)


def test_digest_is_bounded(decide: Decide, night: Any, throttle: Throttle, watch: Any, noon: datetime) -> None:
    """A digest holds so many and counts the rest."""
    for number in range(MAX_HELD + 5):
        decide(f"a{number}", -60 + number / 60, quiet_hours=night)
    (digest,) = throttle.due([watch("oil", quiet_hours=night).record], now=noon)
    assert (len(digest.digest), digest.suppressed) == (MAX_HELD, 5)


@pytest.fixture
def burst() -> Any:
    """Return: at least 4 in an hour, and three times the usual of the last day."""
    return Burst(count=4, window="1h", baseline="1d", ratio=3.0)


def test_burst_is_raised_once_above_its_baseline(decide: Decide, burst: Any) -> None:
    """One an hour for six hours is usual; the fourth within an hour is a burst, the fifth no second one."""
    for hour in range(6):
        assert decide(f"u{hour}", hour * 60, burst=burst).outcome is WatchOutcome.NO_BURST
    outcomes = [decide(f"b{number}", 360 + number, burst=burst) for number in range(5)]
    assert [each.outcome for each in outcomes] == [WatchOutcome.NO_BURST] * 3 + [
        WatchOutcome.RAISED,
        WatchOutcome.REPEAT,
    ]
    alert = outcomes[3].alert
    assert alert is not None
    assert alert.burst is not None
    assert (alert.kind, alert.burst.count) == ("burst", 4)


def test_burst_needs_a_baseline_first(decide: Decide, burst: Any) -> None:
    """A new watch does not take its first articles for a burst."""
    assert {decide(f"b{number}", number, burst=burst).outcome for number in range(20)} == {WatchOutcome.NO_BURST}


def test_burst_does_not_fire_on_the_usual(decide: Decide, burst: Any) -> None:
    """Six an hour, hour after hour, is no burst for a watch that is used to it."""
    outcomes = {decide(f"u{number}", number * 10, burst=burst).outcome for number in range(100)}
    assert outcomes == {WatchOutcome.NO_BURST}


def test_replay_does_not_count_towards_a_burst(decide: Decide, burst: Any) -> None:
    """The same article delivered five times is one article."""
    for hour in range(6):
        decide(f"u{hour}", hour * 60, burst=burst)
    assert {decide("b", 360, burst=burst).outcome for _ in range(5)} == {WatchOutcome.NO_BURST}


def test_restored_state_decides_as_the_one_before(decide: Decide, throttle: Throttle) -> None:
    """Cool-down, replay and repeats survive a move to another worker."""
    first = decide("a1", cool_down="1h")
    other = Throttle()
    other.restore("w", throttle.snapshot("w"))
    assert decide("a1", on=other, cool_down="1h").alert == first.alert
    assert decide("a2", 5, on=other, cool_down="1h").outcome is WatchOutcome.COOL_DOWN
    assert decide("a1", 70, on=other, cool_down="1h").outcome is WatchOutcome.REPEAT


def test_forgotten_state_is_gone(decide: Decide, throttle: Throttle) -> None:
    """A tombstone clears a watch's memory."""
    decide("a1", cool_down="1h")
    throttle.restore("w", None)
    assert throttle.snapshot("w") is None
    assert decide("a2", 5, cool_down="1h").outcome is WatchOutcome.RAISED


def test_state_is_bounded(decide: Decide, throttle: Throttle) -> None:
    """However many articles come, a watch remembers the newest only."""
    for number in range(MAX_REMEMBERED + 50):
        decide(f"a{number}", number)
    state = throttle._states["w"]
    assert len(state.decided) == len(state.raised) == MAX_REMEMBERED
    assert len(state.raised_at) <= 61


def test_strange_clock_neither_mutes_nor_makes_a_burst(decide: Decide, noon: datetime) -> None:
    """An article from the year 9000 ends no window, and one from 1980 does not make the watch seem an old one."""
    burst = Burst(count=3, window="1h", baseline="1d", ratio=2.0)
    for hour in range(5):
        decide(f"usual{hour}", 60 * hour, burst=burst)
    for name, at in (("future", datetime(9000, 1, 1, tzinfo=UTC)), ("past", datetime(1980, 1, 1, tzinfo=UTC))):
        decide(name, 295, burst=burst, fields={"fetched_at": at, "published_at": None})
    outcomes = [decide(f"a{n}", 301 + n, burst=burst).outcome for n in range(3)]
    assert WatchOutcome.RAISED in outcomes
    fresh = Throttle()
    decide(
        "past", 0, on=fresh, burst=burst, fields={"fetched_at": datetime(1980, 1, 1, tzinfo=UTC), "published_at": None}
    )
    assert [decide(f"b{n}", n, on=fresh, burst=burst).outcome for n in range(1, 5)] == [WatchOutcome.NO_BURST] * 4


def test_all_that_is_settled_together_is_decided_again_as_before(decide: Decide, throttle: Throttle) -> None:
    """A kill behind the state and before the alerts loses none of them, however many matches one watch had."""
    many = SETTLE_TOGETHER - 1 + WATCH_STEP.chunk_articles
    alerts = [decide(f"a{number}", limit_per_hour=20).alert for number in range(many)]
    restored = Throttle()
    restored.restore("w", throttle.snapshot("w"))
    assert [decide(f"a{number}", on=restored, limit_per_hour=20).alert for number in range(many)] == alerts
    assert len([alert for alert in alerts if alert is not None]) == 20


def test_two_watches_do_not_share_what_they_remember(
    throttle: Throttle, watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime
) -> None:
    """Cool-down is each watch's own."""
    record = article("Oil")
    matches: list[Match] = Matcher([watch("oil", name, cool_down="1h") for name in ("a", "b")]).match(record)
    assert [throttle.decide(match_record(match, record), now=noon).outcome for match in matches] == [
        WatchOutcome.RAISED
    ] * 2


@pytest.mark.parametrize("junk", [b"", b"junk", b"\xc1", b"\x81\xa7decided\x81\xc4\x01a\x92\xa4lost\xa1x", b"\x90"])
def test_bytes_that_are_no_state_are_refused(junk: bytes) -> None:
    """The error names the watch, and its memory stays."""
    throttle = Throttle()
    with pytest.raises(InvalidRecord, match="'oil'"):
        throttle.restore("oil", junk)
    assert len(throttle) == 0


@pytest.mark.parametrize("match", [b"", b"{}", b"\xff"])
def test_a_state_with_a_match_that_is_none_is_refused(match: bytes, noon: datetime) -> None:
    """It would be met again each time that waiting matches are looked at."""
    state = WatchState(waiting=[WaitingMatch(since=noon, match=match)])
    with pytest.raises(InvalidRecord, match="'oil'"):
        Throttle().restore("oil", msgspec.msgpack.encode(state))


def test_times_of_a_state_are_in_utc(decide: Decide, throttle: Throttle, noon: datetime) -> None:
    """A state whose times lack their zones is compared with the times of matches all the same."""
    decide(cool_down="1h")
    state = msgspec.msgpack.decode(throttle.snapshot("w") or b"")
    state["last_raised_at"] = noon.replace(tzinfo=None).isoformat()
    throttle.restore("w", msgspec.msgpack.encode(state))
    assert decide("a2", 10, cool_down="1h").outcome is WatchOutcome.COOL_DOWN


def test_matches_that_wait_are_bounded_in_bytes(
    watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime
) -> None:
    """Each holds its watch, which may be large: the state must stay smaller than a message may be."""
    throttle = Throttle()
    record = watch("oil AND story.sources>=3", each="story", owner="long" * 25_000).record
    for number in range(60):
        match = MatchRecord(watch=record, article=describe(article("Oil", id=f"a{number}"), []), fetch=f"f{number}")
        assert throttle.decide(match, now=noon).outcome is WatchOutcome.WAITING
    assert len(throttle.snapshot("w") or b"") < MAX_WAITING_BYTES + len(encode(record))
