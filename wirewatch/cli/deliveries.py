"""`wirewatch deliveries`: the outcome of alerts at their receivers; dead ones are sent again."""

import sys
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from streams.errors import InvalidRecord, SettingsError
from streams.text.names import those
from wirewatch.cli import Subcommands
from wirewatch.cli.console import configured, errors, load, output, require_running, run_until_signal
from wirewatch.terminal.console import write_json

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from streams.records import Delivery
    from streams.settings import Settings

#: Kinds of failure shown.
SHOWN = 20


@click.group(cls=Subcommands)
def deliveries() -> None:
    """Show the outcome of alerts at their receivers, and send dead ones again (docs/delivery.md)."""


@deliveries.command(name="list")
@click.option("--receiver", "receivers", multiple=True, help="Only of this receiver. Repeatable: any.")
@click.option("--alert", "alerts", multiple=True, help="Only of this alert's id. Repeatable: any.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines: the latest attempt of each alert at each receiver.")
@configured
def deliveries_list(
    receivers: tuple[str, ...], alerts: tuple[str, ...], *, as_json: bool, config: Path | None, bootstrap: str | None
) -> None:
    """Count delivered, failed and dead alerts for each receiver, with the reasons.

    Reads all that news.deliveries retains. Exit 1 where an alert is dead.

    \b
    wirewatch deliveries list --receiver desk-mail
    """
    from streams.records import encode

    found = run_until_signal(chosen(load(config, bootstrap), receivers, alerts))
    if as_json:
        write_json(map(encode, found.latest))
    else:
        show(found)
    sys.exit(1 if any(one.outcome == "dead" for one in found.latest) else 0)


@deliveries.command(name="retry")
@click.option("--receiver", "receivers", multiple=True, help="Dead alerts of this receiver. Repeatable: any.")
@click.option("--alert", "alerts", multiple=True, help="This alert's id, where it is dead. Repeatable: any.")
@click.option("--all", "everything", is_flag=True, help="Everything that is dead.")
@click.option("--dry-run", is_flag=True, help="Only list the alerts that would be sent again.")
@configured
def deliveries_retry(
    receivers: tuple[str, ...],
    alerts: tuple[str, ...],
    *,
    everything: bool,
    dry_run: bool,
    config: Path | None,
    bootstrap: str | None,
) -> None:
    """Send dead alerts and digests again, with a full set of attempts; a delivered alert is never sent again.

    \b
    wirewatch deliveries retry --receiver desk-mail
    wirewatch deliveries retry --all --dry-run
    """
    if not (receivers or alerts or everything):
        raise click.UsageError("say what: --receiver, --alert or --all")
    if not dry_run:
        require_running()
    settings = load(config, bootstrap)
    found = run_until_signal(chosen(settings, receivers, alerts))
    dead = [one for one in found.latest if one.outcome == "dead"]
    if dry_run:
        for one in dead:
            output.print(f"{one.receiver} {one.watch} {one.alert_id}: {one.error}", soft_wrap=True)
        output.print(f"{len(dead)} would be sent again")
        return
    asked, gone = run_until_signal(retry(settings, dead)) if dead else (0, [])
    output.print(f"{asked} to be sent again" + ("" if dead else ": nothing of these is dead"))
    for one in gone:
        errors.print(f"{one.receiver} {one.alert_id}: Kafka no longer has it", soft_wrap=True)
    sys.exit(1 if gone else 0)


@dataclass
class Deliveries:
    """The latest attempt of each alert at each receiver, oldest first, and how many attempts there were in all.

    `untried` counts by receiver the alerts of which nothing has been said yet; `receivers` and `alerts` name all that are
    known, chosen or not.
    """

    latest: list["Delivery"] = field(default_factory=list)
    attempts: int = 0
    untried: Counter[str] = field(default_factory=Counter)
    receivers: set[str] = field(default_factory=set)
    alerts: set[str] = field(default_factory=set)


async def chosen(settings: "Settings", receivers: Collection[str], alerts: Collection[str]) -> Deliveries:
    """Return the retained deliveries of receivers and alerts. Raises `SettingsError` for one that nothing is known of."""
    found = await read(settings, receivers, alerts)
    for receiver in receivers:
        if receiver not in found.receivers:
            raise SettingsError(f"no receiver is called {receiver!r}{those(receiver, sorted(found.receivers))}")
    for alert in alerts:
        if alert not in found.alerts:
            raise SettingsError(
                f"no alert or digest {alert!r} is retained; `wirewatch tail news.alerts --from-beginning --json` has their ids"
            )
    return found


