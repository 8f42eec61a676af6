"""`wirewatch digest check`: when digests are due, doubts and faults."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import wirewatch.cli
from streams.settings import Settings
from wirewatch.history.digest_check import checked


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of work with settings, a watch and digests of odd zones."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wirewatch.toml").write_text(
        '[receivers.desk-mail]\ntype = "file"\npath = "alerts.jsonl"\n'
        '[watch]\nfolder = "watches"\n[digest]\nfolder = "digests"\n'
    )
    for name in ("watches", "digests"):
        (tmp_path / name).mkdir()
    (tmp_path / "watches" / "ports.toml").write_text('query = "strike* AND port"\n')
    return tmp_path


def check(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and all that it printed."""
    done = CliRunner().invoke(wirewatch.cli.main, ["digest", "check", *arguments])
    return done.exit_code, done.output


def test_a_digest_without_doubts(folder: Path) -> None:
    """It is told when the digest is due, and whom it goes to."""
    (folder / "digests" / "a.toml").write_text('[digest.north]\nwatch = "ports"\nreceivers = ["desk-mail"]\n')
    code, said = check()
    assert code == 0
    assert said.startswith("north: next ")
    assert said.endswith("; to desk-mail\n1 digest, 0 findings\n")


def test_doubts_end_with_one_and_faults_with_two(folder: Path) -> None:
    """An unknown receiver or watch is named with the one that may be meant; a wrong digest with file and line."""
    file = folder / "digests" / "a.toml"
    file.write_text('[digest.a]\nreceivers = ["desk-mial"]\nwatch = "port"\n[digest.b]\n')
    code, said = check(str(file))
    assert code == 1
    assert "called desk-mial (did you mean desk-mail?)" in said
    assert "called port (did you mean ports?)" in said
    assert "b: it goes to nobody" in said
    file.write_text('[digest.a]\nat = ["7:00"]\n')
    code, said = check()
    assert code == 2
    assert "a.toml:2: digest.a:" in said


def test_two_digests_of_one_name_are_a_fault_of_the_second_file(folder: Path) -> None:
    """It is named with its line."""
    (folder / "digests" / "a.toml").write_text("[digest.north]\n")
    (folder / "digests" / "b.toml").write_text("[digest.south]\n\n[digest.north]\n")
    code, said = check()
    assert code == 2
    assert "b.toml:3: digest.north: there is a digest of this name already" in said
    assert "a.toml" not in said


@pytest.mark.parametrize(
    ("zone", "times", "now", "said"),
    [
        ("Asia/Kathmandu", 'at = ["05:45"]', "2026-11-30", "Tue 01 Dec 2026 05:45 Asia/Kathmandu (Tue 00:00 UTC)"),
        ("Pacific/Chatham", 'every = "6h"', "2026-11-30", "Mon 30 Nov 2026 18:00 Pacific/Chatham (Mon 04:15 UTC)"),
        ("UTC", 'when = "0 7 29 2 *"', "2026-11-30", "Tue 29 Feb 2028 07:00 UTC"),
        ("Europe/Oslo", 'at = ["02:30"]', "2026-03-28T12:00", "Sun 29 Mar 2026 03:30 Europe/Oslo (Sun 01:30 UTC)"),
        (
            "Europe/Oslo",
            'at = ["02:30"]',
            "2026-10-24T12:00",
            "Sun 25 Oct 2026 02:30 Europe/Oslo (Sun 00:30 UTC), Mon 26",
        ),
    ],
)
def test_times_are_said_by_the_clock_of_the_zone(tmp_path: Path, zone: str, times: str, now: str, said: str) -> None:
    """Zones of quarters of an hour, a leap day, an hour that is skipped and one that comes twice."""
    file = tmp_path / "a.toml"
    file.write_text(f'[digest.a]\n{times}\ntimezone = "{zone}"\n')
    assert f"a: next {said}" in checked(Settings(), file, datetime.fromisoformat(now).replace(tzinfo=UTC))[0][0]
