"""Floors of the stories' quality on the development sets: lowered only on purpose and visibly.

The scorer is ../shared/eval/score_stories.py. No weight was learned from GVA; ECB+ and UCI gave half A of each.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.forked import forked

SHARED = Path(__file__).parents[3] / "shared"
EVAL, SETS = SHARED / "eval", SHARED / "data" / "dedup"

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not SETS.is_dir(), reason=f"the development sets are not at {SETS}"),
]


def scores(name: str, folder: Path) -> tuple[float, float]:
    """Return B-cubed F1 and pair F1 of `wirewatch apply dedup,tag,stories` on a set."""
    clean, out = folder / "clean.jsonl", folder / "out.jsonl"
    clean.write_bytes(
        subprocess.run([sys.executable, EVAL / "to_clean.py", SETS / name], check=True, capture_output=True).stdout
    )
    forked().call(["apply", "dedup,tag,stories", str(clean)], output=out, seconds=600).check_returncode()
    assert all(json.loads(line) for line in out.read_bytes().splitlines())
    scored: list[str | Path] = [sys.executable, EVAL / "score_stories.py", out, SETS / name]
    said = subprocess.run(scored, check=True, capture_output=True, text=True).stdout
    found = [float(value) for value in re.findall(r"F1 (\d?\.\d+)", said)]
    return found[0], found[1]


@pytest.mark.parametrize(
    ("name", "cubed", "pair"),
    [
        ("stories_ecbplus.jsonl.gz", 0.91, 0.88),
        ("stories_uci.jsonl.gz", 0.83, 0.85),
        ("stories_gva.jsonl.gz", 0.925, 0.765),
    ],
)
def test_stories(name: str, cubed: float, pair: float, tmp_path: Path) -> None:
    """Found stories agree with the true ones, article by article and pair by pair."""
    found = scores(name, tmp_path)
    assert found[0] >= cubed
    assert found[1] >= pair
