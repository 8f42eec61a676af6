"""Heartbeats of a group's member: those that are answered are noted, and one is sent as soon as the group is joined.

aiokafka (0.14) waits for an interval before the first. A worker that was out of its group knows by it alone that its partitions
are its own again, and that Kafka answers: until then it settles nothing and is not ready.
"""

import asyncio
from contextlib import suppress
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from streams.kafka.away import address
from streams.system.awake import seconds_awake_or_asleep


class Member(Protocol):
    """Whoever is told of a group's answers: an app."""

    #: the broker that keeps the group, `host:port`
    coordinator: str

    def answered(self, asked: float) -> None:
        """Note that the group's coordinator has answered a heartbeat that was sent at `asked` (`seconds_awake_or_asleep`)."""

    def expelled(self) -> None:
        """Note that the group does not count this member any more: others may have its partitions by now."""


def note_heartbeats(consumer: AIOKafkaConsumer, member: Member) -> None:
    """Let a started consumer tell `member` of each heartbeat that is answered, the first of them right after it has joined."""
    coordinator: Any = consumer._coordinator  # noqa: SLF001 - aiokafka shows no heartbeats
    beat, rejoin = coordinator._do_heartbeat, coordinator._do_rejoin_group  # noqa: SLF001
    reset = coordinator.reset_generation
    first: set[asyncio.Task[None]] = set()

    async def noted() -> bool:
        # An answer may lie unread while the process is frozen: it confirms the moment of the question only.
        asked = seconds_awake_or_asleep()
        member.coordinator = address(coordinator._client, coordinator.coordinator_id) or member.coordinator  # noqa: SLF001
        answered: bool = await beat()
        if answered:
            member.answered(asked)
        return answered

    async def at_once() -> None:
        with suppress(KafkaError):  # the next one says it too
            await noted()

    async def joined(subscription: Any) -> bool:
        success: bool = await rejoin(subscription)
        if success:
            task = asyncio.ensure_future(at_once())
            first.add(task)
            task.add_done_callback(first.discard)
        return success

    def out() -> None:  # the group said so: to a heartbeat, a commit, or as it was joined
        member.expelled()
        reset()

    coordinator._do_heartbeat, coordinator._do_rejoin_group = noted, joined  # noqa: SLF001
    coordinator.reset_generation = out
