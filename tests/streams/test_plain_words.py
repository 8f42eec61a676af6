"""Words of texts that are ASCII but for their punctuation."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from streams.text.plain_words import SIGNS, plain_words, spaced

ASCII = "".join(map(chr, range(128)))


@given(st.text(st.sampled_from(ASCII + SIGNS), max_size=80))
@example(ASCII)
@example(SIGNS.join("ab"))
def test_the_same_words_are_found_as_by_a_pattern(text: str) -> None:
    """Hashes of texts in a state rest on it: a word less, and every article would be revised."""
    assert decoded(plain_words(spaced(text))) == re.findall(r"\w+", text)


@given(st.text(max_size=40))
def test_what_is_not_known_is_left_to_a_pattern(text: str) -> None:
    """A letter beyond ASCII is never taken for the end of a word, and punctuation never for a part of one."""
    found = decoded(plain_words(spaced(text)))
    assert found is None or found == re.findall(r"\w+", text)
    assert re.findall(r"\w+", spaced(text)) == re.findall(r"\w+", text)


def decoded(words: list[bytes] | None) -> list[str] | None:
    """Return words as texts."""
    return None if words is None else [word.decode() for word in words]
