"""The trends step on its topics: articles with their stories to `news.trends`."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

import msgspec

from agents.trends.counted_fetches import COUNTED, CountedFetches
from agents.trends.counting import TERM, WINDOW_HOURS, Stream, is_term
from agents.trends.forms import Forms, counted_form
from agents.trends.key_state import STEP_SECONDS, WHOLE
from agents.trends.life import Burst
from agents.trends.metrics import TrendsMetrics
from agents.trends.noted import NOTED, NotedArticle, NotedArticles, name_of_article
from agents.trends.settings import TrendsSettings, sensitivity_of
from agents.trends.terms import FirstSaid, Sketch, lower, mark_of, terms_of
from agents.trends.window import Life
from streams.backfill import is_backfill
from streams.errors import InvalidRecord
from streams.ids import fetch_hash
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import StoryArticle, Tagged, Trend, TrendKey, TrendStory, decode
from streams.settings import Settings
from streams.step import Step, TimedSettler
from streams.topics import STORIED, TREND_STATES, TRENDS, KafkaTopic

#: How long after a window's end articles of it may still come.
GRACE_SECONDS = 60.0
#: Articles that a trend names.
MOST_NAMED = 3
#: Keys of which the latest articles are remembered.
MOST_KEYS_NAMED = 5_000
#: Stories of which the title is remembered.
MOST_TITLES = 20_000
OBSERVE_EVERY = 256
#: Terms of an article that are counted: a Chinese title has more pieces.
MOST_COUNTED_TERMS = 24
#: Most countries and topics in which an article counts; it has as many only where somebody else has tagged it.
MOST_COUNTRIES, MOST_TOPICS = 40, 20
#: Names of keys that are counted no more, and of those that there was no room for, are forgotten in one go.
SPARE_LABELS = 5_000


class TrendsOutcome(StrEnum):
    """Whether an article was counted, or was before."""

    COUNTED = "counted"
    BACKFILL = "backfill"
    UNTAGGED = "untagged"
    KNOWN = "known"


class TrendsSettler(TimedSettler[None, None]):
    """Counts articles by country and topic and by their phrases, and reports bursts."""

    states: Sequence[KafkaTopic] = (TREND_STATES,)
    tick_seconds = 10.0

    def __init__(self, settings: Settings) -> None:
        mine = settings[TrendsSettings]
        self.stream = Stream(mine.min_score, mine.max_keys)
        self._titles: OrderedDict[str, str] = OrderedDict()
        self._articles: OrderedDict[str, deque[StoryArticle]] = OrderedDict()
        self._sketch = Sketch()
        self._counted, self._noted = CountedFetches(), NotedArticles()
        self._labels: dict[str, str] = {}
        self._forms = Forms()
        self._latest = self._behind_until = 0.0
        self._has_begun = False
        self._observed = 0

    def settle(self, message: Message, product: None) -> Settlement:
        """Count one article; return the bursts of the windows that ended before it."""
        article = decode(message.value, Tagged)
        if is_backfill(article):
            return Settlement([], TrendsOutcome.BACKFILL)
        fetched = article.fetched_at.timestamp()
        # a clock of before 1970 is wrong, and the state has no such times
        time = max(0.0, min(fetched, message.timestamp) if message.timestamp > 0 else fetched)
        self._latest, fetch = time, fetch_hash(message.fetch_id)
        if fetch in self._counted:
            return Settlement([], TrendsOutcome.KNOWN)
        source, story = mark_of(article.source), article.story.id if article.story is not None else ""
        terms = self._terms(article, source, int(time // STEP_SECONDS))
        keys = [*self._keys(article), *terms]
        bursts = list(self.stream.add(time, keys, source, story, terms))
        outputs = [output_of(self._trend(burst)) for burst in bursts]
        noted = self._note(article, keys, source, int(time // STEP_SECONDS))
        changed = dict.fromkeys((WHOLE, *(key for key in keys if key in self.stream.rows), *(b.key for b in bursts)))
        # the fetch first: of an article whose changes a kill cuts short, some are not counted, and none twice
        changes = [Change(TREND_STATES, 0, *self._counted.add(fetch)), *noted, *self._changes(changed)]
        outcome = TrendsOutcome.COUNTED if keys else TrendsOutcome.UNTAGGED
        return Settlement(outputs, outcome, changes)

    def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
        """Return the bursts of windows that ended although nothing comes after them."""
        late = now.timestamp() - GRACE_SECONDS
        has_begun, self._has_begun = self._has_begun, bool(partitions)
        if 0 < self._latest < late or not has_begun:  # what waited for a worker has not come yet
            self._behind_until = now.timestamp() + GRACE_SECONDS
        self._latest = 0.0
        if now.timestamp() < self._behind_until:  # articles of earlier windows are still coming in
            return Settlement([], TrendsOutcome.COUNTED)
        if not partitions or not self.stream.step or late - self.stream.step * STEP_SECONDS > 24 * 3600:
            return Settlement([], TrendsOutcome.COUNTED)
        if self.stream.come_back(late):
            self._sketch = Sketch()
        bursts = list(self.stream.advance(late))
        outputs = [output_of(self._trend(burst)) for burst in bursts]
        return Settlement(outputs, TrendsOutcome.COUNTED, self._changes(burst.key for burst in bursts))

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back the state of one key, or some of the fetches that were counted."""
        try:
            if key.startswith(COUNTED):
                self._counted.restore(key, value)
            elif key.startswith(NOTED):
                self._restore_noted(key, value)
            elif value is None:
                self.stream.forget(key)
            else:
                kept = self.stream.restore(key, value)
                if kept.label:
                    self._labels[key] = kept.label
                for story, title in kept.titles:
                    self._title(story, title)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise InvalidRecord("invalid_record", f"{key!r} of {topic.name}: {error}") from error

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count trends that are shown, and show how many keys are held."""
        for output in settlement.outputs:
            if isinstance(output.record, Trend) and output.record.state != "over":
                metrics[TrendsMetrics].trends.labels(output.record.sensitivity).inc()
        metrics[TrendsMetrics].refused.inc(self.stream.refused)
        self.stream.refused = 0
        self._observed += 1
        if self._observed % OBSERVE_EVERY == 1:
            metrics.state_entries.labels("trends", TREND_STATES.name).set(len(self.stream))
            metrics.state_bytes.labels("trends", TREND_STATES.name).set(self.stream.size_bytes)

    def _keys(self, article: Tagged) -> list[str]:
        """Return the keys of an article: each country that it is about with each of its top-level topics, or alone."""
        names = {region.country: region.name for region in article.regions if region.level == "country"}
        about = dict.fromkeys(region.country for region in article.regions if region.role == "about")
        countries = list(about)[:MOST_COUNTRIES]
        topics = dict(islice(((topic.id, topic.label) for topic in article.topics if topic.level == 1), MOST_TOPICS))
        if not topics:
            for country in countries:
                self._labels.setdefault(country, names.get(country, country))
            return countries
        for country in countries:
            for topic, label in topics.items():
                self._labels.setdefault(f"{country} {topic}", f"{names.get(country, country)}: {label}")
        return [f"{country} {topic}" for country in countries for topic in topics]

    def _terms(self, article: Tagged, source: int, step: int) -> dict[str, FirstSaid | None]:
        """Return the keys of an article's phrases that are counted, or that another source has said lately: that one first.

        Of an article without a story there are none: nothing would tell one event's phrases from another's.
        """
        if article.story is None:
            return {}
        keys: dict[str, FirstSaid | None] = {}
        language = (article.language or "und").partition("-")[0]
        for term, phrase in terms_of(article.title, article.text, language).items():
            counted = counted_form(term, language)
            key = TERM + counted
            if key not in keys:
                first = self._sketch.first_said(counted, source, step)
                if not (first or key in self.stream.rows) or len(keys) == MOST_COUNTED_TERMS:
                    continue
                keys[key] = first
            known = self._labels.get(key, phrase)
            self._labels[key] = known if counted == term else self._forms.commonest(key, known, phrase)
        return keys

    def _note(self, article: Tagged, keys: Sequence[str], source: int, step: int) -> list[Change]:
        """Remember how to name an article and its story; return the change that keeps it, and what it said first."""
        name, buckets = name_of_article(article), self._sketch.take_noted()
        noted = NotedArticle(0, self._sketch.half, step, source, buckets, list(dict.fromkeys(keys)), name)
        self._name(noted)
        if article.story is not None:
            self._title(article.story.id, article.title)
        kept = self._noted.add(noted) if keys or buckets else None
        return [Change(TREND_STATES, 0, *kept)] if kept is not None else []

    def _restore_noted(self, key: str, value: bytes | None) -> None:
        """Take back what one article said first, and its name."""
        if value is not None:
            noted = self._noted.restore(key, value)
            self._sketch.restore(noted.half, noted.buckets, noted.source, noted.step)
            self._name(noted)

    def _name(self, noted: NotedArticle) -> None:
        """Let the trends of an article's keys name it."""
        article = noted.article
        for key in noted.keys:
            self._articles.setdefault(key, deque(maxlen=MOST_NAMED)).append(article)
            self._articles.move_to_end(key)
        while len(self._articles) > MOST_KEYS_NAMED:
            self._articles.popitem(last=False)

    def _title(self, story: str, title: str) -> None:
        """Remember the first title of a story that is not empty."""
        if title:
            self._titles.setdefault(story, title)
        if len(self._titles) > MOST_TITLES:
            self._titles.popitem(last=False)

    def _trend(self, burst: Burst) -> Trend:
        label = self._labels.get(burst.key, burst.key.removeprefix(TERM))
        key = TrendKey(term=lower(label)) if is_term(burst.key) else trend_key(burst.key)
        forms = dict.fromkeys(map(lower, self._forms.others(burst.key, label)))
        at = datetime.fromtimestamp(burst.at, UTC)
        stories = [
            TrendStory(id=story, title=self._titles.get(story, ""), articles=many) for story, many in burst.stories
        ]
        # by the counted form: after a restart the same burst may be named by another one
        name = burst.key.removeprefix(TERM) if is_term(burst.key) else name_of(key)
        life = burst.life or Life(burst.at, burst.articles, burst.score)
        return Trend(
            id=f"{name}:{int(life.begun)}",
            key=key,
            label=label,
            at=at,
            window_hours=WINDOW_HOURS,
            count=burst.articles,
            sources=burst.sources,
            expected=round(burst.expected, 3),
            score=round(burst.score, 3),
            baseline=float(burst.baseline_hours),
            sensitivity=sensitivity_of(life.score if burst.state == "over" else burst.score),
            state=burst.state,
            begun_at=datetime.fromtimestamp(life.begun, UTC),
            peak_count=life.articles,
            peak_score=round(life.score, 3),
            stories=stories,
            articles=list(self._articles.get(burst.key, ())),
            forms=[form for form in forms if form != key.term],  # a title in capitals has the same in others
            processed_at=datetime.now(UTC),
        )

    def _changes(self, keys: Iterable[str]) -> list[Change]:
        """Return the changes that keep some keys, and forget those that are counted no more."""
        dropped, self.stream.dropped = self.stream.dropped, []
        for key in dropped:
            self._labels.pop(key, None)
            self._forms.forget(key)
        if len(self._labels) > len(self.stream.rows) + SPARE_LABELS:
            self._labels = {key: label for key, label in self._labels.items() if key in self.stream.rows}
            self._forms.keep(self.stream.rows)
        gone = [Change(TREND_STATES, 0, key, None) for key in dropped if key not in self.stream.rows]
        return gone + [
            Change(TREND_STATES, 0, key, self.stream.kept(key, self._labels.get(key, ""), self._titles))
            for key in keys
            if key in self.stream.rows
        ]


def output_of(trend: Trend) -> Output:
    """Return a trend's record for its topic, keyed by its subject: the trend and its time name the event."""
    subject = trend.id.rpartition(":")[0]
    return Output(TRENDS, name_of(trend.key), trend, f"{subject}:{int(trend.at.timestamp())}")


def trend_key(key: str) -> TrendKey:
    """Return the country and topic that a key stands for; the topic is empty in a country's articles without one."""
    country, _, topic = key.partition(" ")
    return TrendKey(country=country, topic=topic)


def name_of(key: TrendKey) -> str:
    """Return the name of a subject: `VE:medtop:11000000`, or the term."""
    return f"{key.country}:{key.topic}" if key.term is None else key.term


TRENDS_STEP = Step(
    name="trends",
    summary="countries and topics, and phrases, of which far more comes in than is usual for them",
    stage="trends",
    takes=(STORIED,),
    gives=(TRENDS,),
    settler=TrendsSettler,
    outcomes=TrendsOutcome,
    outputs_first=True,
    metrics=(TrendsMetrics,),
)

STEPS = (TRENDS_STEP,)
