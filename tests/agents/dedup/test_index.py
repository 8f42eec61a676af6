"""The rows that say which articles hold a shingle."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.dedup.index import ROW, Generation, Names

# Few rows and few values, so that rows overflow and shingles share rows.
shingles = st.lists(st.integers(0, 40).map(lambda n: (n % 5) | (n // 5) << 20), max_size=12, unique=True).map(sorted)
articles = st.lists(shingles, max_size=40)


def filled(held: list[list[int]]) -> Generation:
    """Return a generation with articles added one by one."""
    generation = Generation(0, 64)
    for place, values in enumerate(held):
        generation.leader[place] = place
        generation.add(place, np.array(values, np.uint32))
    return generation


def rows(generation: Generation) -> list[list[int]]:
    """Return what each row holds, in no order."""
    return np.sort(generation.table, axis=1).tolist()


@settings(deadline=None)
@given(articles, st.data())
def test_batches_in_any_order_give_the_same_rows(held: list[list[int]], data: st.DataObject) -> None:
    """Restoring fills the table as deciding did."""
    order = data.draw(st.permutations(range(len(held))))
    cut = data.draw(st.integers(0, len(held)))
    restored = Generation(0, 64)
    for part in (order[:cut], order[cut:]):
        places = [place for place in part for _ in held[place]]
        values = [value for place in part for value in held[place]]
        restored.add_many(np.array(places, np.uint32), np.array(values, np.uint32))

    assert rows(restored) == rows(filled(held))


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=300, unique=True).map(sorted))
def test_an_article_is_found_by_its_shingles(values: list[int]) -> None:
    """Every shingle finds its article, but for those that share a row within it; no other shingle does."""
    generation = filled([values])
    low = {value & int(generation.row_mask) for value in values}

    hits = generation.find(np.array(values, np.uint32), 0.0)
    others = np.array([value ^ 1 << 31 for value in values], np.uint32)

    assert len(hits.place) == len(low)
    assert set(hits.place.tolist()) == {0}
    assert len(generation.find(others[~np.isin(others, np.array(values, np.uint32))], 0.0).place) == 0


def test_a_popular_shingle_keeps_its_latest_articles() -> None:
    """A row lets go of the oldest."""
    generation = filled([[7]] * 40)

    assert sorted(generation.find(np.array([7], np.uint32), 0.0).place.tolist()) == list(range(40 - ROW, 40))


def test_articles_that_left_are_not_found() -> None:
    """An article without a leader, or from before the time asked for, is passed over."""
    generation = filled([[7], [7], [7]])
    generation.leader[0] = -1
    generation.arrived[1] = 5.0
    generation.arrived[2] = 10.0

    assert generation.find(np.array([7], np.uint32), 6.0).place.tolist() == [2]


@given(st.lists(st.integers(0, 2**64 - 1).map(lambda name: name & 0x8000_0000_0000_0003), max_size=200))
def test_every_name_is_found(names: list[int]) -> None:
    """However many articles share a name or a slot, each is found under its own."""
    found = Names(100)
    for place, name in enumerate(names):
        found.add(name, place)

    for place, name in enumerate(names):
        assert place in found.find(name)
        assert len(found.find(name ^ 1 << 62)) == 0
