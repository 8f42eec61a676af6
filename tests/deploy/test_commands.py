"""The Makefile, .ci/run and the local Kafka's script, as far as they can be tested without running all."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = (".ci/run", "deploy/kafka/run.sh")


def make(*arguments: str) -> str:
    """Return the output of make."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def targets() -> list[str]:
    """Return the commands that the Makefile declares."""
    return re.findall(r"^\.PHONY: (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_help_lists_every_command() -> None:
    """`make` alone lists each command once, with a description."""
    listed = dict(re.findall(r"^make (\S+) +(\S.*)$", make(), re.MULTILINE))

    assert list(listed) == targets()


def test_run_starts_the_demo() -> None:
    """`make run` ends with `wirewatch demo`."""
    assert make("--dry-run", "run").splitlines()[-1] == ".venv/bin/wirewatch demo"


def test_an_old_python_is_named_with_what_to_do(tmp_path: Path) -> None:
    """A Python before 3.11 ends the installation with its version and how to name another."""
    old = tmp_path / "python"
    old.write_text(
        "#!/usr/bin/env python3\n"
        "import sys\n"
        "sys.version, sys.version_info = '3.9.2 (default)', (3, 9, 2)\n"
        "exec(sys.argv[2])\n"
    )
    old.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    done = subprocess.run(
        ["make", "--no-print-directory", "-f", str(ROOT / "Makefile"), f"PYTHON={old}", ".venv/python"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0
    assert "wirewatch needs Python 3.11 or later" in done.stderr
    assert "is 3.9.2" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run(script: str) -> None:
    """Each script is executable and bash can parse it."""
    subprocess.run(["bash", "-n", str(ROOT / script)], check=True, timeout=10)

    assert os.access(ROOT / script, os.X_OK)


def test_ci_runs_what_the_makefile_has() -> None:
    """Continuous integration runs the checks and all kinds of tests, by the Makefile's names."""
    [loop] = re.findall(r"^for target in (.*); do$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(loop.split()) == {"check", "quality", "test", "test-kafka"}
    assert set(loop.split()) <= set(targets())


@pytest.mark.parametrize(("steady_from", "code"), [(1, 0), (2, 1)])
def test_ci_tries_a_failed_test_once_more(tmp_path: Path, steady_from: int, code: int) -> None:
    """A test that passes at the second try is named and stops nothing; one that fails twice fails the run."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    python = tmp_path / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "Makefile").write_text(
        "check quality test-kafka:\n\ntest:\n\t.venv/bin/python -m pytest\n", encoding="utf-8"
    )
    (tmp_path / "test_it.py").write_text(
        "from pathlib import Path\n\n"
        "def test_unsteady():\n"
        "    tries = Path('tries')\n"
        "    before = int(tries.read_text()) if tries.exists() else 0\n"
        "    tries.write_text(str(before + 1))\n"
        f"    assert before >= {steady_from}\n",
        encoding="utf-8",
    )
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in (
        "java",
        "javac",
        "mvn",
        "prometheus",
        "promtool",
        "amtool",
        "kcat",
        "chromium",
        "chromedriver",
        "apt-get",
    ):
        (tools / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTEST"))}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # they take longer to load than all that is run here

    done = subprocess.run(
        [".ci/run"],
        cwd=tmp_path,
        env=environment | {"PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert "failed at the first try:\ntest_it.py::test_unsteady" in done.stdout


def test_a_missing_java_is_named_with_what_to_install(tmp_path: Path) -> None:
    """Without Java the local Kafka's script says so, before it does anything else."""
    bash = shutil.which("bash")
    dirname = shutil.which("dirname")
    assert bash
    assert dirname
    (tmp_path / "dirname").symlink_to(dirname)

    done = subprocess.run(
        [bash, str(ROOT / "deploy/kafka/run.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("kafka: java is not on the PATH")
