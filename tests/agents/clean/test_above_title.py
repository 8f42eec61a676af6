"""Sentences above the title, a heading in the text with the title's words, and readings beside Japanese characters."""

from agents.clean.page.corrections.correct import below_title
from tests.support.one_page import BODY, PARAGRAPHS, features_of, page_text, text_of


def test_sentences_above_the_title_are_no_text() -> None:
    """A note on the site in an element of its own is none; a lead stands below the title."""
    note = (
        "The following text for subscribers has been opened for you by one of them. Thousands of subscribers count on us for "
        "the best news of harbours and lights. If you like this article, please consider subscribing."
    )
    text = page_text(
        f"<html><head><title>Lighthouse is lit again [Gull Weekly]</title></head><body><div><a>Content</a></div>"
        f"<div class='grid'><p>Welcome to Gull Weekly</p><p>{note}</p></div><div class='PageHeadline'>"
        f"<h1>Lighthouse is lit again</h1></div><div class='ArticleText'>{BODY}</div></body></html>"
    )
    assert text == "\n\n".join(PARAGRAPHS)


def test_a_teaser_above_a_title_in_no_heading_is_no_text() -> None:
    """Its headline is a link; a line without one may be a deck."""
    teaser = "<div class='k1'><a href='/2'><h3>Ferry is late again</h3></a><p>The ferry was late on nine of ten days.</p></div>"
    page = f"<body>{{}}<div class='a'><div class='t'>Lighthouse is lit again</div>{BODY}</div></body>"
    for above, left in ((teaser, 2), ("<div class='k1'><p>The rock has waited for two years.</p></div>", 0)):
        features = features_of(page.format(above), "Lighthouse is lit again")
        assert below_title(features, list(range(features.count))) == list(range(left, features.count))


def test_a_heading_within_the_text_may_have_the_titles_words() -> None:
    """Sentences above it and below it stand in one element: it is no title, and nothing above it another article."""
    title = "Lighthouse is lit again after two years"
    more = (
        "The first ship to pass on Sunday will be the mail boat, whose captain has promised to sound her horn three times.",
        "A school class from the island has painted the door of the tower, in the red that old pictures show.",
    )
    above = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:3])
    below = "".join(f"<p>{paragraph}</p>" for paragraph in (PARAGRAPHS[3], *more, *more))
    text = page_text(
        f"<html lang='en'><head><title>{title} - Gull Gazette</title></head><body><div class=t><span>{title}</span></div>"
        f"<div class=b>{above}<h2>{title}</h2>{below}</div></body></html>"
    )
    assert text == "\n\n".join([*PARAGRAPHS[:3], title, PARAGRAPHS[3], *more])


def test_readings_beside_japanese_signs_are_no_text() -> None:
    """A browser sets them above the word that they help to read."""
    lines = (
        "島の灯台に日曜日から再び明かりがともる。嵐で灯籠が壊れてから二年になる。",
        "割れたレンズは海底で見つかり、港の工房が冬のあいだに組み立て直した。",
        "番人の家は屋根の瓦がそろわないため、当分のあいだ閉じたままだという。",
    )
    read = "<ruby>灯台<rp>（</rp><rt>とうだい</rt><rp>）</rp></ruby>"
    body = "".join(f"<p>{line.replace('灯台', read)}</p>" for line in lines)
    assert text_of(body, lang="ja", title="灯台に再び明かり") == "\n\n".join(lines)
