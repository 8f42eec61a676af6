"""Metrics of the stories step."""

from typing import get_args

from prometheus_client import CollectorRegistry, Counter

from streams.metrics import LabelledMetric
from streams.records import StoryEvent


class StoriesMetrics:
    """Events of stories, and their number."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.events = LabelledMetric(
            Counter(
                "wirewatch_story_events",
                "What happened to stories: new, grown, related, merged, ended",
                ["event"],
                registry=registry,
            )
        )
        for event in get_args(StoryEvent):
            self.events.labels(event)
