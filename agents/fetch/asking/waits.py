"""How long a server asks to be left alone: `Retry-After`, `Cache-Control`, `Expires`."""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


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


def fresh_seconds(headers: Mapping[str, str], now: float) -> float:
    """Return how long an answer is good for by its own words; 0 where it says nothing, or that it is not to be kept."""
    control = headers.get("cache-control", "")
    if found := MAX_AGE.search(control):
        return float(found[1])
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return 0.0
    expires = http_date(headers.get("expires"))
    if expires is None:
        return 0.0
    return max(expires - (http_date(headers.get("date")) or now), 0.0)
