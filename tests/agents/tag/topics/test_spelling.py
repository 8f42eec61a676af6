"""The usual spelling of texts, and where its characters stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tag.topics.spelling import usual

#: Two spellings of the same words, by language.
SPELLINGS = (
    ("ar", "مُدَّعٍ عامّ", "مدع عام"),
    ("ar", "كـــأس", "كأس"),
    ("hi", "ग\u093cरीब", "गरीब"),
    ("hi", "हिन्दू सम्बन्ध", "हिंदू संबंध"),
    ("hi", "पाँच", "पांच"),
    ("ru", "актёр", "актер"),
    ("tr", "IŞIK İŞÇİ", "ışık işçi"),
    ("uk", "в\u02bcязниця", "в'язниця"),
    ("zh", "總統選舉", "总统选举"),
)


@pytest.mark.parametrize(("language", "one", "other"), SPELLINGS)
def test_two_spellings_are_one(language: str, one: str, other: str) -> None:
    """Words are the same with and without marks, dots and strokes."""
    assert usual(one, language).text == usual(other, language).text


@given(st.text(max_size=100), st.sampled_from(("ar", "de", "hi", "ja", "ru", "tr", "uk", "zh")))
def test_places_rise_through_the_text(text: str, language: str) -> None:
    """Each character has a place in the text, in order, and the end is the text's."""
    spelled, places = usual(text, language)
    assert len(places) == len(spelled) + 1
    assert list(places) == sorted(set(places))
    assert places[-1] == len(text)
