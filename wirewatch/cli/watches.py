"""The commands on watches: `wirewatch watches …`."""

import sys
from pathlib import Path
from typing import IO

import click

from wirewatch.cli.console import configured, errors, load, output, run_until_signal


@click.group()
def watches() -> None:
    """Try watches before they act (docs/watches.md has the language)."""


WATCHES = click.Path(exists=True, path_type=Path)


@watches.command(name="check")
@click.argument("path", type=WATCHES)
@click.option(
    "--sample", type=click.File("rb"), help="Tagged articles, to find what matches nearly everything or nothing."
)
def watches_check(path: Path, sample: IO[bytes] | None) -> None:
    """Say what is wrong or doubtful about the watches of PATH (a TOML file, or a folder of them).

    A wrong watch is named with file, line and column, and ends with exit 2; a doubtful one (never matches, matches nearly
    everything, a term for nothing) with exit 1.
    """
    from wirewatch.cli import watching  # noqa: PLC0415

    sys.exit(watching.check(path, sample, output, errors))


@watches.command(name="test")
@click.argument("path", type=WATCHES)
@click.argument("file", type=click.File("rb"), default="-")
def watches_test(path: Path, file: IO[bytes]) -> None:
    """Say for each tagged article of FILE (standard input without it) which watches match, and why; exit 1 without one.

    \b
    wirewatch apply clean,dedup,tag raw.jsonl | wirewatch watches test watches/
    """
    from wirewatch.cli import watching  # noqa: PLC0415

    sys.exit(watching.test(path, file, output, errors))


@watches.command(name="backtest")
@click.argument("path", type=WATCHES)
@click.option("--days", type=float, default=7.0, help="How far back, of what news.tagged retains.", show_default=True)
@click.option("--file", type=click.File("rb"), help="Tagged articles of a file, without Kafka.")
@configured
def watches_backtest(
    path: Path, days: float, file: IO[bytes] | None, config: Path | None, bootstrap: str | None
) -> None:
    """Replay the retained articles: what each watch of PATH would have raised, when, and what its limits would swallow."""
    from agents.watch.files import load as load_watches  # noqa: PLC0415
    from wirewatch.cli import watching  # noqa: PLC0415

    found = load_watches(path)
    if file is not None:
        read = list(watching.articles(file, errors))
    else:
        read = run_until_signal(watching.retained(load(config, bootstrap), days))
    watching.show_backtest(found, read, output)


@watches.command(name="put")
@click.argument("path", type=WATCHES)
@click.option("--prune", is_flag=True, help="Take out of force what PATH does not have.")
@configured
def watches_put(path: Path, *, prune: bool, config: Path | None, bootstrap: str | None) -> None:
    """Put the watches of PATH (a TOML file, or a folder of them) into force; running workers have them within seconds.

    One wrong watch, and none is put: all faults are named with file, line and column. (A folder that is kept in force
    while its files change is the setting watch.folder.)
    """
    from agents.watch.files import load as load_watches  # noqa: PLC0415
    from wirewatch import watch_topic  # noqa: PLC0415

    found, settings = load_watches(path), load(config, bootstrap)
    change = run_until_signal(watch_topic.put(settings, found, prune=prune))
    for kind in ("new", "changed", "removed"):
        for name in getattr(change, kind):
            output.print(f"{kind:8} {name}")
    output.print(
        f"{len(change.new)} new, {len(change.changed)} changed, {len(change.unchanged)} unchanged, "
        f"{len(change.removed)} removed"
    )
    for name, unknown in watch_topic.unknown_receivers(settings, [watch.record for watch in found]).items():
        errors.print(f"{name}: the settings here have no receiver called {', '.join(unknown)}", soft_wrap=True)


@watches.command(name="remove")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@configured
def watches_remove(names: tuple[str, ...], config: Path | None, bootstrap: str | None) -> None:
    """Take watches out of force, by name; exit 1 where one is not in force."""
    from wirewatch import watch_topic  # noqa: PLC0415

    removed, unknown = run_until_signal(watch_topic.remove(load(config, bootstrap), names))
    for name in removed:
        output.print(f"removed  {name}")
    for name in unknown:
        errors.print(f"no watch is called {name}; `wirewatch watches list` has those in force")
    sys.exit(1 if unknown else 0)


@watches.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines: the records as they are in force.")
@configured
def watches_list(*, as_json: bool, config: Path | None, bootstrap: str | None) -> None:
    """Show the watches in force: what they ask, whom they tell, and what holds them back."""
    from wirewatch import watch_topic  # noqa: PLC0415

    found = run_until_signal(watch_topic.in_force(load(config, bootstrap)))
    good, wrong = watch_topic.records(found)
    if as_json:
        for name in sorted(found):
            click.echo(found[name])
    else:
        for record in good:
            held_back = [
                f"cool-down {record.cool_down}" if record.cool_down != "0s" else "",
                f"at most {record.limit_per_hour} an hour" if record.limit_per_hour else "",
                f"quiet from {record.quiet_hours.start} to {record.quiet_hours.end}" if record.quiet_hours else "",
                f"burst of {record.burst.count} in {record.burst.window}" if record.burst else "",
            ]
            told = f"tells {', '.join(record.receivers)}" if record.receivers else "tells nobody"
            facts = ", ".join(filter(None, [record.severity, told, *held_back]))
            output.print(f"[bold]{record.name}[/]  {facts}", soft_wrap=True)
            output.print(f"  {' '.join(record.query.split())}", style="dim", soft_wrap=True, markup=False)
        output.print(f"{len(good)} in force" + (f", {len(wrong)} wrong" if wrong else ""))
    for name, error in wrong.items():
        errors.print(f"{name}: {error}")
    sys.exit(1 if wrong else 0)
