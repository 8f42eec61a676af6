"""Authors: the names that a page gives, in its data, in marked elements and in lines that introduce them."""

import orjson
import pytest

from agents.clean import article as clean
from agents.clean.metadata.authors.states import names_in
from agents.clean.metadata.bylines.names import split_names
from tests.support.bylines import authors


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (
            "<div class='author'><span>Ingrid Solvang</span><span>Chief Political Correspondent</span></div>",
            ["Ingrid Solvang"],
        ),
        ("<p class='byline'>Ingrid Solvang Staff Writer</p>", ["Ingrid Solvang"]),
        (
            "<div class='byline'><span>Ingrid Solvang</span> <span>Tomas Reyes</span></div>",
            ["Ingrid Solvang", "Tomas Reyes"],
        ),
        ("<div class='byline'><span>Ingrid</span> <span>Solvang</span></div>", ["Ingrid Solvang"]),
        ("<p>By Peter (P.J.) Hollander</p>", ["Peter (P.J.) Hollander"]),
        ("<div class='author'><strong>Marta Kühn</strong><i>Wirtschaftsredakteurin</i></div>", ["Marta Kühn"]),
        ("<div class='author'><b>Marta Kühn</b><i>Leiterin des Ressorts Kultur</i></div>", ["Marta Kühn"]),
        ("<div class='author'><b>Ole Strand</b><span>Leder af Udlandsredaktionen</span></div>", ["Ole Strand"]),
        ("<div class='author'><b>Зоя Мельник</b><span>Руководитель отдела Культура</span></div>", ["Зоя Мельник"]),
        ("<div class='author'><b>Ingrid Solvang</b><span>Head of Visual News</span></div>", ["Ingrid Solvang"]),
        ("<p>By Ingrid Solvang and Tomas Reyes, Cape Courier</p>", ["Ingrid Solvang", "Tomas Reyes"]),
        ("<span class='post-author vcard'>Postado por <span class='fn'>Lia Moura</span></span>", ["Lia Moura"]),
        ("<span class='post-author vcard'>Pubblicato da <span class='fn'>Ugo Nardi</span></span>", ["Ugo Nardi"]),
        ("<span class='post-author vcard'>Eingestellt von <span class='fn'>Jana Voss</span></span>", ["Jana Voss"]),
        ("<p class='author'>Autor: Bolesław Wieczorek</p>", ["Bolesław Wieczorek"]),
        ("<p class='byline'>作者：林小雨</p>", ["林小雨"]),
        ("<p class='byline'>文・佐藤美咲</p>", ["佐藤美咲"]),
        ("<p class='byline'>By Petra Novak petra.novak@daily.example</p>", ["Petra Novak"]),
        ("<p class='byline'>By Petra Novak (@pnovak)</p>", ["Petra Novak"]),
        ("<p class='byline'>文／山本花子</p>", ["山本花子"]),
        ("<p class='reporter'>한지원 기자 jiwon@daily.example</p>", ["한지원"]),
        ("<p class='byline'>By Petra Novak, Science Correspondent</p>", ["Petra Novak"]),
        ("Posted by Ingrid Solvang on 2025.03.11 | Permalink", ["Ingrid Solvang"]),
    ],
)
def test_a_byline_gives_its_names(byline: str, names: list[str]) -> None:
    """Roles, initials, labels and elements beside each other leave the names as they are."""
    assert authors(byline) == names


@pytest.mark.parametrize(
    "byline",
    ["<a rel='author' href='/a'>See full profile</a>", "<span class='author'>Von</span>", "<span class='author'>作者</span>",
     "<span class='author'>著者</span>", "<a class='author' href='/login'>Sign in</a>", "<p class='byline'>by</p>"],
)  # fmt: skip
def test_labels_are_no_names(byline: str) -> None:
    """A label or a link beside an author is nobody."""
    assert authors(byline) == []


