"""Boxes in which a site speaks of itself at length, as large desks set them around and into a text."""

import re

import pytest

from agents.clean import article as clean
from agents.clean.page.corrections.correct import boxes
from agents.clean.page.corrections.invitations import below_channels
from agents.clean.page.corrections.repeats import pulled_quotes
from streams.records import Clean
from tests.support.one_page import features_of, page_article

TITLE = "Ropewalk of Senlow spins its last mile"
PARAGRAPHS = (
    "The ropewalk of Senlow, which is longer than the town is wide, spun its last mile of hemp on Friday before a few sailors.",
    "It had worked without a break since 1794, and its floor is worn in two tracks where the spinners walked backwards all day.",
    "The last order came from a theatre, which needs forty ropes for a piece about a ship that never leaves its harbour.",
)
PLAIN, BODY = "\n\n".join(PARAGRAPHS), "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
FIRST, REST = BODY[: BODY.index("</p>") + 4], BODY[BODY.index("</p>") + 4 :]
GIFTS = (
    "<div class='x1'><h2>Your support helps us to go where the story is</h2><p>Whether it is a court, a quay or a council, our "
    "reporters are there before the doors open. Your donation lets us keep sending reporters "
    "there.</p><p>Others lock their readers "
    "out with paywalls. We think that news is paid for by those who can afford it, so that all may read it.</p></div>"
)
LETTER = (
    "<div class='x2'><h2>I hope you appreciated this article. Before you move on …</h2><p>May I ask "
    "whether you could support the "
    "Herald's journalism? From councils to courts we hold the powerful to account.</p><p>It takes a "
    "minute to set up a small monthly "
    "payment, and you can cancel at any time.</p></div>"
)
DEVICES = {
    "fr": (
        "<div class='x3'><h2>Lecture en cours sur un autre appareil.</h2><p>Vous ne pouvez lire ce journal "
        "que sur un seul appareil à la "
        "fois.</p><p>Comment ne plus voir ce message ?</p><p>Ce message s’affichera sur l’autre appareil, "
        "qui restera connecté.</p></div>"
    ),
    "es": (
        "<div class='x3'><h3>Tu suscripción se está usando en otro dispositivo</h3><p>Si continúas leyendo "
        "en este dispositivo, no se "
        "podrá leer en el otro.</p><p>¿Por qué estás viendo esto? Solo puedes acceder desde un dispositivo a la vez.</p></div>"
    ),
    "de": (
        "<div class='x3'><h3>Ihr Abo wird auf einem anderen Gerät genutzt</h3><p>Wenn Sie auf diesem Gerät "
        "weiterlesen, werden Sie dort "
        "abgemeldet.</p><p>Warum sehe ich diese Meldung? Das Abo gilt auf einem Gerät gleichzeitig.</p></div>"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def cleaned(body: str, language: str = "en") -> Clean:
    """Return the clean article of a page with a body."""
    return page_article(f"<html lang='{language}'><head><title>{TITLE}</title></head><body>{body}</body></html>")


@pytest.mark.parametrize("box", [GIFTS, LETTER], ids=["gifts", "letter"])
@pytest.mark.parametrize("above", [True, False], ids=["above", "below"])
def test_a_box_that_asks_for_gifts_in_several_ways_is_no_text(box: str, *, above: bool) -> None:
    """It is as long as the text below it, in paragraphs like these, and not in bold."""
    content = f"{box}<div>{BODY}</div>" if above else f"<div>{BODY}</div>{box}"
    assert cleaned(f"<article><h1>{TITLE}</h1>{content}</article>").text == PLAIN


@pytest.mark.parametrize("language", DEVICES)
def test_a_box_on_a_subscription_that_is_in_use_elsewhere_is_no_text(language: str) -> None:
    """Papers set it into the element of their text."""
    assert cleaned(f"<article><h1>{TITLE}</h1><div>{BODY}{DEVICES[language]}</div></article>", language).text == PLAIN


def test_a_report_on_gifts_in_a_box_is_text() -> None:
    """Its paragraphs are the article."""
    told = (
        "The Senlow Herald, a paper that is free to read, asked its readers for gifts again on Friday.",
        "“Your support keeps the lights on,” its editor wrote to eleven thousand households in the county.",
        "Readers may cancel at any time, and some nine hundred of them did so when the crossword was dropped.",
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in told)
    assert cleaned(f"<article><h1>{TITLE}</h1><div>{body}</div></article>").text == "\n\n".join(told)


AIMS = (
    "The ferry is <b>available to everyone</b> from May, and in a wet year it makes all the difference to the farms.",
    "Papers that <a href='/p'>hold power to account</a> must be free from political orders, the mayor of Senlow said.",
    "Riders may <b>cancel at any time</b>, and those who can afford it set up a monthly payment of nine crowns.",
)


@pytest.mark.parametrize("told", [*((one,) for one in AIMS), AIMS], ids=["ferry", "papers", "riders", "all in a box"])
def test_what_sites_and_news_both_say_is_text(told: tuple[str, ...]) -> None:
    """It counts in a box beside an appeal alone, however it is set."""
    box = (
        f"<div class='x9'>{''.join(f'<p>{line}</p>' for line in told)}</div>" if len(told) > 1 else f"<p>{told[0]}</p>"
    )
    text = cleaned(f"<article><h1>{TITLE}</h1><div>{FIRST}{box}{REST}</div></article>").text
    assert text == "\n\n".join((PARAGRAPHS[0], *(re.sub("<[^<>]*>", "", line) for line in told), *PARAGRAPHS[1:]))


def test_the_rules_for_comments_are_no_text() -> None:
    """They stand in a dialog at the end of the page."""
    rules = (
        "<div class='x4'><h2>Правила комментирования материалов</h2><p>Пользователь обязуется высказываться "
        "уважительно по отношению к "
        "другим участникам обсуждения.</p><p>Публикуются комментарии на том языке, на котором написан материал.</p></div>"
    )
    told = (
        "Канатный двор в Сенлове в пятницу закончил работу, которая шла с 1794 года, сообщил управляющий.",
        "Последний заказ пришёл из театра, которому нужно сорок канатов для спектакля о корабле в гавани.",
        "Пол двора вытерт в две колеи там, где прядильщики целый день ходили спиной вперёд.",
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in told)
    assert cleaned(f"<article><h1>{TITLE}</h1><div>{body}</div></article>{rules}", "ru").text == "\n\n".join(told)


def test_a_heading_on_rules_among_the_paragraphs_is_text() -> None:
    """A council may have some, and an article be about them."""
    told = (
        "Die Netiquette gilt seit Freitag auch im Stadtrat von Senlow, teilte die Verwaltung nach langem Streit mit.",
        "Wer andere unterbricht, zahlt in eine Kasse ein, aus der im Winter das Fest der Seiler bezahlt wird.",
        "Der Rat hat die Regeln mit zwölf zu fünf Stimmen beschlossen, und eine Bürgerin hat sie in Reime gefasst.",
    )
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in told)
    text = cleaned(
        f"<article><h1>{TITLE}</h1><div>{first}<h2>Netiquette</h2>{''.join(rest)}</div></article>", "de"
    ).text
    assert text.startswith(told[0])
    assert text.endswith("\n\n".join(told[1:]))


def test_a_box_below_the_name_of_a_channel_goes_with_it() -> None:
    """The heading alone says so: its box has no name, and its text could be one of a paper's own."""
    box = (
        "<div class='x5'><h3>Newsletter</h3><p>The best stories of the week, told so that you miss "
        "nothing.</p><a href='/n'>Get it</a></div>"
    )
    assert cleaned(f"<article><h1>{TITLE}</h1><div>{FIRST}{box}{REST}</div></article>").text == PLAIN


def test_a_box_below_the_name_of_a_channel_may_have_its_field_beside_it() -> None:
    """Forms set heading and praise into an element of their own."""
    box = (
        "<div class='form'><div class='head'><h3>Newsletter</h3><p>Ropes, ships and prices, told so that you miss nothing.</p>"
        "</div><form><input type='email'></form></div>"
    )
    features = features_of(f"<html><body><article><h1>{TITLE}</h1>{FIRST}{box}{REST}</article></body></html>", TITLE)
    name = features.page.texts.index("Newsletter")
    assert {name, name + 1} == set(below_channels(features, range(1, features.count - 1), {name}))


def test_a_section_on_a_channel_is_text() -> None:
    """Its heading is the channel's name alone, too; it leads nowhere."""
    told = "Here the assistant is muted in the menu of each chat, and its button stays."
    section = f"<section><h3>WhatsApp</h3><p>{told}</p></section>"
    text = cleaned(f"<article><h1>{TITLE}</h1><div>{FIRST}{section}{REST}</div></article>").text
    assert told in text


@pytest.mark.parametrize(
    "wrapped",
    ["<p>{}</p>", "<div class='b1'><p>{}</p></div>", "<p class='{1}'>{0}</p>"],
    ids=["bare", "each in an element", "a class each"],
)
def test_news_may_say_where_a_meeting_is_followed(wrapped: str) -> None:
    """Two sentences, the second with a link to the channel, are no advertisement among paragraphs like them."""
    told = "The council of Senlow meets on Tuesday to decide about the walk. Follow the meeting on <a href='/y'>YouTube</a>."
    body = "".join(map(wrapped.format, (PARAGRAPHS[0], told, *PARAGRAPHS[1:]), ("drop", "kick", "plain", "end")))
    assert "decide about the walk" in cleaned(f"<article><h1>{TITLE}</h1><div>{body}</div></article>").text


def test_who_said_a_pulled_quote_goes_with_it() -> None:
    """A name and a post alone would stand between two paragraphs."""
    said = "“We walked backwards for a living, and nobody fell,” said the master spinner, Oda Renn, who is ninety."
    quote = (
        "<aside class='pullquote'><blockquote><p>We walked backwards for a living, and nobody fell</p>"
        "<cite>Oda Renn, master spinner</cite></blockquote></aside>"
    )
    text = cleaned(f"<article><h1>{TITLE}</h1><div>{BODY}{quote}<p>{said}</p></div></article>").text
    assert text == f"{PLAIN}\n\n{said}"


@pytest.mark.parametrize(
    "below",
    [
        "Nobody fell on Friday.",
        "A list of all spinners from the year of the first rope up to the last of them, Oda Renn",
    ],
    ids=["sentence", "long line"],
)
def test_what_is_more_than_a_name_below_a_pulled_quote_stays(below: str) -> None:
    """A name and a post are a few words, and end no sentence."""
    quote = f"<aside class='pullquote'><p>We walked backwards, and nobody fell</p><p>{below}</p></aside>"
    said = "<p>“We walked backwards, and nobody fell,” said the master spinner, Oda Renn, who is ninety.</p>"
    page = features_of(f"<html><body><article><h1>{TITLE}</h1>{FIRST}{quote}{said}{REST}</article></body></html>").page
    found = pulled_quotes(page, list(range(len(page.texts))))
    assert [page.texts[index] for index in found] == ["We walked backwards, and nobody fell"]


#: Parts between the first paragraph and the rest.
WITHIN = {
    "what others read": "<div class='x6'><h4>People are also reading…</h4><a href='/1'>A bell is hung twice</a></div>",
    "praise that ends in an invitation": (
        "<div class='x8'><p>Find what matters on the coast with over <b>9,000 readers</b> who rely on the Herald for news. "
        "Sign up for our <a href='/n'>free newsletter</a> and hear of ships, ropes and prices twice a week.</p></div>"
    ),
    "praise apart that ends in a channel": (
        "<div class='x8'><p>The harbour never sleeps, and neither does the desk that tells of it. Follow us on "
        "<a href='/f'>Facebook</a> and hear of ships first.</p></div>"
    ),
    "a newsletter at the end of a paragraph": (
        "<p>There are more ropes where this came from. Sign up for the <a href='/n'>Senlow newsletter</a> and get them.</p>"
    ),
    "a video that is named": "<p><strong>Related video: A rope walks by itself (Senlow TV)</strong></p>",
}


@pytest.mark.parametrize("part", WITHIN.values(), ids=WITHIN)
def test_what_a_site_sets_between_paragraphs_is_no_text(part: str) -> None:
    """Local papers and portals have some of it in each article."""
    assert cleaned(f"<article><h1>{TITLE}</h1><div>{FIRST}{part}{REST}</div></article>").text == PLAIN


def test_a_box_in_hindi_that_names_another_story_is_no_text() -> None:
    """Its lines are bold sentences, and none of them a link but the last words."""
    told = (
        "सेनलो की रस्सी बनाने वाली गली ने शुक्रवार को आखिरी बार सन की रस्सी बटी, जिसे देखने कई नाविक आए थे।",
        "यह काम 1794 से बिना रुके चल रहा था और फर्श पर कारीगरों के चलने के दो निशान बन गए हैं।",
        "आखिरी ऑर्डर एक नाटक कंपनी का था, जिसे एक जहाज की कहानी के लिए चालीस रस्सियां चाहिए थीं।",
    )
    box = (
        "<div class='x9'><p><strong>ये खबर भी पढ़ें...</strong></p><p><strong>पुराने पुल पर नई बहस</strong></p>"
        "<p>नगर परिषद ने बैठक बुलाई है। <a href='/3'>पूरी खबर पढ़ें</a></p></div>"
    )
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in told)
    content = f"<article><h1>सेनलो की रस्सी गली</h1><div>{first}{box}{''.join(rest)}</div></article>"
    assert cleaned(content, "hi").text == "\n\n".join(told)


def test_an_article_that_is_a_box_of_others_goes_whole() -> None:
    """Systems set one into an `article` of its own below the title; the article itself may begin with such a label."""
    box = (
        "<article class='x7'><h4>Related to this story</h4><a href='/2'>The last tar maker shuts his door</a></article>"
    )
    page = f"<html><body><main><h1>{TITLE}</h1><div>{FIRST}{box}{REST}</div></main></body></html>"
    features = features_of(page, TITLE)
    texts = features.page.texts
    label = texts.index("Related to this story")
    assert set(boxes(features, list(range(len(texts))), {label})) == {label, label + 1}
    own = features_of(f"<html><body><article><h4>Related to this story</h4>{BODY}</article></body></html>", TITLE)
    assert not set(boxes(own, list(range(len(own.page.texts))), {0}))


def test_a_caption_above_the_text_is_no_text_where_its_picture_is_a_background() -> None:
    """It stands in `figcaption`, without a picture in an element of its own."""
    caption = (
        "<div><figcaption><p>Oda Renn walks backwards along the last mile in Senlow on Friday.</p></figcaption></div>"
    )
    assert cleaned(f"<article><h1>{TITLE}</h1>{caption}<div>{BODY}</div></article>").text == PLAIN
