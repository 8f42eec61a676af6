"""Learn which stories accept an article: writes agents/stories/weights.toml.

    python tools/train_stories.py [--body TAGGED TRUTH]… [--headline TAGGED TRUTH]… [--write]

Made-up news (made_up_stories.py, made_up_affairs.py) is always learned from. Further streams may be given, as what
`wirewatch apply dedup,tag` wrote, in order of time, and their truth (JSON lines with `id`, the record's `ref`, and
`cluster`): only such whose licence lets weights be learned from them. The released weights come from one run on made-up
news and on half A of ECB+ (CC BY 3.0) for bodies, of the UCI News Aggregator (public domain) for headlines; half A are the
clusters for which sha256("ab-v1:" + cluster) begins with an even byte.

The model is fitted in rounds. In the first, stories are grouped mostly by the truth; in each later one by the model so far,
and what it then has to decide on (stories in two pieces, stories with a stranger in them) is learned from as well: a model
that has only seen perfect stories splits what is split for good (after Ross et al., AISTATS 2011). A candidate counts as
right by the share of its articles that tell of the article's event. The model of bodies has no weight that goes against
what its feature means (`WAYS`).
"""

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from agents.stories.acceptance import FEATURES, Model, Weighing, features, length, log_odds
from agents.stories.language import LanguageStories, Windows
from agents.stories.reading.gather import ArticleFeatures, gather
from agents.stories.reading.vectors import Table
from agents.stories.state import story as stories
from agents.tag.step import tag
from streams.records import Clean, Tagged, decode
from tools import made_up_affairs, made_up_stories

Floats = npt.NDArray[np.float64]

#: Events of each made-up stream of bodies, and of headlines; and days.
EVENTS, HEADLINE_EVENTS, DAYS = 600, 1500, 20.0
#: Kinds of events of a stream in which every one looks like every other.
ALIKE = ("shooting", "wounding", "accidental")
ROUNDS = 4
#: The probability from which an article joins a story in the later rounds.
PLAYED = 0.1
RIDGE = 1e-3
#: How even streams of different lengths count: 0 by pairs, 1 all the same.
EVEN = 0.5
#: Candidates learned from for each article, besides the right ones: those that the model likes best.
HARDEST = 8
#: Which way each feature may speak, 1 for the story and -1 against it; the others either way. Made-up news taught that a
#: longer gap and other titles speak for a story, which no real news does: such a weight is left out, not believed.
WAYS = dict.fromkeys(
    (
        "rarest_contained",
        "title_in_body",
        "nearness_in_time",
        "regions_shared",
        "log_rare_shared",
        "log_body_cosine",
        "log_title_cosine",
        "story_held",
    ),
    1,
) | dict.fromkeys(("log_gap_days", "log_age_days", "ages_differ", "facts_differ"), -1)
#: Log odds that begin the first round: by the cosine of bodies alone.
START = {"log_body_cosine": 4.0, "bias": 6.0}
#: The probabilities from which a short and a long article belong to a story; docs/decisions/story-training.md tells how chosen.
BARS = {"body": (0.6, 0.65), "headline": (0.25, 0.25)}


class Labelled(NamedTuple):
    """An article and the event that it tells of."""

    article: ArticleFeatures
    event: str


def labelled(stream: Iterable[tuple[Clean, str]]) -> list[Labelled]:
    """Return a stream of made-up news, tagged."""
    return [Labelled(gather(tag(clean)), event) for clean, event in stream]


def without_bodies(stream: Iterable[tuple[Clean, str]]) -> Iterator[tuple[Clean, str]]:
    """Yield a stream of made-up news as headlines alone."""
    for clean, event in stream:
        clean.text = ""
        yield clean, event


def given(tagged: Path, truth: Path) -> Iterator[Labelled]:
    """Yield the articles of a stream that are no copies."""
    events = {row["id"]: row["cluster"] for row in map(orjson.loads, truth.read_bytes().splitlines())}
    for line in tagged.read_bytes().splitlines():
        if orjson.loads(line)["schema"] == "wirewatch.tagged.v1":
            article = decode(line, Tagged)
            yield Labelled(gather(article), events[str(article.ref)])


def play(rows: Sequence[Labelled], model: Model, taught: float, seed: int) -> tuple[Floats, Floats]:
    """Group a stream by a model, a share of it by the truth; return features and rightness of its decisions."""
    dice, table = random.Random(seed), Table()
    language = LanguageStories("en", Windows(30 * 86_400.0, 30 * 86_400.0), table)
    holds: defaultdict[int, Counter[str]] = defaultdict(Counter)
    xs, ys = [], []
    for number, (article, event) in enumerate(rows):
        compared = language.compared(article)
        found = language.candidates(compared)
        row = None
        if len(found):
            seen = features(compared, language.memory, found, table)
            margins = model.margins(seen)
            right = np.array([holds[int(r)][event] / holds[int(r)].total() for r in found])
            hard = set(np.argsort(-margins)[:HARDEST].tolist()) | set(np.flatnonzero(right > 0.5).tolist())
            xs.append(seen[sorted(hard)])
            ys.append(right[sorted(hard)])
            best = int(np.argmax(margins))
            row = int(found[best]) if margins[best] > 0 else None
            if dice.random() < taught:
                true = np.flatnonzero(right > 0.5)
                row = int(found[true[np.argmax(margins[true])]]) if len(true) else None
        story = language.story(row) if row is not None else stories.founded(article, number, article.time)
        stories.joined(story, article, compared.body, compared.title, article.time)
        language.put(story, row)
        holds[language.rows[story.id]][event] += 1
        for _ in language.commonness.add(compared.body.ids):
            pass
    return np.concatenate(xs), np.concatenate(ys)


