"""The data files that ship: they fit together, and the lock tells what they were made from."""

import hashlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import agents.tag.topics
from streams.mediatopics import concepts

HERE = Path(agents.tag.topics.__file__).parent
TOOLS = Path(__file__).parents[4] / "tools"
LOCK = json.loads((HERE / "model" / "training-data.lock").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def calibration() -> ModuleType:
    """Return tools/topic_calibration.py; tools/ is no package."""
    pytest.importorskip("sklearn", reason="scikit-learn is for training only")
    spec = importlib.util.spec_from_file_location("topic_calibration", TOOLS / "topic_calibration.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(LOCK["outputs"]))
def test_the_lock_names_the_tables_that_ship(name: str) -> None:
    """A table's checksum in the lock is that of the file."""
    assert hashlib.sha256((HERE / "model" / name).read_bytes()).hexdigest() == LOCK["outputs"][name]


@pytest.mark.parametrize("name", ["terms.txt", "headlines.txt"])
def test_the_seeds_are_those_that_were_trained_on(name: str) -> None:
    """Who changes a seed file has to train again."""
    assert hashlib.sha256((TOOLS / "topic_seeds" / name).read_bytes()).hexdigest() == LOCK["inputs"][name]["sha256"]


def test_every_input_of_training_has_a_licence_that_allows_it() -> None:
    """Nothing with a non-commercial or unknown licence went into the weights."""
    licences = {entry["licence"].split(" (")[0] for entry in LOCK["inputs"].values()}
    assert licences <= {"CC BY 4.0", "AFL-3.0", "Apache-2.0"}


def test_the_files_stay_small() -> None:
    """All tables together are under 5 MB."""
    assert sum(path.stat().st_size for path in (HERE / "model").glob("*.npz")) < 5_000_000


def test_every_synonym_belongs_to_a_concept_in_force() -> None:
    """Codes of synonyms.tsv stand in the taxonomy."""
    lines = (HERE / "synonyms.tsv").read_text(encoding="utf-8").splitlines()
    assert {f"medtop:{line.split()[0]}" for line in lines if line[0] != "#"} <= set(concepts())


def test_handicaps_let_a_narrow_topic_be_the_main_one(calibration: ModuleType) -> None:
    """A wide topic that always scores a little higher is held back."""
    main = np.array([0, 1] * 20)
    margins = np.array([[1.0, 0.0], [0.9, 0.8]] * 20, np.float32)
    found = calibration.handicaps(margins, main, seed=1)
    assert ((margins + found).argmax(1) == main).all()


def test_handicaps_are_not_spent_where_nothing_is_gained(calibration: ModuleType) -> None:
    """A topic that is right already gets none."""
    assert not calibration.handicaps(np.eye(3, dtype=np.float32), np.arange(3), seed=1).any()


def test_default_thresholds_are_higher_for_a_topic_that_is_often_wrong(calibration: ModuleType) -> None:
    """A topic whose middling scores are wrong is shown only at high ones."""
    scores = np.tile(np.linspace(0, 1, 200, dtype=np.float32)[:, None], (1, 2))
    truth = np.stack([scores[:, 0] > 0.3, scores[:, 1] > 0.8], axis=1)
    sure, unsure = calibration.default_thresholds(scores, truth)
    assert sure < unsure
