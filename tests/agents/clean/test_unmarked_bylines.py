"""Bylines that nothing marks: lines below the heading, by the date and at the end that are names by their words and place."""

import pytest

from agents.clean import article as clean
from tests.support.bylines import SENTENCES, authors, cleaned_page


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>한지원 기자</p>", ["한지원"]),
        ("<p>한지원·박서준 기자 2026.01.02</p>", ["한지원", "박서준"]),
        ("<p>글씨키우기</p>", []),
        ("<p>| 2 January 2026</p>", []),
        ("<p>文・佐藤美咲</p>", ["佐藤美咲"]),
        ("<p>Автор Мария Белова</p>", ["Мария Белова"]),
    ],
)
def test_a_plain_line_below_the_heading_may_be_a_byline(byline: str, names: list[str]) -> None:
    """Lines without any class are bylines by their words, behind the names as well as before them."""
    assert authors(byline) == names


def test_an_old_page_names_its_author_below_a_title_that_is_no_heading() -> None:
    """The byline of a page without headings is found by the title, in the same block too."""
    body = "<br><br>".join(SENTENCES)
    content = (
        "<html><head><title>Ferry stops in winter</title></head><body><table><tr><td>"
        f"{'<br>'.join(f'<a href={number}>Part {number}</a>' for number in range(30))}</td><td><font size=5>"
        f"Ferry stops in winter</font><br>By Ingrid Solvang<br><br>{body}</td></tr></table></body></html>"
    )
    cleaned = cleaned_page(content)
    assert cleaned.authors == ["Ingrid Solvang"]
    assert "Ingrid Solvang" not in cleaned.text


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (
            "<p>Ingrid Solvang, Tomas Reyes and Petra Novak</p><time>3 May 2021</time>",
            ["Ingrid Solvang", "Tomas Reyes", "Petra Novak"],
        ),
        ("<p>World, Business and Sport</p><time>3 May 2021</time>", []),
        ("<p>Agnieszka Lis 3 maja 2021, 10:12</p>", ["Agnieszka Lis"]),
        ("<p>3 мая 2021, 10:12 | Ирина Белова</p>", ["Ирина Белова"]),
        ("<p>Nguyễn Thu An - 10:12, 03/05/2021</p>", ["Nguyễn Thu An"]),
        ("<p>Dewi Puspita - portalNews</p>", ["Dewi Puspita"]),
        ("<p>Por Mariana Costa e João Lima, g9 SC</p>", ["Mariana Costa", "João Lima"]),
        ("<p>By following the tips below and staying calm</p>", []),
        ("<p>2021-05-03 10:12 海港报 记者林小雨／即时报导</p>", ["林小雨"]),
        ("<p>文/林小雨 编辑/周大海</p>", ["林小雨"]),
        ("<p>[바다신문=한지원 기자]</p>", ["한지원"]),
        ("<p>한지원 바다신문 기자 jiwon@daily.example</p>", ["한지원"]),
        ("<ul><li>기자명 <b>한지원 기자</b></li><li>입력 2021.05.03</li></ul>", ["한지원"]),
    ],
)
def test_names_beside_a_date_or_an_employer_are_a_byline(byline: str, names: list[str]) -> None:
    """Names stand in a line of their own by the date, before it, or before who pays them; sections are none."""
    assert authors(byline) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>Ingrid Solvang for the Cape Courier</p>", ["Ingrid Solvang"]),
        ("<p>Ingrid Solvang<br>Chief reporter in Vardø</p>", ["Ingrid Solvang"]),
        ("<div>Ingrid Solvang</div><div>Tomas Reyes</div>", ["Ingrid Solvang", "Tomas Reyes"]),
        ("<p>Ingrid Solvang • Tomas Reyes</p>", ["Ingrid Solvang", "Tomas Reyes"]),
        ("<p>WRITTEN BY<br>Ingrid Solvang</p>", ["Ingrid Solvang"]),
        ("<p>Analysis by Ingrid Solvang, BBC Verify</p>", ["Ingrid Solvang"]),
        ("<p>Rédigé par Sophie Laval le Lundi 3 Mai 2021</p>", ["Sophie Laval"]),
        ("<p>Escrito por Lucía Ferrer el 3 de mayo de 2021</p>", ["Lucía Ferrer"]),
        ("<p>Marieke van der Veen 3 mei 2021</p>", ["Marieke van der Veen"]),
        ("<p>Ирина БЕЛОВА, Фото: Олег ПЕТРОВ</p>", ["Ирина БЕЛОВА"]),
        ("<p>سليم النجار - بيروت</p>", ["سليم النجار"]),
        ("<p>राजेश वर्मा, पटना</p><p>03 मई 2021</p>", ["राजेश वर्मा"]),
        ("<p>佐藤美咲記者</p>", ["佐藤美咲"]),
        ("<p>한지원 기자 · 박서준 기자</p>", ["한지원", "박서준"]),
        ("<p>EFE</p>", ["EFE"]),
        ("<p>ANI | Updated: May 3, 2021 10:12 IST</p>", ["ANI"]),
        ("<p>本紙記者</p>", []),
        ("<p>Ingrid Solvang, remembered</p>", []),
        ("<p>Transport, Harbour</p>", []),
    ],
)
def test_lines_below_the_heading_that_sign(byline: str, names: list[str]) -> None:
    """Places, employers, roles, dates and others' work beside a name are none of it; an agency may sign alone."""
    assert authors(byline) == names


