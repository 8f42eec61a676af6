"""Parts of a page that lead elsewhere or speak of the site are no text, and sentences like them are."""

import re

import pytest

from agents.clean.page.corrections.following import without_cards
from tests.support.one_page import BODY, PARAGRAPHS, bare_text, features_of, page_text, text_of


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Read also:"),
        ("es", "Lea también:"),
        ("de", "Lesen Sie auch:"),
        ("fr", "Lire aussi :"),
        ("ka", "წაიკითხეთ აგრეთვე:"),
        ("hy", "Կարդացեք նաև"),
        ("te", "ఇవి కూడా చదవండి:"),
        ("am", "ይህንንም ያንብቡ"),
    ],
)
def test_a_line_within_the_text_that_leads_elsewhere_is_no_text(lang: str, words: str) -> None:
    """A phrase that announces another article and its link stay out; a sentence with a link stays in."""
    teaser = f"<p><strong>{words} <a href='/2'>Ferry to Gull Rock sails twice a day</a></strong></p>"
    sentence = (
        "<p>The trust has <a href='/3'>asked for help</a> with the slates, and forty people have written to it.</p>"
    )
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    text = text_of("".join([*paragraphs[:2], teaser, sentence, *paragraphs[2:]]), lang=lang)
    assert "Ferry to Gull Rock" not in text
    assert "asked for help" in text


def test_articles_within_the_article_are_others() -> None:
    """Teasers in elements of the name article, below the text and within its own, stay out."""
    teasers = "".join(f"<article><h3>Other news {n}</h3><p>{PARAGRAPHS[2]} Part {n}.</p></article>" for n in range(4))
    text = text_of(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[3]}</p>{teasers}")
    assert "Part 1." not in text


def test_a_list_of_other_articles_above_the_title_is_no_text() -> None:
    """Breaking news that a template puts above the article stay out where the article is below its title."""
    teasers = "".join(f"<li>{PARAGRAPHS[2]} So much for item number {n} in the news.</li>" for n in range(5))
    text = text_of(BODY, before=f"<div><ul>{teasers}</ul></div>")
    assert "item number 3" not in text
    assert text.startswith(PARAGRAPHS[0])


def test_a_list_of_other_articles_below_is_no_text() -> None:
    """Headlines that are links, each with a line below it, lead elsewhere, whatever they stand in."""
    others = "".join(
        f"<a href='/{number}'><b>{title}</b></a><br><font size=1>{line}</font><br><br>"
        for number, (title, line) in enumerate(
            (
                ("Council raises parking fees", "Motorists will pay up to a third more from next spring, it decided."),
                ("School wins science prize", "Pupils built a station that measures the water of the river each hour."),
            )
        )
    )
    text = text_of(BODY, after=f"<div>{others}</div>")
    assert text.endswith(PARAGRAPHS[-1])


def test_an_offer_at_the_end_is_no_text() -> None:
    """A request for a subscription below the first paragraphs is the publisher's, not the article's."""
    offer = "<h3>Continue reading</h3><p>Subscribe now and read all articles for four weeks free of charge.</p>"
    assert text_of(BODY + offer).endswith(PARAGRAPHS[-1])


@pytest.mark.parametrize(
    ("lang", "invitation"),
    [
        ("en", "Sign up for our newsletter and read the harbour news before breakfast."),
        ("en", "Follow The Gull on WhatsApp for the tides of the day."),
        ("de", "Abonnieren Sie unseren Newsletter, dann kommt die Hafenpost jeden Morgen."),
        ("fr", "Inscrivez-vous à notre newsletter pour lire le journal du port chaque matin."),
        ("es", "Suscríbete a nuestro boletín y lee las noticias del puerto cada mañana."),
        ("pt", "Receba as notícias do porto todos os dias no seu WhatsApp."),
        ("pl", "Zapisz się na nasz newsletter, by co rano czytać wieści z portu."),
        ("ru", "Подпишитесь на наш канал, чтобы читать новости порта."),
        ("tr", "Bültenimize abone olun, liman haberleri her sabah size gelsin."),
        ("id", "Dapatkan kabar pelabuhan setiap pagi di saluran WhatsApp kami."),
    ],
)
def test_an_invitation_between_the_paragraphs_is_no_text(lang: str, invitation: str) -> None:
    """A block that invites to a newsletter or a channel is dropped; one that only speaks of a newsletter stays."""
    said = "<p>The trust's newsletter called the new lens a small wonder, and its readers paid for half of it.</p>"
    text = text_of(BODY.replace("</p>", f"</p><p>{invitation}</p>", 1) + said, lang=lang)
    assert invitation not in text
    assert "called the new lens a small wonder" in text


