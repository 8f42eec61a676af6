"""Floors of region tagging on the development sets: lowered only on purpose.

The sets lie beside the project and are no part of it; nothing was trained on them, but rules and tables were read against
them. Counting is bench/regions.py's, which counts what the scorer beside the sets counts.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from agents.tag.regions import RegionTagger
from agents.tag.step import models
from bench import regions as bench

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".." / "shared" / "data" / "regions"

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the development sets are not at {DATA}"),
]


class Floor(NamedTuple):
    """A set by name and the start of its SHA-256, and the least primary accuracy on it."""

    name: str
    digest: str
    primary: float


FOUR = ("lgl", "trnews", "gwn", "geovirus")
FLOORS = [
    Floor("reuters_places", "8e36c78ea39ee2eb", 0.97),
    Floor("ntrex_eng", "8703e720de53bd3d", 0.97),
    Floor("ntrex_deu", "71ab8b0884e9f930", 0.95),
    Floor("ntrex_fra", "f34e140998fdff09", 0.93),
    Floor("ntrex_spa", "6fc60e3c6c97acbe", 0.95),
    Floor("ntrex_ita", "1c0c6b465ec301a8", 0.95),
    Floor("ntrex_por", "0128af4551efbc7c", 0.95),
    Floor("ntrex_rus", "091270530eaabad5", 0.95),
    Floor("ntrex_tur", "503fad3d445fe1ec", 0.93),
    Floor("ntrex_arb", "6fb9451ee33d2dc8", 0.93),
    Floor("ntrex_zho-CN", "cabe83e534664dc5", 0.93),
    Floor("ntrex_jpn", "09b050459948e09b", 0.95),
    Floor("ntrex_kor", "824f46443b14abe6", 0.95),
    Floor("ntrex_nld", "2e031e577a326750", 0.95),
    Floor("ntrex_pol", "7c8a23f4effac2c0", 0.93),
    Floor("ntrex_ukr", "fca7a979f4710c2b", 0.95),
    Floor("ntrex_hin", "30c50104f39a7460", 0.93),
]


@pytest.fixture(scope="module")
def tagger() -> RegionTagger:
    """The shipped gazetteer, read once."""
    return models()[0]


Measured = Callable[[str], Counter[str]]


@pytest.fixture(scope="module")
def measured(tagger: RegionTagger) -> Measured:
    """Return the counts of a set, counted once for all tests."""
    return cache(lambda name: bench.measure(tagger, DATA, name)[0])


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.name)
def test_primary_country(measured: Measured, floor: Floor) -> None:
    """The primary country is right at least this often, on the very set that the floor was measured on."""
    digest = sha256((DATA / f"{floor.name}.jsonl.gz").read_bytes()).hexdigest()
    assert digest.startswith(floor.digest), "another set than the one that the floor was measured on"

    assert bench.share(measured(floor.name), "primary", "primaries") >= floor.primary


def test_countries_and_mentions(measured: Measured) -> None:
    """Over the four sets with labelled toponyms: F1 of countries, accuracy of mentions, precision of `about`."""
    four: Counter[str] = Counter()
    for name in FOUR:
        four += measured(name)

    precision, recall = bench.share(four, "hit", "predicted"), bench.share(four, "hit", "true")
    assert 2 * precision * recall / (precision + recall) >= 0.953
    assert bench.share(four, "primary", "primaries") >= 0.955
    assert bench.share(four, "right", "mentions") >= 0.87
    assert bench.share(four, "about true", "about") >= 0.95


def test_memory() -> None:
    """A process of its own stays under 200 MB with the gazetteer."""
    code = """
import pathlib, re
from agents.tag.regions import load
load()
peak_kb = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
print(int(peak_kb) / 1024)
"""
    assert float(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)) < 200
