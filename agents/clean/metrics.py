"""Metrics of the clean step."""

from prometheus_client import CollectorRegistry, Counter

from streams.metrics import LabelledMetric


class CleanMetrics:
    """The paths by which texts were found."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.extractor = LabelledMetric(
            Counter("wirewatch_extractor", "Pages by the path that found the text", ["extractor"], registry=registry)
        )
