"""A Kafka broker inside this process: the mock cluster of librdkafka, for the demo and for tests.

It speaks Kafka's protocol on a loopback port, keeps everything in memory, has all topics from the start (four
partitions each) and forgets: about 4.7 MiB a partition (measured with confluent-kafka 2.16). Never for anybody's data.

confluent-kafka carries librdkafka, and its Python interface has the cluster, but no word for the wait of a group's
first member. So the cluster is made through librdkafka's own interface (rdkafka_mock.h).
"""

import ctypes
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from streams.errors import BrokerError, MissingExtra
from streams.topics import TOPICS

PARTITIONS = 4
#: How long the first member of a group waits for others, in milliseconds: Kafka's group.initial.rebalance.delay.ms. Its
#: 3 s are for workers that start together; on this broker a group has one member.
FIRST_MEMBER_MS = 0
#: Errors alone are logged: what the cluster's owner notes at its start is no one's concern.
LOG_LEVEL = b"3"
#: rdkafka.h's RD_KAFKA_PRODUCER, and room for the text of an error.
_PRODUCER, _TEXT = 0, 512
_POINTER, _STRING, _INT, _SIZE = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
#: The result and the arguments of each function.
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "rd_kafka_conf_new": (_POINTER,),
    "rd_kafka_conf_set": (_INT, _POINTER, _STRING, _STRING, _STRING, _SIZE),
    "rd_kafka_new": (_POINTER, _INT, _POINTER, _STRING, _SIZE),
    "rd_kafka_destroy": (None, _POINTER),
    "rd_kafka_mock_cluster_new": (_POINTER, _POINTER, _INT),
    "rd_kafka_mock_cluster_bootstraps": (_STRING, _POINTER),
    "rd_kafka_mock_cluster_destroy": (None, _POINTER),
    "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, _POINTER, ctypes.c_int32),
    "rd_kafka_mock_topic_create": (_INT, _POINTER, _STRING, _INT, _INT),
}


class EmbeddedBroker:
    """Starts on entering, with these topics, and ends on leaving; `bootstrap` is its host and port."""

    def __init__(self, topics: Iterable[str] = TOPICS) -> None:
        self.bootstrap = ""
        self._topics = topics
        self._library: Any = None
        self._owner: int | None = None
        self._cluster: int | None = None

    def __enter__(self) -> Self:
        self._library = library = _librdkafka()
        text = ctypes.create_string_buffer(_TEXT)
        configuration = library.rd_kafka_conf_new()
        library.rd_kafka_conf_set(configuration, b"log_level", LOG_LEVEL, text, _TEXT)
        self._owner = library.rd_kafka_new(_PRODUCER, configuration, text, _TEXT)
        self._cluster = library.rd_kafka_mock_cluster_new(self._owner, 1) if self._owner else None
        if not self._cluster:
            why = text.value.decode(errors="replace") or "no port could be opened"
            raise BrokerError(f"the embedded broker (librdkafka's mock cluster) did not start: {why}")
        library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, FIRST_MEMBER_MS)
        for name in self._topics:
            self.make(name)
        self.bootstrap = library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        return self

    def make(self, topic: str) -> None:
        """Make a topic: questions of our clients make none."""
        self._library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), PARTITIONS, 1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._owner)


def _librdkafka() -> Any:
    """Return the library that confluent-kafka carries, with the types of what is called here."""
    try:
        from confluent_kafka import cimpl  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtra("demo", "confluent-kafka", "the embedded broker and the demo") from error
    library = ctypes.CDLL(cimpl.__file__)  # what it is linked with is found through it
    for name, (result, *arguments) in _FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise BrokerError(f"confluent-kafka's librdkafka has no {name}, which the embedded broker needs") from error
        function.restype, function.argtypes = result, arguments
    return library
