"""The account of `wirewatch audit` as a table."""

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from wirewatch.operating.audit import Account

#: Missing and double fetches that the table names; the JSON has all.
SHOWN = 20


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
        table.add_row("written again", str(account.written_again), "same id, same place: one thing")
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
