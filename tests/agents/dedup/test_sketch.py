"""Sketches made together."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.dedup.sketch import make_sketch, make_sketches
from streams.records import Clean

Prose = Callable[[int, int], str]
Write = Callable[..., Clean]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0, 1, 3, 4, 30, 400, 3000])), max_size=12), st.text())
def test_a_sketch_is_the_same_in_any_company(
    prose: Prose, write: Write, chosen: list[tuple[int, int]], odd: str
) -> None:
    """Made together or alone, an article has the same sketch, however short, long or odd it is."""
    texts = [prose(seed, words) for seed, words in chosen]
    articles = [write(f"a{number}", text) for number, text in enumerate([*texts, odd])]

    assert make_sketches(articles) == [make_sketch(article) for article in articles]
