"""The next report of a series is a story of its own; the next figures of one event are not."""

import numpy as np
import pytest

from agents.stories.decide import Decider
from agents.stories.reading.figures import figures_of
from agents.stories.reading.words import number
from streams.records import NewsTopic
from tests.agents.stories.conftest import Make

RESERVOIRS = (
    "Die Talsperren im Harz sind zu {0} Prozent gefüllt, teilten die Harzwasserwerke mit. In den Becken stehen {1} Millionen "
    "Kubikmeter Wasser. Aus der Sösetalsperre fließen {2} Liter in der Sekunde ab. In Clausthal fielen {3} Millimeter Regen."
)
FIRST, NEXT = ("71,4", "129,8", "840", "33"), ("74,9", "136,1", "910", "58")
BLAZE = (
    "O incêndio da Serra do Pinhal queimou {0} hectares em Montalvo, disse a Proteção Civil. Combatem o fogo {1} bombeiros e "
    "{2} aviões. Em Montalvo e Rio Seco {3} pessoas deixaram as casas, segundo o autarca Duarte Frazão."
)
DISASTER = [NewsTopic(id="medtop:03000000", label="disaster", level=1, score=0.95, method="linear")]


def stories_of(decider: Decider, article: Make, texts: list[str], hours: float, **fields: object) -> int:
    """Return how many stories texts become that come so many hours apart."""
    for place, text in enumerate(texts):
        decider.decide(article(f"a{place}", text.split(",")[0], text, hours=place * hours, **fields), 0.0)
    return len(list(decider.stories()))


@pytest.mark.parametrize(
    ("figures", "hours", "stories"),
    [(NEXT, 168, 2), (NEXT, 24, 1), (FIRST, 168, 1), (NEXT[:1] + FIRST[1:], 168, 1)],
    ids=("the next week", "the next day", "told again", "one of them corrected"),
)
def test_other_figures_in_the_same_words_are_the_next_report(
    decider: Decider, article: Make, figures: tuple[str, ...], hours: float, stories: int
) -> None:
    """A week later, the same words with none of the figures are another week's; with most of them the report is the same."""
    texts = [RESERVOIRS.format(*FIRST), RESERVOIRS.format(*figures)]
    assert stories_of(decider, article, texts, hours, language="de") == stories


def test_a_fire_is_one_story_whatever_it_has_burned(decider: Decider, article: Make) -> None:
    """Of a disaster the same desk tells anew each day: the names are the same, and so is the story."""
    texts = [BLAZE.format("3.140", 212, 11, 860), BLAZE.format("5.480", 374, 15, "1.290")]
    assert stories_of(decider, article, texts, 26, language="pt", topics=DISASTER) == 1


HAIL = (
    "O instituto de meteorologia emitiu um aviso de trovoada e granizo para {0} e {1}, em vigor até às {2}. O radar mostrava "
    "às {3} uma célula que avança a {4} quilómetros por hora, com rajadas de {5}. Recomenda-se guardar os carros, fechar "
    "portadas, proteger estufas e ficar longe de árvores, janelas e ribeiras até passar o perigo."
)
HAIL_FIRST = ("Sertela", "Vale Cimeiro", "17:45", "16:58", 35, 95)


@pytest.mark.parametrize(
    ("later", "stories"),
    [
        (("Montalvo", "Rio Seco", "18:30", "17:41", 40, 110), 2),
        ((*HAIL_FIRST[:2], "18:30", *HAIL_FIRST[3:]), 1),
    ],
    ids=("elsewhere", "prolonged"),
)
def test_warnings_for_two_places_are_two_within_the_hour(
    decider: Decider, article: Make, later: tuple[object, ...], stories: int
) -> None:
    """Other figures of other names, in the same words, are another event at once."""
    assert stories_of(decider, article, [HAIL.format(*HAIL_FIRST), HAIL.format(*later)], 0.8, language="pt") == stories


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("1,842 casos, 88.120 avisos", ["1842", "88120"]),
        ("日経平均は214円高の38,412円", ["214", "38412"]),
        ("E10 kostet 1,653 Euro, Super 98 mehr", ["1653", "98"]),
        ("In 2026 rose 7 to 12:30", ["12:30"]),
    ],
)
def test_figures_are_read_in_any_script(text: str, figures: list[str]) -> None:
    """Neither years, single digits nor numbers behind a letter are figures."""
    wanted = sorted(number(f"#{figure}") for figure in figures)
    assert np.frombuffer(figures_of("", text), np.uint32).tolist() == wanted
