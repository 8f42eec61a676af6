"""Records that are cleaned together: each comes out as it does alone."""

from datetime import UTC, datetime

import numpy as np
import pytest

from agents.clean.article import CleanProduct, clean_all, clean_raw
from agents.clean.page.context import context
from agents.clean.page.features import BlockFeatures
from agents.clean.page.network import Paused
from agents.clean.page.walk import parse, read
from agents.clean.step import CleanTask, work, work_all
from agents.clean.together import TOGETHER, TOGETHER_CHARS, groups, together
from streams.errors import Refused
from streams.records import Raw, encode
from tests.support.one_page import BODY, PARAGRAPHS

TITLE = "Lighthouse is lit again"
MENU = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in ("Home", "Harbour", "Sport", "Weather"))
ROWS = "".join(f"<tr><td>Rock {number}</td><td>{number} lamps</td><td>lit</td></tr>" for number in range(6))
CARDS = "".join(f"<div class='card'><a href='/{day}'><h3>Ferry {day} is late</h3></a></div>" for day in range(5))
#: Bodies of many kinds: with headings, without, of one block, with tables and pictures, of nothing.
BODIES = (
    f"<ul>{MENU}</ul><main><article><h1>{TITLE}</h1>{BODY}</article></main><footer><p>Imprint</p></footer>",
    f"<div class='a'><b>{TITLE}</b>{BODY}</div><div class='related'>{CARDS}</div>",
    "<p>One line alone.</p>",
    f"<h1>{TITLE}</h1><figure><img src='a.jpg'><figcaption>The rock</figcaption></figure>{BODY}<table>{ROWS}</table>",
    f"<table><tr><td>{MENU}</td><td><font>{'<br><br>'.join(PARAGRAPHS)}</font></td></tr></table>",
    f"<h1>Another title</h1><h2>{TITLE}</h2>{BODY}{BODY}<p class='copyright'>© Example News</p>",
)


def raw(content: str, **fields: str) -> Raw:
    """Return a record of this content."""
    record = {"content_type": "text/html"} | fields
    return Raw(url="https://gull.example/1", fetched_at=datetime(2026, 12, 3, tzinfo=UTC), content=content, **record)  # type: ignore[arg-type]


def page(body: str) -> Raw:
    """Return the record of a page with this body."""
    return raw(f"<html lang='en'><head><title>{TITLE}</title></head><body>{body}</body></html>")


def alone(record: Raw) -> CleanProduct | str:
    """Return a record's article when cleaned alone, or why it is refused."""
    try:
        return clean_raw(record)
    except Refused as refused:
        return str(refused)


def test_records_come_out_together_as_they_do_alone() -> None:
    """Pages of all kinds, plain texts and refused ones, in groups of any size, in order."""
    records = [
        *map(page, BODIES), raw(""), raw("\n\n".join(PARAGRAPHS), content_type="text/plain"), raw("<html></html>"),
        raw("<div>" * 20_000), *map(page, reversed(BODIES)), *map(page, BODIES),
    ]  # fmt: skip
    found = clean_all([(record, ()) for record in records])
    assert [str(item) if isinstance(item, Refused) else item for item in found] == list(map(alone, records))
    assert len(list(groups([(record, ()) for record in records]))) > 1


def test_blocks_of_a_page_have_the_same_features_among_other_pages() -> None:
    """Values relative to a page are so to its own, and beyond its ends is nothing of its neighbours."""
    pages = [(read(parse(page(body).content.encode())), title) for body in BODIES for title in (TITLE, "")]
    every = BlockFeatures(pages)
    chance = np.random.default_rng(1).random(every.count, dtype=np.float32)
    rows = context(every, chance)
    for titled, seen, own in zip(pages, every.pages(), every.bundle.slices(), strict=True):
        single = BlockFeatures([titled])
        np.testing.assert_allclose(every.matrix[own], single.matrix, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(rows[own], context(single, chance[own]), rtol=1e-4, atol=1e-4)
        other = single.pages()[0]
        assert (seen.title_block, seen.tables, seen.tags) == (other.title_block, other.tables, other.tags)
        assert (seen.captioned == other.captioned).all()


def test_pages_go_through_each_step_together() -> None:
    """None begins a step before all have ended the one before; one that is refused or done holds up no other."""
    steps: list[tuple[str, int]] = []

    def work(name: str, count: int) -> Paused[str]:
        for step in range(count):
            steps.append((name, step))
            yield None
        if name == "b":
            raise Refused("empty", "nothing is left")
        return name

    first, second, third = together([work("a", 3), work("b", 1), work("c", 2)])
    assert (first, str(second), third) == ("a", str(Refused("empty", "nothing is left")), "c")
    assert steps == [("a", 0), ("b", 0), ("c", 0), ("a", 1), ("c", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ([10] * (TOGETHER + 1), [TOGETHER, 1]),
        ([TOGETHER_CHARS, 10, 10], [1, 2]),
        ([10, TOGETHER_CHARS + 1, 10], [1, 1, 1]),
        ([], []),
    ],
)
def test_few_and_small_records_are_open_at_once(sizes: list[int], found: list[int]) -> None:
    """A page takes many times its size while it is open, so large ones are cleaned alone."""
    records = [(raw("x" * size), ()) for size in sizes]
    assert list(map(len, groups(records))) == found


def test_a_message_that_is_no_record_is_refused_among_others() -> None:
    """The others are cleaned with it, each with the hash of its text."""
    values = [encode(page(BODIES[0])), b"no record", encode(page(BODIES[1]))]
    first, second, third = work_all([CleanTask(value, ()) for value in values])
    assert isinstance(second, Refused)
    assert [first, third] == [work(CleanTask(value, ())) for value in (values[0], values[2])]
