"""Names in common: how far they tell reports of one event from look-alikes, in briefs and in long reports."""

import numpy as np
import pytest

from agents.stories.acceptance import early_features
from agents.stories.decide import Decider
from agents.stories.reading.gather import ArticleFeatures
from agents.stories.reading.vectors import Table
from agents.stories.rules.shared_names import MOST_NAMED, named, sure_of
from streams.records import NewsTopic, Region
from tests.agents.stories.conftest import Make

SNOWED_IN = (
    "Seventeen pupils from Velke Hory spent the night in a hut below Mount Karvin after snow closed the road to Dolna. Their "
    "teacher Milena Hradek said that all were warm and that the innkeeper, Josef Vrba, had cooked dumplings. Ploughs from "
    "Brezina could not pass. The mountain service hopes to bring the class down on skis before evening, and parents wait at "
    "the school with soup and blankets while the wind drops and the clouds lift a little over the valley."
)
BROUGHT_DOWN = (
    "There was cheering when the children reached home at last. Guides had led them rope by rope past a wall of ice that "
    "still lies across the way between Mount Karvin and Dolna. A tired Milena Hradek came last and carried the smallest boy "
    "into Velke Hory. For two days of lodging the landlord, Josef Vrba, wants no money. Machines out of Brezina began to dig "
    "at noon. Officials speak of fences on the slope by next year, at a cost that nobody has worked out so far."
)
OTHER_SLOPE = (
    "Eleven hikers spent a night in the open near Ostrava Bay after snow closed the path. Their guide Oskar Lindqvist said "
    "that nobody was ill. The mountain service brought soup and blankets by sledge from Kessel, and relatives waited at the "
    "station while the wind dropped. For the lodging the town pays. Officials speak of fences by next year below Mount Tamsin."
)


@pytest.mark.parametrize(("text", "stories"), [(BROUGHT_DOWN, 1), (OTHER_SLOPE, 2)])
def test_names_in_common_tell_the_first_long_reports_of_one_event(
    decider: Decider, article: Make, text: str, stories: int
) -> None:
    """Before any word is known to be common, a look-alike shares the words of an avalanche, and none of its names."""
    decider.decide(article("a", "Class trapped by avalanche on Karvin", SNOWED_IN))
    decider.decide(article("b", "Rescue and relief in the mountains", text, 30))
    assert len(decider) == stories


GRANARY = (
    "Neighbours near the mill heard a crack before dawn when the granary owned by Wenzel Tarnow fell into the street of Lower"
    " Dravik. Nobody slept inside, and a cat was carried out by the baker."
)


@pytest.mark.parametrize(
    ("village", "owner", "stories"), [("Lower Dravik", "Wenzel Tarnow", 1), ("Upper Sorn", "Milan Oster", 2)]
)
def test_all_names_of_a_brief_tell_as_much_as_many_of_a_long_report(
    decider: Decider, article: Make, village: str, owner: str, stories: int
) -> None:
    """A brief has four names in all: where they are the other's too, no more is asked of the first articles."""
    text = (
        f"Mayor of the village said that cracks were seen in June. At {village} a crane lifted beams while {owner} looked on"
        " and would not answer, as straw and rats spread over the road."
    )
    decider.decide(article("a", "Old granary collapses", GRANARY))
    decider.decide(article("b", "Owner of fallen store had been warned", text, 5))
    assert len(decider) == stories


@pytest.mark.parametrize(
    ("shared", "fewer", "long", "sure"),
    [(2, 2, 0, 2 / 7), (3, 6, 0, 1), (3, 6, 1, 0.5), (6, 6, 1, 1), (4, 24, 1, 4 / 7), (9, 24, 1, 1), (0, 0, 0, 0)],
)
def test_how_sure_names_are(shared: int, fewer: int, long: float, sure: float) -> None:
    """Two names are few however short the text; half of a brief's and all of a long report's are enough, and seven of any."""
    assert sure_of(shared, fewer, long) == pytest.approx(sure)


