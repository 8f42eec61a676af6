"""Metrics of the trends step."""

from prometheus_client import CollectorRegistry, Counter


class TrendsMetrics:
    """Trends by how quiet a setting shows them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.trends = Counter(
            "wirewatch_trends",
            "Trends shown, by the quietest setting that shows them",
            ["sensitivity"],
            registry=registry,
        )
