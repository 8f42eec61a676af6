"""`wirewatch audit`: the accounts of the topics, as a table or as JSON."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from wirewatch.cli.console import configured, data_folder, load, output, run_until_signal
from wirewatch.terminal.accounts import account_table
from wirewatch.terminal.console import write_json

if TYPE_CHECKING:
    from wirewatch.operating.audit import Account


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
        write_json([orjson.dumps(account_json(account), option=orjson.OPT_INDENT_2)])
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
