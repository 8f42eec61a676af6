"""Metrics that are counted with each message."""

from prometheus_client import CollectorRegistry, Counter

from streams.metrics import LabelledMetric


def test_children_that_are_remembered_are_the_metrics_own() -> None:
    """Counts through them, and beside them, are one number."""
    registry = CollectorRegistry()
    metric = Counter("articles", "Articles", ["step", "outcome"], registry=registry)
    known = LabelledMetric(metric)
    for _ in range(2):
        known.labels("tag", "tagged").inc()
    metric.labels("tag", "tagged").inc()
    known.labels("tag", "dead").inc()
    found = [registry.get_sample_value("articles_total", {"step": "tag", "outcome": end}) for end in ("tagged", "dead")]
    assert found == [3, 1]
    assert known.labels("tag", "tagged") is known.labels("tag", "tagged")
