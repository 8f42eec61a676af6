"""A real Apache Kafka for the tests marked `kafka`: one KRaft node on free ports, with its data in a temporary folder.

Needs Java 17 and, the first time, Maven; deploy/kafka/run.sh fetches the jars and starts the broker.
"""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

KAFKA = Path(__file__).parents[2] / "deploy" / "kafka"
START_SECONDS = 90.0
STOP_SECONDS = 10.0
LOG_LINES = 30
#: Linux gives out ports from 32768 on, macOS from 49152 on.
PORTS = (16_000, 32_768)


class RealKafkaError(Exception):
    """The broker could not be fetched or started; the message says which, and ends with its log."""


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


def install() -> None:
    """Fetch the broker's jars into deploy/kafka/libs, once; other test runs on the same checkout wait meanwhile."""
    lock = KAFKA / "target" / "install.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = subprocess.run([KAFKA / "run.sh", "install"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RealKafkaError(
            f"fetching Kafka failed with status {done.returncode}:\n{done.stdout}{done.stderr}".rstrip()
        )


class RealKafka:
    """Starts on entering, and on leaving stops and deletes its data; `bootstrap` is its host and port.

    `stop` and `start` in between restart the broker on the same ports with the same data.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.bootstrap = f"127.0.0.1:{self.port}"
        self._controller_port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="wirewatch-kafka-"))
        self.command = [str(KAFKA / "run.sh"), "start"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            install()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the broker and wait until it answers; raise `RealKafkaError` with its log where it does not."""
        environment = os.environ | {
            "KAFKA_PORT": str(self.port),
            "KAFKA_CONTROLLER_PORT": str(self._controller_port),
            "KAFKA_DATA": str(self.folder),
            "KAFKA_FOLLOW_STDIN": "1",
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait(self._process)

    @property
    def pid(self) -> int:
        """The process id of the broker's script, whose child is the broker."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End the broker as Kafka likes it, or by force where that takes longer than `STOP_SECONDS`; keep its data."""
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def close(self) -> None:
        """End the broker at once and delete its data."""
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGKILL)
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def log_tail(self) -> str:
        """The last lines of the broker's log."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])

    @property
    def _log(self) -> Path:
        return self.folder / "broker.log"

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RealKafkaError(f"the broker ended with status {process.returncode}:\n{self.log_tail}")
            if self._answers():
                return
            time.sleep(0.1)
        raise RealKafkaError(f"no answer at {self.bootstrap} within {START_SECONDS:.0f} s:\n{self.log_tail}")

    def _answers(self) -> bool:
        """Tell whether a client gets the list of brokers; librdkafka logs refusals, so a bare socket asks first."""
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


def _signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the broker's script, its Java process and whatever else it started."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
