"""Lists of sources in files, and a folder of them that is kept in force."""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from agents.fetch.settings import FetchSettings
from streams.errors import InputError
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Source
from streams.settings import Settings
from wirewatch.folders.sources import SourceFolder
from wirewatch.metrics import new_metrics
from wirewatch.sources import topic as source_topic
from wirewatch.sources.files import read_folder, read_list
from wirewatch.sources.topic import OnKafka

OPML = '<opml version="2.0"><body><outline text="The Harbour" xmlUrl="https://harbour.example/feed"/></body></opml>'
TOML = '[[source]]\nname = "canal"\nurl = "https://canal.example/feed"\ntags = ["water"]\n'
JSON = '[{"name": "river", "url": "https://river.example/feed"}]'


def test_a_folder_has_lists_of_three_kinds(tmp_path: Path) -> None:
    """OPML, TOML and JSON stand side by side; other files, hidden ones and done ones are left alone."""
    (tmp_path / "a.opml").write_text(OPML)
    (tmp_path / "b.toml").write_text(TOML)
    (tmp_path / "c.json").write_text(JSON)
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / ".hidden.toml").write_text("[[[")
    found, faults = read_folder(tmp_path)
    assert {name: source.url for name, source in found.items()} == {
        "the-harbour": "https://harbour.example/feed",
        "canal": "https://canal.example/feed",
        "river": "https://river.example/feed",
    }
    assert faults == []


def test_the_first_file_has_a_name(tmp_path: Path) -> None:
    """A name that two files give belongs to the first, and the other is a fault that names the file."""
    (tmp_path / "a.toml").write_text(TOML)
    (tmp_path / "b.toml").write_text(TOML.replace("canal.example", "other.example"))
    found, faults = read_folder(tmp_path)
    assert found["canal"].url == "https://canal.example/feed"
    assert len(faults) == 1
    assert "b.toml" in faults[0]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "x = 1\n", "a table ..source.."),
        ("a.toml", "[[", "a.toml"),
        ("a.toml", f"x = {'9' * 5000}", "a.toml"),
        ("a.json", '"text"', "an object in the list"),
        ("a.json", "{", "a.json"),
        ("a.opml", "", "no feed is in it; a list is OPML"),
        ("a.opml", "<opml><outline xmlUrl='feed'/></opml>", "no feed is in it .no web address, left out: feed.;"),
    ],
)
def test_a_wrong_file_is_named_with_its_fault(tmp_path: Path, name: str, text: str, said: str) -> None:
    """A file that is no list of sources is refused as a whole."""
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_list(path)


@pytest.mark.parametrize("name", ["a.toml", "a.json"])
def test_a_wrong_table_leaves_the_others_of_its_file_in_force(tmp_path: Path, name: str) -> None:
    """One slip of the pen among forty sources stopped all of them, and said one fault at a time, without its line."""
    tables = [
        {"name": "canal", "url": "https://canal.example/feed"},
        {"name": "river", "url": "https://river.example/feed", "boby": "page", "backfill": "none"},
        {"name": "Sea!", "url": "https://sea.example/feed"},
        {"name": "lake"},
        {"name": "pond", "url": "https://pond.example/feed"},
    ]
    lines = [
        line for table in tables for line in ("[[source]]", *(f'{key} = "{value}"' for key, value in table.items()))
    ]
    (tmp_path / name).write_bytes(
        "\r\n".join(lines).encode() if name == "a.toml" else orjson.dumps({"sources": tables})
    )

    found, faults = read_folder(tmp_path)

    assert set(found) == {"canal", "pond"}
    said = {
        "source 2 river: Invalid enum value 'none' - at `$.backfill`; write one of mark, skip, take": 8,
        "source 2 river: there is no `boby` (did you mean body?); there are schema, name, url": 7,
        "source 3 Sea!: Expected `str` of a-z, 0-9": 10,
        "source 4 lake: Object missing required field `url`": 12,
    }
    assert len(faults) == len(said)
    for words, line in said.items():
        place = f"line {line}: " if name == "a.toml" else ""
        assert any(fault.startswith(f"{tmp_path / name}: {place}{words}") for fault in faults), words


