"""Lines that stand beside a text: posts below bylines, copies for printing, counts, labels that editors and readers get."""

import pytest

from agents.clean import article as clean
from streams.records import Clean
from tests.support.one_page import page_article


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


TITLE = "Keepers of the Ardmore weir ask for a second boat"
PARAGRAPHS = (
    "The keepers of the Ardmore weir want a second boat, because the first one spends more days in the shed than on the water.",
    "It was built in 1961 and has been patched eleven times, the last time with the door of a refrigerator.",
    "The county answered that a boat would cost nine thousand pounds, and that the weir itself had cost less.",
    "In the meantime the keepers borrow a canoe from the scouts, who want it back before the summer camp begins.",
)
CANOE = "The scouts have one canoe."
PLAIN, BODY = "\n\n".join(PARAGRAPHS), "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def cleaned(body: str, language: str = "en", title: str = TITLE) -> Clean:
    """Return the clean article of a page with a body."""
    return page_article(f"<html lang='{language}'><head><title>{title}</title></head><body>{body}</body></html>")


@pytest.mark.parametrize("post", ["Courier Staff Writer", "Gazette Business Editor", "Staff Correspondent"])
def test_the_post_below_a_byline_of_an_old_page_goes(post: str) -> None:
    """Both stand above the text in one cell, with line breaks between."""
    cell = f"<font size=5><b>{TITLE}</b></font><br>By JOAN HARPER<br>{post}<br><br>{'<br><br>'.join(PARAGRAPHS)}"
    page = cleaned(f"<table><tr><td><a href=/>Home</a><br><a href=/n>News</a></td><td>{cell}</td></tr></table>")
    assert page.text.split("\n")[0] == PARAGRAPHS[0]
    assert page.authors == ["JOAN HARPER"]


def test_the_post_in_a_paragraph_below_the_byline_goes() -> None:
    """It stands between the name and the day."""
    head = "<p>By JOAN HARPER</p><p>Courier Staff Writer</p><p>March 9, 2009</p>"
    assert cleaned(f"<h1>{TITLE}</h1>{head}{BODY}").text == PLAIN


@pytest.mark.parametrize(
    "line",
    ["Reach Joan Harper at 555-0177 or joan@courier.example.", "Joan Harper writes on rivers: joan@courier.example"],
)
def test_where_the_author_has_mail_is_none_of_the_text(line: str) -> None:
    """The line stands below the text, in a paragraph or behind line breaks."""
    head = f"<h1>{TITLE}</h1><p>By Joan Harper</p>"
    assert cleaned(f"<div>{head}{BODY}<p>{line}</p></div>").text == PLAIN
    breaks = "<br><br>".join(PARAGRAPHS)
    assert cleaned(f"<div>{head}<div>{breaks}<br>{line}</div></div>").text.endswith(PARAGRAPHS[-1])


def test_a_row_of_hash_tags_goes() -> None:
    """A paragraph that begins with one stays."""
    told = "<p>#weir was the word that the keepers painted on the door of the shed.</p>"
    page = cleaned(f"<div><h1>{TITLE}</h1>{BODY}{told}<p>#weir #boats #ardmore</p></div>")
    assert page.text.endswith("the shed.")


def test_a_heading_below_the_byline_with_a_role_in_it_stays() -> None:
    """A post ends with its role."""
    begun = f"<h1>{TITLE}</h1><p>By JOAN HARPER</p><h2>Photographer of the year</h2>"
    assert "Photographer of the year" in cleaned(f"<article>{begun}{BODY}</article>").text


def test_a_line_that_ends_in_a_role_stays_without_a_byline_above() -> None:
    """It may be the heading of the first part."""
    begun = f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><h2>The old boat's last builder</h2>"
    assert "The old boat's last builder" in cleaned(f"<article>{begun}{BODY}</article>").text


def test_what_stands_around_a_copy_for_printing_goes_with_it() -> None:
    """A second element has the text once more, with other lines above and below it."""
    copy = f"<div style='display:none'><p>Ardmore Messenger online</p>{BODY}<p>Sent to a printer from ardmore.example</p></div>"
    assert cleaned(f"<div><h1>{TITLE}</h1>{BODY}</div>{copy}").text == PLAIN


def test_a_copy_for_printing_of_a_text_with_a_pulled_quote_goes() -> None:
    """The quote stands twice on purpose, and far from the copy."""
    quote = "<p class=pull-quote>It was built in 1961 and has been patched eleven times</p>"
    copy = f"<div><p>Ardmore Messenger online</p>{BODY}<p>Sent to a printer from ardmore.example</p></div>"
    assert cleaned(f"<div><h1>{TITLE}</h1>{quote}{BODY}</div>{copy}").text == PLAIN


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{BODY}</div><article>{BODY}<p>{CANOE}</p></article>",
        f"<div>{BODY}</div><div>{PARAGRAPHS[0]}<br><br>{CANOE}</div>",
        f"<div><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div><div>{BODY}<p>{CANOE}</p></div>",
    ],
    ids=["in the article itself", "one paragraph alone", "the first two as a preview"],
)
def test_what_stands_beside_paragraphs_of_no_copy_stays(body: str) -> None:
    """A copy has several paragraphs and little else, and is not called the article."""
    assert cleaned(f"<h1>{TITLE}</h1>{body}").text == f"{PLAIN}\n\n{CANOE}"


def test_two_paragraphs_that_stand_twice_in_a_text_take_nothing_else_along() -> None:
    """A refrain: the element around both has the whole text."""
    page = cleaned(f"<article><h1>{TITLE}</h1>{BODY}<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article>")
    assert page.text == PLAIN