@pytest.mark.parametrize(
    ("label", "link"), [("Read also:", "Tide table"), ("More:", "Fog horn is sold"), ("Lesen Sie auch –", "Ebbe")]
)
def test_a_label_longer_than_its_link_leads_elsewhere(label: str, link: str) -> None:
    """A line that leads to another article is dropped however short the other's headline is."""
    text = text_of(BODY.replace("</p>", f"</p><p>{label} <a href='/2'>{link}</a></p>", 2))
    assert link not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_a_box_of_other_articles_is_no_text() -> None:
    """Headlines and sentences of other articles below a heading that says so stay out, within the text too."""
    cards = "".join(
        f"<div><h4><a href='/{number}'>Harbour notice number {number}</a></h4><p>{sentence}</p></div>"
        for number, sentence in enumerate(
            ("The pilots want a second boat for the winter.", "Nobody has claimed the anchor that the nets brought up.")
        )
    )
    text = text_of(BODY.replace("</p>", f"</p><div class='x1'><h3>Related stories</h3>{cards}</div>", 1))
    assert "second boat" not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_the_next_article_below_is_another() -> None:
    """A page that goes on without an end holds the next article, with an h1 of its own."""
    other = "".join(f"<p>{line.replace('light', 'ferry')} It sails again.</p>" for line in PARAGRAPHS)
    text = text_of(BODY, after=f"<article><h1>Ferry sails again</h1>{other}</article>")
    assert "It sails again" not in text
    assert text.endswith(PARAGRAPHS[-1])


@pytest.mark.parametrize(
    ("own", "wrapper", "head"),
    [
        ("<div class='leaf'>", "<div class='leaf'>", "<h1>Ferry sails again</h1>"),
        ("<article>", "<article class='next'>", "<h2>Ferry sails again</h2><p>2 January 2026</p>"),
    ],
)
def test_the_next_article_in_an_element_like_this_ones_is_another(own: str, wrapper: str, head: str) -> None:
    """Below the article stands another one in such an element, and its heading is of the first level, or a date is below it."""
    other = "".join(f"<p>{line.replace('light', 'ferry')} It sails again.</p>" for line in PARAGRAPHS)
    ends = "</article>" if own == "<article>" else "</div>"
    page = f"{own}<h1>Lighthouse is lit again</h1>{BODY}{ends}{wrapper}{head}{other}{ends}"
    assert "It sails again" not in bare_text(page)
    assert bare_text(page).endswith(PARAGRAPHS[-1])


@pytest.mark.parametrize("head", ["<h2>Ferry sails again</h2>", "<h2>Ferry sails again</h2><p>10:12</p>"])
def test_the_parts_of_an_article_are_its_own(head: str) -> None:
    """A chapter in an element of its own, or a post of a live blog with its time, is no next article."""
    other = "".join(f"<p>{line.replace('light', 'ferry')} It sails again.</p>" for line in PARAGRAPHS)
    page = f"<article><h1>Lighthouse is lit again</h1>{BODY}</article><article>{head}{other}</article>"
    assert "It sails again" in bare_text(page)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "This story is only for subscribers"),
        ("no", "Denne saken er for abonnenter. Logg inn for å lese mer."),
        ("fi", "Tämä artikkeli on vain tilaajille."),
        ("hr", "Članak je dostupan samo pretplatnicima."),
        ("cs", "Článek je jen pro předplatitele"),
    ],
)
def test_a_box_that_offers_the_rest_is_no_text(lang: str, line: str) -> None:
    """The box below the first paragraphs says who may read on, lists why to pay, and names a price."""
    reasons = "<ul><li>Every story of the harbour on all of your screens</li><li>The paper of tomorrow at nine tonight</li></ul>"
    offer = f"<div class='x9'><h2>{line}</h2>{reasons}<p>2 a week, and no strings attached</p></div>"
    assert text_of(BODY + offer, lang=lang).endswith(PARAGRAPHS[-1])


