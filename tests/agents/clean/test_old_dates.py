"""Articles of archives: days before the web that a sender or a page's data state."""

from datetime import UTC, date, datetime

import pytest

import wirewatch
from agents.clean.article import clean_raw
from agents.clean.metadata.dates.parsing import parse_date, stated_date
from streams.records import Clean, Raw
from tests.support.lighthouse import BODY, FETCHED_AT, claim, day_of

TEXT = "Dockers walked out of the port on Monday.\n\nThe union said that talks had failed after nine days."


def cleaned(stated: str, source: str = "ledger.example", fetched_at: datetime = FETCHED_AT) -> Clean:
    """Return a text whose sender states its day."""
    raw = Raw(
        source=source,
        title="Strike in Valparaíso",
        published_at=stated,
        fetched_at=fetched_at,
        content=TEXT,
        content_type="text/plain",
    )
    return clean_raw(raw).clean


@pytest.mark.parametrize(
    "stated", ["1955-03-02T09:30:00Z", "2 March 1955, 09:30 GMT", "1888-11-09", "1969-07-20T20:17:00-04:00"]
)
def test_a_stated_day_may_be_old(stated: str) -> None:
    """A sender's day and a page's own data are believed as far back as newspapers go."""
    found = stated_date(stated)
    assert found is not None
    assert cleaned(stated).published_at == found.time
    assert day_of(head=claim(stated)) == found.time.date().isoformat()
    assert parse_date(stated) is None  # on a page it is a day that the article tells of


@pytest.mark.parametrize(
    "stated",
    [
        "1970-01-01",
        "1970-01-01T00:00:00+01:00",
        "1969-12-31T19:00:00-05:00",
        "1900-01-01",
        "0001-01-01",
        "1899-12-30T00:00:00",
    ],
)
def test_the_first_day_of_a_programs_calendar_is_no_day(stated: str) -> None:
    """It stands where no day is known."""
    assert stated_date(stated) is None
    assert cleaned(stated).published_at is None
    assert not day_of(head=claim(stated))


def test_a_newer_claim_comes_before_an_old_one() -> None:
    """An article of an archive is old by all that its data claim."""
    old = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"1981-05-03"}</script>'
    assert day_of(head=old) == "1981-05-03"
    assert day_of(head=old + claim("2024-05-03T08:00:00Z")) == "2024-05-03"


def test_an_old_day_on_show_is_none_of_publication() -> None:
    """The day that an article tells of in its first line does not date it."""
    assert wirewatch.clean(f"<h1>Strike</h1><p>2 March 1955</p>{BODY}").published_at is None


def test_times_before_1970_go_through_the_steps() -> None:
    """An archive is deduplicated and tagged by its own clock."""
    old = cleaned("1955-03-02", fetched_at=datetime(1955, 3, 2, tzinfo=UTC))
    copy = cleaned("1955-03-03", "gazette.example", datetime(1955, 3, 3, tzinfo=UTC))
    assert [found.duplicate_of for found in wirewatch.find_duplicates([old, copy])] == [old.id]
    assert wirewatch.tag(old).published_day == date(1955, 3, 2)
