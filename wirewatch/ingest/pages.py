"""Single pages by address: a request for each goes to the fetch step, which asks as politely as for a source's pages."""

from collections.abc import Iterable
from datetime import UTC, datetime

from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request, pack
from streams import ids
from streams.errors import InputError
from streams.events import header_list
from streams.topics import FETCHES
from wirewatch.ingest.sending import Producer


def request_of(url: str, source: str | None, now: datetime) -> Request:
    """Return the request for a page; raise `InputError` for a text that is no web address."""
    domain = domain_of(url)
    if not domain:
        raise InputError(f"{url} is no web address")
    host = ids.site_of(url) or domain.removeprefix("www.")
    article = ids.article_id(url, source or host, None, "")
    return Request(
        id=ids.fetch_id(article, now),
        source=source or host,
        fetched_at=now,
        url=url,
        link=url,
        page=True,
        via="page",
    )


async def ask_for(producer: Producer, urls: Iterable[str], source: str | None) -> int:
    """Send a request for each address; return how many."""
    count = 0
    for url in urls:
        request = request_of(url, source, datetime.now(UTC))
        headers = header_list(request.id, "fetch", "ingest")
        await producer.send(FETCHES.name, pack(request), domain_of(url).encode(), headers=headers)
        count += 1
    return count
