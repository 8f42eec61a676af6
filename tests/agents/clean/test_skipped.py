"""Boxes that readers may skip, notes on an author below the text, and lines that say when it was published."""

import pytest

from agents.clean.edges import trim
from agents.clean.page.corrections.skipped import skipped
from tests.support.one_page import features_of, page_text

PARAGRAPHS = (
    "The ferry to Kellan Point stopped at noon on Monday after divers found a crack in its rudder, its owner said.",
    "Some forty passengers were taken across in two fishing boats, and nobody was hurt, said the captain, Ole Brandt.",
    "A spare part has to be cast in a yard up the coast, which may take three weeks, and the mail goes by road till then.",
    "Shopkeepers on the point have asked the county for a bus, since the road is forty miles longer than the way by sea.",
)
PLAIN = "\n\n".join(PARAGRAPHS)
#: Paragraphs of another article.
WEEKS = [f"The ferry is to sail again in week {week}, said its owner, unless the yard is late." for week in range(4)]


def cleaned(below: str = "", among: str = "") -> str:
    """Return the text of a page of paragraphs, with a byline, and other markup among or below these."""
    first, second, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return page_text(
        f"<html lang='en'><head><title>Ferry stops over a crack</title></head><body><main><h1>Ferry stops over a crack</h1>"
        f"<p>By Petra Lindqvist</p><time datetime='2026-11-09'>November 9, 2026</time>"
        f"{first}{second}{among}{''.join(rest)}{below}</main></body></html>"
    )


def test_a_box_that_may_be_skipped_is_none_of_the_text() -> None:
    """From the link that leads to the box's end to the line there, with the heading above the link."""
    box = (
        "<section><strong>Listen</strong><div><a href='#end-of-podcasts'>Skip the podcast and continue</a><div>"
        "<h3><a href='/p'>Salt and rope</a></h3><p>Two old captains talk every week about the winters on the sound.</p></div>"
        "<p id='end-of-podcasts' tabindex='-1'>End of the podcast</p></div></section>"
    )
    assert cleaned(among=box) == PLAIN


def test_a_box_is_looked_at_once_however_many_links_skip_it() -> None:
    """A flood of them in one block would take minutes."""
    links = "<a href='#end'>Skip</a> " * 3
    body = f"<p>{PARAGRAPHS[0]}</p><div><p>{links}</p><p>Listen</p><p id='end'>The end</p></div><p>{PARAGRAPHS[1]}</p>"
    features = features_of(f"<html><body>{body}</body></html>")
    assert list(skipped(features, [0, 4])) == [1, 2, 3]


def test_a_table_of_contents_skips_nothing() -> None:
    """It leads to headings and paragraphs by their ids."""
    told = "<p><a href='#after'>The days after the crack</a></p><h2 id='after'>The days after</h2>"
    assert "The days after" in cleaned(among=told)


def test_a_box_with_a_link_to_a_form_to_subscribe_is_no_text() -> None:
    """Systems of newsletters open the form at an address within the page."""
    box = "<div class='card'><div>You are reading the Tide. <a href='#/portal/signup'>Have it by mail for a coin</a>.</div></div>"
    assert cleaned(among=box) == PLAIN
    assert cleaned(below=box) == PLAIN


@pytest.mark.parametrize(
    "line",
    [
        "<p>&gt;&gt; <a href='/more'>Our chart of the other ferries</a></p>",
        "<p>PROČITAJTE VIŠE: <a href='/more'>Trajekt opet plovi</a></p>",
        "<p>ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ: <a href='/more'>Το πλοίο σταμάτησε</a></p>",
        "<p>This essay was first published by the Tide. Read the <a href='/more'>original</a>.</p>",
    ],
)
def test_a_line_that_leads_elsewhere_is_no_text(line: str) -> None:
    """Punctuation or words and a link, and where the text stood first."""
    assert cleaned(among=line) == PLAIN


def test_a_card_of_another_article_among_the_paragraphs_is_no_text() -> None:
    """One or two stand between paragraphs; of more, and of one without a box, the text may be built."""
    card = "<div><a href='/{0}'><h4>Buoy {0} is ashore in the fog</h4></a><p>It weighs {0} tonnes and rang all night.</p></div>"
    assert cleaned(among=card.format(7)) == PLAIN
    assert cleaned(among=card.format(7) + card.format(8)) == PLAIN
    assert "rang all night" in cleaned(among=card.format(7).replace("div>", "b>"))


def test_a_box_with_a_button_in_the_readers_words_is_no_text() -> None:
    """They say "I" on it in French, Spanish and others."""
    box = "<div class='k'><p>Lettre du large</p><p>Chaque matin, la mer en cinq titres.</p><a href='/n'>Je m'inscris</a></div>"
    assert cleaned(among=box) == PLAIN


def test_a_last_paragraph_on_the_author_is_none_of_the_text() -> None:
    """It begins with the author's name, which stands nowhere above; whom the text tells of stays."""
    box = "<p>Petra Lindqvist covers the islands for the Harbour Times. She grew up on a trawler and joined us in 2012.</p>"
    assert cleaned(box) == PLAIN
    told = "<p>Ole Brandt has sailed the ferry since 1998, and he says that he never heard a rudder groan like this one.</p>"
    assert cleaned(told).endswith("like this one.")


def test_biographies_of_several_authors_go_together() -> None:
    """Either of them has its paragraph; the order is theirs, not the byline's."""
    authors = ["Petra Lindqvist", "Oscar Holm"]
    told = ["Oscar Holm is a reporter on the coast.", "Petra Lindqvist covers the islands for the Harbour Times."]
    assert trim([*WEEKS, *told], authors, []) == WEEKS


def test_a_word_on_the_author_under_a_heading_is_text() -> None:
    """A guide tells under a heading of its own why its writer may be trusted; without it the heading would be the end."""
    told = "Petra Lindqvist has mended engines for thirty years, and tried each of these rudders on her own boat."
    assert trim([*WEEKS, "Why trust us", told], ["Petra Lindqvist"], [])[-1] == told


@pytest.mark.parametrize("agency", ["Reuters", "Harbour News", "BBC Verify"])
def test_an_agency_that_asked_for_comment_is_no_author_of_whom_is_told(agency: str) -> None:
    """It signs the report, and the last sentence has it as who asked."""
    asked = f"{agency} has asked the owner and the yard for comment."
    assert trim([*WEEKS, asked], [agency], [])[-1] == asked


def test_a_last_line_that_says_when_the_text_was_published_is_none_of_it() -> None:
    """It has the article's own day and a word for publication."""
    assert cleaned("<p>This story was originally published November 9, 2026, 8:15 AM.</p>") == PLAIN
    told = "<p>The yard sent its own report on November 9, 2026, and blamed the ice that the ferry had met off the point.</p>"
    assert cleaned(told).endswith("off the point.")
    told = "<p>The yard published its own report on November 9, 2026.</p>"
    assert cleaned(told).endswith("November 9, 2026.")
    assert cleaned("<p>This story was first published on November 9, 2026.</p>") == PLAIN
