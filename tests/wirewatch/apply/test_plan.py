"""The plan of a run into a file: a stopped run goes on only where all that its result depends on is the same."""

import pytest

from wirewatch import settings as all_settings
from wirewatch.cli.apply_file import plan_of
from wirewatch.steps import STAGES

STEPS = ",".join(STAGES)


def plan(steps: str = STEPS, **environ: str) -> str:
    """Return the plan under settings of the environment."""
    given = {f"WIREWATCH_{name.upper()}": value for name, value in environ.items()}
    return plan_of(steps, all_settings.load(None, given), None)


@pytest.mark.parametrize("stage", STAGES)
def test_each_step_has_a_section_of_its_name(stage: str) -> None:
    """The settings on which a step's results depend are found by its name."""
    assert stage in all_settings.SECTIONS


@pytest.mark.parametrize(
    "setting",
    [
        "clean_timeout_seconds",
        "dedup_window_hours",
        "tag_timeout_seconds",
        "stories_window_days",
        "trends_min_score",
        "watch_max_watch_labels",
    ],
)
def test_a_setting_of_a_step_makes_another_plan(setting: str) -> None:
    """A run that was stopped is not gone on with under other settings of any of its steps."""
    assert plan(**{setting: "9"}) != plan()


def test_settings_of_other_steps_do_not_matter() -> None:
    """A run of `clean` alone goes on whatever the settings of the steps that it does not have."""
    assert plan("clean", trends_min_score="9") == plan("clean")
    assert plan("clean") != plan("clean, dedup")
