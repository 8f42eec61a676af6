"""Concepts of the taxonomy and the phrases that name them."""

from pathlib import Path

import pytest

import agents.tag.topics
from agents.tag.topics.concepts import Taxonomy
from agents.tag.topics.tokens import Tokens

TAXONOMY = Taxonomy.read(Path(agents.tag.topics.__file__).parent)


def named(title: str, text: str = "") -> set[str]:
    """Return the labels of the concepts that an article names."""
    return {match.concept.label for match in TAXONOMY.matches(Tokens(title), Tokens(text))}


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Earthquakes shake coast", "earthquake"),
        ("Quake kills nine", "earthquake"),
        ("Cease-fire holds", "peace process"),
        ("Pilots call off strike ballot", "labour strike"),
        ("Bakers voted to strike over Sundays", "labour strike"),
        ("Bakers' walkouts spread", "labour strike"),
        ("By-election goes to a recount", "election"),
        ("HIV cases fall", "HIV and AIDS"),
        ("Figure skating final tonight", "figure skating"),
        ("Foster families wanted for forty siblings", "family"),
        ("Benefit claimants skip meals", "welfare"),
        ("Birth rate falls again", "demographics"),
        ("Sisters share a 100th birthday", "birthday"),
        ("Bus driver given bravery award", "award and prize"),
    ],
)
def test_a_name_or_synonym_in_the_title_is_a_match(title: str, label: str) -> None:
    """Names, their plurals and synonyms count from one mention in the title."""
    assert label in named(title)


@pytest.mark.parametrize(
    "title",
    [
        "Final offer",
        "A party to remember",
        "Under fire over remarks",
        "A war of words",
        "Pool opens",
        "A series of talks",
        "Chamber of commerce meets",
        "A basket of apples",
        "She recalled her youth",
    ],
)
def test_names_that_mean_too_much_else_are_no_phrases(title: str) -> None:
    """Names that are everyday words in news are taken out."""
    assert named(title) == set()


def test_one_mention_in_the_text_is_not_enough() -> None:
    """An article is not about everything that it names once."""
    assert named("Mayor speaks", "He recalled the earthquake of his youth.") == set()


def test_two_mentions_in_the_text_are() -> None:
    """Named twice in the lead, a concept counts."""
    assert "earthquake" in named("Mayor speaks", "The earthquake came at noon. No earthquake had been stronger.")


def test_the_longest_phrase_wins() -> None:
    """Beach volleyball is not volleyball too."""
    assert named("Beach volleyball comes to town") == {"beach volleyball"}


def test_every_concept_leads_up_to_a_top_level_topic() -> None:
    """All parents exist, and levels count up by one."""
    for concept in TAXONOMY.concepts.values():
        chain = [concept, *TAXONOMY.parents(concept)]
        assert [above.level for above in chain] == list(range(concept.level, 0, -1))


def test_there_are_seventeen_top_level_topics() -> None:
    """The taxonomy has the 17 that the model scores."""
    assert sum(concept.level == 1 for concept in TAXONOMY.concepts.values()) == 17
