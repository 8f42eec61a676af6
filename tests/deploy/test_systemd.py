"""The systemd units: right for systemd itself, hardened, and patient with a worker that stops."""

import shutil
import subprocess
from pathlib import Path

import pytest

from wirewatch.cli.run import run

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
UNITS = ("wirewatch.service", "wirewatch@.service")
#: `systemd-analyze security`: 0 is safest; 20 stands for 2.0, "OK".
MOST_EXPOSED = 20


def lines(name: str) -> list[str]:
    """Return the lines of a unit that say something."""
    return [line for line in (FOLDER / name).read_text().splitlines() if line and not line.startswith("#")]


def analyzed(command: list[str], folder: Path, *, data: bool = False) -> subprocess.CompletedProcess[str]:
    """Run `systemd-analyze` on the units, with a program that is there in the place of ours, and on an instance."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for name in UNITS:
        text = (FOLDER / name).read_text().replace("/opt/wirewatch/bin/wirewatch", "/bin/true")
        (folder / name.replace("@", "@tag")).write_text(text)
    if data:
        (folder / "wirewatch.service.d").mkdir()
        text = (FOLDER / "data.conf").read_text().replace("/opt/wirewatch/bin/wirewatch", "/bin/true")
        (folder / "wirewatch.service.d" / "data.conf").write_text(text)
    return subprocess.run(
        ["systemd-analyze", *command, "./wirewatch.service", "./wirewatch@tag.service"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("data", [False, True])
def test_systemd_takes_the_units(tmp_path: Path, *, data: bool) -> None:
    """No section, name or value in them is unknown to it, nor with the folder of a worker without Kafka."""
    done = analyzed(["verify", "--man=no"], tmp_path, data=data)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_worker_under_systemd_is_exposed_little(tmp_path: Path) -> None:
    """By systemd's own measure, for both units."""
    done = analyzed(["security", "--offline=true", f"--threshold={MOST_EXPOSED}"], tmp_path)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    assert done.stdout.count("Overall exposure level") == len(UNITS)


def test_the_units_differ_in_their_steps_alone() -> None:
    """Whoever changes one changes the other."""
    whole, single = (lines(name) for name in UNITS)
    assert sorted({*whole} - {*single}) == [
        "Description=wirewatch: all steps",
        "ExecStart=/opt/wirewatch/bin/wirewatch run",
        "StateDirectory=wirewatch",
    ]
    assert sorted({*single} - {*whole}) == [
        "Description=wirewatch: %i",
        "EnvironmentFile=-/etc/wirewatch/%i.env",
        "ExecStart=/opt/wirewatch/bin/wirewatch run --steps %i",
        "StateDirectory=wirewatch/%i",
    ]
    assert "--steps" in {option for parameter in run.params for option in parameter.opts}


def test_children_that_are_killed_for_memory_do_not_stop_their_worker() -> None:
    """By itself systemd stops the whole unit then; and it waits for a worker for longer than that takes to stop."""
    for name in UNITS:
        said = dict(line.split("=", 1) for line in lines(name) if "=" in line)
        assert said["OOMPolicy"] == "continue"
        assert said["Restart"] == "always"
        assert said["RestartPreventExitStatus"] == "2"
        assert int(said["TimeoutStopSec"]) > 2 * 10
        assert said["KillMode"] == "mixed"
