"""Blocks that ask a reader for something, and lists and offers around an article, on pages that name none of their parts."""

import pytest

from agents.clean.edges import is_sign
from agents.clean.page.corrections.asides import are_amounts
from streams.errors import Refused
from tests.support.one_page import BODY, PARAGRAPHS, bare_text, page_text, text_of

FIELDS = {
    "letter": "<div class='k9'><b>Harbour letter</b> The quay, each Friday. <input type='email'><button>OK</button></div>",
    "poll": "<div class='k9'><form><fieldset><legend>Should the lamp turn?</legend><label><input type='radio'> Yes"
    "</label><label><input type='radio'> No</label></fieldset><p>412 people have answered so far</p></form></div>",
    "button": "<div class='k9'><button>Show the whole story</button></div>",
    "amounts": "<div class='k9'><p>Would you keep the lamp burning?</p><a>5 €</a> <a>10 €</a> <a>20 €</a></div>",
    "question": "<div class='k9'><p>Was this page useful?</p></div>",
}


@pytest.mark.parametrize("kind", FIELDS)
def test_boxes_that_ask_the_reader_for_something(kind: str) -> None:
    """A box with a field, a button, amounts to give, or a question about the page is no text, whatever it is called."""
    body = "".join(
        f"<div class='k1'>{line}</div>{FIELDS[kind] if at == 1 else ''}" for at, line in enumerate(PARAGRAPHS)
    )
    assert text_of(f"<div class='k0'><h1>Lighthouse is lit again</h1>{body}</div>") == "\n\n".join(PARAGRAPHS)


def test_things_to_tick_off_and_buttons_that_ask_are_text() -> None:
    """A list with boxes to tick is the text of a guide, and so is a question on a button that opens its answer."""
    things = ["A coil of rope", "Two lamps and oil", "A whistle"]
    ticks = "".join(f"<li><label><input type='checkbox'> {thing}</label></li>" for thing in things)
    asked = f"<div><button>Who keeps the keys of the tower?</button><p>{PARAGRAPHS[0]}</p></div>"
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS[1:])
    text = text_of(f"<article><h1>Lighthouse is lit again</h1>{body}<ul>{ticks}</ul>{asked}</article>").split("\n\n")
    assert [*things, "Who keeps the keys of the tower?"] == [line for line in text if line not in PARAGRAPHS]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("5 10 20", True),
        ("€ 5 € 10", True),
        ("5,000 10,000", True),
        ("1 2 3 4", False),
        ("8 9 10", False),
        ("8282", False),
    ],
)
def test_amounts_are_not_counted_one_by_one(text: str, amounts: bool) -> None:
    """Amounts to give stand apart; the numbers of pages, and of a program's lines, follow one another."""
    assert are_amounts(text) == amounts


def test_counts_of_pictures_go_and_a_mark_stays() -> None:
    """The places of pictures among all of them are no text; the mark of a review is."""
    counted = "".join(
        f"<div class='s'><span>{at + 1} / 4</span><p>{line}</p></div>" for at, line in enumerate(PARAGRAPHS)
    )
    text = text_of(f"<div><h1>Lighthouse is lit again</h1>{counted}<p>7/10</p></div>")
    assert text == "\n\n".join([*PARAGRAPHS, "7/10"])


def test_a_brief_report_above_a_long_list_of_others() -> None:
    """A box of other articles goes even where it is longer than the report above it."""
    brief = "The lighthouse on Gull Rock will be lit again from Sunday, two years after the storm."
    others = "".join(
        f"<div class='c'><a href='/{at}'>Tide {at}</a><p>{line}</p></div>" for at, line in enumerate(PARAGRAPHS)
    )
    shown = f"<div class='a'><h1>Lighthouse is lit again</h1><div>{brief}</div></div>"
    page = f"{shown}<div class='b'><h2>Related articles</h2>{others}</div>"
    assert text_of(page) == brief


def test_an_offer_below_its_heading() -> None:
    """The box that says who may read on goes with the heading above that line, and with the reasons below it."""
    reasons = (
        "<ul><li>All stories of the harbour, at any hour.</li><li>The tide tables, to print and to keep.</li></ul>"
    )
    offer = f"<div class='z'><h2>The whole harbour</h2><p>This article is for subscribers only.</p>{reasons}</div>"
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    assert text_of(f"<article><h1>Lighthouse is lit again</h1><div>{body}{offer}</div></article>") == "\n\n".join(
        PARAGRAPHS
    )


