"""Dates of publication: candidates from a page's claims, and the choice of one.

Structured data and meta tags come first, unless the page shows an earlier day right by its title: many systems stamp
their data with the day on which the site was last built. So does a later day that the page calls the one of publication,
where its data know it as no update's. A short date whose day and month may be the other way round
never beats a claim with a time and a zone. Then the day in the URL, the dates on the page, and those of an update.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from agents.clean.metadata.claims import Choice, Claims
from agents.clean.metadata.dates.attributes import attribute_date
from agents.clean.metadata.dates.page import PageDates
from agents.clean.metadata.dates.parsing import EARLIEST_YEAR, FoundDate, read_date, stated_date
from agents.clean.metadata.dates.ranks import PageDate, Rank
from agents.clean.metadata.dates.relative import recent_date
from agents.clean.metadata.dates.scripts import script_day
from agents.clean.metadata.dates.urls import url_date, url_month
from agents.clean.metadata.head import DATE_META, MODIFIED_META
from agents.clean.page.blocks import Page
from streams.ids import host_of
from streams.text.word_lists import word_lists

_DATE_NAME = re.compile(
    r"(?i)^(?!.*(?:modif|updat|expir|last)).*(?:publi\w*[\W_]*(?:date|time|on\b|at\b)"
    r"|date[\W_]*publi|release[\W_]?date|[\W_]pub[\W_]?date|first[\W_]?published$|[:.]published$)"
)
#: No name of a meta tag is longer.
MAX_NAME = 200
ONE_DAY, ONE_SECOND = timedelta(days=1), timedelta(seconds=1)
#: How far a zone's clock can be from UTC.
ZONES = timedelta(hours=14)
#: A claimed date this much later than the displayed one is the day of a build, not another time zone's.
STAMPED = timedelta(hours=36)
#: An update this long after the publication tells the order of day and month; the two readings lie further apart.
NEAR_UPDATE = timedelta(days=14)
#: Blocks below the title within which a displayed date is the article's.
BY_TITLE = 8
#: A publication date may be this far after the fetch: clocks differ, and dates without a zone are taken as UTC.
TOLERANCE = timedelta(hours=24)
#: English-speaking countries whose dates in numbers start with the day.
DAY_FIRST_HOSTS = frozenset(word_lists("agents.clean.metadata")["day_first_hosts"])


class DateClaim(NamedTuple):
    """A date that may be the article's, where it stands, and why it ranks so."""

    found: FoundDate
    where: str
    reason: str


class Publication(NamedTuple):
    """A time of publication in UTC and the publisher's own day."""

    time: datetime
    day: date


def date_candidates(
    tree: LexborHTMLParser, claims: Claims, page: Page, title: str, language: str, fetched_at: datetime | None
) -> Iterator[DateClaim]:
    """Yield the dates that may be the article's, best first. `fetched_at`: "3 hours ago" counts from it, if given."""
    language = regional(language, claims.url, [claim.text for claim in claims.languages])
    claimed = claimed_dates(claims, language)
    dates = PageDates(page, title, language)
    shown = dates.ranked(near=bool(claimed))
    if not claimed:
        if fetched_at and (recent := recent_date(dates, fetched_at)):
            shown = with_recent(shown, recent, fetched_at)
        yield from uncertain_dates(tree, claims, shown, title, language)
        return
    if claimed[0].found.doubtful:
        # The title's own date, in words, tells the order of day and month.
        sure = {item.found.day for item in shown if item.rank <= Rank.BY_TITLE and not item.found.doubtful}
        claimed = [claim._replace(found=claim.found.with_day_in(sure)) for claim in claimed]
    item = displayed(shown)
    if item and not confirmed(claimed[0].found, shown):
        if is_earlier(item.found, claimed[0].found):
            yield DateClaim(
                item.found, item.where, f"shown by the title, a day before the {claimed[0].where}: its build"
            )
        elif is_republished(item, claimed[0].found, [found for found, _ in claimed_updates(claims, language)]):
            yield DateClaim(item.found, item.where, f"shown as published, after the {claimed[0].where}")
    yield from (claim._replace(found=own_day(claim.found, shown)) for claim in claimed)


def claimed_dates(claims: Claims, language: str) -> list[DateClaim]:
    """Return the dates of publication in JSON-LD and meta tags, in order of trust; of equal days the one with a zone."""
    meta = claims.head.meta
    named = [(value, f"meta {name}") for name, values in meta.items() if is_date_name(name) for value in values]
    values = chain(
        ((value, "json-ld datePublished") for value in claims.data.published),
        ((value, f"meta {name}") for name in DATE_META if name in meta for value in claims.head.values((name,))),
        named,
    )
    found = [
        DateClaim(date, where, "claimed by the page's data")
        for value, where in values
        if (date := stated_date(value, language))
    ]
    # An article of an archive is old by all its claims.
    found = [claim for claim in found if claim.found.time.year >= EARLIEST_YEAR] or found
    # A doubtful claim is read by the day of one that leaves no doubt.
    certain = next((claim for claim in found if not claim.found.doubtful), None)
    if found and found[0].found.doubtful and certain:
        found.sort(key=lambda claim: claim.found.doubtful)
    if found and (timed := with_clock(found)):
        found.remove(timed)
        found.insert(0, timed)
    return found


