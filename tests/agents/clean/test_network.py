"""The networks' weights."""

from pathlib import Path

import pytest

from agents.clean import article as clean
from agents.clean.page.network import DamagedWeights, classifier, read_classifier

FOLDER = Path(clean.__file__).parent / "page"


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    """A file that is not the trained one stops the start and names itself."""
    (tmp_path / "weights.npz").write_bytes((FOLDER / "weights.npz").read_bytes()[:-1] + b"x")
    (tmp_path / "weights.lock").write_text((FOLDER / "weights.lock").read_text("ascii"))
    with pytest.raises(DamagedWeights, match=r"weights\.npz"):
        read_classifier(tmp_path)


def test_the_weights_are_those_of_the_lock() -> None:
    """The file beside the code is the one that was trained last."""
    both = classifier()
    for network in (both.first, both.second):
        assert network.hidden.shape[0] == network.mean.shape[0]
