"""Metrics of the watch steps."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from streams.metrics import LabelLimit


class WatchMetrics:
    """Watches in force, and the alerts that they raised."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.watches = Gauge(
            "wirewatch_watches",
            "Watches in force, refused as wrong, wrong in the folder, and muted when the last match was decided",
            ["state"],
            registry=registry,
        )
        self.alerts = Counter("wirewatch_alerts", "Watches that fired", ["watch", "severity"], registry=registry)
        self.bounded = Counter(
            "wirewatch_match_bounded",
            "Articles of which only the beginning was matched, and watches that an article took too long to match",
            ["limit"],
            registry=registry,
        )
        for limit in ("article", "watch"):
            self.bounded.labels(limit)  # there from the start, so that the first is seen
        self._names = LabelLimit()

    def alert_raised(self, watch: str, severity: str, max_watches: int) -> None:
        """Count an alert; watches beyond `max_watches` share the label `other`."""
        self.alerts.labels(self._names.label(watch, max_watches), severity).inc()
