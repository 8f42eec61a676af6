"""A later report that shares a rare word with its story's titles joins it; a look-alike that brings words of its own does not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from agents.stories.acceptance import Article, Features, early_features
from agents.stories.decide import Decider
from agents.stories.reading.gather import ArticleFeatures
from agents.stories.rules.own_words import SHARED, brings_others, shares_own
from agents.stories.state.commonness import Commonness
from agents.stories.state.memory import Memory, Rows
from streams.records import NewsTopic, Region
from tests.agents.stories.conftest import Make


def decided(decider: Decider, make: Make, language: str, reports: list[tuple[str, str]], hours: float) -> int:
    """Decide on reports so many hours apart, in a language whose common words are known; return how many stories there are."""
    for place, (title, text) in enumerate(reports):
        decider.decide(make(f"a{place}", title, text, hours=place * hours, language=language))
        decider.languages[language].commonness.articles = 600.0
    return len(list(decider.stories()))


Rule = Callable[[Article, Memory, Rows, Features, Commonness], npt.NDArray[np.float64]]


def odds(rule: Rule, decider: Decider, first: ArticleFeatures, later: ArticleFeatures) -> float:
    """Return the log odds that a rule of own words gives the second article of a language with the story of the first."""
    decider.decide(first)
    stories, row = decider.languages[first.language], np.zeros(1, np.int64)
    article = stories.compared(later)
    seen = early_features(article, stories.memory, row, stories._table)
    return float(rule(article, stories.memory, row, seen, stories.commonness)[0])


LATER = {
    "de": [
        (
            "Großfeuer im Klinikum Ettenbruch",
            "Im Klinikum Ettenbruch hat es gebrannt. Der Direktor brachte Kranke ins Freie.",
        ),
        (
            "Spenden nach dem Feuer",
            "Die Ettenbrucher Klinik bekam 4.000 Euro, sagt ihr Chefarzt am Dienstag der Zeitung.",
        ),
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
def test_a_word_of_the_storys_own_tells_from_the_first_article_on(
    decider: Decider, article: Make, language: str
) -> None:
    """The place of the first report's title is the only strong word that the second has of it, in another form or not."""
    first, later = (article(f"a{n}", *told, hours=10 * n, language=language) for n, told in enumerate(LATER[language]))
    assert odds(shares_own, decider, first, later) == pytest.approx(SHARED)


def test_a_later_title_may_have_a_word_of_the_first_text(decider: Decider, article: Make) -> None:
    """A word of the story's own need not stand in its title, where it stands in the article's."""
    first = article("a0", "Fartyg på grund", "Fartyget Berta ligger vid Havsnäs i dimma sedan måndagen.", language="sv")
    later = article(
        "a1", "Olja vid Havsnäs", "Frivilliga tvättar fåglar. Oljan luktar ända till skolan.", 10, language="sv"
    )
    assert odds(shares_own, decider, first, later) == pytest.approx(SHARED)


def test_a_number_is_no_word_of_a_storys_own(decider: Decider, article: Make) -> None:
    """Years and prices are anybody's."""
    first = article("a0", "Fartyget byggs 2037", "Varvet lovar fartyget till hamnen i god tid.", language="sv")
    later = article(
        "a1", "Skolan stängs 2037", "Kommunen flyttar alla elever till grannbyn i stället.", 10, language="sv"
    )
    assert odds(shares_own, decider, first, later) == 0


def test_a_word_of_the_storys_own_brings_a_later_report(decider: Decider, article: Make) -> None:
    """Without it the second would found a story."""
    assert decided(decider, article, "sv", LATER["sv"], hours=10) == 1


#: Words of a long text.
LONG = " ".join(f"{first}{then}lamo" for first in "bdfgkmpvz" for then in "aeiouyrlstnh")
HERE = [Region(country="SE", code="SE", name="Sverige", level="country", role="about", score=1.0)]


def topic(code: str) -> list[NewsTopic]:
    """Return a topic as an article has it."""
    return [NewsTopic(id=code, label="any", level=1, score=1.0, method="words")]


@pytest.mark.parametrize(
    ("both", "second"),
    [
        ({"topics": topic("medtop:15000000")}, {}),
        ({"topics": topic("medtop:02000000"), "regions": HERE}, {}),
        ({}, {"title": "Sjöfåglar"}),
        ({"text": f"Fartyget vid Havsnäs och sjöfåglar {LONG}."}, {}),
    ],
    ids=["the same sides", "two crimes in a town", "a subject of its own", "long texts"],
)
def test_a_shared_word_tells_less(
    decider: Decider, article: Make, both: dict[str, Any], second: dict[str, Any]
) -> None:
    """Where whoever or wherever it is comes again with another event, or enough other words can tell."""
    (title, text), (heading, told) = LATER["sv"]
    first = article("a0", **{"title": title, "text": text, "language": "sv", **both})
    later = article("a1", **{"title": heading, "text": told, "hours": 10, "language": "sv", **both, **second})
    assert odds(shares_own, decider, first, later) == 0


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


@pytest.mark.parametrize(
    ("fields", "more", "asked"),
    [
        ({}, "", True),
        ({"hours": 2}, "", False),
        ({"topics": topic("medtop:02000000")}, "", False),
        ({"title": "Grève des facteurs : le courrier attend"}, "", False),
        ({}, "Le maire Jean Dufoy se tait.", False),
        ({}, LONG, False),
    ],
    ids=["a brief", "within hours", "a crime", "no word of its own in the title", "a name in common", "long texts"],
)
def test_of_a_brief_with_words_of_its_own_more_is_asked(
    decider: Decider, article: Make, fields: dict[str, Any], more: str, *, asked: bool
) -> None:
    """Half a day after the story or later, where the brief shares neither a word of its own nor a name with it."""
    title, text, towns = STRIKES["fr"]
    (here, told), (there, again) = ((title.format(*t.split("|")), text.format(*t.split("|"))) for t in towns)
    first = article("a0", here, f"{told} {more}", language="fr")
    later = article("a1", **{"title": there, "text": f"{again} {more}", "hours": 48, "language": "fr", **fields})
    assert (odds(brings_others, decider, first, later) > 0) == asked


def test_pairs_of_signs_are_no_words_of_a_briefs_own(decider: Decider, article: Make) -> None:
    """In Chinese a few new ones straddle old words: nothing more is asked."""
    title, text = "{0}邮递员罢工", "{0}邮递员周一起罢工，要求加薪。工会说，五条路线中只有一条还在送信。"
    here, there = (text.format(town) for town in ("青岙", "白埠"))
    first = article("a0", title.format("青岙"), here, language="zh")
    later = article("a1", title.format("白埠"), there, hours=48, language="zh")
    assert odds(brings_others, decider, first, later) == 0
    stories = decider.languages["zh"]
    stories.memory.overlap = 1
    row = np.zeros(1, np.int64)
    seen = early_features(compared := stories.compared(later), stories.memory, row, stories._table)
    assert brings_others(compared, stories.memory, row, seen, stories.commonness)[0] > 0


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
