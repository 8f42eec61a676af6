"""Matches of one side are stories of their own."""

import pytest

from agents.stories.decide import Decider
from agents.stories.reading.facts import differing, scores_of, unpacked
from streams.records import NewsTopic
from tests.agents.stories.conftest import Make

SPORT = [NewsTopic(id="medtop:15000000", label="sport", level=1, score=0.95, method="linear")]
FIRST = (
    "Emeka Okafor headed in a corner in the 88th minute as Tallis City beat Porto Verde 2-1 in the Coastal Cup "
    "in Valencia. Jonas Wolff levelled before the break, and goalkeeper Dean Marsh saved twice."
)
SAME = (
    "Tallis City came from a goal down to beat Porto Verde 2-1 in the Coastal Cup in Valencia. Emeka Okafor scored the second, "
    "after Jonas Wolff had levelled."
)
NEXT = FIRST.replace("2-1", "1-1").replace("beat", "met") + " Rovinj are next for Tallis City in Group A, on Saturday."


@pytest.mark.parametrize(("text", "stories"), [(SAME, 1), (NEXT, 2)], ids=("the same score", "another score"))
def test_a_score_tells_the_next_match(decider: Decider, article: Make, text: str, stories: int) -> None:
    """The same side, cup, town and players with another score are another match."""
    decider.decide(article("a", "Tallis City win their opener", FIRST, topics=SPORT), 0.0)
    decider.decide(article("b", "Marsh keeps Tallis in the cup", text, hours=40, topics=SPORT), 0.0)
    assert len(list(decider.stories())) == stories


@pytest.mark.parametrize(("score", "stories"), [("2:1", 1), ("0:4", 2)])
def test_another_score_is_another_match(decider: Decider, article: Make, score: str, stories: int) -> None:
    """Two reports on a club's matches share its players; only the score differs."""
    first = "«Торпедо» обыграло гостей — 2:1. Дважды забил Румянцев, вратарь Ладогин отбил пенальти в конце матча."
    later = f"Румянцев и Ладогин снова в составе «Торпедо»: {score} в матче с гостями, пенальти в конце второго тайма."
    decider.decide(article("a", "«Торпедо» — 2:1", first, language="ru", topics=SPORT))
    decider.decide(article("b", f"«Торпедо» — {score}", later, 72, language="ru", topics=SPORT))
    assert len(decider) == stories


def test_what_a_report_counts_beside_the_score_is_compared(decider: Decider, article: Make) -> None:
    """Of the same match one desk has 12 supporters hurt and another has 9."""
    title, text = "Rovers 3-1 Wanderers", "Rovers won 3-1. After the match {} supporters were hurt at the gates."
    decider.decide(article("a", title, text.format(12), topics=SPORT), 0.0)
    stories = decider.languages["en"]
    other = stories.compared(article("b", title, text.format(9), topics=SPORT))
    assert differing(other.facts, stories.memory.facts).others.sum() == 1


@pytest.mark.parametrize(
    ("title", "scores"),
    [
        ("Mainz schlägt Augsburg 3:0 (1:0)", 1),
        ("Champion Ivan Dolan, 53-3, 47 KOs, wins again", 0),
        ("Challenger Ivan Dolan (28-2) wins again", 0),
        ("Tallis City 0-0 Rovinj", 1),
    ],
)
def test_records_and_half_time_are_no_score(title: str, scores: int) -> None:
    """Numbers in brackets are not how the match ended, and 53 to 3 is a record."""
    assert len(unpacked(scores_of(title, ""))) == scores
