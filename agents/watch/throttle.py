"""The decision whether a match becomes an alert, and the memory of a watch that it rests on.

In this order: a late article raises nothing unless the watch asks for it (`late`); a past decision is repeated (a
replay); a burst condition not met (`no_burst`); an alert raised already for the same article, group or story
(`repeat`); quiet hours (`held` for the digest, else `quiet`); a mute (`quiet`); `cool_down`; `limit`; else `raised`.

Where stories are known (`agents.watch.stories`), cool-down holds for the story of an earlier alert and not for others, and a
watch on events takes related stories of other languages for one. A match whose decision depends on its story is put off
(`waiting`) until the story is known, or as large as the watch wants it, and decided then (`decide_waiting`). Where no story
comes in time, it is decided without.

All matches of one watch must come to one `Throttle`: key them by the watch's name. Its state can be written after each
decision (`snapshot`) and taken up by another worker (`restore`).
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec

from agents.watch.alerts import alert, alert_id, burst_id, digest_alert, held_back
from agents.watch.errors import QueryError
from agents.watch.files import MAX_BASELINE_WINDOWS
from agents.watch.judgement import (
    HELD_BACK,
    HOUR,
    SLOTS_PER_WINDOW,
    WatchOutcome,
    alerted_as,
    count,
    in_quiet_hours,
    is_cooling_down,
    is_near,
    judge,
)
from agents.watch.language.parse import parse
from agents.watch.language.query import StoryCondition, story_conditions
from agents.watch.mutes import Mutes
from agents.watch.records import BY_STORY, MatchRecord, PastDecision, RaisedOn, WaitingMatch, WatchState
from agents.watch.stories import Stories
from streams.backfill import is_backfill
from streams.errors import InvalidRecord
from streams.ids import digest
from streams.records import (
    MAX_LIMIT_PER_HOUR,
    Alert,
    AlertItem,
    WatchRecord,
    decode,
    encode,
    to_utc,
    unpacked,
)
from streams.topics import MIB

#: Decisions and alert ids that a watch remembers: no fewer than messages are settled together (`streams.worker.chunks`: up
#: to 255 and a chunk more), so that after a crash each alert is raised again of which nobody has been told. A state is then
#: 15 kB, and written with each decision.
MAX_REMEMBERED = 320

#: Slots that a state may hold: those of the longest baseline, and of a longer one before the watch was changed.
MAX_COUNTS = 2 * SLOTS_PER_WINDOW * MAX_BASELINE_WINDOWS

#: How long a match waits until its story is known.
STORY_KNOWN_AFTER = timedelta(seconds=30)
#: How long it waits until the story is as large as the watch wants it.
STORY_LARGE_AFTER = timedelta(hours=72)
#: Most matches of one watch that wait, one a story and the latest; a state is written with each of its decisions.
MAX_WAITING = 50
#: Most bytes of them: each holds the watch, whose query may be a list of a thousand names.
MAX_WAITING_BYTES = 2 * MIB
#: Alerts of a watch whose stories are cooled down.
MAX_RAISED_ON = 64


#: Outcomes in place of which a muted watch is quiet.
MUTABLE = (WatchOutcome.RAISED, WatchOutcome.COOL_DOWN, WatchOutcome.LIMIT)


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(WatchState)


#: Matches that the next alert names among those that were held back, the latest ones.
MAX_HELD_BACK = 10
#: Past alerts of which a replay names them too.
MAX_NAMED_AGAIN = 4


@dataclass(frozen=True)
class Decision:
    """The outcome, the alert if one is raised, whether it was decided before, and whether the watch's state changed."""

    outcome: WatchOutcome
    alert: Alert | None = None
    replay: bool = False
    changed: bool = False


