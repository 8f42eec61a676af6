"""The digest step: each moment once, also after a restart and after a pause."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import orjson
import pytest

from agents.digest.settings import DigestSettings
from agents.digest.step import DigestSettler
from streams.errors import InvalidRecord, SettingsError
from streams.message import Message, Settlement
from streams.records import Digest, encode
from streams.settings import Settings
from streams.topics import DIGEST_STATES, MATCHES, SHELVED
from tests.agents.digest.test_digest import story

EVENING = datetime(2026, 6, 1, 19, tzinfo=UTC)
MINE = frozenset({0})
#: A minute after the moment, when the digest is made.
DUE = datetime(2026, 6, 1, 20, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with one digest, due at 20:00 UTC."""
    (tmp_path / "daily.toml").write_text('[digest.daily]\nat = ["20:00"]\n')
    return Settings(DigestSettings(folder=str(tmp_path)))


def told(settler: DigestSettler, name: str, source: str, arrived: datetime | None = None) -> Settlement:
    """Let the settler know of a story."""
    timestamp = arrived.timestamp() if arrived else 0.0
    return settler.settle(Message(SHELVED.name, 0, 0, None, encode(story(name, source)), {}, timestamp), None)


def match(watch: str, article: str, title: str) -> bytes:
    """Return the record of an article whose title's first word a watch matched."""
    span = {"field": "title", "start": 0, "end": title.index(" ")}
    return orjson.dumps({"watch": {"name": watch}, "article": {"id": article, "title": title}, "spans": [span]})


def digests(settlement: Settlement) -> list[str]:
    """Return the ids of the digests that a settlement puts out."""
    return [output.record.id for output in settlement.outputs if isinstance(output.record, Digest)]


def test_a_digest_is_made_once_at_its_moment(settings: Settings) -> None:
    """Before its moment there is none, at it one, and after it none."""
    settler = DigestSettler(settings)
    told(settler, "ferry", "a")
    assert digests(settler.due(MINE, EVENING)) == []
    assert digests(settler.due(MINE, DUE)) == ["daily:2026-06-01T20:00:00Z"]
    assert digests(settler.due(MINE, EVENING + timedelta(hours=2))) == []


def test_after_a_restart_the_same_moment_is_not_made_again(settings: Settings) -> None:
    """A digest that was sent is remembered with the stories, and a story that was shown is developing."""
    old, new = DigestSettler(settings), DigestSettler(settings)
    changes = [*told(old, "ferry", "a").changes, *old.due(MINE, EVENING).changes]
    changes += old.due(MINE, DUE).changes
    for change in changes:
        new.restore(change.topic, change.key, change.value)
    assert digests(new.due(MINE, EVENING + timedelta(hours=2))) == []
    assert new.shelf.held["en-ferry"].shown == {"daily": 1}
    assert digests(new.due(MINE, DUE + timedelta(days=1))) == []  # nothing has come since


def test_what_comes_late_is_in_the_next_one(settings: Settings) -> None:
    """A story that steps before were late with, fetched before the moment, is shown by the digest after it."""
    settler = DigestSettler(settings)
    settler.due(MINE, EVENING)
    told(settler, "ferry", "a")
    settler.due(MINE, DUE)
    told(settler, "tram", "a", arrived=DUE + timedelta(hours=1))
    (output,) = settler.due(MINE, DUE + timedelta(days=1)).outputs
    assert isinstance(output.record, Digest)
    assert [one.id for section in output.record.sections for one in section.stories] == ["en-tram"]


def test_after_an_outage_what_waited_comes_first(settings: Settings) -> None:
    """A worker that begins late makes the digest only when the stories that waited for it are there."""
    settler, late = DigestSettler(settings), timedelta(hours=1)
    settler.restore(DIGEST_STATES, "done:daily", b"2026-05-31T20:00:00+00:00 2026-05-31T20:01:00+00:00")
    assert digests(settler.due(MINE, DUE + late)) == []
    told(settler, "ferry", "a", arrived=DUE - timedelta(hours=2))
    assert digests(settler.due(MINE, DUE + late + timedelta(seconds=25))) == []  # still behind
    assert digests(settler.due(MINE, DUE + late + timedelta(seconds=30))) == ["daily:2026-06-01T20:00:00Z"]


