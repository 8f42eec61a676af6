"""Partitions of articles by their days: every day has one, and strangers' days make few."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.archive.partitions import Partition, holder, joined, partition_for, period

TODAY = date(2026, 11, 30)
DAYS = st.dates(date(1, 1, 1), date(2027, 12, 31)).map(lambda day: day.isoformat().replace("-", ""))


@pytest.mark.parametrize(
    ("day", "first", "until"),
    [
        (date(2027, 2, 3), date(2027, 2, 3), date(2027, 2, 4)),
        (date(2026, 10, 31), date(2026, 10, 31), date(2026, 11, 1)),
        (date(2025, 12, 31), date(2025, 12, 1), date(2026, 1, 1)),
        (date(2011, 5, 6), date(2011, 1, 1), date(2012, 1, 1)),
        (date(1605, 7, 8), date(1600, 1, 1), date(1700, 1, 1)),
        (date(9, 1, 2), date(1, 1, 1), date(100, 1, 1)),
    ],
)
def test_the_older_the_more_days_share_a_partition(day: date, first: date, until: date) -> None:
    """A recent or coming day has a partition of its own, older ones a month, a year, a century."""
    assert period(day, TODAY) == (first, until)


@given(st.sets(DAYS, max_size=8), st.lists(st.tuples(DAYS, st.integers(0, 4000)), max_size=30))
def test_each_day_lies_in_one_partition(old: set[str], added: list[tuple[str, int]]) -> None:
    """Whatever days there were before, alone in one, and in whatever order and at whatever time others come."""
    found = [Partition(day) for day in sorted(old)]
    for day, later in added:
        if holder(day, found) is None:
            new = partition_for(day, found, TODAY + timedelta(days=later))
            assert new.holds(day)
            found = sorted([*found, new])
    limits = [limit for each in found for limit in each.limits]
    assert limits == sorted(limits)
    assert all(first < behind for first, behind in (each.limits for each in found))


def test_all_days_that_a_stranger_can_claim_share_few_partitions() -> None:
    """From the first newspaper to today, the newest first or the oldest."""
    days = [(date(1605, 1, 1) + timedelta(days=at)).isoformat().replace("-", "") for at in range(0, 154_000, 7)]
    for order in (days, days[::-1]):
        found: list[Partition] = []
        for day in order:
            if holder(day, found) is None:
                found = sorted([*found, partition_for(day, found, TODAY)])
        assert len(found) < 220


def all_joined(found: list[Partition], today: date) -> list[Partition]:
    """Return partitions once none of them are to be joined any more."""
    while chosen := joined(found, today):
        whole, members = chosen
        assert (whole.first, whole.end) == (members[0].first, members[-1].end)
        assert [each for each in found if whole.first <= each.first < whole.until] == members
        found = sorted([*(each for each in found if each not in members), whole])
    return found


def test_days_lived_through_become_few() -> None:
    """Of thirty years that a store was filled day by day there are days of three months, months of five years, and years."""
    found: list[Partition] = []
    for back in range(30 * 365, -1, -1):
        today = TODAY - timedelta(days=back)
        found.append(partition_for(today.isoformat().replace("-", ""), found, today))
        if back % 97 == 0:
            found = all_joined(found, today)
    assert len(found) < 93 + 31 + 62 + 12 + 26
    assert [one.end for one in found[:-1]] == [one.first for one in found[1:]]


def test_a_day_behind_which_no_calendar_goes_is_left() -> None:
    """A sender's clock may say anything; older days are joined all the same."""
    old = [Partition("20260301"), Partition("20260302")]
    assert joined([*old, Partition("99991230"), Partition("99991231")], TODAY) == (
        Partition("20260301", "20260303"),
        old,
    )
    assert joined([Partition("99991230"), Partition("99991231")], TODAY) is None


@given(st.sets(DAYS, max_size=8), st.lists(st.tuples(DAYS, st.integers(0, 4000)), max_size=30))
def test_each_day_stays_in_one_partition_when_some_are_joined(old: set[str], added: list[tuple[str, int]]) -> None:
    """Whatever there is, and at whatever time: what held a day is held, and partitions keep apart."""
    found, days = [Partition(day) for day in sorted(old)], {*old}
    for day, later in added:
        today = TODAY + timedelta(days=later)
        if holder(day, found) is None:
            found = sorted([*found, partition_for(day, found, today)])
        days.add(day)
        found = all_joined(found, today)
        assert all(holder(each, found) for each in days)
    limits = [limit for each in found for limit in each.limits]
    assert limits == sorted(limits)