SPORT = NewsTopic(id="medtop:15000000", label="sport", level=1, score=0.95, method="linear")
ACCIDENT = NewsTopic(id="medtop:03000000", label="disaster", level=1, score=0.95, method="linear")
#: The same words of any stabbing and any derailment, in several languages: two briefs of one event, and one of a look-alike, by
#: its names alone.
BRIEFS = {
    "nl": (
        (
            "In {where} is dinsdagavond een man neergestoken na een ruzie over parkeergeld; {who} ligt in kritieke toestand in"
            " een ziekenhuis en de dader vluchtte te voet."
        ),
        (
            "Na een ruzie over parkeergeld is bij {where} volgens de politie een dader te voet gevlucht. Buren van {who} leggen"
            " bloemen neer en zoeken mee naar getuigen."
        ),
        ("metrostation Slinge", "conducteur Ronald Vossen"),
        ("winkelhof Ambacht", "slager Teun Hofkamp"),
    ),
    "es": (
        (
            "El tren descarriló cerca de {where} por una aguja mal puesta y nueve viajeros sufrieron golpes; según {who} la"
            " máquina iba despacio y quedó volcada."
        ),
        (
            "Una aguja mal puesta cerró la línea en {where}, donde los viajeros salieron por las ventanas. La empresa calla,"
            " pero {who} pide que se cambien todas."
        ),
        ("la estación de Talamar", "el ferroviario Wenceslao Urrutia"),
        ("el apeadero de Quintola", "la alcaldesa Brígida Somavilla"),
    ),
    "ru": (
        (
            "Трамвай сошёл с рельсов на улице {where} из-за сломанной стрелки, шестеро пассажиров ушиблись, рассказал {who}, и"
            " движение встало до вечера."
        ),
        (
            "Из-за сломанной стрелки пассажиров вывели через окна на {where}, трамвай стоял. {who} ещё весной просил"
            " денег на ремонт, но получил отказ от города."
        ),
        ("Маркшейдера Толля", "начальник депо Аркадий Вешняков"),
        ("площади Летчика Пономарёва", "диспетчер Сергей Дубасов"),
    ),
}


@pytest.mark.parametrize("language", BRIEFS)
def test_names_tell_a_brief_from_one_in_the_same_words(article: Make, language: str) -> None:
    """In a language that is known, a later brief in the same words joins by its names, and founds with names of its own."""
    first, later, mine, others = BRIEFS[language]
    for number, (where, who) in enumerate((mine, others), 1):
        decider = Decider(window_days=30, headline_days=7, max_stories=1000)
        decider.decide(article("a", "", first.format(where=mine[0], who=mine[1]), language=language))
        decider.languages[language].commonness.articles = 200.0
        decider.decide(article("b", "", later.format(where=where, who=who), 9, language=language))
        assert len(decider) == number


@pytest.mark.parametrize(
    ("name", "sport", "sign"),
    [
        ("Wenzel Tarnow", False, 1),
        ("Wenzel Tarnow", True, 0),
        ("Wenzel Oster", False, 0),
        ("Milan Oster", False, -1),
        ("the baker", False, 0),
    ],
)
def test_names_speak_for_and_against_a_brief(
    decider: Decider, article: Make, name: str, sport: bool, sign: int
) -> None:
    """All names in common speak for a story but in sport, where sides play again; a half of them says nothing more."""
    decider.decide(article("a", "Old granary collapses", GRANARY))
    text = f"The granary fell as cracks were seen by {name} and the miller."
    odds = worth(decider, article("b", "", text, topics=[SPORT] * sport))
    assert np.sign(round(odds, 1)) == sign


