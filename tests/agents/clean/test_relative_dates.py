"""Dates that need the day on which a page was made: so long ago, yesterday, a day and a month without their year."""

from datetime import UTC, datetime

import pytest

from agents.clean.article import clean_raw
from streams.records import Raw
from tests.support.lighthouse import BODY, FETCHED_AT, TITLE, day_of

#: The page was made on the day of its fetch: it shows that day away from the article.
TODAY = "<aside class='weather'><p>Saturday, 3 January 2026</p><p>Storm from the west</p></aside>"

#: Long enough for a paragraph.
SUMMARY = (
    "The lamp of the tower is lit again, and the keeper who left when it went out has come back to the island. " * 2
)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        # So long ago, and yesterday.
        ("en", "5 hours ago", "2026-01-03"),
        ("en", "By Ann Harker | a day ago", "2026-01-02"),
        ("en", "Posted 13 hrs. ago", "2026-01-02"),
        ("es", "Hace 2 días", "2026-01-01"),
        ("pt-BR", "2 dias atrás", "2026-01-01"),
        ("fr", "Publié il y a 2 jours, mis à jour il y a 1 h", "2026-01-01"),
        ("de", "Vor 2 Tagen", "2026-01-01"),
        ("ru", "2 дня назад", "2026-01-01"),
        ("ar", "منذ ٣ أيام", "2025-12-31"),
        ("ar", "منذ يومين", "2026-01-01"),
        ("he", "לפני יומיים", "2026-01-01"),
        ("hi", "2 दिन पहले", "2026-01-01"),
        ("bn", "২ দিন আগে", "2026-01-01"),
        ("tr", "2 gün önce", "2026-01-01"),
        ("ja", "2日前", "2026-01-01"),
        ("ko", "2일 전", "2026-01-01"),
        ("vi", "2 ngày trước", "2026-01-01"),
        ("en", "40 days ago", ""),
        ("en", "Updated 2 hours ago", ""),
        ("en", "Yesterday at 6.20pm", "2026-01-02"),
        ("fr", "Hier à 18h20", "2026-01-02"),
        ("de", "Gestern, 18:20 Uhr", "2026-01-02"),
        ("de", "Hier, 18:20 Uhr", ""),
        ("pl", "Dzisiaj, 09:20", "2026-01-03"),
        ("ru", "вчера в 18:20", "2026-01-02"),
        ("en", "Yesterday", ""),
        # Newspapers leave out the year of this year's articles.
        ("en", "Monday, Dec. 30, 10:05 a.m.", ""),
        ("en", "Dec 30", "2025-12-30"),
        ("en", "December 30 boats", ""),
        ("en", "Posted on January 2nd at 8:15 am", "2026-01-02"),
        ("sv", "Publicerad 30 december kl 10.05", "2025-12-30"),
        ("fi", "30.12. klo 10:05 | Päivitetty 2.1. 9:00", "2025-12-30"),
        ("de", "30.12. 10:05", "2025-12-30"),
        ("es", "30 de diciembre, 10:05", "2025-12-30"),
        ("ca", "30 d'agost, 10:05", "2025-08-30"),
        ("nl", "30ste december 10:05", "2025-12-30"),
        ("ru", "30-го декабря, 10:05", "2025-12-30"),
        ("ja", "12/30 10:05配信", "2025-12-30"),
        ("zh-CN", "12月30日 10:05", "2025-12-30"),
        ("en", "Jan 20", ""),
    ],
)
def test_a_date_is_counted_from_the_fetch_of_a_page_made_then(language: str, text: str, day: str) -> None:
    """The words are those of the page's language, an update's are never read, and a weekday that differs means another day."""
    assert day_of(below=f"<p>{text}</p>", beside=TODAY, language=language) == day
    assert day_of(below=f"<p>{text}</p>", language=language) == ""


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "Tuesday, Dec. 30, 10:05 a.m.", "2025-12-30"),
        ("fr", "mardi 30 décembre, 10:05", "2025-12-30"),
        ("de", "Di., 30.12. 10:05", "2025-12-30"),
        ("pl", "wtorek, 30 grudnia, 10:05", "2025-12-30"),
        ("ja", "12/30(火) 10:05配信", "2025-12-30"),
        ("ja", "12/30(水) 10:05配信", ""),
        ("ko", "12월 30일(화) 10:05", "2025-12-30"),
        ("zh-CN", "12月30日（周二）10:05", "2025-12-30"),
        # Two months before the fetch; of an old page it would fit by chance as well.
        ("en", "Thursday, Nov. 6, 10:05 a.m.", ""),
    ],
)
def test_a_weekday_tells_the_year_of_a_day_right_before_the_fetch(language: str, text: str, day: str) -> None:
    """The page shows no other date."""
    assert day_of(below=f"<p>{text}</p>", language=language) == day


@pytest.mark.parametrize(("paragraphs", "day"), [((SUMMARY, SUMMARY), "2026-01-01"), ((SUMMARY, SUMMARY[::-1]), "")])
def test_a_summary_may_stand_above_a_time_ago(paragraphs: tuple[str, str], day: str) -> None:
    """It is often there twice, for wide and narrow screens; below two paragraphs begins something else."""
    above = "".join(f"<p>{text}</p>" for text in paragraphs)
    assert day_of(below=f"{above}<p>2 days ago</p>", beside=TODAY) == day


def test_the_day_of_the_fetch_above_the_title_gives_way() -> None:
    """A newspaper shows its own day above each article, and a date in full beside the title is better than either."""
    above = "<p>Saturday, 3 January 2026</p>"
    assert day_of(before=above, below="<p>2 days ago</p>") == "2026-01-01"
    assert day_of(before=above, below="<p>1 January 2026, 2 days ago</p><p>2 hours ago</p>") == "2026-01-01"


def test_a_time_that_the_record_brings_is_better_than_a_time_ago() -> None:
    """A feed says when its article was published, to the minute."""
    page = f"<html lang='en'><body><article><h1>{TITLE}</h1><p>2 days ago</p>{BODY}</article>{TODAY}</body></html>"
    time = datetime(2026, 1, 1, 3, 15, tzinfo=UTC)
    for hint, expected in ((time.isoformat(), time), (None, datetime(2026, 1, 1, 12, tzinfo=UTC))):
        record = Raw(
            url="https://www.example.org/1",
            fetched_at=FETCHED_AT,
            content_type="text/html",
            content=page,
            published_at=hint,
        )
        assert clean_raw(record).clean.published_at == expected
