"""Kinds of pages on which shapes alone mislead: captions, boxes, comments, repetitions, tables, scripts without stops."""

import json
from datetime import UTC, datetime

import pytest

from agents.clean import article as clean
from streams.records import Raw

PARAGRAPHS = (
    "The lighthouse on Gull Rock will be lit again from Sunday, two years after the storm that tore off its lantern room.",
    "Divers found the old lens in nine pieces on the sea bed, and a workshop in the harbour put it together over the winter.",
    "The keeper's cottage stays closed, the heritage trust said, because its roof needs slates that nobody makes any more.",
    "Ships have steered by a buoy since the storm, and three of them ran onto the sandbank that the light used to mark.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def text_of(
    body: str, *, after: str = "", before: str = "", lang: str = "en", title: str = "Lighthouse is lit again"
) -> str:
    """Return the text of a page with this body, and with parts before and after the article."""
    content = (
        f"<html lang='{lang}'><head><title>{title}</title></head><body><header><a href='/'>Start</a></header>{before}<main>"
        f"<article><h1>{title}</h1>{body}</article>{after}</main><footer><p>Imprint</p></footer></body></html>"
    )
    now = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://gull.example/1", fetched_at=now, content_type="text/html", content=content)
    return clean.clean_raw(record).clean.text


def bare_text(body: str) -> str:
    """Return the text of a page that is this body within its main part."""
    content = (
        f"<html lang='en'><head><title>Lighthouse is lit again</title></head><body><main>{body}</main></body></html>"
    )
    now = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://gull.example/1", fetched_at=now, content_type="text/html", content=content)
    return clean.clean_raw(record).clean.text


def test_captions_of_a_gallery_are_no_text() -> None:
    """Pictures above the text with a sentence each, in elements of any name, stay out."""
    pictures = "".join(
        f"<div class='pic'><img src='{number}.jpg'><p class='x{number}'>{caption}</p></div>"
        for number, caption in enumerate(
            (
                "Volunteers carry one of the nine pieces of the lens from the workshop to the ship on Friday morning.",
                "The lantern room as it looked before the storm, in a picture taken from the ferry to the islands.",
            )
        )
    )
    text = text_of(f"<div class='pics'>{pictures}</div>{BODY}")
    assert text.startswith(PARAGRAPHS[0])
    assert "Volunteers carry" not in text
    assert "in a picture taken" not in text


def test_a_slide_show_is_no_text() -> None:
    """Sentences below the pictures of a carousel stay out, wherever it stands."""
    slides = "".join(
        f"<li><span>A crane lifts part {number} of the lantern room onto the rock.</span></li>" for number in "123"
    )
    text = text_of(f"<ul class='photo-carousel'>{slides}</ul>{BODY}")
    assert text.startswith(PARAGRAPHS[0])
    assert "crane" not in text


def test_a_box_of_highlights_is_no_text() -> None:
    """The points that a box repeats from the article stay out; a list within the text stays."""
    box = "<div><h4>HIGHLIGHTS</h4><ul><li>The light returns on Sunday</li><li>The cottage stays closed</li></ul></div>"
    points = "<ul><li>The light is seen from twenty miles.</li><li>The foghorn is not used again.</li></ul>"
    text = text_of(f"{box}<p>{PARAGRAPHS[0]}</p>{points}{BODY[len(PARAGRAPHS[0]) + 7 :]}")
    assert "The light returns on Sunday" not in text
    assert "The foghorn is not used again." in text


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


def test_comments_are_not_taken_for_a_short_post() -> None:
    """The post is the article, however long the discussion below it is."""
    talk = "".join(
        f"<div><b>Reader {number}</b><p>I sailed past the rock last summer and could see that somebody had begun to work there, "
        f"which made me hope that visit number {number} would find it lit again before my boat is sold.</p></div>"
        for number in range(12)
    )
    text = text_of(
        f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>", after=f"<section><h3>12 Comments</h3>{talk}</section>"
    )
    assert text == f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}"


def test_the_guest_book_below_an_obituary_is_no_text() -> None:
    """Those who write into it have as many words as the notice."""
    talk = "".join(
        f"<p>He rowed me over {number} times, and never once did he take a coin for it. Rest.</p>" for number in "3456"
    )
    text = text_of(BODY, after=f"<section><h2>Memories and Condolences</h2>{talk}</section>")
    assert text.endswith(PARAGRAPHS[-1])