@pytest.mark.parametrize(
    "line",
    [
        "<p>Santa Rosa, Harbour State</p><time>3 May 2021</time>",
        "<p>Santa Marta 3 de mayo de 2021</p>",
        "<p>Victoria Point, Zambia</p>",
        "<p>Grace Period for Borrowers</p>",
        "<p>本报讯 记者采访</p>",
        "<p>県庁記者会見</p>",
        "<p>外務省記者</p>",
        "<p>시민 기자 모집</p>",
        "<p>뉴스 기자</p>",
    ],
)
def test_towns_and_announcements_below_the_heading_are_no_authors(line: str) -> None:
    """Towns that begin with a given name, and lines about reporters, name nobody."""
    assert authors(line) == []


@pytest.mark.parametrize(
    ("byline", "language", "name"),
    [
        ("<p>Bodnár Réka</p>", "hu", "Bodnár Réka"),
        ("<p>Kadri Saaremägi, ajakirjanik</p>", "et", "Kadri Saaremägi"),
        ("<p>Мирослава Дунавска</p>", "bg", "Мирослава Дунавска"),
        ("<p>নুসরাত বেগম, ঢাকা</p><p>৫ মে ২০২৪</p>", "bn", "নুসরাত বেগম"),
        ("<p>লেখক: নুসরাত বেগম সম্পাদনা: হাবিবুর খান</p>", "bn", "নুসরাত বেগম"),
        ("<p>Guðrún Fjallsdóttir</p>", "is", "Guðrún Fjallsdóttir"),
        ("<p>Chinwe Adimora - Port Salvage</p>", "en", "Chinwe Adimora"),
        ("<p>Mihnea Dunărescu · 5 mai 2024</p>", "ro", "Mihnea Dunărescu"),
        ("<p>Redaktion Wirtschaft<br>Gereon Talbach</p>", "de", "Gereon Talbach"),
    ],
)
def test_given_names_of_many_languages_sign_alone(byline: str, language: str, name: str) -> None:
    """A line that is a name needs no introduction, in whatever language it is given."""
    assert authors(byline, lang=language) == [name]


