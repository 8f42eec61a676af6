"""Every Prometheus metric that wirewatch exports, in one table. Labels have few values: never a URL or an article."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
END_TO_END = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)


class Metrics:
    """The metrics of one worker process, on a registry of its own (so that tests can hold several)."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        r = self.registry
        self.articles = Counter(
            "wirewatch_articles", "Messages that a step has settled, by outcome", ["step", "outcome"], registry=r
        )
        self.step_seconds = Histogram(
            "wirewatch_step_seconds",
            "From taking a message to its acknowledged outputs",
            ["step"],
            buckets=SECONDS,
            registry=r,
        )
        self.work_seconds = Histogram(
            "wirewatch_work_seconds",
            "CPU work on one article in a child process",
            ["step"],
            buckets=SECONDS,
            registry=r,
        )
        self.lag = Gauge("wirewatch_step_lag_messages", "Messages that wait for a step", ["step"], registry=r)
        self.buffered = Gauge(
            "wirewatch_step_buffered_bytes", "Bytes that a step holds in memory", ["step"], registry=r
        )
        self.end_to_end = Histogram(
            "wirewatch_end_to_end_seconds",
            "From the article's fetching or publishing to its tagging or to the alert on it",
            ["from", "to"],
            buckets=END_TO_END,
            registry=r,
        )
        self.region_articles = Counter("wirewatch_region_articles", "Articles about a country", ["country"], registry=r)
        self.topic_articles = Counter(
            "wirewatch_topic_articles", "Articles on a top-level topic", ["topic"], registry=r
        )
        self.region_topic_articles = Counter(
            "wirewatch_region_topic_articles",
            "Articles by UN M49 region and topic",
            ["macro_region", "topic"],
            registry=r,
        )
        self.duplicates = Counter("wirewatch_duplicates", "Copies found, by kind", ["kind"], registry=r)
        self.dead = Counter("wirewatch_dead", "Dead letters", ["step", "reason"], registry=r)
        self.retries = Counter("wirewatch_retries", "Articles tried once more, alone", ["step"], registry=r)
        self.source_last = Gauge(
            "wirewatch_source_last_article_timestamp_seconds",
            "When a source's last article was fetched",
            ["source"],
            registry=r,
        )
        self.extractor = Counter(
            "wirewatch_extractor", "Pages by the path that found the text", ["extractor"], registry=r
        )
        self.language = Counter("wirewatch_language_articles", "Tagged articles by language", ["language"], registry=r)
        self.state_entries = Gauge(
            "wirewatch_state_entries", "Entries that a step remembers", ["step", "state"], registry=r
        )
        self.state_bytes = Gauge(
            "wirewatch_state_bytes", "Bytes of what a step remembers", ["step", "state"], registry=r
        )
        self.state_oldest = Gauge(
            "wirewatch_state_oldest_timestamp_seconds", "Arrival of the oldest entry", ["step", "state"], registry=r
        )
        self.recovery_seconds = Gauge(
            "wirewatch_recovery_seconds", "How long the last recovery of a state took", ["step", "state"], registry=r
        )
        self.recovery_progress = Gauge(
            "wirewatch_recovery_progress_ratio", "Share of a state that is recovered", ["step", "state"], registry=r
        )
        self.watches = Gauge(
            "wirewatch_watches",
            "Watches in force, refused as wrong, and wrong in the folder",
            ["state"],
            registry=r,
        )
        self.alerts = Counter("wirewatch_alerts", "Watches that fired", ["watch", "severity"], registry=r)
        self.deliveries = Counter(
            "wirewatch_deliveries", "Attempts to tell a receiver of an alert", ["receiver_type", "outcome"], registry=r
        )
        self.delivery_seconds = Histogram(
            "wirewatch_delivery_seconds", "How long an attempt took", ["receiver_type"], buckets=SECONDS, registry=r
        )
        self.deliveries_waiting = Gauge(
            "wirewatch_deliveries_waiting", "Alerts that wait for a receiver", ["receiver"], registry=r
        )
        self.receiver_up = Gauge(
            "wirewatch_receiver_up", "0 while a receiver takes nothing, attempt after attempt", ["receiver"], registry=r
        )
        self.order_held = Gauge("wirewatch_order_held_messages", "Articles that wait for earlier ones", registry=r)
        self.order_timeouts = Counter(
            "wirewatch_order_timeouts", "Articles decided without waiting further for earlier ones", registry=r
        )
        self.ready = Gauge(
            "wirewatch_step_ready", "1 when a step has its partitions and its state", ["step"], registry=r
        )
        self.feed_alerts = Gauge("wirewatch_feed_alerts", "Alerts that the feeds can show", registry=r)
        self.feed_bytes = Gauge("wirewatch_feed_bytes", "Bytes of the alerts that the feeds can show", registry=r)
        self.feed_following = Gauge(
            "wirewatch_feed_following", "1 while the feeds follow news.alerts, 0 while Kafka is waited for", registry=r
        )
        self.feed_refused = Counter(
            "wirewatch_feed_refused", "Messages that the feeds could not read, by Kafka topic", ["topic"], registry=r
        )
        self.feed_connections = Gauge("wirewatch_feed_connections", "Readers of event streams", registry=r)
        self.feed_disconnects = Counter(
            "wirewatch_feed_disconnects", "Readers of event streams that were cut off for being too slow", registry=r
        )
        self.build_info = Gauge(
            "wirewatch_build_info", "1; the labels say which build", ["version", "python"], registry=r
        )
        self._sources: set[str] = set()
        self._watches: set[str] = set()

    def source_seen(self, source: str, fetched_at: float, max_sources: int) -> None:
        """Note a source's last article; sources beyond `max_sources` share the label `other`."""
        if source not in self._sources:
            if len(self._sources) >= max_sources:
                source = "other"
            else:
                self._sources.add(source)
        self.source_last.labels(source).set(fetched_at)

    def alert_raised(self, watch: str, severity: str, max_watches: int) -> None:
        """Count an alert; watches beyond `max_watches` share the label `other`."""
        if watch not in self._watches:
            if len(self._watches) >= max_watches:
                watch = "other"
            else:
                self._watches.add(watch)
        self.alerts.labels(watch, severity).inc()
