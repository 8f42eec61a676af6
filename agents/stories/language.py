"""The running stories of one language: which one an article joins, or that it founds one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.stories.acceptance import (
    BRIEFS,
    BRIEFS_FROM,
    ELSEWHERE_ARTICLES,
    FEATURES,
    LATE,
    LONGER_WORDS,
    Article,
    Features,
    early_features,
    elsewhere,
    familiar,
    in_brief,
    late_features,
    later,
    leaning,
    length,
    models,
    unsure,
)
from agents.stories.merging import contradict, mutual
from agents.stories.reading import facts
from agents.stories.reading.gather import ArticleFeatures, unpacked
from agents.stories.reading.stems import PIECES, WHOLE
from agents.stories.reading.vectors import Table, Vector, among, heaviest, unit, vector
from agents.stories.reading.words import Ids, Weights, number
from agents.stories.rules.ahead import ahead
from agents.stories.rules.forms import filled
from agents.stories.rules.frames import framed
from agents.stories.rules.heads import standing_heads
from agents.stories.rules.matches import other_match
from agents.stories.rules.own_words import SHARED, brings_others, repeated, shares_own
from agents.stories.rules.places import apart, divisions
from agents.stories.rules.releases import next_release
from agents.stories.rules.second_look import looked_at_again, may_accept, nearest, signs
from agents.stories.rules.series import next_of_series
from agents.stories.rules.shared_names import MOST_NAMED, counted, named, sure_of
from agents.stories.state import story as stories
from agents.stories.state.commonness import NO_CAPITALS, Commonness
from agents.stories.state.memory import ASKED_WORDS, Memory, Rows
from agents.stories.state.story import StoryRecord

HOUR = 3_600.0
#: Decimals by which margins are equal: a sum's last digits change with its place in the matrix, by which it is rounded.
ROUNDED = 9
#: Sharing a word says weight x rarity; this many steps to 1 make whole numbers of it.
STEPS = 64
#: By how much (in log odds) a headline must fit a second story, too, for the two to be one.
MERGE_MARGIN = 2.5
#: Two young stories with bodies that an article fits are one where the older accepts the younger by so much (log odds), and
#: the two shares below hold. Chosen on development sets.
BODIES_MARGIN = 0.0
#: Smallest share of the weight of the strongest words in each one's bodies that is the other's.
BODIES_MUTUAL = 0.6
#: The same of their titles.
TITLES_MUTUAL = 0.2
STRONGEST_BODY, STRONGEST_TITLE = 8, 6
#: How old they may be: beyond, the younger's id has been in use for too long to be given up.
YOUNG = 3 * 24 * HOUR
#: Nothing to compare: beyond the first articles of a language it does not matter how much there is.
NOTHING = np.zeros(1)
#: Log odds by which less is asked of short texts in an alphabet without capitals: elsewhere names speak for them, here none is
#: seen. Chosen on the open half of own streams in Arabic, Hindi, Hebrew and Persian; in pairs of characters it gained nothing.
UNNAMED = 1.0
#: Log odds by which less is asked of a story to which an article's own text leads, shared among several: its publisher says what
#: it goes on. Not learned, as no set of stories has pages.
LINKED = 5.0
NO_ROWS = np.zeros(0, np.int64)
#: Of the stories that accept an article, so many are looked at.
LOOKED_AT = 4


class Windows(NamedTuple):
    """After how many seconds without an article a story ends: one with bodies, and one of headlines alone."""

    body: float
    headline: float


class Fit(NamedTuple):
    """The rows that accept an article, the best first."""

    rows: list[int]
    margins: list[float]


class WeighedWords(NamedTuple):
    """The words of an article's title and body as a vector, how rare each of them is, and those of its title as a vector.

    Stories are looked for by the former.
    """

    body: Vector
    rarity: Weights
    title: Vector


class LanguageStories:
    """Stories, and how common words are, of one language."""

    def __init__(self, language: str, windows: Windows, table: Table) -> None:
        self.language = language
        self.windows = windows
        self.commonness = Commonness(language)
        self.memory = Memory(overlap=2 if language in PIECES else 1)
        self.values: dict[int, bytes] = {}
        self.rows: dict[str, int] = {}
        self._table = table
        self._models = models()
        self._uses_list = self.commonness.listed and language not in WHOLE
        self._unnamed = UNNAMED if language in NO_CAPITALS - PIECES else 0.0

    def __len__(self) -> int:
        return len(self.values)

    @property
    def value_bytes(self) -> int:
        """Bytes of the persisted records."""
        return sum(map(len, self.values.values()))

    def weighed(self, article: ArticleFeatures) -> WeighedWords:
        """Return the words of an article's title and body."""
        body, title = unpacked(article.body_words), unpacked(article.title_words)
        both = self.commonness.weight(np.concatenate((body.ids, title.ids)))
        rarity, titles = both[: len(body.ids)], both[len(body.ids) :]
        return WeighedWords(vector(body, rarity), rarity, vector(title, titles))

    def compared(self, article: ArticleFeatures, weighed: WeighedWords | None = None) -> Article:
        """Return the features of an article that are compared; its words are weighed where they are not yet."""
        weighed = weighed or self.weighed(article)
        words = unpacked(article.body_words)
        found = self._article(article, weighed.body, weighed.title, weighed.rarity, article.time)
        subject = repeated(weighed.title.ids, words.ids, words.times)
        return found._replace(subject=subject, source=article.source, headline=article.title, sender=article.sender)

    def fit(self, article: ArticleFeatures, weighed: WeighedWords, clock: float, *, linked: Rows = NO_ROWS) -> Fit:
        """Return the stories that accept an article, the best first; of equals the older one.

        `linked`: the rows of stories whose articles the article's text leads to. What else there is to compare is read only
        where a story shares rare words.
        """
        rows = self.candidates(weighed)
        if len(linked):
            rows = np.union1d(rows, linked)
            rows = rows[self.memory.serial[rows].argsort()]
        if len(rows):
            rows = rows[self._running(rows, clock)]
        if not len(rows):
            return Fit([], [])
        compared = self.compared(article, weighed)
        margins = self._margins(compared, rows, headline=article.headline, again=True, linked=linked)
        order = np.argsort(-margins.round(ROUNDED), kind="stable")
        order = order[margins[order] > 0]
        return Fit(rows[order].tolist(), margins[order].tolist())

    def candidates(self, weighed: WeighedWords | Article) -> Rows:
        """Return the rows of the stories that share rare words with an article."""
        ids, weights = weighed.body.ids, np.rint(weighed.body.weights * weighed.rarity * STEPS)
        return self.memory.candidates(heaviest(Vector(ids, weights), words_asked(len(ids), self.memory.overlap)))

    def are_one(self, one: int, other: int, clock: float) -> bool:
        """Return whether two stories with bodies are one: both are young, and the younger reads like an article of the older.

        Look-alikes read so, too. What tells them apart is who, where and how many: the strongest words of each are the
        other's, and neither an age, a number of anything nor the cities contradict.
        """
        older, younger = sorted((one, other), key=lambda row: int(self.memory.serial[row]))
        if self.memory.headline[[one, other]].any() or self.memory.first[[one, other]].min() < clock - YOUNG:
            return False
        kept, lost = self.story(older), self.story(younger)
        if contradict(kept, lost):
            return False
        bodies = mutual(kept.body, lost.body, STRONGEST_BODY)
        if bodies < BODIES_MUTUAL or mutual(kept.title, lost.title, STRONGEST_TITLE) < TITLES_MUTUAL:
            return False
        margins = self._margins(self._as_article(lost), np.array([older]), headline=False)
        return float(margins[0]) > BODIES_MARGIN

    def _as_article(self, story: StoryRecord) -> Article:
        """Return a story as an article that came with its last one."""
        body = story.body
        return self._article(story, unit(body), unit(story.title), self.commonness.weight(body.ids), story.last)

    def _article(
        self, read: ArticleFeatures | StoryRecord, body: Vector, title: Vector, rarity: Weights, time: float
    ) -> Article:
        """Return an article with these vectors, and with all else as it was read of an article or a story."""
        names, openers = self._names(read.names, read.openers)
        return Article(
            body=body,
            title=title,
            rarity=rarity,
            regions=hashed(read.regions),
            time=time,
            facts=np.sort(facts.unpacked(read.facts)),
            names=names,
            openers=openers,
            topics=np.sort(hashed(read.topics)),
            places=placed(read.regions),
            figures=np.sort(np.frombuffer(read.figures, np.uint32)),
        )

    def _names(self, names: bytes, openers: bytes) -> tuple[Ids, Ids]:
        """Return the names that tell events apart, and the openers that do and are none of them; both ascending."""
        both, many = np.frombuffer(names + openers, np.uint32), len(names) // 4
        tell = self.commonness.telling(both)
        named, opening = both[:many][tell[:many]], both[many:][tell[many:]]
        named.sort()
        opening.sort()
        return named, opening[~among(opening, named)]

    def story(self, row: int) -> StoryRecord:
        """Return the story of a row."""
        return stories.decoder.decode(self.values[row])

    def put(self, story: StoryRecord, row: int | None = None) -> bytes:
        """Write a story into its row, a new one without `row`; return it as it is persisted."""
        if row is None:
            row = self.memory.take_row()
        value = stories.encoder.encode(story)
        memory = self.memory
        self.values[row] = value
        self.rows[story.id] = row
        memory.put_words(row, story.body, story.title)
        shares = [many / max(1, story.originals) for _, _, many in story.regions]
        memory.put_regions(row, hashed(story.regions), shares)
        memory.put_places(row, placed(story.regions), located(story))
        memory.put_topics(row, hashed(story.topics))
        memory.put_facts(row, facts.unpacked(story.facts))
        memory.put_names(row, *self._names(story.names, story.openers))
        memory.put_figures(row, np.frombuffer(story.figures, np.uint32))
        memory.put_times(row, story.first, story.last, story.touched)
        memory.put_size(row, story.originals)
        memory.serial[row], memory.headline[row] = story.serial, story.headline
        return value

    def note(self, story: StoryRecord, row: int) -> bytes:
        """Write a story whose words have not changed."""
        value = self.values[row] = stories.encoder.encode(story)
        self.memory.put_times(row, story.first, story.last, story.touched)
        return value

    def forget(self, row: int) -> StoryRecord:
        """Forget a story, and return it."""
        story = self.story(row)
        del self.values[row], self.rows[story.id]
        self.memory.give_back(row)
        return story

    def ended(self, clock: float) -> Iterator[int]:
        """Yield the rows of stories to which nothing has come for their window, in order of founding."""
        rows = np.array(sorted(self.values), np.int64)
        if len(rows):
            over = rows[~self._running(rows, clock)]
            yield from over[np.argsort(self.memory.serial[over])].tolist()

    def quietest(self) -> int:
        """Return the row of the story to which nothing has come for longest."""
        rows = np.array(sorted(self.values), np.int64)
        return int(rows[np.lexsort((self.memory.serial[rows], self.memory.touched[rows]))[0]])

    def _running(self, rows: Rows, clock: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        window = np.where(self.memory.headline.take(rows), self.windows.headline, self.windows.body)
        return np.asarray(self.memory.measured(rows).touched >= clock - window)

    def _margins(
        self, article: Article, rows: Rows, *, headline: bool, again: bool = False, linked: Rows = NO_ROWS
    ) -> npt.NDArray[np.float64]:
        """Return by how much each story accepts an article, of one that refuses it some number that is not above 0.

        `again`: the nearest one's lead counts, and a brief that none accepts is looked at a second time. `linked`: as in `fit`.
        """
        margins, seen = self.first_margins(article, rows, headline=headline)
        if again and not headline:
            margins += ahead(article, margins, seen)
        if len(linked):
            margins += LINKED / len(linked) * np.isin(rows, linked)
        best = nearest(article, margins) if again and not headline and self._knows_common() else -1
        if best >= 0 and may_accept(margins, best):
            found = signs(article, self.memory, rows, seen, self.commonness, margins, best)
            margins[best] = max(margins[best], looked_at_again(found))
        near = (margins > 0).nonzero()[0]
        if len(near) and not headline:
            margins[near] -= filled(article, self.memory, rows[near], seen[near])
            margins[near] -= next_of_series(article, self.memory, rows[near], seen[near])
            near = (margins > 0).nonzero()[0]
        if len(near):
            margins[near] += self._late(article, rows[near], seen[near], headline=headline)
            near = (margins > 0).nonzero()[0]
        if len(near):
            asked = other_match(article, self.memory, rows[near])
            if not headline:
                asked += apart(article, self.memory, rows[near], seen[near])
                asked += brings_others(article, self.memory, rows[near], seen[near], self.commonness)
                asked += standing_heads(article, self.story, self.memory, rows[near], seen[near])
                asked += next_release(article, self.story, self.memory, rows[near], self.commonness)
                asked += framed(article, self.story, self.memory, rows[near], seen[near], self.commonness)
            margins[near] -= np.where(margins[near] > asked, 0.0, asked)  # these refuse, and rank none
        return margins

    def first_margins(
        self, article: Article, rows: Rows, *, headline: bool
    ) -> tuple[npt.NDArray[np.float64], Features]:
        """Return by how much each story accepts an article before look-alikes are told apart, and the features."""
        seen = early_features(article, self.memory, rows, self._table)
        margins = self._weighed(article, rows, seen, headline=headline)
        if len(article.names) and not headline and self.language not in NO_CAPITALS:
            close = (margins > -MOST_NAMED).nonzero()[0]
            if len(close):
                known = min(1.0, self.commonness.articles / ELSEWHERE_ARTICLES)
                margins[close] += known * named(article, self.memory, rows[close], seen[close])
        close = (margins > -SHARED).nonzero()[0]
        if len(close) and not headline:
            margins[close] += shares_own(article, self.memory, rows[close], seen[close], self.commonness)
        return margins, seen

    def _late(self, article: Article, rows: Rows, seen: Features, *, headline: bool) -> npt.NDArray[np.float64]:
        """Return by how much each margin moves when its late features are looked at.

        They are summands of the body's model. All is weighed anew only where more depends on them: a headline has two
        models, and among a language's first articles shared names excuse nothing where numbers contradict (`_sure`).
        """
        if not headline and self.commonness.articles >= ELSEWHERE_ARTICLES:
            late = late_features(article, self.memory, rows, self._table, titles=self._models["body"].uses_titles)
            return self._models["body"].moved(seen, late)
        before = self._weighed(article, rows, seen, headline=headline)
        seen[:, LATE] = late_features(article, self.memory, rows, self._table)
        return self._weighed(article, rows, seen, headline=headline) - before

    def _weighed(self, article: Article, rows: Rows, seen: Features, *, headline: bool) -> npt.NDArray[np.float64]:
        """Return the margins that follow from features.

        A headline joins a story with bodies only where the model of bodies accepts it too: the other one has seen headlines
        alone, and to it any two words shared with a long text are a lot.
        """
        body = self._models["body"].margins(seen)
        articles = self.commonness.articles
        if articles >= ELSEWHERE_ARTICLES:
            body += leaning(len(self), articles, NOTHING)
        else:
            doubt = 1.0 - self._sure(article, rows, seen)
            body += leaning(len(self), articles, self._to_compare(seen) * doubt)
            body -= elsewhere(article, self.memory, rows, seen) * unsure(articles) * doubt
        body -= later(article, seen)
        if articles > BRIEFS_FROM:
            near = (body > -BRIEFS - MOST_NAMED).nonzero()[0]  # all others refuse the article even so
            if len(near):
                body[near] += in_brief(article, self.memory, rows[near], seen[near]) * familiar(articles)
        if not headline:
            return body + self._unnamed * (1.0 - length(seen)) if self._unnamed else body
        alone = self._models["headline"].margins(seen)
        return np.where(self.memory.headline[rows], alone, np.minimum(alone, body))

    def _knows_common(self) -> bool:
        """Return whether a word new to all says something: not in the first articles of English and unlisted languages."""
        return self._uses_list or self.commonness.articles >= ELSEWHERE_ARTICLES

    def _to_compare(self, seen: Features) -> npt.NDArray[np.float64]:
        """Return how much there is to compare with each story, 0 to 1: all of it where no list of common words is used."""
        return length(seen) if self._uses_list else np.ones(len(seen))

    def _sure(self, article: Article, rows: Rows, seen: Features) -> npt.NDArray[np.float64]:
        """Return how sure shared names are that each story is the article's, 0 to 1, while common words look rare."""
        many = self.memory.named.take(rows)
        shared = counted(self.memory.names, rows, many, article.names)
        fewer = np.minimum(many, len(article.names))
        sure = [sure_of(*each) for each in zip(shared.tolist(), fewer.tolist(), length(seen).tolist(), strict=True)]
        agree = seen[:, [FEATURES.index("ages_differ"), FEATURES.index("facts_differ")]].sum(1) == 0
        return np.asarray(np.array(sure) * agree)


def words_asked(words: int, overlap: int) -> int:
    """Return by how many of an article's words stories are looked for; a long text has enough, of pieces as of words."""
    return ASKED_WORDS * overlap if words < LONGER_WORDS else ASKED_WORDS


def hashed(rows: Sequence[tuple[str, *tuple[object, ...]]]) -> Ids:
    """Return the numbers of regions or topics, by the codes that their rows begin with."""
    return np.array([number(row[0]) for row in rows], np.uint32)


def placed(rows: Sequence[tuple[str, *tuple[object, ...]]]) -> Ids:
    """Return the numbers of the divisions of regions, ascending."""
    return np.array(sorted({number(code) for code in divisions(row[0] for row in rows)}), np.uint32)


def located(story: StoryRecord) -> float:
    """Return how sure it is where a story happens, 0 to 1: the articles that say so, by the number of divisions."""
    most = max((many for code, _, many in story.regions if divisions([code])), default=0)
    named = divisions(code for code, _, _ in story.regions)
    return most / max(1, story.originals) / max(1, len(named))