def test_many_faults_of_a_list_are_counted(tmp_path: Path) -> None:
    """A list of another program, whose tables are all wrong, fills no log."""
    (tmp_path / "a.json").write_bytes(orjson.dumps([{"name": "x", "link": 1}] * 500))
    found, notes = read_list(tmp_path / "a.json")
    assert not found
    assert len(notes) == 21 and notes[-1].endswith(" more faults")


async def until(holds: Callable[[dict[str, Source]], bool], settings: Settings, seconds: float = 60.0) -> None:
    """Wait until the sources in force are as wanted."""
    end = time.monotonic() + seconds
    while not holds((await source_topic.in_force(OnKafka(settings)))[0]):
        assert time.monotonic() < end
        await asyncio.sleep(0.2)


async def test_a_folder_is_kept_in_force(settings: Settings, tmp_path: Path) -> None:
    """What stands there is in force, what goes is taken out; a wrong file changes nothing, other sources are left alone."""
    settings[FetchSettings].folder = str(tmp_path)
    (tmp_path / "a.toml").write_text(TOML)
    metrics = new_metrics()
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        added = datetime(2026, 1, 5, tzinfo=UTC)
        await source_topic.put(OnKafka(settings), [Source(name="own", url="https://own.example", added_at=added)])
        kept = SourceFolder(settings, metrics)
        kept.look_seconds = 0.05
        folder = asyncio.ensure_future(kept.run())
        try:
            await until(lambda found: set(found) == {"own", "canal"}, settings)
            before = (await source_topic.in_force(OnKafka(settings)))[0]["canal"]
            assert before.added_at is not None

            (tmp_path / "a.toml").write_text("[[")
            (tmp_path / "b.json").write_text(JSON)
            await until(lambda found: set(found) == {"own", "canal", "river"}, settings)
            assert metrics.registry.get_sample_value("wirewatch_source_file_faults") == 1

            (tmp_path / "a.toml").write_text(TOML.replace("water", "ships"))
            await until(lambda found: found["canal"].tags == ["ships"], settings)
            after = (await source_topic.in_force(OnKafka(settings)))[0]["canal"]
            assert after.added_at == before.added_at

            (tmp_path / "a.toml").unlink()
            await until(lambda found: set(found) == {"own", "river"}, settings)
        finally:
            folder.cancel()
            with suppress(asyncio.CancelledError):
                await folder


async def test_a_file_that_is_empty_for_one_look_takes_nothing_out_of_force(settings: Settings, tmp_path: Path) -> None:
    """An editor that truncates a file before it writes it may be looked at in between; empty at two looks is meant."""
    settings[FetchSettings].folder = str(tmp_path)
    path, seen = tmp_path / "a.toml", list[bool]()
    path.write_text(TOML)
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        kept = SourceFolder(settings, new_metrics())
        await kept.first_look()
        async with kept._connected() as (_, producer):
            for text in ("", TOML, "", TOML, "", ""):
                path.write_text(text)
                await kept._look(producer)
                seen.append("canal" in kept._in_force)
        assert not (await source_topic.in_force(OnKafka(settings)))[0]
    assert seen == [True] * 5 + [False]


def test_files_that_have_not_changed_are_not_read_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of a hundred thousand sources would be read anew each second."""
    settings[FetchSettings].folder = str(tmp_path)
    path = tmp_path / "a.toml"
    path.write_text(TOML)
    kept = SourceFolder(settings, new_metrics())
    monkeypatch.setattr("wirewatch.folders.synced.FRESH_SECONDS", math.inf)
    assert kept._read({}) is not kept._read({})  # it has just been written, and may be again
    monkeypatch.setattr("wirewatch.folders.synced.FRESH_SECONDS", -1.0)  # the time of a change cannot be set
    found = kept._read({})
    assert kept._read({}) is found
    assert kept._read({"canal": b"{}"}) is not found
    path.write_text(TOML.replace("canal", "river"))
    assert set(kept._read({})[0]) == {"river"}
    path.rename(tmp_path / "a.txt")
    assert kept._read({}) == ({}, [])
