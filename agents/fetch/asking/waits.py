"""How long an answer is good for: `Cache-Control`, `Expires`."""

import re
from collections.abc import Mapping

from streams.network.http_dates import http_date

MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


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
