"""Days on a page on which something else happened than its publication: deadlines, events, births, memberships."""

import pytest

from tests.support.lighthouse import day_of


@pytest.mark.parametrize(
    ("language", "below"),
    [
        ("en", "<p>Apply by the deadline: 9 June 2025 · Published: 3 May 2024</p>"),
        ("en", "<p>Posted 3 May 2024 | valid until 9 June 2025</p>"),
        ("en", "<p>Received: 2 January 2024 / Accepted: 1 March 2024 / Published: 3 May 2024</p>"),
        ("en", "<p>Medically reviewed on 5 June 2024 by Dr Ann Roe. Written on 3 May 2024.</p>"),
        ("de", "<p>Einsendeschluss: 9. Juni 2025</p><p>Erschienen am 3. Mai 2024</p>"),
        ("fr", "<p>Date limite : 9 juin 2025</p><p>Publié le 3 mai 2024</p>"),
        ("ja", "<p>締切：2025年6月9日</p><p>2024年5月3日</p>"),
    ],
)
def test_a_day_beside_another_is_read_by_itself(language: str, below: str) -> None:
    """A line may tell of a deadline and of the publication: each word counts for the day behind it."""
    assert day_of(language=language, below=below) == "2024-05-03"


@pytest.mark.parametrize(
    "below",
    [
        "<p>Privacy policy updated 3 May 2024</p>",
        "<div><a href='/ann'>Ann Roe</a><span>Joined the paper on 3 May 2019</span></div>",
        "<p>When: 3 May 2024, 19:00</p>",
        "<p class='event-date'>3 May 2024</p>",
        "<p class='sale_end_date'>3 May 2024</p>",
        "<time class='dtend' datetime='2024-05-03'>Friday</time>",
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
        "<div class='pie-de-foto'>3 May 2024</div>",
        "<div class='photo'><img src='a.jpg'><span class='credit'>3 May 2024, by Ann Roe</span></div>",
        "<time itemprop='birthDate' datetime='1991-05-03'>3 May 1991</time>",
    ],
)
def test_another_day_alone_is_no_date(below: str) -> None:
    """An event, a rule's day, a birth, a picture and a post that is quoted give no day of publication."""
    assert day_of(below=below) == ""


