"""Answers that break a careless client: packed oddly, endless, cut off, from private places; by a real server."""

import asyncio
import contextlib
import gzip
import resource
import socket
import threading
import zlib
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from multidict import CIMultiDict

from agents.fetch.asking.asker import may_hear
from agents.fetch.asking.client import (
    MOST_HEADER_BYTES,
    MOST_HEADERS,
    Client,
    Guard,
    HttpRequest,
    IdentityNeeded,
    RequestFailed,
)
from tests.support.newsstand import Bench, Everywhere, Newsstand, feed, item, rss

DOCUMENT = rss([item(1), item(2)])
LOOPBACK = Guard("https://desk.example/bot", ["127.0.0.0/8"])


def packed(body: bytes, encoding: str | None = "gzip") -> web.Response:
    """Return an answer with a body as it is, and a header on its packing."""
    headers = {"Content-Type": "application/rss+xml"} | ({"Content-Encoding": encoding} if encoding else {})
    return web.Response(body=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(DOCUMENT), "gzip"),
        (gzip.compress(DOCUMENT), None),
        (gzip.compress(gzip.compress(DOCUMENT)), "gzip"),
        (gzip.compress(DOCUMENT[:40]) + gzip.compress(DOCUMENT[40:]), "gzip"),
        (gzip.compress(DOCUMENT) + b"\0\0\0", "gzip"),
        (zlib.compress(DOCUMENT), "deflate"),
        (zlib.compress(DOCUMENT, wbits=-15), "deflate"),
        (DOCUMENT, "gzip"),
        (DOCUMENT, "utf-8"),
    ],
    ids=[
        "gzip",
        "unsaid",
        "twice",
        "members",
        "padded",
        "zlib",
        "raw deflate",
        "plain under gzip",
        "charset as encoding",
    ],
)
async def test_body_is_unpacked_whatever_its_headers_say(stand: Newsstand, body: bytes, encoding: str | None) -> None:
    """A body that begins as gzip does is unpacked, and no other is; one request is enough."""
    stand.pages["/feed"] = packed(body, encoding)
    client = Client(LOOPBACK, resolver=Everywhere())
    answer = await client.send(HttpRequest(stand.url(), 1 << 20))
    await client.close()
    assert answer.body == DOCUMENT
    assert len(stand.log) == 1


async def test_body_that_cannot_be_unpacked_is_asked_for_plain(stand: Newsstand, bench: Bench) -> None:
    """A broken or unknown packing costs one more request, in a turn of its own, without packing."""

    def broken(request: web.Request) -> web.Response:
        if request.headers["Accept-Encoding"] == "identity":
            return feed(item(1))
        return packed(b"anything", "br")

    stand.pages["/feed"] = broken
    await bench.put(body="entry")
    await bench.run(60)
    assert [visit.headers["accept-encoding"] for visit in stand.log] == ["gzip, deflate", "identity"]
    assert stand.gaps()["a.example"] >= 5.0
    assert len(bench.topics.raw) == 1


async def test_truncated_gzip_is_no_document(stand: Newsstand) -> None:
    """A packed body that breaks off is not half a feed."""
    stand.pages["/feed"] = packed(gzip.compress(DOCUMENT * 50)[:-20])
    client = Client(LOOPBACK, resolver=Everywhere())
    with pytest.raises(IdentityNeeded):
        await client.send(HttpRequest(stand.url(), 1 << 20))
    with pytest.raises(RequestFailed, match="broke off"):
        await client.send(HttpRequest(stand.url(), 1 << 20, identity=True))
    await client.close()


async def test_gzip_bomb_is_stopped_at_the_bound(stand: Newsstand) -> None:
    """300 MB of zeros in 300 kB are refused, and cost no more memory than the bound."""
    stand.pages["/feed"] = packed(gzip.compress(bytes(300 << 20), 9))
    client = Client(LOOPBACK, resolver=Everywhere())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(RequestFailed, match="more than") as failed:
        await client.send(HttpRequest(stand.url(), 1 << 20))
    await client.close()
    assert failed.value.kind == "too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


