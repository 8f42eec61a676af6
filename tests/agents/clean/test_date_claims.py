"""Days of publication that a page claims for programs: in its head, its address, its scripts, its attributes."""

from datetime import UTC, datetime

import pytest

from agents.clean.metadata.dates.urls import url_date
from tests.support.lighthouse import BODY, TITLE, claim, day_of, published


@pytest.mark.parametrize(
    ("claimed", "shown", "day"),
    [
        ("2025-11-05T08:00:00Z", "<p>May 3, 2024</p>", "2024-05-03"),
        ("2025-11-05T08:00:00Z", "<p>Updated May 3, 2024</p>", "2025-11-05"),
        ("2024-05-03T08:00:00Z", "<p>November 5, 2025</p>", "2024-05-03"),
        ("2024-05-04T03:00:00Z", "<p>May 3, 2024</p>", "2024-05-04"),
        ("2024-05-03T08:00:00Z", "<p>Published May 3, 2024</p><p>First published April 1, 2024</p>", "2024-05-03"),
        ("2024-05-03T08:00:00Z", "<p>May 4, 2024</p>", "2024-05-03"),
        ("2025-11-05T08:00:00Z", "<p>May 3, 2024</p><p>Updated November 5, 2025</p>", "2024-05-03"),
    ],
)
def test_an_earlier_day_on_show_corrects_the_claim(claimed: str, shown: str, day: str) -> None:
    """Data stamped by a later build give way to the day by the title; another zone, an update or a match do not."""
    assert day_of(head=claim(claimed), below=shown) == day


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("<p>Posted on May 3, 2024</p>", "2024-05-03"),
        ("<p><span class='story__release-date'><time datetime='2024-05-03'>May 3</time></span></p>", "2024-05-03"),
        ("<p>Posted on June 9, 2025</p>", "2011-02-01"),
        ("<p>Updated May 3, 2024</p>", "2011-02-01"),
        ("<p>May 3, 2024</p>", "2011-02-01"),
        ("<p>Posted on 05/03/2024</p>", "2011-02-01"),
        ("<p>February 1, 2011</p><p>Published in print: May 3, 2024</p>", "2011-02-01"),
    ],
)
def test_a_later_day_that_is_called_published_is_the_articles(below: str, day: str) -> None:
    """Old data give way to it, but not to their own update, a day without a label or in two orders, or beside their own day."""
    head = claim("2011-02-01T08:00:00Z") + "<meta property='article:modified_time' content='2025-06-09T08:00:00Z'>"
    assert day_of(head=head, below=below) == day


@pytest.mark.parametrize(
    "script",
    [
        'window.STATE = JSON.parse("{\\"post\\":{\\"title\\":\\"x\\",\\"post_date\\":\\"2024-05-03T08:00:00Z\\"}}")',
        (
            f'window.STATE = {{"a": {{"title": "{TITLE}", "firstPublishedAt": 1714723200000, '
            '"latestPublishedAt": 1735689600000}, "b": {"title": "Other", "firstPublishedAt": 1738368000000}}'
        ),
    ],
)
def test_days_in_escaped_and_listed_states_are_read(script: str) -> None:
    """A state may be JSON within a text; the latest publication of an article is its update."""
    assert day_of(after=f"<script>{script}</script>") == "2024-05-03"


@pytest.mark.parametrize(
    ("url", "below", "day"),
    [
        ("https://www.example.org/2024/05/03/lighthouse", "", "2024-05-03"),
        ("https://www.example.org/2024/may/03/lighthouse", "<p>1 June 2025</p>", "2024-05-03"),
        ("https://www.example.org/2024/may/03/lighthouse", "<p>03/05/2024</p>", "2024-05-03"),
        ("https://www.example.co.uk/lighthouse", "<p>03/05/2024</p>", "2024-05-03"),
        ("https://www.example.org/lighthouse", "<p>05/03/2024</p>", "2024-05-03"),
        ("https://www.example.org/2024/03/lighthouse", "<p>05/03/2024</p>", "2024-03-05"),
        ("https://www.example.org/lighthouse?from=2024/05/03", "", ""),
    ],
)
def test_the_url_names_the_day_and_its_order(url: str, below: str, day: str) -> None:
    """The day in a path stands where the data claim none; a host's country tells day from month."""
    assert day_of(url=url, below=below) == day


