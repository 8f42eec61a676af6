"""Dates that a page keeps in attributes, for scripts that show them in the reader's own way (`data-timestamp` and the like)."""

import re
from collections.abc import Mapping
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agents.clean.metadata.dates.labels import Label, line_of, named, tells_other_day
from agents.clean.metadata.dates.parsing import FoundDate, read_date
from agents.clean.metadata.dates.places import in_quotation, in_teaser
from agents.clean.metadata.head import is_readers
from agents.clean.page.places import is_elsewhere, own_text
from agents.clean.page.vocabulary import NAMES_READ

#: The attributes of an element.
Attributes = Mapping[str, str | None]
#: Attributes in which a page keeps a date for its scripts, best first.
DATE_ATTRIBUTES = (
    "datetime", "content", "data-datetime", "data-date", "data-timestamp", "data-time", "data-published",
    "data-published-at", "data-publish-date", "data-pubdate", "data-created", "data-epoch", "data-utc", "data-utime",
    "data-origindate", "data-unixtime", "data-unix", "data-seconds", "data-moment", "data-ts", "publishdate", "title",
    "data-tooltip", "data-original-title", "data-published-date", "data-publication-date", "data-unix-time",
    "data-date-time",
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
        '[class~="age"][title]',
        '[class*="relativetime"][title]',
        '[class*="relative-time"][title]',
        '[class*="timeago"][title]',
        '[class*="time-ago"][title]',
        '[itemprop~="datePublished"]',
        '[property$="datePublished"]',  # rNews and schema.org as RDFa
        *(f"[{name}]" for name in DATE_ATTRIBUTES if name.startswith("data")),
    ]
)
#: Class names and marks of days on which something else happens than the publication. "Start" and "end" within a name
#: are said of a page's parts too.
OTHER_DAY = re.compile(
    r"(?i)(?:^|[\s_-])(?:(?:event|expir(?:y|es|ation)|deadline|birth|death|joined|due|valid(?:from|through)?)[_-]?"
    r"(?:date|time|day)?(?:$|[\s_-])|(?:start|end)[_-]?(?:date|time|day)(?:$|[\s_-])|(?:dt)?(?:start|end)(?:$|\s))"
)
#: Characters of a line in which a label stands before a day.
MAX_LINE = 140
#: Elements that are looked at.
MAX_KEEPERS = 50


def attribute_date(tree: LexborHTMLParser, language: str) -> FoundDate | None:
    """Return the one day that a page's elements keep, or None where there is none or several."""
    found: list[FoundDate] = []
    for node in tree.css(KEEPERS)[:MAX_KEEPERS]:
        attributes = node.attributes
        for name in DATE_ATTRIBUTES:
            date = read_date(attributes.get(name) or "", language)
            if date and not (
                is_elsewhere(node)
                or tells_other(attributes)
                or in_quotation(node)
                or in_teaser(node)
                or is_readers(node)
                or is_of_other_day(node, language)
            ):
                found.append(date)
                break
    return found[0] if len({date.day for date in found}) == 1 else None


def is_of_other_day(node: LexborNode, language: str) -> bool:
    """Return whether an element's short line has the label of another day than that of publication or an update: "Kick-off"."""
    if node.parent is None:
        return False
    line = line_of(own_text(node.parent, MAX_LINE), own_text(node, MAX_LINE))
    return named(line) is Label.NOTHING and tells_other_day(line, language)


def tells_other(attributes: Attributes) -> bool:
    """Return whether an element is marked by its attributes as the day of something else: an event, a deadline, a birth."""
    return names_other_day(
        f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''} {attributes.get('property') or ''}"
    )


def names_other_day(marks: str) -> bool:
    """Return whether class names or marks are those of the day of something else."""
    return _names_other_day(marks) if len(marks) <= NAMES_READ else OTHER_DAY.search(marks) is not None


@lru_cache(1024)
def _names_other_day(marks: str) -> bool:
    return OTHER_DAY.search(marks) is not None
