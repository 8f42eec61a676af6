"""One watch tried over history: its faults with their places, doubts, its cost, the alerts it would have raised."""

import time
from collections import Counter
from collections.abc import Iterable
from itertools import islice

import orjson
from msgspec import Struct

from agents.archive.entries import unpacked
from agents.archive.places import DAY
from agents.archive.store import Span, Store
from agents.watch.backtest import Backtest, Past, PastStory, backtest, by_time, past_story
from agents.watch.errors import WatchError
from agents.watch.files import read_record
from agents.watch.language.anchors import cheapest, entries, expected_cost
from agents.watch.language.query import Query, names_trend, story_conditions
from agents.watch.lint import lint
from agents.watch.matching.article import SearchableArticle
from agents.watch.records import Watch
from streams.records import Alert, Tagged, decode
from streams.settings import Settings
from wirewatch.history.search import Search
from wirewatch.history.time_limit import timed
from wirewatch.http.watches.trying_trends import CaughtTrends, caught_trends
from wirewatch.watches.checking import trends_asked_for, trends_not_shown

#: Articles that match of which the alerts are decided, the newest ones, and those of the sample in which doubts are looked for.
MAX_MATCHES, SAMPLE = 1_000, 150
#: Alerts that the answer has.
SHOWN = 10
#: Records of their stories that are read for a watch that asks for a size: a story has one with each of its articles.
MAX_STORY_RECORDS = 5_000
#: Said where no history is kept, which holds the trends as well as the articles.
UNTRIED = "It asks for trends, which are on news.trends and are no articles: that part of it is not tried here"


class WatchFault(Struct, frozen=True):
    """A fault: the line and column in the query (1 and 1 where it is not in the query), the message, and a hint or ""."""

    line: int
    column: int
    message: str
    hint: str


class Caught(Struct, kw_only=True):
    """The alerts that a watch would have raised: of how many articles how many match, and their outcomes.

    `outcomes` are those of the docs on watches (raised, cool_down, repeat …); `alerts_by_day` has the days with a match.
    `complete` is false where more match than are decided on, or their stories have more records. `alerts` are the newest.
    """

    days: float
    articles: int
    matched: int
    complete: bool
    outcomes: dict[str, int]
    alerts_by_day: dict[str, int]
    alerts: list[Alert]


class TryAnswer(Struct, kw_only=True):
    """A watch that is tried.

    `faults`: nothing else is known while there are any. `findings`: doubts. `notes`: no doubts, as from which score on it is
    told of trends. `tried_share`: the share of all articles that is expected to be tried against its whole query, the rest is
    passed over by its rarest word. `caught` is None where no history is kept, and `trends` there, too, and for a watch that
    asks for none.
    """

    faults: list[WatchFault] = []
    findings: list[str] = []
    notes: list[str] = []
    tried_share: float | None = None
    caught: Caught | None = None
    trends: CaughtTrends | None = None


def faults_of(record: dict[str, object]) -> tuple[Watch | None, list[WatchFault]]:
    """Return the watch of a record, or its faults."""
    try:
        return read_record(orjson.dumps(record)), []
    except WatchError as error:
        return None, [WatchFault(fault.line, fault.column, fault.message, fault.hint) for fault in error.faults]


def tried(record: dict[str, object], store: Store | None, days: float, settings: Settings) -> TryAnswer:
    """Try a watch over the last days of a store; the settings are those by which trends are shown."""
    watch, faults = faults_of(record)
    if watch is None:
        return TryAnswer(faults=faults)
    sample = list(islice(store.candidates((), Span()), SAMPLE)) if store is not None else []
    findings = lint(watch, [SearchableArticle(decode(unpacked(row.record), Tagged)) for row in sample])
    of_trends = names_trend(watch.query)
    doubts = [
        UNTRIED if of_trends and store is None else "",
        trends_not_shown(watch, settings),
        *map(str, findings),
    ]
    return TryAnswer(
        findings=list(filter(None, doubts)),
        notes=list(filter(None, [trends_asked_for(watch, settings)])),
        tried_share=tried_share(watch.query),
        caught=caught(watch, store, days) if store is not None else None,
        trends=caught_trends(watch, store, days) if store is not None and of_trends else None,
    )


def tried_share(query: Query) -> float:
    """Return the share of articles that is expected to be tried against the whole query."""
    return min(1.0, sum(expected_cost(cheapest(entry)) for entry in entries(query)))


def caught(watch: Watch, store: Store, days: float) -> Caught:
    """Return the alerts that a watch would have raised in the last days, decided as on a worker."""
    span = Span(since=time.time() - days * DAY)
    page = Search(store, watch.record.query).newest(span, MAX_MATCHES)
    hits = sorted(page.hits, key=lambda hit: hit.article.fetched_at)
    stories = {hit.article.fetch_id: hit.row.story or None for hit in hits}
    past, all_read = stories_of(watch, store, filter(None, stories.values()))
    records: list[Past] = by_time([*(hit.article for hit in hits), *past])
    result: Backtest = backtest(
        [watch], timed(records), story=lambda tagged: None if past else stories[tagged.fetch_id], sample=MAX_MATCHES
    )[watch.name]
    by_day = Counter({day: count for day, count in result.alerts_by_day.items() if count})
    return Caught(
        days=days,
        articles=store.days((), span).total(),
        matched=result.matched,
        complete=page.complete and page.before is None and all_read,
        outcomes={str(outcome): count for outcome, count in result.outcomes.items()},
        alerts_by_day=dict(sorted(by_day.items())),
        alerts=result.sample[-SHOWN:][::-1],
    )


def stories_of(watch: Watch, store: Store, ids: Iterable[str]) -> tuple[list[PastStory], bool]:
    """Return what became of stories, for a watch that asks how large they are, and whether that is all that is kept."""
    if not story_conditions(watch.query):
        return [], True
    rows = store.events_of("story", list(dict.fromkeys(ids)), MAX_STORY_RECORDS)
    return [past_story(unpacked(row.record)) for row in timed(reversed(rows))], len(rows) < MAX_STORY_RECORDS