@pytest.mark.parametrize(
    "path",
    [
        "/2024/05/03/x",
        "/2024-05/03/c_1.htm",
        "/202405/t20240503_9.html",
        "/2024/may/03/x",
        "/x-20240503.html",
        "/x-202405030915.html",
        "/view/ABC20240503091500017",
    ],
)
def test_paths_name_days_in_several_ways(path: str) -> None:
    """Years, months and days stand apart, together or in words."""
    assert url_date(f"https://example.org{path}") == datetime(2024, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "tag",
    [
        '<meta name="DC.Issued" content="2024-05-03">',
        '<meta property="dc:created" content="2024-05-03">',
        '<meta property="og:regDate" content="20240503081500">',
        '<meta property="portal:pubDate" content="2024-05-03T08:15:00Z">',
        '<meta name="portal:published" content="2024-05-03">',
        '<meta name="page.articleFirstPublished" content="2024-05-03">',
        '<meta itemprop="dateCreated" datetime="2024-05-03">',
        '<meta name="lastModified" content="2024-05-03">',
        '<meta name="firstpublishedtime" content="2024-05-03-09:15:00">',
        '<meta property="og:article:created" content="2024-05-03 09:15">',
        '<meta name="DCTERMS.available" content="2024-05-03"><meta name="DCTERMS.modified" content="2025-06-01">',
        '<meta name="citation_online_date" content="2024/05/03">',
    ],
)
def test_meta_tags_of_many_systems_name_the_day(tag: str) -> None:
    """Systems and repositories give their tags names and prefixes, or write the day where HTML has it in `time`."""
    assert day_of(head=tag) == "2024-05-03"


def test_structured_data_in_a_meta_tag_is_read() -> None:
    """Some frameworks write JSON-LD as the content of a meta tag."""
    data = "{&quot;@type&quot;: &quot;Article&quot;, &quot;datePublished&quot;: &quot;2024-05-03&quot;}"
    assert day_of(head=f'<meta name="script:ld+json" content="{data}">') == "2024-05-03"


def test_one_day_kept_for_scripts_counts() -> None:
    """Where nothing is written, the one day that an element holds for scripts is taken, several are not."""
    element = "<x-time data-timestamp='{}000'></x-time>"
    assert day_of(below=element.format(1714732200)) == "2024-05-03"
    assert day_of(below="<abbr data-utime='1714732200'></abbr>") == "2024-05-03"
    assert day_of(below="<x-stamp publishdate=2024-05-03T11:15:56Z></x-stamp>") == "2024-05-03"
    assert day_of(below="<i data-moment='2024-05-03T10:00:00+03:00'></i>") == "2024-05-03"
    assert day_of(below=element.format(1714732200) + element.format(1748772000)) == ""


def test_an_update_in_structured_data_is_better_than_no_date() -> None:
    """A page that only says when its article was changed gives that day."""
    data = '{"@type": "NewsArticle", "headline": "' + TITLE + '", "dateModified": "2026-05-04T10:00:00Z"}'
    assert published(f"<script type='application/ld+json'>{data}</script>", "")[1] == "2026-05-04"


def test_the_publishers_own_day_is_kept() -> None:
    """A morning in Tokyo is the day before in UTC; the page's zone, or the day that it shows, says which day it was."""
    assert published(claim("2026-11-18T07:30:00+09:00"), "") == ("2026-11-17T22:30", "2026-11-18")
    assert published(claim("2026-11-17T22:30:00Z"), "<p class='date'>2026年11月18日</p>", "ja") == (
        "2026-11-17T22:30",
        "2026-11-18",
    )
    assert published(claim("2026-11-17T22:30:00Z"), "") == ("2026-11-17T22:30", "2026-11-17")


