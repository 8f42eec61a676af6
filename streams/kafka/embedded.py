"""A Kafka broker inside this process: the mock cluster of librdkafka, for the demo and for tests.

It speaks Kafka's protocol on a loopback port, keeps everything in memory, has all topics from the start (four
partitions each) and forgets: about 4.7 MiB a partition (measured with confluent-kafka 2.16). Never for anybody's data.

confluent-kafka carries librdkafka, and its Python interface has the cluster, but no word for the wait of a group's
first member. So the cluster is made through librdkafka's own interface (rdkafka_mock.h).
"""

import ctypes
import socket
from collections.abc import Iterable
from io import BytesIO
from types import TracebackType
from typing import Any, Self

from aiokafka.protocol.api import RequestHeader_v1
from aiokafka.protocol.metadata import MetadataRequest_v4

from streams.errors import BrokerError, MissingExtra
from streams.topics import TOPICS

#: The partitions of a topic that the cluster makes because it was asked for.
PARTITIONS = 4
#: The longest wait for its answer to that.
MAKING_SECONDS = 60.0
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
        self.bootstrap = library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        self.make(*self._topics)
        return self

    def make(self, *topics: str) -> None:
        """Make topics by a question that makes those that are not there, as questions of our clients do not.

        librdkafka's own function makes one a call, and the cluster may miss a call that comes just behind another: it sleeps
        for a second then. Over thirty topics that was up to ten seconds of each start.
        """
        question = MetadataRequest_v4(list(topics), True)
        data = RequestHeader_v1(question).encode() + question.encode()
        host, _, port = self.bootstrap.rpartition(":")
        with socket.create_connection((host, int(port)), MAKING_SECONDS) as link, link.makefile("rb") as answers:
            link.sendall(len(data).to_bytes(4) + data)
            answer = BytesIO(answers.read(int.from_bytes(answers.read(4)))[4:])  # behind the number of the question
        made = question.RESPONSE_TYPE.decode(answer)
        if missing := [topic for error, topic, *_ in made.topics if error]:
            raise BrokerError(f"the embedded broker did not make {', '.join(missing)}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._owner)


def _librdkafka() -> Any:
    """Return the library that confluent-kafka carries, with the types of the functions that are called here."""
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
