"""Files of alerts: one line each, whole, on the disk."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.deliver.receivers.base import Attempt, Receiver
from agents.deliver.settings import FileSettings
from streams.errors import SettingsError
from streams.records import Alert, decode

Open = Callable[..., Receiver]
MakeAlert = Callable[..., Alert]


async def test_alerts_are_appended_as_lines(opened: Open, alert: MakeAlert, tmp_path: Path) -> None:
    """Each alert is a line after those that are there, in folders that are made for it."""
    path = tmp_path / "out" / "of" / "alerts.jsonl"
    receiver = opened(FileSettings(path=str(path)))

    for identifier in ("1", "2"):
        assert await receiver.send(alert(id=identifier), 1) == Attempt(delivered=True)

    assert [decode(line, Alert) for line in path.read_bytes().splitlines()] == [alert(id="1"), alert(id="2")]


async def test_file_is_its_owners_alone(opened: Open, alert: MakeAlert, tmp_path: Path) -> None:
    """A new file and its folder are for their owner alone; one that is there keeps its mode."""
    new, old = tmp_path / "out" / "alerts.jsonl", tmp_path / "old.jsonl"
    old.touch(mode=0o644)
    old.chmod(0o644)

    for path in (new, old):
        await opened(FileSettings(path=str(path))).send(alert(), 1)

    assert [path.stat().st_mode & 0o777 for path in (new, new.parent, old)] == [0o600, 0o700, 0o644]


async def test_many_at_once_are_whole_lines(opened: Open, alert: MakeAlert, tmp_path: Path) -> None:
    """Alerts that are sent together do not run into each other."""
    path = tmp_path / "alerts.jsonl"
    receiver = opened(FileSettings(path=str(path)))

    await asyncio.gather(*(receiver.send(alert(id=str(number)), 1) for number in range(50)))

    ids = {decode(line, Alert).id for line in path.read_bytes().splitlines()}
    assert ids == {str(number) for number in range(50)}


async def test_an_unfinished_line_spoils_only_itself(opened: Open, alert: MakeAlert, tmp_path: Path) -> None:
    """After a crash in the middle of a line, the next alert begins a new one."""
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"schema":"wirewa')

    await opened(FileSettings(path=str(path))).send(alert(), 1)

    first, second = path.read_bytes().splitlines()
    assert first == b'{"schema":"wirewa'
    assert decode(second, Alert) == alert()


async def test_a_file_that_was_moved_away_is_made_anew(opened: Open, alert: MakeAlert, tmp_path: Path) -> None:
    """Rotation by renaming needs no signal."""
    path = tmp_path / "alerts.jsonl"
    receiver = opened(FileSettings(path=str(path)))
    await receiver.send(alert(id="1"), 1)

    path.rename(tmp_path / "alerts.1")
    await receiver.send(alert(id="2"), 1)

    assert decode(path.read_bytes(), Alert).id == "2"


async def test_a_full_disk_is_told(opened: Open, alert: MakeAlert) -> None:
    """A line that cannot be written is a failed attempt that names file and reason, and is tried again."""
    attempt = await opened(FileSettings(path="/dev/full")).send(alert(), 1)

    assert attempt == Attempt(delivered=False, error="/dev/full: No space left on device")


async def test_a_folder_that_cannot_be_made_is_told(opened: Open, alert: MakeAlert, tmp_path: Path) -> None:
    """The error names the path."""
    (tmp_path / "taken").write_text("a file")

    attempt = await opened(FileSettings(path=str(tmp_path / "taken" / "alerts.jsonl"))).send(alert(), 1)

    assert not attempt.delivered and not attempt.final
    assert attempt.error is not None and str(tmp_path / "taken") in attempt.error


@pytest.mark.parametrize("path", ["", " ", "."])
def test_what_is_no_file_stops_the_start(opened: Open, path: str) -> None:
    """A folder or nothing as the path is a mistake in the settings."""
    with pytest.raises(SettingsError, match=r"receivers\.desk: path"):
        opened(FileSettings(path=path))