def test_articles_within_the_article_are_others() -> None:
    """Teasers in elements of the name article, below the text and within its own, stay out."""
    teasers = "".join(f"<article><h3>Other news {n}</h3><p>{PARAGRAPHS[2]} Part {n}.</p></article>" for n in range(4))
    text = text_of(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[3]}</p>{teasers}")
    assert "Part 1." not in text


def test_a_table_of_results_is_kept_as_lines() -> None:
    """Tables of four rows and more in a text are news: a row is a line, its cells in order."""
    rows = (
        ("Boat", "Home port", "Hours"),
        ("Petrel", "Kessin", "9"),
        ("Skua", "Marrow", "11"),
        ("Tern", "Gull Rock", "12"),
    )
    table = "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in row)}</tr>" for row in rows)
    text = text_of(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><table>{table}</table><p>{PARAGRAPHS[2]}</p>")
    assert "Boat | Home port | Hours\n\nPetrel | Kessin | 9\n\nSkua | Marrow | 11" in text


def test_a_body_that_stands_twice_is_taken_once() -> None:
    """A hidden block of microdata with the whole text, and a standfirst that the text repeats, are left out."""
    hidden = f"<div itemprop='articleBody' style='display:none'>{' '.join(PARAGRAPHS)}</div>"
    text = text_of(f"<p class='standfirst'>{PARAGRAPHS[0]}</p>{BODY}{hidden}")
    assert text.count(PARAGRAPHS[0]) == 1
    assert text.count(PARAGRAPHS[3]) == 1


def test_a_list_of_other_articles_above_the_title_is_no_text() -> None:
    """Breaking news that a template puts above the article stay out where the article is below its title."""
    teasers = "".join(f"<li>{PARAGRAPHS[2]} So much for item number {n} in the news.</li>" for n in range(5))
    text = text_of(BODY, before=f"<div><ul>{teasers}</ul></div>")
    assert "item number 3" not in text
    assert text.startswith(PARAGRAPHS[0])


def test_a_thai_text_with_links_and_bold_words_is_whole() -> None:
    """Thai writes no full stops and few spaces; its paragraphs are sentences all the same."""
    first = "สภาเมืองลงมติเมื่อวันอังคารให้สร้างสะพานแห่งใหม่ข้ามแม่น้ำซึ่งแบ่งตลาดออกจากย่านโรงงานโดยจะเริ่มงานในเดือนเมษายน"
    second = "นายกเทศมนตรีกล่าวว่าสะพานเดิมถูกปิดสามครั้งในปีนี้และรถบรรทุกต้องอ้อมไปไกลกว่ายี่สิบกิโลเมตรทุกวันทำให้พ่อค้าเดือดร้อน"
    third = "ชาวบ้านบอกว่ารอคอยสะพานนี้มานานหลายปีแล้วและหวังว่างานจะเสร็จทันเวลาก่อนฤดูฝนปีถัดไปตามที่เทศบาลให้สัญญาไว้กับทุกคน"
    body = f"<p>{first}</p><p><b>{second[:30]}</b>{second[30:]}</p><p><a href='/x'>{third[:20]}</a>{third[20:]}</p>"
    text = text_of(body, lang="th", title="สภาเมืองสร้างสะพานใหม่")
    assert [len(part) for part in text.split("\n\n")] == [len(first), len(second), len(third)]


def test_an_old_page_of_tables_is_read_in_paragraphs() -> None:
    """Where a page is laid out with tables, a cell with the whole article is no row of data."""
    lines = "<br><br>".join(PARAGRAPHS)
    menu = "<td><a href='/1'>Home</a> | <a href='/2'>Harbour</a> | <a href='/3'>Weather</a></td>"
    cell = f"<td><font size=5><b>Lighthouse is lit again</b></font><br><br>{lines}</td>"
    content = (
        "<html lang='en'><head><title>Lighthouse is lit again - Gull Gazette</title></head><body>"
        f"<table><tr>{menu}</tr><tr>{cell}</tr><tr><td>Gull Gazette, Harbour Street 3</td></tr></table></body></html>"
    )
    now = datetime(2008, 1, 3, tzinfo=UTC)
    record = Raw(url="https://gull.example/2", fetched_at=now, content_type="text/html", content=content)
    text = clean.clean_raw(record).clean.text
    assert "\n\n".join(PARAGRAPHS) in text
    assert "Weather" not in text
    assert " | " not in text


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


def test_a_picture_in_a_paragraph_takes_its_credit_along() -> None:
    """Words beside a picture that name its photographer are a caption within the text, too."""
    picture = "<p><img src='lens.jpg'><em>The lens on its way. (Photo by Nan Price / Gull Rock News)</em></p>"
    paragraphs = BODY.replace("</p><p>", f"</p>{picture}<p>", 1)
    assert text_of(paragraphs) == "\n\n".join(PARAGRAPHS)


def test_a_page_laid_out_with_one_cell_is_no_table() -> None:
    """A head and paragraphs in the same cell are read as blocks, not as a row of data."""
    head = (
        "<font size='5'><b>Lighthouse is lit again</b></font><br>By Nan Price<br>Gull Rock News writer<br>May 3, 2025"
    )
    table = f"<table width='600'><tr><td>{head}{BODY}</td></tr></table>"
    content = f"<html lang='en'><head><title>Lighthouse is lit again</title></head><body>{table}</body></html>"
    now = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://gull.example/1", fetched_at=now, content_type="text/html", content=content)
    assert clean.clean_raw(record).clean.text == "\n\n".join(PARAGRAPHS)


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
    """What stood below it was left out, and it says nothing alone."""
    form = "<form><input type='email'><button>Send</button></form>"
    assert text_of(BODY + f"<h3>From the harbour master</h3>{form}").endswith(PARAGRAPHS[-1])


def test_a_table_below_the_last_paragraph_is_text() -> None:
    """Results below the text are lines of it, as they are within."""
    rows = "".join(
        f"<tr><td>{name}</td><td>{ships}</td></tr>"
        for name, ships in (("May", 14), ("June", 19), ("July", 23), ("August", 17), ("September", 11))
    )
    text = text_of(f"{BODY}<table><tr><th>Month</th><th>Ships</th></tr>{rows}</table>")
    assert "July | 23" in text


def test_an_open_shadow_root_is_part_of_the_page() -> None:
    """A declarative shadow root is shown by a browser; another template within it is not."""
    hidden = "<template><p>This sentence is cloned by a script for each reader who writes a comment.</p></template>"
    shadow = f"<x-story><template shadowrootmode='open'>{BODY}{hidden}</template></x-story>"
    text = text_of(shadow)
    assert text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("paragraphs", ["html", "list", "blocks"])
def test_an_article_in_the_state_of_scripts(paragraphs: str) -> None:
    """A page that shows nothing without its scripts holds the article in their state, next to others."""
    body = {"html": BODY, "list": PARAGRAPHS, "blocks": [{"type": "p", "content": line} for line in PARAGRAPHS]}
    other = {"title": "Ferry sails again", "body": "The ferry sails again. " * 80}
    state = {"props": {"more": [other], "page": {"headline": "Lighthouse is lit again", "body": body[paragraphs]}}}
    content = (
        "<html><head><title>Lighthouse is lit again</title><meta property='og:type' content='article'></head>"
        f"<body><div id='app'></div><script type='application/json'>{json.dumps(state)}</script></body></html>"
    )
    now = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://gull.example/1", fetched_at=now, content_type="text/html", content=content)
    assert clean.clean_raw(record).clean.text == "\n\n".join(PARAGRAPHS)


def test_structured_data_in_a_script_without_spaces() -> None:
    """A Chinese article that stands in the structured data alone is long enough by its characters."""
    body = (
        "灯塔周日将重新亮起，距离那场吹走灯室的风暴已有两年。潜水员在海床上找到了碎成九块的旧透镜，港口的作坊花了一个冬天把它拼好。"
        * 2
    )
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "灯塔重新亮起", "articleBody": body}
    content = (
        f"<html lang='zh'><head><title>灯塔重新亮起</title><script type='application/ld+json'>{json.dumps(data)}</script></head>"
        "<body><div>加载中</div></body></html>"
    )
    now = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://gull.example/1", fetched_at=now, content_type="text/html", content=content)
    assert clean.clean_raw(record).clean.text == body


