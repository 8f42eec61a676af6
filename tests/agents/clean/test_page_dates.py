"""Where on a page the day of publication stands, and which dates are not it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clean import article as clean
from agents.clean.metadata.dates import scripts as script_dates
from agents.clean.metadata.dates.labels import Label, labelled_date
from agents.clean.metadata.dates.parsing import FoundDate, parse_date
from agents.clean.metadata.dates.publication import own_day
from agents.clean.metadata.dates.ranks import PageDate, Rank
from tests.support.lighthouse import BODY, TITLE, day_of
from tests.support.one_page import page_article


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


@pytest.mark.parametrize(
    "below",
    [
        "<p>May 3, 2024</p>",
        "<span class='story-date'>3 May 2024</span>",
        "<time>May 3, 2024</time>",
        "<time datetime='May 3, 2024'>a while ago</time>",
        "<abbr class='published' title='2024-05-03T10:00:00Z'>then</abbr>",
        "<span class='timestamp' data-timestamp='1714732200'>Friday</span>",
        "<p>Posted: <span data-timestamp='1714732200'>3 days ago</span></p>",
        "<span itemprop='datePublished' content='2024-05-03'></span>",
        "<h4>Published</h4><div>May 3, 2024</div>",
        "<p>Updated June 1, 2025. Published May 3, 2024</p>",
        "<p>Published May 3, 2024 | Updated June 1, 2025</p>",
        "<p class='date'>May 3, 2024. Updated: June 1, 2025</p>",
        "<p class='article_end_head_stamp'>May 3, 2024</p>",
        "<p>Posted <span class='start_info_stamp' data-date-time='2024-05-03 10:20:11'>on Friday</span></p>",
        "<p>Updated <time datetime='2025-06-01'>June 1, 2025</time></p><p>Posted on <time>May 3, 2024</time></p>",
        "<p>Updated May 3, 2024</p>",
        "<p>By Maria Lopez</p><p>May 3, 2024</p>",
        "<p><span>Maria Lopez</span><span>May 3, 2024</span><span>5 mins</span></p>",
        "<p><span>Maria Lopez</span><span>3.5.2024</span><span>10:05</span></p>",
        "<p><span>Maria Lopez</span><span>2024.05.03</span><span>12</span></p>",
        "<div class='posted-on'><time class='updated'>June 1, 2025</time><time class='published'>May 3, 2024</time></div>",
        "<p class='when'><span>2024</span> <span>05</span>/<span>03</span> <span>10:05</span></p>",
        "<div>MAY</div><div>3</div><div>2024</div>",
        "<p>Available online 3 May 2024, version of record 9 May 2024.</p>",
        "<p>[Docket No. 2023-0415] May 3, 2024</p>",
        "<span class='age' title='2024-05-03T10:20:30 1714731630'>17 days ago</span>",
        "<ul class='leaf'><li>3</li><li>May</li><li>2024</li></ul>",
        "<div>3 May</div><div>2024</div>",
        "<p>Filed <data class='dt-published' value='2024-05-03T09:00Z'>on Friday</data></p>",
        "<table><tr><td>Posted</td><td>Updated</td></tr><tr><td>3 May 2024</td><td>1 June 2025</td></tr></table>",
        "<div>Updated</div><div>Posted</div><div>1 June 2025</div><div>3 May 2024</div>",
    ],
)
def test_a_day_by_the_title_is_the_articles(below: str) -> None:
    """A date by the title counts as text, element or attribute, publication before update.

    A day, month and year may stand in boxes of their own, labels in a row above a row of dates.
    """
    assert day_of(below=below) == "2024-05-03"


@pytest.mark.parametrize(
    ("below", "language"),
    [
        ("Veröffentlicht am 3. Mai 2024, aktualisiert am 1. Juni 2025", "de"),
        ("Publié le 3 mai 2024 à 10h30, mis à jour le 1 juin 2025", "fr"),
        ("Actualizado el 1 de junio de 2025. Publicado el 3 de mayo de 2024", "es"),
        ("Aggiornato il 1 giugno 2025. Pubblicato il 3 maggio 2024", "it"),
        ("Atualizado em 01/06/2025. Publicado em 03/05/2024", "pt"),
        ("Bijgewerkt op 1 juni 2025. Gepubliceerd op 3 mei 2024", "nl"),
        ("Обновлено 1 июня 2025. Опубликовано 3 мая 2024", "ru"),
        ("Güncelleme: 1 Haziran 2025. Yayınlanma: 3 Mayıs 2024", "tr"),
        ("Aktualizacja: 1 VI 2025. Opublikowano: 3 V 2024", "pl"),
        ("更新 2025年6月1日 公開 2024年5月3日", "ja"),
        ("입력 2024.05.03. 10:30 수정 2025.06.01. 11:00", "ko"),
        ("发布 2024-05-03 更新 2025-06-01", "zh"),
        ("نشر 3 مايو 2024 تحديث 1 يونيو 2025", "ar"),
    ],
)
def test_labels_are_read_in_many_languages(below: str, language: str) -> None:
    """The day of publication is told from the update's in the words of the page's language."""
    assert labelled_date(below, language) is not None
    assert day_of(below=f"<p>{below}</p>", language=language) == "2024-05-03"


@pytest.mark.parametrize(
    "text",
    [
        "© 3 May 2024 Example News",
        "Offer valid until 3 May 2024",
        "Accessed 3 May 2024",
        "Submitted 3 May 2024",
        "Member since 3 May 2024",
        "Redeem by 3 May 2024",
        "The next boat to the islands leaves on 3 May 2024, the port said.",
        "2 days ago",
        "Copyright 2024",
    ],
)
def test_other_dates_are_not_the_articles(text: str) -> None:
    """Copyright lines, deadlines, visits and times relative to the fetch date nothing."""
    assert day_of(below=f"<p>{text}</p>") == ""


def test_dates_of_other_articles_do_not_count() -> None:
    """Cards of related articles, each with author and date, are no date of this one."""
    cards = "".join(
        f"<div class='card'><a href='/{day}'>Ferry prices</a><p>By Maria Lopez</p><p>May {day}, 2024</p></div>"
        for day in range(3, 6)
    )
    assert day_of(beside=f"<section class='related'>{cards}</section>") == ""
    assert day_of(beside=f"<section>{cards}</section>") == ""


@pytest.mark.parametrize(
    "after",
    [
        "<section id='comments'><div class='comment'><b>Lena</b> <time>4 May 2024</time><p>At last.</p></div></section>",
        "<section class='related'><a href='/pier'>The pier</a> <time datetime='2024-05-04'>4 May 2024</time></section>",
        "<ul><li><div class='date'>16 May 2024</div><h2><a href='/1'>First walk</a></h2></li></ul>",
    ],
)
def test_dates_below_a_short_text_are_not_the_articles(after: str) -> None:
    """Comments, articles beside this one and meetings in a list give no day below a brief of one paragraph."""
    html = f"<h1>{TITLE}</h1><p>{'The keeper of the old tower counted the ships in the bay. ' * 4}</p>{after}"
    assert day_of(heading=html) == ""


def test_a_summary_may_stand_above_the_date_and_a_text_may_not() -> None:
    """A day below two paragraphs is that of another thing; a summary that is there twice is one."""
    summary = (
        "<p>Forty ships lay in the bay when the storm came in from the west, and the keeper had counted them all before"
    )
    summary += " the pilots went home for the night, as he had for twenty years.</p>"
    other = "<p>The harbour master wrote each of the ships down, and nobody slept before the last of them had come in from the"
    other += " sea and was made fast at the pier.</p>"
    assert day_of(below=f"{summary}{summary}<p>3 May 2024</p>") == "2024-05-03"
    assert day_of(below=f"{summary}{other}<p>3 May 2024</p>") == ""


def test_hours_of_opening_and_the_source_of_a_quotation_are_no_dates_of_an_article() -> None:
    """A museum's pages show its hours of today, and a sentence before a quotation says when that was posted."""
    hours = "<div class='opening-hours'><h3>Today</h3><p class='date'>2 January 2026</p><p>Public: 10-17</p></div>"
    assert day_of(before=hours) == ""
    assert day_of(below="<p>The keeper's note was posted at the pier on 3 May 2024:</p>") == ""


