"""The desk's answers on the watches in force, read from their records."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request

from streams.records import WatchRecord, encode
from wirewatch.http.watches.routes import MAX_BODY, MAX_WATCHES, body_of, read_query, read_records


def test_each_query_is_read_once_however_often_the_watches_are_listed() -> None:
    """Only of as many watches as an answer has; a record that is none has its error, a wrong query no share."""
    records = {f"w{n:04}": encode(WatchRecord(name=f"w{n:04}", query=f"ferry{n}")) for n in range(MAX_WATCHES + 5)}
    records |= {"a-wrong-query": encode(WatchRecord(name="a-wrong-query", query="oil embargo")), "none": b"{}"}
    read_query.cache_clear()

    good, wrong, queries = read_records(records)

    assert (len(good), list(wrong), len(queries)) == (MAX_WATCHES + 6, ["none"], MAX_WATCHES)
    assert queries[0] is None and queries[1] is not None
    assert read_records(records)[2] == queries
    assert read_query.cache_info().misses == MAX_WATCHES


@pytest.mark.parametrize(
    ("query", "search"),
    [
        ("trend:KE", "region:KE"),
        ("trend:Chile,labour AND NOT lang:en", "region:CL AND topic:medtop:09000000 AND NOT lang:en"),
        ('trend:"night ferry" OR trend:labour', '"night ferry" OR topic:medtop:09000000'),
        ("quay  AND\ncrane", "quay  AND\ncrane"),
    ],
)
def test_a_watch_of_trends_leads_to_their_articles(query: str, search: str) -> None:
    """History holds articles, and none has a trend: a search for one would find nothing."""
    read = read_query(query)
    assert read is not None
    assert read.search == search


async def test_a_body_is_read_in_however_many_pieces_it_comes() -> None:
    """A watch that a slow line brings in pieces is whole; one that is too long is refused before its end."""
    assert await body_in_pieces(b'{"query":', b' "strike"}') == b'{"query": "strike"}'
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        await body_in_pieces(b"{", b" " * MAX_BODY, ended=False)


async def body_in_pieces(*pieces: bytes, ended: bool = True) -> bytes:
    """Return the body that is read of a request which brings it in pieces."""
    loop = asyncio.get_running_loop()
    protocol = BaseProtocol(loop)
    protocol.connection_made(asyncio.Transport())
    payload = StreamReader(protocol, 4 * MAX_BODY, loop=loop)
    reading = asyncio.ensure_future(body_of(make_mocked_request("PUT", "/", payload=payload)))
    for piece in pieces:
        await asyncio.sleep(0)
        payload.feed_data(piece)
    if ended:
        await asyncio.sleep(0)
        payload.feed_eof()
    return await reading
