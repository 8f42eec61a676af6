"""A real Kafka cluster of several KRaft brokers on loopback, each with a small heap, that can be killed one by one.

Clients may speak to it without a name, as a superuser, or over SASL as somebody whose rights are Kafka's to give.
"""

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from tests.support.processes import ENDS_WITH_TESTS
from tests.support.real_kafka import KAFKA, RealKafkaError, free_port, install

#: Somebody without rights of their own, for the listener with SASL.
USER, PASSWORD = "wire", "wire-secret"
CLUSTER_ID = "wirewatch-cluster-kaf0"
HEAP = ("-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
START_SECONDS, STOP_SECONDS = 120.0, 20.0
LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


class RealCluster:
    """Starts on entering; ends and deletes its data on leaving. Brokers are numbered from 1.

    `voters`: how many of them are controllers too, from the first on. `options`: lines of each broker's properties.
    """

    def __init__(self, brokers: int = 3, voters: int = 1, **options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="wirewatch-cluster-"))
        self.numbers = range(1, brokers + 1)
        self._voters = range(1, voters + 1)
        self._options = options
        self._ports = {number: (free_port(), free_port(), free_port()) for number in self.numbers}
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.bootstrap = ",".join(f"127.0.0.1:{self._ports[number][0]}" for number in self.numbers)
        self.sasl_bootstrap = ",".join(f"127.0.0.1:{self._ports[number][1]}" for number in self.numbers)

    def __enter__(self) -> Self:
        try:
            install()
            with ThreadPoolExecutor() as threads:
                list(threads.map(self._format, self.numbers))
            for number in self.numbers:
                self.start(number)
            self.wait(len(self.numbers))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all brokers at once and delete their data."""
        for number in tuple(self._processes):
            self.kill(number)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, number: int) -> None:
        """Start a broker."""
        with (self.folder / f"{number}.log").open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [*ENDS_WITH_TESTS, *self.java, *HEAP, "kafka.Kafka", str(self._properties(number))],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, number: int) -> None:
        """End a broker as Kafka likes it: it gives away its partitions first."""
        process = self._processes.pop(number)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        process.kill()
        process.wait()

    def kill(self, number: int) -> None:
        """End a broker as a loss of power does."""
        process = self._processes.pop(number)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait(self, brokers: int, *, in_sync: bool = False) -> None:
        """Wait until so many brokers serve, and, with `in_sync`, every replica of every partition is with its leader."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(KafkaException):
                found = self.admin.list_topics(timeout=5)
                partitions = [each for topic in found.topics.values() for each in topic.partitions.values()]
                behind = [each for each in partitions if len(each.isrs) < len(each.replicas) or each.leader < 0]
                if len(found.brokers) == brokers and not (in_sync and behind):
                    return
            time.sleep(0.3)
        raise RealKafkaError(f"no {brokers} brokers within {START_SECONDS:.0f} s:\n{self.log_tail}")

    def leader(self, topic: str, partition: int = 0) -> int:
        """Return the number of the broker that leads a partition, -1 where none does."""
        found: int = self.admin.list_topics(topic, timeout=10).topics[topic].partitions[partition].leader
        return found

    @property
    def java(self) -> list[str]:
        """The beginning of a command that runs a class of Kafka's."""
        return ["java", f"-Dlog4j2.configurationFile={KAFKA / 'log4j2.properties'}", "-cp", f"{KAFKA}/libs/*"]

    @functools.cached_property
    def admin(self) -> AdminClient:
        """A superuser's client."""
        return AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})

    @property
    def log_tail(self) -> str:
        """The last lines of each broker's log."""
        return "\n".join(
            "\n".join([log.name, *log.read_text(errors="replace").splitlines()[-8:]])
            for log in sorted(self.folder.glob("*.log"))
        )

    def allow_all(self) -> None:
        """Give the named user what a worker needs."""
        topics = [
            AclBinding(
                ResourceType.TOPIC, prefix, ResourcePatternType.PREFIXED, *self._who(right, AclPermissionType.ALLOW)
            )
            for prefix in ("news.", "wirewatch.")
            for right in (AclOperation.READ, AclOperation.WRITE)
        ]
        group = self._who(AclOperation.READ, AclPermissionType.ALLOW)
        groups = [AclBinding(ResourceType.GROUP, "wirewatch-", ResourcePatternType.PREFIXED, *group)]
        self._give([*topics, *groups])

    @contextlib.contextmanager
    def denied(self, kind: ResourceType, name: str, right: AclOperation) -> Iterator[None]:
        """Take a right on a topic or a group from the named user for the time of the block."""
        denial = (kind, name, ResourcePatternType.LITERAL, *self._who(right, AclPermissionType.DENY))
        self._give([AclBinding(*denial)])
        try:
            yield
        finally:
            for gone in self.admin.delete_acls([AclBindingFilter(*denial)]).values():
                gone.result()

    def _give(self, rights: list[AclBinding]) -> None:
        """Set rights; return when a broker goes by the last: the controller has answered before."""
        for done in self.admin.create_acls(rights).values():
            done.result()
        last = rights[-1]
        sought = AclBindingFilter(
            last.restype, last.name, last.resource_pattern_type, *self._who(last.operation, last.permission_type)
        )
        while not self.admin.describe_acls(sought).result():
            time.sleep(0.05)

    def _who(self, right: Any, permission: Any) -> tuple[str, str, Any, Any]:
        return f"User:{USER}", "*", right, permission

    def sasl(self) -> dict[str, Any]:
        """Return settings of `kafka` by their names for the user whose rights Kafka decides on."""
        return {
            "bootstrap": self.sasl_bootstrap,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_username": USER,
            "sasl_password": PASSWORD,
        }

    def _format(self, number: int) -> None:
        ours, named, controller = self._ports[number]
        voter = number in self._voters
        brokers = len(self.numbers)
        lines = {
            **dict(line.split("=", 1) for line in _settings(KAFKA / "server.properties")),
            "process.roles": "broker,controller" if voter else "broker",
            "node.id": str(number),
            "listeners": f"PLAINTEXT://127.0.0.1:{ours},NAMED://127.0.0.1:{named}"
            + f",CONTROLLER://127.0.0.1:{controller}" * voter,
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{ours},NAMED://127.0.0.1:{named}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,NAMED:SASL_PLAINTEXT",
            "listener.name.named.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.named.plain.sasl.jaas.config": f'{LOGIN} user_{USER}="{PASSWORD}";',
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
            "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{self._ports[n][2]}" for n in self._voters),
            "log.dirs": str(self.folder / str(number)),
            "min.insync.replicas": str(min(2, brokers)),
            "offsets.topic.replication.factor": str(brokers),
            "transaction.state.log.replication.factor": str(brokers),
            "num.network.threads": "2",
            "num.io.threads": "2",
            "broker.session.timeout.ms": "6000",
            "replica.lag.time.max.ms": "8000",
            **self._options,
        }
        self._properties(number).write_text("\n".join(f"{name}={value}" for name, value in lines.items()) + "\n")
        command = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(self._properties(number))]
        done = subprocess.run([*self.java, *HEAP, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RealKafkaError(f"broker {number} could not be formatted:\n{done.stdout}{done.stderr}")

    def _properties(self, number: int) -> Path:
        return self.folder / f"{number}.properties"


def _settings(file: Path) -> list[str]:
    """Return the lines of a file of properties that set something."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
