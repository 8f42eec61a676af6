"""The article's body: which blocks of a page are the article, by two small neural networks.

The first one sees the features of each block, the second one what the first says of the blocks around it (see context).
One hidden layer each, trained on pages with known bodies (see tools/train_clean.py for the data, their licences and the
recipe); the weights hold no text. Apart from the phrases that announce boilerplate, the words of a block play no
part: shapes, places and the publisher's own names do, so that it works alike in every language. Pages
without any names (class, id) cost it .001 to .007 of F1.
"""

from collections.abc import Generator, Sequence
from dataclasses import Field, dataclass, field, fields
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any, NamedTuple, TypeVar

import numpy as np

from agents.clean.page.blocks import Page
from agents.clean.page.context import context
from agents.clean.page.corrections.correct import correct
from agents.clean.page.features import BlockFeatures, PageFeatures
from agents.clean.page.results import holds_data, row_of
from agents.clean.page.series import with_series
from agents.clean.page.shapes import Floats
from agents.clean.text.words import normal

#: A block is kept from this probability on: where precision and recall meet on pages that the network had not seen.
KEEP = 0.5
#: A text that keeps less than this share of the words in the page's sentences may miss some (measured on pages of publishers
#: that the network had not seen: WCXB-dev .9495 to .9516, scrapinghub-dev unchanged).
LITTLE = 0.5
#: Then blocks are kept from this probability on.
UNSURE = 0.15
#: Fewest words in a page's sentences for which this holds.
MIN_SENTENCES = 60
#: A text may be cut where sentences beside it have at least this probability, and the two below hold. On the development
#: pages that is said of 4 in 100.
UNLIKELY = 0.08
#: Fewest words of these sentences.
CUT_WORDS = 100
#: Their smallest share, compared with the text.
CUT_SHARE = 0.2
#: It may be cut, too, where the page's sentences hold so many words more than the text,
MORE_WORDS = 300
#: and the text has less than this share of them.
HALF = 0.5
#: Features are cut at this many standard deviations, so that no freak of a page outweighs everything else.
CLIP = 4.0
#: Blocks multiplied at once: few enough that BLAS stays on this thread. A page in each process of a pool is the way to
#: use several cores; threads of BLAS beneath that cost more than they bring.
BATCH = 16


class DamagedWeights(RuntimeError):
    """The file of weights is not the one that was trained."""


@dataclass(frozen=True, slots=True)
class Network:
    """The weights: features are scaled, one hidden layer of rectified units, one output.

    What follows from them is computed once: the lowest and highest value of each feature, and the hidden layer for features
    as they are, a row for each unit.
    """

    mean: Floats
    scale: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: float
    low: Floats = field(init=False, repr=False)
    high: Floats = field(init=False, repr=False)
    units: Floats = field(init=False, repr=False)
    unit_bias: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Fold the scaling into the limits of the features and into the hidden layer."""
        for name, value in (
            ("low", self.mean - CLIP / self.scale),
            ("high", self.mean + CLIP / self.scale),
            ("units", np.ascontiguousarray((self.hidden * self.scale[:, None]).T)),
            ("unit_bias", self.hidden_bias - (self.mean * self.scale) @ self.hidden),
        ):
            object.__setattr__(self, name, value.reshape(len(value), -1).astype(np.float32))

    def __call__(self, features: Floats) -> Floats:
        """Return the probability of each row to be part of the article."""
        rows, width = features.shape
        # Features come as columns of what is a row each in memory, and stay so: to turn them would cost as much again.
        clipped = np.zeros((width, -(-rows // BATCH) * BATCH), dtype=np.float32)
        filled = np.maximum(features.T, self.low, out=clipped[:, :rows])
        np.minimum(filled, self.high, out=filled)
        activation = self.units @ clipped.reshape(width, -1, BATCH).transpose(1, 0, 2)
        activation += self.unit_bias
        logit = (self.output @ np.maximum(activation, 0.0, out=activation)).reshape(-1)[:rows] + self.output_bias
        return np.asarray(1.0 / (1.0 + np.exp(-logit)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Tells the article's blocks from the rest."""

    first: Network
    second: Network

    def __call__(self, features: BlockFeatures) -> Floats:
        """Return the probability of each block of some pages to be part of its page's article."""
        chance = self.first(features.matrix)
        return self.second(context(features, chance))


@lru_cache(1)
def classifier() -> Classifier:
    """Return the classifier, loaded once a process."""
    return read_classifier(files("agents.clean.page"))


def read_classifier(folder: Traversable) -> Classifier:
    """Return the classifier in a folder; raise `DamagedWeights` where its file is another than was trained."""
    data, wanted = (
        folder.joinpath("weights.npz").read_bytes(),
        folder.joinpath("weights.lock").read_text("ascii").strip(),
    )
    if sha256(data).hexdigest() != wanted:
        raise DamagedWeights(
            "agents/clean/page/weights.npz is not the file that weights.lock names: install wirewatch again"
        )
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        parts = {name: stored[name].astype(np.float32) for name in stored.files}
    return Classifier(*(network_of(parts, name) for name in ("first", "second")))


