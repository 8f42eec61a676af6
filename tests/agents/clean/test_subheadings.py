"""Headings within a text: they stay where they stand, whatever lists them above or quotes them below."""

import pytest

from agents.clean import article as clean
from agents.clean.page.corrections.repeats import contents
from agents.clean.page.corrections.subheadings import with_subheadings
from streams.records import Clean
from tests.support.one_page import features_of, page_article

TITLE = "How the mill at Corran is fed by two rivers"
HEADINGS = ("Why a mill below two rivers never has enough of either in August", "Who keeps the sluice")
PARAGRAPHS = (
    "The mill at Corran stands where the Ald meets the Teel, and in a wet spring its wheel turns so fast that it has to be tied.",
    "In August both rivers sink to a hand's breadth, and the miller grinds for an hour at dawn, when the ponds are full.",
    "The sluice has been kept by the same family since 1811, and its key is as long as a child's arm and hangs behind the door.",
)


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def cleaned(content: str) -> Clean:
    """Return the clean article of a page with these contents of its article."""
    return page_article(
        f"<html lang='en'><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{content}</article></body></html>"
    )


def test_a_heading_stays_in_its_place_below_a_table_of_contents() -> None:
    """The table goes, also where its lines are as long as sentences."""
    first, second = HEADINGS
    table = "".join(f"<li><a href='#h{at}'>{heading}</a></li>" for at, heading in enumerate(HEADINGS))
    content = (
        f"<p>{PARAGRAPHS[0]}</p><ul>{table}</ul><h2 id='h0'>{first}</h2><p>{PARAGRAPHS[1]}</p><h2 id='h1'>{second}</h2>"
        f"<p>{PARAGRAPHS[2]}</p>"
    )
    assert cleaned(content).text == "\n\n".join((PARAGRAPHS[0], first, PARAGRAPHS[1], second, PARAGRAPHS[2]))


def test_links_that_no_heading_repeats_are_no_table_of_contents() -> None:
    """A text that names books by links to them keeps them."""
    names = "".join(
        f"<p><a href='/b{at}'>{name}</a></p>" for at, name in enumerate(("The Wheel and the Weir", "Hungry Water"))
    )
    told = cleaned(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>{names}<p>{PARAGRAPHS[2]}</p>").text
    assert "The Wheel and the Weir" in told


def test_a_few_quoted_words_below_a_picture_are_a_heading_of_the_text() -> None:
    """Broadcasters set each paragraph, picture and heading in a wrapper of its own."""

    def wrapped(part: str) -> str:
        return f"<div class='b1'><div class='b2'>{part}</div></div>"

    picture = "<figure><div><img src='/w.jpg'></div><figcaption>The wheel is four metres wide</figcaption></figure>"
    parts = (f"<p>{PARAGRAPHS[0]}</p>", f"<p>{PARAGRAPHS[1]}</p>", picture, "<h2>{}</h2>", f"<p>{PARAGRAPHS[2]}</p>")
    page = f"<html><body><article><h1>{TITLE}</h1>{''.join(map(wrapped, parts))}</article></body></html>"
    features = features_of(page.format("'Tied in spring'"), TITLE)
    told = [features.page.texts.index(paragraph) for paragraph in PARAGRAPHS]
    heading = features.page.texts.index("'Tied in spring'")
    assert with_subheadings(features, told, told) == [*told[:2], heading, told[2]]
    assert with_subheadings(features, told, [*told, heading]) == told, "a correction has left it out"
    assert with_subheadings(features_of(page.format("Read also"), TITLE), told, told) == told, "it names a box"


@pytest.mark.parametrize(
    ("links", "above"),
    [(HEADINGS, False), ((HEADINGS[0], "How the ponds of Corran are filled"), True)],
    ids=["below what they repeat", "one of two"],
)
def test_links_below_their_headings_or_mostly_of_others_are_no_table_of_contents(
    links: tuple[str, ...], *, above: bool
) -> None:
    """Several lines above the headings are one: a link at the end may lead back, and one of two to a part of the text."""
    listed = "".join(f"<p><a href='#h'>{link}</a></p>" for link in links)
    told = "".join(f"<h2>{heading}</h2><p>{PARAGRAPHS[at]}</p>" for at, heading in enumerate(HEADINGS))
    body = f"{listed}{told}" if above else f"{told}{listed}"
    features = features_of(f"<html><body><article><h1>{TITLE}</h1>{body}</article></body></html>", TITLE)
    assert contents(features, list(range(features.count))) == []
