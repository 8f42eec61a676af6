"""Pages of systems that call their parts by ids and classes of their own: titles, leads, polls, buttons, names."""

from streams.records import Clean
from tests.support.one_page import page_article

TITLE = "Kellan harbour gets a tide gauge of its own"
TEXT = "The tides of the sound are among the highest of the coast, and twice a year they meet the storms from the west."
PARAGRAPHS = (
    "The harbour board of Kellan Point has bought a tide gauge, which is to warn the lower town of surges an hour ahead.",
    "It cost nine thousand dollars, most of which the fishermen gave after the flood of last winter, the board said.",
    "Until now the harbour master read the tides from a painted pole, and at night nobody could see how high they were.",
)
PLAIN, BODY = "\n\n".join(PARAGRAPHS), "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def cleaned(body: str, title: str = TITLE, language: str = "en") -> Clean:
    """Return the clean article of a page with a title element and a body."""
    return page_article(f"<html lang='{language}'><head><title>{title}</title></head><body>{body}</body></html>")


def text_of(body: str) -> str:
    """Return the text of a page with this body in its article, below the title."""
    return cleaned(f"<article><h1>{TITLE}</h1>{body}</article>").text


def test_a_name_below_the_lead_that_heads_a_box_is_the_author() -> None:
    """A surname comes first, and no list of given names has it; the date stands beside it."""
    box = "<div><div>Szabó-Bánki Réka</div><div>Szabó-Bánki Réka 2014 óta ír a kikötőkről és a halászatról.</div></div>"
    lead = f"<p>{TEXT}</p>"
    line = "<div><span>Szabó-Bánki Réka</span><span> • </span><span>2026. november 9. 15:08</span></div>"
    assert cleaned(f"<h1>{TITLE}</h1>{lead}{line}{BODY}{box}", language="hu").authors == ["Szabó-Bánki Réka"]


def test_the_small_word_before_a_date_is_no_part_of_the_name() -> None:
    """Name and date stand in one line."""
    line = "<div><span>Anne Morel</span> <span>Le 9 novembre 2026 à 19h12</span></div>"
    assert cleaned(f"<h1>{TITLE}</h1>{line}{BODY}", language="fr").authors == ["Anne Morel"]


def test_names_in_a_row_below_the_title_are_the_authors() -> None:
    """Both are surely names; no label and no date stands beside them."""
    assert cleaned(f"<h1>{TITLE}</h1><p>Anna Weaver, David Stone</p>{BODY}").authors == ["Anna Weaver", "David Stone"]


def test_a_name_above_the_label_of_a_picture_is_no_author() -> None:
    """Nordic papers set a role below each name."""
    rows = "".join(
        f"<div class='byline-item'><div class='byline-name'>{name}</div><div class='byline-role'>{role}</div></div>"
        for name, role in (("Karin Hedlund", "Text"), ("Oskar Lindgren", "Foto"))
    )
    assert cleaned(f"<h1>{TITLE}</h1><div class='bylines'>{rows}</div>{BODY}", language="sv").authors == [
        "Karin Hedlund"
    ]


def test_the_author_within_a_link_to_another_article_is_that_ones() -> None:
    """A card is one link with a heading in it."""
    card = "<a href='/b'><h3>Ice on the sound</h3><p>It came early.</p><div class='card-author'>John Roe</div></a>"
    assert cleaned(f"<h1>{TITLE}</h1>{BODY}{3 * f'<p>{TEXT}</p>'}<div>{card}{card}</div>").authors == []


def test_an_author_in_capitals_is_written_as_the_page_shows_her() -> None:
    """Its data shout, a line of the page does not."""
    author = '{"@type":"NewsArticle","author":{"@type":"Person","name":"ANNA DE WEAVER"}}'
    data = f'<script type="application/ld+json">{author}</script>'
    assert cleaned(f"{data}<h1>{TITLE}</h1><div>Anna de Weaver</div>{BODY}").authors == ["Anna de Weaver"]


