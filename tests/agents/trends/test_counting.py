"""Counting: bursts, and subjects that only look like one."""

import itertools
import math
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.trends.counting import (
    OUTAGE_RATIO,
    WINDOW_HOURS,
    WINDOW_STEPS,
    Stream,
    parts,
)
from agents.trends.key_state import WHOLE, KeyState, encoder
from agents.trends.life import Burst
from agents.trends.window import NEVER_SHOWN, Window

HOUR = 3600.0
DAY = 24 * HOUR
KEY, OTHER = "NO medtop:03000000", "SI medtop:09000000"


def usual(stream: Stream, days: float, start: float = 0.0, every: float = HOUR / 4) -> list[Burst]:
    """Let so many days pass in which every quarter of an hour somebody reports on one key, and now and then on the other."""
    found: list[Burst] = []
    for number in range(int(days * DAY / every)):
        key = KEY if number % 16 == 0 else OTHER
        found += stream.add(start + number * every, [key], number % 97, "")
    return found


def burst(stream: Stream, start: float, sources: int = 12, each: int = 1) -> list[Burst]:
    """Let many sources report on one key within an hour."""
    found: list[Burst] = []
    for number in range(sources * each):
        found += stream.add(start + number * 200, [KEY], 1000 + number % sources, "en-1")
    return found + list(stream.advance(start + 2 * HOUR))


def test_many_sources_on_one_key_burst_and_name_their_story() -> None:
    """Twelve reports in an hour where one in four hours is usual are shown with the story that explains them."""
    stream = Stream(6.0, 100)
    assert not usual(stream, 5)
    found = burst(stream, 5 * DAY)
    assert {one.key for one in found} == {KEY}
    assert found[0].at <= 5 * DAY + 1.5 * HOUR
    assert found[-1].stories[0][0] == "en-1"


def test_a_count_is_of_the_window_and_of_nothing_before_it() -> None:
    """Whoever counts the articles of the three and a half hours before `at` finds as many."""
    stream = Stream(2.0, 100)
    usual(stream, 5)
    times = [5 * DAY + number * 300 for number in range(100)]
    found = [one for number, time in enumerate(times) for one in stream.add(time, [KEY], 1000 + number, "")]
    before = [4.0 * HOUR * number for number in range(30)]  # as usual() has it
    for one in found:
        assert one.articles == sum(one.at - WINDOW_HOURS * HOUR <= time < one.at for time in before + times)
    assert found[-1].articles > found[0].articles


def test_a_source_that_reports_every_three_hours_counts_as_often_as_the_window_holds_it() -> None:
    """Its article before the last has left the window, and counts no more."""
    window = Window()
    for step, source in ((100, 1), (101, 2), (119, 1), (119, 3)):
        window.drop_before(step - WINDOW_STEPS)
        window.add(step, source, "")
    window.drop_before(121 - WINDOW_STEPS + 1)
    assert window.count() == (3, 3)
    window.drop_before(120)
    assert window.count() == (0, 0)


def test_one_source_alone_never_bursts() -> None:
    """A live ticker of thirty entries counts as two articles."""
    stream = Stream(2.0, 100)
    usual(stream, 5)
    assert not burst(stream, 5 * DAY, sources=1, each=30)


def test_nothing_is_said_without_three_days_of_baseline() -> None:
    """The usual number is not known yet."""
    stream = Stream(2.0, 100)
    usual(stream, 2)
    assert not burst(stream, 2 * DAY)


def test_nothing_is_said_while_the_stream_is_under_half_of_what_is_usual() -> None:
    """After an outage of the whole stream, the few that still come are no news."""
    stream = Stream(2.0, 100)
    usual(stream, 5, every=HOUR / 60)
    quiet_from = 5 * DAY + 4 * HOUR
    list(stream.advance(quiet_from))
    assert OUTAGE_RATIO * 3 * 60 > 12
    assert not burst(stream, quiet_from)


def test_a_trend_is_not_said_again_while_it_lasts() -> None:
    """It is shown again only when it has grown by a third, or after half a day."""
    stream = Stream(6.0, 100)
    usual(stream, 5)
    scores = [one.score for one in burst(stream, 5 * DAY, sources=30)]
    assert all(later >= 1.3 * before for before, later in itertools.pairwise(scores))


