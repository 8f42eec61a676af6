"""The contract of a receiver, and the outcome of one attempt to send it an alert or a digest."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple, Protocol

from agents.deliver.notice import Notice

#: Asked once more when a connection stands, before anything of the alert is written: whether it is this worker's still.
last_moment: ContextVar[Callable[[], bool]] = ContextVar("last_moment", default=lambda: True)


class NotOurs(Exception):
    """The alert may be another worker's by now; nothing of it has left."""


def require_ours() -> None:
    """Raise `NotOurs` where the alert may be another worker's: right before anything of it leaves, in whatever thread."""
    if not last_moment.get()():
        raise NotOurs


class Attempt(NamedTuple):
    """The outcome of one attempt.

    `final` says that it was not delivered and that trying again is useless. `status` is the HTTP status, where there was
    one. `error` is one line of at most 300 characters that holds no secret. `retry_after_seconds` is what the receiver
    asks for.
    """

    delivered: bool
    final: bool = False
    status: int | None = None
    error: str | None = None
    retry_after_seconds: float | None = None


class Receiver(Protocol):
    """A destination of alerts and digests: its `name` in the settings, and its `kind`, which is the `type` there.

    `one_at_a_time`: a further attempt would wait inside the receiver, so none is begun before the last one has ended.
    """

    name: str
    kind: str
    one_at_a_time: bool

    async def send(self, notice: Notice, attempt: int) -> Attempt:
        """Make one attempt, the `attempt`-th from 1, within the time limit; never raise for a receiver's fault."""
        ...

    async def close(self) -> None:
        """Close connections, and threads that do nothing."""
        ...
