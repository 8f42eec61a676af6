"""Shapes of texts: counted in all texts of a page at once, they are those of each text alone."""

from hypothesis import given
from hypothesis import strategies as st

from agents.clean.page.shapes import Shapes
from agents.clean.text.words import count_words

SIGNS = "ab Zé,.?!،、。।1٣\n@'\u0e01\u17ff日\ud800"
TEXTS = st.lists(
    st.text(SIGNS, min_size=1, max_size=40).map(str.strip).filter(bool)
    | st.builds(lambda text, times: (text * times).strip() or "a", st.text(SIGNS, min_size=1), st.integers(1, 900)),
    min_size=1,
    max_size=8,
)


@given(TEXTS)
def test_words_are_counted_in_all_texts_at_once(texts: list[str]) -> None:
    """Each text has as many words as it has alone."""
    assert Shapes(texts).words().tolist() == [count_words(text) for text in texts]


@given(TEXTS)
def test_signs_are_counted_in_all_texts_at_once(texts: list[str]) -> None:
    """Commas and stops are those of the head of each text; labels have none."""
    commas, stops, lines, *_ = Shapes(texts).rows()
    heads = [text[:2000] if len(text) >= 12 else "" for text in texts]
    assert list(commas) == [sum(map(head.count, ",，、،")) for head in heads]
    assert list(stops) == [sum(map(head.count, (". ", "? ", "! ", "。", "। "))) for head in heads]
    assert list(lines) == [min(text.count("\n"), 10) / 10 if len(text) >= 12 else 0 for text in texts]


@given(TEXTS)
def test_digits_and_ends_are_those_of_each_text(texts: list[str]) -> None:
    """Digits of any script count in labels, the ten of ASCII in longer texts, none in paragraphs."""
    _, _, _, digits, ends, *_ = Shapes(texts).rows()
    for text, share, end in zip(texts, digits, ends, strict=True):
        alone = Shapes([text]).rows()
        assert (share, end) == (alone[3][0], alone[4][0])
        if len(text) < 12:
            assert share == sum(map(str.isdigit, text)) / len(text)
        else:
            assert share == (sum(map(text.count, "0123456789")) / len(text) if len(text) < 300 else 0)


def test_sentences_end_as_each_script_writes_it() -> None:
    """Full stops of Urdu, Amharic, Armenian and Burmese, and closing quotes of German, Danish and Japanese."""
    ends = Shapes(["کہا۔", "ተናገሩ።", "ասաց։", "ပြောသည်။", "sagte er.“", "sagde han«", "と話した」", "no end"]).rows()[4]
    assert list(ends) == [True] * 7 + [False]
