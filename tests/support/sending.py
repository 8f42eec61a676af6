"""A sender at work, with a ledger, a receiver, a place for outcomes and an owner of partitions that tests hold in hand."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from agents.deliver.ledger import Ledger, LedgerEntry
from agents.deliver.notice import Notice
from agents.deliver.receivers.base import Attempt, NotOurs, last_moment
from agents.deliver.sender import Sender
from agents.deliver.settings import DeliverSettings
from streams.message import Change, Message, Output
from streams.metrics import Metrics
from streams.records import Alert, encode
from streams.settings import Settings
from streams.step import Surroundings

MakeAlert = Callable[..., Alert]
PARALLEL = 4
DELIVERED = Attempt(delivered=True)
#: How often the sender looks for outcomes to publish and for what is old.
KEEP_SECONDS = 0.01


class Publisher:
    """A place for outcomes: it waits at a gate, and keeps those of each call."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.calls: list[tuple[list[str], list[str]]] = []
        self.written: list[Change] = []

    async def publish(
        self, changes: Sequence[Change] = (), outputs: Sequence[tuple[Output, Message | None]] = ()
    ) -> None:
        """Keep the changes, and the keys of changes and outputs."""
        await self.gate.wait()
        self.written += changes
        self.calls.append(([change.key for change in changes], [output.event_id for output, _ in outputs]))


class Owner:
    """Whose the partitions are."""

    def __init__(self) -> None:
        self.owns = True
        self.asked = 0

    @property
    def in_session(self) -> bool:
        """Whether the group counts this worker as a member."""
        return self.owns

    def holds(self, partition: int) -> bool:
        """Say whether they are this worker's."""
        self.asked += 1
        return self.owns


class Desk:
    """A receiver that takes everything, once its door is open."""

    name = "desk"
    kind = "webhook"
    one_at_a_time = False

    def __init__(self) -> None:
        self.door = asyncio.Event()
        self.door.set()
        self.taken: list[str] = []
        self.answer = DELIVERED
        self.asks = True
        self.inside = self.most_inside = 0

    async def send(self, notice: Notice, attempt: int) -> Attempt:
        """Take an alert, or answer otherwise."""
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        await self.door.wait()
        self.inside -= 1
        if self.asks and not last_moment.get()():
            raise NotOurs
        self.taken.append(notice.id)
        return self.answer

    async def close(self) -> None:
        """Nothing is open."""


class Sending(NamedTuple):
    """A sender at work, with its ledger and receivers."""

    sender: Sender
    ledger: Ledger
    desk: Desk
    publisher: Publisher
    owner: Owner
    metrics: Metrics

    def wait_for(self, alert: Alert, due: float = 0.0) -> None:
        """Let an alert wait in partition 0, until it is due (epoch seconds)."""
        entry = LedgerEntry(
            alert_id=alert.id,
            receiver="desk",
            partition=0,
            state="waiting",
            due=due,
            changed=time.time(),
            alert=encode(alert),
        )
        self.ledger.put(entry)
        self.ledger.line_up(entry.key)


@asynccontextmanager
async def sending(
    alert: MakeAlert,
    alerts: int,
    deliver: DeliverSettings | None = None,
    *,
    answer: Attempt = DELIVERED,
    owns: bool = True,
    one_at_a_time: bool = False,
    shut: bool = False,
) -> AsyncIterator[Sending]:
    """Give a sender with so many alerts waiting in partition 0; a receiver that is down is tried without a pause.

    `answer`: the receiver's; `shut`: its door is, at first.
    """
    ledger, desk, publisher, owner, metrics = Ledger(3600.0), Desk(), Publisher(), Owner(), Metrics()
    owner.owns, desk.answer = owns, answer
    desk.one_at_a_time = one_at_a_time
    if shut:
        desk.door.clear()
    surroundings = Surroundings(Settings(), metrics, publisher, owner)
    deliver = deliver or DeliverSettings(parallel=PARALLEL)
    sender = Sender(ledger, {"desk": desk}, deliver, surroundings, max_probe_seconds=0.0, keep_seconds=KEEP_SECONDS)
    now = Sending(sender, ledger, desk, publisher, owner, metrics)
    for number in range(alerts):
        now.wait_for(alert(id=f"{number:032x}"))
    async with at_work(sender):
        try:
            yield now
        finally:
            desk.door.set()
            publisher.gate.set()


@asynccontextmanager
async def taking_over(ledger: Ledger, owner: Owner | None = None) -> AsyncIterator[Publisher]:
    """Give the place for outcomes of a sender without receivers that takes partition 0 over with this ledger."""
    publisher = Publisher()
    surroundings = Surroundings(Settings(), Metrics(), publisher, owner or Owner())
    async with at_work(Sender(ledger, {}, DeliverSettings(), surroundings, keep_seconds=KEEP_SECONDS)):
        yield publisher


@asynccontextmanager
async def at_work(sender: Sender) -> AsyncIterator[None]:
    """Let a sender run that has partition 0, and close it."""
    running = asyncio.ensure_future(sender.run())
    sender.resume(0)
    try:
        yield
    finally:
        running.cancel()
        await sender.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)