def test_a_person_who_is_an_organisation_too_is_a_person() -> None:
    """Plugins give the owner of a site both types; the name is kept unless it is the site's."""
    article = {"@type": "Article", "author": {"@type": ["Organization", "Person"], "name": "Wanjiru Otieno"}}
    assert authors(data=article) == ["Wanjiru Otieno"]
    article["author"] = {"@type": ["Organization", "Person"], "name": "Cape Courier"}
    assert authors(data=article) == []
    article["author"] = {"@type": "Person", "name": "Cape Courier"}
    assert authors(data=article) == ["Cape Courier"]


def test_authors_in_a_list_of_json_ld() -> None:
    """An ordered list holds them, by reference or whole."""
    people = {"@list": [{"@type": "Person", "name": "Wanjiru Otieno"}, {"@type": "Person", "name": "Tomas Reyes"}]}
    assert authors(data={"@type": "NewsArticle", "author": people}) == ["Wanjiru Otieno", "Tomas Reyes"]


def test_an_entry_of_a_live_blog_is_not_the_blog() -> None:
    """Though it is called as the page is, its author wrote that entry alone."""
    entry = {
        "@type": "BlogPosting",
        "headline": "Ferry stops in winter",
        "author": {"@type": "Person", "name": "Tomas Reyes"},
    }
    blog = {
        "@type": "LiveBlogPosting",
        "headline": "Live: Ferry stops",
        "author": "Wanjiru Otieno",
        "liveBlogUpdate": [entry],
    }
    assert authors(data=blog) == ["Wanjiru Otieno"]


def test_an_element_in_a_name_goes() -> None:
    """Some systems write the link to the author's page into their data."""
    link = "<a href='/author/7'>Wanjiru Otieno</a>"
    assert authors(data={"@type": "NewsArticle", "author": {"@type": "Person", "name": link}}) == ["Wanjiru Otieno"]


