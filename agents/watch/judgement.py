"""The rules by which a match is raised or held back: quiet hours, cool-down, limit and bursts."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from agents.watch.records import BY_STORY, MatchRecord, RaisedOn, WatchState, seconds
from agents.watch.stories import Stories
from streams.records import Burst, BurstCount, HeldBackReason, QuietHours, WatchRecord

#: Alerts that a digest holds; what comes after is counted as suppressed.
MAX_HELD = 200

#: Slots that a burst's window is counted in.
SLOTS_PER_WINDOW = 4

#: Windows that must have been observed before a burst can be distinguished from the usual.
MIN_OBSERVED_WINDOWS = 4

HOUR = timedelta(hours=1)

#: How long after an alert a watch on events holds back what other languages tell of its event.
RELATED = timedelta(hours=48)


class WatchOutcome(StrEnum):
    """Outcome of a match."""

    RAISED = "raised"
    HELD = "held"
    LATE = "late"
    REPEAT = "repeat"
    NO_BURST = "no_burst"
    QUIET = "quiet"
    COOL_DOWN = "cool_down"
    LIMIT = "limit"
    WAITING = "waiting"
    DIGEST = "digest"


#: Outcomes that the next alert counts as suppressed, and the reasons that it gives for them.
HELD_BACK: dict[str, HeldBackReason] = {
    WatchOutcome.QUIET: "quiet",
    WatchOutcome.COOL_DOWN: "cool_down",
    WatchOutcome.LIMIT: "limit",
}


def judge(state: WatchState, match: MatchRecord, identifier: str, now: datetime, stories: Stories) -> WatchOutcome:
    """Return the outcome of an alert that the watch would raise."""
    record = match.watch
    if bytes.fromhex(identifier) in state.raised or is_told(state, match, stories):
        return WatchOutcome.REPEAT
    if record.severity != "critical" and in_quiet_hours(record.quiet_hours, now):
        assert record.quiet_hours
        return WatchOutcome.HELD if record.quiet_hours.digest and len(state.held) < MAX_HELD else WatchOutcome.QUIET
    if is_cooling_down(state, record, now) and not is_another_story(state, match, now, stories):
        return WatchOutcome.COOL_DOWN
    if alerted_as(state, match, now, stories) is not None:
        return WatchOutcome.COOL_DOWN
    if record.limit_per_hour and sum(is_near(at, now, HOUR) for at in state.raised_at) >= record.limit_per_hour:
        return WatchOutcome.LIMIT
    return WatchOutcome.RAISED


def is_told(state: WatchState, match: MatchRecord, stories: Stories) -> bool:
    """Say whether a watch on stories has alerted on this one under another id.

    The story of that alert was not known then, or has been merged since.
    """
    if match.watch.each not in BY_STORY or match.watch.burst:
        return False
    story = stories.resolved(match.story) if match.story is not None else None
    for each in state.raised_on:
        if each.story is not None and each.story == match.story:
            continue  # the alert's id tells
        if each.article == match.article.id or (story is not None and alerted_story(each, stories) == story):
            return True
    return False


def cool_down(record: WatchRecord) -> timedelta:
    """Return the silence after an alert of a watch; after a burst, its window at least."""
    length = seconds(record.cool_down)
    return timedelta(seconds=max(length, seconds(record.burst.window)) if record.burst else length)


def is_cooling_down(state: WatchState, record: WatchRecord, now: datetime) -> bool:
    """Say whether the silence after the watch's last alert lasts."""
    return state.last_raised_at is not None and is_near(state.last_raised_at, now, cool_down(record))


def is_near(at: datetime, now: datetime, length: timedelta) -> bool:
    """Say whether a time is less than a length away, before or after now.

    One that lies far ahead was noted by a clock that was wrong: a watch would be silent until then.
    """
    return abs(now - at) < length


def is_another_story(state: WatchState, match: MatchRecord, now: datetime, stories: Stories) -> bool:
    """Say whether a match is surely of another story than each alert that the watch is silent after."""
    if match.story is None or match.watch.burst:
        return False
    recent = [each for each in state.raised_on if is_near(each.at, now, cool_down(match.watch))]
    alerted = {alerted_story(each, stories) for each in recent}
    return bool(recent) and None not in alerted and stories.resolved(match.story) not in alerted


def alerted_as(state: WatchState, match: MatchRecord, now: datetime, stories: Stories) -> str | None:
    """Return the story of another language, related to the match's, on which the watch has alerted; the latest.

    A watch on events holds the match back for it for two days, or as long as it cools down if that is longer.
    """
    if match.watch.each != "event" or match.watch.burst or match.story is None:
        return None
    related, length = stories.related(match.story), max(cool_down(match.watch), RELATED)
    for each in reversed(state.raised_on):
        story = alerted_story(each, stories)
        if story in related and is_near(each.at, now, length):
            return story
    return None


def alerted_story(alert: RaisedOn, stories: Stories) -> str | None:
    """Return the story of an alert as it is now; None where it is not known."""
    story = alert.story or stories.story_of(alert.article)
    return stories.resolved(story) if story is not None else None


def in_quiet_hours(quiet: QuietHours | None, now: datetime) -> bool:
    """Say whether `now` is in the quiet hours, by the clock of their time zone; they may run over midnight."""
    if quiet is None:
        return False
    clock = now.astimezone(ZoneInfo(quiet.timezone)).strftime("%H:%M")
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def count(state: WatchState, burst: Burst, at: datetime, now: datetime) -> BurstCount | None:
    """Count a match at `at` (when the article was fetched); return the counts if that makes a burst, else None.

    One from before the baseline is not counted: the watch would seem to have been counting since then. Usual is the mean
    of the windows before this one, over the baseline or as long as the watch has been counting.
    """
    window, baseline = seconds(burst.window), seconds(burst.baseline)
    if now - at > timedelta(seconds=window + baseline):
        return None
    slot = max(window // SLOTS_PER_WINDOW, 1)
    end = int(at.timestamp())
    begin = end // slot * slot
    state.counts[begin] = state.counts.get(begin, 0) + 1
    state.since = min(state.since or at, at)
    state.counts = {start: many for start, many in state.counts.items() if start > end - window - baseline}
    counted = sum(many for start, many in state.counts.items() if end - window < start <= end)
    before = sum(many for start, many in state.counts.items() if start <= end - window)
    observed = min(baseline, end - window - int(state.since.timestamp())) / window
    if observed < MIN_OBSERVED_WINDOWS:
        return None
    usual = before / observed
    if counted < max(burst.count, burst.ratio * usual):
        return None
    return BurstCount(count=counted, usual=round(usual, 3), window_seconds=window)