def test_a_line_about_subscribers_within_the_text_is_text() -> None:
    """News of a paper's subscribers goes on below the line."""
    line = "<div><h2>Only for subscribers</h2><p>The trust sold the lamp's old oil to those who pay for its letter.</p></div>"
    assert "sold the lamp's old oil" in text_of(BODY.replace("</p>", f"</p>{line}", 1))


def test_summaries_that_break_off_at_the_end_are_no_text() -> None:
    """Each is the beginning of another article below its headline, with nothing that says so."""
    summaries = "".join(
        f"<h4>The {name} of Gull Rock</h4><p>The {name} of the island has the colours of the harbour, which its ...</p>"
        for name in ("chapel", "pier", "school")
    )
    text = text_of(BODY + f"<div class='x4'>{summaries}</div>")
    assert text.endswith(PARAGRAPHS[-1])


def test_a_last_sentence_may_break_off() -> None:
    """One paragraph that ends in points is how some stories end."""
    text = text_of(
        BODY + "<p>Whether the old keeper will climb its stairs again, nobody on the island wanted to say ...</p>"
    )
    assert text.endswith("wanted to say ...")


def test_a_heading_with_nothing_below_is_no_text() -> None:
    """The text below it was left out, and it says nothing alone."""
    form = "<form><input type='email'><button>Send</button></form>"
    assert text_of(BODY + f"<h3>From the harbour master</h3>{form}").endswith(PARAGRAPHS[-1])


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("en", "Support local journalism: give to the Gull fund."),
        ("en", "Got a tip? Write to the harbour desk."),
        ("en", "Our reporting is paid for by readers on nine islands."),
        ("en", "Listen to this article"),
        ("en", "Photo: Ed Hale / The Gull"),
        ("de", "An dieser Stelle finden Sie einen Film, der den Bericht ergänzt."),
        ("fr", "Il vous reste la moitié du récit à lire."),
        ("it", "Ascolta l'articolo"),
        ("pl", "Masz temat? Napisz do portu."),
        ("ru", "Нашли ошибку? Выделите её мышью."),
        ("zh", "责任编辑：李海"),
        ("ko", "▶ <a href='/2'>등대 소식</a>"),
        ("ko", "[관련기사] <a href='/2'>등대 소식</a>"),
        ("ja", "【関連記事】<a href='/2'>灯台</a>"),
    ],
)
def test_a_note_about_the_site_between_the_paragraphs_is_no_text(lang: str, note: str) -> None:
    """Short blocks that ask for gifts and tips, offer to read aloud, or point elsewhere are dropped wherever they stand."""
    text = text_of(BODY.replace("</p>", f"</p><p>{note}</p>", 1), lang=lang)
    assert text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Follow the money: the keeper's pay went through Facebook, the inquiry found."),
        ("en", "Newsletter publishers in the harbour towns lost a tenth of their readers in spring."),
        ("en", "Subscribers to the fund gave twice as much as the trust had asked for."),
        ("es", "Sigue bloqueado el canal del puerto por tercer día consecutivo."),
        ("es", "Descarga de agua en el canal inunda el muelle."),
        ("pt", "Entre no porto e na vila, a neblina durou três dias."),
        ("ar", "تابع التجار شراء الأسهم بعد بيع تويتر."),
        ("ar", "انضم اللاعب إلى الفريق عبر إعلان في فيسبوك."),
        ("id", "Bergabung sejak Mei, nelayan itu menjual ikan lewat aplikasi."),
        ("de", "Fehler gefunden haben die Prüfer in jeder zweiten Rechnung des Hafens."),
        ("ko", "저작권자는 등대 사진의 사용료를 받지 않겠다고 밝혔다."),
        ("zh", "更多的船只将在周日驶过灯塔，港口说。"),
    ],
)
def test_sentences_that_begin_like_notes_are_text(lang: str, sentence: str) -> None:
    """News begins with the words of invitations too; nothing but the whole phrase counts."""
    assert sentence in text_of(BODY.replace("</p>", f"</p><p>{sentence}</p>", 1), lang=lang)


