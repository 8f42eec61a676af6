"""A page about a lighthouse, with a date somewhere on it."""

from datetime import UTC, datetime

from agents.clean.article import clean_raw
from streams.records import Raw

FETCHED_AT = datetime(2026, 1, 3, 12, tzinfo=UTC)
BODY = "".join(
    f"<p>The lighthouse keeper counted {number} ships on the horizon, and the harbour master wrote each of them down"
    " before the storm came in from the west and the pilots went home for the night.</p>"
    for number in range(40, 46)
)
TITLE = "Lighthouse keeper counts the ships"


def day_of(
    *,
    head: str = "",
    before: str = "",
    below: str = "",
    after: str = "",
    beside: str = "",
    language: str = "en",
    heading: str = f"<h1>{TITLE}</h1>",
    url: str = "https://www.example.org/news/lighthouse",
) -> str:
    """Return the day that a page with these parts gives, or an empty text."""
    html = (
        f"<html lang='{language}'><head><title>{TITLE} | Example News</title>{head}</head><body>"
        f"<div id='__next'><main>{before}<article>{heading}{below}<div class='article-body'>{BODY}</div>{after}</article>"
        f"</main>{beside}</div><footer><p>© 2 May 2025 Example News</p></footer></body></html>"
    )
    record = Raw(url=url, fetched_at=FETCHED_AT, content_type="text/html", content=html)
    published_at = clean_raw(record).clean.published_at
    return published_at.date().isoformat() if published_at else ""


def published(head: str, below: str, language: str = "en") -> tuple[str, str]:
    """Return the UTC time and the publisher's own day of a page with these parts."""
    html = (
        f"<html lang='{language}'><head><title>{TITLE}</title>{head}</head><body><main><article><h1>{TITLE}</h1>{below}"
        f"{BODY}</article></main></body></html>"
    )
    now = datetime(2026, 12, 3, 12, tzinfo=UTC)
    record = Raw(url="https://www.example.org/news/1", fetched_at=now, content_type="text/html", content=html)
    article = clean_raw(record).clean
    assert article.published_at is not None
    return article.published_at.isoformat()[:16], str(article.published_day)


def claim(time: str) -> str:
    """Return a meta tag that claims a time of publication."""
    return f"<meta property='article:published_time' content='{time}'>"
