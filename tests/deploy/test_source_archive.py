"""The source archive of a release holds all files that the README leads to."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: What setuptools takes by itself.
OF_ITSELF = {"README.md", "LICENSE", "NOTICE.md", "pyproject.toml"}


def test_the_archive_holds_what_the_readme_leads_to_and_make_reads() -> None:
    """It had the code alone: no document, no schema, no Makefile for its two commands."""
    lines = [line.split() for line in (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()]
    taken = OF_ITSELF | {name for line in lines if line[0] in ("graft", "include") for name in line[1:]}
    taken |= {path.rstrip("*") for path in packages()}

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    led_to = {link.partition("/")[0] for link in re.findall(r"\]\(([^)#:]+)", readme)}
    run = set(re.findall(r"-m (\w+)\.", (ROOT / "Makefile").read_text(encoding="utf-8")))

    assert {"docs", "schemas"} <= led_to
    assert led_to | run | {"Makefile", "tests"} <= taken
    assert all((ROOT / name).exists() for name in taken)


def packages() -> list[str]:
    """Return the packages of the distribution."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = project["tool"]["setuptools"]["packages"]["find"]["include"]
    return found
