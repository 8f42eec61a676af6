"""Heads and ends of pages: credits in one line, a day behind a name, decks that the text repeats, releases, names of sites."""

import pytest

from agents.clean.metadata.bylines.names import split_names
from tests.support.one_page import page_article

TITLE = "Two piers for the ferries of Kellan Sound"
TEXT = (
    "The ferry company of Kellan Sound has bought two piers that were built for a bridge which never came, it said on Friday.",
    "They are to be towed across the bay in May, on the highest tide of the year, and sunk on beds of gravel off the town.",
    "Until then the boats land at the old stairs, where the sea comes over the wall whenever the wind turns to the south.",
)
JAPANESE = (
    "町の渡し船を運航する会社は金曜日、橋のために造られたまま使われなかった桟橋二基を買い取ったと発表した。",
    "桟橋は五月の大潮に合わせて湾を曳航され、町の沖の砂利の上に据えられる。費用は二億円あまりを見込む。",
    "それまで船は古い石段に着く。南風が吹くたびに波が防波堤を越え、乗り降りに時間がかかるという。",
)


def page(
    paragraphs: tuple[str, ...], above: str = "", below: str = "", title: str = TITLE, language: str = "en"
) -> str:
    """Return a page with parts above and below the paragraphs of its text."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html lang='{language}'><head><title>{title}</title></head><body><main><h1>{title}</h1>{above}<div>{body}"
        f"{below}</div></main></body></html>"
    )


@pytest.mark.parametrize(
    "credits_line",
    [
        "取材・文●千種 あおい 撮影●戸倉 仁 編集●真鍋 里子",
        "文／千種 あおい 写真／戸倉 仁 校閲／真鍋 里子",
        "文＝千種 あおい イラスト＝戸倉 仁",
    ],
)
def test_who_took_pictures_or_edited_in_a_japanese_line_is_no_author(credits_line: str) -> None:
    """The line names who did which work, behind punctuation, and is no part of the text."""
    article = page_article(
        page(JAPANESE, below=f"<p>{credits_line}</p>", title="使われなかった桟橋、渡し船の港に", language="ja")
    )
    assert article.authors == ["千種 あおい"]
    assert article.text == "\n\n".join(JAPANESE)


def test_the_second_of_two_chinese_names_is_no_given_name() -> None:
    """Only Japanese puts a space between a surname and a given name."""
    assert split_names("文／王建国 李小红") == ["王建国"]


@pytest.mark.parametrize(
    ("language", "line", "name"),
    [
        ("ar", "<span>كتب: ياسر الحمدان</span> <span>الثلاثاء 3 نوفمبر 2026 - 9:15 ص</span>", "ياسر الحمدان"),
        ("pl", "<span>Autor: Zenon Kubacki</span> <span>wtorek 3 listopada 2026</span>", "Zenon Kubacki"),
        ("th", "<span>วันที่ : 3/11/2569 09:15</span><span>ผู้เขียน : กมล ศรีสวัสดิ์</span>", "กมล ศรีสวัสดิ์"),
        ("zh-TW", "<span>2026/11/03 09:15</span> <span>記者柯念慈／綜合報導</span>", "柯念慈"),
        ("tr", "<span>Yazan: Murat Demirel</span><span>Salı 3 Kasım 2026</span>", "Murat Demirel"),
        ("pt", "<span>Por Tomás Vilela</span> <span>terça-feira, 3 de novembro de 2026</span>", "Tomás Vilela"),
    ],
)
def test_a_name_and_a_date_beside_it_are_told_apart(language: str, line: str, name: str) -> None:
    """They are two elements of one line, perhaps without a space between, and a weekday is the date's."""
    assert page_article(page(TEXT, above=f"<div>{line}</div>", language=language)).authors == [name]


def test_a_deck_that_the_text_begins_with_stands_once() -> None:
    """Templates fill it with the text's first sentence, whole or cut off."""
    whole = f"{TEXT[0]} Nobody else had made an offer for them, and they will be painted in the colours of the town."
    for deck in (TEXT[0], f"{TEXT[0][:90]}…"):
        text = page_article(page((whole, *TEXT[1:]), above=f"<h2>{deck}</h2>")).text
        assert text == "\n\n".join((whole, *TEXT[1:]))


@pytest.mark.parametrize("sign", ["###", "-ENDS-", "- EINDE -", "*** Koniec ***".upper(), "– FIN –"])
def test_a_short_release_ends_at_its_sign(sign: str) -> None:
    """Who sent it and whom to ask stands below, though the end mark is among its first paragraphs."""
    notes = f"<p>{sign}</p><p>About Kellan Ferries</p><p>Kellan Ferries runs nine boats.</p>"
    assert page_article(page(TEXT, below=notes)).text == "\n\n".join(TEXT)


def test_a_reporter_and_the_town_of_a_chinese_report_above_it_are_no_text() -> None:
    """Papers of Taiwan set them in a line with the day."""
    text = (
        "渡輪公司星期五宣布，已買下兩座原本為大橋修建卻從未使用的碼頭。",
        "碼頭將在明年五月大潮時拖過海灣，安放在城外的礫石上。",
    )
    article = page_article(page(text, above="<div>記者葉念慈／基隆報導 2026-11-03 09:15</div>", language="zh-TW"))
    assert (article.authors, article.text) == (["葉念慈"], "\n\n".join(text))


@pytest.mark.parametrize("names", ["_要闻_岸边网", " _ 要闻 _ 岸边网", "—要闻—岸边日报", "｜要闻｜岸边网｜本地"])
def test_sections_and_a_site_behind_a_chinese_title_are_no_part_of_it(names: str) -> None:
    """The heading says where the title ends."""
    told = ("渡轮公司星期五宣布，已买下两座原本为大桥修建却从未使用的码头，明年五月拖过海湾。",)
    title = "两座码头将拖过海湾"
    body = page(told, title=title, language="zh").replace(f"<title>{title}</title>", f"<title>{title}{names}</title>")
    assert page_article(body).title == title


@pytest.mark.parametrize(
    ("language", "words", "name"),
    [
        ("tr", "Gönderen", "Ayşe Korkut"),
        ("cs", "Vystavil", "Jan Doležal"),
        ("hu", "Bejegyezte:", "Kovács Réka"),
        ("lv", "Iesūtīja", "Ilze Bērziņa"),
    ],
)
def test_who_posted_an_entry_of_a_blog_is_its_author(language: str, words: str, name: str) -> None:
    """Blogger says so below the text, in the language of the blog."""
    posted = (
        f"<div class='post-footer'><span class='post-author vcard'>{words} <span class='fn'>{name}</span></span></div>"
    )
    assert page_article(page(TEXT, below=posted, language=language)).authors == [name]


def test_a_paragraph_that_is_pulled_as_a_whole_stays() -> None:
    """The quote that repeats it goes."""
    quote = f"<figure class='wp-block-pullquote'><blockquote><p>{TEXT[1]}</p></blockquote></figure>"
    assert page_article(page(TEXT, above=quote)).text == "\n\n".join(TEXT)
