"""Folding and splitting of text."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tag.regions.lexicon.words import CLASSES, SMALL, WordSpans, fold


def test_capitals_are_lowered_but_not_abbreviations() -> None:
    """A place in capitals reads as usual; US keeps its capitals."""
    assert fold("NEW YORK and the US NAVY, FRANCE", kept={"NAVY"}) == "New York and the US NAVY, France"


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    """Offsets into the folded text are offsets into the text."""
    assert len(fold(text)) == len(text)


@given(st.text() | st.text(st.characters(max_codepoint=255)))
def test_words_are_runs_of_letters(text: str) -> None:
    """Words cover all letters and digits of a text and nothing between them, in order."""
    words = WordSpans(text)

    spans = list(zip(words.starts, words.ends, strict=True))
    covered = {offset for start, end in spans for offset in range(start, end)}
    assert covered == {offset for offset, letter in enumerate(text) if CLASSES[ord(letter)] >= SMALL}
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(spans))


@pytest.mark.parametrize("sign", ["“", "—", "…", "，", "। ", "؟", "\u00ab", " "])
def test_punctuation_of_any_script_parts_words(sign: str) -> None:
    """Quotation marks, dashes and full stops of several scripts stand between words."""
    words = WordSpans(f"Київ{sign}Berlin")

    assert [words[index] for index in range(words.count)] == ["Київ", "Berlin"]


def test_words_that_may_begin_names() -> None:
    """Capitals and letters of scripts without capitals may begin a name, small letters and digits may not."""
    words = WordSpans("In 2019 the दिल्ली police, Éire and łódź")

    assert [words.text[start:end] for _, start, end in words.initial] == ["In", "दिल्ली", "Éire"]


CAPITALS = re.compile(
    r"[A-ZÉŁÓ](?<!\w[A-ZÉŁÓ])[A-ZÉŁÓ]+(?:[ '.-]{1,2}[A-ZÉŁÓ]{2,})+\b|[A-ZÉŁÓ](?<!\w[A-ZÉŁÓ])[A-ZÉŁÓ]{3,}\b"
)
PARTS = ["NEW", "York", "US", "NAVY", "É", "ŁÓD", "a", "7", "_", " ", ". ", "-", "'", "\n", "“"]


def normal(word: str) -> str:
    """Return a word in capitals as it is written elsewhere."""
    return word if word == "US" else word.capitalize()


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_words_in_capitals_are_found_by_the_classes_of_their_letters(text: str) -> None:
    """The same runs are written normally as a regular expression over the text itself would find."""
    expected = CAPITALS.sub(lambda run: "".join(map(normal, re.split(r"([ '.-]+)", run[0]))), text)

    assert fold(text) == expected
