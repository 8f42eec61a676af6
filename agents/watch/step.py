"""The watch steps on their topics: `match`, on many workers, and `watch`, which decides for each watch in one place.

`match` has every watch in force and tries each tagged article against them; what matches goes to `wirewatch.matches`
under the watch's name, so that all matches of one watch come to one decider whatever the number of workers. `watch`
decides (see `agents.watch.throttle`) and writes `news.alerts`. A match carries the watch as it was when it matched: the
decider never has to wait for a change of the watch to reach it.
"""

import logging
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from agents.watch.alerts import match_record
from agents.watch.errors import WatchError
from agents.watch.files import MAX_NAME, read_record
from agents.watch.judgement import WatchOutcome
from agents.watch.matching.article import SearchableArticle
from agents.watch.matching.matcher import Match, Matcher
from agents.watch.metrics import WatchMetrics
from agents.watch.mutes import Mutes
from agents.watch.originals import Originals, extends
from agents.watch.records import MatchRecord, Watch
from agents.watch.settings import WatchSettings
from agents.watch.stories import Stories
from agents.watch.throttle import Decision, Throttle
from agents.watch.trends import trend_matches, unasked
from streams.errors import Refused
from streams.events import routing_headers
from streams.message import Change, Message, Output, Settlement
from streams.metrics import Metrics
from streams.records import Alert, Tagged, Trend, WatchRecord, decode, encode
from streams.settings import Settings
from streams.step import Step, ThreadSettler, TimedSettler
from streams.topics import ALERTS, DUPLICATES, MATCHES, STORIES, TAGGED, TRENDS, WATCH_STATES, WATCHES, KafkaTopic

logger = logging.getLogger("wirewatch.watch")

#: Bytes of a match besides its watch: a watch keeps up to 200 in quiet hours, in one state.
MAX_KEPT_BYTES = 32 * 1024
#: Names of watches that are refused or gone, the latest, that are remembered.
MAX_NAMES = 10_000
#: Characters of a reason in the log.
MAX_REASON = 500

json_encoder = msgspec.json.Encoder()


class Hit(NamedTuple):
    """A match as it is written: the watch's name, and the record."""

    watch: str
    record: bytes


class MatchedArticle(NamedTuple):
    """The matches of an article; whether only its beginning was looked at, and how many watches were given up on it.

    `is_asked`: watches were asked about it, which they are not about a copy without new facts.
    """

    hits: list[Hit]
    is_cut: bool = False
    unfinished: int = 0
    is_asked: bool = True


def matched_article(article: SearchableArticle, matches: list[Match], *, trend: bool = False) -> MatchedArticle:
    """Return the matches of an article as they are written."""
    tagged = article.record
    story = tagged.story.id if tagged.story else None
    hits = [Hit(match.watch.name, encode(match_record(match, tagged, story=story, trend=trend))) for match in matches]
    return MatchedArticle(hits, article.is_cut, len(article.unfinished))


