"""Vectors of words: sums of two, and the weights of one article's words in many stories."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.stories.reading.vectors import TABLE_BITS, Table, Vector, added, summed

#: Numbers of few low bits, so that many words of stories have the place of one of the article's.
WORDS = st.builds(lambda low, high: low + (high << TABLE_BITS), st.integers(0, 5), st.integers(1, 4))
WEIGHTS = st.integers(1, 64).map(lambda sixteenths: sixteenths / 16)


def vector_of(words: dict[int, float]) -> Vector:
    """Return words and weights as a vector in ascending order."""
    return Vector(np.array(sorted(words), np.uint32), np.array([words[word] for word in sorted(words)], np.float32))


@given(st.sets(WORDS, max_size=6), st.lists(st.dictionaries(WORDS, WEIGHTS, max_size=8), min_size=1, max_size=5))
def test_weights_are_those_that_stories_give_to_the_words(asked: set[int], stories: list[dict[int, float]]) -> None:
    """Whichever words have the same low bits: 0 where a story lacks a word, and no word is taken for another."""
    article = {word % (1 << TABLE_BITS): word for word in asked}  # of two with one place, one is lost
    ids = np.array(sorted(article.values()), np.uint32)
    words, weights = np.zeros((len(stories), 8), np.uint32), np.zeros((len(stories), 8), np.float32)
    for row, story in enumerate(stories):
        words[row, : len(story)], weights[row, : len(story)] = list(story), list(story.values())
    table, rows = Table(), np.arange(len(stories))[::-1]
    for _ in range(2):  # nothing is left in the table
        found = table.weights(ids, words, weights, rows)
        assert found.tolist() == [[stories[row].get(word, 0.0) for word in ids.tolist()] for row in rows.tolist()]


@given(st.dictionaries(WORDS, WEIGHTS, max_size=12), st.integers(1, 12))
def test_a_sum_with_nothing_is_the_same_as_one_that_is_computed(words: dict[int, float], most: int) -> None:
    """A new story's first words are taken as they are."""
    new, nothing = vector_of(words), vector_of({})
    whole = summed(nothing, new, 1.0)
    assert (whole.ids.tolist(), whole.weights.tolist()) == (new.ids.tolist(), new.weights.tolist())
    kept = added(nothing, new, 1.0, most)
    heaviest = sorted(words, key=lambda word: (-words[word], word))[:most]
    assert dict(zip(kept.ids.tolist(), kept.weights.tolist(), strict=True)) == {word: words[word] for word in heaviest}
    assert kept.ids.tolist() == sorted(heaviest)
