"""Titles from one frame: look-alikes that one desk tells in one form, each with words of its own."""

import pytest

from agents.stories.decide import Decider
from agents.stories.rules.frames import frame_of
from tests.agents.stories.conftest import Make

FIRST = "Orbis recalls 40,000 kettles over cracked handles"
NEXT = "Orbis recalls 15,000 toasters over loose springs"


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        (FIRST, NEXT, "en"),
        ("Landtagswahl in Hessen: CDU klar vorn", "Landtagswahl in Sachsen: SPD knapp vorn", "de"),
        ("Previa: Faro y Alba buscan el ascenso", "Previa: Sirena y Roca se juegan el ascenso", "es"),
        ("四川泸定发生5.2级地震", "云南漾濞发生5.6级地震", "zh"),
    ],
)
def test_what_stays_of_a_title_is_its_frame(one: str, other: str, language: str) -> None:
    """Between words that both titles have in one order stand others, in any script."""
    assert frame_of(one, other, language) >= 0.3


@pytest.mark.parametrize(
    "later",
    [
        "Owners of Orbis kettles told to stop using them",  # in another order
        "Orbis recalls 40,000 kettles over cracked handles, shares fall",  # goes on
        "Orbis recalls grow",  # nothing stands between
        "Orbis said on Tuesday that it recalls about 15,000 more of its kettles over what a safety office calls a defect",
        "",
    ],
)
def test_a_title_that_goes_on_is_from_no_frame(later: str) -> None:
    """Words in another order, words added, and a whole sentence are no frame that was filled anew."""
    assert frame_of(FIRST, later, "en") == 0.0


def test_two_previews_of_one_desk_are_two_stories(decider: Decider, article: Make) -> None:
    """One desk tells both in the same words, an hour apart; the report of a match stays with its preview."""
    form = "{} empfängt am Sonntag {} im Stadion am {}, es geht um den Aufstieg. Der Gast reist ohne {} an, der gesperrt ist."
    told = [
        (
            "Vorschau: Wackersfeld und Lohbruck spielen um den Aufstieg",
            form.format("Wackersfeld", "Lohbruck", "Moor", "Ritter"),
        ),
        (
            "Vorschau: Ederheim und Sandkamp spielen um den Aufstieg",
            form.format("Ederheim", "Sandkamp", "Deich", "Prinz"),
        ),
        (
            "Lohbruck steigt in Wackersfeld auf",
            "Lohbruck hat am Sonntag in Wackersfeld den Aufstieg geschafft, ohne den gesperrten Ritter, im Stadion am Moor.",
        ),
    ]
    stories = [
        decider.decide(article(f"a{at}", title, text, hours=at, source="blatt.example", language="de")).places[0].story
        for at, (title, text) in enumerate(told)
    ]
    preview, other, report = [story.id for story in stories if story is not None]
    assert preview != other
    assert report == preview