async def test_endless_body_is_cut_at_its_time(stand: Newsstand) -> None:
    """A body that drips for ever ends with the request's time."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)

    stand.pages["/feed"] = drip
    client = Client(LOOPBACK, timeout_seconds=0.3, resolver=Everywhere())
    with pytest.raises(RequestFailed) as failed:
        await client.send(HttpRequest(stand.url(), 1 << 20))
    await client.close()
    assert failed.value.kind == "timeout"


async def test_long_and_many_headers_are_read(stand: Newsstand) -> None:
    """A header of 9 kB and 400 of them are no reason to lose a feed."""
    headers = {"Content-Security-Policy": "x" * 9216} | {f"X-{number}": "y" for number in range(400)}
    stand.pages["/feed"] = feed(item(1), headers=headers)
    client = Client(LOOPBACK, resolver=Everywhere())
    answer = await client.send(HttpRequest(stand.url(), 1 << 20))
    await client.close()
    assert answer.status == 200


async def test_cut_connection_is_a_failure(stand: Newsstand) -> None:
    """Half a body is no body, although its connection was closed politely."""

    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "10000"})
        await response.prepare(request)
        await response.write(DOCUMENT)
        assert request.transport is not None
        request.transport.close()
        return response

    stand.pages["/feed"] = cut
    client = Client(LOOPBACK, resolver=Everywhere())
    with pytest.raises(RequestFailed) as failed:
        await client.send(HttpRequest(stand.url(), 1 << 20))
    await client.close()
    assert failed.value.kind == "broken"


async def answered_with(head: bytes, piece: bytes) -> RequestFailed:
    """Ask a server that answers with a head, and then with one piece again and again; return how that failed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            while piece:
                writer.write(piece)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    client = Client(LOOPBACK)
    with pytest.raises(RequestFailed) as failed:
        await client.send(HttpRequest(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", 10_000))
    await client.close()
    server.close()
    return failed.value


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"\r\n" * 30_000),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 500),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"note" * 10_000),
    ],
    ids=["empty lines", "provisional answers", "notes at a piece"],
)
async def test_what_stands_around_a_body_has_a_bound(head: bytes, piece: bytes) -> None:
    """Whatever brings no byte of a body does not go on until the time is over."""
    failed = await answered_with(head, piece)
    assert (failed.kind, failed.error[:24]) == ("too_large", "an answer without an end")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nETag: " + b"e" * 20_000 + b"\r\n\r\n", "Got more than 16384 bytes when reading"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "Invalid character in Content-Length"),
        (b"<rss></rss>", "Bad status line"),
    ],
)
async def test_an_answer_that_is_no_http_is_not_said_to_be_the_servers_400(answer: bytes, said: str) -> None:
    """The parser's complaint is in the error, and neither a status that nobody sent nor the stranger's bytes."""
    failed = await answered_with(answer, b"")
    assert (failed.kind, failed.error) == ("broken", f"its answer is no proper HTTP: {said}")


class Several(AbstractResolver):
    """A resolver by which every name has these addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        """Return them."""
        families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in self._addresses]
        pairs = zip(self._addresses, families, strict=True)
        return [ResolveResult(hostname=host, host=a, port=port, family=f, proto=6, flags=4) for a, f in pairs]

    async def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("addresses", "kind"), [(["127.0.0.1", "::1"], "address"), (["10.0.0.1", "fd00::1"], "address"), ([], "dns")]
)
async def test_a_name_of_several_private_addresses_is_refused_as_such(addresses: list[str], kind: str) -> None:
    """And not as one where nobody answers, which would be asked again and again."""
    client = Client(Guard("https://desk.example/bot"), resolver=Several(*addresses))
    with pytest.raises(RequestFailed) as failed:
        await client.send(HttpRequest("http://a.example/feed", 1 << 20))
    await client.close()
    assert failed.value.kind == kind
    assert "Multiple" not in failed.value.error


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "a.example"]
)
async def test_private_address_is_refused_in_every_spelling(stand: Newsstand, host: str) -> None:
    """Neither a literal nor a name reaches a private address, and the server hears nothing."""
    stand.pages["/feed"] = feed(item(1))
    client = Client(Guard("https://desk.example/bot"), resolver=Everywhere())
    with pytest.raises(RequestFailed) as failed:
        await client.send(HttpRequest(f"http://{host}:{stand.port}/feed", 1 << 20))
    await client.close()
    assert failed.value.kind == "address"
    assert "fetch.allow_private" in failed.value.error
    assert not stand.log


@pytest.mark.parametrize(
    ("scheme", "kind", "error"), [("http", "connect", "Connection refused"), ("https", "tls", "TLS fails: ")]
)
async def test_why_no_connection_came_about_is_said(stand: Newsstand, scheme: str, kind: str, error: str) -> None:
    """A closed port is named with the system's reason, a port that speaks no TLS with the library's."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    port = stand.port if scheme == "https" else port
    client = Client(LOOPBACK)
    with pytest.raises(RequestFailed) as failed:
        await client.send(HttpRequest(f"{scheme}://127.0.0.1:{port}/feed", 1 << 20))
    await client.close()
    assert failed.value.kind == kind
    assert failed.value.error.startswith(f"127.0.0.1:{port}: {error}")
    assert failed.value.error.count("127.0.0.1") == 1


