"""Backtest: the same matching and the same decisions over articles of the past."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct, field

from agents.watch.alerts import match_record
from agents.watch.judgement import WatchOutcome
from agents.watch.matching.matcher import Matcher
from agents.watch.records import Watch
from agents.watch.throttle import Throttle
from streams.records import Alert, Tagged

#: Alerts that a backtest shows of each watch.
SAMPLE = 10


class Backtest(Struct, kw_only=True):
    """One watch over the articles.

    `outcomes` counts matches by what became of them (see `WatchOutcome`); `alerts_by_day` by UTC date, days without an alert
    included; `alerts_by_hour` by hour of the day. `sample` holds the first alerts, up to a number.
    """

    watch: str
    articles: int = 0
    matched: int = 0
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


def backtest(
    watches: Iterable[Watch],
    records: Iterable[Tagged],
    *,
    story: Callable[[Tagged], str | None] = lambda _: None,
    sample: int = SAMPLE,
) -> dict[str, Backtest]:
    """Run watches over `records`, in the order in which they were fetched, and return a result for each watch.

    The clock is the articles' own `fetched_at`. An article out of order is taken at the latest time reached.
    """
    matcher, throttle = Matcher(watches), Throttle()
    results = {watch.name: Backtest(watch=watch.name) for watch in matcher}
    days: set[str] = set()
    clock: datetime | None = None
    articles = 0
    for record in records:
        clock = max(clock or record.fetched_at, record.fetched_at)
        articles += 1
        day = clock.date().isoformat()
        if day not in days:
            days.add(day)
            for result in results.values():
                result.alerts_by_day[day] = 0
        for digest in throttle.due((watch.record for watch in matcher), now=clock):
            results[digest.watch].note(digest, sample)
        for match in matcher.match(record):
            result = results[match.watch.name]
            result.matched += 1
            decision = throttle.decide(match_record(match, record, None, story(record)), now=clock)
            result.outcomes[decision.outcome] = result.outcomes.get(decision.outcome, 0) + 1
            if decision.alert and not decision.replay:
                result.note(decision.alert, sample)
    for result in results.values():
        result.articles = articles
    return results
