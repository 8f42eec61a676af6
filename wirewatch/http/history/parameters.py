"""The parameters of `/api/v1`: read, bounded, and described for the OpenAPI document."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.archive.store import Span
from streams.errors import WirewatchError
from wirewatch.http.connections import MAX_QUERY_CHARACTERS

MAX_LIMIT, LIMIT = 200, 50
AGO = re.compile(r"(\d{1,6})(m|h|d)")
#: The offset of a time whose `+` was not written as %2B: it comes as a space.
UNESCAPED_OFFSET = re.compile(r"(?<=:\d\d) (?=\d\d:\d\d\Z)")
SECONDS = {"m": 60, "h": 3600, "d": 86400}
MAX_PLACE = 1 << 62


class ParameterError(WirewatchError):
    """A parameter that cannot be read; the message names it and the allowed values."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query string."""

    name: str
    description: str
    schema: Mapping[str, object]
    #: whether it may be given more than once
    many: bool = False


QUERY = Parameter("query", "what to find, in the language of watches; empty finds everything", {"type": "string"})
SINCE = Parameter("since", "from then on: RFC 3339, or `90m`, `24h`, `7d` ago", {"type": "string"})
UNTIL = Parameter("until", "until before then: RFC 3339, or `90m`, `24h`, `7d` ago", {"type": "string"})
BEFORE = Parameter("before", "go on there: `before` of the last answer", {"type": "string"})
COUNT = Parameter("limit", "how many", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT})
ORDER = Parameter("order", "newest first, or the best of the newest 1,000", {"enum": ["newest", "best"]})
STORIES = Parameter(
    "order",
    "latest: the latest development first; big: of the most sources; grows: growing fastest; new: of the last 6 hours",
    {"enum": ["latest", "big", "grows", "new"]},
)
LAST_EVENT = Parameter("last_event_id", "go on behind it, as the header `Last-Event-ID`", {"type": "string"})
WATCH = Parameter("watch", "of this watch alone", {"type": "string"})
NAME = Parameter("name", "of this name alone", {"type": "string"})
MOMENT = Parameter("at", "the one made for that moment alone, as its id has it: RFC 3339", {"type": "string"})


#: Conditions that stand in a query, and not beside it.
CONDITIONS = frozenset(("region", "topic", "lang", "source", "author", "title"))
#: Parameters that every route has: the token that may read (`feeds.token`).
EVERYWHERE = frozenset(("token",))


def require_known(given: Mapping[str, str], asks: Iterable[Parameter]) -> None:
    """Raise `ParameterError` for a parameter that a route does not have, or that is given twice."""
    known = {parameter.name: parameter for parameter in asks}
    for name, times in Counter(name for name, _ in given.items()).items():  # the items of a MultiDict: each of them
        if times > 1 and not (name in known and known[name].many):
            raise ParameterError(f"{name[:50]} is given twice; one of them would be passed over")
        if name in known or name in EVERYWHERE:
            continue
        hint = f"; write it into the query, as in query={name}:…" if name in CONDITIONS and "query" in known else ""
        there = f"there are {', '.join(known)}" if len(known) > 1 else f"there is {next(iter(known), 'none')}"
        raise ParameterError(f"no parameter is called {name[:50]} here; {there}{hint}")


def query_of(given: Mapping[str, str]) -> str:
    """Return the query."""
    query = given.get("query", "")
    if len(query) > MAX_QUERY_CHARACTERS:
        raise ParameterError(f"query: {len(query)} characters; at most {MAX_QUERY_CHARACTERS}")
    return query


def limit_of(given: Mapping[str, str]) -> int:
    """Return how many are wanted."""
    text = given.get("limit", str(LIMIT))
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise ParameterError(f"limit: a number from 1 to {MAX_LIMIT}")
    return int(text)


def order_of(given: Mapping[str, str], parameter: Parameter = ORDER) -> str:
    """Return the order, the first one where none is given."""
    orders = parameter.schema["enum"]
    assert isinstance(orders, list)
    order = given.get("order", orders[0])
    if order not in orders:
        raise ParameterError(f"order: {' or '.join(orders)}")
    return order


def span_of(given: Mapping[str, str]) -> Span:
    """Return the time that is asked for, and the place to go on from."""
    before = given.get("before")
    if before is not None and (not re.fullmatch(r"-?[0-9]{1,19}", before) or abs(int(before)) > MAX_PLACE):
        raise ParameterError("before: the whole number that an answer has as `before`")
    since, until = _moment(given, "since"), _moment(given, "until")
    if since is not None and until is not None and since > until:
        raise ParameterError("until: it lies before since, so there is no time between them")
    return Span(since, until, int(before) if before is not None else None)


def moment_of(given: Mapping[str, str]) -> float | None:
    """Return the moment that `at` names, in epoch seconds; None without one."""
    return _moment(given, MOMENT.name)


def _moment(given: Mapping[str, str], name: str) -> float | None:
    text = given.get(name)
    if not text:
        return None
    if ago := AGO.fullmatch(text):
        return time.time() - int(ago[1]) * SECONDS[ago[2]]
    try:
        moment = datetime.fromisoformat(UNESCAPED_OFFSET.sub("+", text))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        raise ParameterError(f"{name}: a time as 2026-11-26T12:00:00Z, or 90m, 24h, 7d ago") from None
