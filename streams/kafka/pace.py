"""Pace: how long a consumer's fetch may wait where nothing comes.

A broker holds a fetch that finds nothing, and answers as soon as one of the partitions that it names has a message. A fetch
that names all of a consumer's partitions may therefore wait long: whatever comes ends it. Others may not, for what they
do not name waits behind them: partitions whose last messages are still to be taken are left out by aiokafka.

What comes over one connection a broker answers in turn. So fetches that may wait have one of their own: a question about the
group, an offset or a topic would wait for seconds behind them, several one after another while a group is joined.

The embedded broker holds a fetch for all of its time, whatever comes (`streams.kafka.embedded`). There a fetch that names
all partitions is answered at once, and the consumer waits here, until this process's own producer says that there is a
message on one of its topics (`streams.system.bell`), or others' may have come.

Each answer crosses two threads, and where much comes each would bring a single message. So there is some time between two
fetches, and the second brings what has come meanwhile. Where little comes the first has waited for longer than that, and each
message is fetched at once. Behind a step that is far behind there is more time between them (`streams.kafka.bulk`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.protocol.fetch import FetchRequest

from streams.kafka.bulk import BULK
from streams.system.bell import BELL

#: A fetch that names all partitions may wait so much longer than others. Where the usual wait is set shorter than this it
#: stays as it is: the broker may be an embedded one.
PATIENCE, LEAST_MS = 4, 500
#: A fetch goes to a broker so long after the one before it at the earliest.
SPACE_SECONDS = 0.025
#: The same where all that may come has waited for long before.
BULK_SPACE_SECONDS = 0.1
#: aiokafka looks five times a second whether there is something to fetch. All that changes this wakes it besides.
LOOK_SECONDS = 2.0
#: The connections of fetches, beside aiokafka's for groups (1) and for all else (0).
FETCHES = 2
#: The embedded broker is asked again after so long, whether a message was said to be there or not.
ASK_SECONDS = 2.0

#: How aiokafka sends one fetch: of an assignment, to a node, as a request. It tells whether the fetch has brought anything.
Send = Callable[[Any, int, FetchRequest], Awaitable[bool]]


def look_seldom(consumer: AIOKafkaConsumer) -> None:
    """Let a started consumer look seldom whether there is something to fetch."""
    consumer._fetcher._fetcher_timeout = LOOK_SECONDS  # noqa: SLF001 - aiokafka has no option for it


def patient(consumer: AIOKafkaConsumer, *, embedded: bool) -> None:
    """Let a started consumer's fetches wait as long as they may."""
    look_seldom(consumer)
    use_own_connections(consumer)
    fetcher: Any = consumer._fetcher  # noqa: SLF001 - aiokafka has one wait for all fetches
    send, close = spaced(fetcher._proc_fetch_request), fetcher.close  # noqa: SLF001
    waits: set[asyncio.Event] = set()

    async def paced(assignment: Any, node: int, request: FetchRequest) -> bool:
        if not names_all(fetcher, assignment, node, request):
            return await send(assignment, node, request)
        if not embedded:
            request._max_wait_ms *= PATIENCE if request._max_wait_ms >= LEAST_MS else 1  # noqa: SLF001
            return await send(assignment, node, request)
        request._max_wait_ms = 0  # noqa: SLF001
        rang = asyncio.Event()
        waits.add(rang)
        try:
            return await _waited_for(rang, send, assignment, node, request)
        finally:
            waits.discard(rang)

    async def closed() -> None:
        for rang in waits:  # aiokafka awaits the fetches that are under way
            rang.set()
        await close()

    fetcher._proc_fetch_request, fetcher.close = paced, closed  # noqa: SLF001


def spaced(send: Send) -> Send:
    """Return a way of fetches that leaves some time between those to one broker."""
    loop, earliest = asyncio.get_running_loop(), dict[int, float]()

    async def sent(assignment: Any, node: int, request: FetchRequest) -> bool:
        if (early := earliest.get(node, 0.0) - loop.time()) > 0:
            try:
                await asyncio.sleep(early)
            except asyncio.CancelledError:  # as aiokafka's own: nobody wants what it would bring
                return False
        in_bulk = BULK.brings(topic for topic, _ in request.topics)
        earliest[node] = loop.time() + (BULK_SPACE_SECONDS if in_bulk else SPACE_SECONDS)
        return await send(assignment, node, request)

    return sent


def use_own_connections(consumer: AIOKafkaConsumer) -> None:
    """Let a started consumer fetch over connections on which nothing else is asked."""
    client: Any = consumer._client  # noqa: SLF001 - aiokafka has no option for it
    send = client.send

    async def sent(node: int, request: Any, *, group: int = 0) -> Any:
        return await send(node, request, group=FETCHES if isinstance(request, FetchRequest) else group)

    client.send = sent


def names_all(fetcher: Any, assignment: Any, node: int, request: FetchRequest) -> bool:
    """Return whether a fetch names all partitions of an assignment that lie on its node."""
    named = sum(len(partitions) for _, partitions in request.topics)
    there = sum(fetcher._select_read_replica(partition) == node for partition in assignment.tps)  # noqa: SLF001
    return bool(named == there)


async def _waited_for(rang: asyncio.Event, send: Send, assignment: Any, node: int, request: FetchRequest) -> bool:
    """Fetch from the embedded broker; where nothing was there, wait until `rang` is set: for the next message, or a close."""
    topics = [topic for topic, _ in request.topics]
    for topic in topics:
        BELL.hang(topic, rang)
    try:
        if await send(assignment, node, request):
            return True
        asked_again = asyncio.get_running_loop().call_later(ASK_SECONDS, rang.set)
        with suppress(asyncio.CancelledError):  # as aiokafka's own: whoever closes the consumer awaits it
            await rang.wait()
        asked_again.cancel()
        return False
    finally:
        for topic in topics:
            BELL.take_down(topic, rang)