class Throttle:
    """Memory of all watches, and their decisions. Times are given, never read from a clock."""

    def __init__(self, stories: Stories | None = None, mutes: Mutes | None = None) -> None:
        self._states: dict[str, WatchState] = {}
        self._mutes = mutes if mutes is not None else Mutes()
        self._stories = stories if stories is not None else Stories()
        self._looked_at: dict[str, datetime] = {}

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
        if is_backfill(match.article) and not match.watch.backfill:
            return Decision(WatchOutcome.LATE)
        state = self._states.setdefault(match.watch.name, WatchState())
        state.partition = partition
        fetch = fetch_key(match)
        before = state.decided.get(fetch)
        if before is not None:
            return self._answer(match, before, replay=True)
        match.story = match.story or self._stories.story_of(match.article.id)
        if self._waits(state, match, now):
            wait(state, match, now)
            remember(state.decided, fetch, PastDecision(outcome=WatchOutcome.WAITING, at=now))
            return Decision(WatchOutcome.WAITING, changed=True)
        return self._answer(match, self._decide_and_remember(state, match, fetch, now))

    def decide_waiting(self, *, now: datetime, partitions: Container[int] = (0,)) -> list[tuple[str, Decision]]:
        """Decide on the matches whose story has become known or large enough, or did not in time.

        Called now and then: all of a watch's are looked at when a story of theirs has news, and once in a while.
        """
        changed = self._stories.take_changed()
        found: list[tuple[str, Decision]] = []
        for name, state in self._states.items():
            if (
                not state.waiting
                or state.partition not in partitions
                or not self._may_be_decided(name, state, changed, now)
            ):
                continue
            still: list[WaitingMatch] = []
            for waiting in state.waiting:
                match = decode(waiting.match, MatchRecord)
                match.story = waiting.story or self._stories.story_of(match.article.id)
                if self._waits(state, match, now, since=waiting.since):
                    still.append(WaitingMatch(since=waiting.since, match=waiting.match, story=match.story))
                    continue
                if not self._is_large_enough(match, has_waited=True):
                    continue  # it never became so large
                decided = self._decide_and_remember(state, match, fetch_key(match), now)
                found.append((name, self._answer(match, decided)))
            state.waiting = still
        return found

    def _may_be_decided(self, name: str, state: WatchState, changed: set[str], now: datetime) -> bool:
        """Return whether a match of a watch that waits is worth looking at: its story has news, or some time has passed."""
        stories = {waiting.story for waiting in state.waiting}
        if not changed.isdisjoint(stories) or (None in stories and changed):
            return True
        if is_near(self._looked_at.get(name, now - HOUR), now, STORY_KNOWN_AFTER / 2):
            return False
        self._looked_at[name] = now
        return True

    def _waits(self, state: WatchState, match: MatchRecord, now: datetime, since: datetime | None = None) -> bool:
        """Return whether a match is decided later: its story decides, and is not known or not large enough yet."""
        record, waited = match.watch, abs(now - (since or now))
        if record.burst:
            return False
        if waited < STORY_LARGE_AFTER and not self._is_large_enough(match, has_waited=since is not None):
            return True
        if not len(self._stories):
            return False
        decides = record.each in BY_STORY or is_cooling_down(state, record, now)
        return match.story is None and not match.trend and decides and waited < STORY_KNOWN_AFTER

    def _is_large_enough(self, match: MatchRecord, *, has_waited: bool) -> bool:
        """Return whether the match's story is as large as the watch wants it; no, where none is known since a restart."""
        conditions = conditions_of(match.watch.query)
        if not conditions:
            return True
        if match.story is not None and not len(self._stories) and not has_waited:
            return True  # the article's record had its story, and the query has looked at it
        story = self._stories.get(match.story) if match.story else None
        return story is not None and all(
            each.holds(story.articles, story.sources, story.growth, 1 + len(story.related)) for each in conditions
        )

    def _decide_and_remember(self, state: WatchState, match: MatchRecord, fetch: bytes, now: datetime) -> PastDecision:
        decided = self._decide_anew(state, match, now)
        remember(state.decided, fetch, decided)
        if decided.outcome == WatchOutcome.HELD:
            state.held.append(digest_item(match, decided))
        return decided

    @staticmethod
    def _answer(match: MatchRecord, decided: PastDecision, *, replay: bool = False) -> Decision:
        """Return a decision with its alert, if it raised one."""
        outcome = WatchOutcome(decided.outcome)
        if outcome is not WatchOutcome.RAISED:
            return Decision(outcome, replay=replay, changed=not replay)
        match.story = decided.story or match.story
        raised = alert(
            match,
            identifier=decided.burst_id or alert_id(match),
            raised_at=decided.at,
            suppressed=decided.suppressed,
            held_back=decided.held_back,
            burst=decided.burst,
        )
        return Decision(outcome, raised, replay=replay, changed=not replay)

    def due(self, watches: Iterable[WatchRecord], *, now: datetime, partitions: Container[int] = (0,)) -> list[Alert]:
        """Return the digests of the watches whose quiet hours, and mute, are over, and forget their items.

        Only of watches whose state belongs to one of `partitions`: the others are another worker's.
        """
        found = []
        for watch in watches:
            state = self._states.get(watch.name)
            if not state or not state.held or state.partition not in partitions:
                continue
            if not in_quiet_hours(watch.quiet_hours, now) and self._mutes.until(watch.name, now) is None:
                found.append(
                    digest_alert(
                        watch, state.held, raised_at=now, suppressed=state.suppressed, held_back=state.held_back
                    )
                )
                state.held = []
                note_raised(state, now)
        return found

    def snapshot(self, name: str) -> bytes | None:
        """Return the state of a watch as bytes for `restore`; None if it has none."""
        state = self._states.get(name)
        return encoder.encode(state) if state else None

    def restore(self, name: str, value: bytes | None) -> None:
        """Restore the state of a watch; None forgets it. Raise `InvalidRecord` for bytes that are no state."""
        if value is None:
            self._states.pop(name, None)
        else:
            self._states[name] = read_state(name, value)

    def _decide_anew(self, state: WatchState, match: MatchRecord, now: datetime) -> PastDecision:
        record, identifier, burst = match.watch, alert_id(match), None
        if record.burst:
            at = min(match.article.fetched_at, now)  # a time in the future would end all windows before it
            burst = count(state, record.burst, at, now)
            if burst is None:
                return PastDecision(outcome=WatchOutcome.NO_BURST, at=now)
            identifier = burst_id(record, at, burst.window_seconds)
        outcome, muted_until = judge(state, match, identifier, now, self._stories), None
        if outcome in MUTABLE and (muted_until := self._mutes.until(record.name, now)) is not None:
            outcome = WatchOutcome.QUIET
        decided = PastDecision(
            outcome=outcome,
            at=now,
            suppressed=state.suppressed,
            burst_id=identifier if burst else "",
            burst=burst,
            story=match.story,
        )
        if outcome in HELD_BACK:
            state.suppressed += 1
            told_as = alerted_as(state, match, now, self._stories) if outcome is WatchOutcome.COOL_DOWN else None
            if told_as is not None:  # each language is named once
                remember(state.raised, bytes.fromhex(identifier), None)
            state.held_back = [*state.held_back, held_back(match, HELD_BACK[outcome], now, muted_until, told_as)]
            state.held_back = state.held_back[-MAX_HELD_BACK:]
        elif outcome is WatchOutcome.HELD:
            remember(state.raised, bytes.fromhex(identifier), None)
        elif outcome is WatchOutcome.RAISED:
            remember(state.raised, bytes.fromhex(identifier), None)
            decided.held_back = state.held_back
            forget_names(state)
            note_raised(state, now)
            raised_on = RaisedOn(at=now, article=match.article.id, story=match.story)
            state.raised_on = [*state.raised_on, raised_on][-MAX_RAISED_ON:]
        return decided


