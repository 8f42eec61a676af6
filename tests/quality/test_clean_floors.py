"""Floors of cleaning on the development sets, lowered only on purpose.

The sets lie beside the project and are no part of it. The network was trained on them too: the floors guard against
regressions; what to expect of unseen publishers is what `tools/train_clean.py` prints.
"""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from agents.clean import article as clean
from bench import clean as bench
from streams.records import Raw

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".." / "shared" / "data"

pytestmark = pytest.mark.quality


class Floor(NamedTuple):
    """A set by name and the start of its SHA-256, and the least F1 on it."""

    name: str
    digest: str
    f1: float


FLOORS = [
    Floor("scrapinghub-dev", "67c08cb8029d59e1", 0.985),
    Floor("wcxb-dev", "0478b74104d2339c", 0.958),
]
#: On the second set's annotated pages.
TITLE_FLOOR = 0.90
DATE_FLOOR = 0.86
AUTHOR_F1_FLOOR = 0.84


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Load the model once: its time is no page's."""
    clean.load()


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.name)
def test_cleaning_keeps_its_floors(floor: Floor) -> None:
    """Body F1, titles, dates and authors stay where they were."""
    path = DATA / "clean" / f"{floor.name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    assert sha256(path.read_bytes()).hexdigest().startswith(floor.digest), "the set has changed: measure again"
    score = bench.measure(bench.read_set(path, 1_000_000), {}, ours=True)["ours"]
    assert score.failures == 0
    assert score.f1 >= floor.f1
    if score.title[1]:
        assert score.title[0] / score.title[1] >= TITLE_FLOOR
        assert score.date[0] / score.date[1] >= DATE_FLOOR
        assert bench.harmonic(score.author[0] / score.author[1], score.author[0] / score.author[2]) >= AUTHOR_F1_FLOOR


def test_the_seed_comes_out_clean() -> None:
    """The scraped article gives its title, author, date and eight paragraphs, and nothing else."""
    seeds = sorted((DATA / "seed").glob("*.txt"))
    if not seeds:
        pytest.skip(f"{DATA / 'seed'} is not there")
    content = seeds[0].read_text("utf-8")
    clean.load()
    record = Raw(
        source="seed.example",
        fetched_at=datetime(2026, 1, 3, tzinfo=UTC),
        content_type="text/plain",
        content=content,
    )
    article = clean.clean_raw(record).clean
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    assert article.title == lines[0]
    assert article.authors == ["krish rathore"]
    assert article.published_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert article.text == "\n\n".join(lines[3:11])
