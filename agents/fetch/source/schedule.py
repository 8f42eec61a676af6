"""Schedule: when a source is polled next.

Half the median gap between its articles, between 5 minutes and 24 hours; never sooner than the server asks for (`ttl`,
`sy:updatePeriod`, `max-age`, `Expires`: a day at most), never in its skip hours and days, not within an hour where its
validators do not work, and with a tenth of jitter, so that sources added together do not stay together. What a server says
of its own feed is believed only as a wish for fewer polls. A source whose hub tells us of its news is polled a quarter as
often. A feed that shows few entries for a short time is polled before half of them are gone, validators or not.
"""

import math
from dataclasses import dataclass
from random import Random

from agents.fetch.settings import FetchSettings
from agents.fetch.source import websub
from agents.fetch.source.rhythm import DAY, median_gap, weekday
from agents.fetch.source.state import PollState

HOUR = 3600.0
#: When a gone source is due, and how far off any other may be: what a state puts off further is none of ours.
NEVER, MOST_AHEAD_SECONDS = 1e12, 9 * DAY
JITTER = 0.1
#: What is polled while nothing is known of its rhythm.
UNKNOWN_GAP_SECONDS = HOUR
#: The longest that a server's wishes keep a source waiting.
MOST_ASKED_SECONDS = DAY
#: A silent source is asked less often: after a tenth of its silence.
SILENCE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest interval, in seconds, and the shortest for a source without working validators."""

    least: float = 300.0
    most: float = DAY
    without_validators: float = HOUR


def bounds_of(settings: FetchSettings, least: float | None = None, most: float | None = None) -> Bounds:
    """Return the bounds by the settings. `least`, `most`: a source's own, in seconds, where its owner set them."""
    shortest = least or settings.min_interval_seconds
    return Bounds(
        shortest,
        max(most or settings.max_interval_seconds, shortest),
        least or max(settings.unvalidated_interval_seconds, shortest),
    )


def interval(state: PollState, bounds: Bounds, now: float) -> float:
    """Return the seconds until the next poll by the source's rhythm and its server's wishes, without jitter."""
    wished = UNKNOWN_GAP_SECONDS / 2
    if (gap := median_gap(state.rhythm)) is not None:
        silent = now - state.rhythm.minutes[-1] * 60.0
        wished = max(gap / 2, silent * SILENCE_SHARE)
    if websub.works(state, now):
        wished *= websub.SLOWER
    least = bounds.least
    if state.renewed_at and state.renewed_at >= state.last_poll_at:
        wished = least  # faster than its rhythm so far: entries may be gone unseen
    elif state.last_good_at and (state.distrust_until > now or not (state.etag or state.last_modified)):
        shown = state.entries * (gap or 0.0) or math.inf
        least = max(least, min(bounds.without_validators, shown / 2))
    asked = min(max(state.ttl_seconds, state.fresh_seconds), MOST_ASKED_SECONDS)
    return max(min(max(wished, least), bounds.most), asked)


def failed_interval(state: PollState, bounds: Bounds) -> float:
    """Return the seconds until a poll is tried again after failures: twice as long with each, a day at most."""
    doubled = bounds.least * math.pow(2.0, min(state.failures, 16.0))
    return min(doubled, max(bounds.most, bounds.least), DAY)


def next_at(state: PollState, bounds: Bounds, now: float, chance: Random) -> float:
    """Return when a source is polled next, with jitter and outside of its skip hours."""
    seconds = failed_interval(state, bounds) if state.failures else interval(state, bounds, now)
    asked = min(max(state.ttl_seconds, state.fresh_seconds), MOST_ASKED_SECONDS)
    spread = seconds * (1 + chance.uniform(-JITTER, JITTER))
    return not_skipped(now + max(spread, asked, bounds.least), state.skip_hours, state.skip_days)


def within(at: float, now: float) -> float:
    """Return the due time of a poll by its state; `now` for one that is further off than any poll is put off."""
    return now if now + MOST_AHEAD_SECONDS < at < NEVER else at


def first_at(now: float, chance: Random, spread_seconds: float) -> float:
    """Return when a new source is polled for the first time: soon, but not all of a long list at once."""
    return now + chance.uniform(0.0, spread_seconds)


def not_skipped(at: float, hours: int, days: int) -> float:
    """Return the first time from `at` on that lies in no skip hour (bits of 0 to 23, GMT) and on no skip day.

    A feed that skips every hour or every day skips none: it would never be polled.
    """
    hours = 0 if hours == (1 << 24) - 1 else hours
    days = 0 if days == (1 << 7) - 1 else days
    for _ in range(24 * 8):
        if days >> weekday(at) & 1:
            at = (at // DAY + 1) * DAY
        elif hours >> int(at // HOUR % 24) & 1:
            at = (at // HOUR + 1) * HOUR
        else:
            break
    return at


def bits(numbers: frozenset[int]) -> int:
    """Return a set of small numbers as the bits of one."""
    return sum(1 << number for number in numbers if 0 <= number < 31)
