"""A column, a horoscope or a bulletin under its standing head is a story of its own; a desk's next report on an event is not."""

import pytest

from agents.stories.decide import Decider
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
