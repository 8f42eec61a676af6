"""A link in its text to an article of a story speaks for that story."""

import pytest

from agents.stories.decide import Decider
from streams.ids import digest
from tests.agents.stories.conftest import Make

WEIR = (
    "Eel kill at Harle weir",
    "Thousands of dead eels drifted below the weir at Harle on Monday, and wardens took samples of the water.",
)
FINE = (
    "Dairy fined over spill",
    "The Copley creamery must pay 90,000 pounds for whey that ran into the river at Harle in the spring.",
)
RACE = ("Runners set off in rain", "Four hundred people took part in the charity half marathon, and nobody gave up.")


@pytest.mark.parametrize(("later", "links", "stories"), [(FINE, False, 2), (FINE, True, 1), (RACE, True, 2)])
def test_an_article_joins_the_story_that_its_text_leads_to(
    decider: Decider, article: Make, later: tuple[str, str], *, links: bool, stories: int
) -> None:
    """It joins where the two have something in common, and not for the link alone."""
    address = "https://a0.example/"
    decider.decide(article("a0", *WEIR, id=digest(address)))
    decider.languages["en"].commonness.articles = 400.0
    decider.decide(article("a1", *later, hours=200, links=[address] if links else []))
    assert len(list(decider.stories())) == stories