@pytest.mark.parametrize(
    ("language", "below"),
    [
        ("pt", "<p>Exposição: 3 de maio de 2024 a 9 de junho de 2025</p>"),
        ("es", "<p>Exposición: 3 de mayo de 2024 hasta el 9 de junio de 2025</p>"),
        ("da", "<p>Udstilling: 3. maj 2024 til 9. juni 2025</p>"),
        ("id", "<p>Pameran: 3 Mei 2024 hingga 9 Juni 2025</p>"),
        ("ro", "<p>Expoziție: 3 mai 2024 până la 9 iunie 2025</p>"),
    ],
)
def test_how_long_something_lasts_is_no_date(language: str, below: str) -> None:
    """Each language says "until" between the first day and the last in its own way."""
    assert day_of(language=language, below=below) == ""


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
    ("title", "day"),
    [
        ("Why the storm of 3 May 2024 broke the lighthouse", ""),
        ("Lighthouse keeper counts the ships on 3 May 2024", ""),
        ("Harbour bulletin, 3 May 2024", "2024-05-03"),
        ("3 May 2024 | Harbour bulletin", "2024-05-03"),
    ],
)
def test_a_day_in_a_title_counts_as_a_part_of_its_own(title: str, day: str) -> None:
    """A title tells of any day; a bulletin bears its own behind punctuation."""
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


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("First whistle: Sunday, 28 December 2025, 18:00", "en"),
        ("Inquest: 28 December 2025", "en"),
        ("Inquest: <time datetime='2025-12-28'>28 December 2025</time>", "en"),
        ("Inquest: Sunday, <time datetime='2025-12-28'>28 December</time>", "en"),
        ("5 voices. Inquest: <span data-date='2025-12-28'>28 December</span>", "en"),
        ("Unfalltag: 28. Dezember 2025", "de"),
        ("Watch on 28 December 2025", "en"),
        ("Join us on Sunday, 28 December 2025", "en"),
        ("Zu sehen am 28. Dezember 2025", "de"),
        ("Rendez-vous le 28 décembre 2025", "fr"),
        ("Состоится 28 декабря 2025", "ru"),
        ("The series premieres December 28, 2025", "en"),
        ("Si terrà domenica 28 dicembre 2025", "it"),
        ("Vanaf 28 december 2025", "nl"),
        ("Ardmore: 28 December 2025", "en"),
        ("Matches: 28 December 2025 to 3 January 2026", "en"),
        ("Date du match : le 28 décembre 2025 à 20h", "fr"),
        ("Día del partido: domingo 28 de diciembre de 2025", "es"),
        ("Dzień głosowania: 28 grudnia 2025", "pl"),
        ("День матча: 28 декабря 2025", "ru"),
        ("试航日：2025年12月28日", "zh"),
        ("進水日：2025年12月28日", "ja"),
        ("Sunday 28 December 2025, 10am–4pm", "en"),
        ("Dimanche 28 décembre 2025 de 10h à 16h", "fr"),
        ("28.12.2025 19:00-21:30", "de"),
        ("In force since 28 December 2025", "en"),
        ("In Kraft seit 28. Dezember 2025", "de"),
        ("Entra en vigor el 28 de diciembre de 2025", "es"),
    ],
)
def test_a_label_that_nobody_knows_tells_of_another_day(line: str, language: str) -> None:
    """What stands before a colon and a day, and says nothing of publication, happened then; so did what has hours."""
    assert day_of(below=f"<p>{line}</p>", language=language) == ""


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Date: Sunday, 28 December 2025", "en"),
        ("28 December 2025, 10:20 - 4 min read", "en"),
        ("2025-12-28T10:00:00-05:00", "en"),
        ("Press release: 28 December 2025", "en"),
        ("By: Ida Brekke 28 December 2025", "en"),
        ("Story by: Ida Brekke, Hobart: 28 December 2025", "en"),
        ("Datum: 28.12.2025", "de"),
        ("Vom: 28. Dezember 2025", "de"),
        ("От: 28 декабря 2025", "ru"),
        ("Fecha: 28 de diciembre de 2025", "es"),
        ("日付：2025年12月28日", "ja"),
        ("来源：灯塔晚报 2025年12月28日", "zh"),
        ("Taariikhda: December 28, 2025", "so"),
        ("Source: AP, 28 December 2025", "en"),
        ("Ida Brekke: 28 December 2025", "en"),
        ("NEW DELHI: Dec 28, 2025 10:20 IST", "en"),
        ("Berlin: 28. Dezember 2025", "de"),
        ("Domingo, 28 de diciembre de 2025 | 10:20 a. m.", "es"),
        ("Von Ida Brekke am 28.12.2025 - 10:20 Uhr Lesedauer: 4 Min.", "de"),
        ("What to watch on TV · 28 December 2025", "en"),
        ("Kinostarts | 28. Dezember 2025", "de"),
        ("Vanaf het eiland, 28 december 2025", "nl"),
        ("Ida Brekke: <time datetime='2025-12-28'>28 December</time>", "en"),
        ("Quelle: dpa, 28. Dezember 2025", "de"),
        ("Kaynak: AA 28.12.2025", "tr"),
        ("组稿：王小明 2025年12月28日", "zh"),
        ("栏目：港口 2025-12-28", "zh"),
        ("浏览：45 2025-12-28", "zh"),
        ("Visits: 31 28 December 2025", "en"),
        ("Aufrufe: 212 | 28.12.2025", "de"),
        ("Read in: 5 min · <time datetime='2025-12-28'>28 December</time>", "en"),
        ("Read in: 5 min · <span data-date='2025-12-28'>6 days ago</span>", "en"),
    ],
)
def test_labels_of_days_and_names_leave_the_day_the_articles(line: str, language: str) -> None:
    """A date may be called one, stand behind a name or a count, or have a label of a language whose words are not known."""
    assert day_of(below=f"<p>{line}</p>", language=language) == "2025-12-28"


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Passengers have to book their seats again by 28 December 2025 at 3 p.m.", "en"),
        ("Den 28 december 2025 kostade en biljett till ön 120 kr.", "sv"),
        ("Depuis le 28 décembre 2025 le billet pour les îles coûte 12 euros.", "fr"),
    ],
)
def test_a_sentence_may_end_with_a_unit(line: str, language: str) -> None:
    """An hour or a price at its end make no parts of a line of it, as minutes to read behind a dot do."""
    assert day_of(below=f"<p>{line}</p>", language=language) == ""


def test_the_place_with_which_a_report_begins_is_no_label() -> None:
    """The line above says from where it came, and on which day."""
    body = "<p>ARDMORE (Reef Wire) - The keeper counted the ships again and wrote each of them down before the storm came.</p>"
    assert day_of(below=f"<p>Ardmore: 28 December 2025</p>{body}") == "2025-12-28"
