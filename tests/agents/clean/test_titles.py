"""Titles of pages whose headings and titles hold more than the article's: the site's name, a section, a kicker, markup."""

from datetime import UTC, datetime

import pytest

from agents.clean import article as clean
from streams.records import Raw

SENTENCES = (
    "The cable car above Brenva stands still until Easter, because the wheels of the upper station have to be recast.",
    "Skiers are carried up by buses that leave every twenty minutes, and the school has moved its lessons to the valley.",
    "The operator expects to lose a third of the winter's income and has asked the canton for a loan without interest.",
)
TITLE = "Cable car above Brenva stands still"


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def title_of(title: str, headings: str, *, before: str = "", head: str = "", lang: str = "en") -> str:
    """Return the title of a page with this title element and headings, a banner before them."""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    content = (
        f"<html lang='{lang}'><head>{title and f'<title>{title}</title>'}{head}</head><body>{before}<div>{headings}{body}</div>"
        "</body></html>"
    )
    now = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://alm.example/2026/1/car", fetched_at=now, content_type="text/html", content=content)
    return clean.clean_raw(record).clean.title


@pytest.mark.parametrize("claimed", ["Article", "Alm"])
def test_a_search_above_the_heading_is_no_title(claimed: str) -> None:
    """Where the titles say nothing the first heading of some words is taken."""
    head = "<meta property='og:site_name' content='Alm'>"
    assert title_of(claimed, f"<h1>{TITLE}</h1>", before="<h1>Search</h1>", head=head) == TITLE


BANNER = "<div id='head'><h1><a href='/'>Notes from the Alm</a></h1></div>"


@pytest.mark.parametrize(
    ("title", "before", "heading"),
    [
        (f"{TITLE} « Notes from the Alm", BANNER, f"<h2>{TITLE}</h2>"),
        (f"Notes from the Alm: {TITLE}", BANNER, f"<h3 class='post-title'>{TITLE}</h3>"),
        (f"Notes from the Alm » Archive » {TITLE}", BANNER, f"<h2>{TITLE}</h2>"),
        ("Notes from the Alm", BANNER, f"<h2>{TITLE}</h2>"),
        ("Notes from the Alm", "<h1 class='site-title'>Notes from the Alm</h1>", f"<h2>{TITLE}</h2>"),
        ("", "<h1><a href='https://alm.example/'>Notes from the Alm</a></h1>", f"<h2>{TITLE}</h2>"),
        (f"{TITLE} - Notes from the Alm", "<h1>Notes from the Alm</h1>", f"<h2>{TITLE}</h2>"),
        (f"{TITLE} | Notes from the Alm", "<h2>Valley</h2>", f"<h2>{TITLE}</h2>"),
    ],
)
def test_a_blogs_own_name_is_no_title(title: str, before: str, heading: str) -> None:
    """The h1 is the blog's name, and the post's title stands below it."""
    assert title_of(title, heading, before=before) == TITLE


def test_an_article_called_as_the_whole_page_keeps_its_heading() -> None:
    """An h1 that leads nowhere is the title, however the page is called."""
    assert title_of("Notes from the Alm", "<h1>Notes from the Alm</h1><h2>By the lake</h2>") == "Notes from the Alm"
    assert title_of(f"{TITLE}: what skiers say", f"<h1>{TITLE}: what skiers say</h1>") == f"{TITLE}: what skiers say"


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        (
            "山のケーブルカー、復活祭まで運休｜高原新報",
            "<h1>山のケーブルカー、復活祭まで運休</h1>",
            "山のケーブルカー、復活祭まで運休",
        ),
        ("山上缆车停运至复活节_社会_高原网", "<div class='bt'>山上缆车停运至复活节</div>", "山上缆车停运至复活节"),
        (
            "山のケーブルカー、復活祭まで運休（高原新報）",
            "<h2>山のケーブルカー、復活祭まで運休</h2>",
            "山のケーブルカー、復活祭まで運休",
        ),
        (
            "山のケーブルカー、復活祭まで運休（上）",
            "<h2>山のケーブルカー、復活祭まで運休（上）</h2>",
            "山のケーブルカー、復活祭まで運休（上）",
        ),
        ("山上缆车停运至复活节-高原网", "<h1>山上缆车停运至复活节</h1>", "山上缆车停运至复活节"),
        (
            "山上纜車停到復活節，滑雪的人都哭了 @ 高原日記 :: 部落格 ::",
            "<h1><a href='/'>高原日記</a></h1><h2><a>山上纜車停到復活節，滑雪的人都哭了</a></h2>",
            "山上纜車停到復活節，滑雪的人都哭了",
        ),
    ],
)
def test_titles_without_spaces_lose_the_site_too(title: str, heading: str, expected: str) -> None:
    """A bar, a hyphen or an underscore parts a title from its site in Chinese and Japanese."""
    assert title_of(title, heading, lang="zh") == expected


