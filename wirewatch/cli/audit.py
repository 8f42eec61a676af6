"""`wirewatch audit`: the accounts of the topics, as a table or as JSON."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson
from rich.table import Table
from rich.text import Text

from wirewatch.cli.console import configured, data_folder, load, output, run_until_signal

if TYPE_CHECKING:
    from wirewatch.operating.audit import Account

#: Missing and double fetches that the table names; the JSON has all.
SHOWN = 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@configured
def audit(*, as_json: bool, config: Path | None, bootstrap: str | None) -> None:
    """Reconcile the topics: fetches that went in, came out, are on their way, are missing or double.

    Exit 0 when nothing is missing and nothing is double, 1 otherwise. Reads everything that Kafka retains; a message
    that is still on its way is no mistake.

    \b
    wirewatch audit
    wirewatch audit --json | jq .missing
    """
    settings = load(config, bootstrap, running=False)
    from wirewatch.operating.audit import audit as reconcile
    from wirewatch.steps import STEPS

    if (folder := data_folder()) is not None:
        from wirewatch.laptop.accounts import audit_journal

        account = run_until_signal(audit_journal(folder, STEPS))
    else:
        account = run_until_signal(reconcile(settings, STEPS))
    if as_json:
        click.echo(orjson.dumps(account_json(account), option=orjson.OPT_INDENT_2))
    else:
        output.print(account_table(account))
    sys.exit(0 if account.balanced else 1)


def account_json(account: "Account") -> dict[str, Any]:
    """Return an account as plain values."""
    return {
        "balanced": account.balanced,
        "settled": account.settled,
        "raw_messages": account.raw_messages,
        "fetches": account.fetches,
        "redelivered": account.redelivered,
        "final": dict(account.final),
        "written_again": account.written_again,
        "refused_at_the_door": account.refused_on_entry,
        "dead_after_tagging": account.dead_after_tagging,
        "on_their_way": dict(account.on_their_way),
        "missing": [{"fetch_id": fetch, "last_seen": topic} for fetch, topic in account.missing],
        "double": [{"fetch_id": fetch, "places": where} for fetch, where in account.double],
        "without_raw": account.unknown,
        "entries": {
            "new": account.entries.entries,
            "raw": account.entries.raw,
            "dead": dict(account.entries.dead),
            "waiting": account.entries.waiting,
            "missing": account.entries.missing,
            "double": account.entries.double,
        },
        "replayed": account.replayed,
    }


def account_table(account: "Account") -> Table:
    """Return an account as a table."""
    table = Table.grid(padding=(0, 2))
    if account.entries.entries:
        add_entries(table, account)
    table.add_row(
        "raw messages",
        str(account.raw_messages),
        f"{account.redelivered} of them delivered again" if account.redelivered else "",
    )
    table.add_row("fetches", str(account.fetches), "")
    for topic, number in sorted(account.final.items()):
        table.add_row(f"  on {topic}", str(number), "")
    for topic, number in account.on_their_way.items():
        table.add_row(f"  on their way, last on {topic}", str(number), "")
    if account.refused_on_entry:
        table.add_row(
            "refused where they came in", str(account.refused_on_entry), "on news.dead, without a raw message"
        )
    if account.dead_after_tagging:
        table.add_row("dead after tagging", str(account.dead_after_tagging), "matches or alerts, not articles")
    if account.written_again:
        table.add_row("written again after a crash", str(account.written_again), "same id, same place: one thing")
    if account.replayed:
        table.add_row("put back by replay", str(account.replayed), "counted where they have arrived")
    if account.unknown:
        table.add_row("without a raw message", str(account.unknown), "Kafka keeps outputs longer than raw messages")
    for name, entries in (("missing", account.missing), ("double", account.double)):
        table.add_row(Text(name, "red" if entries else "green"), str(len(entries)), "")
        for fetch, where in entries[:SHOWN]:
            table.add_row("", fetch, f"last on {where}" if name == "missing" else where)
    verdict = Text("balanced", "bold green") if account.balanced else Text("does not balance", "bold red")
    table.add_row(verdict, "", "" if account.settled or not account.balanced else "some are still on their way")
    return table


def add_entries(table: Table, account: "Account") -> None:
    """Add the account of sources' entries to a table."""
    entries = account.entries
    table.add_row("entries of sources", str(entries.entries), "new or edited")
    table.add_row("  to raw messages", str(entries.raw), "")
    for reason, number in sorted(entries.dead.items()):
        table.add_row("  on news.dead", str(number), reason)
    if entries.waiting:
        table.add_row("  on their way", str(entries.waiting), "their pages wait for their domains' turns")
    for name, found in (("entries missing", entries.missing), ("entries double", entries.double)):
        if found:
            table.add_row(Text(name, "red"), str(len(found)), ", ".join(found[:SHOWN]))
