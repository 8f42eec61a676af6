"""Headings that open the text below them, as buttons and links, on pages of questions and answers."""

import pytest

from tests.support.one_page import PARAGRAPHS, text_of

ASKED = ["Opening hours of the tower", "Tickets at the quay", "Dogs on the stairs"]
ANSWERS = [
    "The tower opens at ten on each day but Monday, and the last visitors go up at half past five in the summer.",
    "A ticket costs four euros at the kiosk on the quay, and children whose shoes are still wet from the beach pay nothing.",
    "Dogs may climb as far as the second landing, where the keeper has left a bowl of water and an old blanket for them.",
]
SHAPES = {
    "button": "<div class='k3'><button aria-expanded='false'>{}</button><div class='k4'><p>{}</p></div></div>",
    "link": "<div class='toggle-item'><div class='toggle-head' role='button'><a tabindex='0'>{}</a></div>"
    "<div class='toggle-body'><p>{}</p></div></div>",
}


def page(shape: str, asked: list[str]) -> str:
    """Return a page with a report, and questions and answers below it."""
    report = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    items = "".join(SHAPES[shape].format(*pair) for pair in zip(asked, ANSWERS, strict=True))
    return f"<article><h1>Lighthouse is lit again</h1>{report}{items}</article>"


@pytest.mark.parametrize("shape", SHAPES)
def test_headings_that_open_their_answers_are_text(shape: str) -> None:
    """Each stands above its answer, though it is a button or nothing but a link."""
    lines = text_of(page(shape, ASKED)).split("\n\n")
    assert lines == [*PARAGRAPHS, *(line for pair in zip(ASKED, ANSWERS, strict=True) for line in pair)]


def test_a_button_that_says_the_same_above_each_part_is_no_text() -> None:
    """Beside "Show all" thrice in a row nothing is told apart: it works the page."""
    assert "Show it all" not in text_of(page("button", ["Show it all"] * 3))


def test_buttons_that_play_a_recording_from_a_place_are_no_text() -> None:
    """Each differs from the others, and is a time above the sentence that is spoken then."""
    text = text_of(page("button", ["0:14", "Play 2:05", "▶ 01:11:40"]))
    assert all(answer in text for answer in ANSWERS)
    assert not [line for line in text.split("\n\n") if line not in (*PARAGRAPHS, *ANSWERS)]
