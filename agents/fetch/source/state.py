"""The state of a source between two polls: one small record on `wirewatch.polls`, by MessagePack.

Fields are written in order, without their names; new ones go to the end, with a default, so that what an older worker
wrote is still read. In memory a source is its bytes: they are unpacked for its poll, and packed again after it. A state is
small: whole numbers are written as such, publication times by their distances, and hashes no longer than they must be. A
byte before it says so; states that older workers wrote begin with MessagePack itself.
"""

from itertools import accumulate, pairwise

import msgspec

from agents.fetch.source import seen
from streams.records import SourceState, unpacked

#: Publication times that a rhythm is read from.
MOST_TIMES = 40


class Rhythm(msgspec.Struct, array_like=True):
    """When a source's articles came: minutes since the epoch of the latest ones, oldest first."""

    minutes: list[int] = []
    #: articles by weekday (0 is Monday), each counted down by a twentieth a week
    weekdays: list[float] = msgspec.field(default_factory=lambda: [0.0] * 7)
    week: int = 0
    #: the week of the earliest article that was counted
    first_week: int = 0


class PollState(msgspec.Struct, array_like=True):
    """The state of one source. Times are epoch seconds, 0.0 for none."""

    url: str = ""
    added_at: float = 0.0
    next_at: float = 0.0
    last_poll_at: float = 0.0
    last_good_at: float = 0.0
    last_new_at: float = 0.0
    # -- what the server said
    etag: str = ""
    last_modified: str = ""
    body_hash: bytes = b""
    fresh_seconds: float = 0.0
    status: int = 0
    # -- validators that are not believed, and the last poll that was made without them
    distrust_until: float = 0.0
    unconditional_at: float = 0.0
    not_modified_at: float = 0.0
    lies: int = 0
    # -- redirects
    location: str = ""
    candidate: str = ""
    candidate_since: float = 0.0
    # -- the document
    kind: str = ""
    title: str = ""
    language: str = ""
    ttl_seconds: float = 0.0
    skip_hours: int = 0
    skip_days: int = 0
    hub: str = ""
    topic: str = ""
    entries: int = 0
    seen: bytes = b""
    rhythm: Rhythm = msgspec.field(default_factory=Rhythm)
    #: the time of a poll whose new entries may not all be on their way yet: found again, they have its time
    pending_at: float = 0.0
    # -- counts
    polls: int = 0
    not_modified: int = 0
    new_entries: int = 0
    #: entries without a date, and with one in the future, in the last document
    undated: int = 0
    future: int = 0
    newest_at: float = 0.0
    # -- health
    failures: float = 0.0
    failing_since: float = 0.0
    error: str = ""
    health: SourceState = "new"
    health_since: float = 0.0
    reason: str = ""
    # -- pages: how many were read and refused, and the usual length of their text
    pages: float = 0.0
    pages_refused: float = 0.0
    page_length: float = 0.0
    page_length_lately: float = 0.0
    gone: int = 0
    #: articles given by each way in lately, so that a dead hub is noticed
    pushed: float = 0.0
    polled: float = 0.0
    #: edited entries that were taken on this day (days since the epoch)
    edits_day: int = 0
    edits: int = 0
    # -- WebSub: until when a hub has promised to tell us, when it was last asked, and for which hub and topic
    lease_until: float = 0.0
    subscribed_at: float = 0.0
    subscribed: str = ""
    #: when the last document came of which half was newer than the one before
    renewed_at: float = 0.0
    #: documents with nothing of the one before, and when the last one came: entries between may have been missed
    turned_over: int = 0
    turned_over_at: float = 0.0


#: The byte before a state in the short form; MessagePack's own arrays begin with 0x90 and above.
SHORT = b"\x01"
#: No number of a state is as large: seconds since 1970 have ten digits, and a poll that is never due is put off further.
MOST = 1e13
#: Articles of a weekday are counted in hundredths.
PARTS = 100

encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(PollState)


def pack(state: PollState) -> bytes:
    """Return a state as it is kept and written."""
    rhythm = state.rhythm
    beat = (
        [*rhythm.minutes[:1], *(later - earlier for earlier, later in pairwise(rhythm.minutes))],
        [round(count * PARTS) for count in rhythm.weekdays],
        rhythm.week,
        rhythm.first_week,
    )
    values = [beat if value is rhythm else short(value) for value in msgspec.structs.astuple(state)]
    return SHORT + encoder.encode(values)


def unpack(value: bytes) -> PollState:
    """Return a state from its bytes; raises `msgspec.DecodeError` for other bytes."""
    if not value.startswith(SHORT):
        state = unpacked(decoder, value)
        state.seen = seen.shortened(state.seen)
    else:
        state = unpacked(decoder, memoryview(value)[1:])
        state.rhythm.minutes = list(accumulate(state.rhythm.minutes))
        state.rhythm.weekdays = [count / PARTS for count in state.rhythm.weekdays]
    if fault := fault_of(state):
        raise msgspec.DecodeError(fault)
    return state


def fault_of(state: PollState) -> str:
    """Return why a state cannot be one that was written here; an empty string where it can."""
    rhythm = state.rhythm
    numbers = [value for value in msgspec.structs.astuple(state) if isinstance(value, int | float)]
    if not all(0 <= number < MOST for number in (*numbers, *rhythm.weekdays)):
        return "a number is out of its range"
    if len(rhythm.weekdays) != 7 or len(rhythm.minutes) > MOST_TIMES:
        return "a week of other than seven days, or more times than are kept"
    if not all(0 <= minute < MOST for minute in rhythm.minutes):
        return "a time before 1970"
    return ""


def short(value: object) -> object:
    """Return a number without a fraction as a whole one: a zero takes one byte then, not nine."""
    return int(value) if type(value) is float and value.is_integer() else value
