"""Rights that Kafka refuses a group, each with the remedy."""

from aiokafka.errors import InconsistentGroupProtocolError, RebalanceInProgressError

from streams.kafka.rights import wanted


def test_a_group_of_workers_that_share_its_partitions_out_in_another_way_says_whom_to_stop() -> None:
    """Beside workers of 0.2.0 two steps of a newer one are never let in; any other refusal names the group alone."""
    assert wanted(InconsistentGroupProtocolError(), "wirewatch-deliver") == (
        "its group wirewatch-deliver, where others share partitions out in another way, as workers of 0.2.0 do; stop those"
    )
    assert wanted(RebalanceInProgressError(), "wirewatch-deliver") == "its group wirewatch-deliver"
