"""The digest step on its topics: stories to `news.digests`, each time that one is due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from agents.digest.files import load
from agents.digest.matches import Matches
from agents.digest.plan import LONGEST, Plan, moments, since
from agents.digest.settings import DigestSettings
from agents.digest.shelf import Shelf, ShelfStory
from streams.errors import InvalidRecord
from streams.message import Change, Message, Output, Settlement
from streams.records import Digest, Story, decode
from streams.settings import Settings
from streams.step import Step, TimedSettler
from streams.topics import DIGEST_STATES, DIGESTS, MATCHES, SHELVED, KafkaTopic

DROP_EVERY = 256
#: A digest is made so long after its moment, when the articles that were fetched until then have come.
GRACE_SECONDS = 60.0
#: A worker that has just begun makes none before it has had so long to take what waited, and while it still takes stories
#: older than the grace; but at the latest after `LONGEST_WAIT_SECONDS`.
FIRST_SECONDS, LONGEST_WAIT_SECONDS = 20.0, 1_800.0

#: Clocks of workers differ; a digest that was made later than this after now was not made.
AHEAD = timedelta(days=1)

encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(ShelfStory)


class DigestOutcome(StrEnum):
    """The outcome of a story's event, or of a moment at which digests were due."""

    SHELVED = "shelved"
    GONE = "gone"
    DUE = "due"


class Done(NamedTuple):
    """The latest moment of a digest that is done, and when it was made."""

    at: datetime
    made: datetime

    def written(self) -> bytes:
        """Return it as it is kept."""
        return f"{self.at.isoformat()} {self.made.isoformat()}".encode()

    @classmethod
    def read(cls, value: bytes) -> "Done":
        """Return a kept state; an older worker kept the moment alone. Raises `ValueError`."""
        times = [aware(datetime.fromisoformat(part)) for part in value.decode().split()]
        if not times:
            raise ValueError("no time")
        return cls(times[0], times[-1])


class DigestSettler(TimedSettler[None, None]):
    """Remembers stories, and makes the digests that are due of them."""

    states: Sequence[KafkaTopic] = (DIGEST_STATES,)
    tick_seconds = 5.0

    def __init__(self, settings: Settings) -> None:
        """Raise `SettingsError` for a digest that is wrong."""
        mine = settings[DigestSettings]
        self.plans: dict[str, Plan] = load(Path(mine.folder)) if mine.folder else {}
        self.matches = Matches(plan.watch for plan in self.plans.values() if plan.watch is not None)
        self.follows: Sequence[KafkaTopic] = (MATCHES,) if self.matches.watches else ()
        self.shelf = Shelf(LONGEST + timedelta(days=1), mine.max_stories, self.matches)
        self._done: dict[str, Done] = {}
        self._settled = self._taken = 0
        self._latest = 0.0
        self._began: datetime | None = None

    def settle(self, message: Message, product: None) -> Settlement:
        """Take note of a story's event."""
        story = decode(message.value, Story)
        held = self.shelf.put(story, datetime.fromtimestamp(message.timestamp, UTC) if message.timestamp > 0 else None)
        changes = [change_of(story.id, held)]
        if held is None and story.merged_into in self.shelf.held:
            changes.append(change_of(story.merged_into, self.shelf.held[story.merged_into]))
        self._settled += 1
        self._latest = message.timestamp
        if self._settled % DROP_EVERY == 0:
            changes += [change_of(name, None) for name in self.shelf.drop(story.last_seen_at)]
        return Settlement([], DigestOutcome.SHELVED if held is not None else DigestOutcome.GONE, changes)

    def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
        """Return the digests that are due; of moments missed while no worker ran, only the latest.

        A digest that is new is first due at its next moment.
        """
        settlement = Settlement([], DigestOutcome.DUE)
        is_early = self._waits(partitions, now)
        for name, plan in self.plans.items() if partitions else ():
            done = self._done.get(name)
            if done is None or done.at > now + AHEAD:  # by the latter none would be due until then
                self._note_done(settlement, name, Done(now, since(plan, now)))
                continue
            if is_early:
                continue
            late = now - timedelta(seconds=GRACE_SECONDS)
            missed = list(moments(plan, max(done.at, now - LONGEST), late))
            if not missed:
                continue
            digest = self.shelf.digest(name, plan, since(plan, missed[-1]), missed[-1], done.made)
            self._note_done(settlement, name, Done(missed[-1], now))
            if digest.sections or plan.empty == "send":
                digest.processed_at = now
                settlement.outputs.append(output_of(digest))
                settlement.changes += [change_of(held.story.id, held) for held in self.shelf.note_shown(digest)]
        return settlement

    def _waits(self, partitions: frozenset[int], now: datetime) -> bool:
        """Return whether stories that waited for a worker may still come: a digest made now would lack them."""
        if not partitions:
            self._began = None
            return True
        self._began = self._began or now
        taken, self._taken = self._settled - self._taken, self._settled
        is_behind = taken > 0 and 0 < self._latest < now.timestamp() - GRACE_SECONDS
        had = (now - self._began).total_seconds()
        return had < FIRST_SECONDS or (is_behind and had < LONGEST_WAIT_SECONDS)

    def _note_done(self, settlement: Settlement, name: str, done: Done) -> None:
        self._done[name] = done
        settlement.changes.append(Change(DIGEST_STATES, 0, f"done:{name}", done.written()))

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back a story, or when a digest was made last; or take note of a watch's match."""
        if topic is MATCHES:
            self.matches.take(value or b"")
            return
        kind, _, name = key.partition(":")
        if kind not in ("done", "story"):
            raise InvalidRecord("invalid_record", f"no record of {topic.name} is called {key[:100]!r}")
        try:
            if value is None:
                (self._done if kind == "done" else self.shelf.held).pop(name, None)
            elif kind == "done":
                self._done[name] = Done.read(value)
            else:
                held = read_held(name, value)
                self.shelf.held.pop(name, None)
                self.shelf.held[name] = held
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise InvalidRecord("invalid_record", f"{key[:100]!r} of {topic.name}: {error}") from error


def read_held(name: str, value: bytes) -> ShelfStory:
    """Return a story that was kept under a name; raise `ValueError` for any other bytes."""
    held = decoder.decode(value)
    if held.story.id != name:
        raise ValueError("its key is another story's")
    return held


def aware(time: datetime) -> datetime:
    """Return a time in UTC; one without a zone is in UTC. Raises `ValueError` for one outside of the calendar there."""
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{time} is outside of the calendar in UTC") from error


def change_of(story: str, held: ShelfStory | None) -> Change:
    """Return the change that keeps a story, or forgets it."""
    return Change(DIGEST_STATES, 0, f"story:{story}", encoder.encode(held) if held is not None else None)


def output_of(digest: Digest) -> Output:
    """Return a digest's record for its topic."""
    return Output(DIGESTS, digest.name, digest, digest.id)


DIGEST_STEP = Step(
    name="digest",
    summary="the stories of a time for each digest, when it is due",
    takes=(SHELVED,),
    gives=(DIGESTS,),
    settler=DigestSettler,
    outcomes=DigestOutcome,
    needs="digest.folder",
    has_needs=lambda settings: bool(settings[DigestSettings].folder),
)

STEPS = (DIGEST_STEP,)
