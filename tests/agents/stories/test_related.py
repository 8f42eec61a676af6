"""Stories of one event in several languages: related, never merged."""

from datetime import UTC, datetime

from agents.stories.decide import Decider
from agents.stories.decision import Decision
from agents.stories.reading.gather import ArticleFeatures, gather
from agents.stories.step import happenings
from streams.records import NewsTopic, Region, Tagged
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


def test_stories_of_two_events_are_not(decider: Decider, article: Make) -> None:
    """Another event in another language is none of it."""
    others = [
        article("c1", "Bäcker in Tolmin streiken", BAECKER, hours=2, language="de"),
        article("c2", "Tolmin ohne Brot", BAECKER_SPAETER, hours=3, language="de"),
        article("c3", "No bread in Tolmin as bakers strike", BAKERY, hours=6),
    ]
    assert related([decider.decide(one) for one in (*ferry_en(article), *others[:2])]) == []
    again = related([decider.decide(others[2])])
    assert [story for story, _ in again] in ([], ["en-" + "c3".zfill(32), "de-" + "c1".zfill(32)])


QUAKE = {
    "en": (
        "Quake of magnitude 6.4 kills 27 in Malatya",
        "A magnitude 6.4 earthquake struck Malatya in Turkey, 314 hurt.",
    ),
    "ar": (
        "زلزال بقوة ٦٫٤ درجات في ملاطية",
        "أسفر الزلزال عن مقتل ٢٧ شخصا وإصابة ٣١٤ آخرين في مدينة ملاطية شرقي تركيا.",
    ),
    "hi": ("मालत्या में ६.४ तीव्रता का भूकंप", "भूकंप में २७ लोगों की मौत हो गई और ३१४ लोग घायल हुए, अधिकारियों ने बताया।"),
    "zh": ("土耳其马拉蒂亚发生6.4级地震", "土耳其东部城市马拉蒂亚凌晨发生6.4级地震，造成27人死亡、314人受伤。"),
    "ja": ("トルコでM6.4の地震", "トルコ東部で未明、マグニチュード6.4の地震があり、27人が死亡、314人がけがをした。"),
}
MALATYA = [Region(country="TR", code="TR-44", level="city", name="Malatya", role="about", score=1.0)]
VAN = [Region(country="TR", code="TR-65", level="city", name="Van", role="about", score=1.0)]
EARTHQUAKE = [
    NewsTopic(id="medtop:03000000", label="disaster", level=1, score=1.0, method="concept"),
    NewsTopic(id="medtop:20000153", label="earthquake", level=4, score=1.0, method="concept"),
]


def report(language: str, regions: list[Region], title: str = "", text: str = "") -> ArticleFeatures:
    """Return the first report on a quake in a language."""
    at = datetime(2026, 11, 17, 5, tzinfo=UTC)
    name = f"{language}{regions[0].name}"
    told = QUAKE[language]
    return gather(
        Tagged(
            id=name, source=f"{language}.example", title=title or told[0], text=text or told[1], language=language,
            fetched_at=at, extractor="test", regions=regions, topics=EARTHQUAKE,
        )
    )  # fmt: skip


def test_first_reports_are_related_in_any_script(decider: Decider) -> None:
    """A city, a subject and figures in the digits of any script need neither names nor a second report."""
    decisions = [decider.decide(report(language, MALATYA)) for language in QUAKE]
    assert len(related(decisions)) == len(QUAKE) * (len(QUAKE) - 1)


def test_another_quake_in_the_country_is_another_event(decider: Decider) -> None:
    """Two quakes of one country in a week have their subject in common, and not the city and the figures."""
    decider.decide(report("en", MALATYA))
    other = report("zh", VAN, "土耳其凡城发生5.9级地震", "土耳其东部凡城发生5.9级地震，造成16人死亡，38个村庄受损。")
    assert related([decider.decide(other)]) == []


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
