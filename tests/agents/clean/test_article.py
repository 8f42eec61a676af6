"""From a raw record to a clean article."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clean import article as clean
from agents.clean.draft import Extractor
from streams.errors import Refused
from streams.ids import article_id, fetch_id
from streams.records import Raw

FETCHED_AT = datetime(2026, 1, 3, 12, tzinfo=UTC)
SENTENCE = "The harbour was closed for a third day while crews searched the water, the port authority said on Friday. "
BODY = "".join(
    f"<p>{SENTENCE} Paragraph {number} adds what the mayor told reporters after the meeting.</p>" for number in range(6)
)


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def raw(content: str, **fields: object) -> Raw:
    """Return a raw page."""
    record: dict[str, object] = {
        "url": "https://www.example.org/news/harbour",
        "fetched_at": FETCHED_AT,
        "content_type": "text/html",
        "content": content,
    }
    return Raw(**(record | fields))  # type: ignore[arg-type]


def page(head: str = "", *, before: str = "", body: str = BODY, after: str = "") -> str:
    """Return a page of an ordinary template."""
    return (
        f"<html lang='en'><head><title>Harbour closed for third day | Example News</title>{head}</head><body>"
        "<nav><ul><li><a href='/'>Home</a><li><a href='/world'>World</a></ul></nav>"
        f"<main><article><h1>Harbour closed for third day</h1>{before}<div class='article-body'>{body}</div></article>"
        f"</main>{after}<footer><p>© Example News. All rights reserved.</p></footer></body></html>"
    )


def test_a_page_becomes_an_article() -> None:
    """Title, paragraphs, language, identity and extractor come out of an ordinary page."""
    record = raw(page(), id="ref-7")
    article = clean.clean_raw(record).clean
    assert article.title == "Harbour closed for third day"
    assert article.text.split("\n\n")[0].startswith("The harbour was closed")
    assert len(article.text.split("\n\n")) == 6
    assert article.language == "en"
    assert article.source == "example.org"
    assert article.ref == "ref-7"
    assert article.id == article_id(record.url, None, None, "")
    assert article.fetch_id == fetch_id(article.id, FETCHED_AT)
    assert article.extractor in get_args(Extractor)
    assert article.processed_at is None


def test_boilerplate_of_the_page_stays_out() -> None:
    """Menus, related links, newsletter boxes and the footer are no text."""
    after = (
        "<aside class='related'><h3>Related stories</h3><ul><li><a href='/1'>Ferry prices</a></li></ul></aside>"
        "<div class='newsletter-signup'><p>Sign up for our daily newsletter to get the top stories.</p></div>"
    )
    text = clean.clean_raw(raw(page(after=after))).clean.text
    assert "Ferry prices" not in text
    assert "newsletter" not in text
    assert "All rights reserved" not in text
    assert "World" not in text


def test_json_ld_gives_authors_and_date() -> None:
    """Authors are plain names, the date is aware UTC, the canonical URL is the page's own."""
    head = (
        '<link rel="canonical" href="/news/harbour-closed"><script type="application/ld+json">'
        '{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Example News"},'
        '{"@type": "NewsArticle", "headline": "Harbour closed for third day",'
        '"datePublished": "2026-01-02T09:30:00+02:00", "author": [{"@type": "Person", "name": "By Maria Lopez"},'
        '{"@type": "Organization", "name": "Example News"}]}]}</script>'
    )
    article = clean.clean_raw(raw(page(head))).clean
    assert article.authors == ["Maria Lopez"]
    assert article.published_at == datetime(2026, 1, 2, 7, 30, tzinfo=UTC)
    assert article.canonical_url == "https://www.example.org/news/harbour-closed"


def test_broken_json_ld_is_read() -> None:
    """Line breaks within strings and trailing commas do not hide the date."""
    data = '{"@type": "NewsArticle", "headline": "Harbour\nclosed", "datePublished": "2026-01-02",}'
    head = f'<script type="application/ld+json">{data}</script>'
    assert clean.clean_raw(raw(page(head))).clean.published_at == datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "authors"),
    [
        ("<p class='byline'>By Maria Lopez and David Chen</p>", ["Maria Lopez", "David Chen"]),
        ("<div class='meta'>Posted by <a rel='author' href='/a'>Maria Lopez</a></div>", ["Maria Lopez"]),
        ("<p>By Maria Lopez, Senior Correspondent</p>", ["Maria Lopez"]),
        ("<p>By Maria Lopez, Example News</p>", ["Maria Lopez"]),
    ],
)
def test_visible_bylines_give_authors(before: str, authors: list[str]) -> None:
    """Without structured data the byline counts, without roles and the publisher's name."""
    head = '<meta property="og:site_name" content="Example News">'
    assert clean.clean_raw(raw(page(head, before=before))).clean.authors == authors


