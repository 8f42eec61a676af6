"""The week: days that differ from others are usual, and a quiet time is no outage."""

import itertools
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from agents.trends.counting import Stream
from agents.trends.key_state import WHOLE, encoder
from agents.trends.life import Burst
from agents.trends.week import Week

HOUR = 3600.0
DAY = 24 * HOUR
#: The fifth of January 1970, the fourth day from the first on; the sixth day of a week.
MONDAY, SATURDAY = 4, 5
MATCHES, PARLIAMENT = "NO medtop:15000000", "NO medtop:11000000"


def stream_of(hours: int, many: Callable[[int], int]) -> Stream:
    """Return a stream that has had so many hours from a Monday on, each with so many articles on parliament."""
    stream = Stream(6.0, 100)
    for hour in range(hours):
        for number in range(many(hour)):
            list(stream.add(MONDAY * DAY + hour * HOUR + number * HOUR / 40, [PARLIAMENT], number % 5, ""))
    return stream


def reports(stream: Stream, at: float) -> list[Burst]:
    """Let fourteen sources report on matches within an hour; return the bursts of the next four."""
    found = [stream.add(at + number * 240, [MATCHES], 1000 + number, "en-1") for number in range(14)]
    return [*itertools.chain(*found), *stream.advance(at + 4 * HOUR)]


def business(hour: int) -> int:
    """Return the articles of an hour: at weekends a sixth."""
    return 4 if hour // 24 % 7 >= 5 else 24


def day_of_matches(stream: Stream, day: int, *, played: bool) -> list[Burst]:
    """Let a day pass on which every hour has nine articles on parliament, and ten hours four on matches, where any is played."""
    found: list[Burst] = []
    for hour in range(24):
        keys = [PARLIAMENT] * 9 + ([MATCHES] * 4 if played and 10 <= hour < 20 else [])
        for number, key in enumerate(keys):
            found += stream.add((MONDAY + day) * DAY + hour * HOUR + number, [key], 20 * hour + number, "")
    return [burst for burst in found if burst.key == MATCHES]


@pytest.mark.parametrize(("day", "shown"), [(26, False), (29, True)])
def test_matches_of_each_saturday_are_no_trend_once_the_week_is_known(day: int, *, shown: bool) -> None:
    """After three Saturdays of matches the fourth is as usual; on a Tuesday as many reports are a trend."""
    stream = Stream(6.0, 100)
    for past in range(day):
        day_of_matches(stream, past, played=past % 7 == 5)
    assert bool(day_of_matches(stream, day, played=True)) is shown


def test_a_quiet_weekend_silences_no_trend() -> None:
    """Of business news a sixth comes at weekends; a burst on the third Sunday is told."""
    stream = stream_of(20 * 24 + 10, business)
    assert reports(stream, (MONDAY + 20) * DAY + 10 * HOUR)


@pytest.mark.parametrize(("hour", "told"), [(3, False), (11, True)])
def test_a_holiday_silences_trends_for_its_first_hours_alone(hour: int, *, told: bool) -> None:
    """With a fifth of the articles the stream may be broken at three; at eleven it is a quiet day."""
    stream = stream_of(4 * 24 + hour, lambda past: 8 if past >= 4 * 24 else 40)
    assert bool(reports(stream, (MONDAY + 4) * DAY + hour * HOUR)) is told


def test_the_week_and_the_holiday_are_known_after_a_restart() -> None:
    """A worker that begins anew expects as much of the day, and says no less."""
    stream = stream_of(20 * 24 + 10, business)
    restored = Stream(6.0, 100)
    for key in stream.rows:
        restored.restore(key, stream.kept(key))
    assert abs(restored.standing - stream.standing) < 1e-9
    at = (MONDAY + 20) * DAY + 10 * HOUR
    expected = [round(one.expected, 1) for one in reports(stream, at)]
    assert [round(one.expected, 1) for one in reports(restored, at)] == expected


def test_the_state_of_an_older_worker_has_no_rhythm() -> None:
    """It ends with the stories; each day is as usual then, and the stream as well."""
    stream = stream_of(8 * 24, business)
    for key in (WHOLE, PARLIAMENT):
        fields = msgspec.msgpack.decode(stream.kept(key))[:9]
        old = Stream(6.0, 100)
        old.restore(key, encoder.encode(fields))
        row = old.rows[key]
        assert set(old.baseline.week.levels[row].tolist()) == {old.baseline.level[row]}
        assert old.standing == 1.0


def test_a_key_of_few_articles_has_no_rhythm() -> None:
    """One article on one day makes no rhythm of a week; a hundred each Saturday do."""
    week = Week(3)
    week.levels[0] = 10.0
    week.levels[1, SATURDAY], week.levels[2, SATURDAY] = 1 / 96, 100 / 24
    few, many = np.broadcast_to(week.factors(np.array([1, 2]), SATURDAY, 10_000), 2).tolist()
    assert few == 1.0
    assert many > 4
