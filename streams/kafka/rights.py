"""Rights that our user lacks, and other refusals of a group: each is asked for again, and named, until it is given.

aiokafka keeps such an error until its consumer is asked for messages, which Faust does not do before it has partitions: both
would wait for ever. And Faust ends its app where a commit is refused.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import (
    CommitFailedError,
    GroupAuthorizationFailedError,
    InconsistentGroupProtocolError,
    KafkaError,
    TopicAuthorizationFailedError,
)

#: The pause before Kafka is asked again.
REFUSED_SECONDS = 1.0
NO_RIGHT = (GroupAuthorizationFailedError, TopicAuthorizationFailedError)


def ask_again(consumer: AIOKafkaConsumer, refused: Callable[[KafkaError], None]) -> None:
    """Let a started consumer ask again for its group and its commits; `refused` is told each time."""
    coordinator, commit = consumer._coordinator, consumer.commit  # noqa: SLF001 - aiokafka has no option for it

    async def join_anew(error: KafkaError) -> None:
        refused(error)
        await asyncio.sleep(REFUSED_SECONDS)
        coordinator.request_rejoin()  # a heartbeat that was refused has ended

    async def committed(offsets: Any) -> None:
        try:
            await commit(offsets)
        except NO_RIGHT as error:
            refused(error)
            # Faust ends the app at any error but this one, which it knows by these words; it commits again later
            raise CommitFailedError("already rebalanced") from error

    coordinator._push_error_to_user, consumer.commit = join_anew, committed  # noqa: SLF001


def wanted(error: KafkaError, group: str) -> str:
    """Return the noun of the thing that Kafka did not give: a right by its name, or the place in the group, and why not."""
    if isinstance(error, GroupAuthorizationFailedError):
        return f"the right Read on its group {group}"
    if isinstance(error, TopicAuthorizationFailedError):
        named = error.args[0] if error.args else "its topics"
        return f"the right Read on {', '.join(sorted(named)) if isinstance(named, set) else named}"
    if isinstance(error, InconsistentGroupProtocolError):
        return (
            f"its group {group}, where others share partitions out in another way, as workers of 0.2.0 do; stop those"
        )
    return f"its group {group}"
