"""Photo essays: the captions tell the article, and those of a report's pictures do not."""

from tests.support.one_page import page_article

TITLE = "A winter with the net menders of Kellan Point"
LEAD = (
    "From November to March no boat of Kellan Point leaves the harbour, and the nets are mended in the old sail loft."
)
END = "In April the boats go out again, and the loft is let to painters until the first storms of the autumn come back."
CAPTIONS = (
    "Ada Ferrow, who learned the knots from her grandmother, checks every mesh by touch, with her eyes on the window",
    "Three generations of one family around the stove, the only warm place in a loft that has been cold since it was built.",
    "A float of cork from a boat that went down before the war hangs above the door, and nobody is allowed to take it away.",
    "At noon the kettle goes round, and whoever has torn the most twine on that morning pays for the bread and the butter.",
)
STORY = (
    "The loft belongs to the town, which asks no rent of the menders as long as they teach the craft to any child who knocks.",
    "Last year eleven children did, and two of them came back, although the school bus leaves before the lesson is over.",
    "A machine in the county town mends a net in a tenth of the time, and the skippers say that its knots hold as well as these.",
)


def text_of(pictures: str, *paragraphs: str, outside: str = "") -> str:
    """Return the text of a page with pictures below its first paragraph, others above its last, and a part outside."""
    told = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    body = f"<article><h1>{TITLE}</h1><div class='content'><p>{LEAD}</p>{pictures}{told}<p>{END}</p></div></article>{outside}"
    return page_article(f"<html lang='en'><head><title>{TITLE}</title></head><body>{body}</body></html>").text


def figures(captions: tuple[str, ...] = CAPTIONS) -> str:
    """Return pictures with captions."""
    return "".join(
        f"<figure class='photo-figure'><img src='{number}.jpg'><figcaption>{text} <small class='credit'>Photo: Ira Lund"
        "</small></figcaption></figure>"
        for number, text in enumerate(captions)
    )


def test_captions_that_tell_more_than_the_text_are_text() -> None:
    """They keep their places between the paragraphs."""
    credited = [f"{caption} Photo: Ira Lund" for caption in CAPTIONS]
    assert text_of(figures()) == "\n\n".join((LEAD, *credited, END))


def test_long_captions_that_are_text_already_are_not_counted_against_the_short_ones() -> None:
    """Two of a hundred words are taken for paragraphs: with them, the text would seem to tell more than all captions do."""
    long = (" ".join((*CAPTIONS[:2], *STORY[:2])), " ".join((CAPTIONS[2], STORY[2], CAPTIONS[3], STORY[0])))
    told = (CAPTIONS[0], long[0], CAPTIONS[1], long[1])
    assert text_of(figures(told).replace("photo-figure", "wide"), STORY[0]).count("Photo: Ira Lund") == len(told)


def test_captions_of_a_report_are_no_text() -> None:
    """It has as many pictures, and more text than captions."""
    assert text_of(figures(), *STORY) == "\n\n".join((LEAD, *STORY, END))


def test_captions_of_three_pictures_or_of_other_articles_are_no_text() -> None:
    """A brief has few pictures; a box beside the article shows others."""
    assert text_of(figures(CAPTIONS[:3])) == f"{LEAD}\n\n{END}"
    assert text_of("", *STORY, outside=f"<aside>{figures()}</aside>") == "\n\n".join((LEAD, *STORY, END))


def test_captions_of_a_box_a_slide_show_or_links_are_no_text() -> None:
    """They stand among the paragraphs, and tell more than these do."""
    linked = tuple(f"<a href='/loft/{number}'>{caption}</a>" for number, caption in enumerate(CAPTIONS))
    for pictures in (f"<aside>{figures()}</aside>", f"<div class='photo-gallery'>{figures()}</div>", figures(linked)):
        assert text_of(pictures) == f"{LEAD}\n\n{END}"