def test_a_byline_property_is_a_name() -> None:
    """Some publishers write `byline` for `name`."""
    assert authors(data={"@type": "NewsArticle", "author": {"byline": "Wanjiru Otieno"}}) == ["Wanjiru Otieno"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "givenName": "Tomas", "familyName": "Reyes"}, ["Tomas Reyes"]),
        ("By Petra Novak, Science Correspondent", ["Petra Novak"]),
    ],
)
def test_structured_data_may_give_a_name_in_parts_or_with_a_post(author: object, names: list[str]) -> None:
    """Given and family name are one name, and a post behind it is none."""
    assert authors(data={"@type": "NewsArticle", "headline": "Ferry stops in winter", "author": author}) == names


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("<meta name='author' content='Harbour News Agency'>", ["Harbour News Agency"]),
        ("<meta name='author' content='Cape Courier'>", ["Cape Courier"]),
        ("<meta name='author' content='admin'>", []),
        ("<meta name='author' content='Staff and agencies'>", []),
        ("<meta name='author' content='https://courier.example/team'>", []),
    ],
)
def test_a_declared_outlet_is_kept_where_no_person_is_named(head: str, names: list[str]) -> None:
    """A desk, an agency or the outlet itself is the author if the page says so; an account's name is not."""
    assert authors(head=head) == names
    assert authors("<p>By Ingrid Solvang</p>", head=head) == ["Ingrid Solvang"]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>By Cape Courier</p>", ["Cape Courier"]),
        ("<p>by Cape Courier | January 2, 2026</p>", ["Cape Courier"]),
        ("<p class='byline'>By the Harbour Team</p>", ["the Harbour Team"]),
        ("<p>By our engineering team</p>", []),
        ("<p>by riverfan | Jan 2, 2026</p>", ["riverfan"]),
        ("<p>By Amanda · January 2, 2026</p>", ["Amanda"]),
        ("<p>By category | Harbours</p>", []),
    ],
)
def test_a_byline_may_name_the_outlet_a_desk_or_one_word(byline: str, names: list[str]) -> None:
    """The publisher, a team, a given name alone, and an account's name before the date sign articles too."""
    assert authors(byline) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>By Dan Okafor</p>", ["Dan Okafor"]),
        ("<p>Oleh Sari Dewi dan Budi Santoso</p>", ["Sari Dewi", "Budi Santoso"]),
        ("<p>by Ingrid Solvang | Mar 11, 2025 | Ships and Harbours</p>", ["Ingrid Solvang"]),
        ("<p>By Ingrid Solvang, Tomas Reyes 11 March 2025</p>", ["Ingrid Solvang", "Tomas Reyes"]),
        ("<p>By Ingrid Solvang ⋅ Review Editor ⋅ Updated March 11, 2025</p>", ["Ingrid Solvang"]),
        ("<div class='author'><b>Ingrid Solvang</b><i>Former Harbour Consultant</i></div>", ["Ingrid Solvang"]),
        ("<p>By Ingrid Solvang, Head of Marketing and Community Development</p>", ["Ingrid Solvang"]),
        ("<aside class='post-author'>Ingrid Solvang</aside>", ["Ingrid Solvang"]),
    ],
)
def test_what_stands_beside_a_name_is_none(byline: str, names: list[str]) -> None:
    """Sections behind the date, titles and posts are no authors; a name that is a joiner elsewhere stays whole."""
    assert authors(byline) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Eine Reportage von Wiebke Harmsen, Fotos: Onno Petersen", ["Wiebke Harmsen"]),
        ("Aus Lissabon berichtet Wiebke Harmsen", ["Wiebke Harmsen"]),
        ("De notre envoyée spéciale à Oran, Solène Kerdraon", ["Solène Kerdraon"]),
        ("dalla nostra corrispondente Ilaria Bonfante", ["Ilaria Bonfante"]),
        ("a cura di Ilaria Bonfante", ["Ilaria Bonfante"]),
        ("Van onze correspondent Joost Wielinga", ["Joost Wielinga"]),
        ("Words by Aled Morris. Pictures by Nan Price", ["Aled Morris"]),
        ("Reporting by Aled Morris in Cardiff; editing by Nan Price", ["Aled Morris"]),
        ("By Aled Morris and Nan Price, Agence France-Presse", ["Aled Morris", "Nan Price"]),
        ("By Helen Morris, Cardigan Courier", ["Helen Morris"]),
        ("By Aled Morris Special to the Cardigan Courier", ["Aled Morris"]),
        ("By Aled Morris IV", ["Aled Morris IV"]),
        ("[부산=이서연 기자]", ["이서연"]),
        ("取材・文：山本恵子", ["山本恵子"]),
        ("来源：江口晚报 作者：赵敏 责编：周强", ["赵敏"]),
        ("記者趙敏／高雄報導", ["趙敏"]),
        ("記者趙敏、周強／綜合報導", ["趙敏", "周強"]),
        ("(부산=통신) 이서연 기자", ["이서연"]),
        ("오사카=이서연 특파원", ["이서연"]),
        ("이서연·박준호 기자", ["이서연", "박준호"]),
        ("Von unserer Korrespondentin Wiebke Harmsen", ["Wiebke Harmsen"]),
        ("Words and pictures by Aled Morris", ["Aled Morris"]),
        ("Por Aled Morris 9 de octubre de 2026", ["Aled Morris"]),
        ("Par Solène Kerdraon et Yann Le Goff (Brest, correspondant)", ["Solène Kerdraon", "Yann Le Goff"]),
        ("Door Joost Wielinga, foto's Piet Vriesma", ["Joost Wielinga"]),
        ("लेखक: सुनीता वर्मा", ["सुनीता वर्मा"]),
        ("ผู้เขียน: มาลี ศรีสุข", ["มาลี ศรีสุข"]),
        ("نویسنده: مهسا علی\u200cپور", ["مهسا علی\u200cپور"]),
        ("تحریر: نادیہ قریشی | اپ ڈیٹ: 3 مئی", ["نادیہ قریشی"]),
        ("লেখক: মিতা সেন, আপডেট", ["মিতা সেন"]),
        ("ავტორი: თამარ ლომიძე", ["თამარ ლომიძე"]),
        ("Հեղինակ՝ Արամ Պետրոսյան", ["Արամ Պետրոսյան"]),
        ("రచన: సునీత రావు", ["సునీత రావు"]),
        ("ዘጋቢ: አበበ ከበደ", ["አበበ ከበደ"]),
        ("amorris@cardigan.example (Aled Morris)", ["Aled Morris"]),
        ("Exclusive by Aled Morris", ["Aled Morris"]),
        ("Tekst Joost Wielinga, beeld Piet Vriesma", ["Joost Wielinga"]),
        ("佐々木美咲（ライター）", ["佐々木美咲"]),
        ("もっと見る", []),
        ("Heike Volmer Gesundheitsredakteurin", ["Heike Volmer"]),
        ("Britta Sandell, utrikeskorrespondent", ["Britta Sandell"]),
        ("Joost Wielinga Wetenschapsverslaggever", ["Joost Wielinga"]),
        ("Aino Virta, kulttuuritoimittaja", ["Aino Virta"]),
        ("Demet Aksoy Ekonomi Muhabiri", ["Demet Aksoy"]),
    ],
)
def test_roles_towns_and_employers_of_many_languages_are_no_names(byline: str, names: list[str]) -> None:
    """Words on how, where and for whom somebody wrote, and on others' work, are left out; marks belong to names."""
    assert split_names(byline) == names