def test_a_line_called_title_is_the_title_where_no_heading_and_no_claim_is() -> None:
    """Number, title and date stand in one cell, with line breaks between."""
    cell = (
        "<table><tr><td><a href='/'>Home</a></td><td><span id='lblNumber'>No. 12/2026</span><br>"
        f"<span id='ctl00_lblTitle'>{TITLE}</span><br>5 November 2026<div>{BODY}</div></td></tr></table>"
    )
    assert cleaned(cell, "Board - News").title == TITLE
    assert cleaned(cell, "The Harbour Board | Local News").title == TITLE
    claimed = "Harbour board measures the tides from now on"
    assert cleaned(cell, claimed).title == claimed


def test_a_heading_without_spaces_beats_the_claims_with_the_site_behind_it() -> None:
    """The site stands in brackets, and the portal behind a dash."""
    heading = "廃校の小学校が酒蔵に　能登川町で初の仕込み始まる"
    text = (
        "<p>四年前に閉校した町の旧小学校で十二日、地元の米を使った日本酒の仕込みが始まった。体育館にタンクが六基並ぶ。</p>"
        * 3
    )
    found = cleaned(f"<h1>{heading}</h1>{text}", f"{heading}（北の新聞） - 大きなニュース", "ja")
    assert found.title == heading.replace("　", " ")


def test_the_day_of_the_first_publication_is_the_articles() -> None:
    """A library of reports shows the day on which it took one in as well."""
    row = (
        "<dl><dt>Posted</dt><dd><time datetime='2026-11-20'>20 Nov 2026</time></dd>"
        "<dt>Originally published</dt><dd><time datetime='2026-11-12'>12 Nov 2026</time></dd></dl>"
    )
    assert str(cleaned(f"<h1>{TITLE}</h1>{row}{BODY}").published_day) == "2026-11-12"


def test_a_poll_of_buttons_and_a_row_of_networks_are_none_of_the_text() -> None:
    """The question goes with its answers, and so does the heading above it."""
    poll = "<div class='q'><h3>Quiz</h3><p>Do you live by the sea?</p><button>Yes</button><button>No</button></div>"
    assert text_of(f"{BODY}{poll}") == PLAIN
    row = "<div><span>Share</span><span>WhatsApp</span><span>Telegram</span></div>"
    assert text_of(f"{BODY}{row}") == PLAIN


def test_captions_tools_players_and_neighbours_are_none_of_the_text() -> None:
    """A caption within a paragraph, a row of tools, a film that needs scripts, the articles before and after."""
    first, *below = PARAGRAPHS
    rest = "".join(f"<p>{paragraph}</p>" for paragraph in below)
    caption = "<span class='photo'><div><img src='a.jpg'></div><em class='img_desc'>The gauge on its first morning.</em></span>"
    assert text_of(f"{caption}{first}<br><br>{rest}") == PLAIN
    film = (
        "<div class='vjs-wrapper'><h2>The flood of last winter</h2><p>To view this video please enable JavaScript, and consider "
        "upgrading to a web browser that supports HTML5 video</p></div>"
    )
    tools = "<div>Share | Print | A A A</div>"
    ways = "<p>← <a href='/b'>Ice on the sound</a> | <a href='/c'>The old pole</a> →</p>"
    assert text_of(f"{tools}<p>{first}</p>{film}{rest}{ways}") == PLAIN


def test_who_signs_in_brackets_behind_the_last_stop_is_the_author() -> None:
    """Japanese papers sign so; who took the picture is none."""
    text = "<p>四年前に閉校した町の旧小学校で十二日、地元の米を使った日本酒の仕込みが始まった。体育館にタンクが六基並ぶ。{}</p>"
    page = f"<h1>廃校の小学校が酒蔵に</h1><p>{TEXT}</p>{text}"
    assert cleaned(page.format("（小林真由美）"), language="ja").authors == ["小林真由美"]
    assert cleaned(page.format("（高橋健撮影）"), language="ja").authors == []
    assert cleaned(page.format("（敬称略）"), language="ja").authors == []
    assert cleaned(page.format("【小林真由美、高橋健】"), language="ja").authors == ["小林真由美", "高橋健"]
    assert cleaned(page.format("</p><p>【小林真由美】"), language="ja").authors == ["小林真由美"]
    for none in ("【特集記事】", "【川上通信】", "</p><p>【東京版】"):
        assert cleaned(page.format(none), language="ja").authors == []


