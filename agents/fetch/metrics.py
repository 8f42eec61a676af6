"""The metrics of the fetch step, in one table. Labels have few values: never a URL, a domain or a source."""

from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from streams.records import SourceState

SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LATE_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 6 * 3600)
PUBLISHED_SECONDS = (10, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 24 * 3600)


class FetchMetrics:
    """Counts of requests, answers and entries."""

    def __init__(self, registry: CollectorRegistry) -> None:
        r = registry
        self.polls = Counter("wirewatch_polls", "Polls of sources", ["kind", "outcome"], registry=r)
        self.poll_seconds = Histogram(
            "wirewatch_poll_seconds", "How long a poll took, its waits included", buckets=SECONDS, registry=r
        )
        self.poll_late = Histogram(
            "wirewatch_poll_late_seconds",
            "From the time that a poll was due to its start",
            buckets=LATE_SECONDS,
            registry=r,
        )
        self.not_modified = Counter("wirewatch_not_modified", "Polls answered by 304", registry=r)
        self.requests = Counter("wirewatch_requests", "Requests to servers", ["kind", "status"], registry=r)
        self.received = Counter(
            "wirewatch_received_bytes", "Bytes of bodies as they came, packed", ["kind"], registry=r
        )
        self.entries = Counter("wirewatch_entries", "Entries of sources", ["outcome"], registry=r)
        self.pages = Counter("wirewatch_page_fetches", "Pages asked for", ["outcome"], registry=r)
        self.pages_waiting = Gauge("wirewatch_pages_waiting", "Pages that wait for their domain's turn", registry=r)
        self.domains = Gauge("wirewatch_domains", "Domains with a budget in memory", registry=r)
        self.throttled = Gauge("wirewatch_throttled_domains", "Domains that asked to be left alone", registry=r)
        self.sources = Gauge("wirewatch_sources", "Sources of this worker by state", ["state"], registry=r)
        self.health_changes = Counter("wirewatch_health_changes", "Sources that changed state", ["to"], registry=r)
        self.lies = Counter("wirewatch_validator_lies", "304s that hid articles", registry=r)
        self.turned_over = Counter(
            "wirewatch_turned_over_documents",
            "Documents with nothing of the one before: entries between may have been missed",
            registry=r,
        )
        self.published_to_fetched = Histogram(
            "wirewatch_published_to_fetched_seconds",
            "From an article's publication to the poll that found it, backfill left out",
            buckets=PUBLISHED_SECONDS,
            registry=r,
        )
        self.underway = Gauge("wirewatch_requests_underway", "Requests that wait for an answer", registry=r)
        self.state_writes = Counter("wirewatch_poll_state_writes", "Poll states written", ["reason"], registry=r)
        self.topics = Counter(
            "wirewatch_topic_messages",
            "Messages of others' topics, and why they were not read",
            ["outcome"],
            registry=r,
        )
        self.file_faults = Gauge(
            "wirewatch_source_file_faults", "Faults in the files of the folder fetch.folder", registry=r
        )
        self.websub = Counter(
            "wirewatch_websub", "WebSub: hubs asked, their words, and their documents", ["outcome"], registry=r
        )
        self._begin()

    def _begin(self) -> None:
        """Make series that are there from the start, so that the first of each is seen."""
        for state in get_args(SourceState):
            self.sources.labels(state).set(0)
            self.health_changes.labels(state)
        for outcome in ("new", "not_modified", "http", "blocked"):
            self.polls.labels("rss", outcome)
        for outcome in ("new", "backfill", "edited", "archive"):
            self.entries.labels(outcome)
        for outcome in ("page", "dead", "again"):
            self.pages.labels(outcome)
        for kind in ("poll", "page", "robots", "websub"):
            self.requests.labels(kind, "200")
            self.received.labels(kind)
        for outcome in ("asked", "not_asked", "leased", "denied", "news", "known", "unreadable", "dropped"):
            self.websub.labels(outcome)
        for outcome in ("taken", "refused", "away", "wrong_source"):
            self.topics.labels(outcome)
        for reason in ("changed", "bare"):
            self.state_writes.labels(reason)
