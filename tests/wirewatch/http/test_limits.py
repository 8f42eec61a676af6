"""Strangers at a worker's HTTP port: on a real server, over real sockets."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import unused_port
from prometheus_client import CollectorRegistry, Counter

from streams.errors import SettingsError
from streams.settings import Settings
from wirewatch.http.connections import MAX_QUERY_CHARACTERS, RESERVED_FILES, Limits, stranger_of
from wirewatch.http.feeds.settings import FeedSettings
from wirewatch.http.guards import Names, name_of
from wirewatch.http.health import MetricsText
from wirewatch.http.refusals import error_in
from wirewatch.http.server import WebApp, serving
from wirewatch.metrics import new_metrics
from wirewatch.service import Service


@asynccontextmanager
async def server(limits: Limits | None = None, **worker: Any) -> AsyncIterator[tuple[WebApp, int]]:
    """Give a worker's server without steps and without Kafka, and its port."""
    settings = Settings()
    settings.kafka.bootstrap = "127.0.0.1:9"
    settings.worker.http_port = 0
    settings[FeedSettings].token = worker.pop("token", "")
    for name, value in worker.items():
        setattr(settings.worker, name, value)
    web_app = WebApp(Service(settings, [], new_metrics()), limits)
    async with serving(web_app) as address:
        yield web_app, int(address.rpartition(":")[2])


async def ask(port: int, path: str = "/health/live", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of one request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    given = {"Host": f"127.0.0.1:{port}", "Connection": "close"} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
    raw = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in rest), body


