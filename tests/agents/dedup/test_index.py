"""The rows that say which articles hold a shingle."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.dedup.index import ROW, SWEEP_EVERY, Names, Shingles

WINDOW = 64

# Few rows and few values, so that rows overflow and shingles share rows.
shingles = st.lists(st.integers(0, 40).map(lambda n: (n % 5) | (n // 5) << 20), max_size=12, unique=True).map(sorted)
articles = st.lists(shingles, max_size=40)


def filled(held: list[list[int]], first: int = 0) -> Shingles:
    """Return an index with articles added one by one."""
    index = Shingles(WINDOW)
    for seq, values in enumerate(held, first):
        index.advance(seq)
        index.add(seq, index.probe(np.array(values, np.uint32)))
    return index


def found(index: Shingles, values: list[int]) -> list[tuple[int, int]]:
    """Return the shingles found, each with the number of an article in the window that holds it."""
    window = {int(index.place(seq)): seq for seq in range(index.newest - WINDOW + 1, index.newest + 1)}
    shingle, place = index.find(index.probe(np.array(values, np.uint32)))
    known = zip(shingle.tolist(), map(window.get, place.tolist()), strict=True)
    return sorted((values[at], seq) for at, seq in known if seq is not None)


@settings(deadline=None)
@given(articles, st.integers(0, 10 * WINDOW), st.data())
def test_batches_in_any_order_give_the_same_rows(held: list[list[int]], first: int, data: st.DataObject) -> None:
    """Restoring fills the rows as deciding did."""
    order = data.draw(st.permutations(range(len(held))))
    cut = data.draw(st.integers(0, len(held)))
    steady, restored = filled(held, first), Shingles(WINDOW)
    for part in (order[:cut], order[cut:]):
        seqs = [first + at for at in part for _ in held[at]]
        values = [value for at in part for value in held[at]]
        restored.advance(first + max(part, default=-1))
        restored.add_many(np.array(seqs, np.int64), np.array(values, np.uint32))

    everything = sorted({value for values in held for value in values})
    assert found(restored, everything) == found(steady, everything)


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=300, unique=True).map(sorted))
def test_an_article_is_found_by_its_shingles(values: list[int]) -> None:
    """Every shingle finds its article, but for those that share a row within it; no other shingle does."""
    index = filled([values])
    rows = {value & int(index.place_mask) for value in values}
    others = {value ^ 1 << 31 for value in values} - set(values)

    assert len(found(index, values)) == len(rows)
    assert not found(index, sorted(others))


def test_a_popular_shingle_keeps_its_latest_articles() -> None:
    """A row lets go of the oldest."""
    index = filled([[7]] * 40)

    assert found(index, [7]) == [(7, seq) for seq in range(40 - ROW, 40)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3 * WINDOW), shingles), min_size=1, max_size=40))
def test_what_left_the_window_never_comes_back(steps: list[tuple[int, list[int]]]) -> None:
    """However often the ring goes round, and however far numbers jump, only articles of the window are found."""
    index, held, seq = Shingles(WINDOW), {}, -1
    for step, values in steps:
        seq += step
        held[seq] = values
        index.advance(seq)
        index.add(seq, index.probe(np.array(values, np.uint32)))
        everything = sorted({value for values in held.values() for value in values})
        expected = {(value, at) for at, values in held.items() for value in values if at > seq - WINDOW}
        assert set(found(index, everything)) <= expected


def test_places_are_reused_only_after_a_sweep() -> None:
    """A shingle that nobody has held since is not found as another article's when its place comes round."""
    index = filled([[7]])
    for seq in range(1, 20 * WINDOW, SWEEP_EVERY // 8):
        index.advance(seq)
        assert found(index, [7]) == ([(7, 0)] if seq < WINDOW else [])


@given(st.lists(st.integers(0, 2**64 - 1).map(lambda name: name & 0x8000_0000_0000_0003), max_size=200))
def test_every_name_is_found(names: list[int]) -> None:
    """However many articles share a name or a slot, each is found under its own."""
    found = Names(256)
    for place, name in enumerate(names):
        found.add(name, place)

    for place, name in enumerate(names):
        assert place in found.find(name)
        assert len(found.find(name ^ 1 << 62)) == 0


def test_rows_take_memory_as_they_are_written() -> None:
    """Ten articles take the rows of their shingles in a window of 65,536, though spread over all; looking takes none."""
    index, rng = Shingles(1 << 16), np.random.default_rng(1)
    for seq in range(10):
        index.advance(seq)
        index.add(seq, index.probe(np.sort(rng.integers(0, 2**32, 65, np.uint32))))
        index.find(index.probe(np.sort(rng.integers(0, 2**32, 65, np.uint32))))
    assert index.used <= 1 + 10 * 65
