"""The table of steps, in the order of the pipeline; stages, groups and help derive from it."""

from agents.archive.step import archive_step
from streams.errors import SettingsError
from streams.settings import Settings
from streams.step import AnyStep
from streams.text.names import those
from wirewatch.history.search import features
from wirewatch.packages import modules

TABLE: tuple[AnyStep, ...] = (
    *(step for module in modules("step") for step in module.STEPS),
    archive_step(features),
)
STEPS: dict[str, AnyStep] = {step.name: step for step in TABLE}
#: The names that `wirewatch apply` knows, and the steps behind each.
STAGES: dict[str, tuple[AnyStep, ...]] = {
    stage: tuple(step for step in TABLE if step.stage == stage)
    for stage in dict.fromkeys(step.stage for step in TABLE if step.stage)
}


def chosen(names: str | None, settings: Settings) -> list[AnyStep]:
    """Return the steps of a comma list; for None all whose settings are there.

    Raises `SettingsError` for one that there is not, or that the settings give nothing to do.
    """
    if names is None:
        return [step for step in TABLE if step.has_needs(settings)]
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if not wanted:
        raise SettingsError(f"--steps names no step; there are {', '.join(STEPS)}; without --steps all are run")
    for name in wanted:
        if name not in STEPS:
            raise SettingsError(f"no step is called {name!r}{those(name, STEPS)}")
        if not STEPS[name].has_needs(settings):
            raise SettingsError(f"the step {name} has nothing to do: set {STEPS[name].needs} in wirewatch.toml")
    return [STEPS[name] for name in STEPS if name in wanted]
