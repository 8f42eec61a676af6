"""The linear model's arithmetic, on a table small enough to check by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.tag.topics.linear import LEAST_SHARE, BrokenModelError, Limits, LinearModel, pair_code, word_code
from agents.tag.topics.tokens import Tokens


def model(features: dict[str, tuple[int, int]], idf: float = 2.0) -> LinearModel:
    """Return a model of two topics with the given weights, no bias, slope 1, offset 0."""
    codes = {pair_code(*name.split()) if " " in name else word_code(name): row for name, row in features.items()}
    return LinearModel(
        topics=["medtop:15000000", "medtop:16000000"],
        codes=np.array(sorted(codes), np.uint32),
        weights=np.array([codes[code] for code in sorted(codes)], np.float32),
        idf=np.full(len(codes), idf, np.float32),
        bias=np.zeros(2, np.float32),
        slope=np.ones(2, np.float32),
        offset=np.zeros(2, np.float32),
        limits=Limits(0.5, 0.5),
    )


def test_one_word_of_the_lead_counts_its_weight() -> None:
    """A single known word has value one after division by the length, so the margin is its weight."""
    reading = model({"striker": (3, -2)}).read_article(Tokens(""), Tokens("striker"))
    assert reading is not None
    assert reading.log_odds.tolist() == pytest.approx([3, -2])


def test_values_are_damped_counts_over_their_length() -> None:
    """Two words, one of them twice: (1 + ln 2) and 1, divided by their length."""
    reading = model({"goal": (1, 0), "army": (0, 1)}).read_article(Tokens(""), Tokens("goal goal army"))
    assert reading is not None
    length = ((1 + np.log(2)) ** 2 + 1) ** 0.5
    assert reading.log_odds.tolist() == pytest.approx([(1 + np.log(2)) / length, 1 / length])


def test_a_word_of_the_title_counts_twice() -> None:
    """A title's word weighs as much as a lead's word that stands there twice."""
    table = model({"goal": (1, 0), "army": (0, 1)})
    titled, repeated = (
        table.read_article(Tokens("goal"), Tokens("army")),
        table.read_article(Tokens(""), Tokens("goal goal army")),
    )
    assert titled is not None
    assert repeated is not None
    assert titled.log_odds.tolist() == pytest.approx(repeated.log_odds.tolist())


def test_pairs_add_to_the_margin_and_not_to_the_length() -> None:
    """The length is that of the words alone."""
    reading = model({"peace": (0, 0), "talks": (0, 0), "peace talks": (0, 4)}).read_article(
        Tokens(""), Tokens("peace talks")
    )
    assert reading is not None
    assert reading.log_odds.tolist() == pytest.approx([0, 4 / 2**0.5])


def test_known_is_the_share_of_words_seen() -> None:
    """One of four words is in the table."""
    reading = model({"goal": (1, 0)}).read_article(Tokens("goal"), Tokens("uno dos tres"))
    assert reading is not None
    assert reading.known == pytest.approx(0.25)


@pytest.mark.parametrize(("title", "text"), [("", ""), ("zzzz", "yyyy"), ("?!", "a b c")])
def test_a_text_without_known_words_gives_no_reading(title: str, text: str) -> None:
    """Where no word is known there is nothing to say."""
    assert model({"goal": (1, 0)}).read_article(Tokens(title), Tokens(text)) is None


def test_the_weightiest_features_lead_to_their_words() -> None:
    """Features come heaviest first, say where they stand; those that speak little for a topic, or against it, are left out."""
    table = model({"goal": (2, 0), "late": (1, 0), "army": (-3, 1), "late goal": (5, 0)})
    title, lead = Tokens("army"), Tokens("a very late goal")
    reading = table.read_article(title, lead)
    assert reading is not None
    found = [(feature.in_title, feature.first, feature.count) for feature in table.weightiest(reading, 0, 5)]
    assert found == [(False, 1, 2), (False, 2, 1)]


def test_a_pair_never_spans_title_and_lead() -> None:
    """The last word of the title and the first of the lead are no neighbours."""
    reading = model({"peace": (0, 0), "peace talks": (0, 9)}).read_article(Tokens("peace"), Tokens("talks"))
    assert reading is not None
    assert reading.log_odds[1] == 0


FEW_WORDS = st.lists(st.sampled_from(["goal", "late", "army", "moves", "unseen"])).map(" ".join)


@settings(deadline=None)
@given(FEW_WORDS, FEW_WORDS)
def test_a_reading_is_the_arithmetic_of_the_module(title: str, text: str) -> None:
    """Log-odds, the share of known words and first places are those of a plain count, feature by feature."""
    features = {
        "goal": (1, 0),
        "late": (2, -1),
        "army": (-3, 1),
        "moves": (0, 2),
        "late goal": (5, 0),
        "goal goal": (0, 3),
    }
    titled, led = Tokens(title), Tokens(text)
    tokens = [(True, n, 1, word) for n, word in enumerate(titled.forms)]
    tokens += [(False, n, 1, word) for n, word in enumerate(led.forms)]
    tokens += [(True, n, 2, pair) for n, pair in enumerate(titled.pairs)]
    tokens += [(False, n, 2, pair) for n, pair in enumerate(led.pairs)]
    counts: dict[str, int] = {}
    first: dict[str, tuple[bool, int, int]] = {}
    for in_title, place, count, feature in tokens:
        if feature in features:
            counts[feature] = counts.get(feature, 0) + (2 if in_title else 1)
            first.setdefault(feature, (in_title, place, count))
    values = {feature: 2 * (1 + np.log(count)) for feature, count in counts.items()}
    length = sum(value**2 for feature, value in values.items() if " " not in feature) ** 0.5
    table = model(features)
    reading = table.read_article(titled, led)
    if not length:
        assert reading is None
        return
    assert reading is not None
    expected = [sum(value * features[feature][topic] for feature, value in values.items()) / length for topic in (0, 1)]
    assert reading.log_odds.tolist() == pytest.approx(expected, abs=1e-4)
    words = titled.forms + led.forms
    assert reading.known == pytest.approx(sum(word in features for word in words) / len(words))
    for topic in (0, 1):
        shares = {feature: value * features[feature][topic] for feature, value in values.items()}
        most = max(shares.values())
        spoke = {first[feature] for feature, share in shares.items() if share > 0 and share >= most * LEAST_SHARE}
        assert {(f.in_title, f.first, f.count) for f in table.weightiest(reading, topic, 9)} == spoke


@settings(deadline=None)
@given(FEW_WORDS, FEW_WORDS, st.integers(1, 4))
@example("late goal", "army", 4)
def test_title_and_opening_alone_are_read_as_if_nothing_else_were_there(title: str, text: str, opening: int) -> None:
    """The verdict of each beside all is a reading of its own, or the offset where it has no known word."""
    table = model({"goal": (1, 0), "army": (-3, 1), "late goal": (5, 0), "goal goal": (0, 3)})
    table.offset += 0.5
    reading = table.read_article(Tokens(title), Tokens(text), opening)
    if reading is None:
        return
    fields = (Tokens(title), Tokens("")), (Tokens(""), Tokens(text, opening))
    found = [table.read_article(*field) for field in fields]
    expected = [[0.5, 0.5] if one is None else one.log_odds.tolist() for one in found]
    assert reading.alone.tolist() == [pytest.approx(one, abs=1e-4) for one in expected]


@settings(deadline=None)
@given(st.text(), st.text())
def test_reading_is_the_same_with_and_without_memory(title: str, text: str) -> None:
    """Earlier articles do not change the reading of a later one."""
    fresh, used = model({"goal": (1, 0)}), model({"goal": (1, 0)})
    used.read_article(Tokens(text), Tokens(title))
    first, second = (table.read_article(Tokens(title), Tokens(text + " goal")) for table in (fresh, used))
    assert first is not None
    assert second is not None
    assert first.log_odds.tolist() == second.log_odds.tolist()


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1))
def test_pairs_have_the_codes_that_the_table_was_written_with(left: str, right: str) -> None:
    """The codes of pairs that training computes one by one are those that reading computes all at once."""
    words = Tokens(f"{left} {right} goal")
    features = dict.fromkeys(words.pairs, (1, 0)) | {"goal": (0, 0)}
    reading = model(features).read_article(Tokens(""), words)
    assert reading is not None
    assert len(reading.values) >= len(set(words.pairs))


def test_a_file_holds_square_roots_in_units_of_a_scale(tmp_path: Path) -> None:
    """A stored root is read as its signed square, times the topic's scale."""
    np.savez(
        tmp_path / "table.npz",
        topics=np.array(["medtop:15000000", "medtop:16000000"]),
        codes=np.array([word_code("goal")], np.uint32),
        weights=np.array([[3, -127]], np.int8),
        scale=np.array([0.5, 0.001], np.float32),
        idf=np.ones(1, np.float16),
        limits=np.array([0.9, 0.6]),
        bias=np.zeros(2, np.float32),
        slope=np.zeros(2, np.float32),
        offset=np.zeros(2, np.float32),
    )
    table = LinearModel.read(tmp_path / "table.npz")
    assert table.weights[0].tolist() == pytest.approx([4.5, -16.129])
    assert table.limits == Limits(first=0.9, further=0.6)


def test_a_table_that_differs_from_its_checksum_is_refused(tmp_path: Path) -> None:
    """A damaged or exchanged weights file stops the start and is named."""
    path = tmp_path / "english.npz"
    path.write_bytes(b"not the one")
    with pytest.raises(BrokenModelError, match=r"english\.npz"):
        LinearModel.read(path, "0" * 64)
