"""Matches and alerts: their ids, how they describe an article, and whether it is too old to raise one."""

import re
from collections.abc import Sequence
from datetime import datetime

from agents.watch.matching.matcher import Match
from agents.watch.records import BY_STORY, MatchRecord
from streams.ids import digest
from streams.records import (
    Alert,
    AlertArticle,
    AlertItem,
    BurstCount,
    Evidence,
    HeldBack,
    HeldBackReason,
    Tagged,
    WatchRecord,
)

#: Characters of a title and of a URL in the mention of a match that was held back.
MAX_TITLE, MAX_URL = 200, 500

SNIPPET_LENGTH = 240
#: How much of the snippet stands before the first marked word.
SNIPPET_LEAD = 80


def match_record(
    match: Match, tagged: Tagged, group: str | None = None, story: str | None = None, *, trend: bool = False
) -> MatchRecord:
    """Return the record of a match; `group` and `story`: the article's, where known."""
    return MatchRecord(
        watch=match.watch.record,
        article=describe(tagged, match.spans),
        spans=match.spans,
        fetch=tagged.fetch_id or f"{tagged.id}\n{tagged.revision}\n{tagged.fetched_at.isoformat()}",
        group=group,
        story=story,
        trend=trend,
    )


def alert_id(match: MatchRecord) -> str:
    """Return the id of the alert that a watch raises on an article: the same for all that count as one to the watch.

    Without a group or a story the article stands for itself.
    """
    each = match.watch.each
    key = (match.story or match.group if each in BY_STORY else match.group if each == "group" else None) or (
        match.article.id
    )
    return digest(f"{match.watch.name}\n{each}\n{key}")


def burst_id(watch: WatchRecord, at: datetime, window_seconds: int) -> str:
    """Return the id of the alert on a burst: one for each window of the clock."""
    return digest(f"{watch.name}\nburst\n{int(at.timestamp()) // window_seconds}")


def alert(
    match: MatchRecord,
    *,
    identifier: str,
    raised_at: datetime,
    suppressed: int = 0,
    held_back: Sequence[HeldBack] = (),
    burst: BurstCount | None = None,
) -> Alert:
    """Return the alert on a match."""
    record, article = match.watch, match.article
    return Alert(
        id=identifier,
        kind="burst" if burst else "trend" if match.trend else "match",
        watch=record.name,
        severity=record.severity,
        owner=record.owner,
        receivers=record.receivers,
        article=article,
        story=match.story,
        spans=match.spans,
        suppressed=suppressed,
        held_back=list(held_back),
        burst=burst,
        raised_at=raised_at,
        published_to_raised_s=between(article.published_at, raised_at) if article.published_at else None,
        fetched_to_raised_s=between(article.fetched_at, raised_at),
    )


def digest_alert(
    record: WatchRecord,
    held: list[AlertItem],
    *,
    raised_at: datetime,
    suppressed: int,
    held_back: Sequence[HeldBack] = (),
) -> Alert:
    """Return the one alert for all items that quiet hours collected; its id comes from the first of them."""
    newest = held[-1]
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
        held_back=list(held_back),
        digest=list(held),
        raised_at=raised_at,
        published_to_raised_s=between(published_at, raised_at) if published_at else None,
        fetched_to_raised_s=between(newest.article.fetched_at, raised_at),
    )


def held_back(
    match: MatchRecord,
    reason: HeldBackReason,
    at: datetime,
    muted_until: datetime | None = None,
    told_as: str | None = None,
) -> HeldBack:
    """Return the mention of a match that raised no alert, for the watch's next one."""
    said = mention(match.article, match.story, reason, at, muted_until)
    if told_as is not None:
        said.related_to, said.language = told_as, match.article.language
    return said


def mention(
    article: AlertArticle, story: str | None, reason: HeldBackReason, at: datetime, muted_until: datetime | None = None
) -> HeldBack:
    """Return the mention of an article that raised no alert."""
    return HeldBack(
        id=article.id,
        fetch_id=article.fetch_id,
        url=article.url if len(article.url or "") <= MAX_URL else None,
        title=article.title[:MAX_TITLE],
        source=article.source[:MAX_TITLE],
        story=story,
        reason=reason,
        at=at,
        muted_until=muted_until,
    )


def describe(tagged: Tagged, spans: list[Evidence]) -> AlertArticle:
    """Return an article as an alert describes it."""
    text, start = snippet(tagged.text, next((span.start for span in spans if span.field == "text"), 0))
    return AlertArticle(
        id=tagged.id,
        fetch_id=tagged.fetch_id,
        revision=tagged.revision,
        url=tagged.url,
        title=tagged.title,
        source=tagged.source,
        published_at=tagged.published_at,
        fetched_at=tagged.fetched_at,
        backfill=bool(tagged.backfill),
        language=tagged.language,
        primary_country=tagged.primary_country,
        regions=list(dict.fromkeys(c for r in tagged.regions if r.role == "about" for c in (r.country, r.code))),
        region_names=list(dict.fromkeys(r.name for r in tagged.regions if r.role == "about")),
        topics=[topic.id for topic in tagged.topics],
        topic_labels=[topic.label for topic in tagged.topics],
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