@pytest.mark.parametrize(
    "credit", ["(Photo: Ed Hale)", "Foto: Ed Hale", "Photo E. Hale/AFP", "사진=바다신문", "（李海 摄）"]
)
def test_a_caption_below_its_picture_names_the_photographer(credit: str) -> None:
    """A short paragraph right below a paragraph with a picture is its caption where it has a credit."""
    picture = f"</p><p><img src='1.jpg'></p><p>The lens on its way to the rock. {credit}</p>"
    assert "on its way to the rock" not in text_of(BODY.replace("</p>", picture, 1))
    plain = "</p><p><img src='1.jpg'></p><p>The lens went back to the rock on a barge that belongs to the quarry.</p>"
    assert "on a barge" in text_of(BODY.replace("</p>", plain, 1))


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


POSTS = (
    (
        "16:20",
        "Crane is back in the harbour",
        "The crane that lifted the lantern onto the rock came home in the late afternoon.",
    ),
    (
        "15:05",
        "Keeper's son climbs the tower",
        "Owen Brae, whose father kept the light for thirty years, was the first to climb it.",
    ),
    (
        "14:40",
        "Lens is in its place",
        "Eleven people needed four hours to set the nine pieces of the lens on its pedestal.",
    ),
    (
        "13:10",
        "Fog delays the ship",
        "The ship with the lens waited in the fog for an hour before it could leave the pier.",
    ),
)