def trained_fields() -> list[Field[Any]]:
    """Return the fields of a network that are trained, in order."""
    return [part for part in fields(Network) if part.init]


def network_of(parts: dict[str, Floats], name: str) -> Network:
    """Return one network of those in a file of weights."""
    mean, scale, hidden, hidden_bias, output, bias = (parts[f"{name}_{part.name}"] for part in trained_fields())
    return Network(mean, scale, hidden, hidden_bias, output, float(bias[0]))


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks that were kept, as paragraphs, and how sure the choice was (mean probability by words).

    `left_out`: words of sentences that may belong to the text and were left out, where they are many; else 0.
    `links`: the addresses that the kept blocks lead to, as they are written.
    """

    paragraphs: list[str]
    words: int
    confidence: float
    left_out: int = 0
    links: Sequence[str] = ()


#: A page to be judged: its blocks, and the title that it claims, empty where it claims none.
Question = tuple[Page, str]


class Judgement(NamedTuple):
    """A page's features, and the probability of each of its blocks to be part of the article."""

    features: PageFeatures
    chance: Floats


T = TypeVar("T")
#: Work on a page that pauses between its steps, so that others can go through each step with it (`together`). Where it asks for
#: the judgement on its blocks it goes on with it, else with None.
Paused = Generator[Question | None, Judgement | None, T]


def judge(titled: Sequence[Question | None]) -> list[Judgement | None]:
    """Return the judgement of the networks on each page, None on one without blocks (or none).

    Pages are judged together, for the same arrays are made for many blocks as for few: by eight at once a page takes half the
    time.
    """
    shown = {number: item for number, item in enumerate(titled) if item is not None and item[0].texts}
    found: list[Judgement | None] = [None] * len(titled)
    if shown:
        features = BlockFeatures(list(shown.values()))
        chance = classifier()(features)
        for number, seen, own in zip(shown, features.pages(), features.bundle.slices(), strict=True):
            found[number] = Judgement(seen, chance[own])
    return found


def find_body(judgement: Judgement | None) -> Body:
    """Return the article's body on a page that was judged."""
    if judgement is None:
        return Body([], 0, 0.0)
    features, chance = judgement
    page, title = features.page, features.title
    kept = choose(features, chance)
    blocks = features.at(kept)
    words = features.words[blocks]
    total = float(words.sum())
    if not total:
        return Body([], 0, 0.0)
    return Body(
        paragraphs=paragraphs(page, kept, title),
        words=int(total),
        confidence=float((words * chance[blocks]).sum() / total),
        left_out=left_out(features, chance, kept),
        links=links_of(page, kept),
    )


def links_of(page: Page, kept: list[int]) -> list[str]:
    """Return the addresses that the kept blocks lead to."""
    within = set(kept)
    return [address for address, at in page.anchors if at in within]


def left_out(features: PageFeatures, chance: Floats, kept: list[int]) -> int:
    """Return the words of sentences left out of a text that may be cut, 0 where it seems whole."""
    rest = features.good.copy()
    blocks = features.at(kept)
    rest[blocks] = 0
    beside, outside, text = float(rest[chance > UNLIKELY].sum()), float(rest.sum()), float(features.words[blocks].sum())
    if beside > max(CUT_WORDS, CUT_SHARE * text):
        return int(beside)
    return int(outside) if outside > MORE_WORDS and outside > HALF * float(features.good.sum()) else 0


def choose(features: PageFeatures, chance: Floats) -> list[int]:
    """Return the blocks of the article by their probabilities, after the corrections for kinds of pages.

    Where they hold less than `LITTLE` of the page's sentences the network is unsure of the page, and takes more.
    """
    kept: list[int] = np.flatnonzero(chance > KEEP).tolist()
    sentences = float(features.good.sum())
    if sentences > MIN_SENTENCES and float(features.words[features.at(kept)].sum()) < LITTLE * sentences:
        kept = np.flatnonzero(chance > UNSURE).tolist()
    return correct(features, with_series(features, chance, kept))


def paragraphs(page: Page, kept: list[int], title: str) -> list[str]:
    """Return the texts of the kept blocks: a paragraph each, the cells of a table's row in one, no title at the top."""
    out = [page.texts[index] for index in kept] if "tr" not in page.tags else rows_joined(page, kept)
    if out and title and normal(out[0]) == normal(title):
        del out[0]
    return out


def rows_joined(page: Page, kept: list[int]) -> list[str]:
    """Return the texts of the kept blocks, the cells of a table's row in one."""
    out: list[str] = []
    data: dict[int, bool] = {-1: False}
    row = -1
    inside = set(page.within("tr"))
    for index in kept:
        text = page.texts[index]
        above = row_of(page, index) if index in inside else -1
        if above not in data:
            data[above] = holds_data(page, above)
        if above == row and data[row]:
            out[-1] = f"{out[-1]} | {text}"
        else:
            out.append(text)
        row = above
    return out