async def test_a_slow_request_is_ended() -> None:
    """A connection that sends half a request is closed when its time is over, and counted."""
    async with server(Limits(request_seconds=0.2)) as (web_app, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        assert await asyncio.wait_for(reader.read(), 20) == b""
        writer.close()
        assert web_app.metrics.refused.labels("slow")._value.get() == 1


async def test_an_answer_that_nobody_reads_is_ended() -> None:
    """A reader that takes nothing of a large answer is cut off."""
    async with server(Limits(answer_seconds=0.3)) as (web_app, port):
        web_app.status.latest.extend([("", _large())] * 200)
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(sock, ("127.0.0.1", port))
        await loop.sock_sendall(sock, b"GET /status.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with asyncio.timeout(20):
            while not web_app.metrics.refused.labels("slow")._value.get():
                await asyncio.sleep(0.02)
        sock.close()
        assert not len(web_app.connections)


def _large() -> orjson.Fragment:
    return orjson.Fragment(b'"' + b"x" * 100_000 + b'"')


async def test_health_answers_while_strangers_hold_all_connections() -> None:
    """Half-sent requests from one address take its places only; the quietest makes room for the next."""
    async with server(Limits(connections=50, per_address=20)) as (web_app, port), AsyncExitStack() as stack:
        for _ in range(60):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(b"GET / HT")
        assert (await ask(port))[0] == 200
        assert len(web_app.connections) <= 20
        assert web_app.metrics.refused.labels("connections")._value.get() >= 40


@pytest.mark.parametrize(
    ("address", "stranger"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),  # on a port of both
        ("::1", "::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a socket's name", "a socket's name"),
    ],
)
def test_a_host_of_ipv6_counts_as_one_whichever_of_its_addresses_it_takes(address: str, stranger: str) -> None:
    """It has 2^64 of them, and would otherwise take all places."""
    assert stranger_of(address) == stranger


async def test_a_port_of_ipv6_alone() -> None:
    """Its address can be used as it is given out; its names are checked, and IPv4 finds nobody."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    settings = Settings()
    settings.kafka.bootstrap = "[::1]:9"
    settings.worker.http_host, settings.worker.http_port = "::1", 0
    web_app = WebApp(Service(settings, [], new_metrics()))
    async with serving(web_app) as address, ClientSession(address) as session:
        port = int(address.removeprefix("http://[::1]:"))
        for host, status in ((None, 200), (f"localhost:{port}", 200), ("[0:0::1]", 200), ("news.example", 421)):
            async with session.get("/metrics", headers={"Host": host} if host else {}) as answer:
                assert answer.status == status, host
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        settings.worker.http_port = port
        with pytest.raises(SettingsError, match=rf"worker.http_port: \[::1\]:{port} cannot be used"):
            async with serving(WebApp(Service(settings, [], new_metrics()))):
                pass


async def test_the_total_is_bounded_for_all_addresses_together() -> None:
    """With no limit for one address the total still holds, and each newcomer is answered."""
    async with server(Limits(connections=10, per_address=0)) as (web_app, port), AsyncExitStack() as stack:
        for _ in range(30):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
        assert (await ask(port))[0] == 200
        assert len(web_app.connections) <= 10


def test_connections_leave_room_for_other_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A low limit on open files lowers the number of connections: Kafka and the children need theirs."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    assert Limits(connections=10_000).within_files().connections == 1024 - RESERVED_FILES
    assert Limits(connections=100).within_files().connections == 100
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 256))
    assert Limits().within_files().connections == 128


async def test_the_longest_query_fits_into_an_address_in_any_script() -> None:
    """Each character of an address takes up to twelve bytes; the page lets people write 4,000 of them."""
    async with server() as (_, port):
        for character in "\u6e2f\U0001f30a":
            status, _, body = await ask(port, f"/api/v1/articles?query={quote(character) * MAX_QUERY_CHARACTERS}")
            assert (status, "archive.url" in body.decode()) == (404, True)  # the route is reached; no history is kept


@pytest.mark.parametrize(
    ("path", "said"), [(f"/?query={'a' * 60_000}", "the address or a header is too long"), ("/ x y", "no HTTP request")]
)
async def test_bytes_that_are_no_request_are_no_line_of_the_log(
    path: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A stranger gets advice as JSON, and a count; the log, which was filled with a trace for each, stays empty."""
    async with server() as (web_app, port):
        status, headers, body = await ask(port, path)
        assert (status, headers["content-type"], headers["x-content-type-options"]) == (
            400,
            "application/json",
            "nosniff",
        )
        assert said in orjson.loads(body)["error"]
        assert web_app.metrics.refused.labels("malformed")._value.get() == 1
    assert [record for record in caplog.records if record.name.startswith("aiohttp")] == []


@pytest.mark.parametrize("path", ["/", "/status.json", "/metrics", "/health/live", "/watches/none.rss", "/nowhere"])
async def test_every_answer_is_hardened(path: str) -> None:
    """Each answer, errors too, forbids sniffing its type and embedding by other sites; its links tell no address."""
    async with server() as (web_app, port):
        web_app.feed.ready.set()
        _, headers, _ = await ask(port, path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/watches/none.of.these/" + "a" * 20_000,
        "/watches/" + "a" * 20_000 + ".rss",
        "/watches.atom?" + "&".join(f"watch=none{n}" for n in range(3_000)),
        "/watches/events?replay=" + "9" * 20_000,
        "/nowhere/" + "a" * 20_000,
    ],
)
async def test_an_error_says_the_beginning_of_what_was_asked(path: str) -> None:
    """A stranger's words do not come back whole."""
    async with server() as (web_app, port):
        web_app.feed.ready.set()
        status, _, body = await ask(port, path)
        assert status in (400, 404) and len(body) < 1_000


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:1", 200),
        ("localhost", 200),
        ("LOCALHOST.:80", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8080", 421),
        ("", 421),
    ],
)
async def test_a_name_bound_anew_is_refused(host: str, status: int) -> None:
    """On a loopback address only its own names are answered, health included."""
    async with server() as (web_app, port):
        assert (await ask(port, "/status.json", Host=host))[0] == status
        assert web_app.metrics.refused.labels("host")._value.get() == (status == 421)


async def test_an_expectation_is_no_way_around_the_guards() -> None:
    """One that nobody knows is passed over; a name that is bound anew is refused all the same."""
    async with server(http_names=["desk.example"], token="geheim") as (_, port):
        assert (await ask(port, Expect="nonsense"))[0] == 200
        assert (await ask(port, Expect="nonsense", Host="evil.example"))[0] == 421
        status, headers, body = await ask(port, "/status.json", Expect="nonsense")
        assert (status, headers["content-type"].partition(";")[0]) == (401, "application/json")
        assert b"needs its token" in body
        assert b"not the worker's token" in (await ask(port, "/status.json?token=wrong"))[2]
        assert (await ask(port, Expect="100-continue"))[0] == 100


