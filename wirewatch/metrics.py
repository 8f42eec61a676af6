"""All metrics of a worker: the backbone's, each step's, and those of what stands beside the steps."""

from streams.journal.metrics import JournalMetrics
from streams.metrics import Metrics
from wirewatch.folders.incoming import IncomingMetrics
from wirewatch.http.feeds.metrics import FeedMetrics
from wirewatch.http.metrics import HttpMetrics
from wirewatch.http.push import PushMetrics
from wirewatch.http.websub import HubMetrics
from wirewatch.steps import TABLE


def new_metrics() -> Metrics:
    """Return all metrics, of the backbone, of every step, of the feeds and of the HTTP server, on a new registry."""
    metrics = Metrics()
    for kind in (
        *(kind for step in TABLE for kind in step.metrics),
        FeedMetrics,
        HttpMetrics,
        PushMetrics,
        HubMetrics,
        JournalMetrics,
        IncomingMetrics,
    ):
        _ = metrics[kind]
    return metrics
