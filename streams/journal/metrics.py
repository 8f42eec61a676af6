"""Metrics of a laptop's journal; all are 0 in a worker that has none."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)


class JournalMetrics:
    """Size and age of the journal, and its writes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        r = registry
        self.bytes = Gauge("wirewatch_journal_bytes", "Size of the journal on disk", registry=r)
        self.underway = Gauge("wirewatch_journal_underway_bytes", "Raw messages underway, packed", registry=r)
        self.oldest = Gauge(
            "wirewatch_journal_oldest_seconds", "Age of the oldest message that some step has still to read", registry=r
        )
        self.shut = Gauge(
            "wirewatch_journal_shut_seconds", "For how long no raw message has come in, for want of room", registry=r
        )
        self.write_seconds = Histogram(
            "wirewatch_journal_write_seconds", "Time of a transaction", buckets=SECONDS, registry=r
        )
        self.errors = Counter("wirewatch_journal_errors", "Transactions that failed", registry=r)
