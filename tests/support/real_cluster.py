"""A real Kafka cluster of several KRaft brokers on loopback, each with a small heap, that can be killed one by one.

Clients may speak to it without a name, as a superuser, or over SASL as somebody whose rights are Kafka's to give.
"""

import contextlib
import functools
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

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

from tests.support.processes import ENDS_WITH_TESTS, Own, Program, ProgramError
from tests.support.real_kafka import KAFKA, free_ports, install

#: Somebody without rights of their own, for the listener with SASL.
USER, PASSWORD = "wire", "wire-secret"
CLUSTER_ID = "wirewatch-cluster-kaf0"
HEAP = ("-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
#: The beginning of a command that runs a class of Kafka's.
JAVA = ("java", f"-Dlog4j2.configurationFile={KAFKA / 'log4j2.properties'}", "-cp", f"{KAFKA}/libs/*", *HEAP)
START_SECONDS = 120.0
LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


class Broker(Program):
    """One broker of a cluster; whether it answers, is a question to the cluster."""

    def __init__(self, number: int, properties: dict[str, str]) -> None:
        super().__init__(f"broker-{number}")
        self._properties = self.folder / "server.properties"
        lines = properties | {"node.id": str(number), "log.dirs": str(self.folder / "data")}
        self._properties.write_text("\n".join(f"{name}={value}" for name, value in lines.items()) + "\n")

    def format(self) -> None:
        """Make its folder of data."""
        words = "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(self._properties)
        done = subprocess.run([*JAVA, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ProgramError(f"{self.name} could not be formatted:\n{done.stdout}{done.stderr}")

    def command(self) -> list[str]:
        """Return the command of the broker."""
        return [*ENDS_WITH_TESTS, *JAVA, "kafka.Kafka", str(self._properties)]


class RealCluster(Own):
    """Starts on entering; ends and deletes its data on leaving. Brokers are numbered from 1.

    `voters`: how many of them are controllers too, from the first on. `users`: those whose rights are Kafka's to give, beside
    the usual one. `options`: lines of each broker's properties.
    """

    def __init__(self, brokers: int = 3, voters: int = 1, users: Iterable[str] = (), **options: str) -> None:
        super().__init__("cluster")
        self._users = (USER, *users)
        numbers = range(1, brokers + 1)
        self._voters = range(1, voters + 1)
        self._options = options
        ports = iter(free_ports(3 * len(numbers)))
        self._ports = {number: (next(ports), next(ports), next(ports)) for number in numbers}
        self.brokers = {number: Broker(number, self._properties(number)) for number in numbers}
        self.bootstrap = ",".join(f"127.0.0.1:{ours}" for ours, _, _ in self._ports.values())
        self.sasl_bootstrap = ",".join(f"127.0.0.1:{named}" for _, named, _ in self._ports.values())

    def start(self) -> None:
        """Start all brokers; return when each serves."""
        install()
        with ThreadPoolExecutor() as threads:
            list(threads.map(Broker.format, self.brokers.values()))
        for broker in self.brokers.values():
            broker.launch()
        self.wait(len(self.brokers))

    def kill(self) -> None:
        """End all brokers at once and delete their data."""
        for broker in self.brokers.values():
            broker.close()

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
        logs = "\n".join(f"{broker.name}\n{broker.log_tail}" for broker in self.brokers.values())
        raise ProgramError(f"no {brokers} brokers within {START_SECONDS:g} s:\n{logs}")

    def leader(self, topic: str, partition: int = 0) -> int:
        """Return the number of the broker that leads a partition, -1 where none does."""
        found: int = self.admin.list_topics(topic, timeout=10).topics[topic].partitions[partition].leader
        return found

    @functools.cached_property
    def admin(self) -> AdminClient:
        """A superuser's client."""
        return AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})

    def allow(self, user: str, kind: ResourceType, rights: Mapping[Any, Iterable[str]]) -> None:
        """Give a user rights on topics or groups by their whole names."""
        who = partial(AclBinding, resource_pattern_type=ResourcePatternType.LITERAL, principal=f"User:{user}", host="*")
        self._give(
            [
                who(restype=kind, name=name, operation=right, permission_type=AclPermissionType.ALLOW)
                for right, names in rights.items()
                for name in names
            ]
        )

    def allow_all(self) -> None:
        """Give the named user the rights that a worker needs."""
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
        place = last.restype, last.name, last.resource_pattern_type
        sought = AclBindingFilter(*place, last.principal, last.host, last.operation, last.permission_type)
        while not self.admin.describe_acls(sought).result():
            time.sleep(0.05)

    def _who(self, right: Any, permission: Any) -> tuple[str, str, Any, Any]:
        return f"User:{USER}", "*", right, permission

    def sasl(self, user: str = USER) -> dict[str, Any]:
        """Return settings of `kafka` by their names for a user whose rights Kafka decides on."""
        return {
            "bootstrap": self.sasl_bootstrap,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_username": user,
            "sasl_password": PASSWORD,
        }

    def _properties(self, number: int) -> dict[str, str]:
        ours, named, controller = self._ports[number]
        voter = number in self._voters
        users = " ".join(f'user_{user}="{PASSWORD}"' for user in self._users)
        brokers = len(self._ports)
        return {
            **dict(line.split("=", 1) for line in _settings(KAFKA / "server.properties")),
            "process.roles": "broker,controller" if voter else "broker",
            "listeners": f"PLAINTEXT://127.0.0.1:{ours},NAMED://127.0.0.1:{named}"
            + f",CONTROLLER://127.0.0.1:{controller}" * voter,
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{ours},NAMED://127.0.0.1:{named}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,NAMED:SASL_PLAINTEXT",
            "listener.name.named.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.named.plain.sasl.jaas.config": f"{LOGIN} {users};",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
            "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{self._ports[n][2]}" for n in self._voters),
            "min.insync.replicas": str(min(2, brokers)),
            "offsets.topic.replication.factor": str(brokers),
            "transaction.state.log.replication.factor": str(brokers),
            "num.network.threads": "2",
            "num.io.threads": "2",
            "broker.session.timeout.ms": "6000",
            "replica.lag.time.max.ms": "8000",
            **self._options,
        }


def _settings(file: Path) -> list[str]:
    """Return the lines of a file of properties that set something."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