def test_a_digest_of_a_watch_shows_what_that_matched_and_the_words(tmp_path: Path) -> None:
    """Stories without a match are left out; the words that matched are the reason."""
    (tmp_path / "daily.toml").write_text('[digest.daily]\nat = ["20:00"]\nwatch = "boats"\n')
    settler = DigestSettler(Settings(DigestSettings(folder=str(tmp_path))))
    assert list(settler.follows) == [MATCHES]
    settler.due(MINE, EVENING)
    told(settler, "ferry", "a")
    told(settler, "tram", "a")
    settler.restore(MATCHES, "boats", match("boats", "ferrya", "Ferry ferry by a"))
    settler.restore(MATCHES, "boats", match("trams", "trama", "Tram tram by a"))
    (output,) = settler.due(MINE, DUE).outputs
    assert isinstance(output.record, Digest)
    shown = [one for section in output.record.sections for one in section.stories]
    assert [(one.id, one.why) for one in shown] == [("en-ferry", ["watch boats: Ferry"])]


def test_of_moments_missed_only_the_latest_is_made_up_for(settings: Settings) -> None:
    """Three days without a worker bring one digest."""
    settler = DigestSettler(settings)
    settler.due(MINE, EVENING - timedelta(days=3))
    told(settler, "ferry", "a")
    assert digests(settler.due(MINE, DUE)) == ["daily:2026-06-01T20:00:00Z"]


def test_a_worker_without_the_partition_makes_none(settings: Settings) -> None:
    """Only the worker that has the stories speaks."""
    settler = DigestSettler(settings)
    settler.due(MINE, EVENING)
    told(settler, "ferry", "a")
    assert digests(settler.due(frozenset(), DUE)) == []


@pytest.mark.parametrize("change", [{"languages": []}, {"fetched_at": "2026-06-01T19:30:00"}])
def test_a_story_that_is_odd_stops_no_digest(settings: Settings, change: dict[str, object]) -> None:
    """One without a language, or with a time without a zone, is shown beside the others."""
    settler = DigestSettler(settings)
    settler.due(MINE, EVENING)
    record = orjson.loads(encode(story("ferry", "a")))
    for part in (record, record["article"]):
        part |= {name: value for name, value in change.items() if name in part}
    for value in (orjson.dumps(record), encode(story("tram", "b"))):
        settler.settle(Message(SHELVED.name, 0, 0, None, value, {}, (EVENING + timedelta(minutes=1)).timestamp()), None)
    (output,) = settler.due(MINE, DUE).outputs
    assert isinstance(output.record, Digest)
    assert {shown.id for section in output.record.sections for shown in section.stories} == {"en-ferry", "en-tram"}


def test_a_digest_that_was_made_in_the_future_was_not_made(settings: Settings) -> None:
    """A state that says so silences no digest until then."""
    settler = DigestSettler(settings)
    settler.restore(DIGEST_STATES, "done:daily", b"9999-12-31T00:00:00 9999-12-31T00:00:00")
    settler.due(MINE, EVENING)
    told(settler, "ferry", "a", arrived=EVENING + timedelta(minutes=1))
    assert digests(settler.due(MINE, DUE)) == ["daily:2026-06-01T20:00:00Z"]


def test_a_digest_whose_moment_is_deleted_is_as_new(settings: Settings) -> None:
    """It is next due at its next moment."""
    settler = DigestSettler(settings)
    settler.restore(DIGEST_STATES, "done:daily", b"2026-05-31T20:00:00+00:00")
    settler.restore(DIGEST_STATES, "done:daily", None)
    told(settler, "ferry", "a", arrived=EVENING + timedelta(minutes=1))
    assert digests(settler.due(MINE, DUE)) == []


def test_states_of_which_no_digest_could_be_made_are_refused(settings: Settings) -> None:
    """The state that was known under the key stays."""
    settler = DigestSettler(settings)
    (change,) = told(settler, "ferry", "a").changes
    record = msgspec.msgpack.decode(change.value or b"")
    for key, value in (
        ("story:en-other", record),
        ("story:en-ferry", [*record[:5], b"no hash"]),
        ("story:en-ferry", [record[0], {"a": "0001-01-01T00:00:00+14:00"}]),
        ("done:daily", None),
        ("drawn:daily", None),
    ):
        with pytest.raises(InvalidRecord):
            settler.restore(DIGEST_STATES, key, msgspec.msgpack.encode(value) if value else b"")
    assert list(settler.shelf.held) == ["en-ferry"]


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000 + "]" * 5_000, "a = " + "9" * 5_000, "a = {" * 2_000])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    """Whatever stands in it, the start ends with its name and not with a fault of ours."""
    (tmp_path / "daily.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"daily\.toml"):
        DigestSettler(Settings(DigestSettings(folder=str(tmp_path))))


def test_a_pipe_among_the_files_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody may ever write into it."""
    os.mkfifo(tmp_path / "daily.toml")
    with pytest.raises(SettingsError, match="no regular file"):
        DigestSettler(Settings(DigestSettings(folder=str(tmp_path))))
