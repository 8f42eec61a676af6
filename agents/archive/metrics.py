"""Metrics of the archive step."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class ArchiveMetrics:
    """How much history is kept, and whether the store takes more."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.articles = Gauge("wirewatch_archive_articles", "Articles in the store of history", registry=registry)
        self.bytes = Gauge("wirewatch_archive_bytes", "Bytes that the store of history takes", registry=registry)
        self.limit = Gauge(
            "wirewatch_archive_limit_bytes", "The most that history may take (archive.max_gib)", registry=registry
        )
        self.oldest = Gauge(
            "wirewatch_archive_oldest_timestamp_seconds",
            "When the oldest article kept was published",
            registry=registry,
        )
        self.failures = Counter(
            "wirewatch_archive_failures",
            "Writes that the store of history did not take, each tried again",
            registry=registry,
        )
        self.up = Gauge("wirewatch_archive_up", "0 while the store of history takes nothing", registry=registry)