@pytest.mark.parametrize(("byline", "names"), [("Von dpa", ["dpa"]), ("By Reuters", ["Reuters"])])
def test_an_agency_signs_where_no_person_does(byline: str, names: list[str]) -> None:
    """The byline of an agency is the article's."""
    assert authors(f"<p class='byline'>{byline}</p>") == names


def test_a_reader_who_comments_below_a_short_article_is_no_author() -> None:
    """A name alone in the discussion stands near the heading where there is little between."""
    discussion = "<div class='comments'><h3>Comments</h3><p>Aled Morris</p><p>Well said, and about time too.</p></div>"
    assert authors(discussion) == []


def test_a_role_in_structured_data_holds_its_person() -> None:
    """Schema.org puts a Role between an article and its author, to say what she did."""
    role = {"@type": "Role", "roleName": "Reporter", "author": {"@type": "Person", "name": "Aled Morris"}}
    assert authors(data={"@type": "NewsArticle", "headline": "Ferry stops in winter", "author": role}) == [
        "Aled Morris"
    ]


def test_an_organisation_is_no_list_of_names() -> None:
    """An organisation by a page's data stays whole, whatever joins its words; entities in a name are read."""
    office = {"@type": "Organization", "name": "Office for Harbours and Waterways"}
    assert authors(data={"@type": "NewsArticle", "author": office}) == ["Office for Harbours and Waterways"]
    pair = {"@type": "Person", "name": "Ingrid Solvang &amp; Tomas Reyes"}
    assert authors(data={"@type": "NewsArticle", "author": pair}) == ["Ingrid Solvang", "Tomas Reyes"]


def test_the_authors_by_the_heading_beat_another_articles_byline_and_complete_the_data() -> None:
    """Data that the heading confirms outweigh a byline; a line by the heading may name more authors than the data."""
    data = {"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ingrid Solvang"}}
    assert authors("<p>Ingrid Solvang</p><p>By Tomas Reyes</p>", data=data) == ["Ingrid Solvang"]
    line = "<p>Ingrid Solvang, Tomas Reyes & Wanjiru Otieno</p>"
    assert authors(line, data=data) == ["Ingrid Solvang", "Tomas Reyes", "Wanjiru Otieno"]


def test_two_claims_that_agree_beat_a_third() -> None:
    """A media group in the first tag is not the author that article:author and the byline name."""
    head = "<meta name='author' content='Lighthouse Group'><meta property='article:author' content='Ingrid Solvang'>"
    assert authors("<span class='contributor'>Ingrid Solvang</span>", head=head) == ["Ingrid Solvang"]


def test_parsely_names_the_author() -> None:
    """The JSON of parsely-page is read like the tags that say the same."""
    page = orjson.dumps({"title": "Ferry stops", "author": "Tomas Reyes", "pub_date": "2026-01-02T10:00:00Z"}).decode()
    assert authors(head=f"<meta name='parsely-page' content='{page}'>") == ["Tomas Reyes"]


def test_a_systems_default_user_is_nobody() -> None:
    """Joomla's first user stands in the data of pages that name their author."""
    head = "<meta name='author' content='Super User'>"
    assert authors("<dd itemprop='author'>Written by <span>Ingrid Solvang</span></dd>", head=head) == ["Ingrid Solvang"]