def test_the_posts_of_a_live_blog_are_text_with_their_headings() -> None:
    """The last posts stand far from the text and are short: they are text as the first ones are."""
    posts = "".join(
        f"<div class='entry'><p class='clock'><time>{time}</time></p><h2 class='head'>{head}</h2><div class='body'><p>{post}</p>"
        "</div><div class='tools'><a href='#'>Facebook</a></div></div>"
        for time, head, post in POSTS
    )
    menu = "<ul>" + "<li><a href='/m'>A bell of bronze is home from the museum</a></li>" * 8 + "</ul>"
    text = text_of(f"{BODY}<div class='entries'>{posts}</div>", after=f"<aside><h3>Most read</h3>{menu}</aside>")
    for _, head, post in POSTS:
        assert head in text
        assert post in text
    assert "Facebook" not in text


def test_a_slide_show_that_is_most_of_the_story_is_text() -> None:
    """A story told in pictures has its sentences below them, the last one too."""
    slides = "".join(
        f"<div class='slide'><img src='{time}.jpg'><p>{post} {head}.</p></div>" for time, head, post in POSTS
    )
    text = text_of(
        f"<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p><div class='slideshow'>{slides}</div>"
    )
    assert all(post in text for _, _, post in POSTS)


def test_a_timeline_below_the_text_is_text() -> None:
    """Dates with a sentence each, in elements that say nothing, are as much text as the paragraphs above."""
    entries = (
        ("March 1911", "The light is lit for the first time."),
        ("October 1987", "The last keeper leaves the rock."),
        ("January 2024", "A storm tears off the lantern room."),
    )
    rows = "".join(
        f"<div class='r'><div class='w'>{day}</div><div class='t'>{event}</div></div>" for day, event in entries
    )
    text = text_of(f"{BODY}<div class='box'><h3>The light and its years</h3>{rows}</div>")
    for day, event in entries:
        assert day in text
        assert event in text


def test_comments_with_their_dates_are_no_timeline() -> None:
    """A name above each date tells comments from a timeline."""
    rows = "".join(
        f"<div class='r'><div class='n'>Kestrel {number}</div><div class='w'>4 March 2024</div>"
        "<div class='t'>Good to see it.</div></div>"
        for number in "123"
    )
    assert "Good to see it" not in text_of(f"{BODY}<div class='box'>{rows}</div>")


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


def test_the_score_of_a_match_is_kept_as_lines() -> None:
    """Two sides below a row of headings are a table of results, though a short one."""
    rows = (
        ("Side", "1st", "2nd", "3rd", "All"),
        ("Gull Rock", "14", "9", "22", "45"),
        ("Cape Brae", "11", "17", "8", "36"),
    )
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    assert "Gull Rock | 14 | 9 | 22 | 45" in text_of(f"{BODY}<table>{table}</table><p>{PARAGRAPHS[0]} Again.</p>")
