"""The decision whether a match becomes an alert, and the memory of a watch that it rests on.

In this order: a late article raises nothing unless the watch asks for it (`late`); what was decided once is decided so
again (a replay); a burst condition not met (`no_burst`); an alert raised already for the same article, group or story
(`repeat`); quiet hours (`held` for the digest, else `quiet`); `cool_down`; `limit`; else `raised`.

All matches of one watch must come to one `Throttle`: key them by the watch's name. Its state can be written after each
decision (`snapshot`) and taken up by another worker (`restore`).
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from agents.watch.alerts import alert, alert_id, burst_id, digest_alert, held_back, is_late
from agents.watch.files import MAX_BASELINE_WINDOWS
from agents.watch.records import MatchRecord, PastDecision, WatchState, seconds
from streams.errors import InvalidRecord
from streams.ids import digest
from streams.records import (
    MAX_LIMIT_PER_HOUR,
    Alert,
    AlertItem,
    Burst,
    BurstCount,
    HeldBackReason,
    QuietHours,
    WatchRecord,
)

#: Decisions and alert ids that a watch remembers: no fewer than messages are settled together (`streams.worker`), so
#: that all that may come again after a crash is remembered. A state is then 15 kB, and written with each decision.
MAX_REMEMBERED = 256

#: Alerts that a digest holds; what comes after is counted as suppressed.
MAX_HELD = 200

#: Slots that a burst's window is counted in.
SLOTS_PER_WINDOW = 4
#: Slots that a state may hold: those of the longest baseline, and of a longer one before the watch was changed.
MAX_COUNTS = 2 * SLOTS_PER_WINDOW * MAX_BASELINE_WINDOWS

#: Windows that must have been observed before a burst can be told from the usual.
MIN_OBSERVED_WINDOWS = 4

HOUR = timedelta(hours=1)


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(WatchState)


class Outcome(StrEnum):
    """What became of a match."""

    RAISED = "raised"
    HELD = "held"
    LATE = "late"
    REPEAT = "repeat"
    NO_BURST = "no_burst"
    QUIET = "quiet"
    COOL_DOWN = "cool_down"
    LIMIT = "limit"
    DIGEST = "digest"


#: Outcomes that the next alert counts as suppressed, and the reasons that it gives for them.
HELD_BACK: dict[str, HeldBackReason] = {
    Outcome.QUIET: "quiet",
    Outcome.COOL_DOWN: "cool_down",
    Outcome.LIMIT: "limit",
}

#: Matches that the next alert names among those that were held back, the latest ones.
MAX_HELD_BACK = 10
#: Past alerts of which a replay names them too.
MAX_NAMED_AGAIN = 4


@dataclass(frozen=True)
class Decision:
    """The outcome, the alert if one is raised, whether it was decided before, and whether the watch's state changed."""

    outcome: Outcome
    alert: Alert | None = None
    replay: bool = False
    changed: bool = False


class Throttle:
    """What each watch remembers. Times are given, never read from a clock."""

    def __init__(self) -> None:
        self._states: dict[str, WatchState] = {}

    def __len__(self) -> int:
        return len(self._states)

    def partition(self, name: str) -> int:
        """Return the partition that a watch's state belongs to; -1 where it has none."""
        state = self._states.get(name)
        return state.partition if state else -1

    def decide(self, match: MatchRecord, *, now: datetime, partition: int = 0) -> Decision:
        """Decide on one match at time `now`; the watch's state belongs to `partition` of the matches.

        The same fetch of an article decided again gives the same outcome and the same alert.
        """
        if is_late(match.article) and not match.watch.backfill:
            return Decision(Outcome.LATE)
        state = self._states.setdefault(match.watch.name, WatchState())
        state.partition = partition
        fetch = bytes.fromhex(digest(match.fetch)[:16])
        before = state.decided.get(fetch)
        decided = before or self._decide_anew(state, match, now)
        if before is None:
            remember(state.decided, fetch, decided)
            if decided.outcome == Outcome.HELD:
                state.held.append(held(match, decided))
        outcome = Outcome(decided.outcome)
        if outcome is not Outcome.RAISED:
            return Decision(outcome, replay=before is not None, changed=before is None)
        raised = alert(
            match,
            identifier=decided.burst_id or alert_id(match),
            raised_at=decided.at,
            suppressed=decided.suppressed,
            held_back=decided.held_back,
            burst=decided.burst,
        )
        return Decision(outcome, raised, replay=before is not None, changed=before is None)

    def due(self, watches: Iterable[WatchRecord], *, now: datetime, partitions: Container[int] = (0,)) -> list[Alert]:
        """Return the digests of the watches whose quiet hours are over, and let go of what they held.

        Only of watches whose state belongs to one of `partitions`: the others are another worker's.
        """
        found = []
        for watch in watches:
            state = self._states.get(watch.name)
            if state and state.held and state.partition in partitions and not in_quiet_hours(watch.quiet_hours, now):
                found.append(
                    digest_alert(
                        watch, state.held, raised_at=now, suppressed=state.suppressed, held_back=state.held_back
                    )
                )
                state.held = []
                note_raised(state, now)
        return found

    def snapshot(self, name: str) -> bytes | None:
        """Return what a watch remembers, as bytes for `restore`; None where there is nothing."""
        state = self._states.get(name)
        return encoder.encode(state) if state else None

    def restore(self, name: str, value: bytes | None) -> None:
        """Take up what a watch remembered; None forgets it. Raise `InvalidRecord` for bytes that are no state."""
        if value is None:
            self._states.pop(name, None)
        else:
            self._states[name] = read_state(name, value)

    def _decide_anew(self, state: WatchState, match: MatchRecord, now: datetime) -> PastDecision:
        record, identifier, burst = match.watch, alert_id(match), None
        if record.burst:
            burst = count(state, record.burst, match.article.fetched_at)
            if burst is None:
                return PastDecision(outcome=Outcome.NO_BURST, at=now)
            identifier = burst_id(record, match.article.fetched_at, burst.window_seconds)
        outcome = judge(state, record, identifier, now)
        decided = PastDecision(
            outcome=outcome, at=now, suppressed=state.suppressed, burst_id=identifier if burst else "", burst=burst
        )
        if outcome in HELD_BACK:
            state.suppressed += 1
            state.held_back = [*state.held_back, held_back(match, HELD_BACK[outcome], now)][-MAX_HELD_BACK:]
        elif outcome is Outcome.HELD:
            remember(state.raised, bytes.fromhex(identifier), None)
        elif outcome is Outcome.RAISED:
            remember(state.raised, bytes.fromhex(identifier), None)
            decided.held_back = state.held_back
            forget_names(state)
            note_raised(state, now)
        return decided