async def read(settings: "Settings", receivers: Collection[str] = (), alerts: Collection[str] = ()) -> Deliveries:
    """Return the retained deliveries of these receivers and alerts (empty: of all), and the names of all there are."""
    from streams.kafka.clients import require_topics
    from streams.kafka.reading import read_all
    from streams.records import Delivery, decode
    from streams.topics import DELIVERIES

    await require_topics(settings.kafka, (DELIVERIES,))
    latest: dict[tuple[str, str], Delivery] = {}
    seen: set[str] = set()
    known, ids = set(settings.names("receivers")), set[str]()
    async for message in read_all(settings.kafka, [DELIVERIES.name]):
        try:
            one = decode(message.value or b"", Delivery)
        except InvalidRecord:
            continue  # somebody else's message; nobody was told of anything by it
        known.add(one.receiver)
        ids.add(one.alert_id)
        if (receivers and one.receiver not in receivers) or (alerts and one.alert_id not in alerts):
            continue
        seen.add(one.id)
        before = latest.get((one.alert_id, one.receiver))
        if before is None or (one.attempt, one.attempted_at) >= (before.attempt, before.attempted_at):
            latest[one.alert_id, one.receiver] = one
    untried: Counter[str] = Counter()
    for alert_id, names in (await receivers_by_alert(settings)).items():
        known.update(names)
        ids.add(alert_id)
        if not alerts or alert_id in alerts:
            untried.update(n for n in names if (not receivers or n in receivers) and (alert_id, n) not in latest)
    return Deliveries(sorted(latest.values(), key=lambda one: one.attempted_at), len(seen), untried, known, ids)


async def receivers_by_alert(settings: "Settings") -> dict[str, list[str]]:
    """Return the receivers of each retained alert and digest."""
    from agents.deliver.notice import read_notice
    from streams.kafka.reading import read_all
    from streams.topics import ALERTS, DIGESTS

    found: dict[str, list[str]] = {}
    async for message in read_all(settings.kafka, [ALERTS.name, DIGESTS.name]):
        try:
            notice = read_notice(message.value or b"")
        except InvalidRecord:
            continue
        found[notice.id] = notice.receivers
    return found


def show(found: Deliveries) -> None:
    """Print a line for each receiver, and the newest deliveries that failed."""
    by_receiver: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in found.latest:
        by_receiver[one.receiver][one.outcome] += 1
    table = Table("receiver", "delivered", "not tried yet", "to be tried again", "dead", box=None, header_style="dim")
    for receiver in sorted({*by_receiver, *found.untried}):
        counts = by_receiver[receiver]
        dead = Text(str(counts["dead"]), "red" if counts["dead"] else "")
        table.add_row(receiver, str(counts["delivered"]), str(found.untried[receiver]), str(counts["failed"]), dead)
    output.print(table)
    output.print(f"{found.attempts} attempts")
    alike: defaultdict[tuple[str, str, str], list[Delivery]] = defaultdict(list)
    for one in found.latest:
        if one.outcome != "delivered":
            alike[one.receiver, one.outcome, one.error or str(one.status)].append(one)
    for (receiver, outcome, error), ones in list(alike.items())[-SHOWN:]:
        last = ones[-1]
        output.print(f"{len(ones)} {outcome} at {receiver}: {error}", soft_wrap=True)
        then = f", again at {last.next_attempt_at:%H:%M:%S} UTC" if last.next_attempt_at else ""
        output.print(
            f"  the last: attempt {last.attempt} at {last.attempted_at:%Y-%m-%d %H:%M:%S} UTC, watch {last.watch}, "
            f"alert {last.alert_id}{then}",
            style="dim",
            soft_wrap=True,
        )
    if len(alike) > SHOWN:
        output.print("and more; --json has all")


async def retry(settings: "Settings", dead: Collection["Delivery"]) -> tuple[int, list["Delivery"]]:
    """Ask for dead alerts to be sent again; return how many were asked for, and those that Kafka no longer has.

    The alert is written to its own partition once more, with the same id, and names the receivers: only a receiver
    where it is dead gets it.
    """
    from agents.deliver.notice import read_notice
    from agents.deliver.step import RETRY_HEADER
    from streams.kafka.confirming import confirming
    from streams.kafka.reading import BY_KEY, read_all
    from streams.topics import ALERTS, DIGESTS

    wanted: defaultdict[str, list[Delivery]] = defaultdict(list)
    for one in dead:
        wanted[one.alert_id].append(one)
    found: dict[str, ConsumerRecord[bytes, bytes]] = {}
    async for message in read_all(settings.kafka, [ALERTS.name, DIGESTS.name]):
        try:
            notice = read_notice(message.value or b"")
        except InvalidRecord:
            continue
        if notice.id in wanted:
            found[notice.id] = message
    asked = 0
    async with confirming(settings.kafka, enable_idempotence=True) as producer:
        for alert_id, message in found.items():
            receivers = ",".join(sorted(one.receiver for one in wanted[alert_id]))
            headers = [(name, value) for name, value in message.headers if name != RETRY_HEADER]
            await producer.send(
                message.topic,
                message.value,
                key=message.key,
                partition=None if message.partition == BY_KEY else message.partition,
                headers=[*headers, (RETRY_HEADER, receivers.encode())],
            )
            asked += len(wanted[alert_id])
    return asked, [one for alert_id, ones in wanted.items() if alert_id not in found for one in ones]
