"""Metrics of the dedup step."""

from prometheus_client import CollectorRegistry, Counter


class DedupMetrics:
    """Copies by kind."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.duplicates = Counter("wirewatch_duplicates", "Copies found, by kind", ["kind"], registry=registry)
