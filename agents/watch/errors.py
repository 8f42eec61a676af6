"""Errors of watches and their queries, with their places.

SettingsError
├── QueryError     a query that cannot be read, or that nothing could ever anchor
└── WatchError     a watch's file or record, with the place of each fault
"""

from dataclasses import dataclass

from streams.errors import SettingsError

#: Characters of a message: a query may be all of one word, which its error names.
MAX_MESSAGE = 400


class QueryError(SettingsError):
    """A wrong query. `line` and `column` count from 1; `hint` is the advice, or empty."""

    def __init__(self, message: str, line: int = 1, column: int = 1, hint: str = "") -> None:
        super().__init__(message, line, column, hint)
        self.message = message if len(message) <= MAX_MESSAGE else message[: MAX_MESSAGE - 1] + "…"
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        """Return place, message and hint in one line."""
        return f"line {self.line}, column {self.column}: {self.message}" + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True)
class Fault:
    """A fault of one watch: file (or record key), line and column from 1, message, and a hint or ""."""

    place: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the fault in the form of a compiler's message."""
        return f"{self.place}:{self.line}:{self.column}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class WatchError(SettingsError):
    """One or more wrong watches; `faults` holds all that were found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        """Return one line for each fault."""
        return "\n".join(map(str, self.faults))
