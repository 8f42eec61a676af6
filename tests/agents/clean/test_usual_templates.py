"""Pages of the commonest systems: parts that stand in thousands of templates, and were taken for something else."""

import json

import pytest

from streams.records import Clean
from tests.support.one_page import page_article

TITLE = "Ferrymen of Ostrey vote to keep the rope ferry"
PARAGRAPHS = (
    "The ferrymen of Ostrey have voted to keep the rope ferry, which has crossed the narrows by hand since before the railway.",
    "A bridge had been promised for the spring, but the ground on the north bank turned out to be too soft for its piers.",
    "The ferry carries forty people and one cart at a time, and on market days the queue reaches up to the chapel.",
    "Its rope is to be changed in March, and the county pays half of the cost, as it has done for eleven years.",
)
PLAIN, BODY = "\n\n".join(PARAGRAPHS), "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def cleaned(body: str, language: str = "en") -> Clean:
    """Return the clean article of a page with a body."""
    return page_article(f"<html lang='{language}'><head><title>{TITLE}</title></head><body>{body}</body></html>")


NOTES = "<p>Notes to editors</p><p>The county runs four ferries, two of them in winter too.</p>"
LEAD, REST = f"<p>{PARAGRAPHS[0]}</p>", "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[1:])
#: The text with what templates set around it, and the language of the page.
AROUND = {
    "a sign of copyright in a ring": (
        f"{BODY}<p>Copyright ⓒ Ostrey News. All rights reserved. Every copy is forbidden.</p>",
        "en",
    ),
    "how to report a mistake, below marks": (
        f"{BODY}<ul><li>1</li><li>2</li><li>3</li></ul><p>Mistake in the text? Select it and press Ctrl + Enter</p>",
        "en",
    ),
    "who wrote and who edited": (f"{BODY}<p>AB/CDE/FG</p>", "en"),
    "a notice of rights in several sentences": (
        (
            f"{BODY}<p>All rights reserved. This material, and other digital content on this website, may not be reproduced, "
            "published, broadcast, rewritten or redistributed in whole or in part.</p>"
        ),
        "en",
    ),
    "an address hidden from robots": (f"{BODY}<p>Contact: [email&#160;protected]</p>", "en"),
    "a button above and below": (f"<div>Kindly share this story:</div>{BODY}<div>Kindly share this story:</div>", "en"),
    "an offer behind a sign": (
        f"{BODY}<p>♦ Receive daily updates directly in your inbox - <a>Subscribe here</a> to a topic.</p>",
        "en",
    ),
    "an invitation that names networks": (
        (
            f"{BODY}<p>Puedes seguir a El Faro en <a>Facebook</a> y <a>X</a>, o apuntarte para recibir "
            "<a>nuestra newsletter</a>.</p>"
        ),
        "es",
    ),
    **{
        f"below a release: {sign}": (f"{BODY}<p>{sign}</p>{NOTES}", "en") for sign in ("###", "# # #", "ENDS", "- 30 -")
    },
    "who sent a release": (f"{BODY}<p>SOURCE Ostrey Ferries plc</p>", "en"),
    "days below a lead that ends a sentence": (
        f"{LEAD}<p>Veröffentlicht: 09.11.2026, 18:00 Uhr · Aktualisiert: 09.11.2026, 22:14 Uhr</p>{REST}",
        "de",
    ),
}


@pytest.mark.parametrize(("content", "language"), AROUND.values(), ids=AROUND)
def test_what_templates_set_around_a_text_is_none_of_it(content: str, language: str) -> None:
    """Notices, buttons and invitations stand in paragraphs as the text does."""
    assert cleaned(f"<article><h1>{TITLE}</h1>{content}</article>", language).text == PLAIN


def test_much_text_below_the_sign_of_a_release_is_the_articles() -> None:
    """It parts the text there."""
    assert cleaned(f"<article><h1>{TITLE}</h1>{LEAD}<p>###</p>{REST}</article>").text.endswith(PARAGRAPHS[-1])