APPEAL = "Our reporting is free to read, but not to make. {} and keep it that way."


@pytest.mark.parametrize(
    "appeal",
    [
        f"<div><p><strong>We need your help.</strong> {APPEAL.format('Give five a month')}</p><a>Donate</a></div>",
        "<hr><p><em>If you value what we do, <a href='/give'>please consider a gift today</a>.</em></p><hr>",
        "<p><b>Unterstützen Sie uns</b> mit einer Spende, damit die Lampe weiter brennt und wir darüber schreiben.</p>",
        "<p>Cet article est en accès libre. <a href='/don'>Faites un don</a> pour que la lampe reste allumée.</p>",
    ],
)
def test_appeals_for_gifts_are_no_text(appeal: str) -> None:
    """A site asks for gifts in the middle of its articles, with no field or box around."""
    first, *rest = (f"<p>{line}</p>" for line in PARAGRAPHS)
    assert text_of(first + appeal + "".join(rest)) == "\n\n".join(PARAGRAPHS)


def test_a_box_that_appeals_in_several_ways_is_no_text() -> None:
    """One line opens it in bold; the paragraphs below are plain, and some of them ask for nothing."""
    asks = (
        "<div class='e'><div><p><b>Since you’re here …</b></p><p>… we have a small favour to ask. More people sail by than"
        " ever, and fewer of them buy the paper.</p><p>If everyone who likes our lamps helps fund it, the light is safe."
        " For as little as 1 you can do so.</p></div></div>"
    )
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    assert text_of(f"<div>{body}{asks}</div>") == "\n\n".join(PARAGRAPHS)


def test_a_story_about_gifts_is_text() -> None:
    """It says so in one way, or nothing in it leads to a till."""
    told = (
        "<p>Readers who wish to help the divers may <a href='/x'>make a donation</a> at the harbour office.</p>"
        "<p>“We need your help and your support,” the keeper told the crowd, and the crowd gave him its hats.</p>"
    )
    text = text_of(f"<p>{PARAGRAPHS[0]}</p>{told}<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>")
    assert "make a donation" in text
    assert "the crowd gave him" in text


def with_line(line: str) -> str:
    """Return the body of a page with a line between its paragraphs."""
    return "".join(f"<p>{part}</p>{f'<p>{line}</p>' if at == 1 else ''}" for at, part in enumerate(PARAGRAPHS))


@pytest.mark.parametrize(
    "line",
    [
        "गल्फ की हर खबर सबसे पहले पाने के लिए हमें फेसबुक पर फॉलो करें।",
        "En yeni deniz haberleri için kanalımıza abone olun",
        "最新の海のニュースは公式アカウントからフォローしてください。",
        "חדשות הים מגיעות אליכם לערוץ הטלגרם, לחצו כאן",
        "Photo by Nan Price",
        "Fot. Jan Wilk / Agencja",
        "Crédit photo : Paul Guérin",
        "Listen to this story 4 min",
        "Continue lendo após publicidade",
        "<i>For the latest from across the harbour, <a href='/n'>sign up to our newsletter here</a></i>",
        "Let us know what you think about this article by mail.",
        "Vorlesen lassen 3:45",
        "همچنین بخوانید: <a href='/7'>قایق دوباره دیر کرد</a>",
        "Prečítajte si aj: <a href='/7'>Trajekt opäť mešká</a>",
    ],
)
def test_what_newspapers_put_between_paragraphs_of_one_look(line: str) -> None:
    """Invitations whose verb stands last, credits without a colon, buttons with a time, and labels of links are no text."""
    assert text_of(with_line(line)) == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "Follow the signs on the quay, the harbour master said.",
        "Photo by photo, the album tells the story of the storm.",
        "The keeper asked his readers to subscribe.",
        "Reporter: Who pays for the slates?",
    ],
)
def test_lines_that_only_look_like_them_are_text(line: str) -> None:
    """A sentence that begins or ends as such a line does speaks of the news."""
    assert line in text_of(with_line(line))


def test_a_notice_of_rights_may_be_a_sentence() -> None:
    """The last line is one, with or without a full stop."""
    assert text_of(f"{BODY}<p>جميع الحقوق محفوظة.</p>") == "\n\n".join(PARAGRAPHS)


