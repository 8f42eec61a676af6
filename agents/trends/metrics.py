"""Metrics of the trends step."""

from typing import get_args

from prometheus_client import CollectorRegistry, Counter

from streams.records import Sensitivity


class TrendsMetrics:
    """Trends by how quiet a setting shows them, and articles that are not counted."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.trends = Counter(
            "wirewatch_trends",
            "Trends shown, by the quietest setting that shows them",
            ["sensitivity"],
            registry=registry,
        )
        for sensitivity in get_args(Sensitivity):
            self.trends.labels(sensitivity)
        self.refused = Counter(
            "wirewatch_trend_keys_refused",
            "Articles not counted for a country and topic or a phrase, since trends.max_keys are counted already",
            registry=registry,
        )
