"""Metrics of the tag step: the news by region, topic, language and source."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from streams.metrics import LabelledMetric, LabelLimit


class TagMetrics:
    """Counts of tagged articles."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, about: str, *labels: str) -> LabelledMetric[Counter]:
            return LabelledMetric(Counter(name, about, labels, registry=registry))

        self.region_articles = counter("wirewatch_region_articles", "Articles about a country", "country")
        self.topic_articles = counter("wirewatch_topic_articles", "Articles on a top-level topic", "topic")
        self.region_topic_articles = counter(
            "wirewatch_region_topic_articles", "Articles by UN M49 region and topic", "macro_region", "topic"
        )
        self.language = counter("wirewatch_language_articles", "Tagged articles by language", "language")
        self.source_last = LabelledMetric(
            Gauge(
                "wirewatch_source_last_article_timestamp_seconds",
                "When a source's last article was fetched",
                ["source"],
                registry=registry,
            )
        )
        self._sources = LabelLimit()

    def source_seen(self, source: str, fetched_at: float, max_sources: int) -> None:
        """Note a source's last article; sources beyond `max_sources` share the label `other`."""
        self.source_last.labels(self._sources.label(source, max_sources)).set(fetched_at)