def test_an_offer_to_read_on_may_say_so_at_its_foot() -> None:
    """A small box at the end lists why to pay, and leads those who have paid to a form; below a story it is no part of it."""
    reasons = "<ul><li>Each story of the harbour</li><li>One month for 1 €</li></ul>"
    box = f"<div class='k5'><h3>Go on with us</h3>{reasons}<p>Already a subscriber? <a href='/in'>Log in</a></p></div>"
    assert text_of(f"{BODY}{box}") == "\n\n".join(PARAGRAPHS)


def test_comments_that_look_alike_and_unlike_the_text() -> None:
    """Below a label with their number they need no time that is written in full."""
    said = "I sailed past the rock in each of the last years and never once saw the lamp burn as it did tonight, reader"
    talk = "".join(
        f"<div><b>anna{at}</b> <i>{at}h</i><div class='k7'>{said} {at}</div><a>+{at}</a></div>" for at in range(2, 9)
    )
    text = bare_text(f"<div><h1>Lighthouse is lit again</h1>{BODY}</div><div><div>7 comments</div>{talk}</div>")
    assert text == "\n\n".join(PARAGRAPHS)


def test_comments_that_differ_in_their_elements_have_their_times() -> None:
    """Below a label with their number each has a line with its time."""
    said = "I sailed past the rock in each of the last years and never once saw the lamp burn as it did tonight, reader"
    talk = "".join(
        f"<{tag}><b>anna</b></{tag}><i>3 May 2025 10:1{at}</i><{tag}>{said} {at}</{tag}>"
        for at, tag in enumerate(("p", "section", "blockquote"))
    )
    text = bare_text(f"<div><h1>Lighthouse is lit again</h1>{BODY}</div><div><div>3 comments</div>{talk}</div>")
    assert text == "\n\n".join(PARAGRAPHS)


def test_a_menu_above_the_text_is_no_text() -> None:
    """Lines of links before the first sentence are none, on a page that names none of its parts."""
    menu = "<a href='/1'>መነሻ</a> | <a href='/2'>ፖለቲካ</a> | <a href='/3'>Sport</a> |"
    text = bare_text(f"{menu}<h1>Lighthouse is lit again</h1>{PARAGRAPHS[0]}<p>{'<p>'.join(PARAGRAPHS[1:])}")
    assert text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("head", "middle", "foot"),
    [
        ("", "", "<p>Compartir <a href='/f'>Facebook</a> <a href='/x'>X</a> <a href='/w'>WhatsApp</a></p>"),
        ("", "", "<p>Wir verwenden Cookies. Mit der Nutzung stimmen Sie unserer Datenschutzerklärung zu.</p>"),
        ("", "<div><img src='1.jpg'><p>The lens on its way to the rock. Photo: Nan Price</p></div>", ""),
        ("<p>3 Min. Lesezeit</p>", "", ""),
        ("<p>Temps de lecture : 4 min</p>", "", ""),
        ("<p>3 minuty czytania</p>", "", ""),
        ("<p>この記事は約3分で読めます</p>", "", ""),
        ("", "<div><h3>Inscrivez-vous à notre newsletter</h3><p>Chaque matin, l’essentiel du port.</p></div>", ""),
        ("", "", "<h4>Über die Autorin</h4><p>Nan Price schreibt seit 2009 über die Küste.</p>"),
        ("", "", "<div><h4>عن الكاتب</h4><p>نان برايس صحفية مختصة بالشؤون المحلية.</p></div>"),
    ],
)
def test_parts_of_a_page_that_names_none_of_them(head: str, middle: str, foot: str) -> None:
    """Buttons, requests, captions with a credit, times to read, boxes of newsletters and authors are known by their words."""
    lines = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    text = bare_text(
        f"<h1>Lighthouse is lit again</h1><div>{head}{''.join([*lines[:2], middle, *lines[2:]])}{foot}</div>"
    )
    assert text == "\n\n".join(PARAGRAPHS)


def test_a_word_that_languages_share_is_one_sign_of_a_request() -> None:
    """A paragraph about a cookie-cutter speaks to its reader, and asks for no consent."""
    line = "Your guests will like the evening more than any cookie-cutter party that you have given, the keeper says."
    assert line in text_of(f"{BODY}<p>{line}</p>")


def test_an_article_about_consent_is_whole() -> None:
    """Where the text speaks of cookies its last paragraph may do so too; elsewhere a request is none of it."""
    first = "<p>The harbour board wants consent for cookies and tracking, and the paper has read what it sends to its berths.</p>"
    last = "We share your personal data with our partners after you accept all cookies, the letter of the board says."
    assert last in text_of(f"{first}{BODY}<p>{last}</p>")
    assert last not in text_of(f"{BODY}<p>{last}</p>")


