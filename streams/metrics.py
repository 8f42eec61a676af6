"""Metrics of the backbone, on Prometheus. Labels have few values: never a URL or an article.

A step's own metrics stand with the step, as a set: a class made with a registry (`metrics.py` of its package).
`wirewatch.metrics.new_metrics` gives all of them; docs/metrics.md lists them.
"""

from typing import Any, Generic, TypeVar, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
END_TO_END = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)

#: A set of metrics.
M = TypeVar("M")
#: A kind of metric.
Kind = TypeVar("Kind", Counter, Gauge, Histogram)


class LabelledMetric(Generic[Kind]):
    """A metric that is counted with each message. It keeps its children: to look one up takes ten times as long as to count."""

    def __init__(self, metric: Kind) -> None:
        self._metric: Kind = metric
        self._children: dict[tuple[str, ...], Kind] = {}

    def labels(self, *values: str) -> Kind:
        """Return the child with these labels, which is made with the first call."""
        child = self._children.get(values)
        if child is None:
            child = self._children[values] = self._metric.labels(*values)
        return child


class Metrics:
    """The metrics of one worker process, on a registry of its own (so that tests can hold several)."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._sets: dict[type[Any], Any] = {}
        self._count_steps(self.registry)
        self._show_state(self.registry)
        self.end_to_end = LabelledMetric(
            Histogram(
                "wirewatch_end_to_end_seconds",
                "From the article's fetching or publishing to its tagging or to the alert on it",
                ["from", "to"],
                buckets=END_TO_END,
                registry=self.registry,
            )
        )
        self.build_info = Gauge(
            "wirewatch_build_info", "1; the labels say which build", ["version", "python"], registry=self.registry
        )

    def __getitem__(self, kind: type[M]) -> M:
        """Return the set of this type, which is made with the first call."""
        if kind not in self._sets:
            self._sets[kind] = kind(self.registry)  # type: ignore[call-arg]
        return cast("M", self._sets[kind])

    def _count_steps(self, r: CollectorRegistry) -> None:
        step = ["step"]
        self.articles = Counter(
            "wirewatch_articles", "Messages that a step has settled, by outcome", ["step", "outcome"], registry=r
        )
        self.step_seconds = Histogram(
            "wirewatch_step_seconds",
            "From taking a message to its acknowledged outputs",
            step,
            buckets=SECONDS,
            registry=r,
        )
        self.work_seconds = Histogram(
            "wirewatch_work_seconds",
            "CPU work on one article, in a child process or in the step's own thread",
            step,
            buckets=SECONDS,
            registry=r,
        )
        self.lag = Gauge("wirewatch_step_lag_messages", "Messages that wait for a step", step, registry=r)
        self.buffered = Gauge("wirewatch_step_buffered_bytes", "Bytes that a step holds in memory", step, registry=r)
        self.dead = Counter("wirewatch_dead", "Dead letters", ["step", "reason"], registry=r)
        self.retries = Counter("wirewatch_retries", "Articles tried once more, alone", step, registry=r)
        self.skipped = Counter(
            "wirewatch_offsets_skipped",
            "Offsets without a message: expired before they were read, ends of transactions, or batches that cannot be unpacked",
            step,
            registry=r,
        )
        self.expired = Counter(
            "wirewatch_offsets_expired", "Offsets that Kafka had removed before a step read them", step, registry=r
        )
        self.lost = Counter(
            "wirewatch_offsets_lost", "Messages that a step had read, and that Kafka lost afterwards", step, registry=r
        )
        self.restarts = Counter(
            "wirewatch_step_restarts",
            "Restarts of a step, or of the work on a folder, that could not go on",
            step,
            registry=r,
        )
        self.ready = Gauge("wirewatch_step_ready", "1 when a step has its partitions and its state", step, registry=r)
        self.kafka_up = Gauge("wirewatch_kafka_up", "0 while Kafka does not answer", registry=r)
        broker = ["broker"]
        self.disk_total = Gauge("wirewatch_kafka_disk_bytes", "Size of a broker's fullest disk", broker, registry=r)
        self.disk_usable = Gauge(
            "wirewatch_kafka_disk_usable_bytes", "Room left on a broker's fullest disk", broker, registry=r
        )
        self.started = Gauge("wirewatch_start_time_seconds", "When this worker was started", registry=r)
        self.memory_limit = Gauge(
            "wirewatch_memory_limit_bytes", "Memory limit of the worker with its child processes; 0 is none", registry=r
        )
        self.memory_used = Gauge(
            "wirewatch_memory_used_bytes", "Memory that worker and child processes take", registry=r
        )
        self.memory_kills = Counter(
            "wirewatch_memory_kills",
            "Processes of this worker that the system has killed for want of memory",
            registry=r,
        )
        self.order_held = Gauge("wirewatch_order_held_messages", "Articles that wait for earlier ones", registry=r)
        self.order_timeouts = Counter(
            "wirewatch_order_timeouts", "Articles decided without waiting further for earlier ones", registry=r
        )

    def _show_state(self, r: CollectorRegistry) -> None:
        state = ["step", "state"]
        self.state_entries = Gauge("wirewatch_state_entries", "Entries that a step remembers", state, registry=r)
        self.state_bytes = Gauge("wirewatch_state_bytes", "Bytes of what a step remembers", state, registry=r)
        self.state_oldest = Gauge(
            "wirewatch_state_oldest_timestamp_seconds", "Arrival of the oldest entry", state, registry=r
        )
        self.state_refused = Counter(
            "wirewatch_state_refused", "Records of a state or a followed topic that were none", state, registry=r
        )
        self.recovery_seconds = Gauge(
            "wirewatch_recovery_seconds", "How long the last recovery of a state took", state, registry=r
        )
        self.recovery_progress = Gauge(
            "wirewatch_recovery_progress_ratio", "Share of a state that is recovered", state, registry=r
        )


class LabelLimit:
    """A bound on a label's values: those beyond the first so many share the value `other`."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def label(self, value: str, most: int) -> str:
        """Return the value, or `other`."""
        if value in self._known:
            return value
        if len(self._known) >= most:
            return "other"
        self._known.add(value)
        return value
