"""Checks of the topics that steps need: they exist, their partitions fit, their settings lose nothing.

Partitions that do not fit are refused. Settings are only told of: whoever set them may know that nothing large comes.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import IncompatibleBrokerVersion

from streams.errors import BrokerError
from streams.kafka.admin import administering
from streams.kafka.clients import absence, consuming, leaderless, partitions_of, reaching
from streams.settings import KafkaSettings
from streams.step import AnyStep
from streams.topics import TOPICS, KafkaTopic
from streams.worker.runner import StepRunner

logger = logging.getLogger("wirewatch.topics")

#: The settings of a topic that are looked at, by Kafka's names.
SIZE, CLEANUP = "max.message.bytes", "cleanup.policy"

Runner = StepRunner[Any, Any]


async def require_steps(settings: KafkaSettings, runners: Sequence[Runner]) -> None:
    """Raise `BrokerError` where a topic of a step is missing, or has partitions that do not fit; warn of its settings."""
    for fault in (await topic_faults(settings, runners)).values():
        raise BrokerError(fault)
    for line in limits(await settings_of(settings, names_of(runners)) or {}):
        logger.warning("%s", line)


async def topic_faults(settings: KafkaSettings, runners: Sequence[Runner], *, led: bool = False) -> dict[str, str]:
    """Return the faults of topics by the names of their steps; raise `BrokerError` where Kafka cannot be asked.

    `led`: a partition that no broker leads is one too. What lies in it is not read, and nothing else would show it.
    """
    counts: dict[str, int] = {}
    absent: dict[str, str] = {}
    unled: dict[str, str] = {}
    async with consuming(settings) as consumer:
        for name in names_of(runners):
            counts[name] = len(await partitions_of(consumer, name))
            if not counts[name]:
                absent[name] = absence(consumer, name)
            elif led and (numbers := leaderless(consumer, name)):
                unled[name] = f"has no broker that leads {name} {numbers}: start those that are away"
    # the embedded broker makes all topics alike, and is all one process's: there nobody reads what others do not
    alike = await settings_of(settings, []) is None
    found = {r.step.name: fault_of(r.step, r.beside, counts, alike=alike) for r in runners}
    for missing in (unled, absent):
        found |= {r.step.name: f" {missing[t.name]}" for r in runners for t in r.topics if t.name in missing}
    return {step: f"Kafka at {settings.bootstrap}{fault}" for step, fault in found.items() if fault}


def names_of(runners: Sequence[Runner]) -> list[str]:
    """Return the names of all topics of steps."""
    return list(dict.fromkeys(topic.name for runner in runners for topic in runner.topics))


def fault_of(
    step: AnyStep,
    beside: Iterable[KafkaTopic],
    counts: Mapping[str, int],
    *,
    alike: bool = False,
) -> str:
    """Return the fault of a step's topics by their partitions, to be read behind Kafka's address; empty if there is none.

    `beside`: its inputs and its states. Who has a partition of the one has that of the other. What is decided in one order
    has one partition: what lies in others is decided by somebody else, or by nobody. `alike`: this does not matter.
    """
    for topic in () if alike else (*beside, *step.gives):
        if topic.partitions == 1 and counts[topic.name] > 1:
            return (
                f": the step {step.name} needs one partition of {topic.name}, and it has {counts[topic.name]}. Kafka takes "
                "none away: stop the workers, delete the topic, and `wirewatch topics create`"
            )
    many = {topic.name: counts[topic.name] for topic in beside if topic.partitions is None}
    if len(set(many.values())) > 1:
        had = ", ".join(f"{name} has {count}" for name, count in many.items())
        return (
            f": the topics of the step {step.name} need as many partitions each, and {had}. Add partitions to those that have "
            "fewer, and start all workers anew"
        )
    return ""


async def settings_of(settings: KafkaSettings, names: Iterable[str]) -> dict[str, dict[str, str]] | None:
    """Return the settings of topics that are looked at, by the topics' names; those that we may not read are left out.

    None where the broker knows no settings, as the embedded one. Raises `BrokerError` where Kafka cannot be asked.
    """
    wanted = [ConfigResource(ConfigResourceType.TOPIC, name, {SIZE: None, CLEANUP: None}) for name in names]
    async with administering(settings) as admin, reaching(settings):
        try:
            answers = await admin.describe_configs(
                wanted or [ConfigResource(ConfigResourceType.TOPIC, next(iter(TOPICS)), {})]
            )
        except IncompatibleBrokerVersion:
            return None
    return {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
        if not resource[0]
    }


def limits(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return a line for each kind of setting that is less than a topic needs, with the topics' names, from their settings."""
    small = [
        f"{name} ({int(values[SIZE]):,}, not {TOPICS[name].max_message_bytes:,})"
        for name, values in found.items()
        if name in TOPICS and SIZE in values and int(values[SIZE]) < TOPICS[name].max_message_bytes
    ]
    lost = [
        name
        for name, values in found.items()
        if name in TOPICS and TOPICS[name].compacted and "compact" not in values.get(CLEANUP, "compact")
    ]
    lines = []
    if small:
        lines.append(
            f"topics with a smaller {SIZE} than ours: {', '.join(small)}. A larger article becomes a dead letter there, a "
            "larger state stops its step"
        )
    if lost:
        lines.append(
            f"topics that hold states, and have {CLEANUP}=delete: {', '.join(lost)}. Kafka forgets what is older than their "
            "retention: set it to compact"
        )
    return lines
