"""`wirewatch sources` as its users call it: looked at, added, listed, exported, paused, removed."""

import asyncio
import contextlib
import os
import pty
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import confluent_kafka
import orjson
import pytest
from aiohttp import web
from click.testing import CliRunner

from agents.fetch.asking.budget import DomainState
from agents.fetch.polling.store import domain_encoder
from agents.fetch.source.state import PollState, pack
from streams.kafka.embedded import EmbeddedBroker
from streams.topics import POLLS
from tests.support.certificates import certificate
from tests.support.newsstand import Newsstand, SystemTime, feed, item
from tests.support.processes import start_program
from tests.support.real_kafka import free_port
from wirewatch.cli import main
from wirewatch.sources.files import read_list


class Ended(NamedTuple):
    """The end of a command: its exit code, and its output."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


async def opened() -> Newsstand:
    """Return a server with a feed, and a home page that names it."""
    server = await Newsstand(SystemTime()).__aenter__()
    hours = [item(n, time.time() - 3600 * n) for n in range(1, 12)]
    server.pages["/feed"] = feed(*hours, headers={"ETag": '"1"'})
    server.pages["/"] = web.Response(
        text='<html><head><link rel="alternate" type="application/rss+xml" title="All" href="/feed"></head></html>',
        content_type="text/html",
    )
    return server


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    """Give a server in a thread of its own: the commands run in this one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(opened(), loop).result(60)
    yield server
    asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """Give an embedded broker's address."""
    with EmbeddedBroker() as embedded:
        yield embedded.bootstrap