HEADING = f"<h1>{TITLE}</h1>"
DAY = "<div>9 November 2026</div>"
UPDATED = {
    "fr": ("Yann Le Goff", "Publié le 9/11/2026 à 11h40, mis à jour le 10/11/2026 à 9h05"),
    "de": ("Karl Egger", "Aktualisiert am 9. November 2026"),
    "pl": ("Jan Nowak", "Opublikowano: 9.11.2026"),
}
ABOVE = (
    "<div><nav><a>All posts</a></nav><article><ul><li><span>Jane Doe</span></li>{}<li><span>3 min read</span></li></ul>"
    "{}</article></div>"
)
#: Bodies of pages with their languages and authors.
BYLINES = {
    **{
        f"an element beside the label of a date, {language}": (
            f"{HEADING}<div><span>{name}</span> <span>{line}</span></div>{BODY}",
            language,
            [name],
        )
        for language, (name, line) in UPDATED.items()
    },
    **{
        f"a line with the label of a date, {language}": (
            f"{HEADING}<div class='author'>{name} {line}</div>{BODY}",
            language,
            [name],
        )
        for language, (name, line) in UPDATED.items()
    },
    "a month without a space behind a name": (
        f"{HEADING}<div>by <a>Jane Doe</a> and <a>John McRoe</a><span>Nov 9, 2026, 1:00 PM UTC</span></div>{BODY}",
        "en",
        ["Jane Doe", "John McRoe"],
    ),
    "a label without a space behind a name": (
        (
            f"{HEADING}<div><span>Haber: Zeynep Aksoy</span><span>Giriş: 09.11.2026 - 16:44</span>"
            f"<span>Güncelleme: 10.11.2026</span></div>{BODY}"
        ),
        "tr",
        ["Zeynep Aksoy"],
    ),
    "a section and tags behind the day": (
        f"{HEADING}{BODY}<p>Posted by Jane Doe on 2026-11-09 in Ferries. Tags: ropes, narrows, Old Chapel.</p>",
        "en",
        ["Jane Doe"],
    ),
    "a name above the title, by a date": (
        ABOVE.format("<li><span>Nov 9, 2026</span></li>", f"{HEADING}<div>{BODY}</div>"),
        "en",
        ["Jane Doe"],
    ),
    "a name above the title, without a date": (ABOVE.format("", f"{HEADING}<div>{BODY}</div>"), "en", []),
    "a name above the title, of whom the text tells": (
        ABOVE.format("<li><span>Nov 9, 2026</span></li>", f"{HEADING}<div><p>Jane Doe rows it.</p>{BODY}</div>"),
        "en",
        [],
    ),
    "a comment on a short article, which opinions begin as": (
        (
            f"{HEADING}<p class='info'><time>09.11.2026 09:30</time> von Sabine Kraus <span>(Kommentare: 2)</span></p>{BODY}"
            "<div class='ce_comments'><div class='comment_default'><p>Kommentar von Heinz | 10.11.2026</p></div></div>"
        ),
        "de",
        ["Sabine Kraus"],
    ),
    "the name of a source beside the author": (
        (
            f"{HEADING}<div class='authorinfo'><span class='sourcename-txt'><a>Valley Sport</a></span>"
            f"<span class='authorname'>Lou Fisk</span></div>{BODY}"
        ),
        "en",
        ["Lou Fisk"],
    ),
    **{
        f"a surname or a degree: {byline}": (f"{HEADING}<div>{byline}</div>{DAY}{BODY}", "en", names)
        for byline, names in (
            ("By Wayne Ma", ["Wayne Ma"]),
            ("By Jane Doe & Wayne Ma", ["Jane Doe", "Wayne Ma"]),
            ("BY WAYNE MA", ["WAYNE MA"]),
            ("By Jane Doe MA", ["Jane Doe"]),
            ("By Jane Doe, MD", ["Jane Doe"]),
        )
    },
}


@pytest.mark.parametrize(("body", "language", "names"), BYLINES.values(), ids=BYLINES)
def test_names_of_authors_have_nothing_of_what_stands_beside_them(body: str, language: str, names: list[str]) -> None:
    """Dates, sections, sources and degrees stand in their line; of others the article tells."""
    assert cleaned(body, language).authors == names


POSTED = (
    "This entry was posted on Thursday, March 12th, 2009 at 10:22 am and is filed under <a>Ferries</a>, <a>Bridges</a>. "
    "You can follow any responses to this entry through the <a>feed</a>. You can leave a response, or trackback."
)
POST = f"<div class='post'><h2>{TITLE}</h2><div class='entry'>{BODY}<p class='{{}}'><small>{POSTED}</small></p></div></div>"
#: Bodies of pages, and the day on which each was published.
DAYS = {
    "in the sentence below a post": (POST.format("postmetadata alt"), "2009-03-12"),
    "in a sentence that nothing calls so": (POST.format("last"), None),
    "in the head of an article, above comments": (
        (
            "<article><div class='aentry-head'><p class='aentry-head__date'>May. 17th, 2013 | 09:41 pm</p>"
            f"{HEADING}</div><div>{BODY}</div></article>"
            "<div class='b-leaf'><b>gull77</b> <span>May. 18th, 2013</span><p>I cross there each day.</p></div>"
        ),
        "2013-05-17",
    ),
    "among what is told above a release": (
        (
            "<header><a>Board</a></header><main><div class='page-header'><ul class='page-header__meta'><li>Press release</li>"
            f"<li>9 November 2026</li><li>Ostrey</li><li>2 min read</li></ul>{HEADING}</div>{BODY}</main>"
        ),
        "2026-11-09",
    ),
    "in the head of a site, of today": (
        (
            "<div class='page-header__top'><span>Monday, 30 November 2026</span><a>Log in</a></div>"
            f"<main>{HEADING}{BODY}</main>"
        ),
        None,
    ),
}