@pytest.mark.parametrize(
    ("byline", "language", "names"),
    [
        # Georgian letters are small ones by Unicode, all of them.
        ("<p>ავტორი: ნანა ქარელი</p>", "ka", ["ნანა ქარელი"]),
        ("<p>نویسنده نرگس کوهستانی</p>", "fa", ["نرگس کوهستانی"]),
        ("<p>ጸሐፊ፦ ሰላም ደጀኔ</p>", "am", ["ሰላም ደጀኔ"]),
        ("<p>3 мая 2021 Автор: Белова О. Н.</p>", "ru", ["Белова О. Н."]),
        ("<p>3 мая 2021 г. Ирина Белова, корреспондент</p>", "ru", ["Ирина Белова"]),
        ("<p>3 maj 2021 | 10:12 | Ingrid Solvang, Tomas Reyes</p>", "sv", ["Ingrid Solvang", "Tomas Reyes"]),
        ("<p>By Ingrid Solvang. Translated by Tomas Reyes</p>", "en", ["Ingrid Solvang"]),
        ("<p>Commentary: Ingrid Solvang</p>", "en", ["Ingrid Solvang"]),
        ("<p>Una columna de Lucía Ferrer</p>", "es", ["Lucía Ferrer"]),
        ("<p>Chronique de Sophie Laval, traduction Luc Morel</p>", "fr", ["Sophie Laval"]),
        ("<p>Quillon Varga - IZMIR (DHA)</p>", "tr", ["Quillon Varga"]),
        ("<dl><dt>Author(s)</dt><dd>Ingrid Solvang, Tomas Reyes</dd></dl>", "en", ["Ingrid Solvang", "Tomas Reyes"]),
        (
            "<dl><dt>Authors</dt><dd>Ingrid Solvang</dd><dd>Tomas Reyes</dd></dl>",
            "en",
            ["Ingrid Solvang", "Tomas Reyes"],
        ),
        ("<p>한지원기자</p>", "ko", ["한지원"]),
        ("<p>(바다=물결통신) 한지원 박서준 기자 = 배가 겨울에 멈춘다.</p>", "ko", ["한지원", "박서준"]),
        ("<p>(바다=물결통신) 배가 겨울에 멈춘다고 했다.</p>", "ko", []),
        ("<p>3 May 2021 Harbour, transport</p>", "en", []),
    ],
)
def test_signs_of_a_byline_in_other_scripts_and_places(byline: str, language: str, names: list[str]) -> None:
    """A label without punctuation, an initial's full stop, a date before the name, an agency's first line: names all the same."""
    assert authors(byline, lang=language) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<div>Quillon Vargasson</div><div>May 3, 2021</div>", ["Quillon Vargasson"]),
        ("<div><span>Zhyldyz-Ann Okwu</span><span>3 May 2021 · 5 min</span></div>", ["Zhyldyz-Ann Okwu"]),
        ("<div>Northern Islands</div><div>May 3, 2021</div>", []),
        ("<div>Port Salvage</div><div>May 3, 2021</div>", []),
        ("<div>Publié le 3 mai 2021</div>", []),
        ("<div>Quillon Vargasson</div>", []),
    ],
)
def test_a_name_that_nobody_knows_signs_beside_the_date(line: str, names: list[str]) -> None:
    """Two words with capitals by the date are a name, unless the page speaks of them as words or of somebody."""
    assert authors(line) == names


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("<p>— Quillon Vargasson</p>", ["Quillon Vargasson"]),
        ("<p>Ingrid Solvang</p>", ["Ingrid Solvang"]),
        (f"<p>{SENTENCES[0]} <em>Ingrid Solvang</em></p>", ["Ingrid Solvang"]),
        ("<p>Quillon Vargasson</p>", []),
        (f"<p>“{SENTENCES[0]}”</p><p>— Quillon Vargasson</p>", []),
        ("<aside><p>Ingrid Solvang</p></aside>", []),
    ],
)
def test_an_article_may_be_signed_at_its_end(end: str, names: list[str]) -> None:
    """The last line, behind the last full stop or a dash, names the author; one behind a quotation says who spoke."""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 4)
    article = f"<article><h1>Ferry stops in winter</h1>{body}{end}</article>"
    content = f"<html lang='en'><title>Ferry stops in winter</title>{article}</html>"
    assert cleaned_page(content).authors == names


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("Henrike Quandt quandt@daily.example", "de", ["Henrike Quandt"]),
        ("Solveig Qvarn solveig.qvarn@daily.example 3 maj 2021", "sv", ["Solveig Qvarn"]),
        ("Bogumiła Kwiat/PAP", "pl", ["Bogumiła Kwiat"]),
        ("Kosara Mirić/Tanjug", "sr", ["Kosara Mirić"]),
        ("Leonor Quental/Agência Brasil", "pt", ["Leonor Quental"]),
        ("Macarena Quirós / EFE 3 de mayo de 2021", "es", ["Macarena Quirós"]),
        ("Solange Quémeneur avec AFP", "fr", ["Solange Quémeneur"]),
        ("Ludovica Quarti, inviata", "it", ["Ludovica Quarti"]),
        ("Annikki Korpela, toimittaja", "fi", ["Annikki Korpela"]),
        ("Клавдія Мороз, журналістка", "uk", ["Клавдія Мороз"]),
        ("Par Hélène d'Orval (avec AFP)", "fr", ["Hélène d'Orval"]),
        ("By Ibrahim al-Karim", "en", ["Ibrahim al-Karim"]),
        ("Door Jan-Willem van 't Veer", "nl", ["Jan-Willem van 't Veer"]),
        ("Rédigé par Loïc Le Braz", "fr", ["Loïc Le Braz"]),
        ("Veröffentlicht von Jana Holt am 3. Mai 2021", "de", ["Jana Holt"]),
        ("取材・文＝佐藤美咲", "ja", ["佐藤美咲"]),
        ("佐藤美咲記者 2021年5月3日", "ja", ["佐藤美咲"]),
        ("نویسنده: مریم کرمانی ۱۳ اسفند ۱۳۹۹", "fa", ["مریم کرمانی"]),
        ("أحمد حسن ومحمد علي", "ar", ["أحمد حسن", "محمد علي"]),
        ("Brussels, capital of Europe", "en", []),
        ("tips@daily.example", "en", []),
        ("Write to us news@daily.example", "en", []),
    ],
)
def test_addresses_agencies_posts_and_particles_beside_names(line: str, language: str, names: list[str]) -> None:
    """Around a name stand its address, its agency behind a slash, its post and the date; particles are tied to it."""
    assert authors(f"<p>{line}</p><time datetime='2021-05-03'>3.5.2021</time>", lang=language) == names


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("Contact Wanda Tullis at wtullis@daily.example or 555-0199.", ["Wanda Tullis"]),
        ("Reach Fenno Qvirk at qvirk@daily.example.", ["Fenno Qvirk"]),
        ("Wanda Tullis is a lecturer in history at the University of the Cape.", ["Wanda Tullis"]),
        ("Wanda Tullis covers ports for the Courier. Follow her @wandatullis.", ["Wanda Tullis"]),
        ("Wanda Tullis is the third mayor to resign this year.", []),
        ("The Cape Council is the author of its own trouble, a lecturer said.", []),
        ("Contact Customer Service at help@daily.example.", []),
    ],
)
def test_a_line_on_the_author_below_the_text_names_her(end: str, names: list[str]) -> None:
    """What somebody does for a paper or a university, or where to reach her, tells that she wrote what stands above."""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    head = "<html><head><title>Ferry stops in winter</title></head><body><article><h1>Ferry stops in winter</h1>"
    assert cleaned_page(f"{head}{body}<p><em>{end}</em></p></article></body></html>").authors == names


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("Words and pictures: Wanda Tullis", "en", ["Wanda Tullis"]),
        ("By Wanda Tullis, The Talk", "en", ["Wanda Tullis"]),
        ("Guest column by Wanda Tullis", "en", ["Wanda Tullis"]),
        ("Kommentar: Heidrun Malzer", "de", ["Heidrun Malzer"]),
        ("Texto y fotos: Remedios Manzano", "es", ["Remedios Manzano"]),
        ("Filomena Matos, com Lusa", "pt", ["Filomena Matos"]),
        ("Text & foto: Ulrika Mård", "sv", ["Ulrika Mård"]),
        ("글·사진 박서준 기자", "ko", ["박서준"]),
    ],
)
def test_words_and_pictures_by_one_person(line: str, language: str, names: list[str]) -> None:
    """Labels of two works, rubrics and agencies around a name."""
    assert authors(f"<p>{line}</p>", lang=language) == names


