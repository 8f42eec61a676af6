"""Backtest: the same matching and the same decisions over articles and trends of the past."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct, field

from agents.watch.alerts import match_record
from agents.watch.judgement import WatchOutcome
from agents.watch.matching.matcher import Matcher
from agents.watch.records import MatchRecord, Watch
from agents.watch.throttle import Throttle
from agents.watch.trends import trend_matches, unasked
from streams.records import Alert, Tagged, Trend

#: Alerts that a backtest shows of each watch.
SAMPLE = 10


class Backtest(Struct, kw_only=True):
    """One watch over the articles and trends.

    `outcomes` counts matches by what became of them (see `WatchOutcome`), `alerts_by_day` alerts by UTC date, days without one
    included, `alerts_by_hour` those by hour of the day. `sample` holds the first alerts, up to a number. A trend counts once
    in `trends`, and in `trends_matched` where the watch is told of one of its records.
    """

    watch: str
    articles: int = 0
    matched: int = 0
    trends: int = 0
    trends_matched: int = 0
    alerts: int = 0
    outcomes: dict[WatchOutcome, int] = field(default_factory=dict)
    alerts_by_day: dict[str, int] = field(default_factory=dict)
    alerts_by_hour: list[int] = field(default_factory=lambda: [0] * 24)
    sample: list[Alert] = field(default_factory=list)

    @property
    def held_back_by_cool_down(self) -> int:
        """Return how many alerts cool-down kept back."""
        return self.outcomes.get(WatchOutcome.COOL_DOWN, 0)

    @property
    def alerts_per_day(self) -> float:
        """Return the mean of alerts a day."""
        return self.alerts / max(len(self.alerts_by_day), 1)

    def note(self, alert: Alert, sample: int) -> None:
        """Count an alert and keep it if it is among the first."""
        self.alerts += 1
        self.alerts_by_day[alert.raised_at.date().isoformat()] += 1
        self.alerts_by_hour[alert.raised_at.hour] += 1
        if len(self.sample) < sample:
            self.sample.append(alert)


class Replay:
    """Watches in the midst of a backtest: their results so far, and the clock, which is that of the records."""

    def __init__(self, watches: Iterable[Watch], sample: int) -> None:
        self.matcher, self.throttle = Matcher(watches), Throttle()
        self.results = {watch.name: Backtest(watch=watch.name) for watch in self.matcher}
        self._sample = sample
        self._clock: datetime | None = None
        self._days: set[str] = set()
        self._trends: set[str] = set()
        self._told: set[tuple[str, str]] = set()
        self._articles = 0

    def advance(self, at: datetime) -> None:
        """Set the clock to a record's time, if that is later, and raise the digests that are due by then."""
        self._clock = now = max(self._clock or at, at)
        day = now.date().isoformat()
        if day not in self._days:
            self._days.add(day)
            for result in self.results.values():
                result.alerts_by_day[day] = 0
        for digest in self.throttle.due((watch.record for watch in self.matcher), now=now):
            self.results[digest.watch].note(digest, self._sample)

    def take_article(self, tagged: Tagged, story: str | None) -> None:
        """Decide on the matches of an article."""
        self._articles += 1
        self.advance(tagged.fetched_at)
        for match in self.matcher.match(tagged):
            self.results[match.watch.name].matched += 1
            self._decide(match_record(match, tagged, None, story))

    def take_trend(self, trend: Trend) -> None:
        """Decide on the matches of a record of a trend: those of the watches that ask for such a trend."""
        self._trends.add(trend.id)
        self.advance(trend.at)
        article, matches = trend_matches(self.matcher, trend)
        for match in matches:
            name = match.watch.name
            if unasked(match.watch.record, trend):
                continue
            self.results[name].trends_matched += (name, trend.id) not in self._told
            self._told.add((name, trend.id))
            self._decide(match_record(match, article.record, trend=True))

    def _decide(self, match: MatchRecord) -> None:
        assert self._clock is not None  # each record sets it before its matches are decided on
        decision = self.throttle.decide(match, now=self._clock)
        result = self.results[match.watch.name]
        result.outcomes[decision.outcome] = result.outcomes.get(decision.outcome, 0) + 1
        if decision.alert and not decision.replay:
            result.note(decision.alert, self._sample)

    def end(self) -> dict[str, Backtest]:
        """Return the results, which have the numbers of all articles and trends."""
        for result in self.results.values():
            result.articles, result.trends = self._articles, len(self._trends)
        return self.results


def backtest(
    watches: Iterable[Watch],
    records: Iterable[Tagged | Trend],
    *,
    story: Callable[[Tagged], str | None] = lambda _: None,
    sample: int = SAMPLE,
) -> dict[str, Backtest]:
    """Run watches over `records`, in the order in which they were fetched or shown, and return a result for each watch.

    The clock is the articles' own `fetched_at` and the trends' `at`. A record out of order is taken at the latest time reached.
    """
    replay = Replay(watches, sample)
    for record in records:
        if isinstance(record, Trend):
            replay.take_trend(record)
        else:
            replay.take_article(record, story(record))
    return replay.end()


def by_time(records: Iterable[Tagged | Trend]) -> list[Tagged | Trend]:
    """Return articles and trends in the order in which they were fetched or shown."""
    return sorted(records, key=lambda record: record.at if isinstance(record, Trend) else record.fetched_at)
