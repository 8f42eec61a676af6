"""Character references of HTML."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.character_references import unescape


@pytest.mark.parametrize("reference", ["&#" + "9" * 5_000 + ";", "&#" + "9" * 100_000, "&#" + "9" * 5_000 + "x&amp;"])
def test_a_reference_of_any_number_of_digits_is_read(reference: str) -> None:
    """Python makes no number of over 4,300 digits, and raises."""
    assert unescape(f"a {reference} b").startswith("a \ufffd")


@given(st.text(alphabet="&#x;0a9lt gmp\u20ac", max_size=60))
def test_others_are_read_as_python_does(text: str) -> None:
    """Named, numbered, broken and doubled ones."""
    assert unescape(text) == html.unescape(text)
