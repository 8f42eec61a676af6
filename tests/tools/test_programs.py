"""Programs that tests and benches start end with these, also where they are killed."""

import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import ENDS_WITH_TESTS

ROOT = Path(__file__).parents[2]
SCRIPT = """
import time
from tests.support.processes import start_program
start_program(["bash", "-c", "echo started; exec sleep 600"])
time.sleep(600)
"""
#: A session of its own ends with the tests by these alone; what forks commands follows its standard input.
STARTERS = {"tests/support/processes.py", "tests/support/forked.py"}


@pytest.mark.skipif(not ENDS_WITH_TESTS, reason="setpriv is not on the PATH")
def test_a_program_ends_with_tests_that_are_killed() -> None:
    """It has the tests' output, which has its end only when both are gone."""
    with subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=ROOT, stdout=subprocess.PIPE) as tests:
        assert tests.stdout is not None
        assert tests.stdout.readline() == b"started\n"
        tests.kill()
        assert select.select([tests.stdout], [], [], 60)[0], "the program goes on"
        assert tests.stdout.read() == b""


def test_sessions_are_started_in_one_place() -> None:
    """A program in a session of its own that is started otherwise would go on behind tests that are killed."""
    files = [path for folder in ("tests", "bench", "tools") for path in (ROOT / folder).rglob("*.py")]
    wanted = "start_new" + "_session"
    assert {str(path.relative_to(ROOT)) for path in files if wanted in path.read_text(encoding="utf-8")} == STARTERS