def test_a_site_that_gives_its_name_may_write_it_before_a_colon() -> None:
    """The name that the page gives as its own goes from the beginning, whatever punctuation follows."""
    head = "<meta property='og:site_name' content='Alm Observer'>"
    assert title_of(f"Alm Observer: {TITLE}", f"<p>{TITLE}</p>", head=head) == TITLE


def test_a_kicker_within_the_heading_is_no_title() -> None:
    """The words before the title that the page claims stand above it as its subject."""
    head = f"<meta property='og:title' content='{TITLE}'>"
    assert title_of(TITLE, f"<h1><span>Winter sports</span> {TITLE}</h1>", head=head) == TITLE
    assert title_of(TITLE, f"<h1>The {TITLE}</h1>", head=head) == f"The {TITLE}"


def test_markup_that_was_escaped_into_a_title_is_read() -> None:
    """An element within the title is no part of its text; a tag that stands alone is the title's subject."""
    assert title_of("&lt;i&gt;Gipfelblick&lt;/i&gt; stands still", "<h2>Valley</h2>") == "Gipfelblick stands still"
    assert title_of("Twenty years of &lt;b&gt; tags", "<h2>Valley</h2>") == "Twenty years of <b> tags"


@pytest.mark.parametrize("title", ["The Brenva Post", "Untitled Document"])
def test_a_title_that_says_nothing_gives_way_to_the_heading(title: str) -> None:
    """A page called as its publisher, or as nothing, is called as its h1, or as the heading that is marked as a post's."""
    site = "<meta property='og:site_name' content='The Brenva Post'>"
    assert title_of(title, f"<h1>{TITLE}</h1>", head=site) == TITLE
    if title == "The Brenva Post":
        assert title_of(title, f"<h3 class='entry-title'>{TITLE}</h3>", head=site) == TITLE


@pytest.mark.parametrize(
    ("title", "heading", "lang", "chosen"),
    [
        (TITLE, f"<h1>{TITLE} <small>12 comments</small></h1>", "en", TITLE),
        (f"Brenva: {TITLE}", f"<h1><b>Brenva</b><span>{TITLE}</span></h1>", "en", f"Brenva: {TITLE}"),
        (
            "布伦瓦上方的缆车停运至春天_频道_雪山网(xue.com)",
            "<h1>布伦瓦上方的缆车停运至春天</h1>",
            "zh",
            "布伦瓦上方的缆车停运至春天",
        ),
        (
            "布伦瓦上方的缆车停运至春天--地方--雪山网",
            "<p>布伦瓦上方的缆车停运至春天</p>",
            "zh",
            "布伦瓦上方的缆车停运至春天",
        ),
        (
            "ブレンバのロープウェイが春まで運休 - 雪山新報",
            "<h1><i>動画</i>ブレンバのロープウェイが春まで運休</h1>",
            "ja",
            "ブレンバのロープウェイが春まで運休",
        ),
    ],
)
def test_counts_labels_and_channels_are_no_part_of_a_title(title: str, heading: str, lang: str, chosen: str) -> None:
    """Words that a template glues to a heading, and channels behind a title without spaces, are left out."""
    assert title_of(title, heading, lang=lang) == chosen


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        (f"{TITLE} | Valley | News | Post", ""),
        (f"{TITLE} - Valley - Post", ""),
        ("Press releases", f"<h1>Press releases</h1><h3>{TITLE}</h3>"),
        ("The Ministry", f"<h1>Press release</h1><h2>{TITLE}</h2>"),
    ],
)
def test_sections_are_no_titles(title: str, headings: str) -> None:
    """Sections behind a title go where no heading tells them apart; a heading that is a section's is none."""
    site = "<meta property='og:site_name' content='The Ministry'>"
    assert title_of(title, headings, head=site) == TITLE


def test_a_title_with_two_long_parts_is_whole() -> None:
    """A short first part, and a long one behind a bar, are both the article's."""
    title = "Brenva | The cable car stands still and the valley waits"
    assert title_of(title, "") == title


