"""Folding and splitting of text."""

from hypothesis import given
from hypothesis import strategies as st

from agents.tag.regions.words import Words, fold


def test_capitals_are_lowered_but_not_abbreviations() -> None:
    """A place in capitals reads as usual; US stays what it is."""
    assert fold("NEW YORK and the US NAVY, FRANCE", kept={"NAVY"}) == "New York and the US NAVY, France"


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    """Offsets into the folded text are offsets into the text."""
    assert len(fold(text)) == len(text)


@given(st.text())
def test_words_lie_where_they_say(text: str) -> None:
    """Each word is the slice of the text between its offsets."""
    words = Words(text)

    assert [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)] == words.words
