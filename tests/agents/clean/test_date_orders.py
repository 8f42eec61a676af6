"""Dates in numbers: which is the day and which the month."""

from datetime import UTC, date, datetime

import pytest

from agents.clean.metadata.dates.parsing import FoundDate, parse_date
from agents.clean.metadata.dates.publication import BY_TITLE, displayed
from agents.clean.metadata.dates.ranks import PageDate, Rank
from tests.support.lighthouse import TITLE, claim, day_of, published


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "<div>09.10.26 in Ports</div>"), ("es-US", "<p>09/10/2026</p>"), ("de", "<p>10/09/26</p>")],
)
def test_a_short_date_of_two_readings_never_beats_a_claim_with_a_zone(language: str, shown: str) -> None:
    """Day and month may be the other way round: the claim says which is meant."""
    assert published(claim("2026-10-09T08:00:00-05:00"), shown, language) == ("2026-10-09T13:00", "2026-10-09")


def test_a_date_that_is_earlier_in_both_readings_shows_a_rebuilt_page() -> None:
    """A claim of the day of a build loses to the day that stands by the title, however that is read."""
    assert published(claim("2026-11-20T02:00:00Z"), "<p>03/04/2026</p>", "fr")[1] == "2026-04-03"


@pytest.mark.parametrize(("doubtful", "certain"), [("03/04/2026", "2026-04-03"), ("04/03/2026", "2026-03-04")])
def test_a_claim_of_two_readings_is_read_by_one_of_a_single_reading(doubtful: str, certain: str) -> None:
    """The more trusted claim does not say which of its numbers is the month; another claim of the page does."""
    claims = f"<meta property='article:published_time' content='{doubtful}'><meta name='date' content='{certain}'>"
    assert published(claims, "")[1] == certain


def test_a_label_far_from_the_title_counts_where_it_gives_one_day() -> None:
    """Two such labels with different days are of two articles: neither is this one's."""
    first, second = (
        PageDate(
            Rank.PUBLISHED_AFAR, 40, FoundDate(datetime(2026, 4, day, tzinfo=UTC), date(2026, 4, day), zoned=False)
        )
        for day in (3, 7)
    )
    assert displayed([first, first]) == first
    assert displayed([first, second]) is None


@pytest.mark.parametrize(("blocks", "by_title"), [(BY_TITLE, True), (BY_TITLE + 1, False)])
def test_a_day_without_a_label_counts_right_by_the_title(blocks: int, *, by_title: bool) -> None:
    """Further away it may be another article's."""
    found = FoundDate(datetime(2026, 4, 3, tzinfo=UTC), date(2026, 4, 3), zoned=False)
    assert bool(displayed([PageDate(Rank.BY_TITLE, blocks, found)])) == by_title


def test_other_dates_of_the_page_tell_the_order() -> None:
    """Where one date in numbers can only be month first, the others are read so too."""
    below = "<p>Published 03/04/2026</p>"
    other = "<p>Last storm: 02/27/2026</p>"
    assert published("", below + other, "es")[1] == "2026-03-04"
    assert published("", below, "es")[1] == "2026-04-03"


def test_every_date_of_a_line_may_tell_the_order() -> None:
    """The day of the update is no month, so the day of publication before it is month first too."""
    assert published("", "<p>Published 04-03-2026 | Updated 04-27-2026</p>", "en-gb")[1] == "2026-04-03"


def test_an_order_that_lies_in_the_future_is_not_meant() -> None:
    """The 11th of the month after the fetch was not published yet: the numbers are the other way round."""
    assert published("", "<p>11.12.2026</p>", "de")[1] == "2026-11-12"
    assert published("", "<p>11.02.2026</p>", "de")[1] == "2026-02-11"


@pytest.mark.parametrize(
    ("below", "language", "day"),
    [
        ("<p>Published: 04-05-2024</p><p>Updated: 7 May 2024</p>", "en", "2024-05-04"),
        ("<p>Published: 04-05-2024</p><p>Updated: 7 April 2024</p>", "en", "2024-04-05"),
        ("<p>Published: 04-05-2024</p><p>Updated: 7 August 2024</p>", "en", "2024-04-05"),
        ("<p>Aktualisiert: 06.05.2024 | Erstveröffentlichung: 04.05.2024</p>", "de", "2024-05-04"),
    ],
)
def test_an_update_tells_the_order_of_a_date_in_numbers(below: str, language: str, day: str) -> None:
    """Of two readings the one a few days before the update is meant; an update that is near neither tells nothing."""
    assert day_of(below=below, language=language) == day


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Wed, 03/05/2014", "en", "2014-03-05"),
        ("Mon, 05/05/2014", "en", "2014-05-05"),
        ("Saturday 03/05/2014", "en", "2014-05-03"),
        ("Tue 03/05/2014", "en", "2014-03-05"),
        ("lundi 08/02/2016", "fr", "2016-02-08"),
    ],
)
def test_a_weekday_tells_the_order(text: str, language: str, day: str) -> None:
    """Of the two readings of a date in numbers the one counts that falls on the weekday beside it."""
    found = parse_date(text, language)
    assert found is not None and found.date().isoformat() == day


def test_another_date_of_the_page_settles_the_order() -> None:
    """A list of the latest articles holds the page's own, with its day in words."""
    latest = f"<ul><li><a href='/n'>{TITLE}</a> <time>{{}}</time></li></ul>"
    below = "<time datetime='05-03-2024'>05-03-2024</time>"
    assert day_of(below=below, after=latest.format("March 5, 2024"), language="de") == "2024-03-05"
    assert day_of(below=below, after=latest.format("May 3, 2024"), language="de") == "2024-05-03"
    assert day_of(below=below, after=latest.format("May 9, 2024"), language="de") == "2024-03-05"


@pytest.mark.parametrize(
    ("locale", "day"),
    [("en_AU", "2026-03-04"), ("en_GB", "2026-03-04"), ("en_US", "2026-04-03"), ("fr_FR", "2026-04-03")],
)
def test_the_locale_tells_the_order(locale: str, day: str) -> None:
    """English of any country but America has the day first."""
    assert published(f"<meta property='og:locale' content='{locale}'>", "<p>04/03/2026</p>")[1] == day