class MatchOutcome(StrEnum):
    """Whether any watch matches an article or trend; `duplicate` is a copy without new facts, which none is asked about."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    DUPLICATE = "duplicate"


class MatchSettler(ThreadSettler[tuple[str, bytes], MatchedArticle]):
    """Finds the watches that an article matches, among all in force."""

    follows: Sequence[KafkaTopic] = (WATCHES,)

    def __init__(self, settings: Settings) -> None:
        self._matcher = Matcher()
        self._changes: deque[tuple[str, bytes | None]] = deque()
        self._refused: dict[str, None] = {}
        self._receivers = settings.names("receivers")
        self._originals = Originals()
        self._cut = self._unfinished = 0

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Note a change of a watch; reading its query takes a third of a millisecond, so that is done in the thread."""
        self._changes.append((key, value))

    def absorb(self) -> None:
        """Put noted changes into force. A watch that is wrong is refused, and the one in force before stays."""
        while self._changes:
            name, value = self._changes.popleft()
            if value is None:
                self._matcher.discard(name)
                self._refused.pop(name[:MAX_NAME], None)
                continue
            watch = self._read(name, value)
            if watch is None:
                note(self._refused, name[:MAX_NAME])
                continue
            self._matcher.put(watch)
            self._refused.pop(name[:MAX_NAME], None)
            unknown = [receiver for receiver in watch.record.receivers if receiver not in self._receivers]
            if unknown and self._receivers:
                said = "; its alerts to them die until the settings have them"
                logger.warning("watch %s: no receiver here is called %s%s", name, ", ".join(unknown), said)

    def report(self, metrics: Metrics) -> None:
        """Show how many watches are in force, and how many are refused."""
        metrics[WatchMetrics].watches.labels("in_force").set(len(self._matcher))
        metrics[WatchMetrics].watches.labels("refused").set(len(self._refused))

    def task(self, message: Message) -> tuple[str, bytes]:
        """Return the topic, by which the value is read, and the value."""
        return message.topic, message.value

    def compute(self, task: tuple[str, bytes]) -> MatchedArticle:
        """Return the matches of one article, extended copy or trend."""
        topic, value = task
        self.absorb()
        if topic == TRENDS.name:
            trend = decode(value, Trend)
            article, matches = trend_matches(self._matcher, trend)
            told = [match for match in matches if not unasked(match.watch.record, trend)]
            return matched_article(article, told, trend=True)
        if topic == DUPLICATES.name:
            duplicate = extends(value)
            if duplicate is None:
                return MatchedArticle([], is_asked=False)
            article = SearchableArticle(self._originals.extended(duplicate))
            return matched_article(article, self._matcher.match_article(article))
        if not len(self._matcher):
            return MatchedArticle([])
        article = SearchableArticle(decode(value, Tagged))
        self._originals.note(article.record)
        return matched_article(article, self._matcher.match_article(article))

    def settle(self, message: Message, product: MatchedArticle) -> Settlement:
        """Return the matches, each under its watch's name."""
        self._cut += product.is_cut
        self._unfinished += product.unfinished
        outputs = [Output(MATCHES, hit.watch, hit.record, f"{message.fetch_id}:{hit.watch}") for hit in product.hits]
        unmatched = MatchOutcome.UNMATCHED if product.is_asked else MatchOutcome.DUPLICATE
        return Settlement(outputs, MatchOutcome.MATCHED if outputs else unmatched)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count articles and watches that were matched in part."""
        if self._cut or self._unfinished:
            metrics[WatchMetrics].bounded.labels("article").inc(self._cut)
            metrics[WatchMetrics].bounded.labels("watch").inc(self._unfinished)
            self._cut = self._unfinished = 0

    def _read(self, name: str, value: bytes) -> Watch | None:
        """Return a watch; None, and say why, for one that is wrong."""
        try:
            watch = read_record(value, f"{WATCHES.name}, key {name[:MAX_NAME]}")
        except WatchError as error:
            kept = "; the one in force before stays" if self._matcher.get(name) else ""
            self._say(name, f"{kept}: {'; '.join(str(error).splitlines())}")
            return None
        except Exception as error:  # noqa: BLE001 - the state contract: one watch never stops the others
            self._say(name, f": {type(error).__name__}: {error}", error)
            return None
        if watch.name != name:
            self._say(name, f": its record has the name {watch.name[:MAX_NAME]}")
            return None
        return watch

    def _say(self, name: str, why: str, error: Exception | None = None) -> None:
        """Log why a watch is refused, once until it is right again: whoever writes it each second fills no disk."""
        if name[:MAX_NAME] not in self._refused:
            logger.error("watch %s is refused%s", name[:MAX_NAME], why[:MAX_REASON], exc_info=error)


class WatchSettler(TimedSettler[None, None]):
    """Decides which matches become alerts, and says when quiet hours are over."""

    states: Sequence[KafkaTopic] = (WATCH_STATES,)
    follows: Sequence[KafkaTopic] = (WATCHES, STORIES)
    tick_seconds = 0.5

    def __init__(self, settings: Settings) -> None:
        self._stories, self._mutes = Stories(), Mutes()
        self._throttle = Throttle(self._stories, self._mutes)
        self._watches: dict[str, WatchRecord] = {}
        self._gone: dict[str, None] = {}
        self._max_labels = settings[WatchSettings].max_watch_labels
        self._latest = datetime.fromtimestamp(0, UTC)

    def restore(self, topic: KafkaTopic, key: str, value: bytes | None) -> None:
        """Take back the state of a watch, or note a watch that changed or is muted."""
        if topic is WATCH_STATES:
            self._throttle.restore(key, value)
        elif topic is STORIES:
            self._stories.take(value or b"")
        elif value is None:
            if not self._mutes.take(key):
                self._watches.pop(key, None)
                note(self._gone, key[:MAX_NAME])
        else:
            try:
                self._watches[key] = read_record(value).record
            except WatchError:
                return  # `match` logs its faults
            self._gone.pop(key, None)

    def settle(self, message: Message, product: None) -> Settlement:
        """Decide on one match."""
        match = decode(message.value, MatchRecord)
        if len(message.value) > MAX_KEPT_BYTES:
            require_small(match)
        name = match.watch.name
        decision = self._throttle.decide(match, now=self._clock(message, match), partition=max(message.partition, 0))
        changes = []
        if decision.changed:
            changes.append(Change(WATCH_STATES, message.partition, name, self._throttle.snapshot(name)))
        return Settlement(alerts_of(decision), decision.outcome, changes)

    def due(self, partitions: frozenset[int], now: datetime) -> Settlement:
        """Return digests of quiet hours that are over and alerts that waited for a story, and forget watches that are gone."""
        digests = self._throttle.due(self._watches.values(), now=now, partitions=partitions)
        decisions = self._throttle.decide_waiting(now=now, partitions=partitions)
        names = dict.fromkeys((*(alert.watch for alert in digests), *(name for name, _ in decisions)))
        changes = [
            Change(WATCH_STATES, self._throttle.partition(name), name, self._throttle.snapshot(name)) for name in names
        ]
        for name in [name for name in self._gone if self._throttle.partition(name) in partitions]:
            changes.append(Change(WATCH_STATES, self._throttle.partition(name), name, None))
            self._throttle.restore(name, None)
        alerts = [*map(output_of, digests), *(output for _, decision in decisions for output in alerts_of(decision))]
        return Settlement(alerts, WatchOutcome.DIGEST if digests else WatchOutcome.WAITING, changes)

    def observe(self, metrics: Metrics, settlement: Settlement) -> None:
        """Count alerts, and how long they took."""
        now = time.time()
        for output in settlement.outputs:
            alert = output.record
            if not isinstance(alert, Alert):
                continue
            metrics[WatchMetrics].alert_raised(alert.watch, alert.severity, self._max_labels)
            if alert.kind != "digest":
                metrics.end_to_end.labels("fetched", "alerted").observe(
                    max(0.0, now - alert.article.fetched_at.timestamp())
                )
                if alert.article.published_at:
                    metrics.end_to_end.labels("published", "alerted").observe(
                        max(0.0, now - alert.article.published_at.timestamp())
                    )
        metrics.state_entries.labels("watch", WATCH_STATES.name).set(len(self._throttle))
        metrics[WatchMetrics].watches.labels("muted").set(len(self._mutes.running(datetime.now(UTC))))

    def _clock(self, message: Message, match: MatchRecord) -> datetime:
        """Return the time of a decision: now, or over a file, which has none, when the latest article was fetched."""
        if message.partition >= 0:
            return datetime.now(UTC)
        self._latest = max(self._latest, match.article.fetched_at)
        return self._latest


def note(names: dict[str, None], name: str) -> None:
    """Add to the names that keep the latest only."""
    names.pop(name, None)
    names[name] = None
    if len(names) > MAX_NAMES:
        del names[next(iter(names))]


def require_small(match: MatchRecord) -> None:
    """Raise `Refused` for a match of which a watch's state could not keep as many as it may have to."""
    size = len(json_encoder.encode((match.article, match.spans, match.fetch, match.group, match.story)))
    if size > MAX_KEPT_BYTES:
        raise Refused("too_large", f"its article takes {size:,} bytes; a match keeps up to {MAX_KEPT_BYTES:,}")


def alerts_of(decision: Decision) -> list[Output]:
    """Return the alert of a decision, if there is one."""
    return [output_of(decision.alert)] if decision.alert is not None else []


def output_of(alert: Alert) -> Output:
    """Return an alert with its id as the event's, and headers by which a subscriber can route without parsing it."""
    article = alert.article
    headers = routing_headers(article.regions, article.topics, article.language)
    return Output(ALERTS, alert.id, alert, alert.id, headers)


MATCH_STEP = Step(
    name="match",
    summary="which watches an article matches",
    stage="watch",
    takes=(TAGGED, DUPLICATES, TRENDS),
    gives=(MATCHES,),
    settler=MatchSettler,
    outcomes=MatchOutcome,
    metrics=(WatchMetrics,),
)

WATCH_STEP = Step(
    name="watch",
    summary="alerts, with why: repeats, cool-down, limits, quiet hours and bursts are decided here",
    stage="watch",
    takes=(MATCHES,),
    gives=(ALERTS,),
    settler=WatchSettler,
    outcomes=WatchOutcome,
    metrics=(WatchMetrics,),
)

STEPS = (MATCH_STEP, WATCH_STEP)