async def test_redirect_to_a_private_address_is_refused(stand: Newsstand) -> None:
    """Every hop is checked: an address that is allowed cannot lead to one that is not."""
    stand.pages["/feed"] = web.Response(status=302, headers={"Location": "http://10.0.0.1/feed"})
    bench = await Bench(stand).start()
    await bench.put()
    await bench.run(60)
    assert "10.0.0.1 is a private address" in bench.state().error
    await bench.close()


async def test_foreign_site_is_not_polled_without_a_contact(stand: Newsstand) -> None:
    """Without somebody to write to, nothing public is asked."""
    client = Client(Guard(""), timeout_seconds=1.0)
    with pytest.raises(RequestFailed, match="set fetch.contact"):
        await client.send(HttpRequest("http://1.1.1.1/", 1 << 20))
    await client.close()


@pytest.mark.parametrize(
    ("first", "target", "heard"),
    [
        ("https://a.example/feed", "https://www.a.example/", True),
        ("http://a.example/feed", "https://a.example/feed", True),
        ("http://a.example/feed", "http://a.example/2", True),
        ("https://a.example/feed", "http://a.example/feed", False),
        ("https://a.example/feed", "https://b.example/feed", False),
    ],
)
def test_secrets_do_not_go_on_in_the_clear(first: str, target: str, heard: bool) -> None:
    """A server behind a proxy that leads from https to http is sent none there."""
    assert may_hear(target, first, "a.example") == heard


async def test_secret_headers_stay_at_their_own_domain(
    stand: Newsstand, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source's own headers are sent to its domain, and not to where it redirects."""
    monkeypatch.setenv("A_TOKEN", "Bearer secret")
    stand.pages["/feed"] = web.Response(status=302, headers={"Location": stand.url("/b", "b.example")})
    stand.pages["/b"] = feed(item(1))
    await bench.put(headers={"Authorization": "A_TOKEN"}, body="entry")
    await bench.run(60)
    assert stand.visits("/feed")[0].headers["authorization"] == "Bearer secret"
    assert "authorization" not in stand.visits("/b")[0].headers


@pytest.mark.parametrize(
    ("many", "more", "links"),
    [
        (3, "", {"hub": "http://h.example/"}),
        (60, "", {}),
        (1, f"<a>; rel=x;{' ' * 50}x", {"hub": "http://h.example/"}),
        (1, f"<a>; rel=x;{' ' * 8_000}x", {}),
    ],
)
async def test_links_that_are_too_many_are_none(stand: Newsstand, many: int, more: str, links: dict[str, str]) -> None:
    """A thousand long headers of links would take the event loop for half a minute, one of blanks a quarter of a second."""
    headers = CIMultiDict([("Link", "<http://h.example/>; rel=hub")])
    for _ in range(many):
        headers.add("Link", ", ".join(["<a>; rel=x"] * 100))
    if more:
        headers.add("Link", more)
    stand.pages["/feed"] = web.Response(body=DOCUMENT, headers=headers)
    client = Client(LOOPBACK, resolver=Everywhere())
    answer = await client.send(HttpRequest(stand.url(), 1 << 20))
    await client.close()
    assert answer.body == DOCUMENT
    assert {relation: url for relation, url in answer.links.items() if relation == "hub"} == links


async def test_headers_of_an_answer_are_bounded_together(stand: Newsstand) -> None:
    """Two hundred servers that are asked at once hold no more than a worker has memory for."""
    headers = CIMultiDict((f"X-{number}", "x" * 1_000) for number in range(2 * MOST_HEADERS))
    stand.pages["/feed"] = web.Response(body=DOCUMENT, headers=headers)
    client = Client(LOOPBACK, resolver=Everywhere())
    with pytest.raises(RequestFailed):
        await client.send(HttpRequest(stand.url(), 1 << 20))
    await client.close()
    assert MOST_HEADERS * MOST_HEADER_BYTES <= 8 << 20


async def test_names_that_hang_hold_up_no_other(stand: Newsstand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred look-ups that nobody answers, and one that is: it takes no turn behind them."""
    stand.pages["/feed"] = packed(DOCUMENT, None)
    released, look_up = threading.Event(), socket.getaddrinfo

    def system(host: str, *arguments: Any, **options: Any) -> Any:
        if host.startswith("silent"):
            released.wait(30)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return look_up("127.0.0.1", *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", system)
    client = Client(LOOPBACK, timeout_seconds=20)
    silent = [
        asyncio.ensure_future(client.send(HttpRequest(stand.url(host=f"silent{number}.example"), 1 << 20)))
        for number in range(100)
    ]
    await asyncio.sleep(0)
    answer = await asyncio.wait_for(client.send(HttpRequest(stand.url(host="lively.example"), 1 << 20)), 10)
    released.set()
    assert [type(each) for each in await asyncio.gather(*silent, return_exceptions=True)] == [RequestFailed] * 100
    await client.close()
    assert answer.body == DOCUMENT
