"""The commands on deliveries: `wirewatch deliveries …`."""

import sys
from pathlib import Path

import click

from wirewatch.cli.console import configured, errors, load, output, run_until_signal


@click.group()
def deliveries() -> None:
    """See what became of alerts at their receivers, and send dead ones again (docs/delivery.md)."""


@deliveries.command(name="list")
@click.option("--receiver", "receivers", multiple=True, help="Only of this receiver. Repeatable: any.")
@click.option("--alert", "alerts", multiple=True, help="Only of this alert's id. Repeatable: any.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines: the latest attempt of each alert at each receiver.")
@configured
def deliveries_list(
    receivers: tuple[str, ...], alerts: tuple[str, ...], *, as_json: bool, config: Path | None, bootstrap: str | None
) -> None:
    """Count what was delivered, what is tried again and what is dead, for each receiver, and say why.

    Reads what news.deliveries retains. Exit 1 where something is dead.
    """
    from streams.records import encode  # noqa: PLC0415
    from wirewatch.cli import delivering  # noqa: PLC0415

    found = run_until_signal(delivering.read(load(config, bootstrap), receivers, alerts))
    if as_json:
        for one in found.latest:
            click.echo(encode(one))
    else:
        delivering.show(found, output)
    sys.exit(1 if any(one.outcome == "dead" for one in found.latest) else 0)


@deliveries.command(name="retry")
@click.option("--receiver", "receivers", multiple=True, help="What is dead at this receiver. Repeatable: any.")
@click.option("--alert", "alerts", multiple=True, help="This alert's id, where it is dead. Repeatable: any.")
@click.option("--all", "everything", is_flag=True, help="Everything that is dead.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent again.")
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
    """Send dead alerts again, with a full set of attempts; what was delivered is never sent again.

    \b
    wirewatch deliveries retry --receiver desk-mail
    wirewatch deliveries retry --all --dry-run
    """
    from wirewatch.cli import delivering  # noqa: PLC0415

    if not (receivers or alerts or everything):
        raise click.UsageError("say what: --receiver, --alert or --all")
    settings = load(config, bootstrap)
    found = run_until_signal(delivering.read(settings, receivers, alerts))
    dead = [one for one in found.latest if one.outcome == "dead"]
    if dry_run:
        for one in dead:
            output.print(f"{one.receiver} {one.watch} {one.alert_id}: {one.error}", soft_wrap=True, markup=False)
        output.print(f"{len(dead)} would be sent again")
        return
    asked, gone = run_until_signal(delivering.retry(settings, dead)) if dead else (0, [])
    output.print(f"{asked} to be sent again")
    for one in gone:
        errors.print(f"{one.receiver} {one.alert_id}: news.alerts no longer has this alert", soft_wrap=True)
    sys.exit(1 if gone else 0)