@pytest.mark.parametrize(("body", "day"), DAYS.values(), ids=DAYS)
def test_the_day_of_an_article_is_found_where_templates_set_it(body: str, day: str | None) -> None:
    """An article's own head or foot is no part of the site's."""
    found = cleaned(body).published_day
    assert (found and str(found)) == day


def test_a_paragraph_with_a_large_first_letter_is_no_caption() -> None:
    """Block editors call it a drop cap."""
    first, *rest = PARAGRAPHS
    body = f"<p class='has-drop-cap'>{first}</p>" + "".join(f"<p>{paragraph}</p>" for paragraph in rest)
    picture = "<figure><img src='a.jpg'><figcaption>The ferry in June.</figcaption></figure>"
    assert cleaned(f"<main><h1>{TITLE}</h1><div class='entry-content'>{picture}{body}</div></main>").text == PLAIN


def test_a_pulled_quote_that_the_text_has_is_left_out() -> None:
    """One that stands nowhere else is the text's."""
    page = (
        "<article><h1>{}</h1><div class='entry-content'>{}<aside class='pullquote'><p>{}</p></aside>{}</div></article>"
    )
    first, rest = BODY.split("</p>", 1)
    quote = "too soft for its piers"
    assert cleaned(page.format(TITLE, first + "</p>", quote, rest)).text == PLAIN
    page = page.replace("aside", "blockquote")
    other = "My mother rowed it in the war, and nobody asked her whether she was strong enough."
    assert other in cleaned(page.format(TITLE, first + "</p>", other, rest)).text


def test_a_reporter_at_a_ground_is_the_author() -> None:
    """Reports of matches are signed so; the line is none of the text."""
    article = cleaned(
        f"<article><h1>{TITLE}</h1><div>Jane Doe at the Old Meadow</div><div>9 November 2026</div>{BODY}</article>"
    )
    assert (article.authors, article.text) == (["Jane Doe"], PLAIN)


def test_the_day_that_a_template_sets_before_the_text_goes() -> None:
    """It stands in the same line, with or without a space; a day alone is the text's."""
    first, rest = BODY[3:].split("</p>", 1)
    page = "<div><h1>{}</h1><div class='news-detail'><span class='news-date-time'>{}</span>{}<br><br>{}</div></div>"
    for day in ("09.11.2026 14:35", "2026-11-09 14:35 "):
        assert cleaned(page.format(TITLE, day, first, rest), "ru").text == PLAIN, day
    assert cleaned(
        f"<h1>{TITLE}</h1><p>9 November 2026</p><p>1.1.2019 was its last holiday. {first}</p>{rest}"
    ).text.startswith("1.1.")


def test_the_author_in_a_state_that_has_the_text_is_the_articles() -> None:
    """The page itself shows nothing."""
    bodies = [{"type": "paragraph", "text": paragraph} for paragraph in PARAGRAPHS]
    for author in ({"byline": "Jane Doe"}, {"authors": [{"name": "Jane Doe", "role": "Reporter"}]}):
        state = json.dumps(
            {"props": {"article": {"title": TITLE, "body": bodies, **author}, "user": {"title": "x", "author": "Root"}}}
        )
        article = cleaned(f"<div id='__next'></div><script id='__NEXT_DATA__' type='application/json'>{state}</script>")
        assert (article.authors, article.text) == (["Jane Doe"], PLAIN)


def test_who_signs_in_bold_below_a_vietnamese_text_is_the_author() -> None:
    """Elsewhere bold lines are headings."""
    line = "<p style='text-align:right'><strong>Khương Nhạ</strong></p>"
    article = cleaned(f"<article><h1>{TITLE}</h1>{BODY}{line}</article>", "vi")
    assert (article.authors, article.text) == (["Khương Nhạ"], PLAIN)
    assert cleaned(f"<article><h1>{TITLE}</h1>{BODY}<p><strong>Gull Harbour</strong></p></article>").authors == []


