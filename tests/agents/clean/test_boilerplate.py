"""Lines that sources repeat."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clean.plain.boilerplate import MAX_LINES, MAX_SEEN, Boilerplate
from streams.errors import InvalidRecord

SOURCE = "example.org"
MENU = 7


def learned(documents: int) -> Boilerplate:
    """Return a table that saw so many documents, each with the menu line and lines of its own."""
    table = Boilerplate()
    for number in range(documents):
        table.learn(SOURCE, f"{number:032x}", number, [MENU, *range(1000 * (number + 1), 1000 * (number + 1) + 5)])
    return table


def test_a_line_on_three_documents_is_boilerplate() -> None:
    """Two documents are a coincidence, three are a template."""
    assert learned(2).known(SOURCE) == set()
    assert learned(3).known(SOURCE) == {MENU}


def test_a_line_on_few_of_many_documents_is_none() -> None:
    """A line needs a fifth of the source's recent documents."""
    table = learned(3)
    for number in range(100, 140):
        table.learn(SOURCE, f"{number:032x}", number, [number])
    assert table.known(SOURCE) == set()


def test_an_article_counts_once() -> None:
    """A redelivered or refetched article does not vote again, and nothing is to be persisted."""
    table = Boilerplate()
    assert table.learn(SOURCE, "a" * 32, 1, [MENU]) is not None
    assert table.learn(SOURCE, "a" * 32, 1, [MENU]) is None
    assert table.learn(SOURCE, "a" * 32, 2, [MENU]) is None


def test_an_exact_copy_does_not_count() -> None:
    """The same text under another id teaches nothing, so that copies never drop their own body."""
    table = Boilerplate()
    for number in range(5):
        table.learn(SOURCE, f"{number:032x}", 99, [MENU])
    assert table.known(SOURCE) == set()


def test_sources_are_apart() -> None:
    """A line that one source repeats is no boilerplate of another."""
    assert learned(3).known("elsewhere.example") == set()


def test_a_source_is_restored() -> None:
    """State that was persisted gives the same table, which goes on counting."""
    table = learned(2)
    state = table.learn(SOURCE, "f" * 32, 1234, [MENU])
    assert state is not None
    fresh = Boilerplate()
    fresh.restore(SOURCE, state)
    assert fresh.known(SOURCE) == table.known(SOURCE) == {MENU}
    assert fresh.learn(SOURCE, "f" * 32, 1234, [MENU]) is None


def test_a_deleted_source_is_forgotten() -> None:
    """A tombstone takes the source away."""
    table = learned(3)
    table.restore(SOURCE, None)
    assert table.known(SOURCE) == set()


@given(st.binary(max_size=200), st.booleans())
def test_broken_state_is_refused(state: bytes, is_own_version: bool) -> None:
    """Bytes that are no state are refused by name, and the lines known before stay."""
    table = learned(3)
    with pytest.raises(InvalidRecord, match="the lines of a source"):
        table.restore(SOURCE, b"\x01" * is_own_version + state + b"\xff" * 33)
    assert table.known(SOURCE) == {MENU}


def test_counts_beyond_all_news_are_refused() -> None:
    """A true state whose count of documents was overwritten would keep a source's lines for ever, or make all its own."""
    table = learned(2)
    state = table.learn(SOURCE, "f" * 32, 1234, [MENU])
    assert state is not None
    for number in (float("nan"), float("inf"), -1.0, 1e300):
        with pytest.raises(InvalidRecord, match="counts"):
            table.restore(SOURCE, state[:1] + struct.pack("<d", number) + state[9:])


def test_sources_are_bounded() -> None:
    """The source that learned least recently goes first."""
    table = Boilerplate(max_sources=2)
    for number, source in enumerate(("a", "b", "a", "c")):
        table.learn(source, f"{number:032x}", number, [number])
    assert len(table) == 2
    assert table.known("b") == set()


def test_lines_are_bounded() -> None:
    """A source of endless new lines keeps a bounded state, and its boilerplate."""
    table = Boilerplate()
    state = None
    for number in range(60):
        state = table.learn(SOURCE, f"{number:032x}", number, [MENU, *range(number * 100 + 10, number * 100 + 110)])
    assert state is not None
    assert len(state) <= 32 + MAX_LINES * 16 + MAX_SEEN * 16
    assert MENU in table.known(SOURCE)