@pytest.mark.parametrize(
    ("title", "headings", "chosen"),
    [
        ("Notes from the Alm", f"<h2>{TITLE}</h2>", TITLE),
        ("Notes from the Alm", f"<div class='right-side'><h2>{TITLE}</h2></div>", TITLE),
        (TITLE, "<h2>Notes of the whole valley today</h2>", TITLE),
    ],
)
def test_a_title_that_another_line_shows_alone_is_the_sites_name(title: str, headings: str, chosen: str) -> None:
    """A page without a heading of the first level names its site in its title, and again in a line of its own."""
    assert title_of(title, headings, before="<div>Notes from the Alm</div>") == chosen


def test_a_title_without_a_heading_ends_where_a_line_of_the_page_does() -> None:
    """The site's name, which the page gives nowhere else, is behind a dash."""
    head, line = f"{TITLE} - The Alpine Observer", f"<span class='ArtTitle'>{TITLE}</span><br>By Jane Doe<br>"
    assert title_of(head, "", before=line) == TITLE
    assert title_of(head, "", before="<span>By Jane Doe</span>") == head


def test_a_title_without_a_heading_begins_where_a_line_of_the_page_does() -> None:
    """An old page names its site before the title, and shows the title in bold letters of another size."""
    line = f"<font size='5'><b>{TITLE}</b></font><br>By Jane Doe<br>"
    assert title_of(f"The Alpine Observer: {TITLE}", "", before=line) == TITLE


@pytest.mark.parametrize(
    ("claimed", "headings", "title"),
    [
        ("Brenva lift news today", f"<h1>{TITLE}</h1>", TITLE),
        ("Brenva lift news today", f"<h1>{TITLE}</h1><p>Brenva lift news today</p>", "Brenva lift news today"),
        ("Brenva lift news today", "<h1>Mountain news</h1>", "Brenva lift news today"),
        (
            "Brenva lift news today",
            f"<h1>{TITLE}</h1><h1>Read also what the valley says</h1>",
            "Brenva lift news today",
        ),
        ("Brenva lift news today", "<h1>A letter to all our readers:</h1>", "Brenva lift news today"),
    ],
)
def test_the_only_heading_beats_a_title_that_nobody_sees(claimed: str, headings: str, title: str) -> None:
    """A title for search engines has other words: readers see the heading, unless a line shows the title or it is short."""
    assert title_of(claimed, headings) == title


def test_a_heading_below_text_is_not_the_pages_title() -> None:
    """The only heading counts where it stands above all paragraphs."""
    before = "".join(f"<p>{sentence} {sentence}</p>" for sentence in SENTENCES)
    assert title_of("Brenva lift news today", f"<h1>{TITLE}</h1>", before=before) == "Brenva lift news today"


@pytest.mark.parametrize(
    ("claimed", "title"),
    [
        (f"{TITLE} | Alm", TITLE),
        (TITLE.upper(), TITLE.upper()),
        (TITLE.lower(), TITLE.upper()),
        ("Alm", TITLE.upper()),
    ],
)
def test_a_heading_in_capitals_is_told_as_the_page_writes_it_elsewhere(claimed: str, title: str) -> None:
    """Capitals are the page's dress where a claim has the same title with few, and stay where none has."""
    head = "<meta property='og:site_name' content='Alm'>"
    assert title_of(claimed, f"<h1>{TITLE.upper()}</h1>", head=head) == title


@pytest.mark.parametrize(
    "heading",
    [f"<h1><i>play_arrow</i>{TITLE}</h1>", f"<h1>{TITLE}<a href='#s'>Share</a></h1>", f"<h1>{TITLE}<b>(12)</b></h1>"],
)
def test_a_label_without_a_space_beside_a_heading_goes(heading: str) -> None:
    """Names of icons and buttons run into a heading's words; the claimed title tells where it ends."""
    assert title_of(TITLE, heading) == TITLE


@pytest.mark.parametrize("cut", [TITLE[:-3], TITLE[3:]])
def test_a_title_that_is_cut_off_within_a_word_is_the_headings(cut: str) -> None:
    """Claims for search engines have so many characters; the rest of the word is no label."""
    assert title_of(cut, f"<h1>{TITLE}</h1>") == TITLE
    assert title_of(cut.upper(), f"<h1>{TITLE.upper()}</h1>") == TITLE.upper()


def test_signs_of_a_sentence_begin_no_label() -> None:
    """A shorter title may end where the heading's word has an apostrophe or a number goes on."""
    for rest in ("'s crew waits", "-keeper waits", "20"):
        assert title_of(TITLE, f"<h1>{TITLE}{rest}</h1>") == f"{TITLE}{rest}"