def shown_after(first: int) -> list[str]:
    """Return what is shown of ten reports on one key, of which all but the first ones come an hour later."""
    stream = Stream(8.0, 100)
    usual(stream, 5)
    found: list[Burst] = []
    for number in range(10):
        at = 5 * DAY + (0 if number < first else HOUR)
        found += stream.add(at, [KEY], 1000 + number, "")
    return [one.key for one in (*found, *stream.advance(5 * DAY + 1.5 * HOUR))]


def test_what_creeps_up_is_no_burst() -> None:
    """A score that stands just below the bar for an hour has to grow by a third; one that jumps over it has not."""
    assert shown_after(10) == [KEY]
    assert shown_after(8) == []


def test_keys_beyond_the_bound_are_refused_and_counted() -> None:
    """The bound on keys holds."""
    stream = Stream(6.0, 2)
    for number in range(5):
        list(stream.add(number, [f"key {number}"], 1, ""))
    assert len(stream) == 2
    assert stream.refused == 3


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 400))
def test_a_restored_stream_expects_what_the_old_one_did(quarters: int) -> None:
    """Wherever the worker dies, counts of the window and levels are there again."""
    stream = Stream(6.0, 100)
    usual(stream, quarters / 96 + 0.1)
    restored = Stream(6.0, 100)
    for key in stream.rows:
        restored.restore(key, stream.kept(key))
    assert restored.baseline.hours == stream.baseline.hours
    assert all(restored.kept(key) == stream.kept(key) for key in stream.windows)
    assert abs(restored.baseline.level[restored.rows[WHOLE]] - stream.baseline.level[stream.rows[WHOLE]]) < 1e-3


@cache
def gone_quiet(restarts: frozenset[int]) -> Stream:
    """Return a stream of 24 days in which a subject goes quiet, another ends and a term is said on one day only.

    At the end of each of some days another worker takes it over, from the states that were written with its articles.
    """
    stream, kept = Stream(6.0, 100), dict[str, bytes]()
    for number in range(24 * 24):
        day, keys = number // 24, [OTHER]
        if number % (2 if day < 6 else 120) == 0 and day < 20:
            keys.append(KEY)
        if day == 11 and number % 8 == 0:
            keys.append("~harbour master")
        list(stream.add(number * HOUR, keys, number % 97, ""))
        kept |= {key: stream.kept(key) for key in (WHOLE, *keys)}
        dropped, stream.dropped = stream.dropped, []
        kept = {key: state for key, state in kept.items() if key not in dropped}
        if number % 24 == 23 and day in restarts:
            stream = Stream(6.0, 100)
            for key, state in reversed(kept.items()):
                stream.restore(key, state)
    return stream


@pytest.mark.parametrize("restarts", [frozenset({5, 9, 21}), frozenset(range(24))])
def test_what_went_quiet_before_a_restart_is_as_quiet_behind_it(restarts: frozenset[int]) -> None:
    """A subject is expected as by a worker that ran on, and a term that nobody says any more is forgotten as early."""
    undisturbed, restarted = gone_quiet(frozenset()), gone_quiet(restarts)
    for stream in (undisturbed, restarted):
        list(stream.advance(24 * DAY))
    assert restarted.rows.keys() == undisturbed.rows.keys()
    assert "~harbour master" not in restarted.rows
    for key, row in undisturbed.rows.items():
        was, now = undisturbed.baseline, restarted.baseline
        assert now.level[restarted.rows[key]] == pytest.approx(was.level[row], rel=0.01)
        assert now.season[restarted.rows[key]] == pytest.approx(was.season[row], rel=0.01, abs=1e-4)
        assert now.week.levels[restarted.rows[key]] == pytest.approx(was.week.levels[row], rel=0.01, abs=1e-4)


@given(st.integers(WINDOW_STEPS, 10_000))
def test_a_window_is_as_long_whichever_hours_it_touches(step: int) -> None:
    """Shares of the hours of the day add up."""
    assert abs(sum(share for _, share in parts(step)) - WINDOW_HOURS) < 1e-9