@pytest.mark.parametrize(
    ("head", "before", "day"),
    [
        ('<meta property="article:published_time" content="2026-01-01T10:00:00Z">', "", "2026-01-01"),
        ("", "<time datetime='2025-12-31T08:00:00Z'>31 December</time>", "2025-12-31"),
        ("", "<p class='date'>Published January 2, 2026</p>", "2026-01-02"),
        ("", "<p>Updated: 3 January 2026</p><p>Published: 1 January 2026</p>", "2026-01-01"),
    ],
)
def test_dates_are_found(head: str, before: str, day: str) -> None:
    """Meta tags, time elements and dates in words give the day of publication."""
    published_at = clean.clean_raw(raw(page(head, before=before))).clean.published_at
    assert published_at is not None
    assert published_at.date().isoformat() == day


def test_a_page_without_date_has_none() -> None:
    """No date is invented, and the time of the fetch is never one."""
    assert clean.clean_raw(raw(page())).clean.published_at is None


@pytest.mark.parametrize(("ahead", "kept"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)])
def test_a_future_date_is_refused_and_noted(ahead: timedelta, kept: bool) -> None:
    """A date up to 24 hours after the fetch is a matter of clocks; a later one is refused, and a note says so."""
    time = (FETCHED_AT + ahead).isoformat()
    article = clean.clean_raw(raw(page(f'<meta property="article:published_time" content="{time}">'))).clean
    assert (article.published_at is not None) == kept
    assert any(note.startswith("future_date") for note in article.notes) != kept


def test_a_text_that_may_be_cut_says_so() -> None:
    """Where most sentences of a page are left out a note says how many words they have; a whole text has none."""
    other = "<p>The island's school was built of stone from the old quarry, and its bell came from a wrecked ship.</p>"
    long = f"<section id='comments'><h2>Comments</h2>{''.join(f'<div>{number} {other}</div>' for number in range(60))}</section>"
    notes = clean.clean_raw(raw(page(after=long))).clean.notes
    assert [note for note in notes if note.startswith("maybe cut: ")]
    assert clean.clean_raw(raw(page())).clean.notes == []


def test_hints_fill_gaps() -> None:
    """Hints of the source are taken where the page says nothing."""
    record = raw(page(), authors=["Maria Lopez"], published_at="2026-01-02T00:00:00Z")
    article = clean.clean_raw(record).clean
    assert article.authors == ["Maria Lopez"]
    assert article.published_at == datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("hint", ["yesterday", "0000-00-00", "99999999999999999999", "\x00", "2026-13-45T99:99:99Z"])
def test_a_broken_hint_kills_nothing(hint: str) -> None:
    """A date that is none is no date."""
    record = raw(page(), published_at=hint, language="??", authors="<>{}", title="")
    assert clean.clean_raw(record).clean.published_at is None


@pytest.mark.parametrize(
    "content", ["", "   \n", "<html><body></body></html>", "<html><body><script>x()</script></body></html>"]
)
def test_an_empty_page_is_refused(content: str) -> None:
    """A page without any text is refused as empty."""
    with pytest.raises(Refused) as refused:
        clean.clean_raw(raw(content))
    assert refused.value.reason == "empty"


def test_a_menu_is_no_article() -> None:
    """A page of links alone is refused as no article."""
    links = "".join(f"<li><a href='/{number}'>Section {number}</a></li>" for number in range(60))
    with pytest.raises(Refused) as refused:
        clean.clean_raw(raw(f"<html><body><ul class='menu'>{links}</ul></body></html>"))
    assert refused.value.reason == "not_article"


def test_structured_text_is_taken_where_the_page_shows_less() -> None:
    """A page that is filled by scripts gives the body that it carries as JSON-LD."""
    body = " ".join(SENTENCE for _ in range(10))
    data = f'{{"@type": "NewsArticle", "headline": "Harbour", "articleBody": "{body}"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    article = clean.clean_raw(raw(f"<html><head>{head}</head><body><div id='root'>Loading</div></body></html>")).clean
    assert article.extractor == "jsonld"
    assert article.text.startswith("The harbour was closed")


def test_misread_utf_8_is_repaired() -> None:
    """UTF-8 that was read as Windows-1252 comes out right, and a note says so."""
    body = BODY.replace("said on Friday", "said: “Café São João” – it’s closed").encode().decode("cp1252", "replace")
    article = clean.clean_raw(raw(page(body=body.replace("�", "")))).clean
    assert "Café São João" in article.text
    assert "encoding repaired" in article.notes


