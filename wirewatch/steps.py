"""The table of steps, in the order of the pipeline: the one place that knows both the backbone and the agents."""

from agents.clean.step import CLEAN_STEP, LEARN_STEP
from agents.dedup.step import DEDUP_STEP, SKETCH_STEP
from agents.deliver.step import DELIVER_STEP
from agents.tag.step import TAG_STEP
from agents.watch.step import MATCH_STEP, WATCH_STEP
from streams.errors import SettingsError
from streams.step import Step

TABLE = (CLEAN_STEP, LEARN_STEP, SKETCH_STEP, DEDUP_STEP, TAG_STEP, MATCH_STEP, WATCH_STEP, DELIVER_STEP)
STEPS: dict[str, Step] = {step.name: step for step in TABLE}


def chosen(names: str | None) -> list[Step]:
    """Return the steps of a comma list, all of them for None; raise `SettingsError` for one that there is not."""
    if not names:
        return list(STEPS.values())
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in STEPS:
            raise SettingsError(f"no step is called {name!r}; there are {', '.join(STEPS)}")
    return [STEPS[name] for name in STEPS if name in wanted]
