"""A page about a ferry, with a byline in it."""

from datetime import UTC, datetime

import orjson

from agents.clean.article import clean_raw
from streams.records import Clean, Raw

SENTENCES = (
    "The ferry to the northern islands will stop running in winter, its operator told passengers on Thursday evening.",
    "Islanders said that they would have to sail around the cape instead, a voyage of nine hours in good weather.",
    "The regional council wants to lease a smaller ship until spring and has asked three yards for their prices.",
)


def authors(byline: str = "", head: str = "", data: object = None, lang: str = "en", *, after: str = "") -> list[str]:
    """Return the authors of a page with this byline below its heading, head, JSON-LD, and what stands `after` its text."""
    script = f"<script type='application/ld+json'>{orjson.dumps(data).decode()}</script>" if data else ""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return cleaned_page(
        f"<html lang='{lang}'><head><title>Ferry stops in winter</title><meta property='og:site_name' content='Cape Courier'>"
        f"{head}{script}</head><body><main><article><h1>Ferry stops in winter</h1>{byline}{body}{after}"
        "</article></main></body></html>"
    ).authors


def cleaned_page(content: str) -> Clean:
    """Return the article of a page."""
    now = datetime(2026, 1, 3, tzinfo=UTC)
    return clean_raw(
        Raw(url="https://courier.example/1", fetched_at=now, content_type="text/html", content=content)
    ).clean
