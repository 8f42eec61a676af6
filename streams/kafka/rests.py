"""Rests between connections to a broker that cannot be reached: all clients of a process share them.

aiokafka (0.14) connects again a tenth of a second after each failure. So does each part of a client by itself, and a worker has
some thirty clients: a proxy with nobody behind it, or a broker that refuses our password, was asked 300 times a second by one
worker, with a handshake each time. Who asks while a broker rests fails at once, as aiokafka knows it, and asks again by itself;
where all rest there is nobody else to turn to, and it waits. One connection that stands ends the rest for all.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from aiokafka import client
from aiokafka.errors import KafkaConnectionError, KafkaError

#: The rest after a first failure, and the longest: so late it may be seen that a broker is back.
FIRST_SECONDS, MOST_SECONDS = 0.1, 1.0

#: A broker's host and port, and as whom it is asked: another user's password may be right.
Place = tuple[str, int, str]
#: Hosts and ports of brokers of one cluster.
Entrance = frozenset[tuple[str, int]]
#: How aiokafka makes a connection to a host and a port.
Connect = Callable[..., Awaitable[Any]]


class Rests:
    """The brokers that could not be reached, each with its rest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        #: the length of a rest, and its end
        self._resting: dict[Place, tuple[float, float]] = {}
        self._reached: set[Place] = set()
        #: why the last connection to a broker did not come about, where none has since
        self.errors: dict[Place, Exception] = {}
        #: where the client asks first that was sent to such a broker; nothing of one that is asked first itself
        self.entrances: dict[Place, Entrance] = {}

    def seconds(self, place: Place) -> float:
        """Return how long a broker rests still; 0 where it may be asked: by one, and it rests on for the others meanwhile."""
        if place not in self._resting:
            return 0.0
        length, end = self._resting[place]
        now = self._clock()
        if now < end:
            return end - now
        length = min(2 * length, MOST_SECONDS)
        self._resting[place] = length, now + length
        return 0.0

    def has_reached(self, host: str, port: int) -> bool:
        """Return whether the last connection to a broker stood, whoever asked for it."""
        return any(place[:2] == (host, port) for place in self._reached - self._resting.keys())

    def knew(self, host: str, port: int) -> bool:
        """Return whether a broker was ever reached, whoever asked."""
        return any(place[:2] == (host, port) for place in self._reached)

    @property
    def all_rest(self) -> bool:
        """Whether no broker that was ever reached is known to answer."""
        return self._reached <= self._resting.keys()

    def failed(self, place: Place, error: Exception, entrance: Entrance = frozenset()) -> None:
        """Let a broker rest. `entrance`: where the client asks first that was sent there."""
        self.errors[place], self.entrances[place] = error, entrance
        self._resting.setdefault(place, (FIRST_SECONDS, self._clock() + FIRST_SECONDS))

    def reached(self, place: Place) -> None:
        """Note that a broker has been reached."""
        self._resting.pop(place, None)
        self.errors.pop(place, None)
        self.entrances.pop(place, None)
        self._reached.add(place)


def spaced(connect: Connect, rests: Rests) -> Connect:
    """Return a way to connections that keeps the rests."""

    @wraps(connect)
    async def connecting(host: str, port: int, **options: Any) -> Any:
        place = host, port, options.get("sasl_plain_username") or ""
        if left := rests.seconds(place):
            if rests.all_rest:
                await asyncio.sleep(left)
                left = rests.seconds(place)
            if left:
                raise KafkaConnectionError(f"{host}:{port} did not answer just now, and is not asked again at once")
        try:
            connection = await connect(host, port, **options)
        except (OSError, TimeoutError, KafkaError) as error:
            rests.failed(place, error, entrance_of(options))
            raise
        rests.reached(place)
        return connection

    return connecting


def entrance_of(options: Mapping[str, Any]) -> Entrance:
    """Return where the client asks first that makes a connection with these options, if one of its brokers sent it there."""
    # aiokafka names no client for a connection that one begins with
    owner = getattr(options.get("on_close"), "__self__", None)
    if not isinstance(owner, client.AIOKafkaClient):
        return frozenset()
    return frozenset((host, port) for host, port, _ in owner.hosts)


#: Those of this process.
RESTS = Rests()


def install() -> None:
    """Let all clients of this process keep one account of rests."""
    client.create_conn = spaced(client.create_conn, RESTS)