#: Fields of a key's state, and values that none of ours has.
SPOILT: list[dict[str, Any]] = [
    {"hours": -1}, {"hours": 2**62}, {"level": math.nan}, {"level": math.inf}, {"level": -1.0}, {"season": b"ab"},
    {"season": b"\x00\x7e" * 24}, {"season": b"ab" * 48}, {"shown": (1e300, 1.0)}, {"shown": (0.0, math.nan)},
    {"counted_sources": [(7, 2**60, 1)]}, {"counted_sources": [(7, 1, 2)]}, {"counted_sources": [(-1, 1, 1)]},
    {"counted_sources": [(7, 9, 9)] * 5_001}, {"counted_stories": [("en-1", [1], [1])]},
    {"counted_sources": [(7, 9, 9)], "counted_stories": [("en-1", [1, 2], [1])]},
    {"counted_sources": [(7, 9, 9)], "counted_stories": [("en-1", [1], [-1])]},
    {"counted_sources": [(7, 9, 9)], "counted_stories": [("en-1", [1], [2**40])]},
    {"window": [(2**60, 1, "")]}, {"window": [(-(2**60), 1, "")]}, {"window": [(1, -1, "")]},
    {"days": b"a"}, {"days": bytes(12)}, {"days": b"\x00\x7e" * 7}, {"standing": 1.1}, {"standing": -0.1}, {"standing": math.nan},
    {"life": (-1.0, 1, 1.0)}, {"life": (1.0, -1, 1.0)}, {"life": (1.0, 1, math.inf)},
]  # fmt: skip


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("key", [KEY, WHOLE])
def test_a_spoilt_state_is_refused_and_bursts_go_on(spoilt: dict[str, Any], key: str) -> None:
    """Counts stay as they were."""
    stream = Stream(6.0, 100)
    usual(stream, 5)
    state = KeyState(120, bytes(48), 1.0, [], (0.0, 0.0))
    with pytest.raises(ValueError, match="."):
        stream.restore(key, encoder.encode(msgspec.structs.replace(state, **spoilt)))
    assert {one.key for one in burst(stream, 5 * DAY)} == {KEY}


def test_a_window_of_more_articles_than_there_can_be_takes_no_memory() -> None:
    """The whole stream's window is kept as numbers; one of a thousand million is not unfolded."""
    stream = Stream(6.0, 100)
    state = KeyState(120, bytes(48), 1.0, [(100, 1_000_000_000, "")], (0.0, 0.0))  # type: ignore[list-item]
    with pytest.raises(ValueError, match="1,000,000,000 articles"):
        stream.restore(WHOLE, encoder.encode(state))


def test_keys_are_bounded_when_they_are_restored_too() -> None:
    """A state may hold more than the setting allows, which may have been lowered, but not any number."""
    stream = Stream(6.0, 100)
    value = encoder.encode(KeyState(120, bytes(48), 1.0, [], (0.0, 0.0)))
    for number in range(200):
        stream.restore(f"X{number} topic", value)
    with pytest.raises(ValueError, match="keys already"):
        stream.restore("one more", value)
    assert len(stream) == 200


def test_a_stream_that_stands_in_the_future_comes_back() -> None:
    """An article of another century, or a state that says so, silences no trend until then."""
    stream = Stream(6.0, 100)
    usual(stream, 5)
    assert not list(stream.advance(5 * DAY + 90 * HOUR * 24 * 365))
    stream.come_back(5 * DAY)
    assert stream.step == 5 * 24 * 6


@pytest.mark.parametrize(("every", "learnt"), [(HOUR / 12, False), (HOUR, True)])
def test_nothing_is_learnt_from_hours_in_which_the_stream_stood(every: float, *, learnt: bool) -> None:
    """Sixty hours without an article, where twelve an hour are usual, lower no level; of a small stream they are quiet hours."""
    stream = Stream(6.0, 100)
    usual(stream, 6, every=every)
    row, hours = stream.rows[OTHER], stream.baseline.hours
    level = stream.baseline.level[row]
    list(stream.advance(6 * DAY + 60 * HOUR))
    assert bool(stream.baseline.level[row] < 0.9 * level) is learnt
    assert stream.baseline.hours - hours == (60 if learnt else 0) + 1


