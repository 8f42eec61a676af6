"""Dates in the headers of HTTP, and how long a server asks to be left alone (`Retry-After`)."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime


def http_date(text: str | None) -> float | None:
    """Return an HTTP date in epoch seconds; None where it is none."""
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text.strip())
        return at.replace(tzinfo=at.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that `Retry-After` asks for, given as seconds or as a date; None where it asks for nothing.

    A date is taken against the server's own `Date`, so that its clock may be wrong.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    at = http_date(text)
    if at is None:
        return None
    return max(at - (http_date(headers.get("date")) or now), 0.0)
