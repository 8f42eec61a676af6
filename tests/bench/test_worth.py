"""How many articles some work was worth."""

import pytest

from bench.worth import Work, articles_worth, work_of


def test_the_work_of_all_workers_is_added_by_step() -> None:
    """Steps without work in children, and other metrics, are not counted."""
    one = {
        'wirewatch_work_seconds_sum{step="clean"}': 1.5,
        'wirewatch_work_seconds_count{step="clean"}': 200.0,
        'wirewatch_work_seconds_sum{step="match"}': 9.0,
        'wirewatch_articles_total{outcome="clean",step="clean"}': 200.0,
    }
    other = {'wirewatch_work_seconds_sum{step="clean"}': 0.5, 'wirewatch_work_seconds_count{step="clean"}': 50.0}
    found = work_of([one, other])
    assert found["clean"] == Work(2.0, 250.0)
    assert found["tag"] == Work(0.0, 0.0)
    assert "match" not in found


@pytest.mark.parametrize(("cleaned", "tagged", "worth"), [(100, 100, 100), (130, 70, 115), (70, 130, 85)])
def test_articles_that_one_step_is_ahead_with_count_by_its_work(cleaned: int, tagged: int, worth: int) -> None:
    """6 ms to clean an article and 2 to tag it: what was begun before or is left for later flatters nobody."""
    before = {"clean": Work(3.0, 400.0), "tag": Work(1.0, 300.0), "gather": Work(0.0, 0.0)}
    after = {
        "clean": Work(3.0 + 0.006 * cleaned, 400.0 + cleaned),
        "tag": Work(1.0 + 0.002 * tagged, 300.0 + tagged),
        "gather": Work(0.0, 0.0),
    }
    assert articles_worth(before, after) == pytest.approx(worth)


def test_no_work_is_worth_nothing() -> None:
    """Two looks at once divide by nothing."""
    work = {"clean": Work(3.0, 400.0)}
    assert articles_worth(work, work) == 0.0