def test_text_that_only_looks_odd_is_left_alone() -> None:
    """Quotes beside accented capitals are no wrong decoding."""
    body = BODY.replace("the mayor", "„Über“ «Á» Ürümqi’s mayor")
    assert "„Über“ «Á» Ürümqi’s mayor" in clean.clean_raw(raw(page(body=body))).clean.text


def test_a_source_given_by_name_is_kept() -> None:
    """The source's own name wins over the host."""
    assert clean.clean_raw(raw(page(), source="Example Wire")).clean.source == "Example Wire"


@given(st.text(max_size=300))
def test_no_content_breaks_the_step(content: str) -> None:
    """Whatever comes in gives an article or is refused."""
    for content_type in ("text/html", "text/plain"):
        try:
            article = clean.clean_raw(raw(content, content_type=content_type)).clean
        except Refused:
            continue
        assert article.text


#: A page that names none of its parts, as old systems write them.
BARE = (
    "<html><head><title>{title} - {name}</title></head><body><div>{name}</div><div>{title}</div><div>{line}</div><div>"
    "{body}</div><div>© 2026 {name}. All rights reserved.</div></body></html>"
)


@pytest.mark.parametrize(
    ("name", "line", "author"),
    [
        ("江海新报", "2026年1月2日 12:02 江海新报 记者 周以安", "周以安"),
        ("나루일보", "2026.1.2 12:02 나루일보 글 문가람", "문가람"),
        ("Речной вестник", "02.01.2026 12:02 Речной вестник Автор: Тимур Асанбеков", "Тимур Асанбеков"),
        ("Le Phare du Soir", "02/01/2026 à 12h02 Le Phare du Soir Par Ndeye Sarr", "Ndeye Sarr"),
        ("Meridian Wire", "By Peter Crane<br>2 January 2026, 12:02", "Peter Crane"),
    ],
)
def test_a_line_of_date_publisher_and_author_is_read_and_dropped(name: str, line: str, author: str) -> None:
    """On a page without any marks such a line gives author and date and is no text; the title loses the publisher."""
    content = BARE.format(title="Harbour closed for third day", name=name, line=line, body=BODY)
    article = clean.clean_raw(raw(content, url="https://www.example.org/1.html")).clean
    assert article.title == "Harbour closed for third day"
    assert article.authors == [author]
    assert article.published_at == datetime(2026, 1, 2, 12, 2, tzinfo=UTC)
    assert article.text.split("\n\n")[0].startswith("The harbour was closed")
    assert "©" not in article.text


def test_a_dateline_stays() -> None:
    """The place at the start of the first paragraph is text: regions are read from it."""
    body = f"<p>WASHINGTON (MW) - {SENTENCE}</p>{BODY}"
    content = page(before="<p>By Peter Crane<br>2 January 2026, 12:02</p>", body=body)
    assert clean.clean_raw(raw(content)).clean.text.startswith("WASHINGTON (MW) - The harbour")


def test_a_feed_entry_of_a_summary_is_an_article() -> None:
    """A fragment that a feed brought is text as it is, without the link to the article; the feed names the rest."""
    summary = "<p>The harbour was closed for a third day while crews searched the water. <a href='/x'>Read more</a></p>"
    record = raw(summary, title="Harbour closed", authors="Jane Doe", feed="https://www.example.org/rss")
    article = clean.clean_raw(record).clean
    assert article.text == "The harbour was closed for a third day while crews searched the water."
    assert (article.title, article.authors) == ("Harbour closed", ["Jane Doe"])


@pytest.mark.parametrize(
    "sentence",
    [
        "The post <a href='/1'>{}</a> appeared first on <a href='/'>St. Larkham Post</a>.",
        "L’article <a href='/1'>{}</a> est apparu en premier sur <a href='/'>Larkham</a>.",
        "La entrada {} se publicó primero en Larkham.",
        "Der Beitrag „{}“ erschien zuerst auf Larkham.",
        "O post {} apareceu primeiro em Larkham.",
        "L'articolo {} proviene da Larkham.",
        "Het bericht {} verscheen eerst op Larkham.",
        "Artykuł {} pochodzi z serwisu Larkham.",
        "Сообщение {} появились сначала на Larkham.",
        "Запис {} спершу з'явиться на Larkham.",
        "{} yazısı ilk önce Larkham üzerinde ortaya çıktı.",
        "Inlägget {} dök först upp på Larkham.",
        "A(z) {} bejegyzés először Larkham-én jelent meg.",
        "投稿 {} は Larkham に最初に表示されました。",
        "〈{}〉這篇文章最早發佈於《Larkham》。",
    ],
)
def test_a_feed_entry_ends_before_the_place_it_appeared_first(sentence: str) -> None:
    """The sentence that blogs end their entries with is no text: on a line of its own, and behind the last sentence."""
    text = "The oven has been cold since the miller left, and the school has no bread of its own."
    end = sentence.format("Bakers light the oven")
    for summary in (
        f"<p>{text}</p><p>{end}</p>",
        f"{text} {end}",
        f"<p>{text} <a href='/1'>Read more</a></p><p>{end}</p>",
    ):
        record = raw(summary, title="Bakers light the oven", feed="https://www.example.org/rss")
        assert clean.clean_raw(record).clean.text == text


