"""Backfill: articles that were old when they were fetched, and so are no news."""

from datetime import datetime, time, timedelta

from streams.records import AlertArticle, Clean, Duplicate

#: An article that was published longer than this before it was fetched is old, where its source says nothing.
OLD_AFTER = timedelta(hours=24)
#: A page that names no more than a day stands at its beginning, in UTC, and may have come out at its end.
DAY, DAY_ALONE = timedelta(days=1), time(0, 0)


def is_day_alone(published_at: datetime) -> bool:
    """Return whether a time of publication is a day: its beginning in UTC."""
    return published_at.time() == DAY_ALONE


def is_backfill(article: Clean | Duplicate | AlertArticle) -> bool:
    """Return whether an article was old when it was fetched: because its source says so, or by its own times.

    One without a time of publication is new, and so is one of yesterday of which only the day is known. A duplicate does not
    have its source's word.
    """
    if not isinstance(article, Duplicate) and article.backfill:
        return True
    published_at = article.published_at
    if published_at is None:
        return False
    return article.fetched_at - published_at > OLD_AFTER + (DAY if is_day_alone(published_at) else timedelta(0))