def test_the_photographer_of_an_agency_is_no_author() -> None:
    """A sign of copyright stands before both."""
    line = "<div class='media'><div>The gauge</div><div><a>© РИА Новости / Михаил Рочев</a></div></div>"
    assert cleaned(f"<h1>{TITLE}</h1>{line}{BODY}", language="ru").authors == []


def test_a_bar_may_stand_between_a_name_and_its_date() -> None:
    """Each has an element of its own."""
    line = "<div>2026. november 9.</div><div>|</div><div>Szabó-Bánki Réka</div>"
    assert cleaned(f"<h1>{TITLE}</h1>{line}{BODY}", language="hu").authors == ["Szabó-Bánki Réka"]


def test_a_small_box_called_a_sign_up_is_none_of_the_text() -> None:
    """Whatever it says; a paragraph for subscribers is one."""
    box = (
        "<div class='block-jetpack-subscriptions'><p>Every evening the news, with the tides of the next day.</p></div>"
    )
    assert text_of(f"{BODY}{box}") == PLAIN
    for name in ("subscriber-only", "subscribe-only"):
        assert text_of(f"{BODY}<p class='{name}'>{TEXT}</p>").endswith(TEXT)


def test_the_only_heading_without_spaces_beats_the_name_of_the_site() -> None:
    """The title element of a print view names nothing else, and a line shows it."""
    heading = "台東小校用舊漁網織球網 學生賣出三百張"
    page = f"<div>太平洋日報</div><h1>{heading}</h1><p>孩子們在一公里的沙灘上撿到四百多公斤漁網，校長表示。</p>"
    assert cleaned(page + f"<p>{TEXT}</p>", "太平洋日報 - Print", "zh").title == heading


def test_the_date_beside_the_author_in_credits_is_the_articles() -> None:
    """Credits of a picture are called so, too: nobody is marked as author there."""
    byline = "<div class='credits'><div><span class='byline-name'>Anna Weaver</span></div><time>November 5, 2026</time></div>"
    assert str(cleaned(f"<h1>{TITLE}</h1>{byline}{BODY}").published_day) == "2026-11-05"
    photo = "<div class='credits'><span>Photograph of the gauge, November 5, 2026</span></div>"
    assert cleaned(f"<h1>{TITLE}</h1>{photo}{BODY}").published_day is None


def test_roles_that_stand_above_names_leave_the_writer() -> None:
    """Of a column of labels and names the photographer's label is the one above his name."""
    column = "<div><p>{}</p><p class='author'>Anna Berg</p><p>Foto</p><p class='author'>Peter Thomas</p></div>"
    assert cleaned(f"<article><h1>{TITLE}</h1>{column.format('Text')}{BODY}</article>", language="de").authors == [
        "Anna Berg"
    ]
    below = "<div><p class='author'>Anna Berg</p><p>Text</p><p class='author'>Peter Thomas</p><p>Foto</p></div>"
    assert cleaned(f"<article><h1>{TITLE}</h1>{below}{BODY}</article>", language="de").authors == ["Anna Berg"]


def test_a_row_of_names_whom_the_text_tells_of_signs_nothing() -> None:
    """Tags stand so below a title."""
    row = "<p>Anna Berg, Peter Thomas</p>"
    told = "<p>Anna Berg and Peter Thomas quarrelled over the price of the gauge until the board had voted, its clerk said.</p>"
    assert cleaned(f"<article><h1>{TITLE}</h1>{row}{BODY}{told}</article>").authors == []
    assert cleaned(f"<article><h1>{TITLE}</h1>{row}{BODY}</article>").authors == ["Anna Berg", "Peter Thomas"]


def test_a_word_that_is_called_a_caption_is_of_its_sentence() -> None:
    """It stands within one."""
    word = "<p>The old gauge, <em class='photo-title'>Aurora</em>, was lost in last winter's flood, said the board's clerk.</p>"
    assert text_of(BODY + word).endswith(
        "The old gauge, Aurora, was lost in last winter's flood, said the board's clerk."
    )
