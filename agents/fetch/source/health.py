"""Health: how a source is doing, by its own rhythm, and why.

    new              never polled
    healthy          polled, and new articles come as usual
    quiet            no new article for three times its own long gap (only one in twenty is longer), its free days left out
    failing          three failures, or 24 hours of them
    blocked          its server refuses us (401, 403, 451, a challenge page) again and again
    moved            polled at a new address from now on; healthy with the next poll
    dead             410 Gone, or 30 days of failures: then asked once a week
    extraction_drop  its pages are refused, or are half as long as they were
    stale_dates      nothing but dates in the future, or no date newer than a month although articles are new
    paused           switched off by its owner

What is asked for rarely is not judged rashly: a failure weighs 1, a network's 0.5, a name's 0.25, as Media Cloud weighs
them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from agents.fetch.source import rhythm
from agents.fetch.source.rhythm import DAY
from agents.fetch.source.state import PollState
from streams.network.addresses import without_user
from streams.records import HealthEvidence, SourceState

FailureKind = Literal[
    "http",
    "throttled",
    "blocked",
    "gone",
    "dns",
    "connect",
    "timeout",
    "tls",
    "address",
    "too_large",
    "broken",
    "redirect",
    "document",
]
WEIGHTS: dict[FailureKind, float] = {
    "throttled": 0.25,
    "dns": 0.25,
    "connect": 0.5,
    "timeout": 0.5,
    "broken": 0.5,
    "tls": 0.5,
}
FAILING_FAILURES = 3.0
FAILING_SECONDS = DAY
DEAD_SECONDS = 30 * DAY
QUIET_GAPS = 3.0
QUIET_LEAST_SECONDS = DAY
#: Pages that are believed; each weighs a little less with every later one.
PAGES_LEAST = 10.0
FADE, FADE_LATELY = 0.99, 0.8
REFUSED_SHARE = 0.5
LENGTH_SHARE = 0.5
STALE_SECONDS = 30 * DAY
BLOCKED_STATUSES = frozenset({401, 403, 407, 451})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state, the reason in one sentence, and its evidence."""

    state: SourceState
    reason: str
    evidence: HealthEvidence


def failed(state: PollState, kind: FailureKind, status: int, error: str, now: float) -> None:
    """Take note of a failed poll."""
    state.failures += WEIGHTS.get(kind, 1.0)
    state.failing_since = state.failing_since or now
    state.status, state.error = status, error[:300]
    state.gone = state.gone + 1 if kind == "gone" else 0


def succeeded(state: PollState) -> None:
    """Take note of a good poll: earlier failures are over."""
    state.failures, state.failing_since, state.error, state.gone = 0.0, 0.0, "", 0


def page_read(state: PollState, length: int) -> None:
    """Take note of a page that was fetched: how many characters of text it has; 0 for one that was refused."""
    state.pages = state.pages * FADE + 1
    state.pages_refused = state.pages_refused * FADE_LATELY + (0.0 if length else 1.0 - FADE_LATELY)
    if not length:
        return
    if not state.page_length:
        state.page_length = state.page_length_lately = float(length)
    state.page_length += (length - state.page_length) * (1 - FADE)
    state.page_length_lately += (length - state.page_length_lately) * (1 - FADE_LATELY)


def assess(state: PollState, now: float, *, moved_from: str = "", enabled: bool = True) -> Verdict:
    """Return how a source is doing now."""
    if not enabled:
        return Verdict("paused", "switched off by its owner", HealthEvidence())
    if state.failures:
        return trouble(state, now)
    if moved_from:
        where = without_user(state.location or state.url)
        return Verdict("moved", f"{moved_from} leads to {where} for good", HealthEvidence(url=where))
    if not state.last_good_at:
        return Verdict("new", "not polled yet", HealthEvidence())
    return extraction(state) or stale(state, now) or quiet(state, now) or healthy(state)