def test_a_surname_before_a_given_name_is_one_author() -> None:
    """Dublin Core has the surname first; two surnames stay two."""
    assert authors(head="<meta name='dc.creator' content='Solvang, Ingrid'>") == ["Ingrid Solvang"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (
            "<i class='fa fa-user'></i> Nevenka Brodarić <i class='fa fa-clock-o'></i> 3.5.2021. 10:12",
            ["Nevenka Brodarić"],
        ),
        ("<span class='glyphicon glyphicon-user'></span><a href='/a'>Nevenka Brodarić</a> 214", ["Nevenka Brodarić"]),
        ("<i class='fa fa-user'></i> Sign in", []),
        ("<i class='fa fa-clock-o'></i> Nevenka Brodarić", []),
    ],
)
def test_the_icon_of_a_user_stands_before_a_name(line: str, names: list[str]) -> None:
    """Templates draw it where others write "By"."""
    assert authors(f"<div class='row'>{line}</div>") == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>By Anna Keeler | Port Salvage</p>", ["Anna Keeler"]),
        ("<p>By Anna Keeler | Robert Voss</p>", ["Anna Keeler", "Robert Voss"]),
        ("<p>By Anna Keeler, Rural Affairs Reporter</p>", ["Anna Keeler"]),
        ("<p>Anna Keeler and Robert Voss in Port Salvage</p>", ["Anna Keeler", "Robert Voss"]),
        ("<p>Anna Keeler<span>Columnist</span></p><p>4 May 2024</p>", ["Anna Keeler"]),
        (
            "<div><div class='author'>By <a>Anna Keeler</a><b>Senior Reporter</b></div>\
<div class='author'>and <a>Orrin Quell</a><b>Senior Reporter</b></div></div>",
            ["Anna Keeler", "Orrin Quell"],
        ),
        (
            "<ul><li><a class='author-name'>Orrin Quell</a></li><li><a class='author-name'>Tavin Ostrow</a></li></ul>",
            ["Orrin Quell", "Tavin Ostrow"],
        ),
    ],
)
def test_towns_posts_and_second_elements_of_a_byline(byline: str, names: list[str]) -> None:
    """The words of a bar or a post are no author; the element beside an author's names another."""
    assert authors(byline) == names


def test_hidden_microdata_name_the_author_of_the_article_that_they_stand_in() -> None:
    """A `meta` in the author's element gives the name; the data of a teaser or a review give another article's."""
    name = "<meta itemprop='name' content='Ugo Nardi'>"
    hidden = f"<span itemprop='author' itemscope itemtype='https://schema.org/Person'>{name}</span>"
    kind = "<div itemscope itemtype='https://schema.org/{}'>{}<h{}>A bridge</h{}></div>"
    assert authors(kind.format("NewsArticle", hidden, 1, 1)) == ["Ugo Nardi"]
    assert authors(kind.format("NewsArticle", hidden, 4, 4)) == []
    assert authors(kind.format("Review", hidden, 1, 1)) == []


def test_an_element_marked_as_author_beats_the_declared_publisher() -> None:
    """Who is marked wrote the article; that the data name the outlet says nobody else did. A menu's icon marks nobody."""
    data = {"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Cape Courier"}}
    assert authors("<p class='author'>Orrin Quell</p>", data=data) == ["Orrin Quell"]
    assert authors("<p class='author'>Thế giới</p>", data=data) == ["Cape Courier"]
    assert authors("<p id='author-modal'>Pay Strategy</p>", data=data) == ["Cape Courier"]


def test_rdfa_marks_an_author() -> None:
    """A property of RDFa marks the same as itemprop, and the element beside it is no part of the name."""
    byline = (
        "<div typeof='schema:NewsArticle'><span property='schema:author'>Piet Vosk</span> <span>Monday</span></div>"
    )
    assert authors(byline) == ["Piet Vosk"]