@pytest.fixture
def command(broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs `wirewatch sources …` in this process.

    tests/wirewatch/test_documented_commands.py runs it in processes of their own.
    """
    monkeypatch.chdir(tmp_path)
    environ = {
        "WIREWATCH_KAFKA_BOOTSTRAP": broker,
        "WIREWATCH_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
        "WIREWATCH_FETCH_DOMAIN_DELAY_SECONDS": "0.1",
        "COLUMNS": "80",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Ended:
        done = CliRunner().invoke(main, ["sources", *arguments])
        return Ended(done.exit_code, done.stdout, f"{done.stderr}{done.exception or ''}")

    return run


def address(stand: Newsstand, path: str = "/feed") -> str:
    """Return an address of the stand."""
    return f"http://127.0.0.1:{stand.port}{path}"


def test_check_says_in_plain_words_what_an_address_is(stand: Newsstand, command: Command) -> None:
    """One request; kind, entries, rhythm, validators and backfill, each in a sentence of its own."""
    ended = command("check", address(stand))
    assert ended.code == 0, ended.err
    words = " ".join(ended.out.split())
    for part in (
        "an RSS feed “A”",
        "11, all dated",
        "an article each 60 minutes",
        "would be polled each 30 minutes",
        "teasers",
        "ETag: a poll without news costs next to nothing",
        "all 11 would come marked as old",
    ):
        assert part in words
    assert max(map(len, ended.out.splitlines())) <= 80
    assert [visit.path for visit in stand.log] == ["/feed"]


def test_check_goes_by_the_settings(stand: Newsstand, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """How often it would be polled, and how much of what is there would be taken, are those of this worker."""
    monkeypatch.setenv("WIREWATCH_FETCH_FIRST_ENTRIES", "4")
    monkeypatch.setenv("WIREWATCH_FETCH_MIN_INTERVAL_SECONDS", "10800")
    words = " ".join(command("check", address(stand)).out.split())
    assert "would be polled each 3 hours" in words
    assert "the newest 4 of 11 would come marked as old" in words


def test_check_of_what_is_no_source_fails_and_says_why(stand: Newsstand, command: Command) -> None:
    """A missing page is exit 1 and its status; a word is no address."""
    missing = command("check", address(stand, "/nothing"))
    assert missing.code == 1
    assert "HTTP 404 Not Found" in missing.out
    assert "try the site's home page" in missing.out
    for answer, words in (
        (web.Response(status=429, headers={"Retry-After": "3600"}), "left alone for 60 minutes"),
        (web.Response(status=401), "asks for a login"),
        (web.Response(status=500), "its server fails"),
        (web.Response(body=b""), "it is empty"),
        (web.Response(status=302, headers={"Location": "/nothing"}), "its server leads nowhere"),
        (web.Response(body=b"%PDF-1.7", content_type="application/pdf"), "no feed, sitemap or page is there"),
        (feed(item(1, time.time())), "the one that is there would come marked as old"),
    ):
        stand.pages["/nothing"] = answer
        assert words in " ".join(command("check", address(stand, "/nothing")).out.split())
    assert command("check", "ftp://a.example/").code == 2


def test_check_of_an_address_without_a_scheme_asks_by_http_too(stand: Newsstand, command: Command) -> None:
    """Where nobody speaks TLS; what was typed with a scheme is asked by that alone."""
    ended = command("check", f" {address(stand).removeprefix('http://')} ")
    assert ended.code == 0, ended.err
    assert "it has no https: " in ended.out and "an RSS feed “A”" in ended.out
    assert command("check", address(stand).replace("http:", "https:")).code == 1
    assert command("check", address(stand).replace("http:", "feed:")).code == 0


def test_check_says_what_is_wrong_with_a_certificate(command: Command, tmp_path: Path) -> None:
    """In words of its own, not a library's, with a remedy."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl, to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path, "IP:127.0.0.1"))

    def refused(server: socket.socket) -> None:
        # the other side goes where it sees the certificate
        with contextlib.suppress(OSError), server.accept()[0] as taken:
            context.wrap_socket(taken, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=refused, args=(server,))
        answering.start()
        ended = command("check", f"https://127.0.0.1:{server.getsockname()[1]}/feed")
        answering.join(60)
    words = " ".join(ended.out.split())
    assert ended.code == 1
    assert "its certificate is not valid: self-signed certificate" in words and "tell its owner" in words


def test_check_says_where_no_article_can_come(stand: Newsstand, command: Command) -> None:
    """Entries of titles alone, without an address, have no page that could be fetched."""
    bare = "".join(f"<item><title>Ferry {n} sails</title></item>" for n in range(3))
    stand.pages["/bare"] = feed(bare)
    words = " ".join(command("check", address(stand, "/bare")).out.split())
    assert "no article comes of it" in words


def test_check_shows_headlines_in_a_line_or_two(stand: Newsstand, command: Command) -> None:
    """A long one is cut; of an entry without a title the beginning of its text is shown."""
    toot = "<item><link>http://a.example/1</link><description>&lt;p&gt;Ferry runs&lt;/p&gt;</description></item>"
    stand.pages["/odd"] = feed(f"<item><title>{'ferries ' * 80}</title><link>http://a.example/2</link></item>{toot}")
    out = command("check", address(stand, "/odd")).out
    assert out.count("ferries") <= 15
    assert "no date  Ferry runs" in out


def test_foreign_site_needs_a_contact(command: Command) -> None:
    """Without fetch.contact nobody's server is asked."""
    ended = command("check", "http://1.1.1.1/feed")
    assert ended.code == 1
    assert "fetch.contact" in ended.out


def test_home_page_leads_to_its_feed(stand: Newsstand, command: Command) -> None:
    """The feed that a home page names is shown, and taken with --yes; without an answer nothing is."""
    checked = command("check", address(stand, "/"))
    assert checked.code == 1
    assert f"it names {address(stand)}" in " ".join(checked.out.split())
    asked = command("add", address(stand, "/"))
    assert asked.code == 1
    assert address(stand) in asked.out
    added = command("add", address(stand, "/"), "--yes", "--name", "from-home")
    assert added.code == 0, added.err
    assert "new       from-home" in added.out
    assert command("remove", "from-home").code == 0


def test_ctrl_c_where_a_feed_is_to_be_chosen_ends_it(stand: Newsstand, command: Command, tmp_path: Path) -> None:
    """On a terminal the question is a moment at which nobody waits for anything else; nothing is added."""
    data = ("--data", str(tmp_path / "data"))
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "wirewatch", "sources", "add", address(stand, "/"), *data]
    with start_program(words, stdin=theirs, stdout=theirs, stderr=theirs) as asked:
        os.close(theirs)
        shown = b""
        while b"which one" not in shown and select.select([ours], [], [], 60)[0]:
            shown += os.read(ours, 4096)
        try:
            assert interrupted(asked) == 130
        finally:
            asked.kill()
    with contextlib.suppress(OSError):  # a terminal that nobody has any more
        while more := os.read(ours, 4096):
            shown += more
    os.close(ours)
    assert b"nothing is added" in shown
    assert "no journal" in command("list", *data).err or "0 in force" in command("list", *data).out


def interrupted(asked: subprocess.Popen[bytes]) -> int | None:
    """Press Ctrl-C until a command ends, at most ten times; return its exit code.

    Between the question and the wait for its answer, readline (Python's, not ours) sees no signal before the next key.
    """
    for _ in range(10):
        asked.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return asked.wait(5)
    return None


