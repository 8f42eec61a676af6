"""The digest step on its topics: stories to `news.digests`, each time that one is due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

from agents.digest.plan import LONGEST, Plan, load, moments, since
from agents.digest.settings import DigestSettings
from agents.digest.shelf import Held, Shelf
from streams.errors import InvalidRecord
from streams.message import Change, Message, Output, Settlement
from streams.records import Digest, Story, decode
from streams.settings import Settings
from streams.step import Step, TimedSettler
from streams.topics import DIGEST_STATES, DIGESTS, SHELVED, KafkaTopic

DROP_EVERY = 256

encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Held)


class DigestOutcome(StrEnum):
    """What became of a story, or of a moment at which digests were due."""

    SHELVED = "shelved"
    GONE = "gone"
    DUE = "due"


class DigestSettler(TimedSettler[None, None]):
    """Remembers stories, and makes the digests that are due of them."""

    states: Sequence[KafkaTopic] = (DIGEST_STATES,)
    tick_seconds = 5.0

    def __init__(self, settings: Settings) -> None:
        """Raise `SettingsError` for a digest that is wrong."""
        mine = settings[DigestSettings]
        self.plans: dict[str, Plan] = load(Path(mine.folder)) if mine.folder else {}
        self.shelf = Shelf(LONGEST + timedelta(days=1), mine.max_stories)
        self._done: dict[str, datetime] = {}
        self._settled = 0

    def settle(self, message: Message, product: None) -> Settlement:
        """Take note of what happened to a story."""
        story = decode(message.value, Story)
        held = self.shelf.put(story)
        changes = [change_of(story.id, held)]
        if held is None and story.merged_into in self.shelf.held:
            changes.append(change_of(story.merged_into, self.shelf.held[story.merged_into]))
        self._settled += 1
        if self._settled % DROP_EVERY == 0:
            changes += [change_of(name, None) for name in self.shelf.drop(story.last_seen_at)]
        return Settlement([], DigestOutcome.SHELVED if held is not None else DigestOutcome.GONE, changes)

    def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
        """Return the digests that are due; of moments missed while no worker ran, only the latest.

        A digest that is new is first due at its next moment.
        """
        settlement = Settlement([], DigestOutcome.DUE)
        for name, plan in self.plans.items() if partitions else ():
            if name not in self._done:
                self._done[name] = now
                settlement.changes.append(done_change(name, now))
                continue
            missed = list(moments(plan, max(self._done[name], now - LONGEST), now))
            if not missed:
                continue
            digest = self.shelf.digest(name, plan, since(plan, missed[-1]), missed[-1])
            self._done[name] = missed[-1]
            settlement.changes.append(done_change(name, missed[-1]))
            if digest.sections or plan.empty == "send":
                digest.processed_at = now
                settlement.outputs.append(output_of(digest))
                settlement.changes += [change_of(held.story.id, held) for held in self.shelf.note_shown(digest)]
        return settlement

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back a story, or when a digest was made last."""
        kind, _, name = key.partition(":")
        try:
            if kind == "done" and value is not None:
                self._done[name] = datetime.fromisoformat(value.decode()).astimezone(UTC)
            elif kind == "story" and value is None:
                self.shelf.held.pop(name, None)
            elif kind == "story" and value is not None:
                self.shelf.held.pop(name, None)
                self.shelf.held[name] = decoder.decode(value)
        except (msgspec.MsgspecError, ValueError) as error:
            raise InvalidRecord("invalid_record", f"{key!r} of {topic.name}: {error}") from error


def change_of(story: str, held: Held | None) -> Change:
    """Return the change that keeps a story, or forgets it."""
    return Change(DIGEST_STATES, 0, f"story:{story}", encoder.encode(held) if held is not None else None)


def done_change(name: str, at: datetime) -> Change:
    """Return the change that keeps when a digest was made last."""
    return Change(DIGEST_STATES, 0, f"done:{name}", at.isoformat().encode())


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
    enabled=lambda settings: bool(settings[DigestSettings].folder),
)

STEPS = (DIGEST_STEP,)