def is_date_name(name: str) -> bool:
    """Return whether a meta tag of this name holds a date of publication, whatever system wrote it."""
    return ("date" in name or "publi" in name) and len(name) <= MAX_NAME and _is_date_name(name)


@lru_cache(1024)
def _is_date_name(name: str) -> bool:
    return _DATE_NAME.search(name) is not None


def with_clock(found: list[DateClaim]) -> DateClaim | None:
    """Return the claim with a time of day where the first is the midnight of the day beside it, or None.

    That midnight is a day that went through a zone on its way.
    """
    first = found[0].found.time
    if first.time() != time(0):
        return None
    near = [claim for claim in found if claim.found.zoned and abs(claim.found.time - first) < STAMPED]
    return next((claim for claim in near if claim.found.time.time() != time(0)), None)


def is_earlier(shown: FoundDate, claimed: FoundDate) -> bool:
    """Return whether a displayed date is so much earlier than a claimed one that the claim is a build's.

    Where day and month may be the other way round it has to be earlier in both readings.
    """
    if not shown.time + STAMPED < claimed.time:
        return False
    swapped = shown.swapped() if shown.doubtful else None
    return swapped is None or claimed.day - swapped > ONE_DAY


def own_day(claimed: FoundDate, shown: list[PageDate]) -> FoundDate:
    """Return a claimed date with the day that the page shows by its title, where the claim is in UTC.

    A claim in UTC has lost the publisher's own day: a morning in Tokyo is the evening before.
    """
    if not claimed.zoned or claimed.day != claimed.time.date():
        return claimed
    far = {item.found.day for item in shown if item.rank is Rank.PUBLISHED_AFAR}
    for item in [item for item in shown if not is_echoed(item, claimed, shown)]:
        if item.rank is Rank.PUBLISHED_AFAR and len(far) > 1:
            break  # of some other articles each has its own
        days = [item.found.day, item.found.swapped()] if item.found.doubtful else [item.found.day]
        for day in days:
            if day and item.rank <= Rank.PUBLISHED_AFAR and abs(day - claimed.day) <= ONE_DAY:
                return claimed._replace(day=day)
    return claimed


def is_echoed(item: PageDate, claimed: FoundDate, shown: list[PageDate]) -> bool:
    """Return whether a date is the claim itself, in UTC for programs, and is written beside it with the publisher's own day."""
    if item.found.day != claimed.day or abs(item.found.time - claimed.time) >= ONE_SECOND:
        return False
    return any(
        other.rank is item.rank
        and other.distance == item.distance
        and not other.found.doubtful
        and other.found.day != claimed.day
        and abs(other.found.day - claimed.day) <= ONE_DAY
        for other in shown
    )


def uncertain_dates(
    tree: LexborHTMLParser, claims: Claims, shown: list[PageDate], title: str, language: str
) -> Iterator[DateClaim]:
    """Yield the dates of a page whose data claim none."""
    updated = claimed_updates(claims, language)
    shown = in_month(settled(shown, [found for found, _ in updated]), url_month(claims.url))
    masthead = [item for item in shown if item.rank is Rank.MASTHEAD]
    shown = [item for item in shown if item.rank is not Rank.MASTHEAD]
    addresses = [claims.url, *(claim.text for claim in claims.canonical[:1])]
    if day := next(filter(None, map(url_date, addresses)), None):
        near = [item for item in shown if -ZONES < item.found.time - day < ONE_DAY + ZONES]
        yield from (DateClaim(item.found, item.where, "the URL names the same day") for item in near)
        yield DateClaim(FoundDate(day, day.date()), "path of the URL", "the page's data claim no date")
    if not any(item.rank <= Rank.PUBLISHED_AFAR for item in shown) and (kept := script_day(tree, title, language)):
        yield DateClaim(kept, "a script's publication date", "the only day of publication that the page names")
    yield from (
        DateClaim(item.found, item.where, f"best of the dates on the page ({item.rank.name})") for item in shown
    )
    if not shown and (found := attribute_date(tree, language)):
        yield DateClaim(found, "attribute for scripts", "the only day that the page keeps")
    for found, where in updated:
        yield DateClaim(found, where, "the page has no date of publication")
    yield from (DateClaim(item.found, item.where, "the only date, in the site's header") for item in masthead)


def claimed_updates(claims: Claims, language: str) -> list[tuple[FoundDate, str]]:
    """Return the dates of updates in JSON-LD and meta tags, with where each stands."""
    updates = [(value, "json-ld dateModified") for value in claims.data.modified]
    updates += [(value, f"meta {name}") for name in MODIFIED_META for value in claims.head.values((name,))]
    return [(found, where) for value, where in updates if (found := read_date(value, language))]