def test_rarer_claims_are_read() -> None:
    """Java's form, RDFa news, Parse.ly's JSON and an attribute for scripts give the day."""
    assert published(claim("Wed Nov 18 09:00:00 JST 2026"), "") == ("2026-11-18T00:00", "2026-11-18")
    assert published("<meta property='rnews:datePublished' content='2026-11-18T09:00:00Z'>", "")[1] == "2026-11-18"
    span = "<span property='rnews:datePublished' content='2026-11-18T09:00:00Z'>this morning</span>"
    assert published("", span)[1] == "2026-11-18"
    page = '{"pub_date":"2026-11-18T09:00:00Z"}'
    assert published(f"<meta name='parsely-page' content='{page}'>", "")[1] == "2026-11-18"
    assert (
        published("", "<span class='date' data-origindate='2026-11-18 09:00'>earlier today</span>")[1] == "2026-11-18"
    )


def test_a_claim_with_a_clock_beats_the_midnight_beside_it() -> None:
    """A midnight is a day that went through a zone on its way; the claim a few hours from it says the time."""
    midnight = "<meta property='article:published_time' content='2024-05-02T00:00:00Z'>"
    timed = "<meta name='date' content='2024-05-03T04:39:05Z'>"
    assert day_of(head=midnight + timed) == "2024-05-03"
    assert day_of(head=midnight) == "2024-05-02"
    assert day_of(head=midnight + timed.replace("05-03", "05-09")) == "2024-05-02"


@pytest.mark.parametrize(
    "script",
    [
        'var utag_data = {"page_type": "article", "publication_date": "20240503"};',
        "dataLayer.push({'articlePublishDate': '2024-05-03', 'pageModifiedDate': '2025-06-09'});",
        'var datePublished = "2024-05-03T10:00:00Z", lastPublishDate = "2025-06-09";',
        "dataLayer = [{'pageType': 'story', 'articleDate': '20240503'}];",
        'layer = {"articledate": "2024-05-03"};',
        'page = {"fechaPublicacion": "2024-05-03T10:00:00-03:00", "fechaModificacion": "2025-06-09"};',
        f's={{"post": {{"title": {{"rendered": "{TITLE}"}}, "date_gmt": "2024-05-03T10:00:00", "modified": "2025-06-09"}}}}',
        f's={{"b": {{"title": "{TITLE}", "publishedAt": 1714730400}}, "c": [{{"title": "", "publishedAt": 1762732800}}]}}',
    ],
)
def test_a_day_of_publication_in_scripts_counts_where_the_page_names_none(script: str) -> None:
    """Tag managers and frameworks keep the day for scripts; one that the page itself says is published comes first."""
    assert day_of(head=f"<script>{script}</script>", below="<p>Updated 9 June 2025</p>") == "2024-05-03"
    assert day_of(head=f"<script>{script}</script>", below="<p>Published 2 May 2024</p>") == "2024-05-02"


def test_a_day_in_numbers_in_a_script_counts_but_in_english() -> None:
    """English alone writes day and month in either order."""
    script = "<script>var tm = {'dataPublicacao': '03/05/2024 10:05'};</script>"
    assert day_of(head=script, language="pt") == "2024-05-03"
    assert day_of(head=script, language="en") == ""


def test_several_days_in_scripts_say_nothing() -> None:
    """The days of other articles are no article's own where none of them has the page's title."""
    script = 'var list = [{"pubDate": "2024-05-03"}, {"pubDate": "2024-05-01"}], isPublishedOn = "2024-04-01";'
    assert day_of(head=f"<script>{script}</script>") == ""


