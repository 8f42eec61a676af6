"""Backtest: the same matching and the same decisions over articles and trends of the past."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct, field

from agents.watch.alerts import match_record
from agents.watch.judgement import WatchOutcome
from agents.watch.matching.matcher import Matcher
from agents.watch.records import MatchRecord, Watch
from agents.watch.stories import Stories, StoryNews
from agents.watch.throttle import STORY_KNOWN_AFTER, Decision, Throttle
from agents.watch.trends import trend_matches, unasked
from streams.records import Alert, StoryEvent, Tagged, Time, Trend, read_value

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
        self.stories = Stories()
        self.matcher, self.throttle = Matcher(watches), Throttle(self.stories)
        self.results = {watch.name: Backtest(watch=watch.name) for watch in self.matcher}
        self._sample = sample
        self._clock: datetime | None = None
        self._days: set[str] = set()
        self._trends: set[str] = set()
        self._told: set[tuple[str, str]] = set()
        self._articles = 0

    def advance(self, at: datetime) -> datetime:
        """Set the clock to a record's time, if that is later; raise what is due by then or has waited long enough; return it."""
        self._clock = now = max(self._clock or at, at)
        day = now.date().isoformat()
        if day not in self._days:
            self._days.add(day)
            for result in self.results.values():
                result.alerts_by_day[day] = 0
        for digest in self.throttle.due((watch.record for watch in self.matcher), now=now):
            self.results[digest.watch].note(digest, self._sample)
        self._decide_waiting(now)
        return now

    def take_article(self, tagged: Tagged, story: str | None) -> None:
        """Decide on the matches of an article."""
        self._articles += 1
        now = self.advance(tagged.fetched_at)
        for match in self.matcher.match(tagged):
            self.results[match.watch.name].matched += 1
            self._decide(match_record(match, tagged, None, story), now)

    def take_trend(self, trend: Trend) -> None:
        """Decide on the matches of a record of a trend: those of the watches that ask for such a trend."""
        self._trends.add(trend.id)
        now = self.advance(trend.at)
        article, matches = trend_matches(self.matcher, trend)
        for match in matches:
            name = match.watch.name
            if unasked(match.watch.record, trend):
                continue
            self.results[name].trends_matched += (name, trend.id) not in self._told
            self._told.add((name, trend.id))
            self._decide(match_record(match, article.record, trend=True), now)

    def take_story(self, news: "PastStory", at: datetime) -> None:
        """Note what became of a story at a time, and decide on what has waited for it."""
        self.stories.note(news)
        self.advance(at)

    def _decide(self, match: MatchRecord, now: datetime) -> None:
        self._note(match.watch.name, self.throttle.decide(match, now=now))

    def _decide_waiting(self, now: datetime) -> None:
        for name, decision in self.throttle.decide_waiting(now=now):
            outcomes = self.results[name].outcomes
            outcomes[WatchOutcome.WAITING] -= 1
            if not outcomes[WatchOutcome.WAITING]:
                del outcomes[WatchOutcome.WAITING]
            self._note(name, decision)

    def _note(self, name: str, decision: Decision) -> None:
        result = self.results[name]
        result.outcomes[decision.outcome] = result.outcomes.get(decision.outcome, 0) + 1
        if decision.alert and not decision.replay:
            result.note(decision.alert, self._sample)

    def end(self) -> dict[str, Backtest]:
        """Return the results, which have the numbers of all articles and trends; what waits for a story waits in vain."""
        if self._clock is not None:
            self._decide_waiting(self._clock + STORY_KNOWN_AFTER)
        for result in self.results.values():
            result.articles, result.trends = self._articles, len(self._trends)
        return self.results


class PastStory(StoryNews, kw_only=True):
    """The part of a story's record that a backtest needs."""

    event: StoryEvent
    last_seen_at: Time


stories_decoder = msgspec.json.Decoder(PastStory)

Past = Tagged | Trend | PastStory


def past_story(value: bytes) -> PastStory:
    """Return the part of a record of `news.stories` that a backtest needs. Raises `InvalidRecord`."""
    return read_value(stories_decoder, value, "no story")


def story_in_record(tagged: Tagged) -> str | None:
    """Return the story that an article's record names, as `wirewatch apply stories` writes it."""
    return tagged.story.id if tagged.story else None


def backtest(
    watches: Iterable[Watch],
    records: Iterable[Past],
    *,
    story: Callable[[Tagged], str | None] = story_in_record,
    sample: int = SAMPLE,
) -> dict[str, Backtest]:
    """Run watches over `records`, in the order of `by_time`, and return a result for each watch.

    The clock is the articles' own `fetched_at` and the trends' `at`. A record out of order is taken at the latest time reached.
    """
    replay = Replay(watches, sample)
    for at, record in timed(records):
        if isinstance(record, Trend):
            replay.take_trend(record)
        elif isinstance(record, PastStory):
            replay.take_story(record, at)
        else:
            replay.take_article(record, story(record))
    return replay.end()


def timed(records: Iterable[Past]) -> Iterator[tuple[datetime, Past]]:
    """Yield records with their times: of a story's record that of the article that it came with, of several texts in turn."""
    fetched: defaultdict[str, deque[datetime]] = defaultdict(deque)
    for record in records:
        if isinstance(record, Trend):
            yield record.at, record
        elif isinstance(record, PastStory):
            cause = record.article.id if record.article and record.event in ("new", "grown") else ""
            yield fetched[cause].popleft() if fetched.get(cause) else record.last_seen_at, record
        else:
            fetched[record.id].append(record.fetched_at)
            yield record.fetched_at, record


def by_time(records: Iterable[Past]) -> list[Past]:
    """Return articles, and behind them stories and trends, in the order in which they were fetched, changed or shown."""
    articles_first = sorted(records, key=lambda record: not isinstance(record, Tagged))
    return [record for _, record in sorted(timed(articles_first), key=lambda each: each[0])]
