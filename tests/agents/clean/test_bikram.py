"""Days of Nepal's calendar, as Nepali papers write them."""

from datetime import date

import pytest

from agents.clean.metadata.dates.bikram import bikram
from agents.clean.metadata.dates.parsing import read_date


@pytest.mark.parametrize(
    "text",
    [
        "२८ असोज २०८३, बुधबार १०:२०",
        "असोज २८, २०८३ बुधबार",
        "प्रकाशित मितिः २०८३ आश्विन २८ गते",
        "असोज २८ गते, २०८३",
        "२०८३/०६/२८ १०:२०",
        "2083-06-28",
        "Ashwin 28, 2083",
        "October 14, 2026 (2083 Asoj 28)",
    ],
)
def test_a_day_of_nepals_calendar_is_read(text: str) -> None:
    """Day, month and year stand in any order, in words or in numbers, in Nagari or in Latin letters."""
    found = read_date(text, "ne")
    assert found is not None
    assert found.day == date(2026, 10, 14)


def test_a_year_of_nepals_calendar_in_numbers_is_one_to_come_elsewhere() -> None:
    """Only a page in Nepali counts so: another's offer may be valid until then."""
    found = read_date("2083-06-28", "en")
    assert found is not None
    assert found.day == date(2083, 6, 28)


def test_a_nepali_page_may_count_as_others_do() -> None:
    """A year of our count is read as such on a page in Nepali."""
    found = read_date("2026-10-14 10:20", "ne")
    assert found is not None
    assert found.day == date(2026, 10, 14)


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2057, 1, 1, date(2000, 4, 13)),
        (2072, 6, 3, date(2015, 9, 20)),  # the day of the constitution
        (2080, 1, 1, date(2023, 4, 14)),
        (2083, 2, 31, date(2026, 6, 14)),
        (2083, 2, 32, None),
        (2056, 1, 1, None),
        (2099, 1, 1, None),
    ],
)
def test_months_are_as_long_as_the_year_has_them(year: int, month: int, day: int, expected: date | None) -> None:
    """A day that its month has not is none, nor is one of a year whose months are not known."""
    assert bikram(year, month, day) == expected
