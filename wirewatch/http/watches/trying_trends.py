"""A watch of trends tried over those of history: of which it would have been told."""

import time

from msgspec import Struct

from agents.archive.places import DAY
from agents.archive.store import Span, Store
from agents.watch.matching.matcher import Matcher
from agents.watch.records import Watch
from agents.watch.trends import trend_matches, unasked
from streams.records import Trend
from wirewatch.http.history.kept import records

#: Most records of trends that are looked at, the newest.
MAX_RECORDS = 2_000
#: Most alerts of which an answer has the trends.
MAX_ALERTS = 20


class CaughtTrends(Struct, kw_only=True):
    """The trends of which a watch would have been told, before its cool-down and limits: how many of how many.

    `complete` is false where there were more records of trends than are looked at. `alerts`: the newest, each as it was then.
    """

    days: float
    trends: int
    told: int
    complete: bool
    alerts: list[Trend]


def caught_trends(watch: Watch, store: Store, days: float) -> CaughtTrends:
    """Return the trends of the last days of a store of which a watch would have been told, each once."""
    matcher = Matcher([watch])
    rows = store.events("trend", None, Span(since=time.time() - days * DAY), MAX_RECORDS)
    there, told = set[str](), dict[str, Trend]()
    for trend in reversed(records(rows, Trend)):
        there.add(trend.id)
        if trend.id not in told and not unasked(watch.record, trend) and trend_matches(matcher, trend)[1]:
            told[trend.id] = trend
    newest = list(told.values())[: -MAX_ALERTS - 1 : -1]
    return CaughtTrends(days=days, trends=len(there), told=len(told), complete=len(rows) < MAX_RECORDS, alerts=newest)
