"""The table of steps: which of them a worker runs."""

import pytest

from streams.errors import SettingsError
from streams.settings import Settings
from streams.topics import INTERNAL, STORIED_COPIES
from wirewatch import settings as all_settings
from wirewatch.steps import STEPS, chosen

NEEDY = [step.name for step in STEPS.values() if step.needs]


@pytest.fixture
def settings() -> Settings:
    """Settings in which nothing is set."""
    return all_settings.load(None, {})


@pytest.mark.parametrize("name", NEEDY)
def test_a_step_without_its_setting_names_it(name: str, settings: Settings) -> None:
    """A step that is asked for and has nothing to do is refused with a setting that there is."""
    section, field = STEPS[name].needs.split(".")
    assert hasattr(all_settings.SECTIONS[section], field)
    with pytest.raises(SettingsError, match=f"the step {name} .*set {section}.{field} in wirewatch.toml"):
        chosen(name, settings)


def test_a_worker_runs_all_steps_that_have_something_to_do(settings: Settings) -> None:
    """Without `--steps` a worker runs every step but those whose setting is missing."""
    assert [step.name for step in chosen(None, settings)] == [name for name in STEPS if name not in NEEDY]


def test_steps_come_in_the_order_of_the_pipeline(settings: Settings) -> None:
    """The order of `--steps` does not matter; a name that is no step's is refused with those there are."""
    assert [step.name for step in chosen("tag, clean", settings)] == ["clean", "tag"]
    with pytest.raises(SettingsError, match=r"no step is called 'tags' .did you mean tag\?.; there are fetch, clean"):
        chosen("clean,tags", settings)


def test_every_internal_topic_has_a_reader(settings: Settings) -> None:
    """A step takes each internal topic, follows it or keeps its state there; one is for `wirewatch apply` alone."""
    settlers = [step.settler(settings) for step in STEPS.values()]
    taken = {topic for step in STEPS.values() for topic in step.takes}
    read = taken | {topic for settler in settlers for topic in (*settler.states, *settler.follows)}

    assert set(INTERNAL) - read == {STORIED_COPIES}
