"""The ledger: entries that are due, owned, restored and forgotten."""

import math
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.deliver.ledger import Ledger, LedgerEntry, encoder
from streams.errors import InvalidRecord
from streams.records import Alert, AlertArticle, Delivery, encode

HERE = (0, 1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALERT = encode(
    Alert(
        id="a",
        watch="w",
        severity="info",
        article=AlertArticle(id="1", title="T", source="s", fetched_at=NOON),
        raised_at=NOON,
        fetched_to_raised_s=0.0,
    )
)


def entry(
    alert: str = "a", receiver: str = "r", partition: int = 0, due: float = 10.0, state: str = "waiting"
) -> LedgerEntry:
    """Return an entry."""
    return LedgerEntry(
        alert_id=alert,
        receiver=receiver,
        partition=partition,
        state=state,  # type: ignore[arg-type]
        due=due,
        changed=due,
        alert=ALERT,
    )


@pytest.fixture
def ledger() -> Ledger:
    """Return an empty ledger that keeps settled entries for an hour."""
    return Ledger(3600.0)


def test_nothing_is_due_before_it_is_persisted(ledger: Ledger) -> None:
    """An entry can be sent only once it was lined up, which is done when Kafka has it."""
    ledger.put(entry())
    assert ledger.due("r", HERE, 20.0) is None
    ledger.line_up("a:r")
    assert ledger.due("r", HERE, 20.0) == entry()


def test_first_due_comes_first(ledger: Ledger) -> None:
    """Of several the one that has waited longest; none before its time, but for a probe, which asks without a time."""
    for alert, due in (("late", 30.0), ("early", 10.0)):
        ledger.put(entry(alert, due=due))
        ledger.line_up(f"{alert}:r")
    assert ledger.due("r", HERE, 5.0) is None
    assert ledger.due("r", HERE, math.inf) == entry("early")
    assert ledger.due("r", HERE, 50.0, busy={"early:r"}) == entry("late", due=30.0)


def test_other_partitions_wait_for_their_owner(ledger: Ledger) -> None:
    """An entry of another worker's partition is not due here until the partition is resumed."""
    ledger.put(entry(partition=7))
    ledger.line_up("a:r")
    assert ledger.due("r", HERE, 50.0) is None
    ledger.resume(7)
    assert ledger.due("r", (7,), 50.0) == entry(partition=7)
    assert (ledger.waiting("r", (7,)), ledger.waiting("r", HERE)) == (1, 0)


def test_receiver_that_is_back_gets_everything_now(ledger: Ledger) -> None:
    """`hasten` makes one receiver's waiting alerts due, and leaves the others alone."""
    for receiver in ("r", "other"):
        ledger.put(entry(receiver=receiver, due=1000.0))
        ledger.line_up(f"a:{receiver}")
    ledger.hasten("r", 20.0)
    assert ledger.due("r", HERE, 20.0) is not None
    assert ledger.due("other", HERE, 20.0) is None


def test_new_alerts_take_turns_with_those_that_waited(ledger: Ledger) -> None:
    """A receiver that is back learns of new alerts beside those that it missed, each in the order of its due time."""
    for number in range(4):
        ledger.put(entry(f"old{number}", due=float(number)))
        ledger.line_up(f"old{number}:r")
    ledger.hasten("r", 10.0)
    for number in range(2):
        ledger.put(entry(f"new{number}", due=10.0 + number))
        ledger.line_up(f"new{number}:r")
    underway = list[str]()
    while (found := ledger.due("r", HERE, 20.0, underway)) is not None:
        underway.append(found.key)
    turns = [key.removesuffix(":r") for key in underway]
    assert turns == ["new0", "old0", "new1", "old1", "old2", "old3"]


def test_those_of_a_partition_that_came_take_turns_with_new_alerts(ledger: Ledger) -> None:
    """A worker that takes over a partition's backlog tells of new alerts beside it, not behind it."""
    for number in range(2):
        ledger.put(entry(f"old{number}", due=float(number)))
    ledger.resume(0)
    ledger.put(entry("new", due=10.0))
    ledger.line_up("new:r")
    underway = list[str]()
    while (found := ledger.due("r", HERE, 20.0, underway)) is not None:
        underway.append(found.key)
    assert underway == ["new:r", "old0:r", "old1:r"]


def test_what_was_forgotten_meanwhile_is_not_hastened(ledger: Ledger) -> None:
    """An entry whose tombstone came, or that was delivered, waits in line no more when its receiver is back."""
    for alert in ("forgotten", "delivered", "waits"):
        ledger.put(entry(alert, due=50.0))
        ledger.line_up(f"{alert}:r")
    ledger.restore("forgotten:r", None)
    ledger.put(entry("delivered", due=50.0, state="delivered"))
    ledger.hasten("r", 10.0)
    assert ledger.due("r", HERE, 10.0) == msgspec.structs.replace(entry("waits", due=10.0), changed=50.0)
    assert ledger.due("r", HERE, 10.0, ["waits:r"]) is None


def test_what_is_published_again_was_tried_here_and_lately(ledger: Ledger) -> None:
    """Both ends of the time belong to it; other partitions and alerts without an attempt do not."""
    tried = Delivery(
        id="a:r:1", alert_id="a", watch="w", severity="info", receiver="r", receiver_type="file", attempt=1, outcome="failed",
        attempted_at=NOON,
    )  # fmt: skip
    for alert, partition, changed, last in (
        ("first", 0, 10.0, tried),
        ("last", 0, 20.0, tried),
        ("early", 0, 9.0, tried),
        ("late", 0, 21.0, tried),
        ("untried", 0, 15.0, None),
        ("elsewhere", 1, 15.0, tried),
    ):
        ledger.put(msgspec.structs.replace(entry(alert, partition=partition, due=changed), last=last))

    assert [each.alert_id for each in ledger.changed(0, 10.0, 20.0)] == ["first", "last"]


def test_what_is_not_persisted_is_not_hastened(ledger: Ledger) -> None:
    """A receiver that is back is sent nothing that Kafka does not have."""
    ledger.put(entry("new", due=5.0))
    ledger.hasten("r", 10.0)
    assert ledger.due("r", HERE, 10.0) is None


def test_settled_entries_are_forgotten_when_they_are_old(ledger: Ledger) -> None:
    """Neither waiting entries nor those of another worker's partition are forgotten."""
    for number, state in enumerate(("delivered", "dead", "waiting")):
        ledger.put(entry(str(number), state=state))
    ledger.put(entry("elsewhere", partition=9, state="delivered"))
    assert ledger.expire(HERE, 3000.0) == []
    assert sorted(each.alert_id for each in ledger.expire(HERE, 4000.0)) == ["0", "1"]
    assert len(ledger) == 2


@pytest.mark.parametrize(
    "changes",
    [{"alert": b"{}"}, {"alert": None}, {"receiver": "other"}, {"partition": -1}, {"due": math.nan}, {"state": "lost"}],
)
def test_entry_that_is_none_of_ours_is_refused(ledger: Ledger, changes: dict[str, object]) -> None:
    """The error names the key, and the ledger stays as it was."""
    with pytest.raises(InvalidRecord, match="a:r"):
        ledger.restore("a:r", b"{}")
    fields = msgspec.structs.asdict(entry()) | changes
    with pytest.raises(InvalidRecord, match="a:r"):
        ledger.restore("a:r", msgspec.msgpack.encode(fields))
    assert len(ledger) == 0


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["waiting", "delivered", "dead"]), st.integers(0, 50)))
)
def test_restored_ledger_is_due_as_the_one_before(changes: list[tuple[str, str, int]]) -> None:
    """Whatever was put, a ledger made from the persisted entries has the same ones, and the same are due.

    Nothing but its end follows what was delivered.
    """
    first, second = Ledger(3600.0), Ledger(3600.0)
    for alert, state, due in changes:
        before = first.get(alert, "r")
        if before is not None and before.state == "delivered":
            continue
        given_entry = entry(alert, state=state, due=float(due))
        second.restore(given_entry.key, first.put(given_entry))
    for ledger in (first, second):
        ledger.resume(0)
    for now in (0.0, 25.0, 50.0):
        one, other = first.due("r", HERE, now), second.due("r", HERE, now)
        assert (one is None) == (other is None)
        assert one is None or other is None or one.due == other.due
    assert first.waiting("r", HERE) == second.waiting("r", HERE)


