"""How good a date on a page is, by its label, its place and its distance from the title."""

from enum import IntEnum
from typing import NamedTuple

from agents.clean.metadata.dates.labels import Label
from agents.clean.metadata.dates.parsing import FoundDate
from agents.clean.page.places import Setting

#: Blocks before and after the title that are near it.
NEAR = (10, 25)


class Rank(IntEnum):
    """How good a date is, best first. `MASTHEAD`: alone in a part called header, as today's is on many pages.

    `RECENT`: counted from the day of the fetch.
    """

    PUBLISHED = 0
    BY_TITLE = 1
    PUBLISHED_AFAR = 2
    RECENT = 3
    MODIFIED = 4
    BY_AUTHOR = 5
    MODIFIED_AFAR = 6
    MASTHEAD = 7
    NONE = 8


class PageDate(NamedTuple):
    """A date on a page. `distance`: blocks from the title; those before it count three times. `above`: right above it."""

    rank: Rank
    distance: int
    found: FoundDate
    where: str = "on the page"
    above: bool = False


def rank_of(label: Label, place: Setting, blocks: int, *, close: bool) -> Rank:
    """Return how good a date is by its label, its place, and its distance from the title. `close`: right by the title."""
    near = -NEAR[0] <= blocks <= NEAR[1]
    if place >= Setting.SITE and not close:
        return Rank.PUBLISHED_AFAR if place is Setting.SITE and label is Label.PUBLISHED else Rank.NONE
    if label is Label.MODIFIED:
        return Rank.MODIFIED if near and place is not Setting.ASIDE else Rank.MODIFIED_AFAR
    if label is Label.PUBLISHED:
        return Rank.PUBLISHED if near and place is Setting.INSIDE else Rank.PUBLISHED_AFAR
    if place is Setting.ASIDE and not close:
        return Rank.NONE
    return Rank.BY_TITLE if near else Rank.NONE


def settled_by(found: list[PageDate], every: list[PageDate]) -> list[PageDate]:
    """Return dates, those that may be read in two orders in the one whose day another date of the page has.

    Lists of the latest articles hold the page's own one too, often with its day in words.
    """
    if not any(item.found.doubtful for item in found):
        return found
    sure = {item.found.day for item in every if not item.found.doubtful}
    return [item._replace(found=item.found.with_day_in(sure)) for item in found]
