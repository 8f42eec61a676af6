"""Days on a page on which something else happened than its publication: deadlines, events, births, memberships."""

import pytest

from tests.support.lighthouse import day_of


@pytest.mark.parametrize(
    ("language", "below", "day"),
    [
        ("en", "<p>Apply by the deadline: 9 June 2025 · Published: 3 May 2024</p>", "2024-05-03"),
        ("en", "<p>Posted 3 May 2024 | valid until 9 June 2025</p>", "2024-05-03"),
        ("en", "<p>Received: 2 January 2024 / Accepted: 1 March 2024 / Published: 3 May 2024</p>", "2024-05-03"),
        ("en", "<p>Medically reviewed on 5 June 2024 by Dr Ann Roe. Written on 3 May 2024.</p>", "2024-05-03"),
        ("de", "<p>Einsendeschluss: 9. Juni 2025</p><p>Erschienen am 3. Mai 2024</p>", "2024-05-03"),
        ("fr", "<p>Date limite : 9 juin 2025</p><p>Publié le 3 mai 2024</p>", "2024-05-03"),
        ("ja", "<p>締切：2025年6月9日</p><p>2024年5月3日</p>", "2024-05-03"),
    ],
)
def test_a_day_beside_another_is_read_by_itself(language: str, below: str, day: str) -> None:
    """A line may tell of a deadline and of the publication: each word counts for the day behind it."""
    assert day_of(language=language, below=below) == day


@pytest.mark.parametrize(
    "below",
    [
        "<p>Privacy policy updated 3 May 2024</p>",
        "<div><a href='/ann'>Ann Roe</a><span>Joined the paper on 3 May 2019</span></div>",
        "<p>When: 3 May 2024, 19:00</p>",
        "<p class='event-date'>3 May 2024</p>",
        "<time itemprop='startDate' datetime='2024-05-03'>3 May 2024</time>",
        "<div class='author'><b>Ann Roe</b><span>Contributor since May 3, 2011</span></div>",
        "<div itemscope itemtype='http://schema.org/Review'><meta itemprop='datePublished' content='2024-05-03'></div>",
        "<p>The consultation opens 3 May 2024</p>",
        "<p>Data as of 3 May 2024</p>",
        "<div class='review'><p>Ann reviewed on 3 May 2024</p></div>",
        "<p>Applications close on 3 May 2024</p>",
        "<table><caption>May 2024</caption><tr><td>1</td><td>2</td></tr></table>",
        "<p>Exhibition: 3 May 2024 – 9 June 2025</p>",
        "<blockquote>A post by Ann <time datetime='2024-05-03'>3 May 2024</time></blockquote>",
        "<div class='photo'><img src='a.jpg'><span class='credit'>3 May 2024, by Ann Roe</span></div>",
        "<time itemprop='birthDate' datetime='1991-05-03'>3 May 1991</time>",
    ],
)
def test_another_day_alone_is_no_date(below: str) -> None:
    """An event, a rule's day, a birth, a picture and a post that is quoted give no day of publication."""
    assert day_of(below=below) == ""


@pytest.mark.parametrize(
    "line",
    [
        "HARBOUR CITY, Maine, May 3, 2024 /SeaNews/ -- ",
        "HARBOUR CITY, May 3, 2024 (SeaNews) -- ",
        "Harbour City, Maine \u2013 May 3, 2024 \u2013 ",
        "May 3, 2024 \u2013 Harbour City, ME \u2013 ",
        "(Harbour City, 3 May 2024) ",
    ],
)
def test_datelines_of_press_releases(line: str) -> None:
    """They name their service between strokes or brackets, write two hyphens for a dash, and the day first or last."""
    below = (
        f"<p>{line}The harbour master counts the ships once more before the storm, and the keepers"
        " of three towers help him again tonight.</p>"
    )
    assert day_of(below=below) == "2024-05-03"


@pytest.mark.parametrize(
    "below",
    [
        "<div>MAY</div><div>3</div><div>2024</div>",
        "<p>Available online 3 May 2024, version of record 9 May 2024.</p>",
        "<p>[Docket No. 2023-0415] May 3, 2024</p>",
        "<span class='age' title='2024-05-03T10:20:30 1714731630'>17 days ago</span>",
        "<ul class='leaf'><li>3</li><li>May</li><li>2024</li></ul>",
        "<div>3 May</div><div>2024</div>",
        "<table><tr><td>Posted</td><td>Updated</td></tr><tr><td>3 May 2024</td><td>1 June 2025</td></tr></table>",
        "<div>Updated</div><div>Posted</div><div>1 June 2025</div><div>3 May 2024</div>",
    ],
)
def test_parts_and_rows_of_dates_are_read(below: str) -> None:
    """A day, month and year may stand in boxes of their own, labels in a row above a row of dates."""
    assert day_of(below=below) == "2024-05-03"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('{"@type": "VideoObject", "name": "A song of the harvest", "datePublished": "2022-02-02"}', "2024-05-03"),
        ('{"@type": "VideoObject", "name": "The keeper counts ships", "datePublished": "2024-05-02"}', "2024-05-02"),
        (
            (
                '[{"@type": "Article", "headline": "Baking bread", "datePublished": "2022-02-02"},'
                '{"@type": "Article", "headline": "Mending nets", "datePublished": "2022-03-02"}]'
            ),
            "2024-05-03",
        ),
    ],
)
def test_data_of_other_things_give_no_day(head: str, day: str) -> None:
    """A video beside the text and articles that the page leads to have names of their own."""
    script = f'<script type="application/ld+json">{head}</script>'
    assert day_of(head=script, below="<p>3 May 2024</p>") == day


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='DCTERMS.available' content='2024-05-03'><meta name='DCTERMS.modified' content='2025-06-01'>",
        "<meta name='citation_online_date' content='2024/05/03'>",
        "<script>dataLayer = [{'pageType': 'story', 'articleDate': '20240503'}];</script>",
    ],
)
def test_more_names_of_a_day(head: str) -> None:
    """Repositories and data layers have names of their own for it."""
    assert day_of(head=head) == "2024-05-03"


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("Why the storm of 3 May 2024 broke the lighthouse", ""),
        ("Lighthouse keeper counts the ships on 3 May 2024", ""),
        ("Harbour bulletin, 3 May 2024", "2024-05-03"),
        ("3 May 2024 | Harbour bulletin", "2024-05-03"),
    ],
)
def test_a_day_in_a_title_counts_as_a_part_of_its_own(title: str, day: str) -> None:
    """A title tells of any day; a bulletin bears its own behind a sign."""
    assert day_of(heading=f"<h1>{title}</h1>", head=f"<meta property='og:title' content='{title}'>") == day


def test_a_teaser_above_the_title_has_a_day_of_its_own() -> None:
    """A link with so many words leads to another article; a section's does not."""
    teaser = (
        "<a href='/nets'>Nets are mended again before the herring come</a> <time datetime='2025-06-01'>1 June</time>"
    )
    assert day_of(before=f"<div>{teaser}</div>") == ""
    assert (
        day_of(before="<div><a href='/harbour'>Harbour</a> <time datetime='2024-05-03'>3 May</time></div>")
        == "2024-05-03"
    )