@pytest.mark.parametrize(
    ("within", "part"),
    [
        ("<p><a href='/b'><b>[Buoy number nine breaks loose in the gale]</b></a></p>", "Buoy number nine"),
        ("<div class='x'><a>Tides</a> | <a>Wrecks</a> | <a>Pilots</a> | <a>Charts and tables</a></div>", "Wrecks"),
        ("<p>Story: <a href='/b'>Buoy number nine breaks loose in the gale</a></p>", "Buoy number nine"),
        ("<p>You are receiving this email because you asked the harbour office for it.</p>", "harbour office"),
        ("<p>Lecture en cours sur un autre appareil.</p>", "autre appareil"),
        ("<p>La nota sigue tras la publicidad</p>", "sigue tras"),
    ],
)
def test_lines_that_lead_elsewhere_are_no_text(within: str, part: str) -> None:
    """Links in brackets, menus with bars and notices of the site stand between the paragraphs."""
    text = text_of(BODY.replace(f"<p>{PARAGRAPHS[2]}</p>", f"{within}<p>{PARAGRAPHS[2]}</p>"))
    assert part not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_a_label_at_the_end_without_its_links_is_no_text() -> None:
    """The list below the label is no text, and neither is the label then."""
    links = "".join(f"<p><a href='/{number}'>Buoy {number} breaks loose in the gale</a></p>" for number in "12")
    assert text_of(f"{BODY}<p><b>Read more:</b></p>{links}").endswith(PARAGRAPHS[-1])


def test_a_sentence_in_brackets_is_text() -> None:
    """An editor's remark has no link, or one word of it."""
    remark = "[The trust later said that the <a href='/b'>cottage</a> will open in May.]"
    assert "will open in May" in text_of(f"{BODY}<p>{remark}</p><p>{PARAGRAPHS[0]} Again.</p>")


LINES = (
    ("Ferry to Gull Rock sails twice a day", "The second boat leaves at noon, the company said on Monday."),
    ("Council raises parking fees again", "Motorists will pay up to a third more from next spring."),
    ("School wins prize for its weather station", "Pupils measure wind and rain on the roof each hour."),
    ("Museum finds a map in its cellar", "It shows the harbour as it was before the great storm."),
)


def others(element: str, heading: str) -> str:
    """Return teasers, each a headline that is a link with a line below it."""
    return "".join(
        f"<{element}><{heading}><a href='/{number}'>{title}</a></{heading}><p>{line}</p></{element.partition(' ')[0]}>"
        for number, (title, line) in enumerate(LINES)
    )


@pytest.mark.parametrize(
    ("element", "heading"), [("article", "h2"), ("article class=story", "h3"), ("div class=k2", "h4")]
)
def test_elements_with_a_linked_headline_beside_the_article_are_others(element: str, heading: str) -> None:
    """Teasers in elements like the article's own, or in cards that are alike, stay out."""
    text = text_of(BODY, after=f"<div class=k1>{others(element, heading)}</div>")
    assert text.endswith(PARAGRAPHS[-1])
    assert not any(line in text for _, line in LINES)


def test_many_cards_beside_a_short_report_are_others() -> None:
    """Cards may hold more words than the report, where they stand outside of its element."""
    cards = "".join(others("div class=k2", "h4") for _ in range(6))
    text = text_of(BODY, after=f"<div class=k1>{cards}</div>")
    assert text.endswith(PARAGRAPHS[-1])


def test_a_text_that_is_told_in_cards_keeps_them() -> None:
    """A list of places, each with a link as its heading, is the text where it is most of it."""
    text = text_of(f"<p>{PARAGRAPHS[0]}</p>{others('div class=k2', 'h3')}")
    assert sum(line in text for _, line in LINES) == len(LINES)


def test_the_next_card_of_a_page_of_cards_is_another_article() -> None:
    """Each has a headline that is a link, in no heading, and the page's title is that of the first."""
    card = "<div class='k1'><div class='k2'><a href='/{0}'><span>{1}</span></a></div><div class='k3'>{2}</div></div>"
    own = card.format(1, "Lighthouse is lit again", " ".join(PARAGRAPHS[:3]))
    text = bare_text(f"{own}{card.format(2, 'Ferry to Gull Rock is late again', PARAGRAPHS[3])}")
    assert text == " ".join(PARAGRAPHS[:3])


