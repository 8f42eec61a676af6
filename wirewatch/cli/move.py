"""`wirewatch move`: from one laptop to a Kafka."""

import sys
from pathlib import Path

import click

from wirewatch.cli.console import errors, load, run_until_signal, with_bootstrap, with_config


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_config
@with_bootstrap
def move(folder: Path, config: Path | None, bootstrap: str | None) -> None:
    """Put the watches, sources, polls, delivery ledger and raw messages of `run --data DIR` onto a Kafka.

    Nothing may run on DIR. Workers on that Kafka make everything else again, with the same ids; the ledger keeps alerts
    from being told twice. DIR stays as it is, and moving again is harmless; do not run on both.

    \b
    wirewatch topics create
    wirewatch move ~/wirewatch-data
    """
    settings = load(config, bootstrap, running=False)
    from wirewatch.laptop.moving import move as move_folder

    moved = run_until_signal(move_folder(folder, settings))
    for topic, count in sorted(moved.records.items()):
        errors.print(f"{count:8} to {topic}")
    for state in moved.refused[:20]:
        errors.print(f"left behind: {state} cannot be read, or is of a source that is gone", soft_wrap=True)
    sys.exit(0)
