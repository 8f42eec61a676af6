"""The trends step on its topics: articles with their stories to `news.trends`."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zlib import crc32

import msgspec

from agents.trends.counting import STEP_SECONDS, WHOLE, WINDOW_HOURS, Burst, Stream, sensitivity_of
from agents.trends.metrics import TrendsMetrics
from agents.trends.settings import TrendsSettings
from streams.errors import InvalidRecord
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import StoryArticle, Tagged, Trend, TrendKey, TrendStory, decode
from streams.settings import Settings
from streams.step import Step, TimedSettler
from streams.topics import STORIED, TREND_STATES, TRENDS, KafkaTopic

#: Articles that were older than this when fetched are backfill where nothing says so.
BACKFILL = timedelta(hours=24)
#: How long after a window's end articles of it may still come.
GRACE_SECONDS = 60.0
#: Articles and titles of stories that a trend can name.
MOST_NAMED, MOST_TITLES = 3, 20_000
OBSERVE_EVERY = 256


class TrendsOutcome(StrEnum):
    """Whether an article was counted."""

    COUNTED = "counted"
    BACKFILL = "backfill"
    UNTAGGED = "untagged"


class TrendsSettler(TimedSettler[None, None]):
    """Counts articles by country and topic, and says what bursts."""

    states: Sequence[KafkaTopic] = (TREND_STATES,)
    tick_seconds = 10.0

    def __init__(self, settings: Settings) -> None:
        mine = settings[TrendsSettings]
        self.stream = Stream(mine.min_score, mine.max_keys)
        self._titles: OrderedDict[str, str] = OrderedDict()
        self._articles: dict[str, deque[StoryArticle]] = {}
        self._labels: dict[str, str] = {}
        self._observed = 0

    def settle(self, message: Message, product: None) -> Settlement:
        """Count one article; say what bursts in the windows that ended before it."""
        article = decode(message.value, Tagged)
        if is_backfill(article):
            return Settlement([], TrendsOutcome.BACKFILL)
        keys = self._keys(article)
        fetched = article.fetched_at.timestamp()
        time = min(fetched, message.timestamp) if message.timestamp > 0 else fetched
        story = article.story.id if article.story is not None else ""
        bursts = list(self.stream.add(time, keys, crc32(article.source.encode()), story))
        outputs = [output_of(self._trend(burst)) for burst in bursts]
        self._note(article, keys)
        changed = dict.fromkeys((WHOLE, *(key for key in keys if key in self.stream.rows), *(b.key for b in bursts)))
        return Settlement(outputs, TrendsOutcome.COUNTED if keys else TrendsOutcome.UNTAGGED, self._changes(changed))

    def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
        """Return what bursts in windows that ended although nothing comes after them."""
        late = now.timestamp() - GRACE_SECONDS
        if not partitions or not self.stream.step or late - self.stream.step * STEP_SECONDS > 24 * 3600:
            return Settlement([], TrendsOutcome.COUNTED)
        bursts = list(self.stream.advance(late))
        outputs = [output_of(self._trend(burst)) for burst in bursts]
        return Settlement(outputs, TrendsOutcome.COUNTED, self._changes(burst.key for burst in bursts))

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back what is kept of one key."""
        if value is None:
            return
        try:
            self.stream.restore(key, value)
        except (msgspec.MsgspecError, ValueError) as error:
            raise InvalidRecord("invalid_record", f"{key!r} of {topic.name}: {error}") from error

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count trends, and show how many keys are held."""
        for output in settlement.outputs:
            if isinstance(output.record, Trend):
                metrics[TrendsMetrics].trends.labels(output.record.sensitivity).inc()
        self._observed += 1
        if self._observed % OBSERVE_EVERY == 1:
            metrics.state_entries.labels("trends", TREND_STATES.name).set(len(self.stream))
            metrics.state_bytes.labels("trends", TREND_STATES.name).set(self.stream.size_bytes)

    def _keys(self, article: Tagged) -> list[str]:
        """Return the keys of an article: each country that it is about with each of its top-level topics."""
        names = {region.country: region.name for region in article.regions if region.level == "country"}
        countries = dict.fromkeys(region.country for region in article.regions if region.role == "about")
        topics = {topic.id: topic.label for topic in article.topics if topic.level == 1}
        for country in countries:
            for topic, label in topics.items():
                self._labels.setdefault(f"{country} {topic}", f"{names.get(country, country)}: {label}")
        return [f"{country} {topic}" for country in countries for topic in topics]

    def _note(self, article: Tagged, keys: Iterable[str]) -> None:
        """Remember how to name an article and its story."""
        named = StoryArticle(
            id=article.id,
            fetch_id=article.fetch_id,
            url=article.url,
            title=article.title,
            source=article.source,
            published_at=article.published_at,
            fetched_at=article.fetched_at,
        )
        for key in keys:
            self._articles.setdefault(key, deque(maxlen=MOST_NAMED)).append(named)
        if len(self._articles) > MOST_TITLES:
            del self._articles[next(iter(self._articles))]
        if article.story is not None:
            self._titles.setdefault(article.story.id, article.title)
            if len(self._titles) > MOST_TITLES:
                self._titles.popitem(last=False)

    def _trend(self, burst: Burst) -> Trend:
        country, _, topic = burst.key.partition(" ")
        at = datetime.fromtimestamp(burst.at, UTC)
        stories = [
            TrendStory(id=story, title=self._titles.get(story, ""), articles=many) for story, many in burst.stories
        ]
        return Trend(
            id=f"{country}:{topic}:{int(burst.at)}",
            key=TrendKey(country=country, topic=topic),
            label=self._labels.get(burst.key, burst.key),
            at=at,
            window_hours=WINDOW_HOURS,
            count=burst.articles,
            sources=burst.sources,
            expected=round(burst.expected, 3),
            score=round(burst.score, 3),
            baseline=float(burst.baseline_hours),
            sensitivity=sensitivity_of(burst.score),
            stories=stories,
            articles=list(self._articles.get(burst.key, ())),
            processed_at=datetime.now(UTC),
        )

    def _changes(self, keys: Iterable[str]) -> list[Change]:
        return [Change(TREND_STATES, 0, key, self.stream.kept(key)) for key in keys if key in self.stream.rows]


def is_backfill(article: Tagged) -> bool:
    """Tell whether an article was old when it was fetched: because it says so, or by its own times."""
    if getattr(article, "backfill", None):
        return True
    return article.published_at is not None and article.fetched_at - article.published_at > BACKFILL


def output_of(trend: Trend) -> Output:
    """Return a trend's record for its topic, keyed by what it counts."""
    return Output(TRENDS, f"{trend.key.country}:{trend.key.topic}", trend, trend.id)


TRENDS_STEP = Step(
    name="trends",
    summary="countries and topics of which far more comes in than is usual for them",
    stage="trends",
    takes=(STORIED,),
    gives=(TRENDS,),
    settler=TrendsSettler,
    outcomes=TrendsOutcome,
    metrics=(TrendsMetrics,),
)

STEPS = (TRENDS_STEP,)
