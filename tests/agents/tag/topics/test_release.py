"""The data files that ship: they fit together and match the lock of their sources."""

import hashlib
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import agents.tag.topics
from streams.standards.mediatopics import concepts
from tests.support.tables import rows_of

HERE = Path(agents.tag.topics.__file__).parent
TOOLS = Path(__file__).parents[4] / "tools"
GOLD = TOOLS.parent / "tests" / "quality" / "gold" / "topics.jsonl"
LOCK = json.loads((HERE / "model" / "training-data.lock").read_text(encoding="utf-8"))
LANGUAGES = json.loads((HERE / "model" / "languages.lock").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def calibration() -> ModuleType:
    """tools/topic_calibration.py, where its library is installed."""
    pytest.importorskip("sklearn", reason="scikit-learn is for training only")
    from tools import topic_calibration  # noqa: PLC0415 - needs scikit-learn

    return topic_calibration


@pytest.mark.parametrize(("name", "sha256"), sorted({**LOCK["outputs"], **LANGUAGES["outputs"]}.items()))
def test_the_locks_name_the_tables_that_ship(name: str, sha256: str) -> None:
    """A table's checksum in its lock is that of the file."""
    assert hashlib.sha256((HERE / "model" / name).read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize("path", sorted((TOOLS / "topic_seeds").iterdir()), ids=lambda path: path.name)
def test_the_seeds_are_those_that_were_trained_on(path: Path) -> None:
    """Who changes a seed file has to train again."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    locked = [lock["inputs"][path.name]["sha256"] for lock in (LOCK, LANGUAGES) if path.name in lock["inputs"]]
    assert locked
    assert set(locked) == {digest}


def test_every_input_of_training_has_a_licence_that_allows_it() -> None:
    """Nothing with a non-commercial or unknown licence went into the weights."""
    inputs = (*LOCK["inputs"].values(), *LANGUAGES["inputs"].values())
    licences = {entry["licence"].split(" (")[0] for entry in inputs}
    assert licences <= {"CC BY 4.0", "AFL-3.0", "Apache-2.0", "MIT"}


def test_no_text_of_an_unconfirmed_licence_went_in() -> None:
    """The HuffPost headlines' licence could not be confirmed at its source; other sets are for evaluation only."""
    sets = {name for lock in (LOCK, LANGUAGES) for name in lock["inputs"] if name.endswith(".jsonl.gz")}
    assert sets <= {"masakhanews-en-train.jsonl.gz", "masakhanews-other-train.jsonl.gz"}


def test_labels_for_training_are_of_no_article_that_measures() -> None:
    """No text of the gold's thresholds and test thirds is among the labels that were read once, under any id."""
    read = {key.rsplit("-", 1)[1] for key, *_ in rows_of(TOOLS / "topic_seeds" / "labels.tsv")}
    lines = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    assert not read & {line["key"].rsplit("-", 1)[1] for line in lines if line["split"] != "train"}


def test_the_files_stay_small() -> None:
    """All tables together are at most 6 MB."""
    assert sum(path.stat().st_size for path in (HERE / "model").glob("*.npz")) <= 6_000_000


def test_every_synonym_belongs_to_a_concept_in_force() -> None:
    """Codes of synonyms.tsv stand in the taxonomy."""
    assert {f"medtop:{code}" for code, *_ in rows_of(HERE / "synonyms.tsv")} <= set(concepts())


def test_default_limits_are_where_the_precisions_are_reached(calibration: ModuleType) -> None:
    """Best topics are shown from where they are right often enough, further ones from where all tags together are."""
    first = np.linspace(0.5, 1, 500, dtype=np.float32)
    scores = np.stack([first, first * 0.8], axis=1)
    truth = np.stack([first > 0.7, first > 0.8], axis=1)
    limits = calibration.default_limits(scores, truth)
    shown_first = scores[:, 0] >= limits.first
    assert truth[shown_first, 0].mean() >= calibration.FIRST_PRECISION
    assert truth[scores[:, 0] >= limits.first - 0.02, 0].mean() < calibration.FIRST_PRECISION
    assert limits.further < limits.first


def test_limits_that_no_score_reaches_stop_the_training(calibration: ModuleType) -> None:
    """A model that is never right has no default thresholds."""
    with pytest.raises(ValueError, match="at no score"):
        calibration.default_limits(np.full((20, 2), 0.9, np.float32), np.zeros((20, 2), bool))
