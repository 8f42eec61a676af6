"""Dates of feeds."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.fetch.reading.dates import read_date

TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31))  # noqa: DTZ001 - hypothesis adds the zone
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(TIMES, OFFSETS)
def test_rfc_822_and_iso_8601_come_back(time: datetime, zone: timezone) -> None:
    """Dates that Python writes in either form are read as the same moment."""
    there = time.replace(tzinfo=zone, microsecond=0)

    assert read_date(format_datetime(there)) == (there.astimezone(UTC), None)
    assert read_date(there.isoformat()) == (there.astimezone(UTC), None)


@given(st.text(max_size=130))
def test_no_text_raises(text: str) -> None:
    """Whatever is no date is None; a date is aware and in UTC."""
    time, _ = read_date(text)

    assert time is None or time.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Thu, 26 Nov 2026 12:00:00 CET", 11),
        ("Thu, 26 Nov 2026 12:00:00 CEST", 10),
        ("Thu, 26 Nov 2026 12:00:00 BST", 11),
        ("Thu, 26 Nov 2026 12:00:00 MSK", 9),
        ("Thu, 26 Nov 2026 12:00:00 JST", 3),
        ("Thu, 26 Nov 2026 12:00:00 AEST", 2),
        ("Thu, 26 Nov 2026 12:00:00 GMT+2", 10),
        ("Thu, 26 Nov 2026 12:00:00 UTC-05:00", 17),
        ("Thu, 26 Nov 2026 12:00:00 +0530", 6),
        ("2026-11-26T12:00:00 Europe/Berlin", 11),
        ("26 Nov 26 12:00 EST", 17),
        ("Thu Nov 26 12:00:00 PST 2026", 20),
        ("Thursday, November 26, 2026 12:00 PM EST", 17),
        ("20261126T120000Z", 12),
        ("2026/11/26 12:00", 12),
        ("26.11.2026 12:00", 12),
        ("11/26/2026 12:00 PM", 12),
        ("2026-330T12:00:00Z", 12),
    ],
)
def test_zones_and_forms(text: str, hour: int) -> None:
    """Named zones, offsets and places are all read; the day is the 26th."""
    time, unknown = read_date(text)

    assert time is not None
    assert (time.year, time.month, time.day, time.hour, unknown) == (2026, 11, 26, hour, None)


def test_a_zone_that_nobody_knows_is_named() -> None:
    """It is read as UTC, and said."""
    assert read_date("Thu, 26 Nov 2026 12:00:00 XQT") == (datetime(2026, 11, 26, 12, tzinfo=UTC), "XQT")


def test_a_day_in_numbers_is_not_guessed() -> None:
    """Where both numbers could be the month, the language decides, and without one nobody does."""
    assert read_date("3/4/2026")[0] is None
    assert read_date("3/4/2026", "en-us")[0] == datetime(2026, 3, 4, tzinfo=UTC)
    assert read_date("3/4/2026", "fr")[0] == datetime(2026, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "0000-00-00", "31 Jun 2026", "26 Foo 2026", "2026年3月2日", "2026 mars 2", "x" * 500]
)
def test_what_is_no_date(text: str) -> None:
    """Nothing is made of it."""
    assert read_date(text) == (None, None)