@pytest.mark.parametrize(("text", "sign"), [(BROUGHT_DOWN, 1), (OTHER_SLOPE, -1)])
def test_names_in_common_speak_for_a_long_report(decider: Decider, article: Make, text: str, sign: int) -> None:
    """In a long report they speak for a story, by as much as is expected at most."""
    decider.decide(article("a", "Class trapped by avalanche on Karvin", SNOWED_IN))
    odds = worth(decider, article("b", "Rescue and relief in the mountains", text))
    assert np.sign(odds) == sign
    assert odds <= MOST_NAMED


@pytest.mark.parametrize(("title", "more"), [("Tarnow: I saw no cracks", True), ("Nobody saw the cracks", False)])
def test_a_word_that_begins_a_sentence_is_a_name_where_it_is_one_elsewhere(
    decider: Decider, article: Make, title: str, more: bool
) -> None:
    """A title says who in its first word, whose capital tells nothing; the story's text has the name inside a sentence."""
    decider.decide(article("a", "Old granary collapses", GRANARY))
    text = "The granary fell, and the owner was heard by Constable Oster and a clerk."
    bare = worth(decider, article("b", "", text))
    assert (worth(decider, article("c", title, text)) > bare) == more


@pytest.mark.parametrize(("opens", "more"), [("Tarnow", True), ("Nobody", False)])
def test_a_story_takes_a_word_that_begins_a_sentence_for_a_name(
    decider: Decider, article: Make, opens: str, more: bool
) -> None:
    """The other way round: the first report begins with the name, a later one has it inside a sentence."""
    text = "An old granary fell into the street of Lower Dravik before dawn."
    decider.decide(article("a", f"{opens} loses a granary", text))
    odds = worth(decider, article("b", "", "Beams were lifted by a crane while Wenzel Tarnow looked on at Hradek."))
    assert (odds > -1) == more


SHAFT = (
    "Two miners were led out of a shaft near Velke Hory at noon.",
    "Eleven people are still underground, it was said on Sunday. At the shaft a pump had failed.",
)


@pytest.mark.parametrize(
    ("country", "topic", "known", "stories"),
    [("SK", "disaster", 400, 1), ("PL", "disaster", 400, 2), ("SK", "sport", 400, 2), ("SK", "disaster", 200, 2)],
)
def test_less_is_asked_of_two_briefs(
    decider: Decider, article: Make, country: str, topic: str, known: int, stories: int
) -> None:
    """Briefs on one event share a place and little else; not so where regions or topics differ, or common words are unknown."""
    for name, text, code, about in zip("ab", SHAFT, ("SK", country), ("disaster", topic), strict=True):
        region = Region(country=code, code=code, level="country", name=code, role="about", score=1.0)
        topics = [SPORT if about == "sport" else ACCIDENT]
        decider.decide(article(name, "", text, regions=[region], topics=topics))
        decider.languages["en"].commonness.articles = float(known)
    assert len(decider) == stories


@pytest.mark.parametrize(
    ("code", "days", "stories"), [("16000000", 10, 2), ("16000000", 0.1, 1), ("02000000", 10, 1), ("", 10, 1)]
)
def test_long_reports_days_later_tell_of_another_event(
    decider: Decider, article: Make, code: str, days: float, stories: int
) -> None:
    """A war goes on without its old events; a court comes back to a crime, and so may an article without a topic."""
    topics = [NewsTopic(id=f"medtop:{code}", label=code, level=1, score=0.95, method="linear")] if code else []
    decider.decide(article("a", "Class trapped by avalanche on Karvin", SNOWED_IN, topics=topics))
    decider.decide(article("b", "Rescue and relief in the mountains", BROUGHT_DOWN, 24 * days, topics=topics))
    assert len(decider) == stories


def worth(decider: Decider, article: ArticleFeatures) -> float:
    """Return the log odds that an article's names give the one running story."""
    stories = decider.languages["en"]
    rows, compared = np.array(sorted(stories.values)), stories.compared(article)
    seen = early_features(compared, stories.memory, rows, Table())
    return float(named(compared, stories.memory, rows, seen)[0])