def read_state(name: str, value: bytes) -> WatchState:
    """Decode the state of a watch; raise `InvalidRecord` for bytes that are none."""
    try:
        state = unpacked(decoder, value)
        to_utc(state)
        for decided in state.decided.values():
            WatchOutcome(decided.outcome)
        for waiting in state.waiting:
            decode(waiting.match, MatchRecord)
    except (ValueError, InvalidRecord) as error:  # msgspec's errors are among the former
        raise InvalidRecord("invalid_record", f"state of watch {name[:100]!r}: {error}") from error
    kept = max(len(state.decided), len(state.raised), len(state.waiting), len(state.raised_on), len(state.held_back))
    if len(state.counts) > MAX_COUNTS or kept > 2 * MAX_REMEMBERED:
        raise InvalidRecord("invalid_record", f"state of watch {name[:100]!r}: more than is ever kept")
    return state


def wait(state: WatchState, match: MatchRecord, now: datetime) -> None:
    """Put a match off, in place of an earlier one of the same story."""
    others = [each for each in state.waiting if match.story is None or each.story != match.story]
    state.waiting = [*others, WaitingMatch(since=now, match=encode(match), story=match.story)][-MAX_WAITING:]
    while len(state.waiting) > 1 and sum(len(waiting.match) for waiting in state.waiting) > MAX_WAITING_BYTES:
        del state.waiting[0]


@lru_cache(maxsize=4096)
def conditions_of(query: str) -> tuple[StoryCondition, ...]:
    """Return the conditions of a watch's query on the story; none where it cannot be read."""
    if "story." not in query:
        return ()
    try:
        return story_conditions(parse(query))
    except QueryError:
        return ()


def fetch_key(match: MatchRecord) -> bytes:
    """Return the key under which the decision on a fetch is kept."""
    return bytes.fromhex(digest(match.fetch)[:16])


def digest_item(match: MatchRecord, decided: PastDecision) -> AlertItem:
    """Return a match as an item of the digest."""
    return AlertItem(
        id=decided.burst_id or alert_id(match),
        article=match.article,
        story=match.story,
        spans=match.spans,
        held_at=decided.at,
    )


def note_raised(state: WatchState, now: datetime) -> None:
    """Start the cool-down, count towards the hour's limit, and forget the matches held back: the alert names them."""
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
