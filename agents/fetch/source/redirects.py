"""Redirects: followed by hand, believed for good only after a week.

A source that answers with permanent redirects (301, 308) to the same address for seven days, and is a feed there, has
moved: it is polled there from then on, and `news.health` says so. One from http to https at the same host and path is
believed at once. If the new address stops working, the old one is asked again: it stays an alias for good.
"""

from collections.abc import Sequence
from typing import NamedTuple

from yarl import URL

from agents.fetch.source.rhythm import DAY
from agents.fetch.source.state import PollState

PROBATION_SECONDS = 7 * DAY
MOST_HOPS = 5
#: No record holds a longer address.
MOST_CHARS = 8192
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
#: Failed polls at a new address after which the old one is asked again.
FAILURES_AT_NEW_ADDRESS = 3.0


class Hop(NamedTuple):
    """One redirect: the status, and where it led."""

    status: int
    url: str


class RedirectError(Exception):
    """A redirect that is not followed: a loop, too many, no address, another scheme than http and https."""


def follow(url: str, status: int, location: str, before: Sequence[str]) -> str:
    """Return the address that a redirect leads to; raise `RedirectError` where it leads nowhere.

    `before` are the addresses that were asked already, `url` among them.
    """
    try:
        target = URL(url).join(URL(location.strip()))
    except ValueError as error:
        raise RedirectError(f"HTTP {status} to {location[:200]!r}, which is no address") from error
    target = target.with_fragment(None)
    if target.scheme not in ("http", "https") or not target.raw_host:  # `host` cannot be read of every name
        raise RedirectError(f"HTTP {status} to {str(target)[:200]}, which is neither http nor https")
    if target.user or target.password:
        target = target.with_user(None)
    if len(str(target)) > MOST_CHARS:
        raise RedirectError(f"HTTP {status} to an address of {len(str(target)):,} characters")
    if str(target) in before:
        raise RedirectError(f"redirects run in a circle, back to {str(target)[:200]}")
    if len(before) > MOST_HOPS:
        raise RedirectError(f"more than {MOST_HOPS} redirects, the last to {str(target)[:200]}")
    return str(target)


def learn(state: PollState, hops: Sequence[Hop], now: float) -> bool:
    """Take note of the redirects of a poll that gave a document; return whether the source has moved with it."""
    permanent = bool(hops) and all(hop.status in PERMANENT for hop in hops)
    if not permanent:
        state.candidate, state.candidate_since = "", 0.0
        return False
    target = hops[-1].url
    if target != state.candidate:
        state.candidate, state.candidate_since = target, now
    asked = state.location or state.url
    if now - state.candidate_since < PROBATION_SECONDS and not only_scheme(asked, target):
        return False
    state.location, state.candidate, state.candidate_since = target, "", 0.0
    return True


def only_scheme(old: str, new: str) -> bool:
    """Return whether two addresses differ in that the second one is https."""
    return old.startswith("http://") and new == "https://" + old.removeprefix("http://")


def doubt(state: PollState) -> bool:
    """Ask the old address again where the new one has failed too often; return whether that is so now."""
    if not state.location or state.failures < FAILURES_AT_NEW_ADDRESS:
        return False
    state.location = ""
    return True