@pytest.mark.parametrize(
    "line", ["Today is Friday, 2 January 2026", "Hoy es viernes 2 de enero de 2026", "Heute: 2. Januar 2026"]
)
def test_a_line_above_the_title_that_tells_the_day_is_no_date_of_an_article(line: str) -> None:
    """Readers are told which day it is; below the title the word is the article's."""
    assert day_of(before=f"<div>{line}</div>") == ""
    assert day_of(before="<div>Hobart, 2 January 2026</div>") == "2026-01-02"


def test_an_update_that_is_called_published_is_an_update() -> None:
    """The mark of an element says more than its class."""
    updated = "<p>Newest <time class='c-published' itemprop='dateModified' datetime='2025-06-09'>June 9</time></p>"
    assert day_of(below=f"{updated}<p>3 May 2024</p>") == "2024-05-03"
    both = "<div><b>Updated</b><time class='entry-date published updated'>June 9, 2025</time></div>"
    assert day_of(below=f"{both}<p>3 May 2024</p>") == "2024-05-03"
    changed = "<div class='field--name-changed'><time datetime='2025-06-09'>9 June 2025</time></div>"
    assert day_of(below=f"{changed}<p>3 May 2024</p>") == "2024-05-03"


def test_a_label_makes_a_sidebars_date_count() -> None:
    """A date in a sidebar is the article's only where it is said to be."""
    aside = "<aside><h3>{}</h3><p><time datetime='2024-05-03T12:00:00Z'>May 3, 2024</time></p></aside>"
    assert day_of(after=aside.format("Published")) == "2024-05-03"
    assert day_of(after=aside.format("Concert")) == ""


