"""`wirewatch replay`: dead letters put back after a fix, and articles run again."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from rich.table import Table

from streams.errors import DeadReason, SettingsError
from streams.text.names import those
from wirewatch.cli.console import configured, load, output, require_running, run_until_signal
from wirewatch.terminal.console import safe_text

if TYPE_CHECKING:
    from streams.settings import Settings
    from wirewatch.operating.replay import Report, Selection
    from wirewatch.operating.replay_preview import Preview


@click.command()
@click.option("--step", "steps", multiple=True, help="Dead letters of this step alone. Repeatable.")
@click.option("--reason", "reasons", multiple=True, help="Dead letters with this reason alone (timeout). Repeatable.")
@click.option("--source", "sources", multiple=True, help="Articles of this source alone. Repeatable.")
@click.option("--since", help="From then on: 2026-11-26T12:00:00Z, or 90m, 24h, 7d ago.")
@click.option("--until", help="Until before then, in the same way.")
@click.option("--from", "start", type=click.Choice(["clean", "tag"]), help="Run articles again from this step on.")
@click.option("--live", is_flag=True, help="As new: alerts may be raised and trends move.")
@click.option("--dry-run", is_flag=True, help="Say what would be put back, or what would change; write nothing.")
@configured
def replay(
    *,
    steps: tuple[str, ...],
    reasons: tuple[str, ...],
    sources: tuple[str, ...],
    since: str | None,
    until: str | None,
    start: str | None,
    live: bool,
    dry_run: bool,
    config: Path | None,
    bootstrap: str | None,
) -> None:
    """Put dead letters back after a fix; with --from, run articles again.

    Everything keeps its ids, so that what comes out takes the place of what was there, and is marked as backfill: no
    alert is raised and no trend moves, unless --live is given. The workers do the work; `wirewatch audit` says how it
    went.

    \b
    wirewatch replay --step tag --since 24h --dry-run
    wirewatch replay --from clean --source paper.example --dry-run
    """
    from wirewatch.http.history.parameters import ParameterError, span_of
    from wirewatch.operating.replay import Selection
    from wirewatch.steps import STEPS

    try:
        span = span_of({name: text for name, text in (("since", since), ("until", until)) if text})
    except ParameterError as error:
        raise SettingsError(f"--{error}") from error
    if start and (steps or reasons):
        raise click.UsageError("--step and --reason choose dead letters; with --from give --source, --since or --until")
    for option, given, known in (("--step", steps, STEPS), ("--reason", reasons, get_args(DeadReason))):
        for name in given:
            if name not in known:
                raise SettingsError(f"{option} {name}: there is none of this name{those(name, known)}")
    if not dry_run:
        require_running()
    settings = load(config, bootstrap)
    wanted = Selection(frozenset(steps), frozenset(reasons), frozenset(sources), span.since, span.until)
    run_until_signal(run_replay(settings, wanted, start, live=live, dry_run=dry_run))


async def run_replay(
    settings: "Settings", wanted: "Selection", start: str | None, *, live: bool, dry_run: bool
) -> None:
    """Put back, or count the messages that would be."""
    from streams.kafka.clients import require_topics
    from streams.topics import DEAD
    from wirewatch.operating.replay import AGAIN, put_back_letters, run_again
    from wirewatch.operating.replay_preview import preview
    from wirewatch.steps import STEPS

    await require_topics(settings.kafka, (AGAIN[start][0] if start else DEAD,))
    if start and dry_run:
        show_preview(await preview(settings, start, wanted, STEPS[start]), start)
    elif start:
        show_report(await run_again(settings, start, wanted, live=live), dry_run=False)
    else:
        show_report(await put_back_letters(settings, wanted, live=live, dry_run=dry_run), dry_run=dry_run)
    await require_sources(settings, wanted, AGAIN[start][0].name if start else DEAD.name)


async def require_sources(settings: "Settings", wanted: "Selection", topic: str) -> None:
    """Raise `SettingsError` for a wanted source of which nothing was met, and that is none of those in force either."""
    from wirewatch.sources.topic import OnKafka, in_force

    strange = sorted(wanted.sources - wanted.met)
    known, wrong = await in_force(OnKafka(settings)) if strange else ({}, {})
    for name in strange:
        if name not in known and name not in wrong:
            there = sorted({*known, *wrong, *wanted.met} - {""})
            raise SettingsError(f"--source {name}: nothing on {topic} is of it{those(name, there)}")


def show_report(report: "Report", *, dry_run: bool) -> None:
    """Print the counts of messages put back."""
    table = Table.grid(padding=(0, 2))
    table.add_row("would be put back" if dry_run else "put back", str(report.put_back))
    for (step, reason), count in report.by.most_common():
        table.add_row(f"  {safe_text(step)}: {safe_text(reason)}", str(count))
    for why, count in report.left.most_common():
        table.add_row("left", str(count), why)
    output.print(table)
    if report.put_back and not dry_run:
        output.print("The workers take them on; `wirewatch audit` says when they have arrived.")


def show_preview(found: "Preview", start: str) -> None:
    """Print the changes that a replay would make."""
    table = Table.grid(padding=(0, 2))
    table.add_row("articles", str(found.matching))
    table.add_row(f"tried with {start} as it is now", str(found.tried), "the newest")
    for name, count in found.changed.most_common():
        table.add_row(f"  {name} would change", str(count))
    if found.tried and not found.changed:
        table.add_row("  nothing would change", "")
    output.print(table)
    for example in found.examples:
        output.print(f"  {safe_text(example)}", markup=False, soft_wrap=True)