def test_a_name_with_a_dot_is_a_name(stand: Newsstand, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source in force comes before an address; without Kafka, or under no such name, it is an address."""
    assert command("add", address(stand), "--name", "news.invalid").code == 0
    assert "an RSS feed" in " ".join(command("check", "news.invalid").out.split())
    assert command("remove", "news.invalid").code == 0
    assert "https://news.invalid" in command("check", "news.invalid").out
    monkeypatch.setenv("WIREWATCH_KAFKA_BOOTSTRAP", f"127.0.0.1:{free_port()}")
    away = command("check", "news.invalid")
    assert away.code == 1
    assert "news.invalid is taken for an address" in " ".join(away.err.split())
    assert "https://news.invalid" in away.out


def test_a_site_and_a_page_are_taken_as_such(stand: Newsstand, command: Command) -> None:
    """With --kind the home page itself is the source; one that is not there is none."""
    for kind in ("site", "page"):
        added = command("add", address(stand, "/"), "--kind", kind, "--name", f"a-{kind}")
        assert added.code == 0, added.err
    exported = command("export", "--toml").out
    assert exported.count(f'url = "{address(stand, "/")}"') == 2
    assert 'kind = "site"' in exported
    assert 'kind = "page"' in exported
    assert command("add", address(stand, "/nothing"), "--kind", "page").code == 1
    assert command("remove", "a-site", "a-page").code == 0


def test_source_lives_from_add_to_remove(stand: Newsstand, command: Command, tmp_path: Path) -> None:
    """A source is added once, listed, exported and imported again, paused, polled and removed; unknown names are exit 1."""
    assert "new       a" in command("add", address(stand), "--tag", "wire").out
    assert "unchanged a" in command("add", address(stand), "--tag", "wire").out
    listed = command("list")
    assert "1 in force" in listed.out
    assert max(map(len, listed.out.splitlines())) <= 80
    row = orjson.loads(command("list", "--json").out)
    assert (row["name"], row["url"], row["state"]) == ("a", address(stand), "new")
    for kind in ("opml", "toml"):
        path = tmp_path / f"sources.{kind}"
        path.write_text(command("export", f"--{kind}").out, encoding="utf-8")
        dry = command("import", str(path), "--dry-run")
        assert dry.out.split() == ["a", address(stand)], dry.err
    for kind in ("opml", "toml"):
        assert "0 new, 0 changed, 1 unchanged" in command("import", str(tmp_path / f"sources.{kind}")).out
    assert "paused  a" in command("pause", "a").out
    assert "paused" in command("health").out
    assert "polled again  a" in command("pause", "a", "--off").out
    assert "1 asked for" in command("poll", "a").out
    assert command("health", "--failing").code == 0
    gone = command("remove", "a", "b")
    assert gone.code == 1
    assert "removed  a" in gone.out
    assert "no source is called b" in gone.err


def test_a_poll_that_failed_says_why(command: Command, tmp_path: Path, broker: str) -> None:
    """A source that is new still, since its first poll failed, has the error; and one whose domain is left alone the wait."""
    path = tmp_path / "list.toml"
    path.write_text(
        "".join(
            f'[[source]]\nname = "{name}"\nurl = "https://{name}.example/feed"\n'
            for name in ("locked", "tired", "busy")
        )
    )
    assert command("import", str(path)).code == 0
    known = PollState(last_poll_at=time.time() - 200, error="HTTP 401 Unauthorized", failures=1.0)
    tired = DomainState("tired.example", time.time() + 7000, 1, 0.0, "HTTP 429")
    busy = PollState(last_poll_at=time.time(), health="healthy", turned_over=1_234, turned_over_at=time.time() - 7_300)
    states = {"s:locked": pack(known), "s:busy": pack(busy), "d:tired.example": domain_encoder.encode(tired)}
    with confluent_kafka.Producer({"bootstrap.servers": broker}) as producer:
        for key, value in states.items():
            producer.produce(POLLS.name, value, key)
    said = command("health").out
    assert "locked  new\n  its last poll failed, 3 min ago: HTTP 401 Unauthorized" in said
    assert "tired  new, not polled yet\n  tired.example is left alone for another" in said
    assert "nothing was left of the document before, 2 h ago (1,234 in all): entries between may have been" in said
    assert "2 could not be polled, or have to wait" in command("list").out
    failing = command("health", "--failing")
    assert failing.code == 1
    assert failing.out.startswith("locked") and "tired" not in failing.out
    assert command("remove", "locked", "tired", "busy").code == 0


def test_wrong_list_is_refused_with_its_place(command: Command, tmp_path: Path) -> None:
    """A misspelt field names its line and the source that has it, and the others are put into force."""
    path = tmp_path / "list.toml"
    wrong = '[[source]]\nname = "a"\nurl = "https://a.example/"\nintervall = 5\n'
    path.write_text(f'{wrong}[[source]]\nname = "b"\nurl = "https://b.example/"\n', encoding="utf-8")
    ended = command("import", str(path))
    assert ended.code == 1
    assert "line 4: source 1 a: there is no `intervall`" in ended.err
    assert ended.out == "1 new, 0 changed, 0 unchanged\n"
    assert command("remove", "b").code == 0


def test_laptop_at_rest_takes_sources(stand: Newsstand, command: Command, tmp_path: Path) -> None:
    """A folder on which nothing runs is added to, listed and removed from; what is written waits in its inbox."""
    data = ("--data", str(tmp_path / "data"))
    assert "new       a" in command("add", address(stand), *data).out
    assert "unchanged a" in command("add", address(stand), *data).out
    assert "1 in force" in command("list", *data).out
    assert "removed  a" in command("remove", "a", *data).out
    assert "0 in force" in command("list", *data).out


def test_starter_list_is_a_list_of_sources() -> None:
    """Each source of the starter list can be put into force, under a name and an address of its own."""
    found, _ = read_list(Path(__file__).parents[3] / "deploy/sources/public-broadcasters.toml")
    assert len(found) >= 20
    assert len({source.name for source in found}) == len({source.url for source in found}) == len(found)
