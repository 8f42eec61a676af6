"""Count docstrings whose first line holds "what" as a pronoun: python -m tools.prose [--list] fails over 3% of a package.

"Return what a page is that stands in an article's place" says less than "Classify a page without an article": a sentence
that circles a noun hides it. `make check` runs this; `--list` names the lines.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("streams", "agents", "wirewatch", "tests", "bench", "tools")
MOST = 0.03
#: A word in quotes or code is not used, but named.
NAMED = re.compile(r"`[^`]*`|\"[^\"]*\"")
PRONOUN = re.compile(r"\bwhat\b", re.IGNORECASE)


def first_lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the line number and the first line of each docstring of a file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text.splitlines()[0]


def circles(line: str) -> bool:
    """Return whether a line holds "what" as a pronoun."""
    return PRONOUN.search(NAMED.sub("", line)) is not None


def main() -> int:
    """Print the share of each package; return 1 where one is over the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--list", action="store_true", help="name the lines")
    options = parser.parse_args()
    failed = False
    for package in PACKAGES:
        lines = [(file, *found) for file in sorted((ROOT / package).rglob("*.py")) for found in first_lines(file)]
        found = [(file, number, line) for file, number, line in lines if circles(line)]
        share = len(found) / max(1, len(lines))
        failed |= share > MOST
        verdict = "" if share <= MOST else f", more than {MOST:.0%}: say it by its noun"
        print(f"{package}: {len(found)} of {len(lines)} first lines hold 'what' ({share:.1%}){verdict}")
        for file, number, line in found if options.list or share > MOST else ():
            print(f"  {file.relative_to(ROOT)}:{number}: {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
