"""Dates in headers, and the wait that a server asks for."""

from datetime import UTC, datetime

import pytest

from streams.network.http_dates import retry_after

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 7 ", 7.0),
        ("9" * 400, 999_999_999_999.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("٣", None),
        ("Mon, 02 Mar 2026 12:01:00 GMT", 60.0),
        ("Monday, 02-Mar-26 12:01:00 GMT", 60.0),
        ("Mon Mar  2 12:01:00 2026", 60.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0),
        ("Mon, 99 Mar 2026 12:01:00 GMT", None),
        ("Mon, 01 Jan 2030 00:00:00 +99999999999999", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_forms(header: str | None, seconds: float | None) -> None:
    """Seconds and the three forms of HTTP dates are read, the past is now, anything else says nothing."""
    assert retry_after({} if header is None else {"retry-after": header}, NOON) == seconds


def test_a_date_is_taken_against_the_servers_own_clock() -> None:
    """It may be an hour slow, or have none."""
    headers = {"retry-after": "Mon, 02 Mar 2026 11:01:00 GMT"}
    assert retry_after(headers | {"date": "Mon, 02 Mar 2026 11:00:00 GMT"}, NOON) == 60
    assert retry_after(headers | {"date": "today"}, NOON) == 0
