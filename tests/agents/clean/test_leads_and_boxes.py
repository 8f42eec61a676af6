"""Leads that stand apart, boxes and teasers between and below the text, galleries and articles around another."""

import pytest

from agents.clean.page.corrections.correct import is_list
from agents.clean.page.corrections.leads import leads
from tests.support.one_page import BODY, PARAGRAPHS, bare_text, features_of, page_text, text_of


@pytest.mark.parametrize("name", ["chapo", "article__ingress", "c-perex", "storyLead", "entradilla", "news-sapo"])
def test_a_lead_apart_from_the_text_is_its_first_paragraph(name: str) -> None:
    """A paper's lead stands nowhere else in its text, wherever it stands above the text; an advertisement is none."""
    lead = "A harbour counts the days until its oldest neighbour opens its eyes once more."
    menu = "".join(f"<li><a href='/{at}'>Part {at}</a></li>" for at in range(6))
    meta = "<div class='meta'><span>By Ann Lee</span><time>26 Nov 2025</time><ul><li><a>Facebook</a></li></ul></div>"
    others = "<section class='more'><h3>Most read</h3><ul><li><a href='/1'>Ferry is late again on Sunday</a></li></ul></section>"
    page = (
        f"<html lang='en'><head><title>Lighthouse is lit again</title></head><body><ul>{menu}</ul><div class='hero'>"
        f"<h1>Lighthouse is lit again</h1><h2 class='{name}'>{lead}</h2></div><div class='row'><div>{meta}<figure><img></figure>"
        f"<div class='body'>{BODY}</div></div></div>{others}<div class='foot'>All rights reserved.</div></body></html>"
    )
    assert page_text(page) == "\n\n".join([lead, *PARAGRAPHS])
    assert lead not in page_text(page.replace(name, "lead-image-ad"))
    assert page_text(page.replace(BODY, f"<p>{lead}</p>{BODY}")).count(lead) == 1
    invitation = "Subscribe to our newsletter to hear of the harbour and its lighthouse every single morning."
    assert invitation not in page_text(page.replace(lead, invitation))


@pytest.mark.parametrize(
    ("element", "found"),
    [
        (f"<div class='lead'>{BODY}</div>", 4),
        (f"<div class='lead'>{BODY}<p>A fifth paragraph makes it the column of a whole text.</p></div>", 0),
        (f"<div class='lead'><figure><img src='a.jpg'><p>{PARAGRAPHS[0]}</p></figure></div>", 0),
    ],
    ids=["four blocks", "five blocks", "a caption"],
)
def test_a_lead_is_a_small_element_without_a_picture(element: str, found: int) -> None:
    """An element of many blocks that is called a lead is the text itself, and what stands with a picture its caption."""
    features = features_of(f"<html><body>{element}</body></html>")

    assert len(list(leads(features, range(features.count)))) == found


@pytest.mark.parametrize(
    "article",
    [
        f"<a name='top'><h1>Lighthouse is lit again</h1>{BODY}",
        f"<div><a id='content'><h1>Lighthouse is lit again</h1></div><div>{BODY}</div>",
        f"<h1>Lighthouse is lit again</h1><a href='/whole'>{BODY}</a>",
    ],
)
def test_a_link_that_is_left_open_takes_no_text_away(article: str) -> None:
    """A place that links lead to and has no end, or a link around all paragraphs, leaves the text a text."""
    menu = "".join(
        f"<li><a href='/{word.lower()}'>{word}</a></li>" for word in ["Home", "World", "Harbour", "Sport", "Weather"]
    )
    content = (
        f"<html lang='en'><head><title>Lighthouse is lit again</title></head><body><ul>{menu}</ul>{article}"
        f"<ul>{menu}</ul><p>Imprint</p></body></html>"
    )
    text = page_text(content)
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    ("label", "headlines"),
    [
        ("Read also", ("Ferry is late again on Sunday and Monday", "Three held after a theft at the garden centre")),
        (
            "Lea también:",
            ("El transbordador vuelve a llegar tarde el domingo", "Tres detenidos por un robo en el vivero"),
        ),
        ("あわせて読みたい", ("日曜日も渡し船に遅れ、乗客に不満の声", "園芸店の盗難事件で三人を逮捕")),
    ],
)
def test_a_label_and_lines_of_links_in_one_block_are_no_text(label: str, headlines: tuple[str, ...]) -> None:
    """Old pages set the list of other articles in the cell of the text, each line with a bullet and a date."""
    lines = "<br>".join(f"&raquo; <a href='/{headline}'>{headline}</a> (25.11)" for headline in headlines * 2)
    text = "<br><br>".join(PARAGRAPHS)
    menu = "<br>".join(f"<a href='/{at}'>Part {at}</a>" for at in range(9))
    cell = f"<font size=4><b>Lighthouse is lit again</b></font><br><br>{text}<br><br><b>{label}</b><br>{lines}"
    assert bare_text(f"<table><tr><td>{menu}</td><td>{cell}</td></tr></table>") == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("block", "link", "listed"),
    [
        ("Read also\nFerry is late again\n» Bridge will close (25.11)", 38, True),
        ("Read also\nFerry is late again.", 20, False),
        ("Read also\nFerry is late again on a Sunday in winter", 19, False),
        ("Ferries\nFerry is late again", 19, False),
    ],
    ids=["headlines", "a sentence", "words beside a link", "no label"],
)
def test_a_list_of_others_is_a_label_and_lines_that_are_links(block: str, link: int, *, listed: bool) -> None:
    """Punctuation and days beside a headline count for nothing; `link`: how many of the characters are links'."""
    assert is_list(block, link) == listed


