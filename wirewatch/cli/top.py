"""`wirewatch top`: a running cluster at a glance."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
import orjson
from rich.console import Group, RenderableType
from rich.live import Live
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from wirewatch.cli.console import configured, load, output, require_running, run_until_signal
from wirewatch.terminal.console import LOOK_AT, safe_text, write_json
from wirewatch.terminal.records import line_of

if TYPE_CHECKING:
    from streams.settings import Settings
    from wirewatch.operating.top import StepState, View

#: Steps stand in two columns beside each other: eight lines for sixteen.
COLUMNS = 2
#: What stands between things in a line.
SEPARATOR = " · "
#: A lag of more messages is shown in yellow.
SHORT_LAG = 100


@click.command()
@click.option("--once", is_flag=True, help="Show it once and end; speeds are those of one interval.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each look.")
@click.option(
    "--interval", type=click.FloatRange(min=0.2), default=2.0, show_default=True, help="Seconds between looks."
)
@click.option("--prometheus", metavar="URL", help="Whose firing alerts are shown: http://HOST:9090.")
@configured
def top(
    *, once: bool, as_json: bool, interval: float, prometheus: str | None, config: Path | None, bootstrap: str | None
) -> None:
    """Show how a running cluster does.

    Shows lag and speed of each step, what comes in and out, the state of the
    sources, and the latest alerts. Asks Kafka alone, beside the workers: it joins no group and commits nothing.
    A step without a lag has never been run by a worker. It fits 80 by 24.

    \b
    wirewatch top
    wirewatch top --once --json | jq '.steps[] | select(.lag > 1000)'
    wirewatch top --prometheus http://127.0.0.1:9090
    """
    require_running()
    settings = load(config, bootstrap)
    run_until_signal(run_top(settings, prometheus, interval, once=once, as_json=as_json), endless=not once)


async def run_top(settings: "Settings", prometheus: str | None, interval: float, *, once: bool, as_json: bool) -> None:
    """Look again and again, until it is stopped."""
    from streams.kafka.clients import require_topics
    from streams.topics import RAW
    from wirewatch.operating.top import looking
    from wirewatch.steps import TABLE

    await require_topics(settings.kafka, (RAW,))
    async with looking(settings, TABLE, prometheus) as cluster:
        if as_json or once or not output.is_terminal:
            await cluster.look()
            while True:
                await asyncio.sleep(interval)
                show(await cluster.look(), as_json=as_json)
                if once:
                    return
        with Live(console=output, screen=True, auto_refresh=False) as live:
            say_in(live)
            while True:
                live.update(picture(await cluster.look(), output.size.height), refresh=True)
                await asyncio.sleep(interval)


def say_in(live: Live) -> None:
    """Print lines on a silent Kafka above the last view: standard error would write into it."""
    from streams.kafka.patience import RUNNING

    if (patience := RUNNING.get()) is not None:
        patience.say = lambda text: live.update(Group(one_line(text, "bold red"), live.get_renderable()), refresh=True)


def show(view: "View", *, as_json: bool) -> None:
    """Print a view."""
    if as_json:
        write_json([orjson.dumps(msgspec.to_builtins(view))])
    else:
        output.print(picture(view, output.size.height if output.is_terminal else 24))


def picture(view: "View", height: int) -> RenderableType:
    """Return a view for a terminal, no higher than it is."""
    rows = -(-len(view.steps) // COLUMNS)
    topics = folded(f"{each.topic.removeprefix('news.')} {each.rate:.1f}/s {each.messages:,}" for each in view.topics)
    room = max(1, height - rows - 9 - len(topics))
    alerts = [line.split()[0] for line in map(line_of, map(msgspec.to_builtins, view.alerts[:room]))]
    for alert in alerts:
        alert.no_wrap, alert.overflow = True, "ellipsis"
    return Group(
        Rule(Text(f"wirewatch top  {view.at:%H:%M:%S} UTC  {safe_text(view.kafka)}"), style="dim"),
        steps_table(view.steps),
        Rule("messages a second, and in Kafka", style="dim"),
        *map(one_line, topics),
        Rule("sources", style="dim"),
        one_line(SEPARATOR.join(f"{count:,} {state}" for state, count in view.sources.items()) or "none polled"),
        Rule("alerts", style="dim"),
        *([] if view.firing is None else [firing_line(view.firing)]),
        *(alerts or [one_line("none yet")]),
    )


def folded(items: Iterable[str]) -> list[str]:
    """Return items in lines that the terminal has room for, none of them cut."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(SEPARATOR) + len(item) <= output.size.width:
            lines[-1] += SEPARATOR + item
        else:
            lines.append(item)
    return lines


def steps_table(steps: "list[StepState]") -> Table:
    """Return the steps in columns, each with its lag and its speed."""
    table = Table(box=None, header_style="dim", expand=True, padding=(0, 1))
    for _ in range(COLUMNS):
        table.add_column("step", no_wrap=True)
        table.add_column("lag", justify="right", no_wrap=True)
        table.add_column("read/s", justify="right", no_wrap=True)
    rows = -(-len(steps) // COLUMNS)
    for row in range(rows):
        table.add_row(*(cell for step in steps[row::rows] for cell in cells(step)))
    return table


def cells(step: "StepState") -> tuple[Text, Text, Text]:
    """Return a step's name, lag and speed; a step that stands still with a lag is red."""
    if step.lag is None or step.rate is None:
        return Text(step.step, style="dim"), Text("-", style="dim"), Text("-", style="dim")
    style = "" if step.lag <= SHORT_LAG else LOOK_AT if step.rate else "bold red"
    return Text(step.step), Text(f"{step.lag:,}", style=style), Text(f"{step.rate:.1f}")


def firing_line(firing: list[str]) -> Text:
    """Return the alerts of Prometheus in a line."""
    return one_line(f"firing: {', '.join(firing)}", "bold red") if firing else one_line("Prometheus: nothing fires")


def one_line(text: str, style: str = "") -> Text:
    """Return a text that is cut at the end of its line."""
    return Text(safe_text(text), style=style, no_wrap=True, overflow="ellipsis")
