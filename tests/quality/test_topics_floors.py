"""Floors of the topic tagger on the development sets. Lower one only on purpose, and say why beside it."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from agents.tag.step import models
from agents.tag.topics import TopicTagger, encoder
from bench import topics as bench
from bench.topic_report import LANGUAGES, translations

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "quality" / "gold" / "topics.jsonl"
DATA = ROOT.parent / "shared" / "data" / "topics"
pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not DATA.exists(), reason="the development sets are not beside the project"),
]

#: Macro F1 of the best topic at threshold 0: set, fewest articles of a label, floor (below what was measured).
MACRO = [
    ("bbc", 25, 0.9),
    ("agnews", 25, 0.82),
    ("mind", 10, 0.575),
    # lowered on purpose from .705: nothing is learnt from HuffPost any more, whose licence could not be confirmed
    ("huffpost", 25, 0.57),
    ("masakhanews-en", 25, 0.95),
    ("masakhanews-en", 15, 0.8),
]
POOLED = ("bbc", "mind", "masakhanews-en")


Pairs = Callable[[str, float | None], list[tuple[str, str | None]]]


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    """Return the tagger with the weights that ship."""
    return models()[1]


@pytest.fixture(scope="module")
def pairs(tagger: TopicTagger) -> Pairs:
    """Return true and found topics of a set at a threshold, found once for all tests."""
    return cache(lambda name, threshold: bench.pairs_of(tagger, bench.documents(DATA / f"{name}.jsonl.gz"), threshold))


@pytest.mark.parametrize(("name", "least", "floor"), MACRO)
def test_macro_f1_holds(pairs: Pairs, name: str, least: int, floor: float) -> None:
    """The best topic is right as often as released, in each set."""
    assert bench.macro_f1(pairs(f"{name}-dev", 0.0), least) >= floor


def test_pooled_default_precision_and_coverage_hold(pairs: Pairs) -> None:
    """Over the sets that desks labelled, without HuffPost: precision and coverage at the default thresholds."""
    precision, coverage = bench.precision_and_coverage(pair for name in POOLED for pair in pairs(f"{name}-dev", None))
    # lowered on purpose from .875: at the score that reaches it tags reach less than .55 of the gold's topics, and gold counts
    assert precision >= 0.845
    assert coverage >= 0.87


def test_other_languages_hold(tagger: TopicTagger) -> None:
    """MasakhaNEWS's other fifteen languages: micro F1 at threshold 0, precision where the tagger does not abstain."""
    articles = bench.documents(DATA / "masakhanews-other-dev.jsonl.gz")
    right, _ = bench.precision_and_coverage(bench.pairs_of(tagger, articles, 0.0))
    precision, _ = bench.precision_and_coverage(bench.pairs_of(tagger, articles, None))
    assert right >= 0.8
    assert precision >= 0.9


@pytest.mark.parametrize(
    ("name", "floor"), [("gnad-de", 0.7), ("livedoor-ja", 0.7), ("tgcontest-ru", 0.76)], ids=["de", "ja", "ru"]
)
def test_native_sets_hold(tagger: TopicTagger, name: str, floor: float) -> None:
    """News written in German, Japanese and Russian: macro F1 at threshold 0 over labels with 10 articles."""
    articles = bench.documents(DATA / "languages" / f"{name}-dev.jsonl.gz")
    assert bench.macro_f1(bench.pairs_of(tagger, [pair for pair in articles if pair[1]], 0.0), 10) >= floor


def test_translations_get_the_topic_of_the_english_original(tagger: TopicTagger) -> None:
    """NTREX's translations at threshold 0: the mean over fifteen languages, and the weakest one."""
    english = best_topics(tagger, "eng", "en")
    top = {code: best_topics(tagger, code, language) for code, language in LANGUAGES.items()}
    agreement = {
        code: sum(english[key] == mine.get(key) for key in english) / len(english) for code, mine in top.items()
    }
    # lowered on purpose from .82 and .70: all tables were learnt anew, without HuffPost
    assert sum(agreement.values()) / len(agreement) >= 0.79
    assert min(agreement.values()) >= 0.66, agreement


def best_topics(tagger: TopicTagger, code: str, language: str) -> dict[str, str]:
    """Return the best top-level topic of each document of NTREX in one language."""
    found = ((article.id, tagger.tag(article, 0.0)) for article in translations(DATA.parent, code, language))
    return {document: topics[0].id for document, topics in found if topics}


def test_the_gold_test_third_holds(tagger: TopicTagger) -> None:
    """The third that nothing was trained or set on: macro F1 of the best topic, and precision of all default tags."""
    figures = bench.gold_figures(tagger, DATA, GOLD, "test")
    assert figures["best_among_gold"] >= 0.865
    assert figures["best_is_main"] >= 0.725
    assert figures["tag_precision"] >= 0.9
    assert figures["tag_recall"] >= 0.56


@pytest.fixture(scope="module")
def asked(tagger: TopicTagger) -> TopicTagger:
    """Return the tagger with the encoder of the extra."""
    if any(find_spec(name) is None for name in (*encoder.LIBRARIES, encoder.PACKAGE)):
        pytest.skip("the extra [embed] is not installed")
    found = tagger.with_encoder(encoder.PACKAGED)
    assert found.second is not None
    # an article of two sets, or at two thresholds, is encoded once: the same text has the same vector
    vars(found.second.encoder)["encode_text"] = cache(found.second.encoder.encode_text)
    return found


# MIND lowered on purpose from .57: the head learns nothing from HuffPost any more
@pytest.mark.parametrize(("name", "least", "floor"), [("bbc", 25, 0.915), ("mind", 10, 0.56)])
def test_macro_f1_holds_with_the_encoder(asked: TopicTagger, name: str, least: int, floor: float) -> None:
    """Where the linear model is unsure the encoder helps."""
    articles = bench.documents(DATA / f"{name}-dev.jsonl.gz")
    assert bench.macro_f1(bench.pairs_of(asked, articles, 0.0), least) >= floor


def test_the_gold_test_third_holds_with_the_encoder(asked: TopicTagger) -> None:
    """On news of all 17 topics: the main topic, and all default tags."""
    figures = bench.gold_figures(asked, DATA, GOLD, "test")
    assert figures["best_is_main"] >= 0.73
    assert figures["tag_precision"] >= 0.885
