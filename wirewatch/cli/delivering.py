"""`wirewatch deliveries …`: what became of alerts at their receivers, and dead ones sent again."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from aiokafka import ConsumerRecord
from rich.console import Console
from rich.table import Table

from agents.deliver.step import RETRY_HEADER
from streams.errors import InvalidRecord
from streams.kafka.clients import producing
from streams.kafka.replay import read_all
from streams.records import Alert, Delivery, decode
from streams.settings import Settings
from streams.topics import ALERTS, DELIVERIES

#: Kinds of failure shown.
SHOWN = 20


@dataclass
class Deliveries:
    """The latest attempt of each alert at each receiver, oldest first, and how many attempts there were in all.

    `untried` counts by receiver the alerts of which nothing has been said yet.
    """

    latest: list[Delivery] = field(default_factory=list)
    attempts: int = 0
    untried: Counter[str] = field(default_factory=Counter)


async def read(settings: Settings, receivers: Collection[str] = (), alerts: Collection[str] = ()) -> Deliveries:
    """Return what `news.deliveries` retains of these receivers and alerts (empty: of all)."""
    latest: dict[tuple[str, str], Delivery] = {}
    seen: set[str] = set()
    async for message in read_all(settings.kafka, [DELIVERIES.name]):
        try:
            one = decode(message.value or b"", Delivery)
        except InvalidRecord:
            continue  # somebody else's message; nobody was told of anything by it
        if (receivers and one.receiver not in receivers) or (alerts and one.alert_id not in alerts):
            continue
        seen.add(one.id)
        before = latest.get((one.alert_id, one.receiver))
        if before is None or (one.attempt, one.attempted_at) >= (before.attempt, before.attempted_at):
            latest[one.alert_id, one.receiver] = one
    untried: Counter[str] = Counter()
    for alert_id, names in (await receivers_by_alert(settings)).items():
        if not alerts or alert_id in alerts:
            untried.update(n for n in names if (not receivers or n in receivers) and (alert_id, n) not in latest)
    return Deliveries(sorted(latest.values(), key=lambda one: one.attempted_at), len(seen), untried)


async def receivers_by_alert(settings: Settings) -> dict[str, list[str]]:
    """Return whom each alert that `news.alerts` retains is for."""
    found: dict[str, list[str]] = {}
    async for message in read_all(settings.kafka, [ALERTS.name]):
        try:
            alert = decode(message.value or b"", Alert)
        except InvalidRecord:
            continue
        found[alert.id] = alert.receivers
    return found


def show(found: Deliveries, output: Console) -> None:
    """Print a line for each receiver, and the newest that did not get through."""
    by_receiver: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in found.latest:
        by_receiver[one.receiver][one.outcome] += 1
    table = Table("receiver", "delivered", "not tried yet", "to be tried again", "dead", box=None, header_style="dim")
    for receiver in sorted({*by_receiver, *found.untried}):
        counts = by_receiver[receiver]
        dead = f"[red]{counts['dead']}[/]" if counts["dead"] else "0"
        table.add_row(receiver, str(counts["delivered"]), str(found.untried[receiver]), str(counts["failed"]), dead)
    output.print(table)
    output.print(f"{found.attempts} attempts")
    alike: defaultdict[tuple[str, str, str], list[Delivery]] = defaultdict(list)
    for one in found.latest:
        if one.outcome != "delivered":
            alike[one.receiver, one.outcome, one.error or str(one.status)].append(one)
    for (receiver, outcome, error), ones in list(alike.items())[-SHOWN:]:
        last = ones[-1]
        output.print(f"{len(ones)} {outcome} at {receiver}: {error}", soft_wrap=True, markup=False)
        then = f", again at {last.next_attempt_at:%H:%M:%S} UTC" if last.next_attempt_at else ""
        output.print(
            f"  the last: attempt {last.attempt} at {last.attempted_at:%Y-%m-%d %H:%M:%S} UTC, watch {last.watch}, "
            f"alert {last.alert_id}{then}",
            style="dim",
            soft_wrap=True,
            markup=False,
        )
    if len(alike) > SHOWN:
        output.print("and more; --json has all")


async def retry(settings: Settings, dead: Collection[Delivery]) -> tuple[int, list[Delivery]]:
    """Ask for dead alerts to be sent again; return how many were asked for, and those that Kafka no longer has.

    The alert is written to its own partition once more, with the same id, and names the receivers: only a receiver
    where it is dead gets it.
    """
    wanted: defaultdict[str, list[Delivery]] = defaultdict(list)
    for one in dead:
        wanted[one.alert_id].append(one)
    found: dict[str, ConsumerRecord[bytes, bytes]] = {}
    async for message in read_all(settings.kafka, [ALERTS.name]):
        alert_id = (message.key or b"").decode("utf-8", "replace")
        if alert_id in wanted and message.value:
            found[alert_id] = message
    asked = 0
    async with producing(settings.kafka, enable_idempotence=True) as producer:
        for alert_id, message in found.items():
            receivers = ",".join(sorted(one.receiver for one in wanted[alert_id]))
            headers = [(name, value) for name, value in message.headers if name != RETRY_HEADER]
            await producer.send(
                ALERTS.name,
                message.value,
                key=message.key,
                partition=message.partition,
                headers=[*headers, (RETRY_HEADER, receivers.encode())],
            )
            asked += len(wanted[alert_id])
        await producer.flush()
    return asked, [one for alert_id, ones in wanted.items() if alert_id not in found for one in ones]
