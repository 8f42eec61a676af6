"""A real Apache Kafka for the tests marked `kafka`: one KRaft node on free ports, with its data in a temporary folder.

Needs Java 17 and, the first time, Maven; deploy/kafka/run.sh fetches the jars and starts the broker.
"""

import contextlib
import fcntl
import os
import random
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from tests.support.processes import Program, ProgramError

KAFKA = Path(__file__).parents[2] / "deploy" / "kafka"
#: Linux gives out ports from 32768 on, macOS from 49152 on.
PORTS = (16_000, 32_768)


def free_port() -> int:
    """Return a loopback TCP port that nothing listens on now.

    It lies below the ports that the kernel gives out by itself: those may be taken before a broker or a worker has bound
    the one it was promised. A random one, so that test runs beside each other hardly ever meet.
    """
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def free_ports(count: int) -> list[int]:
    """Return as many different ones."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return list(found)


def install() -> None:
    """Fetch the broker's jars into deploy/kafka/libs, once; other test runs on the same checkout wait meanwhile."""
    lock = KAFKA / "target" / "install.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = subprocess.run([KAFKA / "run.sh", "install"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProgramError(f"fetching Kafka failed with status {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())


class RealKafka(Program):
    """Starts on entering, and on leaving stops and deletes its data; `bootstrap` is its host and port.

    `stop` and `start` in between restart the broker on the same ports with the same data.
    """

    START_SECONDS, STOP_SECONDS = 90.0, 10.0

    def __init__(self) -> None:
        super().__init__("kafka")
        self.port, self._controller_port = free_ports(2)
        self.bootstrap = f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Fetch its jars where they are missing; start the broker and wait until it answers."""
        install()
        super().start()

    def command(self) -> list[str]:
        """Return the script that runs the broker, which ends with the tests: it follows its standard input."""
        return [str(KAFKA / "run.sh"), "start"]

    def options(self) -> dict[str, Any]:
        """Return the places that the script is told in its environment."""
        places = {
            "KAFKA_PORT": str(self.port),
            "KAFKA_CONTROLLER_PORT": str(self._controller_port),
            "KAFKA_DATA": str(self.folder),
            "KAFKA_FOLLOW_STDIN": "1",
        }
        return {"env": os.environ | places, "stdin": subprocess.PIPE}

    def answers(self) -> bool:
        """Return whether a client gets the list of brokers; librdkafka logs refusals, so a bare socket asks first."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            metadata = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0}).list_topics(timeout=2)
        except (OSError, KafkaException):
            return False
        return bool(metadata.brokers)


def configure(kafka: RealKafka, topic: str, values: Mapping[str, str]) -> None:
    """Set a topic's options."""
    entries = [ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in values.items()]
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    for done in admin.incremental_alter_configs([resource]).values():
        done.result()
