"""Counting a stream against its baseline, and naming its bursts.

A window of three and a half hours moves in steps of ten minutes. In it an article counts once for each of its keys; of one
source at most two articles count for a key, so that neither a live ticker nor a new feed is news. What is expected of a key
is scaled by how the counts of all countries and topics stand to what is usual for them: a catch-up after an outage then
bursts nowhere. While the stream, all articles of it, is under half of what is usual, nothing is said at all.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from agents.trends.baseline import Baseline
from agents.trends.key_state import LONGEST_NAME, STEP_SECONDS, WHOLE, KeyState, decoder, encoder, fault_of
from agents.trends.life import NOTED, OVER, OVER_SHARE, QUIET_HOURS, Burst, end, is_due, note_height, show
from agents.trends.missed import MissedHours, learn
from agents.trends.terms import FirstSaid
from agents.trends.week import FIRST_DAY, HOURS, WEEK_HOURS
from agents.trends.window import NEVER_SHOWN, Window, WindowEntry, tell_of_one_event

#: The window is so many steps long.
WINDOW_STEPS = 21
WINDOW_HOURS = WINDOW_STEPS * STEP_SECONDS / 3600
STEPS_AN_HOUR = 3600 // STEP_SECONDS
#: Fewest articles, and sources, of a burst.
FEWEST, FEWEST_SOURCES = 5, 3
#: Articles that are expected of any key: one that was always silent would burst with its first.
FLOOR = 0.3
#: What is expected of a key is at least and at most so many times what is usual for it, however the whole stream stands.
RATIO = (0.25, 4.0)
#: As if so many articles more were usual and had come.
PRIOR_OF_RATIO = 5.0
#: Below this share of its usual volume, or of its volume of late where that is less, the stream is broken, not the news quiet.
#: A holiday, or the loss of a large source, counts as the volume of late by half after so many hours.
OUTAGE_RATIO, STANDING_HOURS = 0.5, 6.0
#: An hour without a single article, where so many are usual in it, is broken too: nothing is learnt from it.
LEAST_OF_SILENT_HOUR = 6.0
#: A pause of the stream that is longer than this starts its counting anew.
LONGEST_PAUSE_HOURS = 72
#: A stream that stands so long after now has read of a time that was none.
MOST_AHEAD_HOURS = 24
#: Before so many hours have been counted nothing is usual, and nothing is said.
BASELINE_HOURS = 72
#: Of keys that are no new terms nobody was first.
NOBODY: Mapping[str, FirstSaid | None] = MappingProxyType({})
#: A state may hold more keys than the setting, which may have been lowered; not more than so many times as many.
MOST_RESTORED = 2
#: Keys of terms begin so, and take at most this share of all. A term is new with every event, so more of it is asked for.
TERM = "~"
TERM_SHARE = 0.8
FEWEST_OF_TERM, FEWEST_SOURCES_OF_TERM = 8, 5
#: A term whose slow level has sunk below this, and of which nothing is in the window, is counted no more: five articles
#: are forgotten after some two weeks.
LEAST_LEVEL = 0.005


#: The window of a key that has none.
NO_ARTICLES = Window()


class Stream:
    """All keys of a stream of articles in order of their fetching. Times are given in epoch seconds."""

    def __init__(self, min_score: float, max_keys: int) -> None:
        self.min_score = min_score
        self.max_keys = max_keys
        self.baseline = Baseline()
        self.rows: dict[str, int] = {}
        self.windows: dict[str, Window] = {}
        self.step = 0
        self.refused = 0
        #: how the stream stood of late to what is usual for it, one at most
        self.standing = 1.0
        self.dropped: list[str] = []
        self._whole = self._row(WHOLE)
        #: articles of the whole stream in the window, by their step: of them only the number is asked for
        self._totals: Counter[int] = Counter()
        #: by hour of the week what is usual for all countries and topics together, since the latest hour was closed
        self._usual_of_all: dict[int, float] = {}
        #: restored keys, and after how many hours of the stream their states were written
        self._restored: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.rows) - 1

    @property
    def size_bytes(self) -> int:
        """Bytes of the state, near enough."""
        held = len(self._totals) + sum(map(len, self.windows.values()))
        return self.baseline.size_bytes + 180 * len(self.rows) + 120 * held

    def add(
        self, time: float, keys: Sequence[str], source: int, story: str, firsts: Mapping[str, FirstSaid | None] = NOBODY
    ) -> Iterator[Burst]:
        """Count an article for its keys; yield the bursts of the windows that ended before it.

        `firsts`: of terms the article that said it first: it is counted with the second, when the term becomes a key.
        """
        yield from self.advance(time)
        self._totals[self.step] += 1
        for key in dict.fromkeys(keys):
            if key not in self.rows and len(self.rows) > self.max_keys * (TERM_SHARE if is_term(key) else 1):
                self.refused += 1
                continue
            window = self.windows.setdefault(key, Window())
            first = firsts.get(key) if key not in self.rows else None
            if first is not None and self.step - WINDOW_STEPS < first.step <= self.step:
                window.add(first.step, first.source, "")
            self._row(key)
            window.add(self.step, source, story)

    def come_back(self, time: float) -> bool:
        """Go back to the clock's time where the stream is a day ahead of it; tell whether it was.

        Nothing would be counted until then. What was counted for a time that has not come is forgotten.
        """
        step = int(time // STEP_SECONDS)
        if self.step <= step + MOST_AHEAD_HOURS * STEPS_AN_HOUR:
            return False
        self.step = step
        self._totals = Counter({at: many for at, many in self._totals.items() if at <= step})
        for window in self.windows.values():
            window.drop_after(step)
            if window.shown[0] > time:
                window.shown, window.life = NEVER_SHOWN, None
        return True

    def advance(self, time: float) -> Iterator[Burst]:
        """Close the windows that end up to a time; yield their bursts."""
        self._learn_missed()
        step = int(time // STEP_SECONDS)
        if not self.step or step - self.step > LONGEST_PAUSE_HOURS * STEPS_AN_HOUR:
            self.step = step
        while self.step < step:
            self.step += 1
            self._drop()
            yield from self._bursts()
            if self.step % STEPS_AN_HOUR == 0:
                self._close_hour()

    def _bursts(self) -> Iterator[Burst]:
        """Yield the bursts of the window that ends with the step that has just begun, and the trends that are over with it."""
        if self.baseline.hours < BASELINE_HOURS:
            return
        active = [
            key for key, window in self.windows.items() if window.most >= fewest(key)[0] or may_be_over(key, window)
        ]
        usual = self._expected([WHOLE])[0]
        whole = self._totals.total()
        if not active or whole < OUTAGE_RATIO * self.standing * usual:
            return
        over, found, terms = min(OVER, OVER_SHARE * self.min_score), [], []
        for burst in self._measured(active, *self._all()):
            window = self.windows[burst.key]
            if window.life is not None and burst.score <= over:
                found.append(end(window, burst, forget=not is_term(burst.key)))
                continue
            note_height(window, burst)
            if burst.score <= OVER and may_be_shown_anew(burst.key, window):
                window.shown = NEVER_SHOWN
            if not self._bursts_now(burst) or not is_due(window, burst.at, burst.score):
                continue
            if is_term(burst.key):
                terms.append(burst)
            elif burst.score >= self.min_score:
                found.append(show(window, burst))
            else:  # it is noted
                window.shown = burst.at, burst.score
        yield from found
        yield from self._of_new_stories(terms)

    def _all(self) -> tuple[int, float]:
        """Return how much is counted of all countries and topics in the window, and how much is usual.

        Counts and not articles: a source that has most of these, and comes or goes, changes a key's count by two.
        """
        counted = sum(window.count()[0] for key, window in self.windows.items() if not is_term(key))
        return counted, sum(share * self._usual_of(hour) for hour, share in parts(self.step))

    def _usual_of(self, hour: int) -> float:
        """Return the usual count of all countries and topics together in an hour of the week."""
        if hour not in self._usual_of_all:
            rows = np.array([row for key, row in self.rows.items() if key != WHOLE and not is_term(key)], np.int64)
            self._usual_of_all[hour] = float(self.baseline.expected(rows, [(hour, 1.0)]).sum())
        return self._usual_of_all[hour]

    def _measured(self, active: Sequence[str], counted: int, usual: float) -> Iterator[Burst]:
        """Yield the count and the score of each active key, as a burst of it would have them."""
        at = float(self.step * STEP_SECONDS)
        for key, usually in zip(active, self._expected(active), strict=True):
            count, sources = self.windows[key].count()
            mine = (0, 0.0) if is_term(key) else (count, usually)
            expected = usually * ratio_of(counted - mine[0], usual - mine[1]) + FLOOR
            score = (count - expected) / math.sqrt(expected)
            yield Burst(key, at, count, sources, expected, score, self.baseline.hours)

    def _bursts_now(self, burst: Burst) -> bool:
        """Return whether a key has all that a burst needs, or one that is noted."""
        least, least_sources = fewest(burst.key)
        bar = self.min_score if is_term(burst.key) else min(NOTED, self.min_score)
        return burst.articles >= least and burst.sources >= least_sources and burst.score >= bar

    def _of_new_stories(self, bursts: list[Burst]) -> Iterator[Burst]:
        """Yield terms that burst, those of the most articles and the longest first: of each event one in `QUIET_HOURS`.

        An event may be several stories, of as many languages or since they were told apart: a part of a phrase that was
        shown, or one around it, says nothing new, nor does one told in the stories that tell the one shown. The one whose trend
        goes on is its event's.
        """
        yield from (
            show(self.windows[burst.key], burst) for burst in bursts if self.windows[burst.key].life is not None
        )
        bursts = [burst for burst in bursts if self.windows[burst.key].life is None]
        since = self.step * STEP_SECONDS - QUIET_HOURS * 3600
        shown = {key: window for key, window in self.windows.items() if is_term(key) and window.shown[0] > since}
        named = {story for window in shown.values() for story, _ in window.stories()[:1]}
        said = {key: window.by_story for key, window in shown.items()}
        for burst in sorted(bursts, key=lambda burst: (-burst.articles, -len(burst.key), burst.key)):
            window = self.windows[burst.key]
            main = next((story for story, _ in window.stories()), "")
            if not main or main in named:
                continue
            mine = window.by_story
            if not any(holds(burst.key, key) or holds(key, burst.key) for key in said) and not any(
                tell_of_one_event(mine, others) for others in said.values()
            ):
                named.add(main)
                said[burst.key] = mine
                yield show(window, burst)

    def _expected(self, keys: Sequence[str]) -> list[float]:
        rows = np.array([self.rows[key] for key in keys], np.int64)
        return [float(usual) for usual in self.baseline.expected(rows, parts(self.step))]

    def _close_hour(self) -> None:
        self._usual_of_all.clear()
        first = self.step - STEPS_AN_HOUR
        hour = hour_of_week(first)
        counts = np.zeros(len(self.baseline), np.float32)
        counts[self._whole] = sum(many for step, many in self._totals.items() if step >= first)
        usual = float(self.baseline.expected(np.array([self._whole], np.int64), [(hour, 1.0)])[0])
        if not counts[self._whole] and usual >= LEAST_OF_SILENT_HOUR:
            return
        if self.baseline.hours >= BASELINE_HOURS and usual > 0:
            stands = min(1.0, float(counts[self._whole]) / usual)
            self.standing += (stands - self.standing) * (1.0 - 0.5 ** (1.0 / STANDING_HOURS))
        for key, window in self.windows.items():
            if window and window.latest >= first:
                counts[self.rows[key]] = window.count(first)[0]
        self.baseline.close_hour(hour, counts)
        for key in [key for key in self.rows if is_term(key) and key not in self.windows]:
            if self.baseline.level[self.rows[key]] < LEAST_LEVEL:
                self.forget(key)
                self.dropped.append(key)

    def _learn_missed(self) -> None:
        """Let restored keys learn the hours since their states were written.

        Where the stream stood in between, they lack fewer hours than have gone by.
        """
        if not self._restored:
            return
        now, keys = self.step // STEPS_AN_HOUR, []
        for key, hours in self._restored.items():
            window = self.windows.get(key, NO_ARTICLES)
            written = window.latest // STEPS_AN_HOUR
            lacks, gone = self.baseline.hours - hours, now - written
            is_first = bool(window) and gone <= lacks  # the hour of its latest article was not over
            count = window.count(written * STEPS_AN_HOUR)[0] if is_first else 0
            keys.append(MissedHours(self.rows[key], min(lacks, gone) if window else lacks, count))
        self._restored.clear()
        learn(self.baseline, keys, hour_of_week((now - 1) * STEPS_AN_HOUR))

    def forget(self, key: str) -> None:
        """Forget a key and its baseline."""
        self._restored.pop(key, None)
        row = self.rows.pop(key, None)
        self.windows.pop(key, None)
        if row is not None:
            self.baseline.give_back(row)

    def _drop(self) -> None:
        for step in [step for step in self._totals if step < self.step - WINDOW_STEPS]:
            del self._totals[step]
        for key in list(self.windows):
            window = self.windows[key]
            window.drop_before(self.step - WINDOW_STEPS)
            is_quiet = window.shown[0] < self.step * STEP_SECONDS - QUIET_HOURS * 3600
            if not window and window.life is None and is_quiet:
                del self.windows[key]

    def _row(self, key: str) -> int:
        if key not in self.rows:
            self.rows[key] = self.baseline.new_row()
        return self.rows[key]

    def kept(self, key: str, label: str = "", titles: Mapping[str, str] = MappingProxyType({})) -> bytes:
        """Return the state of a key, to be persisted with its label; once it might burst, with titles of its stories."""
        row, window = self.rows[key], self.windows.get(key, NO_ARTICLES)
        # of the whole stream one entry for each step: its `source` is how many articles there were
        entries = [WindowEntry(step, many, "") for step, many in self._totals.items()] if key == WHOLE else []
        stories = window.stories() if window.articles >= fewest(key)[0] else []
        return encoder.encode(
            KeyState(
                self.baseline.hours,
                self.baseline.season[row].astype(np.float16).tobytes(),
                float(self.baseline.level[row]),
                entries,
                window.shown,
                label[:LONGEST_NAME],
                [(story, titles[story][:LONGEST_NAME]) for story, _ in stories if story in titles],
                window.sources_kept(),
                window.stories_kept(),
                self.baseline.week.kept(row),
                self.standing if key == WHOLE else 1.0,
                window.life,
            )
        )

    def restore(self, key: str, value: bytes) -> KeyState:
        """Take back the persisted state of a key, and return it for its names."""
        kept = decoder.decode(value)
        if fault := fault_of(key, kept):
            raise ValueError(fault)
        if key not in self.rows and len(self.rows) > MOST_RESTORED * self.max_keys:
            raise ValueError(f"there are {len(self.rows)} keys already")
        row = self._row(key)
        self._usual_of_all.clear()
        self.baseline.season[row] = np.frombuffer(kept.season, np.float16)
        self.baseline.level[row] = kept.level
        self.baseline.week.restore(row, kept.days, kept.level)
        self.baseline.hours = max(self.baseline.hours, kept.hours)
        self._restored[key] = kept.hours
        if key == WHOLE:
            self._totals = Counter({entry.step: entry.source for entry in kept.window})
            self.standing = kept.standing
        elif kept.window or kept.counted_sources or kept.shown[0] > 0 or kept.life is not None:
            window = self.windows[key] = Window()
            window.restore(kept.counted_sources, kept.counted_stories)
            for entry in sorted(kept.window, key=lambda entry: entry.step):
                window.add(*entry)
            window.shown, window.life = kept.shown, kept.life
        self.step = max([self.step, *(entry.step for entry in kept.window), *(s.latest for s in kept.counted_sources)])
        return kept


def ratio_of(counted: int, usual: float) -> float:
    """Return the ratio of the others' count to their usual one, drawn towards 1 where there are few articles."""
    return min(RATIO[1], max(RATIO[0], (counted + PRIOR_OF_RATIO) / (max(usual, 0.0) + PRIOR_OF_RATIO)))


