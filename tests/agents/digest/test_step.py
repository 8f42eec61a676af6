"""The digest step: each moment once, also after a restart and after a pause."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.digest.settings import DigestSettings
from agents.digest.step import DigestSettler
from streams.message import Message, Settlement
from streams.records import Digest, encode
from streams.settings import Settings
from streams.topics import SHELVED
from tests.agents.digest.test_digest import story

EVENING = datetime(2026, 6, 1, 19, tzinfo=UTC)
MINE = frozenset({0})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with one digest, due at 20:00 UTC."""
    (tmp_path / "daily.toml").write_text('[digest.daily]\nat = ["20:00"]\n')
    return Settings(DigestSettings(folder=str(tmp_path)))


def told(settler: DigestSettler, name: str, source: str) -> Settlement:
    """Let the settler know of a story."""
    return settler.settle(Message(SHELVED.name, 0, 0, None, encode(story(name, source)), {}, 0.0), None)


def digests(settlement: Settlement) -> list[str]:
    """Return the ids of the digests that a settlement puts out."""
    return [output.record.id for output in settlement.outputs if isinstance(output.record, Digest)]


def test_a_digest_is_made_once_at_its_moment(settings: Settings) -> None:
    """Before its moment there is none, at it one, and after it none."""
    settler = DigestSettler(settings)
    told(settler, "ferry", "a")
    assert digests(settler.due(MINE, EVENING)) == []
    assert digests(settler.due(MINE, EVENING + timedelta(hours=1))) == ["daily:2026-06-01T20:00:00Z"]
    assert digests(settler.due(MINE, EVENING + timedelta(hours=2))) == []


def test_after_a_restart_the_same_moment_is_not_made_again(settings: Settings) -> None:
    """What is done is remembered with the stories, and a story that was shown is developing."""
    old, new = DigestSettler(settings), DigestSettler(settings)
    changes = [*told(old, "ferry", "a").changes, *old.due(MINE, EVENING).changes]
    changes += old.due(MINE, EVENING + timedelta(hours=1)).changes
    for change in changes:
        new.restore(change.topic, change.key, change.value)
    assert digests(new.due(MINE, EVENING + timedelta(hours=2))) == []
    assert new.shelf.held["en-ferry"].shown == {"daily": 1}


def test_of_moments_missed_only_the_latest_is_made_up_for(settings: Settings) -> None:
    """Three days without a worker bring one digest."""
    settler = DigestSettler(settings)
    settler.due(MINE, EVENING - timedelta(days=3))
    told(settler, "ferry", "a")
    assert digests(settler.due(MINE, EVENING + timedelta(hours=1))) == ["daily:2026-06-01T20:00:00Z"]


def test_a_worker_without_the_partition_makes_none(settings: Settings) -> None:
    """Only the worker that has the stories speaks."""
    settler = DigestSettler(settings)
    settler.due(MINE, EVENING)
    told(settler, "ferry", "a")
    assert digests(settler.due(frozenset(), EVENING + timedelta(hours=1))) == []