def test_dublin_core_has_the_surname_first() -> None:
    """As catalogues write it."""
    assert authors(head="<meta name='DC.creator' content='Hollis, Mark'>") == ["Mark Hollis"]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Wanjiru Otieno", ["Wanjiru Otieno"]),
        ([{"displayName": "Wanjiru Otieno"}, {"name": "Tomas Reyes"}], ["Wanjiru Otieno", "Tomas Reyes"]),
        ({"writers": [{"displayName": "Wanjiru Otieno"}]}, ["Wanjiru Otieno"]),
        ({"writers": {"authors": {"byline": ["Wanjiru Otieno"]}}}, []),
        ({"desk": [{"displayName": "Wanjiru Otieno"}]}, []),
    ],
)
def test_names_of_authors_in_a_script_may_stand_in_an_object_of_the_byline(value: object, names: list[str]) -> None:
    """Of objects within each other one is looked into."""
    assert list(names_in(value)) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Theo Marsh", ["Theo Marsh"]),
        ("By Theo Marsh and Ines Roth", ["Theo Marsh", "Ines Roth"]),
        ("THEO MARSH", ["THEO MARSH"]),
        ("Theo Nguyễn", ["Nguyễn"]),
        ("Theo Färber", ["Theo Färber"]),
        ("Theo MacNair", ["Theo MacNair"]),
        ("Theo Trần Minh", ["Trần Minh"]),
        ("Theo Reuters", ["Reuters"]),
    ],
)
def test_a_given_name_is_no_introduction_of_another_language(line: str, names: list[str]) -> None:
    """Theo is "according to" in Vietnamese, and a given name in a dozen other languages."""
    assert split_names(line) == names


@pytest.mark.parametrize("line", ["Theo Zing", "Theo Guardian"])
@pytest.mark.parametrize(("lang", "person"), [("vi", False), ("nl", True)])
def test_a_source_in_vietnamese_is_no_person(line: str, lang: str, *, person: bool) -> None:
    """The page's language tells whether the first word is a given name."""
    assert authors(f"<p class='author'>{line}</p>", lang=lang) == [line] * person


def test_a_card_for_posts_names_the_authors_whom_structured_data_leave_out() -> None:
    """Ghost has the first of them there, and all in its card."""
    data = orjson.dumps({"@type": "Article", "author": {"@type": "Person", "name": "Theo Marsh"}}).decode()
    head = (
        f"<script type='application/ld+json'>{data}</script><meta name='twitter:label1' content='Written by'>"
        "<meta name='twitter:data1' content='Theo Marsh, Ines Roth'>"
    )
    assert authors("", head=head) == ["Theo Marsh", "Ines Roth"]


@pytest.mark.parametrize(("lang", "name", "outlet"), [("ja", "宮前慎也", "浜辺新聞社"), ("ko", "정다온", "바닷가일보")])
def test_a_name_without_a_space_beside_its_hour_beats_a_paper_that_is_declared(
    lang: str, name: str, outlet: str
) -> None:
    """The element is called author, and holds the hour in an element of its own."""
    data = {
        "@type": "NewsArticle",
        **{key: {"@type": "Organization", "name": outlet} for key in ("author", "publisher")},
    }
    byline = f"<div class='author'><span><a>{name}</a></span><time>2024年5月3日 15時30分</time></div>"
    assert authors(byline, data=data, lang=lang) == [name]


@pytest.mark.parametrize(
    "desk",
    [
        *(
            "編集部",
            "デジタル編集部",
            "社会部",
            "西部本社",
            "スポーツ",
            "速報",
            "森林調査班",
            "福島相談室",
            "福島地域課",
        ),
        *("뉴스팀", "조사팀", "정치부", "국제"),
    ],
)
def test_a_desk_or_section_beside_the_hour_is_no_reporter(desk: str) -> None:
    """The paper that is declared stays."""
    data = {
        "@type": "NewsArticle",
        **{key: {"@type": "Organization", "name": "浜辺新聞社"} for key in ("author", "publisher")},
    }
    byline = f"<div class='author'><span><a>{desk}</a></span><time>2024年5月3日 15時30分</time></div>"
    assert authors(byline, data=data, lang="ja") == ["浜辺新聞社"]
