"""Validators, which make a poll cheap, and servers that lie about them.

`ETag` and `Last-Modified` go back byte for byte as they came, and are kept after every 200 and every 304. Some servers
say 304 for ever. So a source that should have had something new is asked once a day without validators; where that shows
articles that the 304s before had hidden, its validators are not believed for a month, and it is polled less often.
"""

from collections.abc import Mapping, Sequence

from agents.fetch.source.rhythm import DAY, median_gap
from agents.fetch.source.state import PollState

DISTRUST_SECONDS = 30 * DAY
#: An article hidden by a 304 is at least so much older than it.
HIDDEN_SECONDS = 900.0
#: Longer validators than any server needs are not kept.
MOST_CHARS = 1024


def conditions(state: PollState, now: float) -> dict[str, str]:
    """Return the headers that make a poll conditional; none where it is to be unconditional."""
    if state.distrust_until > now or check_is_due(state, now) or state.pending_at:
        return {}
    headers = {}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers


def check_is_due(state: PollState, now: float) -> bool:
    """Return whether the server's 304s are to be checked: once a day, where articles should have come."""
    if not state.not_modified_at or now - state.unconditional_at < DAY:
        return False
    gap = median_gap(state.rhythm)
    newest = state.rhythm.minutes[-1] * 60.0 if state.rhythm.minutes else state.last_new_at
    return gap is None or now - max(newest, state.last_new_at) > 2 * gap


def keep(state: PollState, headers: Mapping[str, str]) -> None:
    """Keep the validators of a 200 or 304. A 304 may leave one out: the one before still stands."""
    for name, field in (("etag", "etag"), ("last-modified", "last_modified")):
        value = headers.get(name)
        if value is not None:
            setattr(state, field, value if len(value) <= MOST_CHARS and value.isprintable() else "")


def replace(state: PollState, headers: Mapping[str, str]) -> None:
    """Keep the validators of a 200: those that it leaves out are gone."""
    state.etag = state.last_modified = ""
    keep(state, headers)


def hid_articles(state: PollState, etag: str, last_modified: str, new_times: Sequence[float | None]) -> bool:
    """Return whether an unconditional answer shows that the last 304 was a lie.

    It is one where articles are new and the validators are still those that brought the 304 (`etag`, `last_modified`: as
    the answer has them), or where one of them was published well before the 304. Call it before the state takes them up.
    """
    if not state.not_modified_at or state.not_modified_at < state.last_new_at or not new_times:
        return False
    same = (etag and etag == state.etag) or (not etag and last_modified and last_modified == state.last_modified)
    hidden = any(
        at is not None and state.last_good_at - 7 * DAY < at < state.not_modified_at - HIDDEN_SECONDS
        for at in new_times
    )
    return bool(same) or hidden


def distrust(state: PollState, now: float) -> None:
    """Poll without validators for a month."""
    state.distrust_until = now + DISTRUST_SECONDS
    state.lies += 1
