"""The needs of steps in their topics."""

from aiokafka import AIOKafkaConsumer
from aiokafka.protocol.metadata import MetadataResponse_v1 as MetadataResponse

from streams.kafka.clients import leaderless
from streams.step import AnyStep
from streams.topics import LEDGER, RAW, SKETCHED, SKETCHES, TAGGED, KafkaTopic
from streams.worker.needs import CLEANUP, SIZE, fault_of, limits
from wirewatch.steps import STEPS

SKETCH, DEDUP = STEPS["sketch"], STEPS["dedup"]


def fault(step: AnyStep, *states: KafkaTopic, alike: bool = False, **counts: int) -> str:
    """Return the faults of a step's topics; `counts`: their partitions by name, 4 or the one that they need else."""
    topics = [*step.takes, *states, *step.gives]
    known = {topic.name: counts.get(topic.name.rpartition(".")[2], topic.partitions or 4) for topic in topics}
    return fault_of(step, [*step.takes, *states], known, alike=alike)


def test_a_topic_of_one_order_has_one_partition() -> None:
    """Whether a step reads it, writes it or keeps its state there; the embedded broker alone gives all topics several."""
    assert not fault(SKETCH)
    assert not fault(DEDUP, SKETCHES)
    assert f"sketch needs one partition of {SKETCHED.name}, and it has 3" in fault(SKETCH, sketched=3)
    assert f"dedup needs one partition of {SKETCHED.name}, and it has 3" in fault(DEDUP, SKETCHES, sketched=3)
    assert f"one partition of {SKETCHES.name}, and it has 2" in fault(DEDUP, SKETCHES, sketches=2)
    assert not fault(SKETCH, sketched=4, alike=True)


def test_settings_that_lose_something_are_told_of_by_name() -> None:
    """A topic that takes less than we write, and a state of which the old records go; nothing of strangers' topics."""
    good = {SIZE: str(RAW.max_message_bytes), CLEANUP: "delete"}
    small = {SIZE: "1048588", CLEANUP: "delete"}
    kept = {SIZE: str(LEDGER.max_message_bytes), CLEANUP: "compact,delete"}
    assert limits({RAW.name: good, LEDGER.name: kept, "others.topic": small}) == []
    assert limits({RAW.name: {}}) == []
    size, cleanup = limits({RAW.name: good, TAGGED.name: small, LEDGER.name: {**kept, CLEANUP: "delete"}})
    assert f"{TAGGED.name} (1,048,588, not 9,437,184)" in size
    assert RAW.name not in size
    assert LEDGER.name in cleanup
    assert RAW.name not in cleanup


async def test_partitions_that_no_broker_leads_are_known() -> None:
    """Those whose brokers are all away, in Kafka's last answer; none of a topic that all lead, or that is not there."""
    consumer = AIOKafkaConsumer()
    led = [(0, 0, 1, [1], [1])]
    not_led: list[tuple[object, ...]] = [(5, number, -1, [2], []) for number in (2, 1)]
    topics = [(0, RAW.name, False, led), (0, TAGGED.name, False, [*led, *not_led])]
    consumer._client.cluster.update_metadata(MetadataResponse([(1, "10.0.0.1", 9092, None)], 1, topics))
    assert [leaderless(consumer, topic.name) for topic in (RAW, TAGGED, SKETCHED)] == [[], [1, 2], []]
