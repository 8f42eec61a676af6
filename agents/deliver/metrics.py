"""Metrics of the deliver step."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from streams.metrics import SECONDS


class DeliverMetrics:
    """Attempts, and the receivers' health."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.deliveries = Counter(
            "wirewatch_deliveries",
            "Attempts to tell a receiver of an alert",
            ["receiver_type", "outcome"],
            registry=registry,
        )
        self.delivery_seconds = Histogram(
            "wirewatch_delivery_seconds",
            "How long an attempt took",
            ["receiver_type"],
            buckets=SECONDS,
            registry=registry,
        )
        self.deliveries_waiting = Gauge(
            "wirewatch_deliveries_waiting", "Alerts that wait for a receiver", ["receiver"], registry=registry
        )
        self.receiver_up = Gauge(
            "wirewatch_receiver_up",
            "0 while a receiver takes nothing, attempt after attempt",
            ["receiver"],
            registry=registry,
        )