def is_term(key: str) -> bool:
    """Return whether a key is a term's, not a country and topic's."""
    return key.startswith(TERM)


def holds(key: str, other: str) -> bool:
    """Return whether the phrase of one key stands in that of another which is longer: whole words, where there are spaces."""
    part, whole = key.removeprefix(TERM), other.removeprefix(TERM)
    return len(part) < len(whole) and (f" {part} " in f" {whole} " if " " in whole else part in whole)


def may_be_over(key: str, window: Window) -> bool:
    """Return whether a key's trend may be over: one that was shown, or a country and topic that was noted."""
    return window.life is not None or may_be_shown_anew(key, window)


def may_be_shown_anew(key: str, window: Window) -> bool:
    """Return whether a country and topic was shown or noted so high that it is forgotten once it is over."""
    return window.shown[1] >= NOTED and not is_term(key)


def fewest(key: str) -> tuple[int, int]:
    """Return how many articles, and of how many sources, a key needs."""
    return (FEWEST_OF_TERM, FEWEST_SOURCES_OF_TERM) if is_term(key) else (FEWEST, FEWEST_SOURCES)


def parts(step: int) -> list[tuple[int, float]]:
    """Return the hours of the week of the window that ends where a step begins, each with its share of an hour."""
    hours = Counter(hour_of_week(past) for past in range(step - WINDOW_STEPS, step))
    return [(hour, many / STEPS_AN_HOUR) for hour, many in hours.items()]


def hour_of_week(step: int) -> int:
    """Return the hour of the week in which a step lies, from Monday in UTC on."""
    return (step // STEPS_AN_HOUR + FIRST_DAY * HOURS) % WEEK_HOURS
