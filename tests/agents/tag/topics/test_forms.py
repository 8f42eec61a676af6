"""Forms of words by language, and words of unspaced scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tag.topics.forms import FormFinder, Segmenter, beginnings
from agents.tag.topics.linear import word_code
from agents.tag.topics.tokens import Tokens


def finder(language: str, *words: str) -> FormFinder:
    """Return the finder of a table that knows some words."""
    return FormFinder(language, {word_code(word) for word in words})


@pytest.mark.parametrize(
    ("language", "word", "known"),
    [
        ("ar", "والإضراب", "اضراب"),
        ("ar", "للنقابات", "نقابات"),
        ("de", "hafenarbeiterstreik", "streik"),
        ("nl", "spoorwegstaking", "staking"),
        ("tr", "sendikalar", "sendika"),
        ("pl", "strajkowi", "strajk"),
        ("ru", "забастовками", "забастовк"),
        ("uk", "страйкарі", "страйк"),
    ],
)
def test_a_word_is_known_by_its_form(language: str, word: str, known: str) -> None:
    """Particles, compounds and endings do not hide a word from the table."""
    assert finder(language, known)(word) == known


def test_a_word_known_whole_keeps_its_form() -> None:
    """The whole word comes before any part of it."""
    assert finder("de", "streik", "warnstreik")("warnstreik") == "warnstreik"


@given(st.text(min_size=1), st.sampled_from(["ar", "de", "es", "hi", "ru", "tr"]))
def test_an_unknown_word_stays_as_it_is(word: str, language: str) -> None:
    """A table that knows nothing changes nothing."""
    assert finder(language)(word) == word


@given(st.text())
def test_beginnings_are_beginnings(word: str) -> None:
    """No form is longer than its word, and none shorter than four letters but the word itself."""
    assert all(word.startswith(form) and (form == word or len(form) >= 4) for form in beginnings(word))


def test_vowel_signs_belong_to_hindi_words() -> None:
    """Marks are no word characters to the regex engine, and must not cut words."""
    assert Tokens("मज़दूरों की हड़ताल।").forms == ["मज़दूरों", "की", "हड़ताल"]


def test_the_longest_word_is_cut_out() -> None:
    """A word of a table does not hide a longer one."""
    assert Segmenter(["工人", "码头工人", "罢工"])("码头工人宣布罢工").forms == ["码头工人", "罢工"]


@given(st.text(alphabet="罢工人码头 aİ", max_size=30))
def test_spans_of_segments_cut_out_their_words(text: str) -> None:
    """Each span gives its word back."""
    segments = Segmenter(["罢工", "工人", "码头"])(text)
    spans = [segments.span(number) for number in range(len(segments.forms))]
    assert [text[start:end] for start, end in spans] == segments.forms
