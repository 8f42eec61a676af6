"""Floors of the duplicates' quality on the development sets: lowered only on purpose and visibly.

The scorer is ../shared/eval/score_dedup.py; bench/dedup.py runs it on each method.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from agents.dedup.decide import Deduplicator
from agents.dedup.sketch import make_sketch
from streams.records import Clean

SHARED = Path(__file__).parents[3] / "shared"
EVAL, SETS = SHARED / "eval", SHARED / "data" / "dedup"

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not SETS.is_dir(), reason=f"the development sets are not at {SETS}"),
]

SYNTHETIC = "neardup_synth.jsonl.gz"
NATURAL = "neardup_natural_pairs.jsonl.gz"


@cache
def sketched(name: str) -> list[tuple[Clean, bytes]]:
    """Return the clean records that the scorer's own converter makes of a set, with their sketches: made once for all tests."""
    return [(article, make_sketch(article)) for article in articles(name)]


def articles(name: str) -> Iterator[Clean]:
    """Yield the clean records of a set."""
    command: list[str | Path] = [sys.executable, EVAL / "to_clean.py", SETS / name]
    for line in subprocess.run(command, check=True, capture_output=True).stdout.splitlines():
        record = json.loads(line)
        # Some times have no zone; the decider looks at none of them.
        yield msgspec.convert({**record, "published_at": None, "fetched_at": "2026-01-01T00:00:00Z"}, Clean)


def scores(name: str, out: Path, *options: str) -> dict[str, float]:
    """Return the scorer's figures by name, and the share found of each kind of edit."""
    decider = Deduplicator()
    with out.open("w") as lines:
        for number, (article, sketch) in enumerate(sketched(name)):
            decision = decider.decide(sketch, float(number), str(number))
            row = {"id": article.id, "ref": article.ref, "duplicate_of": decision.duplicate_of}
            lines.write(json.dumps(row) + "\n")
    command: list[str | Path] = [sys.executable, EVAL / "score_dedup.py", out, SETS / name, *options]
    first, *kinds = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    words = first.split()
    if options:
        return {"P": float(words[3]), "R": float(words[5])}
    found = {kind.split()[0]: float(kind.split()[1]) for kind in kinds if "original" not in kind}
    return {"document P": float(words[8]), "pair F1": float(words[19]), **found}


def test_derived_copies(tmp_path: Path) -> None:
    """Copies made by fifteen kinds of edit: precision .995, pair F1 .983, and no kind under .80."""
    found = scores(SYNTHETIC, tmp_path / "out.jsonl")

    assert found.pop("document P") >= 0.995
    assert found.pop("pair F1") >= 0.983
    assert len(found) == 15
    assert min(found.values()) >= 0.80, found


def test_pairs_found_in_the_wild(tmp_path: Path) -> None:
    """Real pairs, templates and pages of boilerplate among them: precision .95, recall .97."""
    found = scores(NATURAL, tmp_path / "out.jsonl", "--pairs")

    assert found["P"] >= 0.95
    assert found["R"] >= 0.97


@pytest.mark.parametrize(("kept", "floor"), [(0.12, 0.90), (0.2, 0.95)])
def test_short_leads_of_long_pieces(kept: float, floor: float) -> None:
    """The first eighth of a piece of 250 words or more, under another title, is found as a copy of it."""
    decider = Deduplicator()
    originals = [(article, sketch) for article, sketch in sketched(SYNTHETIC) if str(article.ref).endswith("-0")]
    for number, (_, sketch) in enumerate(originals):
        decider.decide(sketch, float(number), str(number))
    pieces = [article for article, _ in originals if len(article.text.split()) >= 250]

    found = 0
    for number, piece in enumerate(pieces):
        words = piece.text.split()
        lead = " ".join(words[: int(kept * len(words))])
        copy = msgspec.structs.replace(piece, id=f"{piece.id}-lead", fetch_id="", title="In brief", text=lead)
        found += decider.decide(make_sketch(copy), 1e5 + number, f"lead {number}").duplicate_of == piece.id

    assert len(pieces) > 1000
    assert found / len(pieces) >= floor
