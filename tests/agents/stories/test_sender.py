"""Press releases: their sender is no part of their subject, and the next one tells of something else."""

import pytest

from agents.stories.decide import Decider
from agents.stories.reading.sender import without_sender
from tests.agents.stories.conftest import Make

NEWS = "Lumora opens a yard in Tarn Bay. The boats of Lumora were built abroad until now, and forty people find work there.\n"


@pytest.mark.parametrize(
    "line",
    [
        "About Lumora:",
        "**About Lumora**",
        "Über die Lumora AG",
        "À propos de Lumora :",
        "Sobre Lumora:",
        "О компании Lumora",
        "关于Lumora：",
    ],
)
def test_what_a_firm_says_of_itself_is_cut(line: str) -> None:
    """It stands under a heading with the name that the text holds before."""
    assert without_sender(f"{NEWS}{line}\nFounded in 1968, it has 312 people in 9 ports.") == (NEWS, "lumora")


@pytest.mark.parametrize(
    "line",
    [
        "About 7:20 p.m. Lumora closed the gate.",
        "Over the edge",
        "About the yard, Lumora said little.",
        "About Fennick:",
    ],
)
def test_other_lines_that_begin_so_stay(line: str) -> None:
    """A time of day, a crosshead, a sentence, and somebody who was not named before."""
    text = f"{NEWS}{line}\nIt has 312 people in 9 ports."
    assert without_sender(text) == (text, "")


ABOUT = "About Lumora: Founded in 1968, Lumora builds ferries and tugs for 9 ports and employs 312 people. Call the press office."
SAYS = '"We are delighted by this step," said Wilma Ostrander, chief executive of Lumora, a leading builder of ferries and tugs.'


def test_two_releases_of_one_sender_are_two_stories(decider: Decider, article: Make) -> None:
    """They share names, a quotation and the firm's own lines; a report on the first joins it."""
    yard = "Lumora has opened a yard in Tarn Bay, where forty welders and a crane will mend tugs under a roof of glass."
    chief = (
        "Lumora has named Percy Halloway head of finance. Halloway sold breweries before, and follows Ines Cort in May."
    )
    told = [
        article("a1", "Lumora opens a yard in Tarn Bay", f"{yard}\n{SAYS}\n{ABOUT}", source="wire.example"),
        article("a2", "Lumora names Percy Halloway", f"{chief}\n{SAYS}\n{ABOUT}", hours=20, source="wire.example"),
        article("a3", "Tarn Bay gets a yard", f"Forty welders will mend tugs in Tarn Bay. {yard}", hours=22),
    ]
    names = [place.story.id for one in told if (place := decider.decide(one).places[0]).story is not None]
    assert names == ["en-" + "a1".zfill(32), "en-" + "a2".zfill(32), "en-" + "a1".zfill(32)]
