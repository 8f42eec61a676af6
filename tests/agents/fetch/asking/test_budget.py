"""The budget of a domain: when it may be asked again, by a clock that the tests move."""

import pytest

from agents.fetch.asking.budget import DAY, Budgets

NOON = 1_764_000_000.0


@pytest.fixture
def budgets() -> Budgets:
    """Give budgets with five seconds between two requests."""
    return Budgets(5.0)


def test_three_forbidden_addresses_of_a_day_pause_the_domain(budgets: Budgets) -> None:
    """One page that is forbidden, however often, says nothing of the site; a third one does."""
    assert [budgets.refused("a.example", "/1", 403, None, NOON + second) for second in range(4)] == [0.0] * 4
    assert budgets.refused("a.example", "/2", 403, None, NOON + 10) == 0.0

    paused_until = budgets.refused("a.example", "/3", 403, None, NOON + 20)

    assert paused_until == NOON + 80
    assert budgets.ready_at("a.example") == paused_until


def test_forbidden_addresses_of_yesterday_do_not_count(budgets: Budgets) -> None:
    """The pages of a day are counted, not those of a week."""
    for number in range(6):
        assert budgets.refused("a.example", f"/{number}", 403, None, NOON + number * 0.6 * DAY) == 0.0


def test_a_wait_that_is_asked_for_is_kept(budgets: Budgets) -> None:
    """`Retry-After` counts from the first refusal on; a year is a day, and no seconds are the domain's delay."""
    assert budgets.refused("a.example", "/1", 403, 90.0, NOON) == NOON + 90
    assert budgets.refused("b.example", "/1", 429, 366 * DAY, NOON) == NOON + DAY
    assert budgets.refused("c.example", "/1", 503, 0.0, NOON) == NOON + 5


def test_pauses_double_until_an_answer_comes(budgets: Budgets) -> None:
    """A minute, two, four, at most six hours; an answer ends the row, once."""
    lengths = [budgets.refused("a.example", "/", 429, None, NOON + n * DAY) - NOON - n * DAY for n in range(12)]

    assert lengths[:3] == [60, 120, 240]
    assert lengths[-1] == 6 * 3600
    assert [budgets.answered("a.example"), budgets.answered("a.example")] == [True, False]
    assert budgets.ready_at("a.example") == 0.0
