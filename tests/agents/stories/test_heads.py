"""A column, a horoscope or a bulletin under its standing head is a story of its own; a desk's next report on an event is not."""

import pytest

from agents.stories.decide import Decider
from agents.stories.rules.heads import without_site
from streams.records import NewsTopic
from tests.agents.stories.conftest import Make

ZODIAC = (
    "Aries: {0} Tauro: {1} Géminis: {2} Cáncer: {3} Consulte mañana su horóscopo con la astróloga Nuria Valdenebro."
)
MONDAY = (
    "Conviene escuchar antes de hablar en el trabajo.",
    "El dinero llega por sorpresa.",
    "Una llamada cambia planes.",
    "Cuida la espalda.",
)
TUESDAY = (
    "La suerte sonríe por la tarde.",
    "Gastas más de lo previsto.",
    "Alguien admira tu esfuerzo.",
    "Sal a caminar sin prisas.",
)


@pytest.mark.parametrize(
    ("title", "hours", "source", "stories"),
    [
        ("Horóscopo de Nuria para el martes", 24, "estrella.example", 2),
        ("Horóscopo de Nuria para el martes", 2, "estrella.example", 1),
        ("Horóscopo de Nuria para el martes", 24, "otra.example", 1),
        ("Valdenebro vuelve a mirar los astros", 24, "estrella.example", 1),
    ],
    ids=("the next day", "within hours", "of another source", "under another title"),
)
def test_new_words_under_a_sources_standing_head_are_the_next_piece(
    decider: Decider, article: Make, title: str, hours: float, source: str, stories: int
) -> None:
    """The same source's title of the day before, over other words, begins a story."""
    first = article(
        "a", "Horóscopo de Nuria para el lunes", ZODIAC.format(*MONDAY), source="estrella.example", language="es"
    )
    decider.decide(first)
    decider.decide(article("b", title, ZODIAC.format(*TUESDAY), hours=hours, source=source, language="es"))
    assert len(list(decider.stories())) == stories


DIARY = "Welcome to the allotment diary of Hattie Maule. {0} Letters to Hattie Maule reach the allotment diary by post."
SLUGS = "The tulips are over and slugs have found the hostas."
PEAS = "We ate the first peas straight from the pod and sowed a second row."


@pytest.mark.parametrize(
    ("title", "between", "stories"),
    [
        ("Allotment diary: the first peas", "", 2),
        ("Hattie and the first peas", "", 1),
        ("Allotment diary: peas", "x", 1),
    ],
    ids=("the next column", "without the kicker", "told by others, too"),
)
def test_a_kicker_tells_the_next_column_of_a_single_source(
    decider: Decider, article: Make, title: str, between: str, stories: int
) -> None:
    """The words before its titles say that a day later it is another piece, where nobody else has the story."""
    desk = "herald.example"
    decider.decide(article("a", "Allotment diary: tulips and trouble", DIARY.format(SLUGS), source=desk))
    if between:
        decider.decide(article("b", "Tulips and slugs", DIARY.format(SLUGS), hours=2, source="post.example"))
    decider.decide(article("c", title, DIARY.format(PEAS), hours=24, source=desk))
    assert len(list(decider.stories())) == stories


def test_on_crime_an_arrest_is_told_under_the_title_of_the_crime(decider: Decider, article: Make) -> None:
    """The same desk's next report on a theft keeps most of its title, and is no next piece of a series."""
    law = [NewsTopic(id="medtop:02000000", label="crime", level=1, score=0.95, method="linear")]
    title = "Theft of a cello in Brandvik: {}"
    for place, (news, words) in enumerate((("police look for a man", SLUGS), ("police arrest a man", PEAS))):
        text = f"The cello of Brandvik's orchestra was taken from the Solveig hall in Norland. {words}"
        decider.decide(
            article(f"a{place}", title.format(news).replace(":", ","), text, 24 * place, "d.example", topics=law)
        )
    assert len(list(decider.stories())) == 1


def test_the_name_of_a_site_is_no_part_of_its_titles() -> None:
    """Desks set it behind each of their titles."""
    assert without_site("Fog - Post - Brandvik", "Rain - Post - Brandvik") == ("Fog", "Rain")
    assert without_site("Fog", "Rain - Post") == ("Fog", "Rain Post")
