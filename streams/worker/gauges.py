"""The metrics of a step that a worker sets each second."""

from streams.kafka.engine import StepApp
from streams.metrics import Metrics


class Gauges:
    """One step's children of these metrics, looked up once: prometheus_client takes longer to find one than to set it."""

    def __init__(self, metrics: Metrics, step: str) -> None:
        self.lag, self.buffered, self.ready = (
            metric.labels(step) for metric in (metrics.lag, metrics.buffered, metrics.ready)
        )
        self.skipped, self.expired, self.lost = (
            metric.labels(step) for metric in (metrics.skipped, metrics.expired, metrics.lost)
        )

    def show_missed(self, app: StepApp) -> None:
        """Count the offsets that an app has passed over since this was called last."""
        self.skipped.inc(app.skipped)
        self.expired.inc(app.expired)
        self.lost.inc(app.lost)
        app.skipped = app.expired = app.lost = 0
