"""Patience: how long a command waits for a Kafka that is silent. It says so after a while, and later gives up.

A worker waits for ever: its messages stay where they are, and health shows that Kafka is away. Somebody who has called a
command sits before it, and aiokafka tries again without a word. So a command runs under a `Patience`, and the clients that
it makes report each question and each answer.

Only the time counts in which an answer is awaited and the event loop runs: a command that reads a slow pipe, or asks its
user something, waits for somebody else.
"""

import asyncio
import functools
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from streams.errors import BrokerAway

#: Silence in seconds after which a command says that it waits, and after which it gives up.
SAY_SECONDS, GIVE_UP_SECONDS = 5.0, 30.0
#: Looks in a second. None counts more than twice the time between two: where the loop stood still, nobody waited for Kafka.
LOOKS = 5

#: How the name of somebody who is asked begins where it is a broker.
KAFKA = "Kafka"
#: Calls that end without a word of the broker's: a place that is known, a fetch in which nothing came, a message that is kept.
SILENT = frozenset(("position", "getmany", "send"))


class Question(NamedTuple):
    """A question that is open: to whom, and the seconds after which somebody gives up."""

    whom: str
    seconds: float


class Patience:
    """Counts the seconds for which whoever was asked has not answered."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.say = say
        self._clock = clock
        self._open: list[Question] = []
        self._silent = 0.0
        self._said = ""

    def asked(self, question: Question) -> None:
        """Note a question."""
        self._open.append(question)

    def ended(self, question: Question, *, heard: bool) -> None:
        """Note the end of a question, and whether it was answered."""
        self._open.remove(question)
        if not heard:
            return
        if self._said:
            self.say(f"{self._said} answers again")
        self._silent, self._said = 0.0, ""

    async def watch(self) -> BrokerAway:
        """Return the error of a command that gives up on Kafka, when it does. Who else is asked has a limit of its own."""
        looked = self._clock()
        while True:
            await asyncio.sleep(1 / LOOKS)
            now = self._clock()
            if self._open:
                self._silent += min(now - looked, 2 / LOOKS)
                whom, seconds = self._open[-1]
                if not self._said and self._silent >= SAY_SECONDS:
                    self._said = whom
                    limit = f"; this gives up after {seconds:g} s" if seconds < math.inf else ""
                    self.say(f"waiting for {whom}, which has not answered for {SAY_SECONDS:g} s{limit}")
                if self._silent >= GIVE_UP_SECONDS and whom.startswith(KAFKA):
                    return BrokerAway(
                        f"{whom} has not answered for {GIVE_UP_SECONDS:g} s: it is frozen, overloaded, out of reach or no "
                        "Kafka. Look at the address, its log, its disk and the network"
                    )
            looked = now


#: The patience of the command that runs; None in a worker, which waits for ever.
RUNNING: ContextVar[Patience | None] = ContextVar("patience", default=None)


def attend(client: Any, broker: str, *names: str) -> None:
    """Report the calls of a client's methods, each by its name, to the patience of the command, where one runs."""
    patience = RUNNING.get()
    if patience is not None:
        for name in names:
            setattr(client, name, attended(getattr(client, name), broker, patience, name))


def attended(
    method: Callable[..., Awaitable[Any]], broker: str, patience: Patience, name: str
) -> Callable[..., Awaitable[Any]]:
    """Return a method whose calls are questions to a broker."""
    question = Question(f"{KAFKA} at {broker}", GIVE_UP_SECONDS)

    @functools.wraps(method)
    async def asking_it(*arguments: Any, **options: Any) -> Any:
        patience.asked(question)
        heard = False
        try:
            answer = await method(*arguments, **options)
            heard = name not in SILENT or (name == "getmany" and bool(answer))
        finally:
            patience.ended(question, heard=heard)
        if name == "send":  # the answer to a message is its confirmation, which comes later
            patience.asked(question)
            answer.add_done_callback(lambda _: patience.ended(question, heard=True))
        return answer

    return asking_it


@contextmanager
def asking_kafka(broker: str) -> Iterator[None]:
    """Report that the block waits for Kafka to the command's patience, where one runs."""
    with asking(f"{KAFKA} at {broker}", GIVE_UP_SECONDS):
        yield


@contextmanager
def asking(whom: str, seconds: float = math.inf) -> Iterator[None]:
    """Report whom the block waits for to the patience of the command, where one runs; it gives up itself after `seconds`."""
    patience, question, heard = RUNNING.get(), Question(whom, seconds), False
    if patience is None:
        yield
        return
    patience.asked(question)
    try:
        yield
        heard = True
    finally:
        patience.ended(question, heard=heard)