def test_a_marked_date_below_the_text_counts_where_it_is_the_only_day() -> None:
    """Blogs name author and day below their posts; several days there are those of other things."""
    meta = "<div class='post-meta'><span class='author'>Ann</span><time class='post-date'>{} May 2024</time></div>"
    text = f"{BODY}" * 6
    assert day_of(below=text, after=meta.format(3)) == "2024-05-03"
    assert day_of(below=text, after=meta.format(3) + meta.format(4)) == ""
    assert day_of(before=meta.format(3) + "<p>Menu</p>" * 12, below=text) == ""


def test_an_articles_own_footer_counts() -> None:
    """The date in a footer within the article is the article's."""
    footer = "<footer class='entry-footer'><time datetime='2024-05-03T12:00:00Z'>May 3, 2024</time></footer>"
    assert day_of(after=footer) == "2024-05-03"


def test_a_first_publication_is_said_at_the_end() -> None:
    """An article's own words on its first publication win over the date by its title."""
    after = "<p>This article was originally published on 3 May 2024 at 4:12pm but has been kept up to date since.</p>"
    assert day_of(below="<p>1 June 2025</p>", after=after) == "2024-05-03"


def test_a_title_in_a_lower_heading_is_found() -> None:
    """Where the h1 is the site's name the date is sought by the heading that has the title."""
    before = "<h1>Example News</h1>" + "".join(f"<p>Section {number}</p>" for number in range(40))
    assert day_of(before=before, heading=f"<h2>{TITLE}</h2>", below="<p>May 3, 2024</p>") == "2024-05-03"