def test_a_teaser_that_breaks_off_is_no_text() -> None:
    """A box among the paragraphs with a headline that is a link, and the beginning of its text, leads elsewhere."""
    box = "<div class='z-{}'><a href='/2'><img><h4>Ferry is late again</h4></a><p>Passengers waited for an hour at…</p></div>"
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    text = text_of(f"{paragraphs[0]}{box.format(1)}{''.join(paragraphs[1:3])}{box.format(2)}{paragraphs[3]}")
    assert text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "button", ["<button>Abonnieren</button>", "<a href='/s'>S’abonner</a>", "<a href='/s'>Suscríbete</a>"]
)
def test_a_box_with_a_button_to_subscribe_by_is_no_text(button: str) -> None:
    """The box's promise need not name a channel; the paragraphs beside it stay."""
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    box = f"<div class='kw'><p>The best of the harbour, picked by our crew before the first ferry leaves.</p>{button}</div>"
    text = text_of(f"{''.join(paragraphs[:2])}{box}{''.join(paragraphs[2:])}")
    assert text == "\n\n".join(PARAGRAPHS)


def test_a_link_to_subscribe_by_between_paragraphs_takes_none_away() -> None:
    """A box ends in its button; where text goes on behind it, there is none."""
    told = "<div><p>The keeper lit a lamp.</p><a href='/s'>Subscribe</a><p>Nobody saw it but a ferry.</p></div>"
    text = text_of(f"{BODY}{told}{BODY.replace('light', 'lamp')}")
    assert "The keeper lit a lamp." in text
    assert "Nobody saw it but a ferry." in text


def test_dated_teasers_of_other_articles_below_a_brief_are_no_text() -> None:
    """Each has its section above a headline that is a link, wrappers, and a number in its class."""
    told = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:3])
    news = "".join(
        f"<article class='article article_{at}'><div class='pre'><div class='in'><div class='head'><div>Front Page</div></div>"
        f"<div class='title'><a href='/{at}'>Ferry number {at} is late on Sunday</a></div><div class='author'>Webmaster</div>"
        f"<div class='date'><div>December 1{at}, 2025</div></div><div class='body'>THE FERRY of pier {at} was late on Sunday "
        "with a crowd of passengers on the quay who had nowhere to go.</div></div></div></article>"
        for at in range(9)
    )
    content = (
        "<html lang='en'><head><title>Lighthouse is lit again</title></head><body><div class='one'><article class='article'>"
        f"<h1>Lighthouse is lit again</h1><div class='body'>{told}</div></article></div><div class='label'>ALSO IN THE NEWS</div>"
        f"<section>{news}</section></body></html>"
    )
    assert page_text(content) == "\n\n".join(PARAGRAPHS[:3])


def test_a_gallery_with_the_title_is_the_article() -> None:
    """A page of pictures with paragraphs between them is called a gallery as a whole; its paragraphs are text."""
    pictures = "".join(
        f"<div class='slide'><img src='{at}.jpg'></div><p>{told}</p>" for at, told in enumerate(PARAGRAPHS)
    )
    long = f"<p>{' '.join(PARAGRAPHS).replace('light', 'lamp')}</p>"
    content = (
        "<html lang='en'><head><title>Lighthouse is lit again</title></head><body><div class='news-gallery'>"
        f"<h1>Lighthouse is lit again</h1>{long}{pictures}{long.replace('lamp', 'beam')}</div></body></html>"
    )
    assert all(paragraph in page_text(content) for paragraph in PARAGRAPHS)


def test_an_article_within_the_article_that_is_far_longer_is_the_text() -> None:
    """Papers have who wrote them, and where they work, outside of the element of the text."""
    place = "<p>{}. Department of the Sea, University of Gull Rock, Long Street {}, Harbour Town, the Islands</p>"
    places = "".join(place.format(at, at) for at in range(1, 5))
    text = "".join(
        f"<p>{paragraph.replace('light', word)}</p>" for word in ("light", "lamp", "beam") for paragraph in PARAGRAPHS
    )
    content = (
        "<html lang='en'><head><title>Lighthouse is lit again</title></head><body><article><h1>Lighthouse is lit again</h1>"
        f"<div>{places}</div><article class='main'>{text}</article></article></body></html>"
    )
    assert all(paragraph in page_text(content) for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "consent",
    [
        "By signing up, you agree to receive messages from the Gull Gazette and its partners.",
        "Mit der Anmeldung akzeptieren Sie unsere Regeln zum Schutz Ihrer Daten.",
        "En vous inscrivant, vous acceptez nos conditions d’utilisation.",
        "Al suscribirte aceptas nuestras condiciones y el uso de tus datos.",
        "Iscrivendoti accetti le nostre condizioni e la nota sui dati.",
        "Ao se inscrever, você concorda com os nossos termos.",
        "Door je aan te melden ga je akkoord met onze voorwaarden.",
        "Genom att anmäla dig godkänner du våra villkor.",
    ],
)
def test_consent_to_a_newsletter_among_the_paragraphs_is_no_text(consent: str) -> None:
    """Where the page names nothing, the line below a box to subscribe looks like a sentence of the text."""
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    text = text_of(f"{''.join(paragraphs[:2])}<p>{consent}</p>{''.join(paragraphs[2:])}")
    assert text == "\n\n".join(PARAGRAPHS)
