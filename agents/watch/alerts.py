"""Alerts: their ids, what they say of the article, and whether an article is too old to raise one."""

import re
from datetime import datetime, timedelta

from agents.watch.matcher import Match
from agents.watch.records import Alert, AlertArticle, AlertItem, BurstCount, Watch
from streams.ids import digest
from streams.records import Evidence, Tagged

#: An article published longer than this before it was fetched raises no alert unless its watch asks for it.
LATE_AFTER = timedelta(hours=24)

SNIPPET_LENGTH = 240
#: How much of the snippet stands before the first marked word.
SNIPPET_LEAD = 80


def alert_id(watch: Watch, tagged: Tagged, group: str | None = None, story: str | None = None) -> str:
    """Return the id of the alert that a watch raises on an article: the same for all that count as one to the watch.

    Without a group or a story the article stands for itself.
    """
    each = watch.record.each
    key = (story or group if each == "story" else group if each == "group" else None) or tagged.id
    return digest(f"{watch.name}\n{each}\n{key}")


def burst_id(watch: Watch, at: datetime, window_seconds: int) -> str:
    """Return the id of the alert on a burst: one for each window of the clock."""
    return digest(f"{watch.name}\nburst\n{int(at.timestamp()) // window_seconds}")


def is_late(tagged: Tagged) -> bool:
    """Say whether an article was old when it was fetched; one without a date is taken as new."""
    return tagged.published_at is not None and tagged.fetched_at - tagged.published_at > LATE_AFTER


def alert(
    match: Match,
    tagged: Tagged,
    *,
    identifier: str,
    raised_at: datetime,
    story: str | None = None,
    suppressed: int = 0,
    burst: BurstCount | None = None,
) -> Alert:
    """Return the alert on a match."""
    record = match.watch.record
    return Alert(
        id=identifier,
        kind="burst" if burst else "match",
        watch=record.name,
        severity=record.severity,
        owner=record.owner,
        receivers=record.receivers,
        article=describe(tagged, match.spans),
        story=story,
        spans=match.spans,
        suppressed=suppressed,
        burst=burst,
        raised_at=raised_at,
        published_to_raised_s=between(tagged.published_at, raised_at) if tagged.published_at else None,
        fetched_to_raised_s=between(tagged.fetched_at, raised_at),
    )


def digest_alert(watch: Watch, held: list[AlertItem], *, raised_at: datetime, suppressed: int) -> Alert:
    """Return the one alert for what quiet hours collected; its id comes from the first item held."""
    record, newest = watch.record, held[-1]
    published_at = newest.article.published_at
    return Alert(
        id=digest(f"{record.name}\ndigest\n{held[0].id}"),
        kind="digest",
        watch=record.name,
        severity=record.severity,
        owner=record.owner,
        receivers=record.receivers,
        article=newest.article,
        story=newest.story,
        spans=newest.spans,
        suppressed=suppressed,
        digest=list(held),
        raised_at=raised_at,
        published_to_raised_s=between(published_at, raised_at) if published_at else None,
        fetched_to_raised_s=between(newest.article.fetched_at, raised_at),
    )


def describe(tagged: Tagged, spans: list[Evidence]) -> AlertArticle:
    """Return what an alert says of an article."""
    text, start = snippet(tagged.text, next((span.start for span in spans if span.field == "text"), 0))
    return AlertArticle(
        id=tagged.id,
        url=tagged.url,
        title=tagged.title,
        source=tagged.source,
        published_at=tagged.published_at,
        fetched_at=tagged.fetched_at,
        snippet=text,
        snippet_start=start,
    )


def snippet(text: str, around: int) -> tuple[str, int]:
    """Return up to `SNIPPET_LENGTH` code points of `text` with index `around` in them, and where they begin.

    It begins after a blank if there is one before `around`; text that has none, as in Chinese, is cut where it falls.
    """
    start = max(around - SNIPPET_LEAD, 0)
    if start:
        blank = re.search(r"\s\S", text[start : around + 1])
        start += blank.start() + 1 if blank else 0
    cut = text[start : start + SNIPPET_LENGTH]
    if start + SNIPPET_LENGTH < len(text) and (blank := re.search(r"\s\S*\Z", cut[SNIPPET_LENGTH // 2 :])):
        cut = cut[: SNIPPET_LENGTH // 2 + blank.start()]
    return cut.rstrip(), start


def between(earlier: datetime, later: datetime) -> float:
    """Return seconds from one time to another, never below zero: clocks of two machines differ."""
    return max((later - earlier).total_seconds(), 0.0)
