"""The answers of the watches' desk, each a type with a JSON Schema: openapi.py writes them into the OpenAPI document."""

from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from streams.records import HeldBack, WatchRecord
from wirewatch.http.history.answers import Problem
from wirewatch.http.watches.trying import WatchFault


class InForce(Struct, kw_only=True):
    """A watch in force, with the count that it held back since its last alert, and the alerts that this worker has of it.

    `search`: the query by which history finds its articles, those that count for a trend in its place.
    `muted_until`: it raises nothing until then, since somebody said so; null where it is not muted.
    """

    record: WatchRecord
    tried_share: float | None
    search: str
    held_back: list[HeldBack]
    alerts: int
    last_raised_at: str | None
    muted_until: datetime | None = None


class WatchesAnswer(Struct, kw_only=True):
    """The watches in force, of `count`; `wrong` has the error of each record on Kafka that is no watch, by name.

    `receivers` are those of this worker's settings; `may_write` says whether its settings have a `page.write_token`.
    """

    watches: list[InForce]
    count: int
    wrong: dict[str, str]
    receivers: list[str]
    may_write: bool


class WatchChange(Struct, kw_only=True):
    """The outcome of a request that puts a watch in force or takes it out of force."""

    name: str
    outcome: Literal["new", "changed", "unchanged", "removed"]


class MutesAnswer(Struct, kw_only=True):
    """The watches that are muted now, each with the moment at which it ends; `may_write` as in WatchesAnswer."""

    muted: dict[str, datetime]
    may_write: bool


class MuteChange(Struct, kw_only=True):
    """The moment until which a watch is muted; null where its mute was ended."""

    name: str
    muted_until: datetime | None


class WatchProblem(Problem, kw_only=True):
    """The reason why a watch was not put in force, with the faults of the watch where it has some."""

    faults: list[WatchFault] = field(default_factory=list)


class ReceiverTest(Struct, kw_only=True):
    """The outcome of a test message; `error` says why it was not delivered."""

    receiver: str
    delivered: bool
    error: str | None
