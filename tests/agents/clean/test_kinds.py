"""Kinds of pages on which shapes alone mislead: captions, comments, repetitions, tables, series, timelines."""

import pytest

from tests.support.one_page import BODY, PARAGRAPHS, bare_text, page_text, text_of


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


def test_a_box_of_highlights_in_another_language_is_no_text() -> None:
    """Its heading is the one of the language that the paper is written in."""
    text = text_of(f"<div><h3>Punti chiave</h3><ul><li>La luce torna domenica sera</li></ul></div>{BODY}")
    assert text.startswith(PARAGRAPHS[0])


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
    text = page_text(content)
    assert "\n\n".join(PARAGRAPHS) in text
    assert "Weather" not in text
    assert " | " not in text


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
    assert page_text(content) == "\n\n".join(PARAGRAPHS)


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


@pytest.mark.parametrize(
    "credit", ["(Photo: Ed Hale)", "Foto: Ed Hale", "Photo E. Hale/AFP", "사진=바다신문", "（李海 摄）"]
)
def test_a_caption_below_its_picture_names_the_photographer(credit: str) -> None:
    """A short paragraph right below a paragraph with a picture is its caption where it has a credit."""
    picture = f"</p><p><img src='1.jpg'></p><p>The lens on its way to the rock. {credit}</p>"
    assert "on its way to the rock" not in text_of(BODY.replace("</p>", picture, 1))
    plain = "</p><p><img src='1.jpg'></p><p>The lens went back to the rock on a barge that belongs to the quarry.</p>"
    assert "on a barge" in text_of(BODY.replace("</p>", plain, 1))


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


def test_the_score_of_a_match_is_kept_as_lines() -> None:
    """Two sides below a row of headings are a table of results, though a short one."""
    rows = (
        ("Side", "1st", "2nd", "3rd", "All"),
        ("Gull Rock", "14", "9", "22", "45"),
        ("Cape Brae", "11", "17", "8", "36"),
    )
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    assert "Gull Rock | 14 | 9 | 22 | 45" in text_of(f"{BODY}<table>{table}</table><p>{PARAGRAPHS[0]} Again.</p>")


@pytest.mark.parametrize(
    "request_for_consent",
    [
        "We and our 731 partners use cookies to keep personal data on your device.",
        "हम और हमारे 731 साझेदार कुकीज़ से आपके डिवाइस पर व्यक्तिगत डेटा रखते हैं।",
        "当社と731社のパートナーは、個人データを保存するためにクッキーを使用します。",
        "저희는 기기에 개인 데이터를 저장하기 위해 쿠키를 사용합니다.",
    ],
)
def test_a_request_for_consent_above_the_title_is_no_text(request_for_consent: str) -> None:
    """The layer is called anything at all, and its words stand in no article."""
    beside = (
        "With your agreement we measure precisely where you are. You may refuse in the settings at any time you like."
    )
    layer = f"<div class='k3'><p>{request_for_consent}</p><p>{beside}</p><p>{request_for_consent}</p></div>"
    assert bare_text(f"{layer}<h1>Lighthouse is lit again</h1>{BODY}").startswith(PARAGRAPHS[0])


def test_captions_that_tell_the_story_are_text_above_a_discussion() -> None:
    """Pictures with long captions are the article, however long the discussion below them is."""
    shown = [PARAGRAPHS[0], f"{PARAGRAPHS[1]} {PARAGRAPHS[2]} {PARAGRAPHS[0]}", PARAGRAPHS[2]]
    pictures = "".join(
        f"<div><img src='{number}.jpg'><div class='caption'>{text}</div></div>" for number, text in enumerate(shown)
    )
    said = "".join(
        f"<div><p>Number {number} here, I sailed past that light as a boy and the keeper waved at us every time.</p>"
        f"<p>My brother has painted it {number} times, and none of the pictures was ever sold to anybody.</p></div>"
        for number in range(8)
    )
    text = text_of(f"<h1>The light returns</h1><div>{pictures}</div><div><h3>8 comments</h3>{said}</div>")
    assert text == "\n\n".join(shown)


def test_a_table_of_contents_is_no_text() -> None:
    """Links to the sections below stay out, and a heading of the same words above sentences stays in."""
    links = "".join(f"<li><a href='#{name}'>The {name} of the light</a></li>" for name in ("lens", "lamp", "keeper"))
    first, *rest = PARAGRAPHS
    box = f"<div class='q7'><b>In this article</b><ul>{links}</ul></div>"
    told = "".join(f"<p>{paragraph}</p>" for paragraph in rest)
    assert text_of(f"<p>{first}</p>{box}{told}") == "\n\n".join(PARAGRAPHS)
    section = f"<div><h3>Contents</h3><p>{rest[0]}</p><p>{rest[1]}</p></div>"
    assert "Contents" in text_of(f"<p>{first}</p>{section}<p>{rest[2]}</p>")


@pytest.mark.parametrize("label", ["3 replies", "Comments (3)"])
def test_a_discussion_in_the_cell_of_the_article_is_no_text(label: str) -> None:
    """Old systems call none of it a comment; each has a line with its time."""
    said = "".join(
        f"<tr><td><b>sailor{at}</b></td><td>{line}<br><font size=1>0{at + 1}-11-2009 12:1{at}</font></td></tr>"
        for at, line in enumerate(
            (
                "I rowed past it on Friday, and the lamp was burning in the middle of the day, which is a waste of oil.",
                "My uncle kept that light for eleven years and would have had a word to say about the slates on the roof.",
                "Nobody needs a lighthouse any more, since every boat has a chart that talks, but I shall be there on Sunday.",
            )
        )
    )
    post = f"<h2>Lighthouse is lit again</h2>{BODY}<hr><b>{label}</b><table>{said}</table>"
    menu = "".join(f"<a href='/{at}'>Part {at}</a><br>" for at in range(6))
    text = bare_text(f"<table><tr><td>{menu}</td><td>{post}</td></tr></table>")
    assert text == "\n\n".join(PARAGRAPHS)


def test_the_line_between_title_and_text_is_no_text() -> None:
    """A deck is no part of the body; an element that is called so further below is."""
    deck = "<div class='{}'>A harbour counts the days until its oldest neighbour opens its eyes once more.</div>"
    for name in ("standfirst", "dek", "strapline"):
        assert text_of(deck.format(name) + BODY) == "\n\n".join(PARAGRAPHS)
    assert "counts the days" in text_of(BODY + deck.format("deck") + BODY.replace("light", "lamp"))