@pytest.mark.parametrize("before", [None, "waiting", "delivered", "dead"])
@pytest.mark.parametrize("late", ["waiting", "delivered", "dead"])
def test_of_what_a_former_owner_writes_late_only_a_delivery_counts(
    ledger: Ledger, before: str | None, late: str
) -> None:
    """It was told whoever has the partition, and the ledger says so once more; anything else is its next owner's to say."""
    if before is not None:
        ledger.put(entry(state=before))
    ledger.restore_late("a:r", encoder.encode(entry(state=late)))
    ledger.resume(0)

    found, now_told = ledger.get("a", "r"), late == "delivered" != before
    assert (found and found.state) == ("delivered" if now_told else before)
    assert len(ledger.overruled(HERE)) == now_told
    assert (ledger.due("r", HERE, 11.0) is not None) == (before == "waiting" and not now_told)


def test_no_attempt_is_put_off_by_a_clock_that_ran_ahead(ledger: Ledger) -> None:
    """An alert that waits until next year is due after the longest wait."""
    ledger.put(entry(due=1e9))
    ledger.resume(0, latest=50.0)
    assert ledger.due("r", HERE, 49.0) is None
    waiting = ledger.due("r", HERE, 51.0)
    assert waiting is not None and waiting.due == 50.0


@pytest.mark.parametrize(
    "spoilt",
    [{"due": 1e300}, {"due": -1.0}, {"changed": 1e15}, {"attempts": 2**62}, {"uncounted": 5}, {"uncounted": -1}],
)
def test_an_entry_that_no_attempt_could_follow_is_refused(ledger: Ledger, spoilt: dict[str, float]) -> None:
    """Its time could not be written as a date, or its count of attempts is none."""
    ledger.put(entry())
    with pytest.raises(InvalidRecord):
        ledger.restore("a:r", msgspec.msgpack.encode(msgspec.structs.replace(entry(), **spoilt)))
    assert ledger.get("a", "r") == entry()
