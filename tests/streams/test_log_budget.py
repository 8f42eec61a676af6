"""A log's budget: a flood takes a few lines, and the next trouble is named again."""

from streams.system.log_budget import LogBudget


def test_a_flood_takes_few_lines_an_hour() -> None:
    """The first lines of each hour are written, and the last of them can say that others follow."""
    now = [1000.0]
    budget = LogBudget(2, 3600.0, lambda: now[0])

    assert [(budget.take(), budget.is_spent) for _ in range(4)] == [
        *((True, False), (True, True)),
        *((False, True), (False, True)),
    ]
    now[0] += 3599.0
    assert not budget.take()
    now[0] += 1.0
    assert [budget.take() for _ in range(3)] == [True, True, False]
