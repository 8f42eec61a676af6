"""The table of steps, in the order of the pipeline; stages, groups, help and metrics derive from it."""

from streams.errors import SettingsError
from streams.metrics import Metrics
from streams.step import AnyStep
from wirewatch.http.feeds.metrics import FeedMetrics
from wirewatch.http.metrics import HttpMetrics
from wirewatch.packages import modules

TABLE: tuple[AnyStep, ...] = tuple(step for module in modules("step") for step in module.STEPS)
STEPS: dict[str, AnyStep] = {step.name: step for step in TABLE}
#: The names that `wirewatch apply` knows, and the steps behind each.
STAGES: dict[str, tuple[AnyStep, ...]] = {
    stage: tuple(step for step in TABLE if step.stage == stage)
    for stage in dict.fromkeys(step.stage for step in TABLE if step.stage)
}


def chosen(names: str | None) -> list[AnyStep]:
    """Return the steps of a comma list, all of them for None; raise `SettingsError` for one that there is not."""
    if not names:
        return list(STEPS.values())
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in STEPS:
            raise SettingsError(f"no step is called {name!r}; there are {', '.join(STEPS)}")
    return [STEPS[name] for name in STEPS if name in wanted]


def new_metrics() -> Metrics:
    """Return all metrics, of the backbone, of every step, of the feeds and of the HTTP server, on a new registry."""
    metrics = Metrics()
    for kind in (*(kind for step in TABLE for kind in step.metrics), FeedMetrics, HttpMetrics):
        _ = metrics[kind]
    return metrics