def test_a_record_with_a_title_ends_before_the_place_it_appeared_first() -> None:
    """A fragment that no feed of ours brought, and that is long enough for a page, is known by the record's title."""
    text = "The oven has been cold since the miller left, and the school has no bread of its own. " * 4
    end = "The post <a href='/1'>Bakers light the oven</a> appeared first on <a href='/'>Larkham</a>."
    record = raw(f"<p>{text}</p><p>{end}</p>", title="Bakers light the oven")
    assert clean.clean_raw(record).clean.text == text.strip()


@pytest.mark.parametrize(
    "end",
    [
        "The post about the miller appeared first on Friday, and by Saturday it was gone.",
        f"The post Bakers light the oven appeared first on her page. {'It was read by all of the village. ' * 5}".strip(),
    ],
)
def test_a_report_of_a_post_that_appeared_first_stays(end: str) -> None:
    """Reporters write the sentence of others' posts, and go on behind it."""
    text = f"The oven has been cold since the miller left.\n\n{end}"
    record = raw(
        "".join(f"<p>{part}</p>" for part in text.split("\n\n")),
        title="Bakers light the oven",
        feed="https://www.example.org/rss",
    )
    assert clean.clean_raw(record).clean.text == text


def test_a_feed_entry_of_nothing_is_refused() -> None:
    """An entry without words is no article."""
    with pytest.raises(Refused, match="not_article"):
        clean.clean_raw(raw("<img src='a.jpg'>&nbsp;<a href='/x'>Read more</a>", feed="https://www.example.org/rss"))


def test_a_wall_in_the_place_of_an_article_is_refused_by_name() -> None:
    """The reason names the kind of page."""
    wall = (
        "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>This process is automatic."
        " Your browser will redirect to your requested content shortly. Please wait.</p></body></html>"
    )
    with pytest.raises(Refused, match="a check for robots in the place of an article"):
        clean.clean_raw(raw(wall))


def test_an_invitation_to_pay_is_no_text() -> None:
    """The part before a paywall ends where the article does."""
    body = f"<p>{SENTENCE}</p><div><p>Get unlimited access for 1 euro a month. Already a subscriber? Log in.</p></div>"
    assert clean.clean_raw(raw(page(body=body))).clean.text == SENTENCE.strip()


def test_an_article_with_the_title_of_an_error_is_an_article() -> None:
    """An element called article is taken at its word."""
    body = "<p>A search for the missing yacht ended; the crew of three was not found, the coast guard said.</p>"
    content = f"<html><title>Not found</title><body><article><h1>Not found</h1>{body}</article></body></html>"
    assert clean.clean_raw(raw(content)).clean.title == "Not found"


def test_a_guess_of_the_language_is_no_language() -> None:
    """Below an even chance, and with no claim that supports it, the language is null and the score says how likely it was."""
    record = raw(
        "Arsenal 2-1 Lyon. Saka, Rice.",
        content_type="text/plain",
        url=None,
        source="scores.example",
        title="Arsenal Lyon",
    )
    article = clean.clean_raw(record).clean
    assert article.language is None or article.language_score >= 0.5


def test_entities_that_were_escaped_twice_are_read() -> None:
    """A template that escapes a title twice does not show."""
    content = page().replace("Harbour closed for third day", "Harbour &amp;amp; pier &amp;#8211; closed")
    assert clean.clean_raw(raw(content)).clean.title == "Harbour & pier – closed"


def test_a_title_is_bounded() -> None:
    """A title of any length and any number of separators is cut at 1,000 characters."""
    content = page().replace("Harbour closed for third day", "Harbour | " * 20_000)
    assert len(clean.clean_raw(raw(content)).clean.title) <= 1_000


@pytest.mark.parametrize("url", ["http://[::1", "https://exa[mple.org/a", "http://\u2100.example/"])
def test_an_address_that_is_none_does_no_harm(url: str) -> None:
    """The page is cleaned by its content."""
    assert clean.clean_raw(raw(page(), url=url, source="example.org")).clean.text.startswith("The harbour")


def test_a_fetch_at_the_end_of_the_calendar_does_no_harm() -> None:
    """The last day that there is has no day after it."""
    fetched_at = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert (
        clean.clean_raw(raw(page(before="<p>2 January 2026</p>"), fetched_at=fetched_at)).clean.published_at is not None
    )
