"""The answers of probes, of the list of feeds, and of pushes, each a type with a JSON Schema for the OpenAPI document."""

from msgspec import UNSET, Struct, UnsetType

from streams.records import Severity


class LiveAnswer(Struct, kw_only=True):
    """The worker runs: `live` is true, and `failure`, which is kept for older readers, null."""

    live: bool
    failure: str | None


class StepReady(Struct, kw_only=True):
    """Whether a step has joined its group, and the number of messages that wait for it."""

    joined: bool
    lag: int


class ReadyAnswer(Struct, kw_only=True):
    """Whether every step has joined its group and recovered its state."""

    ready: bool
    kafka: bool
    steps: dict[str, StepReady]
    failures: dict[str, str]
    warnings: dict[str, str]


class FeedLinks(Struct, kw_only=True):
    """The addresses of a watch's feeds."""

    rss: str
    atom: str
    events: str


class LatestAlert(Struct, kw_only=True):
    """The latest alert of a watch."""

    id: str
    raised_at: str


class WatchFeed(Struct, kw_only=True):
    """A watch with its feeds, and the number of alerts that this worker has of it."""

    name: str
    severity: Severity | None
    in_force: bool
    alerts: int
    latest: LatestAlert | None
    links: FeedLinks


class FeedList(Struct, kw_only=True):
    """The watches with their feeds; `waits_for`: the hindrance of alerts, null while there is none."""

    watches: list[WatchFeed]
    waits_for: str | None
    links: FeedLinks


class Pushed(Struct, kw_only=True):
    """A pushed record that is on Kafka, with its line and its ids."""

    line: int
    id: str
    fetch_id: str


class PushFault(Struct, kw_only=True):
    """A line that is no record, and why."""

    line: int
    reason: str
    error: str


class PushAnswer(Struct, kw_only=True):
    """The outcome of a push, record by record; where nothing could be pushed at all, `error` alone says why."""

    taken: list[Pushed] | UnsetType = UNSET
    refused: list[PushFault] | UnsetType = UNSET
    error: str | UnsetType = UNSET
