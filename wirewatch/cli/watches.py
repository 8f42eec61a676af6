"""`wirewatch watches`: try watches before they act, over files or over retained articles, and put them into force."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from rich.text import Text

from streams.errors import SettingsError
from streams.text.names import meant
from wirewatch.cli import Subcommands
from wirewatch.cli.console import configured, errors, load, output, run_until_signal, with_config
from wirewatch.cli.watch_trials import (
    Trial,
    check,
    require_any,
    retained,
    say_unchecked,
    show_backtest,
    test,
)
from wirewatch.terminal.console import write_json

if TYPE_CHECKING:
    from agents.watch.records import Watch
    from streams.records import HeldBack, WatchRecord
    from streams.settings import Settings

WATCHES = click.Path(exists=True, path_type=Path)


@click.group(cls=Subcommands)
def watches() -> None:
    """Check watches and try them; put them into force (docs/watches.md has the language)."""


@watches.command(name="check")
@click.argument("path", type=WATCHES)
@click.option(
    "--sample", type=click.File("rb"), help="Tagged articles, to find what matches nearly everything or nothing."
)
@with_config
def watches_check(path: Path, sample: IO[bytes] | None, config: Path | None) -> None:
    """Find faults and doubts in the watches of PATH (a TOML file, or a folder of them).

    A wrong watch or a wrong setting is named with file, line and column, and ends with exit 2; a doubtful watch (never
    matches, matches nearly everything, a term for nothing, an unknown place or receiver) with exit 1.

    \b
    wirewatch watches check watches/
    wirewatch watches check port.toml --sample tagged.jsonl
    """
    sys.exit(check(path, sample, load(config, None, running=False)))


@watches.command(name="test")
@click.argument("path", type=WATCHES)
@click.argument("file", type=click.File("rb"), default="-")
def watches_test(path: Path, file: IO[bytes]) -> None:
    """Say which watches of PATH match each tagged article or trend of FILE (standard input without it), and why.

    For an article that none matches it says which conditions failed, for a trend why a watch that names it is not told.
    Exit 1 where there is neither, or a line is neither.

    \b
    wirewatch apply clean,dedup,tag raw.jsonl | wirewatch watches test watches/
    wirewatch watches test watches/ trends.jsonl
    """
    sys.exit(test(path, file))


@watches.command(name="backtest")
@click.argument("path", type=WATCHES)
@click.option(
    "--days",
    type=click.FloatRange(0, min_open=True),
    default=7.0,
    help="How far back, of what news.tagged and news.trends retain.",
    show_default=True,
)
@click.option("--file", type=click.File("rb"), help="Tagged articles and trends of a file, without Kafka.")
@configured
def watches_backtest(
    path: Path, days: float, file: IO[bytes] | None, config: Path | None, bootstrap: str | None
) -> None:
    """Replay retained articles and trends: the alerts that each watch of PATH would raise, and those that its limits hold back.

    Exit 1 where lines of the file are neither.

    \b
    wirewatch watches backtest watches/ --days 28
    wirewatch watches backtest port.toml --file tagged.jsonl
    """
    from agents.watch.backtest import by_time
    from agents.watch.files import load as load_watches
    from agents.watch.language.query import names_trend

    found = load_watches(path)
    trends = any(names_trend(watch.query) for watch in found)
    if file is None:
        show_backtest(found, run_until_signal(retained(load(config, bootstrap), days, trends=trends)))
        return
    trial = Trial(file)
    read = by_time(trial)
    require_any(read)
    show_backtest(found, read)
    sys.exit(1 if trial.wrong else 0)


@watches.command(name="put")
@click.argument("path", type=WATCHES)
@click.option("--prune", is_flag=True, help="Take out of force all watches that PATH does not have.")
@click.option("--any-receiver", is_flag=True, help="Take receivers that the settings here do not have.")
@configured
def watches_put(path: Path, *, prune: bool, any_receiver: bool, config: Path | None, bootstrap: str | None) -> None:
    """Put the watches of PATH (a TOML file, or a folder of them) into force; running workers have them within seconds.

    One wrong watch, and none is put: all faults are named with file, line and column. (A folder that is kept in force
    while its files change is the setting watch.folder.)

    \b
    wirewatch watches put watches/
    """
    settings = load(config, bootstrap)
    from agents.watch.files import load as load_watches
    from wirewatch.watches import topic as watch_topic

    found = load_watches(path)
    unknown = watch_topic.unknown_receivers(settings, [watch.record for watch in found])
    if unknown and not any_receiver:
        raise SettingsError(unknown_receivers_error(settings, unknown))
    say_unchecked(settings, found)
    change = run_until_signal(watch_topic.put(settings, found, prune=prune))
    for kind in ("new", "changed", "removed"):
        for name in getattr(change, kind):
            output.print(f"{kind:8} {name}", soft_wrap=True)
    output.print(
        f"{len(change.new)} new, {len(change.changed)} changed, {len(change.unchanged)} unchanged, "
        f"{len(change.removed)} removed"
    )
    if change.new or change.changed or change.removed:
        output.print("Running workers have this within seconds, for articles that come from then on.", soft_wrap=True)
    report_kept(settings, {watch.name: watch for watch in found})


def report_kept(settings: "Settings", written: "Mapping[str, Watch | None]") -> None:
    """Say which of the watches written, or removed (None), the folder of the settings puts back as they are there."""
    from agents.watch.settings import WatchSettings
    from streams.records import encode
    from wirewatch.folders.watches import kept_in_force

    kept = kept_in_force(settings)
    names = [
        name
        for name, watch in written.items()
        if name in kept and (watch is None or kept[name] != encode(watch.record))
    ]
    if names:
        errors.print(
            f"{', '.join(sorted(names))}: a worker whose watch.folder is {settings[WatchSettings].folder} puts the file's "
            "watch back within seconds; change the file",
            soft_wrap=True,
        )


def unknown_receivers_error(settings: "Settings", unknown: dict[str, list[str]]) -> str:
    """Name the watches whose receiver the settings lack, and the ways out."""
    known = sorted(settings.names("receivers"))
    named = "; ".join(
        f"{watch}: {', '.join(name + meant(name, known) for name in names)}" for watch, names in sorted(unknown.items())
    )
    return (
        f"no such receiver in the settings ({named}); there are {', '.join(known) or 'none'}. "
        "Nothing was put: mend the name, add [receivers.NAME] to the settings, or use --any-receiver where the worker "
        "that delivers has other settings"
    )


@watches.command(name="remove")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@configured
def watches_remove(names: tuple[str, ...], config: Path | None, bootstrap: str | None) -> None:
    """Take watches out of force, by name; exit 1 where one is not in force.

    \b
    wirewatch watches remove port-strikes
    """
    from wirewatch.watches import topic as watch_topic

    settings = load(config, bootstrap)
    removed, unknown = run_until_signal(watch_topic.remove(settings, names))
    for name in removed:
        output.print(f"removed  {name}", soft_wrap=True)
    report_kept(settings, dict.fromkeys(removed))
    report_unknown(settings, unknown)


@watches.command(name="mute")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--minutes", type=click.IntRange(1, 720), default=60, show_default=True, help="For how long.")
@click.option("--off", is_flag=True, help="End the mute now.")
@configured
def watches_mute(
    names: tuple[str, ...], *, minutes: int, off: bool, config: Path | None, bootstrap: str | None
) -> None:
    """Let watches raise nothing for a while, for everybody; exit 1 where one is not in force.

    Matches meanwhile are counted and named in the watch's next alert, on the page, and by `wirewatch watches list`.

    \b
    wirewatch watches mute port-strikes --minutes 30
    wirewatch watches mute port-strikes --off
    """
    from wirewatch.watches import topic as watch_topic

    until = None if off else datetime.now(UTC) + timedelta(minutes=minutes)
    settings = load(config, bootstrap)
    muted, unknown = run_until_signal(watch_topic.mute(settings, names, until))
    for name in muted:
        output.print(f"muted until {until:%H:%M} UTC  {name}" if until else f"not muted  {name}", soft_wrap=True)
    report_unknown(settings, unknown)


def report_unknown(settings: "Settings", unknown: Sequence[str]) -> None:
    """Say which names are no watch's, and end with 1 where there are any."""
    from wirewatch.watches import topic as watch_topic

    in_force = run_until_signal(watch_topic.in_force(settings)) if unknown else {}
    for name in unknown:
        errors.print(
            f"no watch is called {name}{meant(name, in_force)}; `wirewatch watches list` has those in force",
            soft_wrap=True,
        )
    sys.exit(1 if unknown else 0)


