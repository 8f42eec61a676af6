"""`wirewatch sources` as its users call it: looked at, added, listed, exported, paused, removed."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest
from aiohttp import web

from streams.kafka.embedded import EmbeddedBroker
from tests.support.newsstand import Newsstand, SystemTime, feed, item
from wirewatch.source_files import read_list


class Ended(NamedTuple):
    """The end of a command: its exit code, and its output."""

    code: int
    out: str
    err: str


Command = Callable[..., Awaitable[Ended]]


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    """Give a server with a feed, and a home page that names it."""
    async with Newsstand(SystemTime()) as server:
        hours = [item(n, time.time() - 3600 * n) for n in range(1, 12)]
        server.pages["/feed"] = feed(*hours, headers={"ETag": '"1"'})
        server.pages["/"] = web.Response(
            text='<html><head><link rel="alternate" type="application/rss+xml" title="All" href="/feed"></head></html>',
            content_type="text/html",
        )
        yield server


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """Give an embedded broker's address."""
    with EmbeddedBroker() as embedded:
        yield embedded.bootstrap


@pytest.fixture
def command(broker: str, tmp_path: Path) -> Command:
    """Return a function that runs `wirewatch sources …` in a process of its own."""

    async def run(*arguments: str) -> Ended:
        environ = {
            **os.environ,
            "WIREWATCH_KAFKA_BOOTSTRAP": broker,
            "WIREWATCH_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
            "WIREWATCH_FETCH_DOMAIN_DELAY_SECONDS": "0.1",
            "COLUMNS": "80",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "wirewatch", "sources", *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=tmp_path,
            env=environ,
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    return run


def address(stand: Newsstand, path: str = "/feed") -> str:
    """Return an address of the stand."""
    return f"http://127.0.0.1:{stand.port}{path}"


async def test_check_says_in_plain_words_what_an_address_is(stand: Newsstand, command: Command) -> None:
    """One request; kind, entries, rhythm, validators and backfill, each in a sentence of its own."""
    ended = await command("check", address(stand))
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


async def test_check_of_what_is_no_source_fails_and_says_why(stand: Newsstand, command: Command) -> None:
    """A missing page is exit 1 and its status; a word is no address."""
    missing = await command("check", address(stand, "/nothing"))
    assert missing.code == 1
    assert "HTTP 404" in missing.out
    assert (await command("check", "ftp://a.example/")).code == 2


async def test_foreign_site_needs_a_contact(command: Command) -> None:
    """Without fetch.contact nobody's server is asked."""
    ended = await command("check", "http://1.1.1.1/feed")
    assert ended.code == 1
    assert "fetch.contact" in ended.out


async def test_home_page_leads_to_its_feed(stand: Newsstand, command: Command) -> None:
    """The feed that a home page names is shown, and taken with --yes; without an answer nothing is."""
    asked = await command("add", address(stand, "/"))
    assert asked.code == 1
    assert address(stand) in asked.out
    added = await command("add", address(stand, "/"), "--yes", "--name", "from-home")
    assert added.code == 0, added.err
    assert "new       from-home" in added.out
    assert (await command("remove", "from-home")).code == 0


async def test_a_site_and_a_page_are_taken_as_such(stand: Newsstand, command: Command) -> None:
    """With --kind the home page itself is the source; one that is not there is none."""
    for kind in ("site", "page"):
        added = await command("add", address(stand, "/"), "--kind", kind, "--name", f"a-{kind}")
        assert added.code == 0, added.err
    exported = (await command("export", "--toml")).out
    assert exported.count(f'url = "{address(stand, "/")}"') == 2
    assert 'kind = "site"' in exported
    assert 'kind = "page"' in exported
    assert (await command("add", address(stand, "/nothing"), "--kind", "page")).code == 1
    assert (await command("remove", "a-site", "a-page")).code == 0


async def test_source_lives_from_add_to_remove(stand: Newsstand, command: Command, tmp_path: Path) -> None:
    """A source is added once, listed, exported and imported again, paused, polled and removed; unknown names are exit 1."""
    assert "new       a" in (await command("add", address(stand), "--tag", "wire")).out
    assert "unchanged a" in (await command("add", address(stand), "--tag", "wire")).out
    listed = await command("list")
    assert "1 in force" in listed.out
    assert max(map(len, listed.out.splitlines())) <= 80
    row = orjson.loads((await command("list", "--json")).out)
    assert (row["name"], row["url"], row["state"]) == ("a", address(stand), "new")
    for kind in ("opml", "toml"):
        path = tmp_path / f"sources.{kind}"
        path.write_text((await command("export", f"--{kind}")).out, encoding="utf-8")
        dry = await command("import", str(path), "--dry-run")
        assert dry.out.split() == ["a", address(stand)], dry.err
    assert "0 new, 0 changed, 1 unchanged" in (await command("import", str(tmp_path / "sources.toml"))).out
    assert "paused  a" in (await command("pause", "a")).out
    assert "paused" in (await command("health")).out
    assert "polled again  a" in (await command("pause", "a", "--off")).out
    assert "1 asked for" in (await command("poll", "a")).out
    assert (await command("health", "--failing")).code == 0
    gone = await command("remove", "a", "b")
    assert gone.code == 1
    assert "removed  a" in gone.out
    assert "no source is called b" in gone.err


async def test_wrong_list_is_refused_with_its_place(command: Command, tmp_path: Path) -> None:
    """A misspelt field names the source that has it, and nothing is put into force."""
    path = tmp_path / "list.toml"
    path.write_text('[[source]]\nname = "a"\nurl = "https://a.example/"\nintervall = 5\n', encoding="utf-8")
    ended = await command("import", str(path))
    assert ended.code == 2
    assert "source 1 a" in ended.err
    assert "intervall" in ended.err


async def test_laptop_at_rest_takes_sources(stand: Newsstand, command: Command, tmp_path: Path) -> None:
    """A folder on which nothing runs is added to, listed and removed from; what is written waits in its inbox."""
    data = ("--data", str(tmp_path / "data"))
    assert "new       a" in (await command("add", address(stand), *data)).out
    assert "unchanged a" in (await command("add", address(stand), *data)).out
    assert "1 in force" in (await command("list", *data)).out
    assert "removed  a" in (await command("remove", "a", *data)).out
    assert "0 in force" in (await command("list", *data)).out


def test_starter_list_is_a_list_of_sources() -> None:
    """Each source of the starter list can be put into force, under a name and an address of its own."""
    found, _ = read_list(Path(__file__).parents[2] / "deploy/sources/public-broadcasters.toml", set())
    assert len(found) >= 20
    assert len({source.name for source in found}) == len({source.url for source in found}) == len(found)
