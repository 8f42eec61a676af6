"""Stories of one event in several languages: related, never merged."""

from agents.stories.decide import Decider
from agents.stories.decision import Decision
from agents.stories.gather import ArticleFeatures
from agents.stories.step import happenings
from tests.agents.stories.conftest import BAKERY, FERRY, FERRY_LATER, Make

FAEHRE = (
    "Vor Brandvik ist im Nebel die Fähre Solveig mit 212 Menschen an Bord auf Grund gelaufen, "
    "teilte die Küstenwache von Norland mit."
)
FAEHRE_SPAETER = (
    "Taucher fanden im Rumpf der Fähre Solveig, die seit dem Nebel vom Montag vor Brandvik auf Grund liegt, einen Riss."
)
BAECKER = (
    "Wegen der Nachtschichten haben die Bäcker in Tolmin die Arbeit niedergelegt, "
    "sagte Sprecherin Ana Kobal den 640 Leuten."
)
BAECKER_SPAETER = (
    "Nach der ersten Nacht ohne Brot seit Jahrzehnten verhandeln die Bäcker in Tolmin, "
    "sagte Sprecherin Ana Kobal, weiter."
)


def ferry_en(article: Make) -> list[ArticleFeatures]:
    """Return two English reports on the ferry."""
    return [
        article("a1", "Ferry runs aground off Brandvik", FERRY),
        article("a2", "Torn hull of the ferry Solveig", FERRY_LATER, hours=5),
    ]


def ferry_de(article: Make, hours: float = 1.0) -> list[ArticleFeatures]:
    """Return two German ones."""
    return [
        article("b1", "Fähre läuft vor Brandvik auf Grund", FAEHRE, hours=hours, language="de"),
        article("b2", "Riss im Rumpf der Fähre Solveig", FAEHRE_SPAETER, hours=hours + 4, language="de"),
    ]


def related(decisions: list[Decision]) -> list[tuple[str, list[str]]]:
    """Return the events `related`: the story, and those that it is related to."""
    told = [story for decision in decisions for story in happenings(decision) if story.event == "related"]
    return [(story.id, story.related) for story in told]


EN, DE = "en-" + "a1".zfill(32), "de-" + "b1".zfill(32)


def test_two_stories_of_one_event_are_related_once_both_ways(decider: Decider, article: Make) -> None:
    """Names, a number and nothing of the languages bring them together; a further report says it no more."""
    decisions = [decider.decide(one) for one in (*ferry_en(article), *ferry_de(article))]
    again = decider.decide(article("a3", "Ferry Solveig still off Brandvik", FERRY + FERRY_LATER, hours=8))
    assert related(decisions) == [(DE, [EN]), (EN, [DE])]
    assert related([again]) == []
    assert again.places[0].story is not None
    assert again.places[0].story.related == [DE]


def test_stories_of_two_events_and_of_one_report_are_not(decider: Decider, article: Make) -> None:
    """Another event in another language is none of it, and a single report may be wrong in anything."""
    others = [
        article("c1", "Bäcker in Tolmin streiken", BAECKER, hours=2, language="de"),
        article("c2", "Tolmin ohne Brot", BAECKER_SPAETER, hours=3, language="de"),
        article("c3", "No bread in Tolmin as bakers strike", BAKERY, hours=6),
        ferry_de(article)[0],
    ]
    assert related([decider.decide(one) for one in (*ferry_en(article), *others)]) == []


def test_a_story_of_last_week_is_another_one(decider: Decider, article: Make) -> None:
    """Names come back; stories that lie days apart are not called the same event."""
    assert related([decider.decide(one) for one in (*ferry_en(article), *ferry_de(article, hours=100))]) == []


def test_relations_are_restored(decider: Decider, article: Make) -> None:
    """A decider that takes over knows the first language's story and relates the second's to it."""
    restored = Decider(30, 7, 1000)
    for one in ferry_en(article):
        for change in decider.decide(one).changes:
            restored.restore(change.key, change.value)
    decisions = [restored.decide(one) for one in ferry_de(article)]
    assert related(decisions) == [(DE, [EN]), (EN, [DE])]