def test_articles_of_the_future_are_forgotten_when_the_stream_comes_back() -> None:
    """A clock that was ten days ahead leaves no article in a window, and a state that the next worker reads."""
    stream = Stream(6.0, 100)
    now = 100 * DAY
    for time in (now, now + 10 * DAY):
        list(stream.add(time, [KEY], 7, "en-1"))
    stream.windows[KEY].shown = now + 10 * DAY, 9.0
    assert stream.come_back(now + 60)
    list(stream.add(now + 120, [KEY], 7, "en-2"))
    restored = Stream(6.0, 100)
    for key in stream.rows:
        restored.restore(key, stream.kept(key))
    window = restored.windows[KEY]
    assert (window.count(), window.stories(), window.shown) == ((2, 1), [("en-1", 1), ("en-2", 1)], NEVER_SHOWN)
    assert restored.step == now // 600


SUBJECTS = [f"{country} medtop:0400000{number}" for country in ("PT", "UY") for number in range(5)]


def with_an_agency(stream: Stream, first_day: int, days: int, agency: int) -> list[Burst]:
    """Let many sources report now and then on ten subjects, and an agency so many times on each in an hour."""
    found: list[Burst] = []
    for hour in range(first_day * 24, (first_day + days) * 24):
        for number, key in enumerate(SUBJECTS):
            for article in range(1 + (hour + number) % 3 + agency):
                source = 7 if article < agency else 100 + (hour * 31 + number * 17 + article) % 89
                found += stream.add(hour * HOUR + number * 30 + article, [key], source, "")
    return found


@pytest.mark.parametrize(("before", "after"), [(6, 0), (0, 6)])
def test_a_large_source_that_goes_or_comes_hides_no_burst_and_makes_none(before: int, after: int) -> None:
    """Nothing bursts when three in four articles are gone at once, and what bursts is found when they have come."""
    stream = Stream(7.1, 100)
    assert not with_an_agency(stream, 0, 4, before)
    assert not with_an_agency(stream, 4, 1, after)
    found = [one for n in range(24) for one in stream.add(5 * DAY + n * 60, [SUBJECTS[3]], 900 + n, "")]
    assert {one.key for one in [*found, *stream.advance(5 * DAY + HOUR)]} == {SUBJECTS[3]}


def test_a_burst_is_no_reason_to_expect_more_of_itself() -> None:
    """A stream of two subjects expects no more of one because that one bursts: only the other tells how the stream stands."""
    stream = Stream(6.0, 100)
    usual(stream, 5)
    before = stream.advance(5 * DAY)
    assert not list(before)
    found = burst(stream, 5 * DAY, sources=40)
    assert found[-1].expected < 3


def risen(setting: float) -> list[float]:
    """Return the scores of what is shown at a setting of five reports on one key, and of three more after 40 minutes."""
    stream = Stream(setting, 100)
    found = usual(stream, 5, every=HOUR / 2)
    for number in range(8):
        found += stream.add(5 * DAY + number * 60 + (2400 if number >= 5 else 0), [KEY], 1000 + number, "")
    return [one.score for one in [*found, *stream.advance(5 * DAY + 2 * HOUR)]]


@pytest.mark.parametrize("setting", [4.0, 5.2, 5.8])
def test_a_lower_setting_takes_no_trend_of_a_higher_one_away(setting: float) -> None:
    """What is shown at 7.1 is shown, too, where less is asked for, as often and with the same scores."""
    shown = risen(7.1)
    assert shown
    assert [score for score in risen(setting) if score >= 7.1] == shown
    assert risen(setting)[0] < 6


@pytest.mark.parametrize(("hours", "shown"), [(2, 0), (6, 1)])
def test_an_aftershock_is_a_trend_of_its_own_once_the_first_one_is_over(hours: int, shown: int) -> None:
    """Of two bursts on one key the second, smaller one is shown when the first has left the window."""
    stream = Stream(7.1, 100)
    usual(stream, 5)
    for number in range(30):
        list(stream.add(5 * DAY + number * 60, [KEY], 1000 + number, "first"))
    list(usual(stream, hours / 24, 5 * DAY + HOUR))
    found = [
        one for n in range(14) for one in stream.add(5 * DAY + (1 + hours) * HOUR + n * 20, [KEY], 2000 + n, "second")
    ]
    found += stream.advance(5 * DAY + (1.5 + hours) * HOUR)
    assert [one.stories[0] for one in found] == [("second", 14)] * shown