def test_a_text_that_stands_many_times_in_one_element_stands_once() -> None:
    """Damaged pages have it ten times in one box: the box has the text itself."""
    assert cleaned(f"<h1>{TITLE}</h1><div>{BODY * 10}</div>").text == PLAIN


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("<p>Found a mistake? <a href=/e>Tell us.</a></p>", "en"),
        ("<p>Vous avez repéré une erreur? <a href=/e>Écrivez à la rédaction.</a></p>", "fr"),
        ("<p>Einen Fehler entdeckt? <a href=/e>Jetzt der Redaktion melden</a></p>", "de"),
        ("<p>ARD/joh</p>", "en"),
        ("<p>Comments 12</p>", "en"),
        ("<p>Trackback URL for this entry:<br>http://weir.example/tb.cgi/19</p>", "en"),
    ],
)
def test_what_stands_below_a_text_for_its_readers_goes(line: str, language: str) -> None:
    """It stands in the element of the text, below it."""
    assert cleaned(f"<div><h1>{TITLE}</h1>{BODY}{line}</div>", language).text == PLAIN


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Found a mistake in the accounts, the auditors of the county have, and it is their own.", "en"),
        ("Vous avez trouvé une erreur dans nos comptes, a dit le maire aux gardiens, et je vous en remercie.", "fr"),
        ("Comments from the keepers fill twelve pages of the report that the county has printed.", "en"),
    ],
)
def test_a_sentence_that_begins_as_such_a_line_stays(line: str, language: str) -> None:
    """It asks nothing of the reader."""
    assert line in cleaned(f"<div><h1>{TITLE}</h1>{BODY}<p>{line}</p><p>{CANOE}</p></div>", language).text


def test_counts_among_many_lines_above_the_text_go() -> None:
    """More lines stand there than are looked at where a text has begun."""
    lines = ("By Joan Harper", "Entered 9 November 2026 10:12", "Changed 9 November 2026 11:30", "Views 40")
    above = "".join(f"<li>{line}</li>" for line in lines)
    page = cleaned(f"<article><h1>{TITLE}</h1><h4>Ardmore: boats</h4><ul>{above}</ul>{BODY}</article>")
    assert "Views 40" not in page.text
    assert PARAGRAPHS[0] in page.text


def test_the_authors_name_among_the_paragraphs_stays() -> None:
    """Interviews have it above each answer, reports of two days above the second: no line below the fourth is of the head."""
    second = "<p>The canoe came back on Monday, with two holes and a note from the scouts.</p>"
    page = cleaned(
        f"<article><h1>{TITLE}</h1><p>By Joan Harper</p>{BODY}<p>By Joan Harper</p>{second}{second.upper()}</article>"
    )
    assert "By Joan Harper" in page.text


def test_what_is_told_of_an_author_whom_the_deck_names_goes() -> None:
    """Opinions are announced with their author's name."""
    deck = (
        "<p>A county that patches boats with kitchen doors should not be surprised by wet feet, writes Joan Harper.</p>"
    )
    told = "<p><em>Joan Harper keeps bees and boats on the Ardmore.</em></p>"
    page = cleaned(f"<article><h1>{TITLE}</h1>{deck}<div>By Joan Harper</div>{BODY}{told}</article>")
    assert page.authors == ["Joan Harper"]
    assert page.text.endswith(PARAGRAPHS[-1])


@pytest.mark.parametrize(
    ("body", "language", "names"),
    [
        ("<p>Pictures and words by Joan Harper</p>", "en", ["Joan Harper"]),
        (
            "<p>5/11/2026, 14:10 WIB</p><div>Penulis <a>Wulandaru Kesuma</a></div><div>Editor <a>Agus Wijaya</a></div>",
            "id",
            ["Wulandaru Kesuma"],
        ),
        (
            "<div><span>Giriş: 05.11.2026 - 14:10</span><span>Muhabir: Elif Korkmazer</span></div>",
            "tr",
            ["Elif Korkmazer"],
        ),
    ],
)
def test_names_behind_labels_are_the_authors(body: str, language: str, names: list[str]) -> None:
    """No class says whose names they are."""
    assert cleaned(f"<h1>{TITLE}</h1>{body}{BODY}", language).authors == names


@pytest.mark.parametrize("sign", [": ", " – ", " » "])
def test_the_heading_behind_the_name_of_a_letter_is_the_title(sign: str) -> None:
    """The page's title has the letter's name and number before it, and punctuation between."""
    letter = f"Ardmore Evening No. 31{sign}Doors and boats"
    assert cleaned(f"<h1>Doors and boats</h1>{BODY}", title=letter).title == "Doors and boats"


def test_a_heading_that_is_the_end_of_a_title_is_not_the_title() -> None:
    """No punctuation stands before it there."""
    title = "Ardmore Evening on doors and boats"
    assert cleaned(f"<h1>Doors and boats</h1>{BODY}", title=title).title == title


@pytest.mark.parametrize("town", ["Ardmore", "Puerto Real", "Puerto del Río"])
def test_a_name_with_a_town_behind_it_is_none_of_the_text(town: str) -> None:
    """Papers of Spain have it above their texts, and below it the day with an hour."""
    head = f"<div>CARMEN OLIVARES / {town}</div><div>09/03/2012 00:00h</div>"
    page = cleaned(f"<h1>{TITLE}</h1>{head}{BODY}", "es")
    assert page.authors == ["CARMEN OLIVARES"]
    assert page.text == PLAIN