def test_the_wrapper_of_everything_is_not_elsewhere() -> None:
    """A class on an element that holds the title as well says nothing about where the date stands."""
    before = "<div class='sidebar-left-layout next'>"
    assert day_of(before=before, after="<p>Published May 3, 2024</p></div>") == "2024-05-03"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3. toukokuuta 2024", "2024-05-03T00:00"),
        ("2024. május 3.", "2024-05-03T00:00"),
        ("2024 m. gegužės 3 d.", "2024-05-03T00:00"),
        ("3 พฤษภาคม 2567", "2024-05-03T00:00"),
        ("3 พ.ค. 2567 10:30", "2024-05-03T10:30"),
        ("3 พ.ค. 67 เวลา 10:30 น.", "2024-05-03T10:30"),
        ("ngày 3 tháng 5 năm 2024", "2024-05-03T00:00"),
        ("٣ مايو ٢٠٢٤", "2024-05-03T00:00"),
        ("3 במאי 2024", "2024-05-03T00:00"),
        ("3 मई 2024", "2024-05-03T00:00"),
        ("৩ মে ২০২৪", "2024-05-03T00:00"),
        ("3 MAYIS 2024", "2024-05-03T00:00"),
        ("3 EKİM 2024", "2024-10-03T00:00"),
        ("25.Jun.2019", "2019-06-25T00:00"),
        ("2024-05-03 09:04 PM", "2024-05-03T21:04"),
        ("2024-05-03 09:04 PM EST", "2024-05-04T02:04"),
        ("ceturtdiena, 2026. gada 17. septembris", "2026-09-17"),
        ("17 בספט׳ 2026", "2026-09-17"),
        ("1 דצמ׳ 2025", "2025-12-01"),
    ],
)
def test_months_are_known_in_many_languages(text: str, iso: str) -> None:
    """Names, numerals and years of other scripts give the same day."""
    assert parse_date(text) == datetime.fromisoformat(iso).replace(tzinfo=UTC)


@given(st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y"]))  # noqa: DTZ001 - a day has no zone
def test_a_day_without_a_time_is_never_shifted(time: datetime, form: str) -> None:
    """A date alone is midnight UTC of that day."""
    assert parse_date(time.strftime(form)) == datetime(time.year, time.month, time.day, tzinfo=UTC)


@given(st.text(max_size=200))
def test_no_text_breaks_the_labels(text: str) -> None:
    """Whatever a block says, it has a date with a label, or none."""
    found = labelled_date(text, "en")
    assert found is None or (found[0].time.tzinfo is UTC and isinstance(found[1], Label))


@pytest.mark.parametrize(
    "heading",
    [
        f"<font size='1'>May 3, 2024</font><br><font size='5'><b>{TITLE}</b></font><br><i>The keepers move out.</i><br><br>",
        f"<font size='5'><b>{TITLE}</b></font><br>May 3, 2024<br><br>",
        f"<div>May 3, 2024</div><div><b>{TITLE}</b></div>",
    ],
)
def test_a_title_that_is_no_heading_has_its_date_beside_it(heading: str) -> None:
    """Old pages set the title in bold, the date in the line above or below, and nothing in elements of their own."""
    menu = "".join(f"<div><a href='/{number}'>Section {number}</a></div>" for number in range(40))
    assert day_of(before=menu, heading=heading) == "2024-05-03"


def test_the_one_date_right_above_the_title_is_no_list() -> None:
    """Dates of other articles below do not count against the one above the title."""
    other = "".join(
        f"<div><a href='/{day}'>Notice {day}</a> <time>{day} April 2024</time></div>" for day in range(2, 9)
    )
    assert (
        day_of(before="<div><time>3 May 2024</time></div><div>admin</div>", after=f"<div>{other}</div>") == "2024-05-03"
    )


@pytest.mark.parametrize(
    ("below", "language"),
    [("<p>03\u200f/05\u200f/2024</p>", "ar"), ("<p>3 พฤษภาคม ค.ศ. 2024</p>", "th"), ("<p>\u200e3 مايو 2024</p>", "ar")],
)
def test_marks_of_direction_and_eras_hide_no_day(below: str, language: str) -> None:
    """Marks of direction around numbers, and the name of the common era before a year, are no part of a date."""
    assert day_of(below=below, language=language) == "2024-05-03"


MASTHEAD = "<header class='site-header'><a>Example News</a><span>Monday, 1 December 2025</span></header>"


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("<p>Last updated 3 May 2024</p>", "2024-05-03"),
        ("<p>By Ann Harker, posted on 3 May 2024</p>", "2024-05-03"),
        ("<p>Submitted by keeper on Fri, 05/03/2024 - 14:12</p>", "2024-05-03"),
        ("<p>Friday, 03/05/2024</p>", "2024-05-03"),
        ("<span class='ago' title='May 3, 2024 10:15'>3 hours ago</span>", "2024-05-03"),
        ("", ""),
    ],
)
def test_todays_date_in_the_masthead_does_not_count(below: str, day: str) -> None:
    """A newspaper's header shows the day of the fetch, which is no article's."""
    assert day_of(before=MASTHEAD, below=below) == day
    assert day_of(before="<div class='today'>1 December 2025</div>", below=below) == day