@pytest.mark.parametrize("path", ["news/24-05-2024/pier", "24/05/2024/pier.html", "news/2024/05/24/pier"])
def test_a_path_names_the_day_first_where_it_can_be_no_month(path: str) -> None:
    """A day above twelve leaves one order; below, a path says nothing."""
    assert day_of(url=f"https://www.example.org/{path}") == "2024-05-24"
    assert day_of(url="https://www.example.org/news/04-05-2024/pier") == ""


@pytest.mark.parametrize("number", ["2024050399", "20240503990000", "120240503091500", "ABCDE20240503091500"])
def test_a_long_number_that_holds_no_clock_names_no_day(number: str) -> None:
    """The number of an article is a time only where hours and minutes follow the day."""
    assert url_date(f"https://example.org/view/{number}") is None


def test_an_original_publication_comes_before_the_day_that_is_shown() -> None:
    """A meta tag for the day on display names that of an update as often."""
    head = "<meta name='DisplayDate' content='2025-06-09'><meta name='OriginalPublicationDate' content='2024/05/03 08:00:00'>"
    assert day_of(head=head) == "2024-05-03"


@pytest.mark.parametrize(
    ("claimed", "shown", "days", "day"),
    [
        ("2025-11-05T08:00:00Z", "", ("3 May 2024",), "2024-05-03"),
        ("2025-11-05T08:00:00Z", "", ("3 May 2024", "9 May 2024"), "2025-11-05"),
        ("2024-05-03T08:00:00Z", "<p>1 April 2024</p>", ("3 May 2024",), "2024-05-03"),
        ("2024-05-03T08:00:00Z", "<p>1 April 2024</p>", (), "2024-04-01"),
    ],
)
def test_a_label_beside_the_text_tells_the_day_too(claimed: str, shown: str, days: tuple[str, ...], day: str) -> None:
    """It corrects a later claim where it gives one day, and confirms one that a day by the title would correct."""
    side = "".join(f"<p>Published: {each}</p>" for each in days)
    assert day_of(head=claim(claimed), below=shown, after=f"<aside>{side}</aside>") == day


@pytest.mark.parametrize(
    ("claimed", "shown", "day"),
    [
        ("2026-10-09T22:30:00Z", "10 October 2026", "2026-10-10"),
        ("2026-05-03T22:30:00Z", "04/05/2026", "2026-05-04"),
        ("2026-10-09T22:30:00Z", "Updated: 10 October 2026", "2026-10-09"),
        ("2026-10-10T07:00:00+09:00", "9 October 2026", "2026-10-10"),
        ("2026-10-09", "Published: 10 October 2026", "2026-10-09"),
        ("2026-04-05T22:30:00Z", "4 June 2026", "2026-04-05"),
    ],
)
def test_the_day_on_show_is_the_publishers_where_the_claim_is_in_utc(claimed: str, shown: str, day: str) -> None:
    """In either order of its numbers; an update's is not, and a claim with a zone or without a time has its own."""
    assert published(claim(claimed), f"<p>{shown}</p>")[1] == day


def test_a_label_beside_the_text_has_the_publishers_own_day() -> None:
    """A claim in UTC has lost it: an hour later the day of the publisher had begun."""
    shown = "<aside><p>Published: 10 October 2026</p></aside>"
    assert published(claim("2026-10-09T22:30:00Z"), shown) == ("2026-10-09T22:30", "2026-10-10")


@pytest.mark.parametrize(("label", "day"), [("Published", "2024-05-03"), ("Updated", "2024-06-01")])
def test_a_day_of_publication_on_the_page_is_none_of_its_scripts(label: str, day: str) -> None:
    """However far from the title: a script is asked only where the page has an update alone."""
    script = '<script>window.page = {"datePublished": "2024-06-01T08:00:00Z"}</script>'
    assert day_of(after=f"{BODY * 5}<p>{label}: 3 May 2024</p>{script}") == day
