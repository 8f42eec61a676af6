"""A later report that shares a rare word with its story's titles joins it; a look-alike that brings words of its own does not."""

import pytest

from agents.stories.decide import Decider
from streams.records import Region
from tests.agents.stories.conftest import Make


def decided(decider: Decider, make: Make, language: str, reports: list[tuple[str, str]], hours: float) -> int:
    """Decide on reports so many hours apart, in a language whose common words are known; return how many stories there are."""
    for place, (title, text) in enumerate(reports):
        decider.decide(make(f"a{place}", title, text, hours=place * hours, language=language))
        decider.languages[language].commonness.articles = 600.0
    return len(list(decider.stories()))


LATER = {
    "de": [
        (
            "Großfeuer im Zoo Ettenbruch",
            "Im Zoo Ettenbruch hat es gebrannt. Der Direktor rettete Gibbons.",
        ),
        ("Spenden nach dem Feuer", "Der Ettenbrucher Zoo bekam 4.000 Euro, sagt sein Direktor."),
    ],
    "sv": [
        (
            "Lastfartyg på grund vid Havsnäs",
            "Fartyget Berta gick på grund vid Havsnäs på måndagen. Besättningen hämtades.",
        ),
        ("Olja på stränderna", "Frivilliga tvättar sjöfåglar nära Havsnäs. Fartyget läcker fortfarande."),
    ],
}


@pytest.mark.parametrize("language", LATER)
def test_a_word_of_the_storys_own_brings_a_later_report(decider: Decider, article: Make, language: str) -> None:
    """The place of the first report's title is the only strong word that the second has of it."""
    assert decided(decider, article, language, LATER[language], hours=10) == 1


STRIKES = {
    "fr": (
        "Grève des facteurs à {0} : le courrier attend",
        "Les facteurs de {0} ont cessé le travail {1} pour réclamer {2}. Une tournée sur {3} est assurée, selon la direction.",
        ("Saint-Orval|lundi|une prime|cinq", "Bellemure|mercredi|des embauches|trois"),
    ),
    "ar": (
        "إضراب عمال {0}",
        "بدأ عمال {0} إضرابا عن العمل يوم {1} احتجاجا على تأخر الرواتب. وقالت النقابة إن مئات العمال شاركوا فيه.",
        ("مصنع الزجاج في مرقين|الاثنين", "مصبغة القطن في سلوان|الأربعاء"),
    ),
}


@pytest.mark.parametrize("language", STRIKES)
def test_words_of_another_town_are_another_strike(decider: Decider, article: Make, language: str) -> None:
    """Of neither town a region is known; each stands in its report's title and text."""
    title, text, towns = STRIKES[language]
    reports = [(title.format(*slots.split("|")), text.format(*slots.split("|"))) for slots in towns]
    assert decided(decider, article, language, reports, hours=48) == 2


def test_a_desk_may_bring_a_new_word_within_hours(decider: Decider, article: Make) -> None:
    """A second report that comes at once has words of its own, too."""
    title, text, _ = STRIKES["fr"]
    told = text.format("Saint-Orval", "lundi", "une prime", "cinq")
    reports = [
        (title.format("Saint-Orval"), told),
        ("Les boîtes aux lettres débordent", f"{told} Les boîtes débordent."),
    ]
    assert decided(decider, article, "fr", reports, hours=2) == 1


BLAZES = [
    (
        "Las llamas obligan a evacuar Valdeorceja",
        "El fuego ha arrasado 400 hectáreas en la Sierra Tordilla y obligado a evacuar a los vecinos de Valdeorceja.",
    ),
    (
        "Las llamas obligan a evacuar Quilmapu, en Perú",
        "El fuego ha arrasado 350 hectáreas en Apurímac y obligado a evacuar a los habitantes de Quilmapu, según la Policía.",
    ),
]


def test_names_of_another_country_are_another_fire(decider: Decider, article: Make) -> None:
    """Some of the story's own words are those of any fire; of its names the look-alike has none."""
    for place, (title, text) in enumerate(BLAZES):
        regions = (
            [Region(country="PE", code="PE", name="Perú", level="country", role="about", score=1.0)] if place else []
        )
        decider.decide(article(f"a{place}", title, text, hours=30 * place, language="es", regions=regions))
        decider.languages["es"].commonness.articles = 600.0
    assert len(list(decider.stories())) == 2
