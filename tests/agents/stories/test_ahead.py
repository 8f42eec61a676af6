"""A long article is likelier to be of the nearest story where that is far ahead of the next one."""

import numpy as np
import pytest

from agents.stories.decide import Decider
from agents.stories.rules.ahead import ahead
from tests.agents.stories.conftest import FERRY, FERRY_LATER, Make

INQUIRY = (
    "Norland's maritime board opened an inquiry after passengers described two hours without announcements, "
    "lifeboats that jammed on their davits, and a bridge crew who first took the reef for an echo. Investigators "
    "will read the voyage recorder, question the pilot, and compare tide tables with charts which fishermen have "
    "called outdated since the harbour was dredged. Owners of the vessel promised refunds, hotel rooms, coaches and "
    "a hotline; unions asked why staffing had been cut again in spring, and mayors along the coast want tugs "
    "stationed nearby before autumn storms begin. Salvage experts expect pumping to last a week."
)


def moved(decider: Decider, make: Make, text: str, margins: list[float]) -> float:
    """Return by how much the nearest of stories with such margins accepts a text more."""
    decider.decide(make("a", "Ferry aground", f"{FERRY} {INQUIRY}"))
    language = decider.languages["en"]
    rows = np.array([next(iter(language.values))] * len(margins))
    compared = language.compared(make("b", "Ferry Solveig: an inquiry", text, hours=3))
    _, seen = language.first_margins(compared, rows, headline=False)
    return float(ahead(compared, np.array(margins), seen)[np.argmax(margins)])


@pytest.mark.parametrize(("margins", "more"), [([-3.0, 0.5], True), ([0.4, 0.5], False), ([0.5, 0.5], False)])
def test_a_long_article_is_asked_less_where_one_story_is_ahead(
    decider: Decider, article: Make, margins: list[float], more: bool
) -> None:
    """Two stories that are almost equally near make it doubtful that it is on either."""
    assert (moved(decider, article, f"{FERRY_LATER} {INQUIRY}", margins) > 0) is more


def test_far_ahead_is_bounded(decider: Decider, article: Make) -> None:
    """Beyond what says that there is no rival, more says no more."""
    text = f"{FERRY_LATER} {INQUIRY}"
    assert moved(decider, article, text, [-9.0, 0.5]) == moved(decider, article, text, [-4.0, 0.5])


@pytest.mark.parametrize("margins", [[-3.0, 0.5], [0.4, 0.5]])
def test_a_brief_has_its_second_look_instead(decider: Decider, article: Make, margins: list[float]) -> None:
    """Nothing is added to it, nor taken."""
    assert moved(decider, article, FERRY_LATER, margins) == 0


def test_the_only_story_counts_less_than_one_far_ahead(decider: Decider, article: Make) -> None:
    """Where no other story runs there is no rival to be ahead of."""
    text = f"{FERRY_LATER} {INQUIRY}"
    assert 0 < moved(decider, article, text, [0.5]) < moved(decider, article, text, [-4.0, 0.5])