@pytest.mark.parametrize(
    ("byline", "language", "name"),
    [
        ("執筆：野々村奈緒", "ja", "野々村奈緒"),
        ("構成：田中遥", "ja", "田中遥"),
        ("采写：林小雨", "zh", "林小雨"),
        ("Teksts: Dzintra Ērgle", "lv", "Dzintra Ērgle"),
        ("Parengė Gražina Žiogaitė", "lt", "Gražina Žiogaitė"),
        ("Reportagem: Lia Moura", "pt", "Lia Moura"),
        ("Forfatter: Signe Ågård", "da", "Signe Ågård"),
        ("Novinarka: Dunja Šarić", "hr", "Dunja Šarić"),
        ("Авторка: Мирослава Дунай", "uk", "Мирослава Дунай"),
        ("Журналист: Ирина Белова", "ru", "Ирина Белова"),
        ("Подготви Мирослава Дунавска", "bg", "Мирослава Дунавска"),
        ("Teksti ja kuvat: Aino Kallio", "fi", "Aino Kallio"),
        ("کاتب", "fa", ""),
        ("گزارشگر: نرگس کوهستانی", "fa", "نرگس کوهستانی"),
        ("הכתבת: נועה שקד", "he", "נועה שקד"),
        ("Bài viết: Lê Thu Hằng", "vi", "Lê Thu Hằng"),
        ("எழுத்தாளர்: கயல்விழி மாறன்", "ta", "கயல்விழி மாறன்"),
        ("Müəllif: Günay Rəhimli", "az", "Günay Rəhimli"),
        ("Pewarta: Dewi Lestari", "id", "Dewi Lestari"),
        ("Redactor: Mihnea Dunărescu", "ro", "Mihnea Dunărescu"),
    ],
)
def test_words_for_writers_and_texts_introduce_names(byline: str, language: str, name: str) -> None:
    """A line by the heading says who wrote the text in words of its language; names may repeat a character by its sign."""
    assert authors(f"<p>{byline}</p>", lang=language) == ([name] if name else [])


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("<p><a href='/author/quillon-vargasson'>Quillon Vargasson</a></p>", "en", ["Quillon Vargasson"]),
        ("<p><a href='https://courier.example/auteurs/91'>Quillon Vargasson</a></p>", "fr", ["Quillon Vargasson"]),
        ("<p><a href='/profile/quillon-vargasson'>Quillon Vargasson</a> in Hobart</p>", "en", ["Quillon Vargasson"]),
        ("<p><a href='/@zhyldyz_okwu'>Zhyldyz Ökwu</a></p>", "en", ["Zhyldyz Ökwu"]),
        ("<p><a href='/auteur/quillon-vargasson'>Quillon Vargasson</a> à Brest</p>", "fr", ["Quillon Vargasson"]),
        ("<p>By Quillon VargassonFollow</p>", "en", ["Quillon Vargasson"]),
        ("<p>3 May 2021 by Ingrid Solvang Leave a comment</p>", "en", ["Ingrid Solvang"]),
        (
            "<ul><li><a href='/yazar/1'>Öztan Balkır</a></li><li><a href='/yazar/2'>Gülru Tanselçi</a></li></ul>",
            "tr",
            ["Öztan Balkır", "Gülru Tanselçi"],
        ),
        ("<p><a href='/writers/7'>野々村奈緒</a></p><p>2021年5月3日</p>", "ja", ["野々村奈緒"]),
        ("<p><a href='/author/%D8%B4%D9%87%D8%A7%D8%A8-%D9%83%D8%AD%D9%8A%D9%84'>شهاب كحيل</a></p>", "ar", ["شهاب كحيل"]),
        ("<p><a href='/author/7'>新着記事</a></p>", "ja", []),
        ("<p><a href='/author/7'>プロフィール詳細</a></p><p>2021年5月3日</p>", "ja", []),
        ("<p>Penulis <a href='/penulis/1'>Raditya Lenteng</a> | Editor <a href='/editor/2'>Ida Brekke</a></p>",
         "id", ["Raditya Lenteng"]),
        ("<p><a href='/author/7'>راغب كحيل</a></p><p>3 مايو 2021</p>", "ar", ["راغب كحيل"]),
        ("<p><a href='/author/7'>مزيد من المقالات</a></p><p>3 مايو 2021</p>", "ar", []),
        ("<p><a href='/author/7'>और खबरें</a></p><p>3 मई 2021</p>", "hi", []),
        ("<p><a href='/autor/7'>Remedios Manzano</a></p><p><a href='/autor/7'>Ver Perfil</a></p>", "es", ["Remedios Manzano"]),
        ("<p><a href='/author/all'>All authors</a></p>", "en", []),
        ("<p>Quillon Vargasson, Ida Brekkeson <a href='/author/77'>more</a></p>", "en", []),
        ("<div class='related'><p><a href='/author/quillon-vargasson'>Quillon Vargasson</a></p></div>", "en", []),
        ("<p><a href='/profile/settings'>My Account</a></p>", "en", []),
        ("<p><a href='/places/quillon-vargasson'>Quillon Vargasson</a></p>", "en", []),
        ("<p>The harbour gave <a href='/author/quillon-vargasson'>Quillon Vargasson</a> a berth until May</p>", "en", []),
        ("<p><a href='/author/quillon-vargasson'>Quillon Vargasson</a></p><p>Edited by <a href='/author/x-y'>Ida Brekke</a></p>",
         "en", ["Quillon Vargasson"]),
    ],
)  # fmt: skip
def test_names_that_lead_to_an_authors_page_sign(line: str, language: str, names: list[str]) -> None:
    """The address says it: by its part for authors, or by the name itself; a link in the text or to a list says nothing."""
    assert authors(line, lang=language) == names