def is_republished(shown: PageDate, claimed: FoundDate, updates: list[FoundDate]) -> bool:
    """Return whether a page says by its title that it was published later than its data claim.

    Themes call the day of an update published too: the data's own update is none.
    """
    found = shown.found
    return (
        shown.rank is Rank.PUBLISHED
        and not found.doubtful
        and found.time > claimed.time + STAMPED
        and not any(abs(found.time - update.time) < STAMPED for update in updates)
    )


def settled(shown: list[PageDate], updates: list[FoundDate]) -> list[PageDate]:
    """Return the dates of a page, those that may be read in two orders in the one that is near an update's.

    An article is changed soon after it is published: 04-05-2021 beside "updated 7 May 2021" is the fourth of May.
    """
    if not any(item.found.doubtful for item in shown):
        return shown
    changed = [item.found for item in shown if item.rank in (Rank.MODIFIED, Rank.MODIFIED_AFAR)]
    sure = [found.day for found in (*updates, *changed) if not found.doubtful]
    if not sure:
        return shown
    return [item._replace(found=nearer(item.found, sure)) if item.found.doubtful else item for item in shown]


def in_month(shown: list[PageDate], month: tuple[int, int] | None) -> list[PageDate]:
    """Return the dates of a page, those that may be read in two orders in the one that falls in a month, if it is given."""
    if month is None:
        return shown
    days = {
        day
        for item in shown
        if item.found.doubtful and (item.found.day.year, item.found.day.month) != month
        if (day := item.found.swapped()) and (day.year, day.month) == month
    }
    return [item._replace(found=item.found.with_day_in(days)) for item in shown]


def nearer(found: FoundDate, days: list[date]) -> FoundDate:
    """Return a date with day and month exchanged where only so it is near one of the days."""
    other = found.swapped()
    if other is None or any(abs(found.day - day) <= NEAR_UPDATE for day in days):
        return found
    if not any(abs(other - day) <= NEAR_UPDATE for day in days):
        return found
    return found._replace(time=found.time + (other - found.day), day=other)


def with_recent(shown: list[PageDate], recent: PageDate, fetched_at: datetime) -> list[PageDate]:
    """Return the dates of a page with one that counts from the day of its fetch (`recent`), best first.

    That day above the title is then the page's own, as newspapers show it.
    """
    fetched = fetched_at.date()
    kept = [item for item in shown if not (item.above and abs(item.found.day - fetched) <= ONE_DAY)]
    return sorted([*kept, recent], key=lambda item: item[:2])


def displayed(shown: list[PageDate]) -> PageDate | None:
    """Return the date that a page shows right by its title as the article's, or None."""
    if not shown:
        return None
    best = shown[0]
    if best.rank is Rank.PUBLISHED_AFAR:
        days = {item.found.day for item in shown if item.rank is Rank.PUBLISHED_AFAR}
        return best if len(days) == 1 else None
    return best if best.rank <= Rank.BY_TITLE and best.distance <= BY_TITLE else None


def confirmed(claimed: FoundDate, shown: list[PageDate]) -> bool:
    """Return whether a page shows a claimed date as its day of publication."""
    return any(
        item.rank in (Rank.PUBLISHED, Rank.BY_TITLE, Rank.PUBLISHED_AFAR)
        and abs(item.found.time - claimed.time) < STAMPED
        for item in shown
    )


def regional(language: str, url: str, claimed: Iterable[str] = ()) -> str:
    """Return the language with its region, for English of a country that writes the day first, by the host or a claim.

    `claimed`: the tags of languages that the page claims. American English is what systems claim by default.
    """
    if language not in ("en", ""):
        return language
    if host_of(url).rsplit(".", 1)[-1] in DAY_FIRST_HOSTS:
        return "en-gb"
    return next((tag for tag in claimed if tag.startswith("en-") and tag != "en-us"), language)


def choose_date(candidates: Iterable[DateClaim], fetched_at: datetime, notes: list[str]) -> Choice[Publication | None]:
    """Return the first date that is not in the future, noting those that are.

    One in the future whose day and month may be the other way round is read that way.
    """
    for claim in candidates:
        # Subtracted, for a fetch near the end of the calendar has no day after it.
        if claim.found.time - fetched_at <= TOLERANCE:
            return Choice(Publication(claim.found.time, claim.found.day), claim.where, claim.reason)
        other = claim.found.swapped() if claim.found.doubtful else None
        if other and (time := claim.found.time + (other - claim.found.day)) - fetched_at <= TOLERANCE:
            return Choice(Publication(time, other), claim.where, f"{claim.reason}; the other order is in the future")
        note = f"future_date {claim.found.time.isoformat()}"
        if note not in notes:
            notes.append(note)
    return Choice(None, "", "no claim gives a date that is not in the future")
