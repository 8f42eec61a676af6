"""Tokens of an article and their places."""

from hypothesis import given
from hypothesis import strategies as st

from agents.tag.topics.tokens import LEAD_WORDS, WORD, Tokens, lower


@given(st.text())
def test_each_span_cuts_out_its_word(text: str) -> None:
    """A span, applied to the lower-case text, gives the word back."""
    words = Tokens(text)
    for number, form in enumerate(words.forms):
        start, end = words.span(number)
        assert lower(text)[start:end] == form


@given(st.text(alphabet="aAéß_ -'7戦क्\u064e"), st.data())
def test_each_span_is_where_the_word_was_found(text: str, data: st.DataObject) -> None:
    """Spans are those of the words found left to right, however alike the words, and in any order."""
    words, spans = Tokens(text), [match.span() for match in WORD.finditer(lower(text))]
    numbers = data.draw(st.permutations(range(len(spans))))
    assert {number: words.span(number) for number in numbers} == dict(enumerate(spans))


@given(st.text(alphabet="aAéß_ -'7戦क्ا\u064e\u200dx"))
def test_words_are_those_of_the_pattern_for_all_scripts(text: str) -> None:
    """Texts without characters of Indic or Arabic script are read sooner, and alike."""
    assert Tokens(text).forms == WORD.findall(lower(text))


@given(st.text())
def test_lower_case_keeps_every_code_point_in_its_place(text: str) -> None:
    """Lower case never changes a text's length, so that offsets hold for the original."""
    assert len(lower(text)) == len(text)


def test_turkish_dotted_capital_does_not_shift_what_follows() -> None:
    """İ becomes two code points in Python's lower case; here it stays one."""
    text = "İstanbul depremi"
    start, end = Tokens(text).span(1)
    assert text[start:end] == "depremi"


def test_single_latin_letters_are_no_words() -> None:
    """Initials and the letters after an apostrophe say nothing about a topic."""
    assert Tokens("Britain's J. R. Smith won't").forms == ["britain", "smith", "won"]


def test_pairs_are_neighbours() -> None:
    """Pairs are the words next to each other, in order."""
    assert Tokens("peace talks resume").pairs == ["peace talks", "talks resume"]


def test_a_span_of_two_words_covers_what_stands_between() -> None:
    """The span of a pair runs from its first word to the end of its second."""
    assert Tokens("the cease-fire holds").span(1, 2) == (4, 14)


def test_spans_can_be_asked_for_in_any_order() -> None:
    """Asking for a late word first does not lose the early ones."""
    words = Tokens("one two three")
    assert (words.span(2), words.span(0)) == ((8, 13), (0, 3))


def test_the_lead_is_bounded() -> None:
    """However long the body, the lead has at most LEAD_WORDS words."""
    assert len(Tokens.of_lead("war " * 10_000).forms) == LEAD_WORDS
