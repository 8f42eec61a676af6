"""The one decider: each article founds a story or joins one, in the order in which articles come.

An id is made once, from the founding article, and is never used again. What has been decided stays: an article that comes
again finds its own id in its story. Two stories of headlines, or two young ones with bodies, may turn out to be one: then
the younger is merged into the older, which is said. What is persisted is one record a story, and how common words are; a
decider restored from them decides as the old one would have.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from agents.stories.decision import ArticlePlace, Decision, Relation, StoredValue, decision_of, merges_again
from agents.stories.language import LOOKED_AT, MERGE_MARGIN, NO_ROWS, Fit, LanguageStories, Windows
from agents.stories.merging import merged
from agents.stories.reading import gather
from agents.stories.reading.gather import ArticleFeatures
from agents.stories.reading.vectors import Table
from agents.stories.related import MOST_RELATED, Relations
from agents.stories.state import story as stories
from agents.stories.state.memory import Rows
from agents.stories.state.story import StoryRecord, article_key
from agents.stories.state.waiting import WaitingCopies

HOUR = 3_600.0
#: Decisions between two looks for stories that have ended.
END_EVERY = 256
#: Copies that wait for their original, which is still being tagged; the longest waiting is let go.
MOST_WAITING = 5_000
#: Articles without a story that are remembered, so that their copies wait for nothing.
MOST_ALONE = 20_000
CLOCK = "clock"
#: Most languages whose words are counted, 1.2 MiB each.
MOST_LANGUAGES = 128
#: The language of articles in all others, which are compared with each other.
OTHERS = "und"


class Size(NamedTuple):
    """How many stories run, the bytes that they take, and when the quietest was joined (epoch seconds)."""

    stories: int
    bytes: int
    oldest: float


class Decider:
    """All running stories. Times are given (epoch seconds), never read from a clock."""

    def __init__(self, window_days: float, headline_days: float, max_stories: int) -> None:
        self.windows = Windows(24 * HOUR * window_days, 24 * HOUR * headline_days)
        self.max_stories = max_stories
        self.languages: dict[str, LanguageStories] = {}
        self.clock = 0.0
        self.decided = 0
        self._table = Table()
        self._relations = Relations()
        self._known: dict[bytes, tuple[LanguageStories, int]] = {}
        self._alone: dict[bytes, None] = {}
        self._waiting = WaitingCopies()
        self._serial = 0
        self._restoring: set[str] = set()

    def __len__(self) -> int:
        return sum(map(len, self.languages.values()))

    def decide(self, article: ArticleFeatures, arrived: float = 0.0) -> Decision:
        """Decide on an article that arrived then (0: when it was fetched)."""
        self._finish_restoring()
        if not self._has_room(article.language):
            article = msgspec.structs.replace(article, language=OTHERS)
        self.clock = max(self.clock, min(article.fetched, arrived) if arrived > 0 else article.fetched)
        self.decided += 1
        decision = self._decide(article)
        if self.decided % END_EVERY == 0:
            self._end(decision)
        decision.changes.append(StoredValue(CLOCK, stories.encoder.encode((self.clock, self.decided, self._serial))))
        return decision

    def _decide(self, article: ArticleFeatures) -> Decision:
        key = article_key(article.id)
        if key in self._known:
            language, row = self._known[key]
            story = language.story(row)
            decision = decision_of("known", ArticlePlace(article, story, story.id.endswith(f"-{article.id}")))
            decision.merged.extend(merges_again(story, article))
            if article.duplicate_of is None and stories.revised(story, article):
                decision.changes.append(StoredValue(story_key(story), language.note(story, row)))
            return decision
        if article.duplicate_of is not None:
            return self._copy(article, article_key(article.duplicate_of))
        decision = self._original(article, key)
        self._release(article, decision)
        return decision

    def _original(self, article: ArticleFeatures, key: bytes) -> Decision:
        """Decide on an article with words of its own, given its key."""
        language = self._language(article.language)
        if article.roundup:
            return self._no_story(article)
        language.commonness.take_back(key)
        weighed = language.weighed(article)
        fit = language.fit(article, weighed, self.clock, linked=self._linked(article, language))
        if not fit.rows and article.backfill:
            return self._no_story(article)
        decision = decision_of("grown" if fit.rows else "new")
        if not fit.rows:
            self._make_room(decision)
            self._serial += 1
            row, story = None, stories.founded(article, self._serial, self.clock)
        else:
            row = fit.rows[0]
            story = language.story(row)
        self._unlearn(stories.joined(story, article, weighed.body, weighed.title, self.clock))
        value = language.put(story, row)
        row = language.rows[story.id]
        self._known[key] = language, row
        decision.places.append(ArticlePlace(article, story, decision.outcome == "new"))
        decision.changes.append(StoredValue(story_key(story), value))
        self._relations.put(story)
        if article.headline:
            self._merge(language, fit, decision)
        elif len(fit.rows) > 1:
            self._merge_bodies(language, fit, decision)
        if decision.places[0].story is not None:
            self._relate(decision.places[0].story, decision)
        # the words first: where a kill cuts the changes, the article is not known, and is decided as before
        words = language.commonness.add(weighed.body.ids, key)
        decision.changes[:0] = [StoredValue(*pair) for pair in words]
        return decision

    def _linked(self, article: ArticleFeatures, language: LanguageStories) -> Rows:
        """Return the rows of the stories whose articles an article's text leads to."""
        if not article.links:
            return NO_ROWS
        found = (self._known.get(key) for key in stories.split(article.links, stories.ARTICLE_BYTES))
        return np.array(sorted({place[1] for place in found if place is not None and place[0] is language}), np.int64)

    def _merge(self, language: LanguageStories, fit: Fit, decision: Decision) -> None:
        """Make one of two stories of headlines that a headline fits both."""
        both = [
            row
            for row, margin in zip(fit.rows, fit.margins, strict=True)
            if margin > MERGE_MARGIN and bool(language.memory.headline[row])
        ]
        if len(both) > 1:
            self._merge_rows(language, both[:2], decision)

    def _merge_bodies(self, language: LanguageStories, fit: Fit, decision: Decision) -> None:
        """Merge the story that an article joined with another that accepted it, if the two fit."""
        joined = fit.rows[0]
        for row in fit.rows[1:LOOKED_AT]:
            if language.are_one(joined, row, self.clock):
                self._merge_rows(language, [joined, row], decision)
                return

    def _merge_rows(self, language: LanguageStories, rows: list[int], decision: Decision) -> None:
        """Merge the younger of two stories into the older, in the one change that says all, then forget the younger."""
        older, younger = sorted(rows, key=lambda row: int(language.memory.serial[row]))
        kept, lost = language.story(older), language.forget(younger)
        gone = merged(kept, lost)
        kept.absorbed = [*kept.absorbed, (lost.id, decision.places[0].article.fetch_id)][-stories.MOST_ABSORBED :]
        for key in stories.split(lost.known, stories.ARTICLE_BYTES):
            self._known[key] = language, older
        self._unlearn(gone)
        self._relations.forget(lost.id)
        self._relations.put(kept)
        keys = story_key(kept), story_key(lost)
        decision.changes[:] = [change for change in decision.changes if change.key not in keys]
        decision.changes.append(StoredValue(story_key(kept), language.put(kept, older)))
        decision.changes.append(StoredValue(story_key(lost), None))
        decision.merged.append((lost, kept))
        both = (kept.id, lost.id)
        decision.places[:] = [
            place._replace(story=kept) if place.story is not None and place.story.id in both else place
            for place in decision.places
        ]

    def _relate(self, story: StoryRecord, decision: Decision) -> None:
        """Say which stories of other languages a story is related to, where it had none of that language."""
        known = {language_of(other) for other in story.related}
        for name in self._relations.related(story.id, known)[: MOST_RELATED - len(story.related)]:
            language = self._language(language_of(name))
            other = language.story(language.rows[name])
            if story.language in map(language_of, other.related) or len(other.related) >= MOST_RELATED:
                continue
            for one, partner in ((story, name), (other, story.id)):
                one.related = [*one.related, partner]
                mine = self._language(one.language)
                decision.changes.append(StoredValue(story_key(one), mine.note(one, mine.rows[one.id])))
                decision.related.append(Relation(one, partner))

    def _copy(self, copy: ArticleFeatures, original: bytes) -> Decision:
        """Let a copy join its original's story, or wait for the original."""
        if original in self._known:
            language, row = self._known[original]
            story = language.story(row)
            self._unlearn(stories.noted(story, copy, self.clock))
            self._known[article_key(copy.id)] = language, row
            decision = decision_of("copy", ArticlePlace(copy, story, False))
            decision.changes.append(StoredValue(story_key(story), language.note(story, row)))
            return decision
        if original in self._alone:
            return self._no_story(copy)
        changes = [StoredValue(f"waiting:{copy.id}", gather.encoder.encode(copy))]
        self._waiting.put(copy)
        places: list[ArticlePlace] = []
        if len(self._waiting) > MOST_WAITING:
            orphans = self._waiting.give_up()
            places = [ArticlePlace(orphan, None, False) for orphan in orphans]
            changes += [StoredValue(f"waiting:{orphan.id}", None) for orphan in orphans]
        decision = decision_of("waiting", *places)
        decision.changes.extend(changes)
        return decision

    def _release(self, article: ArticleFeatures, decision: Decision) -> None:
        """Decide on the copies that waited for an article."""
        for copy in self._waiting.release(article.id):
            later = self._decide(copy)
            decision.places.extend(later.places)
            decision.changes.extend([StoredValue(f"waiting:{copy.id}", None), *later.changes])

    def _no_story(self, article: ArticleFeatures) -> Decision:
        self._alone[article_key(article.id)] = None
        if len(self._alone) > MOST_ALONE:
            del self._alone[next(iter(self._alone))]
        return decision_of("alone", ArticlePlace(article, None, False))

    def _make_room(self, decision: Decision) -> None:
        """End the quietest story of the fullest language where there are as many as there may be."""
        if len(self) >= self.max_stories:
            fullest = max(self.languages.values(), key=len)
            self._forget(fullest, fullest.quietest(), decision)

    def _end(self, decision: Decision) -> None:
        for language in self.languages.values():
            for row in list(language.ended(self.clock)):
                self._forget(language, row, decision)

    def _forget(self, language: LanguageStories, row: int, decision: Decision) -> None:
        story = language.forget(row)
        self._relations.forget(story.id)
        for key in stories.split(story.known, stories.ARTICLE_BYTES):
            self._known.pop(key, None)
        decision.changes.append(StoredValue(story_key(story), None))
        decision.ended.append(story)

    def _unlearn(self, keys: bytes) -> None:
        """Forget articles that their story knows no longer."""
        for key in stories.split(keys, stories.ARTICLE_BYTES):
            self._known.pop(key, None)

    def _has_room(self, language: str) -> bool:
        """Return whether the words of a language are counted, or can be."""
        return language == OTHERS or language in self.languages or len(self.languages) < MOST_LANGUAGES

    def _language(self, name: str) -> LanguageStories:
        if name not in self.languages:
            self.languages[name] = LanguageStories(name, self.windows, self._table)
        return self.languages[name]

    def restore(self, key: str, value: bytes | None) -> None:
        """Take back one change, in the order in which they were persisted."""
        kind, _, rest = key.partition(":")
        if key == CLOCK and value is not None:
            self.clock, self.decided, self._serial = stories.read_clock(value)
        elif kind == "story":
            self._restore_story(rest, value)
        elif kind == "waiting":
            if value is None:
                self._waiting.drop(rest)
            else:
                self._waiting.put(gather.decoder.decode(value))
        elif value is not None:
            name, place = rest.split(":")
            if not self._has_room(kind):
                raise ValueError(f"the words of over {MOST_LANGUAGES} languages are counted")
            self._language(kind).commonness.restore(name, int(place), value)
            self._restoring.add(kind)

    def _restore_story(self, name: str, value: bytes | None) -> None:
        story = stories.read_story(name, value) if value is not None else None
        if not self._has_room(language_of(name)):
            raise ValueError(f"there are stories in over {MOST_LANGUAGES} languages")
        language = self._language(language_of(name))
        row = language.rows.get(name)
        if row is not None:
            self._unlearn_row(language, row)
        if story is None:
            if row is not None:
                language.forget(row)
                self._relations.forget(name)
            return
        language.put(story, row)
        self._relations.put(story)
        for key in stories.split(story.known, stories.ARTICLE_BYTES):
            self._known[key] = language, language.rows[name]

    def _finish_restoring(self) -> None:
        for name in self._restoring:
            self._language(name).commonness.finish()
            self._forget_merged(self._language(name))
        self._restoring.clear()

    def _forget_merged(self, language: LanguageStories) -> None:
        """Forget stories that another has taken in: a kill came between the merge's two changes."""
        for row in list(language.values):
            if row not in language.values:
                continue
            story = language.story(row)
            lost = [name for name, _ in story.absorbed if name in language.rows]
            for name in lost:
                self._unlearn_row(language, language.rows[name])
                language.forget(language.rows[name])
                self._relations.forget(name)
            if lost:
                self._known.update(dict.fromkeys(stories.split(story.known, stories.ARTICLE_BYTES), (language, row)))

    def _unlearn_row(self, language: LanguageStories, row: int) -> None:
        """Forget the articles of a story, but for those that have become another's."""
        for key in stories.split(language.story(row).known, stories.ARTICLE_BYTES):
            if self._known.get(key) == (language, row):
                del self._known[key]

    def stories(self) -> Iterator[StoryRecord]:
        """Yield all running stories."""
        for language in self.languages.values():
            for row in language.values:
                yield language.story(row)

    def size(self) -> Size:
        """Return how many stories run, the bytes that they take, near enough, and when the quietest was joined."""
        size = len(self._waiting) * 1000 + 200 * len(self._known) + self._relations.size_bytes
        oldest = []
        for language in self.languages.values():
            size += language.memory.size_bytes + language.commonness.rows.nbytes + language.value_bytes
            oldest += [float(language.memory.touched[language.quietest()])] if len(language) else []
        return Size(len(self), size, min(oldest, default=0.0))


def language_of(story: str) -> str:
    """Return the language of a story by its id."""
    return story.partition("-")[0]


def story_key(story: StoryRecord) -> str:
    """Return the key under which a story is persisted."""
    return f"story:{story.id}"