def test_the_description_of_a_picture_is_none_of_the_text() -> None:
    """Portals call it the description of their media."""
    column = "<div class='mc-column {}'><p class='{}'>{}</p></div>"
    first, *rest = (column.format("content-text", "content-text__container", paragraph) for paragraph in PARAGRAPHS)
    picture = column.format(
        "content-media", "content-media__description", "Ferry in June, with the chapel — Foto: Ann Lee/TV Ostrey"
    )
    page = f"<main><h1>{TITLE}</h1><div class='mc-article-body'><article>{first}{picture}{''.join(rest)}</article></div></main>"
    assert cleaned(page, "pt").text == PLAIN


def test_the_line_above_a_byline_is_the_title_where_the_pages_is_an_issue_or_section() -> None:
    """Pages written by hand have a large font in the place of a heading."""
    old = "<title>{}</title><body><font size=5><b>{}</b></font><br><i>By Jane Doe</i><br>9 May 1999<p>{}</body>"
    for title in ("Untitled Document", "Ostrey Gazette -- 9 May 1999", "Island News"):
        assert page_article(old.format(title, TITLE, BODY)).title == TITLE
    own = "The long quarrel about a rope and a bridge"
    assert page_article(old.format(own, TITLE, BODY)).title == own


def test_a_kicker_in_the_heading_goes_where_the_title_has_the_site_behind_it() -> None:
    """Both are elements of the heading; nothing else names the site."""
    page = "<title>{0} | ostrey24</title><body><h1><span>Vote in Ostrey</span> <span>{0}</span></h1>{1}</body>"
    assert page_article(page.format(TITLE, BODY)).title == TITLE


def test_a_box_above_the_text_that_tells_of_the_author_is_none_of_it() -> None:
    """Whom the text tells of without her work is left."""
    by, told = (
        "<div>By Jane Doe</div>",
        "<p><b>Jane Doe</b> is a senior reporter who has covered ferries since 2019.</p>",
    )
    assert cleaned(f"<article><h1>{TITLE}</h1>{by}{told}{BODY}</article>").text == PLAIN
    told = "<p>Jane Doe has crossed the narrows each morning since she was six, and rowed it twice.</p>"
    assert cleaned(f"<article><h1>{TITLE}</h1>{by}{told}{BODY}</article>").text.startswith("Jane Doe has")


def test_a_short_heading_without_spaces_is_the_title_before_the_site() -> None:
    """Nothing but the title element names the site."""
    text = (
        "<p>四年前に閉校した町の旧小学校で十二日、地元の米を使った日本酒の仕込みが始まった。体育館にタンクが六基並ぶ。</p>"
        * 3
    )
    page = "<html lang='zh'><head><title>{}</title></head><body><h1>让老粮仓讲述新故事</h1>{}</body></html>"
    assert page_article(page.format("让老粮仓讲述新故事 _曙光网", text)).title == "让老粮仓讲述新故事"


def test_the_issue_in_which_a_chinese_article_was_printed_is_none_of_its_text() -> None:
    """It is named at the end, with its day and page."""
    text = "城南的老粮仓建于上世纪五十年代，占地约三千平方米，停用已有二十多年，县里决定将其改建为农业博物馆。"
    for line in ("《曙光日报》（ 2026年11月09日 05版）", "（《曙光日报》2026年11月9日 第 5 版）"):
        page = f"<h1>让老粮仓讲述新故事</h1>{3 * f'<p>{text}</p>'}<p>{line}</p>"
        assert "日报" not in cleaned(page, "zh").text, line


def test_buttons_and_top_stories_of_an_old_page_are_none_of_the_text() -> None:
    """All is laid out with a table, whose last column has links with line breaks between."""
    tools = "<a>Printer-friendly version</a> | <a>E-mail this story to a friend</a>"
    more = "<b>Top stories</b><br><a>Snowplow fund is short</a><br><a>Fire chief to retire</a>"
    story = f"<span class='story'>{'<br><br>'.join(PARAGRAPHS)}</span><br><br>{tools}"
    nav = "<a href='/'>Home</a><br><a>Local News</a><br><a>Sports</a><br><a>Archives</a>"
    head = f"<span class='hed'>{TITLE}</span><br><span class='pubdate'>Published: November 9, 2026</span><br><br>"
    row = f"<tr><td class='leftnav'>{nav}</td><td valign='top'>{head}{story}</td><td valign='top'>{more}</td></tr>"
    assert cleaned(f"<table width='760'>{row}</table>").text == PLAIN