def test_two_notices_of_rights_in_one_line() -> None:
    """Sentences that say nothing else are no text."""
    assert text_of(f"{BODY}<p>版权所有，未经许可不得转载。</p>") == "\n\n".join(PARAGRAPHS)


def test_a_sentence_that_is_a_link_to_a_channel_is_no_text() -> None:
    """Between paragraphs it leads to a newsletter or an application; a link to something else is a sentence of the text."""
    between = "<p><strong><a href='/join'>Are you on {}? Hear of every ship that passes the rock.</a></strong></p>"
    parts = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    assert text_of("".join([*parts[:2], between.format("WhatsApp"), *parts[2:]])) == "\n\n".join(PARAGRAPHS)
    assert "Are you on Gull Rock?" in text_of("".join([*parts[:2], between.format("Gull Rock"), *parts[2:]]))


def test_a_request_for_consent_below_a_brief_is_no_text() -> None:
    """It stands twice on the page, with other articles between, and no element has a name."""
    brief = (
        "El faro de la isla volverá a encenderse este domingo, dos años después de la tormenta que arrancó su linterna."
    )
    request = "Utilizamos cookies propias para mejorar nuestros servicios. Si continúa navegando, consideramos que acepta su uso."
    others = "".join(
        f"<div class='c-item'><a href='/{number}'><h3>Noticia {number} del puerto</h3></a><p>La lancha llega tarde por {number} "
        "veces en una semana. Recibe las noticias en tu correo.</p></div>"
        for number in "345"
    )
    page = (
        f"<html lang='es'><head><title>El faro vuelve a encenderse</title></head><body><div class='hd'><a href='/'>Portada</a>"
        f"</div><div class='ct'><h1>El faro vuelve a encenderse</h1><div class='tx'><p>{brief}</p></div></div><div class='ft'><p>"
        f"{request}</p></div><div><h2>Noticias</h2>{others}</div><div class='c-ft'><p>{request}</p></div></body></html>"
    )
    text = page_text(page)
    assert text.startswith(brief)
    assert request not in text


def test_a_page_of_nothing_but_requests_for_consent_is_no_article() -> None:
    """The same request in many paragraphs, and nothing else, leaves no text to look at."""
    request = "<p>We use cookies to improve the site. Please accept all of them, dear reader.</p>"
    with pytest.raises(Refused) as refused:
        page_text(
            f"<html><head><title>The Gull on the quay</title></head><body><div>{request * 20}</div></body></html>"
        )
    assert refused.value.reason == "not_article"


@pytest.mark.parametrize(
    "offer",
    [
        "Listen to this article 5 minutes This sound was made by a machine and may hold mistakes.",
        "Artikel anhören 4:12 Min. Dieser Text wurde von einer künstlichen Stimme gelesen.",
        "Écouter cet article 4 min Cette voix est une voix de synthèse.",
        "Слушать статью 5 минут Озвучено автоматически.",
    ],
)
def test_an_offer_to_hear_the_article_is_no_text(offer: str) -> None:
    """How long it takes and how it was made stand in one block with the offer, above the text; a sentence of it stays."""
    assert text_of(f"<p>{offer}</p>{BODY}") == "\n\n".join(PARAGRAPHS)
    lead = f"{offer.split(' ', 1)[0]} 5 {offer}"
    assert lead in text_of(f"<p>{lead}</p>{BODY}")


@pytest.mark.parametrize(
    "count", ["Page 1 of 3", "Seite 1 von 3", "Страница 1 из 3", "Sayfa 1 / 3", "第1页 共3页", "1/3ページ"]
)
def test_a_count_of_pages_is_no_text(count: str) -> None:
    """It stands above the text or below it; a score, a mark and a length there stay."""
    assert text_of(f"<p>{count}</p>{BODY}") == "\n\n".join(PARAGRAPHS)
    assert text_of(f"{BODY}<p>{count}</p>") == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("line", ["Kessin 1 Marrow 3", "Verdict: 4/5", "Open 9 to 17", "Duration: 1 to 25 weeks"])
def test_lines_with_two_numbers_are_no_count_of_pages(line: str) -> None:
    """No word between, or one of more than three letters, or not the first of some, or a word behind."""
    assert not is_sign(line, set())