@watches.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines: the records as they are in force.")
@configured
def watches_list(*, as_json: bool, config: Path | None, bootstrap: str | None) -> None:
    """Show the watches in force: query, receivers, limits, and the matches that they held back since their last alert.

    \b
    wirewatch watches list
    """
    from wirewatch.watches import topic as watch_topic

    settings = load(config, bootstrap)
    found, mutes = run_until_signal(watch_topic.in_force_and_muted(settings))
    good, wrong = watch_topic.records(found)
    muted = mutes.running(datetime.now(UTC))
    if as_json:
        write_json(found[name] for name in sorted(found))
    else:
        held_back = run_until_signal(watch_topic.held_back(settings))
        for record in good:
            show_watch(record, muted.get(record.name), held_back.get(record.name, []))
        output.print(f"{len(good)} in force" + (f", {len(wrong)} wrong" if wrong else ""))
    for name, error in wrong.items():
        errors.print(f"{name}: {error}", soft_wrap=True)
    sys.exit(1 if wrong else 0)


def show_watch(record: "WatchRecord", muted_until: datetime | None, held_back: "Sequence[HeldBack]") -> None:
    """Print a watch in force: whom it tells, its limits, its query, and the matches held back since its last alert."""
    from agents.deliver.alerts import why_held_back

    limits = [
        f"cool-down {record.cool_down}" if record.cool_down != "0s" else "",
        f"one alert for each {record.each}" if record.each != "group" else "",
        f"{record.trends} trends" if record.trends else "",
        f"at most {record.limit_per_hour} an hour" if record.limit_per_hour else "",
        f"quiet from {record.quiet_hours.start} to {record.quiet_hours.end}" if record.quiet_hours else "",
        f"burst of {record.burst.count} in {record.burst.window}" if record.burst else "",
        f"muted until {muted_until:%H:%M} UTC" if muted_until else "",
    ]
    receivers = f"to {', '.join(record.receivers)}" if record.receivers else "to nobody"
    facts = ", ".join(filter(None, [record.severity, receivers, *limits]))
    output.print(Text.assemble((record.name, "bold"), f"  {facts}"), soft_wrap=True)
    output.print(f"  {' '.join(record.query.split())}", style="dim", soft_wrap=True)
    for one in held_back:
        title = one.title or one.url or "(no title)"
        output.print(
            f"  held back at {one.at:%d %b %H:%M} UTC ({why_held_back(one)}): {title} ({one.source})", soft_wrap=True
        )
