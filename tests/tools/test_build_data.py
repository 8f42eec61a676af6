"""Built data: sources are pinned, and learnt files are compared with the hashes of their training."""

import re
from pathlib import Path

import pytest

from tools import build_data

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", build_data.BUILDS)
def test_every_source_is_pinned(name: str) -> None:
    """Each requirement has one version and a SHA-256, so that pip takes no other file."""
    text = (build_data.SOURCES / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]

    assert lines
    assert all(re.fullmatch(r"[a-z]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)


def test_every_script_that_builds_is_there() -> None:
    """The scripts that are run, and those that are named for trainings, are modules of tools."""
    scripts = {script for scripts in build_data.BUILDS.values() for script in scripts}
    scripts |= {row.script for row in build_data.learnt(None)}

    assert all((ROOT / "tools" / f"{script}.py").is_file() for script in scripts)


def test_shipped_weights_are_those_of_their_training() -> None:
    """Each learnt file has the hash that its lock names; of the texts none is shipped."""
    rows = list(build_data.learnt(None))

    assert {row.state for row in rows if not row.licence} == {"same"}
    assert {row.state for row in rows if row.licence and "this project" not in row.licence} == {"missing"}


def test_texts_are_compared_with_the_lock(tmp_path: Path) -> None:
    """A file of the right name with other content is another."""
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "dict.txt").write_text("other words", encoding="utf-8")

    [row] = [row for row in build_data.learnt(tmp_path) if row.name == "dict.txt"]

    assert row.state == "another"


def test_a_missing_cldr_is_named_with_its_package(tmp_path: Path) -> None:
    """Without CLDR nothing is built, and the error says how to get it; another version is refused too."""
    with pytest.raises(SystemExit, match="apt-get install unicode-cldr-core"):
        build_data.check_cldr(tmp_path)
    (tmp_path / "common" / "subdivisions").mkdir(parents=True)
    with pytest.raises(SystemExit, match="CLDR 41"):
        build_data.check_cldr(tmp_path)
