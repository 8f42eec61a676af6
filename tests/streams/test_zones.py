"""The table of time zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from streams.standards.zones import ZONE_MINUTES

PLACES = {
    "cet": ("Europe/Berlin", 1), "cest": ("Europe/Berlin", 7), "bst": ("Europe/London", 7), "msk": ("Europe/Moscow", 1),
    "jst": ("Asia/Tokyo", 1), "aest": ("Australia/Sydney", 7), "aedt": ("Australia/Sydney", 1),
    "ist": ("Asia/Kolkata", 1), "est": ("America/New_York", 1), "edt": ("America/New_York", 7),
    "nzdt": ("Pacific/Auckland", 1), "nst": ("America/St_Johns", 1), "npt": ("Asia/Kathmandu", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_a_zone_is_as_far_from_utc_as_the_tz_database_says(name: str) -> None:
    """The offset of a name is that of its place in that season."""
    place, month = PLACES[name]
    offset = datetime(2026, month, 15, 12, tzinfo=UTC).astimezone(ZoneInfo(place)).utcoffset()
    assert offset == timedelta(minutes=ZONE_MINUTES[name])


def test_no_zone_is_further_from_utc_than_any_place() -> None:
    """Every offset is between UTC-12 and UTC+14."""
    assert all(-12 * 60 <= minutes <= 14 * 60 for minutes in ZONE_MINUTES.values())