def test_a_date_alone_in_a_header_is_the_last_to_count() -> None:
    """Class names say "header" of a heading too."""
    above = "<h2 class='date-header'>Friday, 3 May 2024</h2>"
    assert day_of(before=above) == "2024-05-03"
    assert day_of(before=above, below="<p>Updated 9 June 2024</p>") == "2024-06-09"


def test_an_articles_own_header_is_no_masthead() -> None:
    """The date above the title in a header around both is the article's."""
    heading = f"<header><p>3 May 2024</p><h1>{TITLE}</h1></header>"
    assert day_of(heading=heading, below="<p>Updated 9 June 2024</p>") == "2024-05-03"


def test_the_day_of_a_picture_is_not_the_articles() -> None:
    """A caption's date is no date of publication, however near to the title."""
    figure = "<figure><img src='/a.jpg'><figcaption>The pier on 1 March 2020</figcaption></figure>"
    assert day_of(below=f"{figure}<p>3 May 2024</p>") == "2024-05-03"


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("ሚያዝያ 16 ቀን 2013 ዓ.ም", "am", "2021-04-24"),
        ("ቅዳሜ፣ ሚያዚያ 16 2013", "am", "2021-04-24"),
        ("መስከረም 1, 2016", "am", "2023-09-12"),
        ("ጳጉሜ 6 2011", "am", "2019-09-11"),
        ("ጳጉሜ 6 2012", "am", ""),
        ("2008 թ. մրտ 27", "hy", "2008-03-27"),
    ],
)
def test_days_of_the_ethiopian_calendar_and_armenian_years(text: str, language: str, day: str) -> None:
    """Month names of the Ethiopian calendar mean its years, which are seven or eight behind."""
    found = parse_date(text, language)
    assert (found.date().isoformat() if found else "") == day


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("ALESUND, 3 May 2024 (Coast Wire) - ", "2024-05-03"),
        ("ALESUND, Norway, May 3, 2024 \u2014 ", "2024-05-03"),
        ("HARBOUR CITY, Maine, May 3, 2024 /SeaNews/ -- ", "2024-05-03"),
        ("HARBOUR CITY, May 3, 2024 (SeaNews) -- ", "2024-05-03"),
        ("Harbour City, Maine \u2013 May 3, 2024 \u2013 ", "2024-05-03"),
        ("May 3, 2024 \u2013 Harbour City, ME \u2013 ", "2024-05-03"),
        ("(Harbour City, 3 May 2024) ", "2024-05-03"),
        ("Harbour City, 3 May 2024 (SN).- ", "2024-05-03"),
        ("Harbour City, 3 May 2024. ", "2024-05-03"),
        ("Ann Harker, born 3 May 1974 in a storm - ", ""),
        ("THE pier closed, as on 3 May 2014, for a year: ", ""),
    ],
)
def test_a_dateline_with_its_year_dates_an_article(opening: str, day: str) -> None:
    """Agencies write the day before the first sentence; a date within it is the story's.

    Press releases name their service between strokes or brackets, write two hyphens for a dash, and the day first or last.
    """
    text = (
        f"<p>{opening}{'The pier of the old harbour will be closed until the storms are over, the port said. ' * 4}</p>"
    )
    assert day_of(below=text) == day


