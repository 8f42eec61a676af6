"""Dates that a page keeps in attributes, for scripts that show them in the reader's own way (`data-timestamp` and the like)."""

from selectolax.lexbor import LexborHTMLParser

from agents.clean.metadata.dates import FoundDate, read_date
from agents.clean.page.places import is_elsewhere

#: Attributes in which a page keeps a date for its scripts, best first.
DATE_ATTRIBUTES = (
    "datetime", "content", "data-datetime", "data-date", "data-timestamp", "data-time", "data-published",
    "data-published-at", "data-publish-date", "data-pubdate", "data-created", "data-epoch", "data-utc", "data-utime",
    "data-origindate", "data-unixtime", "data-unix", "data-seconds", "data-moment", "data-ts", "publishdate", "title",
)  # fmt: skip
#: Selects the elements that have them.
KEEPERS = ", ".join(
    [
        "time[datetime]",
        "relative-time",
        "local-time",
        "time-ago",
        "amp-timeago[datetime]",
        "[publishdate]",
        '[class~="ago"][title]',  # "3 hours ago", and the time itself where the pointer rests on it
        '[class*="timeago"][title]',
        '[class*="time-ago"][title]',
        '[itemprop~="datePublished"]',
        '[property$="datePublished"]',  # rNews and schema.org as RDFa
        *(f"[{name}]" for name in DATE_ATTRIBUTES if name.startswith("data")),
    ]
)
#: Elements that are looked at.
MAX_KEEPERS = 50


def attribute_date(tree: LexborHTMLParser, language: str) -> FoundDate | None:
    """Return the one day that a page's elements keep, or None where there is none or several."""
    found: list[FoundDate] = []
    for node in tree.css(KEEPERS)[:MAX_KEEPERS]:
        attributes = node.attributes
        for name in DATE_ATTRIBUTES:
            date = read_date(attributes.get(name) or "", language)
            if date and not is_elsewhere(node):
                found.append(date)
                break
    return found[0] if len({date.day for date in found}) == 1 else None
