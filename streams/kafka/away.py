"""Which broker does not answer, as far as a client of Kafka's knows it, and whom it asks instead.

A cluster's addresses do not say which broker is away. And aiokafka (0.14) asks the one that led a partition for the first
offset there again and again, though it says that another leads it now, until its account of the cluster is five minutes old.
"""

import functools
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.client import AIOKafkaClient, ConnectionGroup
from aiokafka.errors import KafkaError

#: A broker that owes an answer and has sent nothing for so long does not answer.
SILENT_SECONDS = 5.0


def address(client: AIOKafkaClient, node: int | None) -> str:
    """Return a broker's `host:port`, as a setting has it, by its number; empty where the client does not know it."""
    broker = client.cluster.broker_metadata(node) if node is not None else None
    if broker is None:
        return ""
    return f"[{broker.host}]:{broker.port}" if ":" in broker.host else f"{broker.host}:{broker.port}"


def learn_leaders(consumer: AIOKafkaConsumer) -> None:
    """Let a started consumer ask who leads a partition now, where a broker does not lead it, or does not answer."""
    fetcher, client = consumer._fetcher, consumer._client  # noqa: SLF001 - aiokafka has no option for it
    fetcher._proc_offset_request = learning(fetcher._proc_offset_request, client)  # noqa: SLF001


def learning(ask: Callable[..., Awaitable[Any]], client: AIOKafkaClient) -> Callable[..., Awaitable[Any]]:
    """Return a question to a broker after whose failure the client asks for the cluster's brokers and leaders anew."""

    @functools.wraps(ask)
    async def asking(*arguments: Any) -> Any:
        try:
            return await ask(*arguments)
        except KafkaError:
            client.force_metadata_update()
            raise

    return asking


def leaders_away(producer: AIOKafkaProducer, topics: Collection[str]) -> str:
    """Name the partitions with waiting messages and no leader that answers; empty where there are none."""
    said = set()
    for partition in _waiting(producer, topics):
        name = f"{partition.topic} [{partition.partition}]"
        leader = producer.client.cluster.leader_for_partition(partition)
        at = address(producer.client, leader)
        if not at:
            said.add(f"no broker leads {name}")
        elif not _answers(producer.client, leader):
            said.add(f"{at} leads {name} and does not answer")
    return ", ".join(sorted(said))


def _waiting(producer: AIOKafkaProducer, topics: Collection[str]) -> set[TopicPartition]:
    """Return the partitions of topics for which messages are underway or wait; aiokafka shows neither."""
    kept: dict[TopicPartition, Any] = producer._message_accumulator._batches  # noqa: SLF001
    waiting = {partition for partition, batches in kept.items() if batches}
    return {each for each in waiting | producer._sender._muted_partitions if each.topic in topics}  # noqa: SLF001


def _answers(client: AIOKafkaClient, node: int) -> bool:
    """Return whether there is a connection to a broker on which it does not owe an answer for too long."""
    connection = client._conns.get((node, ConnectionGroup.DEFAULT))  # noqa: SLF001 - aiokafka shows no connections
    if connection is None or not connection.connected():
        return False
    owes = bool(connection._requests)  # noqa: SLF001
    return not owes or time.monotonic() - connection._last_action < SILENT_SECONDS  # noqa: SLF001
