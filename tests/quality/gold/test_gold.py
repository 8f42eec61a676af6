"""The topic gold: its files hold keys and labels only, and its figures are computed right."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from tools import gold_agreement as gold

GOLD = Path(__file__).parent
ROOT = GOLD.parents[2]
SETS = ROOT.parent / "shared" / "data" / "topics"


def rows(name: str) -> list[dict[str, object]]:
    """Return the lines of a label file."""
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def test_alpha_is_that_of_the_published_example() -> None:
    """Krippendorff (2011), section C: four observers, twelve units, missing values, nominal alpha .743."""
    observers = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    units = [[mark for mark in unit if mark != "."] for unit in zip(*observers, strict=True)]
    assert gold.krippendorff_alpha(units, gold.nominal) == pytest.approx(0.743, abs=5e-4)


def test_alpha_is_one_where_all_agree() -> None:
    """Full agreement on more than one value gives exactly 1."""
    assert gold.krippendorff_alpha([("a", "a"), ("b", "b")], gold.nominal) == 1


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("ab", "ab", 0), ("a", "ab", 1 - 1 / 2 * 2 / 3), ("ab", "bc", 1 - 1 / 3 * 1 / 3), ("a", "b", 1), ("", "a", 1)],
)
def test_masi_distance_grows_with_what_is_not_shared(one: str, other: str, distance: float) -> None:
    """Equal sets are 0 apart, a part and its whole less than an overlap, sets that share nothing 1."""
    assert gold.masi(frozenset(one), frozenset(other)) == pytest.approx(distance)
    assert gold.masi(frozenset(other), frozenset(one)) == pytest.approx(distance)


def test_labels_on_which_readings_differ_need_a_decision() -> None:
    """A difference, even in order, takes the decision; without one the labels cannot be settled."""
    assert gold.settle({"k": ("x", "y")}, {"k": ("y", "x")}, {"k": ("y",)}) == {"k": ("y",)}
    with pytest.raises(KeyError):
        gold.settle({"k": ("x",)}, {"k": ("y",)}, {})


def test_final_labels_hold_nothing_but_keys_and_labels() -> None:
    """No text of others: a line is key, set, split and one to three topics."""
    for row in rows("topics.jsonl"):
        assert list(row) == ["key", "set", "split", "topics"]
    assert len(gold.read(GOLD / "topics.jsonl")) == len(rows("topics.jsonl"))


def test_each_topic_has_fifty_items() -> None:
    """Each of the 17 topics is a label of at least 50 items, and of ten in each split."""
    counts: Counter[tuple[object, str]] = Counter()
    for item in gold.read(GOLD / "topics.jsonl").values():
        counts.update((gold.split_of(item.key), topic) for topic in item.topics)
    for topic in gold.NAMES:
        assert sum(counts[split, topic] for split in gold.SPLITS) >= 50, topic
        assert min(counts[split, topic] for split in gold.SPLITS) >= 10, topic


@pytest.mark.quality
def test_keys_are_found_in_their_sets() -> None:
    """Each key names an article of the development set that its line names."""
    if not SETS.is_dir():
        pytest.skip("the development sets are not beside the project")
    wanted = {tuple(line.split("\t")) for line in (GOLD / "keys.txt").read_text(encoding="utf-8").splitlines()}
    found: set[tuple[str, str]] = set()
    for name in {name for name, _ in wanted}:
        with gzip.open(SETS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found.update((name, json.loads(line)["id"]) for line in lines)
    assert wanted <= found
