"""Texts on which a pattern may take long are made from its own parts."""

import re

import pytest

from tools.patterns import attacks, text_of


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\s+$", "   "),
        (r"<a [^>]*>", "<a <a <a "),
        (r"(?:by )?(\w+ )+is", "a a a "),
        (r"(?i)©\s*(?:by\s+)?[a-z]{1,40}", "©   "),
    ],
)
def test_a_repeat_is_repeated_behind_its_beginning(pattern: str, text: str) -> None:
    """Among the texts is one that the pattern reads again and again."""
    beginnings = {re.sub(r"[^\W\d_]", "a", before + 3 * piece) for before, piece, _ in attacks(pattern)}
    assert any(re.sub(r"[^\W\d_]", "a", text) in each.replace("\t", " ").replace("\n", " ") for each in beginnings)


def test_a_pattern_without_repeats_has_none() -> None:
    """A pattern that reads a bounded number of characters takes no longer on longer texts."""
    assert not list(attacks(r"\d{1,4}-(?:a|b)?"))


def test_a_text_is_as_long_as_it_should_be() -> None:
    """The piece is repeated, its beginning and end stand once."""
    text = text_of(("(c)", "ab", "!"), 100)
    assert text.startswith("(c)ab")
    assert text.endswith("ab!")
    assert 100 <= len(text) <= 110
