"""One article within pages of many shapes."""

from datetime import UTC, datetime

from agents.clean import article as clean
from agents.clean.page.features import BlockFeatures, PageFeatures
from agents.clean.page.walk import parse, read
from streams.records import Clean, Raw

PARAGRAPHS = (
    "The lighthouse on Gull Rock will be lit again from Sunday, two years after the storm that tore off its lantern room.",
    "Divers found the old lens in nine pieces on the sea bed, and a workshop in the harbour put it together over the winter.",
    "The keeper's cottage stays closed, the heritage trust said, because its roof needs slates that nobody makes any more.",
    "Ships have steered by a buoy since the storm, and three of them ran onto the sandbank that the light used to mark.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def text_of(
    body: str, *, after: str = "", before: str = "", lang: str = "en", title: str = "Lighthouse is lit again"
) -> str:
    """Return the text of a page with this body, and with parts before and after the article."""
    content = (
        f"<html lang='{lang}'><head><title>{title}</title></head><body><header><a href='/'>Start</a></header>{before}<main>"
        f"<article><h1>{title}</h1>{body}</article>{after}</main><footer><p>Imprint</p></footer></body></html>"
    )
    return page_text(content)


def page_record(content: str) -> Raw:
    """Return the record of a whole page."""
    now = datetime(2026, 12, 3, tzinfo=UTC)
    return Raw(url="https://gull.example/1", fetched_at=now, content_type="text/html", content=content)


def page_article(content: str) -> Clean:
    """Return the clean article of a whole page."""
    return clean.clean_raw(page_record(content)).clean


def page_text(content: str) -> str:
    """Return the text of a whole page."""
    return page_article(content).text


def features_of(content: str, title: str = "") -> PageFeatures:
    """Return the features of a whole page. `title`: the one that it claims."""
    return BlockFeatures([(read(parse(content.encode())), title)]).pages()[0]


def bare_text(body: str) -> str:
    """Return the text of a page that is this body within its main part."""
    content = (
        f"<html lang='en'><head><title>Lighthouse is lit again</title></head><body><main>{body}</main></body></html>"
    )
    return page_text(content)
