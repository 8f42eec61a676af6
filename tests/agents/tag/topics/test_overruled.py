"""Whatever a title says happened has the topics of the place where it happened."""

from pathlib import Path

import numpy as np
import pytest

from agents.tag.topics import TopicTagger, load
from agents.tag.topics.stems import Hit, Stems, overruled
from bench.topics import clean
from tests.support.tables import rows_of

HERE = Path(__file__).parent
TOLD = {
    name: rows_of(HERE / f"{name}.tsv")
    for name in ("attacks", "contests", "events", "happenings", "notices", "subjects")
}
KINDS = sorted({(name, row[0]) for name, rows in TOLD.items() for row in rows})
TOPICS = ["medtop:03000000", "medtop:16000000"]


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    """Return the tagger with the tables that ship."""
    return load()


@pytest.mark.parametrize(("name", "language"), KINDS)
def test_what_happened_is_the_topic_wherever_it_did(tagger: TopicTagger, name: str, language: str) -> None:
    """Attacks are conflict, arrests crime, walkouts labour and fires disaster, at a hospital, a school or in a team.

    A march is conflict, whatever the rent or wage, a synod religion and a thief in a museum crime. Fires that firemen watch with
    drones, gas that explodes and a team that falls apart are what they were.
    """
    wrong = []
    for _, topic, title, text in (row for row in TOLD[name] if row[0] == language):
        found = tagger.tag(clean({"id": "a", "title": title, "text": text, "language": language}), 0.0)
        if found[0].id != f"medtop:{topic}000000":
            wrong.append((title, found[0].label))
    assert wrong == []


def test_what_a_title_names_takes_what_speaks_for_the_topic_that_it_overrules() -> None:
    """Both log-odds change places where the other one is higher, and stay where it is not."""
    attack = Hit("medtop:16000000", True, 0, 6, over=("medtop:03000000",))
    assert overruled(np.array([4, -2], np.float32), [attack], TOPICS).tolist() == [-2, 4]
    assert overruled(np.array([-2, 4], np.float32), [attack], TOPICS).tolist() == [-2, 4]


def test_two_topics_that_overrule_each_other_stay_as_they_are() -> None:
    """An actor of a murder mystery is arrested: crime overrules the arts there, and the mystery overrules crime."""
    attack = Hit("medtop:16000000", True, 0, 6, over=("medtop:03000000",))
    fire = Hit("medtop:03000000", True, 7, 9, over=("medtop:16000000",))
    assert overruled(np.array([4, -2], np.float32), [attack, fire], TOPICS).tolist() == [4, -2]
    assert overruled(np.array([-2, 4], np.float32), [fire, attack], TOPICS).tolist() == [-2, 4]


def test_a_lead_overrules_nothing() -> None:
    """An attack far below the headline may be background."""
    attack = Hit("medtop:16000000", False, 0, 6, over=("medtop:03000000",))
    assert overruled(np.array([4, -2], np.float32), [attack], TOPICS).tolist() == [4, -2]


def test_a_concept_overrules_for_its_topic() -> None:
    """An act of terror is conflict, whatever burns."""
    terror = Hit("medtop:20000053", True, 0, 6, over=("medtop:03000000",))
    assert overruled(np.array([4, -2], np.float32), [terror], TOPICS).tolist() == [-2, 4]


def test_a_line_says_what_its_stems_overrule(tmp_path: Path) -> None:
    """Where a word stands in several lines of its topic, it overrules each of them."""
    (tmp_path / "es.txt").write_text(
        "16 less: bombarde\n16 over 03: bombarde\n16 over 07: bombarde\n", encoding="utf-8"
    )
    (hit,) = Stems.read("es", tmp_path).find("Bombardeo", "")
    assert (hit.share, hit.over) == (1.0, ("medtop:03000000", "medtop:07000000"))
