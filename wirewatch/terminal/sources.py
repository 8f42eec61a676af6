"""Sources as lines and tables in the terminal."""

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wirewatch.sources.rows import FOREVER, state_of
from wirewatch.terminal.console import LOOK_AT

if TYPE_CHECKING:
    from agents.fetch.source.state import PollState
    from streams.records import Source
    from wirewatch.sources.check import Look
    from wirewatch.sources.topic import PollerStates

#: So long it is said that entries may have been missed, in seconds.
WEEK = 604_800.0
STYLES = {
    "healthy": "green",
    "moved": "cyan",
    "new": "dim",
    "paused": "dim",
    "failing": "red",
    "blocked": "red",
    "dead": "red",
}


def show_look(output: Console, look: "Look") -> None:
    """Describe an address in plain words."""
    output.print(look.url, style="bold", soft_wrap=True)
    grid = Table.grid(padding=(0, 2))
    for word, sentence in look.said:
        grid.add_row(Text(f"  {word}", style="dim"), Text(sentence))
    for title, date, url in look.found.latest if look.found is not None else ():
        grid.add_row(Text("  article", style="dim"), Text(f"{date or 'no date'}  {title or url}"))
    output.print(grid)


def list_table(found: "Iterable[Source]", states: "Mapping[str, PollState]") -> Table:
    """Return sources for people, within 80 columns."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("source", max_width=30, overflow="ellipsis", no_wrap=True)
    table.add_column("state", max_width=15, no_wrap=True)
    for name in ("polled", "next", "new", "articles"):
        table.add_column(name, justify="right", no_wrap=True, max_width=9)
    for source in found:
        known = states.get(source.name)
        state = state_of(source, known)
        cells = (
            ("", "", "", "")
            if known is None
            else (
                ago(known.last_poll_at),
                until(known.next_at) if source.enabled else "",
                ago(known.last_new_at),
                str(known.new_entries),
            )
        )
        table.add_row(source.name, Text(state, style=STYLES.get(state, LOOK_AT)), *cells)
    return table


def show_health(output: Console, source: "Source", polled: "PollerStates") -> None:
    """Say how a source is doing, since when and why, and what keeps it from being polled."""
    known = polled.states.get(source.name)
    state = state_of(source, known)
    age = f" for {ago(known.health_since)}" if known is not None and known.health_since else ""
    age = ", not polled yet" if state == "new" and (known is None or not known.last_poll_at) else age
    output.print(Text.assemble((source.name, "bold"), "  ", (state, STYLES.get(state, LOOK_AT)), age), soft_wrap=True)
    reasons = [known.reason] if known is not None and known.reason and state not in ("healthy", "new") else []
    for line in (*reasons, *troubles(source, polled), *missed(known)):
        output.print(f"  {line}", soft_wrap=True)


def troubles(source: "Source", polled: "PollerStates") -> list[str]:
    """Return why a source's last poll failed, where its state does not say so, and how long its domain is left alone."""
    from agents.fetch.asking.domains import domain_of

    known, found = polled.states.get(source.name), []
    if not source.enabled:
        return []
    if known is not None and known.error and known.error not in known.reason:
        found.append(f"its last poll failed, {ago(known.last_poll_at)} ago: {known.error}")
    domain = polled.domains.get(domain_of((known.location if known is not None else "") or source.url))
    if domain is not None and domain.paused_until > time.time():
        left = until(domain.paused_until)
        found.append(f"{domain.domain} is left alone for another {left}, as it asked: {domain.reason}")
    return found


def missed(known: "PollState | None") -> list[str]:
    """Return that entries of a source may have been missed of late."""
    if known is None or known.turned_over_at < time.time() - WEEK:
        return []
    return [
        (
            f"nothing was left of the document before, {ago(known.turned_over_at)} ago ({known.turned_over:,} in all): entries "
            "between may have been missed; a shorter min_interval_seconds has it polled sooner"
        )
    ]


def ago(at: float) -> str:
    """Return how long ago a time was; a dash for none."""
    from agents.fetch.source.health import spoken

    return short(spoken(max(time.time() - at, 0.0))) if at else "-"


def until(at: float) -> str:
    """Return in how long a time will be; `never` for the end of all times."""
    from agents.fetch.source.health import spoken

    if at >= FOREVER:
        return "never"
    return "now" if at <= time.time() else short(spoken(at - time.time()))


def short(spoken: str) -> str:
    """Return a length of time with the first letter of its unit."""
    number, _, unit = spoken.partition(" ")
    return f"{number} {unit.removesuffix('utes') if unit == 'minutes' else unit[:1]}"