def read_state(name: str, value: bytes) -> WatchState:
    """Return what a watch remembered; raise `InvalidRecord` for bytes that are no state."""
    try:
        state = decoder.decode(value)
        for decided in state.decided.values():
            Outcome(decided.outcome)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InvalidRecord("invalid_record", f"state of watch {name[:100]!r}: {error}") from error
    if len(state.counts) > MAX_COUNTS or max(len(state.decided), len(state.raised)) > 2 * MAX_REMEMBERED:
        raise InvalidRecord("invalid_record", f"state of watch {name[:100]!r}: more than is ever kept")
    return state


def judge(state: WatchState, record: WatchRecord, identifier: str, now: datetime) -> Outcome:
    """Return what becomes of an alert that the watch would raise."""
    if bytes.fromhex(identifier) in state.raised:
        return Outcome.REPEAT
    if record.severity != "critical" and in_quiet_hours(record.quiet_hours, now):
        assert record.quiet_hours
        return Outcome.HELD if record.quiet_hours.digest and len(state.held) < MAX_HELD else Outcome.QUIET
    cool_down = seconds(record.cool_down)
    if record.burst:
        cool_down = max(cool_down, seconds(record.burst.window))
    if state.last_raised_at and now - state.last_raised_at < timedelta(seconds=cool_down):
        return Outcome.COOL_DOWN
    if record.limit_per_hour and sum(at > now - HOUR for at in state.raised_at) >= record.limit_per_hour:
        return Outcome.LIMIT
    return Outcome.RAISED


def in_quiet_hours(quiet: QuietHours | None, now: datetime) -> bool:
    """Say whether `now` is in the quiet hours, by the clock of their time zone; they may run over midnight."""
    if quiet is None:
        return False
    clock = now.astimezone(ZoneInfo(quiet.timezone)).strftime("%H:%M")
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def count(state: WatchState, burst: Burst, at: datetime) -> BurstCount | None:
    """Count a match at `at` (when the article was fetched); return the counts if that makes a burst, else None.

    Usual is the mean of the windows before this one, over the baseline or as long as the watch has been counting.
    """
    window, baseline = seconds(burst.window), seconds(burst.baseline)
    slot = max(window // SLOTS_PER_WINDOW, 1)
    now = int(at.timestamp())
    begin = now // slot * slot
    state.counts[begin] = state.counts.get(begin, 0) + 1
    state.since = min(state.since or at, at)
    state.counts = {start: many for start, many in state.counts.items() if start > now - window - baseline}
    counted = sum(many for start, many in state.counts.items() if now - window < start <= now)
    before = sum(many for start, many in state.counts.items() if start <= now - window)
    observed = min(baseline, now - window - int(state.since.timestamp())) / window
    if observed < MIN_OBSERVED_WINDOWS:
        return None
    usual = before / observed
    if counted < max(burst.count, burst.ratio * usual):
        return None
    return BurstCount(count=counted, usual=round(usual, 3), window_seconds=window)


def held(match: MatchRecord, decided: PastDecision) -> AlertItem:
    """Return what the digest will say of a match."""
    return AlertItem(
        id=decided.burst_id or alert_id(match),
        article=match.article,
        story=match.story,
        spans=match.spans,
        held_at=decided.at,
    )


def note_raised(state: WatchState, now: datetime) -> None:
    """Start the cool-down, count towards the hour's limit, and let go of all that was held back: the alert names it."""
    state.last_raised_at = now
    state.raised_at = ([at for at in state.raised_at if at > now - HOUR] + [now])[-MAX_LIMIT_PER_HOUR:]
    state.suppressed = 0
    state.held_back = []


def forget_names(state: WatchState) -> None:
    """Keep the names of matches held back with the latest decisions only: each has a kilobyte of them."""
    named = [decided for decided in state.decided.values() if decided.held_back]
    for decided in named[: max(len(named) - MAX_NAMED_AGAIN, 0)]:
        decided.held_back = []


def remember(newest: dict[bytes, Any], key: bytes, value: object) -> None:
    """Add to a dictionary that keeps its newest entries only."""
    newest[key] = value
    for old in list(islice(newest, max(len(newest) - MAX_REMEMBERED, 0))):
        del newest[old]
