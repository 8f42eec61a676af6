"""The arguments of `wirewatch apply`, and which of them go together."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streams.errors import SettingsError
from streams.settings import Settings

if TYPE_CHECKING:
    from agents.watch.records import Watch


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """The arguments as they were given, and the settings; `show`: the progress is wanted."""

    settings: Settings
    steps: str
    files: tuple[Path, ...]
    entries: bool
    url: str | None
    source: str | None
    watches_path: Path | None
    explain: bool
    output: Path | None
    form: str | None
    resume: bool
    show: bool

    @property
    def polls(self) -> bool:
        """Whether the first step is `poll`, which reads documents."""
        return self.steps.partition(",")[0].strip() == "poll"

    @property
    def path(self) -> Path:
        """The input; `-` for standard input."""
        return self.files[0] if self.files else Path("-")

    def watches(self) -> "list[Watch] | None":
        """Return the watches of --watches; None without it."""
        from agents.watch.files import load

        return load(self.watches_path) if self.watches_path is not None else None

    def check(self) -> None:
        """Raise `SettingsError` for arguments that do not go together."""
        of_poll, writes = bool(self.entries or self.url or self.source), self.output is not None
        wrong = {
            "--format and --resume go with --output FILE": bool(self.form or self.resume) and not writes,
            "--output names a file: without it the records go to standard output": self.output == Path("-"),
            "--output takes the steps after `poll`: write its raw records to a file first": self.polls and writes,
            "--explain gives the reasons of the step clean: use it with that step alone": self.explain
            and self.steps.strip() != "clean",
            "--entries, --url and --source go with the step `poll`": of_poll and not self.polls,
            "only the step `poll` takes more than one FILE: name their folder, or put JSON lines together with `cat`": (
                len(self.files) > 1 and not self.polls
            ),
            "--explain writes to standard output": self.explain and writes,
        }
        if why := next((why for why, holds in wrong.items() if holds), None):
            raise SettingsError(why)
