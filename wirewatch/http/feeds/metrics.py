"""Metrics of the feeds."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class FeedMetrics:
    """Alerts that the feeds can show, and their readers."""

    def __init__(self, registry: CollectorRegistry) -> None:
        r = registry
        self.alerts = Gauge("wirewatch_feed_alerts", "Alerts that the feeds can show", registry=r)
        self.bytes = Gauge("wirewatch_feed_bytes", "Bytes of the alerts that the feeds can show", registry=r)
        self.following = Gauge(
            "wirewatch_feed_following", "1 while the feeds follow news.alerts, 0 while Kafka is waited for", registry=r
        )
        self.refused = Counter(
            "wirewatch_feed_refused", "Messages that the feeds could not read, by Kafka topic", ["topic"], registry=r
        )
        self.connections = Gauge("wirewatch_feed_connections", "Readers of event streams", registry=r)
        self.disconnects = Counter(
            "wirewatch_feed_disconnects", "Readers of event streams that were cut off for being too slow", registry=r
        )