def fitted(x: Floats, y: Floats, counts: Floats, ridge: float = RIDGE) -> tuple[Floats, float]:
    """Return weights and bias of the logistic regression, by Newton's method on standardised features.

    `counts`: how much each pair counts.
    """
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    penalty = np.full(z.shape[1], ridge * len(x))
    penalty[-1] = 1e-9
    beta = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ beta))
        curvature = (z * (counts * p * (1 - p))[:, None]).T @ z + np.diag(penalty)
        step = np.linalg.solve(curvature, z.T @ (counts * (p - y)) + penalty * beta)
        beta -= step
        if np.abs(step).max() < 1e-6:
            break
    raw = beta[:-1] / spread
    return raw, float(beta[-1] - raw @ mean)


def fitted_one_way(x: Floats, y: Floats, counts: Floats, ways: npt.NDArray[np.int64]) -> tuple[Floats, float]:
    """Return weights and bias of the regression without the features whose weights would go against their way (`WAYS`)."""
    used = np.ones(x.shape[1], np.bool_)
    while True:
        weights = np.zeros(x.shape[1])
        weights[used], bias = fitted(x[:, used], y, counts)
        wrong = weights * ways < 0
        if not wrong.any():
            return weights, bias
        used &= ~wrong


def learn(streams: Sequence[Sequence[Labelled]], *, by_length: bool) -> Model:
    """Return the model learned over the rounds, its bars left at even odds.

    `by_length`: short and long articles are weighed apart; headlines are all short.
    """
    start = Weighing(np.array([START.get(name, 0.0) for name in FEATURES]), START["bias"])
    model, xs, ys, counts = Model(start, start, 0.0, 0.0), [], [], []
    for number in range(ROUNDS):
        cut = log_odds(PLAYED) if number else 0.0
        for seed, rows in enumerate(streams):
            x, y = play(rows, model._replace(bar=cut, long_bar=cut), 0.5 if number == 0 else 0.0, seed)
            xs.append(x)
            ys.append(y)
            counts.append(np.full(len(y), len(y) ** -EVEN))
        share = np.concatenate(counts)
        fit = fitted_by_length if by_length else fitted_alike
        model = fit(np.concatenate(xs), np.concatenate(ys), share / share.mean())
        print(f"round {number + 1}: {sum(map(len, ys))} pairs", file=sys.stderr)
    return model


def fitted_alike(x: Floats, y: Floats, counts: Floats) -> Model:
    """Return one regression for all lengths."""
    weighing = Weighing(*fitted(x[:, : len(FEATURES)], y, counts))
    return Model(weighing, weighing, 0.0, 0.0)


def fitted_by_length(x: Floats, y: Floats, counts: Floats) -> Model:
    """Return one regression in which each weight goes from one value for short articles to another for long ones."""
    long, x = length(x)[:, None], x[:, : len(FEATURES)]
    whole = np.c_[x, np.ones(len(x))]
    ways = np.array([WAYS.get(name, 0) for name in FEATURES])
    weights, bias = fitted_one_way(np.c_[whole * (1 - long), x * long], y, counts, np.r_[ways, 0, ways])
    many = x.shape[1]
    short = Weighing(weights[:many], float(weights[many]) + bias)
    return Model(short, Weighing(weights[many + 1 :], bias), 0.0, 0.0)


def table_of(name: str, model: Model, bars: tuple[float, float]) -> str:
    """Return a model as TOML."""
    lines = [f"[{name}]", f"bar = {bars[0]}", f"long_bar = {bars[1]}"]
    parts = {"short": model.short} if model.long is model.short else {"short": model.short, "long": model.long}
    for part, weighing in parts.items():
        lines += ["", f"[{name}.{part}]"]
        lines += [f"{key} = {weight:.4f}" for key, weight in zip(FEATURES, weighing.weights, strict=True)]
        lines.append(f"bias = {weighing.bias:.4f}")
    return "\n".join(lines)


def main() -> None:
    """Learn both models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in BARS:
        parser.add_argument(f"--{name}", nargs=2, type=Path, action="append", default=[], metavar=("TAGGED", "TRUTH"))
    parser.add_argument(
        "--write", action="store_true", help="into agents/stories/weights.toml, else to standard output"
    )
    options = parser.parse_args()
    bodies = [
        labelled(made_up_stories.stream(1, EVENTS, DAYS)),
        labelled(made_up_stories.stream(2, EVENTS, 3 * DAYS, ALIKE)),
        labelled(made_up_affairs.stream(1, EVENTS, DAYS)),
        labelled(made_up_affairs.stream(2, EVENTS, 2 * DAYS, ALIKE)),
    ]
    bodies += [list(given(*pair)) for pair in options.body]
    headlines = [labelled(without_bodies(made_up_stories.stream(21, HEADLINE_EVENTS, DAYS)))]
    headlines += [list(given(*pair)) for pair in options.headline]
    text = "# Written by tools/train_stories.py, whose head says what these were learned from.\n"
    for name, rows in (("body", bodies), ("headline", headlines)):
        text += f"\n{table_of(name, learn(rows, by_length=name == 'body'), BARS[name])}\n"
    if options.write:
        (ROOT / "agents" / "stories" / "weights.toml").write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