def test_the_first_line_of_a_page_has_none_before_it() -> None:
    """A linked name right above the heading signs, whatever the last line of the page says of somebody else's work."""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    named = "<p><a href='/author/quillon-vargasson'>Quillon Vargasson</a></p>"
    content = (
        f"<title>Ferry stops in winter</title>{named}<h1>Ferry stops in winter</h1>{body}<p>Edited by Ida Brekke</p>"
    )
    assert cleaned_page(f"<html><body>{content}</body></html>").authors == ["Quillon Vargasson"]


def test_links_to_authors_above_the_heading_or_far_below_it_are_of_other_articles() -> None:
    """Columnists stand above it, and in a list below the byline."""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    column = "<p><a href='/author/{}'>{}</a></p>"
    page = "<html><body><title>Ferry stops in winter</title>{}<h1>Ferry stops in winter</h1>{}</body></html>"
    assert cleaned_page(page.format(column.format(7, "Quillon Vargasson"), body)).authors == []
    between = "".join(f"<p>{word}</p>" for word in ("Share", "Print", "Save", "Hear", "Mail"))
    below = f"{column.format(7, 'Quillon Vargasson')}{between}{column.format(8, 'Zhyldyz Okwu')}{body}"
    assert cleaned_page(page.format("", below)).authors == ["Quillon Vargasson"]


@pytest.mark.parametrize(
    ("lead", "names"),
    [
        ("海湾社港城5月3日电（记者陆晓雯 邓一帆）", ["陆晓雯", "邓一帆"]),
        ("（海灣社記者吳佩珊高雄3日電）", ["吳佩珊"]),
        ("本报讯（首席记者 陆晓雯）", ["陆晓雯"]),
        ("海湾社港城5月3日电（记者团）", []),
        ("港口（记者曾到过这里）", []),
    ],
)
def test_chinese_reports_begin_with_their_reporters(lead: str, names: list[str]) -> None:
    """They stand in brackets behind the agency, the town and the day, or before the last two."""
    assert (
        authors(f"<p>{lead}渡轮公司星期四宣布，开往北方群岛的渡轮冬天停航，岛上居民只好绕道南岬。</p>", lang="zh")
        == names
    )
