"""A Kafka broker inside this process: the mock cluster of librdkafka, for the demo and for tests.

It speaks Kafka's protocol on a loopback port, keeps everything in memory, makes topics as they are named (four
partitions each) and forgets: about 4.7 MiB a partition (measured with confluent-kafka 2.16). Never for anybody's data.
"""

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from streams.errors import BrokerError, MissingExtra

if TYPE_CHECKING:
    from confluent_kafka import Producer

PARTITIONS = 4


class EmbeddedBroker:
    """Starts on entering and ends on leaving; `bootstrap` is its host and port."""

    def __init__(self) -> None:
        self.bootstrap = ""
        self._stop = threading.Event()
        self._producer: Producer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        try:
            from confluent_kafka import Producer  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingExtra("demo", "confluent-kafka", "the embedded broker and the demo") from error
        self._producer = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "embedded", "log_level": 3})
        brokers = self._producer.list_topics(timeout=10).brokers
        if not brokers:
            raise BrokerError("the embedded broker did not start: confluent-kafka's mock cluster gave no address")
        broker = next(iter(brokers.values()))
        self.bootstrap = f"{broker.host}:{broker.port}"
        self._thread = threading.Thread(target=self._poll, name="embedded-broker", daemon=True)
        self._thread.start()
        return self

    def _poll(self) -> None:
        while not self._stop.is_set() and self._producer is not None:
            self._producer.poll(0.2)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
        self._producer = None
