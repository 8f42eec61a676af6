"""Metrics of the stories step."""

from prometheus_client import CollectorRegistry, Counter


class StoriesMetrics:
    """What happens to stories."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.events = Counter(
            "wirewatch_story_events",
            "What happened to stories: new, grown, related, merged, ended",
            ["event"],
            registry=registry,
        )
