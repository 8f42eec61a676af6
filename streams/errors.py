"""Every error that wirewatch raises on purpose.

    WirewatchError
    ├── Refused              an article that a step cannot process: goes to `news.dead` with `reason`
    │   └── InvalidRecord    bytes that are no record of the expected type
    ├── SettingsError        a wrong or unknown setting: stops the start and says where
    │   └── MissingExtra     a library that only this needs, and that is not installed: names the extra
    ├── InputError           a file that cannot be read to its end
    ├── PoolError            child processes that die whatever they are given
    │   └── LoadError        models or word lists that a child process cannot read
    ├── OutputError          a file or folder that cannot be written
    │   └── ReaderGone       standard output that nobody reads any more, as behind `| head`
    ├── ArchiveError         a store of history that cannot be opened, asked or written
    │   └── ArchiveUnfit     entries that no store takes, however often they are written
    ├── JournalError         the journal of a laptop cannot be opened or written
    ├── ClockError           the machine's clock was set back
    └── BrokerError          Kafka does not have what is needed, or refuses
        └── BrokerAway       Kafka does not answer: whoever can wait tries again

Errors of libraries are turned into these where they enter: nothing above the module that calls the library knows it.
"""

from typing import Literal

#: Why an article ended in `news.dead`. A closed set: it is a label of `wirewatch_dead_total`.
DeadReason = Literal[
    "invalid_json",
    "invalid_encoding",
    "invalid_record",
    "too_large",
    "too_deep",
    "empty",
    "not_article",
    "timeout",
    "crashed",
    "out_of_memory",
    "undeliverable",
    "robots",
    "blocked",
    "gone",
    "no_content",
    "private_address",
    "unreachable",
    "error",
]


class WirewatchError(Exception):
    """Base of all errors that wirewatch raises on purpose."""


class Refused(WirewatchError):
    """An article that a step cannot process."""

    def __init__(self, reason: DeadReason, error: str) -> None:
        super().__init__(reason, error)
        self.reason: DeadReason = reason
        self.error = error

    def __str__(self) -> str:
        """Return reason and error in one line."""
        return f"{self.reason}: {self.error}"


class InvalidRecord(Refused):
    """Bytes that are no record of the expected type; `error` names the field."""


class SettingsError(WirewatchError):
    """A wrong or unknown setting; the message names its place and the allowed values."""


class MissingExtra(SettingsError):
    """A library that is an extra and is not installed; the message names the extra and its purpose."""

    def __init__(self, extra: str, library: str, purpose: str) -> None:
        super().__init__(f"{purpose} need {library}, which is an extra: pip install 'wirewatch[{extra}]'")


class InputError(WirewatchError):
    """An input file that cannot be read to its end; the message says why."""


class OutputError(WirewatchError):
    """A file or folder that cannot be written; the message says which and why."""


class ReaderGone(OutputError):
    """Standard output that nobody reads any more, as behind `| head`: the reader has seen enough."""


class JournalError(WirewatchError):
    """The journal beside the embedded broker cannot be opened or written; the message says which and why."""


class PoolError(WirewatchError):
    """Child processes that die whatever they are given; the message names likely causes."""


class LoadError(PoolError):
    """Models or word lists that a child process cannot read; the message says which, why and where."""


class BrokerError(WirewatchError):
    """Kafka cannot be reached, or lacks a topic, or refuses; the message says which, with advice."""


class BrokerAway(BrokerError):
    """Kafka does not answer; the message says where."""


class ClockError(WirewatchError):
    """The machine's clock was set back; the message says by how much."""


class ArchiveError(WirewatchError):
    """A store of history that cannot be opened, asked or written; the message says which and why, with advice."""


class ArchiveUnfit(ArchiveError):
    """Entries that a store never takes, however often they are written; the message says why."""


def cause_of(error: BaseException) -> BaseException:
    """Return the first error of a group of them: that of a task group says only how many there are."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
