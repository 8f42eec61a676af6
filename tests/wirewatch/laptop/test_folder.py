"""A laptop's folder that cannot be used says why in plain words; who only looks at one writes nothing there."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from streams.errors import JournalError
from wirewatch.laptop.folder import BROKER, LOCK, bootstrap_of, locked

LOCKS = """
import sys
from pathlib import Path
from wirewatch.laptop.folder import announced, bootstrap_of, locked
try:
    folder = Path(sys.argv[2])
    if sys.argv[1] == "looks":
        print(bootstrap_of(folder))
    else:
        with locked(folder), announced(folder, "127.0.0.1:1"):
            print("taken")
except Exception as error:
    print(type(error).__name__, error)
"""
#: A small disk: a folder on it while there is room, again when it is full, another when it is read-only; a look at the first.
DISK = """
mount -t tmpfs -o size=64k tmpfs "$3"
"$1" -c "$2" takes "$3/a"
dd if=/dev/zero of="$3/ballast" bs=1k count=100 2>&-
"$1" -c "$2" takes "$3/a"
mount -o remount,ro "$3"
"$1" -c "$2" takes "$3/b"
"$1" -c "$2" looks "$3/a"
"""


def unshared(*command: str) -> list[str]:
    """Return the lines that a command prints in namespaces of its own; skip the test where there can be none."""
    tool = shutil.which("unshare")
    if tool is None or subprocess.run([tool, "--user", "--map-root-user", "--mount", "true"], check=False).returncode:
        pytest.skip("unshare cannot make namespaces here")
    return subprocess.run([tool, *command], check=True, capture_output=True, text=True, timeout=60).stdout.splitlines()


def test_a_disk_that_is_full_or_read_only_is_named(tmp_path: Path) -> None:
    """Each trouble has its own words; a folder that cannot be written can still be looked at."""
    words = unshared(
        "--user", "--map-root-user", "--mount", "sh", "-c", DISK, "sh", sys.executable, LOCKS, str(tmp_path)
    )
    assert words[0] == "taken"
    assert words[1].startswith(f"JournalError {tmp_path}/a cannot be used: its disk is full")
    assert words[2].startswith(f"JournalError {tmp_path}/b cannot be used: its disk is mounted read-only")
    assert words[3] == "None"


def test_a_folder_of_somebody_else_is_named(tmp_path: Path) -> None:
    """Without the right to write there it says so; not even the owner of the machine has it here."""
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o555)
    words = unshared("--user", sys.executable, "-c", LOCKS, "takes", str(folder))
    assert words[0].startswith(f"JournalError {folder} cannot be used: this user may not read and write it")


def test_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    """So it is where the file stands in the place of a folder above."""
    place = tmp_path / "news"
    place.touch()
    for folder in (place, place / "more"):
        with pytest.raises(JournalError, match="a file is in its place"), locked(folder):
            pass


def test_a_fault_of_the_work_is_not_the_folders(tmp_path: Path) -> None:
    """An error of the system that comes later, from somewhere else, is shown as itself."""
    with pytest.raises(ConnectionResetError), locked(tmp_path):
        raise ConnectionResetError


def test_who_looks_leaves_the_lock_as_it_is(tmp_path: Path) -> None:
    """The address is there only while somebody holds the folder; no lock is made by asking."""
    (tmp_path / BROKER).write_text("127.0.0.1:1\n")
    assert bootstrap_of(tmp_path) is None
    assert not (tmp_path / LOCK).exists()
    (tmp_path / LOCK).touch(mode=0o444)
    assert bootstrap_of(tmp_path) is None
    with (tmp_path / LOCK).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert bootstrap_of(tmp_path) == "127.0.0.1:1"
