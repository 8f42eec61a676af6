"""Backfill: articles that were old when they were fetched, and so are no news."""

from datetime import timedelta

from streams.records import AlertArticle, Clean, Duplicate

#: An article that was published longer than this before it was fetched is old, where its source says nothing.
OLD_AFTER = timedelta(hours=24)


def is_backfill(article: Clean | Duplicate | AlertArticle) -> bool:
    """Tell whether an article was old when it was fetched: because its source says so, or by its own times.

    One without a time of publication is new. A duplicate does not have its source's word.
    """
    if not isinstance(article, Duplicate) and article.backfill:
        return True
    return article.published_at is not None and article.fetched_at - article.published_at > OLD_AFTER
