"""News to try a program on: invented events in real places, so that no test needs Kafka or other people's texts.

>>> from wirewatch.testing import articles
>>> [article.source for article in articles()]
['harbour.example', 'ledger.example', 'gazette.example']
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from streams.errors import InvalidRecord
from streams.ids import article_id
from streams.records import Clean, Raw, decode

#: When these articles were fetched, unless a test says otherwise.
FETCHED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TITLE = "Dockers in Valparaíso end their strike"
PARAGRAPHS = (
    (
        "Dockers in the port of Valparaíso went back to work on Monday after eleven days, when 1,240 of them had voted for "
        "an offer that raises pay by 6 percent in two steps."
    ),
    (
        "Nineteen ships were waiting in the bay. The harbour office expects the last of them to be unloaded by Friday, and "
        "growers of cherries in the valley of Aconcagua say that they lost a third of a harvest."
    ),
    "The union's leader, Marta Fuentes, called the offer fair and late. Talks about night shifts go on in April.",
)
OTHER = (
    "Rain closed the pass of Los Libertadores for a second day, and 400 lorries stood on the road to Mendoza.",
    "The road office wants to open one lane on Wednesday, if the slope above the third bend holds.",
)


def page() -> str:
    """Return an HTML page with an article and boilerplate around it."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html><html lang=en><head><title>{TITLE} | Harbour Gazette</title>"
        '<meta property="og:type" content="article"></head><body><nav><a href=/>Home</a> <a href=/world>World</a></nav>'
        f'<main><article><h1>{TITLE}</h1><p class="byline">By Ana Rojas</p>'
        f'<time datetime="2026-03-02T09:30:00Z">2 March 2026</time>{body}</article></main>'
        "<aside><h2>Most read</h2><a href=/a>A</a> <a href=/b>B</a></aside><footer>All rights reserved</footer></body></html>"
    )


def articles() -> Iterator[Clean]:
    """Yield three clean articles: one, a copy of it by another publisher, and one on another event."""
    yield _article("https://harbour.example/strike", TITLE, PARAGRAPHS, 0)
    yield _article("https://ledger.example/valparaiso", TITLE, PARAGRAPHS, 20)
    yield _article("https://gazette.example/pass", "Pass to Mendoza stays closed", OTHER, 40)


def _article(url: str, title: str, paragraphs: tuple[str, ...], minutes: int) -> Clean:
    return Clean(
        id=article_id(url, None, title, ""),
        url=url,
        source=url.split("/")[2],
        title=title,
        text="\n\n".join(paragraphs),
        fetched_at=FETCHED_AT + timedelta(minutes=minutes),
        published_at=FETCHED_AT + timedelta(minutes=minutes - 60),
        language="en",
        language_score=1.0,
        extractor="given",
    )


def raw_records(now: datetime = FETCHED_AT) -> Iterator[Raw]:
    """Yield the raw records of the demo's sample, about 120 in 16 languages: pages, texts, copies, revisions."""
    from wirewatch import sample

    for line in sample.raw_records(now):
        try:
            yield decode(line, Raw)
        except InvalidRecord:
            continue  # the sample has lines that are no records, to show what becomes of them
