"""Mutes: a watch that raises nothing until a moment, for everybody, since somebody said so.

A mute is a message on news.watches without a value, whose key says all: `mute/NAME/UNTIL/SAID`, the second at which it
ends, 0 for now, and the millisecond at which that was said: the latest word on a watch holds, in whatever order they are
read. No watch has such a name, so a worker that knows no mutes takes it for the removal of a watch that was never
there. Kafka itself forgets it a day later, as it does every removal: so no mute is longer than half a day.
"""

import re
from datetime import UTC, datetime

#: The longest mute, in hours, and watches of which one is known at a time, the latest.
MAX_HOURS, MAX_MUTES = 12, 1_000
KEY = re.compile(r"mute/([^/]{1,100})/(\d{1,10})/(\d{1,13})")


def mute_key(name: str, until: datetime | None, said: datetime) -> str:
    """Return the key that mutes a watch until a moment, as said at another; None ends its mute."""
    return f"mute/{name}/{int(until.timestamp()) if until is not None else 0}/{int(1000 * said.timestamp())}"


class Mutes:
    """Until when watches are muted, the latest word on each. Times are given, never read from a clock."""

    def __init__(self) -> None:
        self._latest: dict[str, tuple[int, int]] = {}

    def take(self, key: str) -> bool:
        """Note a mute, or its end; return whether a key is one."""
        found = KEY.fullmatch(key)
        if found is None:
            return False
        name, until, said = found[1], int(found[2]), int(found[3])
        if said >= self._latest.get(name, (0, 0))[0]:
            self._latest.pop(name, None)
            self._latest[name] = said, until
        if len(self._latest) > MAX_MUTES:
            del self._latest[next(iter(self._latest))]
        return True

    def until(self, name: str, now: datetime) -> datetime | None:
        """Return when a watch's mute ends; None where it is not muted, or for longer than anybody may say."""
        _, until = self._latest.get(name, (0, 0))
        if not now.timestamp() < until <= now.timestamp() + 3600 * MAX_HOURS:
            return None
        return datetime.fromtimestamp(until, UTC)

    def running(self, now: datetime) -> dict[str, datetime]:
        """Return the watches that are muted now, each with the moment at which it ends."""
        found = {name: self.until(name, now) for name in self._latest}
        return {name: until for name, until in found.items() if until is not None}