@pytest.mark.parametrize(
    ("path", "host", "status", "said"),
    [
        ("/storys?view=%3Cb%3E", "localhost", 404, b"nothing answers GET /storys"),
        ("/%3Cscript%3E", "localhost", 404, b"GET /&lt;script&gt;"),
        ("/watches/none.rss", "localhost", 404, b"none"),
        ("/articles.rss", "evil.example", 421, b"worker.http_names"),
    ],
)
async def test_a_browser_gets_a_page_where_a_program_gets_an_error(
    path: str, host: str, status: int, said: bytes
) -> None:
    """A mistyped address leads to the worker's page; a request that asks for JSON, or for anything, has JSON."""
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    async with server() as (web_app, port):
        web_app.feed.ready.set()
        found, headers, body = await ask(port, path, Host=host, Accept=browser)
        assert (found, headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert said in body and b'<a href="/">' in body and b"<script" not in body
        assert headers["content-security-policy"].startswith("default-src 'none'")
        for accept in ("*/*", "application/json, text/html;q=0.5"):
            found, headers, _ = await ask(port, path, Host=host, Accept=accept)
            assert (found, headers["content-type"].partition(";")[0]) == (status, "application/json")


def test_an_answer_that_says_more_than_an_error_stays_as_it_is() -> None:
    """Health has failures and warnings beside each other, which a page would not show."""
    short, long = b'{"error":"gone"}', b'{"error":"gone","failures":{}}'
    assert [
        error_in(web.Response(status=503, body=body, content_type="application/json")) for body in (short, long)
    ] == [
        "gone",
        "",
    ]


async def test_a_browser_without_the_token_gets_a_page() -> None:
    """It says how the token is given; the status and the header of a missing token stay."""
    async with server(token="geheim") as (_, port):
        status, headers, body = await ask(port, "/status.json", Accept="text/html")
        assert (status, headers["www-authenticate"]) == (401, 'bearer realm="wirewatch"')
        assert b"?token=TOKEN" in body and headers["content-type"].startswith("text/html")


async def test_names_of_its_own() -> None:
    """`worker.http_names` are answered beside the loopback names."""
    async with server(http_names=["Desk.example"]) as (_, port):
        assert (await ask(port, Host="desk.example:8080"))[0] == 200
        assert (await ask(port, Host="other.example"))[0] == 421


def test_elsewhere_any_name_counts_until_some_are_set() -> None:
    """A worker on all addresses is asked by names that it does not know; once some are set, by these and by addresses."""
    assert Names("0.0.0.0", []).admit("page:8080")
    named = Names("0.0.0.0", ["desk.example"])
    assert named.admit("desk.example") and named.admit("10.0.0.7:8080") and not named.admit("evil.example")


@pytest.mark.parametrize(
    ("host", "name"), [("a.example:1", "a.example"), ("[2001:db8::1]:8", "2001:db8::1"), ("2001:db8::1", "2001:db8::1")]
)
def test_name_of_a_host(host: str, name: str) -> None:
    """Port and brackets are no part of the name."""
    assert name_of(host) == name


async def test_metrics_are_written_once_for_all_who_ask_at_once() -> None:
    """Sixteen who ask at once get one text; the next after its time is over gets another."""
    registry = CollectorRegistry()
    counter = Counter("x", "x", registry=registry)
    text = MetricsText(registry, seconds=0.0)
    first = await asyncio.gather(*(text.text() for _ in range(16)))
    assert len({id(each) for each in first}) == 1
    counter.inc()
    assert b"x_total 1.0" in await text.text()


async def test_metrics_are_cached() -> None:
    """Within its time the same text is given."""
    registry = CollectorRegistry()
    text = MetricsText(registry, seconds=3600.0)
    before = await text.text()
    Counter("y", "y", registry=registry)
    assert await text.text() is before


async def test_a_port_in_use_is_an_error_with_advice() -> None:
    """Where another has the port, the error says so and names the option."""
    port = unused_port()
    app = web.AppRunner(web.Application())
    await app.setup()
    await web.TCPSite(app, "127.0.0.1", port).start()
    try:
        with pytest.raises(SettingsError, match="--http-port"):
            async with server(http_port=port):
                pass
    finally:
        await app.cleanup()