@pytest.mark.parametrize(
    ("text", "language"),
    [("3e mei 2024", "nl"), ("3r de maig del 2024", "ca"), ("3:e maj 2024", "sv"), ("3rd of May, 2024", "en")],
)
def test_ordinals_of_more_languages(text: str, language: str) -> None:
    """The mark behind a day's number hides no month."""
    found = parse_date(text, language)
    assert found is not None and found.date().isoformat() == "2024-05-03"


@given(
    st.lists(
        st.sampled_from(['"published":', "pub", "ub", "Pub", "Date=", '"2026-11-02"', "1793620800", " ", "x", "p"])
    )
)
def test_published_names_are_found_wherever_their_pattern_finds_them(parts: list[str]) -> None:
    """To look for two letters first leaves no name out."""
    script = "".join(parts)
    found = [match.span() for match in script_dates.published_names(script)]
    assert found == [match.span() for match in script_dates.PUBLISHED.finditer(script)]


@pytest.mark.parametrize(
    ("head", "below", "day"),
    [
        (
            "2024-05-04T02:41:07Z",
            "<time datetime='2024-05-04T02:41:07Z'>May 03, 2024 at 10:41 pm EDT</time>",
            "2024-05-03",
        ),
        (
            "2024-05-03T08:50:00+05:30",
            "<div class='posted'>May 01, 2024</div><div class='posted'>May 02, 2024</div>",
            "2024-05-03",
        ),
    ],
    ids=["for programs in UTC, and for readers", "of other articles, each with its own"],
)
def test_the_publishers_own_day_is_that_which_it_writes_for_readers(head: str, below: str, day: str) -> None:
    """An evening in America is the next day in UTC; lists of other articles do not tell the day of this one."""
    others = "<aside><h3>Latest</h3>" + below + "</aside>" if "posted" in below else ""
    page = (
        f"<html lang='en'><head><title>{TITLE}</title><meta property='article:published_time' content='{head}'></head><body>"
        f"<article><h1>{TITLE}</h1>{'' if others else below}{BODY}</article>{others}</body></html>"
    )
    assert str(page_article(page).published_day) == day


@pytest.mark.parametrize("claim", ["11/10/2025 8:14:00 AM", "11-10-2025"])
@pytest.mark.parametrize(("shown", "day"), [("10 نوفمبر 2025 08:14 ص", "2025-11-10"), ("11 أكتوبر 2025", "2025-10-11")])
def test_a_day_in_numbers_is_read_by_the_one_in_words_at_the_title(claim: str, shown: str, day: str) -> None:
    """Portals in Arabic write for readers in words, and for programs as their system does."""
    page = (
        f"<html lang='ar'><head><title>{TITLE}</title><meta property='article:published_time' content='{claim}'></head><body>"
        f"<article><h1>{TITLE}</h1><span class='newsDate'>{shown}</span>{BODY}</article></body></html>"
    )
    assert str(page_article(page).published_day) == day


@pytest.mark.parametrize(
    ("echo", "other", "day"),
    [
        (1, (Rank.PUBLISHED, 1, 3), 3),
        (1, (Rank.BY_TITLE, 1, 3), 4),
        (1, (Rank.PUBLISHED, 9, 3), 4),
        (3600, (Rank.PUBLISHED, 1, 3), 4),
    ],
    ids=["beside it", "without the label", "elsewhere", "another moment"],
)
def test_only_the_claims_own_moment_gives_way_to_the_day_beside_it(
    echo: int, other: tuple[Rank, int, int], day: int
) -> None:
    """A page shows the day of the claim itself as often as not."""
    time = datetime(2024, 5, 4, 2, 41, 7, tzinfo=UTC)
    rank, distance, shown = other
    dates = [
        PageDate(Rank.PUBLISHED, 1, FoundDate(time + timedelta(seconds=echo - 1), date(2024, 5, 4), zoned=True)),
        PageDate(rank, distance, FoundDate(datetime(2024, 5, shown, tzinfo=UTC), date(2024, 5, shown))),
    ]
    assert own_day(FoundDate(time, date(2024, 5, 4), zoned=True), dates).day.day == day