def test_a_headline_alone_between_two_paragraphs_leads_elsewhere() -> None:
    """One that is a link and no sentence stays out; a link that is a sentence, and a list of such headlines, are text."""
    lines = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    headline = "<p><strong><a href='/2'>Ferry to Gull Rock sails twice a day</a></strong></p>"
    assert text_of("".join([*lines[:2], headline, *lines[2:]])) == "\n\n".join(PARAGRAPHS)
    sentence = "<p><a href='/2'>The ferry to Gull Rock sails twice a day.</a></p>"
    assert "sails twice" in text_of("".join([*lines[:2], sentence, *lines[2:]]))
    told = "".join(f"<p><a href='/{n}'>Lamp number {n} of the coast</a></p>{line}" for n, line in enumerate(lines))
    assert "Lamp number 2 of the coast" in text_of(told)


def test_lines_of_links_at_the_end_are_no_text() -> None:
    """A page that names no part may end with ways to other pages; the one link of an article is its source."""
    paragraphs = "".join(f"<div>{paragraph}</div>" for paragraph in PARAGRAPHS)
    links = "<div><a href='/2'>Next: Fog horn is heard »</a></div><div><a href='/'>Home</a> <a href='/f'>Full site</a></div>"
    source = "<div><a href='https://gull.example/report'>gull.example/lighthouse-report</a></div>"
    assert bare_text(f"<h1>Lighthouse is lit again</h1>{paragraphs}{links}") == "\n\n".join(PARAGRAPHS)
    assert bare_text(f"<h1>Lighthouse is lit again</h1>{paragraphs}{source}").startswith("\n\n".join(PARAGRAPHS))


def test_a_cell_beside_an_old_page_is_no_text() -> None:
    """Lines above the title in another cell are a menu or the weather; the title is a line above the byline there."""
    paragraphs = "<br><br>".join(PARAGRAPHS)
    content = (
        "<html><head><title>Lighthouse is lit again</title></head><body><table><tr><td width=130><font size=2><a href='/'>Home"
        "</a><br><a href='/n'>News</a><br><br><b>Weather</b><br>Rain, 8 degrees<br><br></font></td><td><font size=5><b>Lighthouse"
        f" is lit again</b></font><br>By Jane Doe<br><br>{paragraphs}</td></tr></table></body></html>"
    )
    assert page_text(content) == "\n\n".join(PARAGRAPHS)


CARDS = "".join(
    f"<div><h3><a href='/{at}'>{head} again</a></h3><p>{line}</p></div>"
    for at, (head, line) in enumerate(
        [
            (
                "Fog horn is heard",
                "It had been silent for so long that gulls had built their nests in it, the trust said.",
            ),
            ("Keeper paints his door", "He chose a green that no ship has ever carried, after a vote among his goats."),
            (
                "Buoy is hauled ashore",
                "It weighs four tonnes and will stand in front of the school from the spring on.",
            ),
        ]
    )
)


def test_cards_without_a_class_beside_a_brief_report_are_others() -> None:
    """Their headlines are headings and links; the brief stands with its title in an element of its own."""
    body = f"<div><h1>Lighthouse is lit again</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div><div>{CARDS}</div>"
    content = (
        f"<html lang='en'><head><title>Lighthouse is lit again</title></head><body><div>{body}</div></body></html>"
    )
    assert page_text(content) == "\n\n".join(PARAGRAPHS[:2])


def test_dated_cards_that_were_taken_whole_are_other_articles() -> None:
    """Their headlines are links, and their list stands outside of the text; without days it may be a round-up."""
    cards = "".join(
        f"<div class='card'><a href='/{day}'><h3>Ferry number {day} is late again</h3></a><p>The owner of ferry {day} blames the "
        f"new timetable.</p><span>2{day}.11.2025</span></div>"
        for day in range(4)
    )
    content = f"<body><div class='post'><h1>Lighthouse is lit again</h1>{BODY}</div><div class='more'>{{}}</div></body>"
    features, undated = (
        features_of(content.format(below), "Lighthouse is lit again")
        for below in (cards, re.sub("<span>.*?</span>", "", cards))
    )
    assert without_cards(features, list(range(features.count))) == [*range(len(PARAGRAPHS) + 1)]
    assert without_cards(undated, list(range(undated.count))) == [*range(undated.count)]
