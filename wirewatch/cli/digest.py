"""`wirewatch digest`: check digests, and preview one."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirewatch.cli import Subcommands
from wirewatch.cli.console import configured, errors, load, output, run_until_signal, with_config
from wirewatch.terminal.console import show_text, write_text

if TYPE_CHECKING:
    from streams.records import Story

#: How a moment may be written.
MOMENTS = (
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
)


@click.group(cls=Subcommands)
def digest() -> None:
    """Check digests and preview one before it is sent (docs/digests.md)."""


@digest.command(name="check")
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
@with_config
def check(path: Path | None, config: Path | None) -> None:
    """Find faults and doubts in the digests of PATH (a TOML file, or a folder of them; digest.folder without it).

    Says when each is due next. A wrong digest is named with file and line, and ends with exit 2; a doubtful one (it goes to
    nobody, a receiver or watch is unknown) with exit 1.

    \b
    wirewatch digest check
    wirewatch digest check digests/north.toml
    """
    from agents.digest.settings import DigestSettings
    from streams.errors import SettingsError
    from wirewatch.history.digest_check import checked

    settings = load(config, None, running=False)
    named = settings[DigestSettings].folder
    if path is None and not named:
        raise SettingsError("no folder holds digests: set digest.folder in wirewatch.toml, or name one")
    lines, doubts = checked(settings, path or Path(named), datetime.now(UTC))
    for line in lines:
        output.print(line, soft_wrap=True, markup=False)
    sys.exit(1 if doubts else 0)


@digest.command(name="preview")
@click.argument("name")
@click.option(
    "--file", "file", type=click.Path(dir_okay=False, path_type=Path), help="Stories from JSON lines, not Kafka."
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Of digests (digest.folder).",
)
@click.option(
    "--at",
    type=click.DateTime(MOMENTS),
    metavar="TIME",
    help="The moment, in UTC, as 2026-03-29T07:00; the latest story's time by default.",
)
@click.option("--form", type=click.Choice(["text", "html", "rss", "json"]), default="text", help="How it is printed.")
@configured
def preview(
    name: str,
    file: Path | None,
    folder: Path | None,
    at: datetime | None,
    form: str,
    config: Path | None,
    bootstrap: str | None,
) -> None:
    """Print the digest NAME as it would be sent at a moment.

    Reads all that news.stories retains, or a file of its records. Receivers that the settings do not know are named.

    \b
    wirewatch digest preview north
    wirewatch digest preview north --form html > north.html
    """
    from agents.deliver import digests as render
    from agents.deliver.settings import Receivers
    from agents.digest.matches import Matches
    from agents.digest.settings import DigestSettings
    from streams.errors import SettingsError
    from streams.records import encode
    from wirewatch.history import digest_preview

    settings = load(config, bootstrap, running=file is None)
    named = settings[DigestSettings].folder
    if folder is None and not named:
        raise SettingsError("no folder holds digests: set digest.folder in wirewatch.toml, or name one with --folder")
    where = folder or Path(named)
    plan = digest_preview.chosen(digest_preview.planned(settings, where), name, str(where))
    moment = at.replace(tzinfo=UTC) if at is not None else None
    if file is None:
        made = run_until_signal(digest_preview.preview(settings, name, plan, moment))
    elif plan.watch is not None:
        raise SettingsError(f"digest.{name} asks for the matches of watch {plan.watch}, which a file of stories lacks")
    else:
        made = digest_preview.made_of(settings, name, plan, read_file(file), Matches(()), moment)
    forms = {"text": render.message(made, "text"), "html": render.html(made), "rss": render.rss_item(made)}
    if form == "text":
        show_text(forms["text"])
    else:
        write_text((forms.get(form) or encode(made).decode()) + "\n")
    for receiver in set(plan.receivers) - set(settings[Receivers]):
        errors.print(f"digest.{name}: no receiver is called {receiver!r} in the settings", soft_wrap=True)


def read_file(file: Path) -> "Iterator[Story]":
    """Yield the stories of JSON lines."""
    from streams.errors import InputError, InvalidRecord
    from streams.records import Story, decode

    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                yield decode(line, Story)
            except InvalidRecord as error:
                raise InputError(f"{file}:{number}: no story: {error}") from error
