"""`wirewatch apply … -o FILE`: into a file, so that a run that was stopped can go on."""

import hashlib
from pathlib import Path

import msgspec

from agents.watch.records import Watch
from streams.errors import OutputError, SettingsError
from streams.records import encode
from streams.settings import Settings, Tables
from wirewatch import __version__
from wirewatch.apply.chain import Chain
from wirewatch.apply.resuming import Report, Target, apply_to_file
from wirewatch.cli.apply_arguments import Arguments
from wirewatch.cli.apply_records import Summary, opened_lines, print_summary
from wirewatch.cli.console import errors, run_until_signal, say_replaced
from wirewatch.cli.progress import progress
from wirewatch.settings import SECTIONS
from wirewatch.tables.writing import format_of


def apply_file(arguments: Arguments, output: Path) -> None:
    """Run steps over a file of JSON lines into another; sum up its records at the end."""
    steps, settings = arguments.steps, arguments.settings
    form = format_of(output, arguments.form)
    check_output(output, arguments.path)
    say_replaced(output)
    watches = arguments.watches()
    chain = Chain(steps, settings, watches)
    target = Target(output, form, plan_of(steps, settings, watches), arguments.resume)
    summary = Summary()
    shown = arguments.show or errors.is_terminal
    try:
        with (
            opened_lines(steps, arguments.path, settings) as (lines, total),
            progress(total() if shown else None, shown=shown, share=lines.share) as bar,
        ):
            report = Report(came=summary.add, begun=bar.begin_at, settled=bar.advance)
            run_until_signal(apply_to_file(chain, lines, target, report))
        print_summary(summary, lines, f"{output}: ")
        lines.check()
    except SystemExit:
        errors.print(f"interrupted: {summary}; the same command with --resume goes on", soft_wrap=True)
        raise


def check_output(output: Path, path: Path) -> None:
    """Raise for an output that is the input itself (`SettingsError`), or whose folder is missing (`OutputError`)."""
    if output.exists() and path.exists() and output.samefile(path):
        raise SettingsError(f"{output} is the input: write into another file")
    if not output.parent.is_dir():
        raise OutputError(f"{output} cannot be written: there is no folder {output.parent}")


def plan_of(steps: str, settings: Settings, watches: list[Watch] | None) -> str:
    """Return a digest of all that the result depends on besides the input."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{__version__} {steps}".encode())
    for name in steps.split(","):  # the settings of a step stand in the section of its name
        section = SECTIONS.get(name.strip())
        if section is not None and not isinstance(section, Tables):
            digest.update(msgspec.json.encode(settings[section]))
    for watch in watches or ():
        digest.update(encode(watch.record))
    return digest.hexdigest()
