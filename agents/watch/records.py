"""Records of the watch steps alone: a watch with its query read, a match on its way, and the state of a watch."""

from typing import Literal

from msgspec import Struct, field

from agents.watch.language.query import Query
from streams.records import AlertArticle, AlertItem, BurstCount, Evidence, HeldBack, Record, Time, WatchRecord

#: What a watch may count as one (`each`) that its story tells.
BY_STORY = ("story", "event")

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Watch(Struct, frozen=True, gc=False):
    """A watch in force: its record, and its query read."""

    record: WatchRecord
    query: Query

    @property
    def name(self) -> str:
        """Return the watch's name."""
        return self.record.name


class MatchRecord(Record, kw_only=True):
    """An article that a watch matches, on its way to the decision; `watch` is as it was when it matched.

    `fetch` names the fetch of the article, `group` its near-duplicates' original, `story` its story, where known.
    `trend`: the article stands for a trend.
    """

    schema: Literal["wirewatch.matched.v1"] = "wirewatch.matched.v1"
    watch: WatchRecord
    article: AlertArticle
    spans: list[Evidence] = field(default_factory=list)
    fetch: str
    group: str | None = None
    story: str | None = None
    trend: bool = False


class PastDecision(Struct, kw_only=True, array_like=True, omit_defaults=True, gc=False):
    """Decision on one fetch of an article, kept so that a replay repeats it; `burst_id` where it is a burst's."""

    outcome: str
    at: Time
    suppressed: int = 0
    burst_id: str = ""
    burst: BurstCount | None = None
    held_back: list[HeldBack] = []
    story: str | None = None


class WaitingMatch(Struct, kw_only=True, array_like=True, omit_defaults=True):
    """A match that is decided once its story is known, or large enough for the watch; `match` is the record's bytes."""

    since: Time
    match: bytes
    story: str | None = None


class RaisedOn(Struct, kw_only=True, array_like=True, omit_defaults=True):
    """The article of an alert and its story, where that was known, by which later matches are cooled down."""

    at: Time
    article: str
    story: str | None = None


class WatchState(Struct, kw_only=True, omit_defaults=True):
    """Memory of a watch: one entry on a compacted topic, keyed by the watch's name.

    `decided` by the first half of the digest of a fetch, `raised` by alert id, both as bytes and the newest only.
    `raised_at`: alerts of the last hour. `held`: items of the digest after quiet hours. `held_back`: the latest of the
    `suppressed` matches that raised nothing since the last alert. `counts`: matches by the second at which their burst
    slot begins, since `since`. `waiting`: matches whose story is not known or not large enough. `raised_on`: the latest
    alerts' articles and stories. `partition`: of the matches, and so of this state.
    """

    partition: int = 0
    decided: dict[bytes, PastDecision] = field(default_factory=dict)
    raised: dict[bytes, None] = field(default_factory=dict)
    raised_at: list[Time] = field(default_factory=list)
    last_raised_at: Time | None = None
    suppressed: int = 0
    held: list[AlertItem] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)
    waiting: list[WaitingMatch] = field(default_factory=list)
    raised_on: list[RaisedOn] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    since: Time | None = None


def seconds(duration: str) -> int:
    """Return a duration such as `30m` in seconds."""
    return int(duration[:-1]) * SECONDS[duration[-1]]
