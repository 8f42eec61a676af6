"""Which text of an article is a new one."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.clean.text.revisions import Revisions, first_digits, signs_before_digits, without_counters, word_line

TEXT = "The council approved the plan on Monday. It costs 4.2 million euros.\n\nWork starts in May."


def test_the_first_text_is_revision_0() -> None:
    """Counting starts at 0."""
    assert Revisions().revise("a", "a:1", TEXT)[0] == 0


def test_other_text_is_the_next_revision() -> None:
    """A changed fact makes a revision."""
    table = Revisions()
    table.revise("a", "a:1", TEXT)
    assert table.revise("a", "a:2", TEXT.replace("4.2", "5.1"))[0] == 1


def test_the_same_text_is_the_same_revision() -> None:
    """A page fetched again unchanged keeps its revision."""
    table = Revisions()
    table.revise("a", "a:1", TEXT)
    assert table.revise("a", "a:2", TEXT)[0] == 0


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("\n\n", "\n \n"),
        TEXT.replace(" ", "  "),
        f"{TEXT}\n\n1,204 views",
        f"12 comments\n\n{TEXT}",
        f"{TEXT} Views: 9",
        f"5 min read {TEXT}",
    ],
)
def test_spacing_and_counters_make_no_revision(changed: str) -> None:
    """A line that changes with every fetch is no change of the article."""
    table = Revisions()
    table.revise("a", "a:1", TEXT)
    assert table.revise("a", "a:2", changed)[0] == 0


def test_a_replay_gives_the_same_revisions() -> None:
    """Each fetch keeps its revision when its message is taken again."""
    table = Revisions()
    fetches = [("a:1", "one"), ("a:2", "two"), ("a:3", "two"), ("a:4", "one")]
    first = [table.revise("a", fetch, text)[0] for fetch, text in fetches]
    assert first == [0, 1, 1, 2]
    assert [table.revise("a", fetch, text)[0] for fetch, text in fetches] == first


def test_a_record_restores_an_article() -> None:
    """The record that was persisted goes on where it stood."""
    table = Revisions()
    table.revise("a", "a:1", "one")
    _, record = table.revise("a", "a:2", "two")
    fresh = Revisions()
    fresh.restore("a", record)
    assert fresh.revise("a", "a:1", "one")[0] == 0
    assert fresh.revise("a", "a:3", "three")[0] == 2


def test_a_deleted_article_is_forgotten() -> None:
    """A tombstone starts the article anew."""
    table = Revisions()
    table.revise("a", "a:1", "one")
    table.restore("a", None)
    assert table.revise("a", "a:2", "two")[0] == 0


@given(st.binary(max_size=60))
def test_broken_records_break_nothing(record: bytes) -> None:
    """Bytes that are no record are a fresh start."""
    table = Revisions()
    table.restore("a", record)
    assert table.revise("a", "a:new", "one")[0] >= 0


def test_articles_are_bounded() -> None:
    """The article fetched least recently goes first."""
    table = Revisions(max_articles=2)
    for article in ("a", "b", "a", "c"):
        table.revise(article, f"{article}:1", "one")
    assert len(table) == 2
    assert table.revise("b", "b:2", "two")[0] == 0


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Comments: 12 views", " views"),  # the first counter takes the number
        ("3 comments: 5", " : 5"),
        ("likes: 7 reads (shares ( 1.200", " reads ( "),
        ("コメント: 4, 回閲覧 (12)", "  "),
        ("Views (1.204) and comments: 3k) of a bridge", "  and   of a bridge"),
        ("The bill (51 to 48) took 3 hours", "The bill (51 to 48) took 3 hours"),
        ("previews: 12", "previews: 12"),
    ],
)
def test_counters_are_left_out(text: str, left: str) -> None:
    """A number with its things is one space, whichever stands first; other numbers stay."""
    assert without_counters(text) == left


def test_things_are_looked_for_beside_so_many_signs() -> None:
    """Behind ten thousand numbers in brackets a text is a stranger's joke: what counts readers there is a word like others."""
    assert without_counters("at (1) " * 9_999 + "Views (7)").endswith("at (1)  ")
    assert without_counters("at (1) " * 10_000 + "Views (7)").endswith("Views (7)")


signs = st.text(st.one_of(st.sampled_from(" \t\n_-:(19٣²é’“日🜚\u0130\ud800"), st.characters()))


@given(signs)
@example("wo".join(map(chr, range(0x2190, 0x2200))))
def test_words_and_numbers_are_those_that_patterns_find(text: str) -> None:
    """In any script: hashes of texts, and counters in them, are as they were when patterns read them."""
    assert word_line(text) == " ".join(re.findall(r"\w+", text)).encode("utf-8", "surrogatepass")
    assert first_digits(text) == [found.start() for found in re.finditer(r"(?<!\d)\d", text)]
    found = [(match.start(), match.end() - 1) for match in re.finditer(r"[:(]\s{0,3}\d", text)]
    assert sorted(signs_before_digits(text)) == found