def trouble(state: PollState, now: float) -> Verdict:
    """Return the state that repeated failures mean; the one before them while they are few."""
    lasted = now - state.failing_since
    evidence = HealthEvidence(
        status=state.status or None,
        error=state.error or None,
        failures=round(state.failures, 2),
        failing_since=moment(state.failing_since),
        last_article_at=moment(state.last_new_at),
    )
    if state.gone:
        return Verdict("dead", "its server says that it is gone (410)", evidence)
    if lasted >= DEAD_SECONDS:
        return Verdict("dead", f"failing for {lasted / DAY:.0f} days: {state.error}", evidence)
    if state.status in BLOCKED_STATUSES and state.failures >= FAILING_FAILURES:
        return Verdict("blocked", f"its server refuses us: {state.error}", evidence)
    if state.failures >= FAILING_FAILURES or lasted >= FAILING_SECONDS:
        return Verdict("failing", state.error or "failing", evidence)
    return Verdict(state.health, state.reason, evidence)


def quiet(state: PollState, now: float) -> Verdict | None:
    """Return that a source has gone quiet, by its own rhythm; None where it has not, or has none."""
    usual, newest = rhythm.long_gap(state.rhythm), max(state.last_new_at, last_time(state))
    if usual is None or not newest:
        return None
    silent = now - newest - rhythm.silence(state.rhythm, newest, now)
    if silent < max(QUIET_GAPS * usual, QUIET_LEAST_SECONDS):
        return None
    return Verdict(
        "quiet",
        f"nothing new for {spoken(silent)}, where {spoken(usual)} is already long",
        HealthEvidence(last_article_at=moment(newest), expected_gap_seconds=round(usual)),
    )


def extraction(state: PollState) -> Verdict | None:
    """Return the finding that a source's pages hold less than before; None where they do not."""
    if state.pages < PAGES_LEAST:
        return None
    if state.pages_refused > REFUSED_SHARE:
        return Verdict(
            "extraction_drop",
            f"{state.pages_refused:.0%} of its latest pages were refused or held no text",
            HealthEvidence(share=round(state.pages_refused, 2)),
        )
    if state.page_length_lately < state.page_length * LENGTH_SHARE:
        return Verdict(
            "extraction_drop",
            f"its pages hold {state.page_length_lately:.0f} characters of text, where {state.page_length:.0f} are usual",
            HealthEvidence(share=round(state.page_length_lately), usual=round(state.page_length)),
        )
    return None


def stale(state: PollState, now: float) -> Verdict | None:
    """Return that a source's dates cannot be right; None where they can."""
    if state.entries and state.future >= max(state.entries / 2, 2):
        return Verdict(
            "stale_dates",
            f"{state.future} of its {state.entries} entries are dated in the future",
            HealthEvidence(share=round(state.future / state.entries, 2)),
        )
    fresh = now - state.last_new_at < DAY and state.new_entries > state.entries
    if fresh and state.newest_at and now - state.newest_at > STALE_SECONDS:
        return Verdict(
            "stale_dates",
            f"articles are new, and none is dated later than {moment(state.newest_at):%Y-%m-%d}",
            HealthEvidence(last_article_at=moment(state.last_new_at)),
        )
    return None


def healthy(state: PollState) -> Verdict:
    """Return that all is well."""
    return Verdict("healthy", "polled as usual", HealthEvidence(last_article_at=moment(state.last_new_at)))


def last_time(state: PollState) -> float:
    """Return the publication time of the latest article that is known, in epoch seconds."""
    return state.rhythm.minutes[-1] * 60.0 if state.rhythm.minutes else 0.0


def moment(at: float) -> datetime | None:
    """Return epoch seconds as an aware time; None for 0."""
    return datetime.fromtimestamp(at, UTC) if at else None


def spoken(seconds: float) -> str:
    """Return a length of time for people, in its largest unit."""
    for unit, size in (("days", DAY), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
