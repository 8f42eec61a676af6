"""A brief below the bar joins the nearest story where that is nearer than all others and a word of its own says so."""

import tomllib

import numpy as np
import pytest

from agents.stories.decide import Decider
from agents.stories.rules.second_look import SIGNS, looked_at_again, weights
from tests.agents.stories.conftest import Make
from tools.train_briefs import WAYS, Look, learned

FIRST = {
    "fr": (
        "Incendie à la scierie de Vaubrun",
        "Un feu a détruit lundi la scierie Cortal à Vaubrun. Personne n'est blessé.",
    ),
    "nl": (
        "Ooievaars vergiftigd in Zuidmeer",
        "Boswachters vonden maandag zeven dode ooievaars bij Zuidmeer, vermoedelijk vergif.",
    ),
}
LATER = {
    "fr": (
        "Quarante emplois menacés",
        "Faut-il déménager à Lyon ? Le maire de Vaubrun attend une réponse avant le mois de juin.",
    ),
    "nl": ("Fruitteler aangehouden", "De verdachte, een man uit Zuidmeer, zou lokaas hebben gelegd voor kraaien."),
}
STRANGER = {
    "fr": (
        "Le marathon change de parcours",
        "Les coureurs passeront cette année par le port, annonce le club d'athlétisme.",
    ),
    "nl": ("Marathon krijgt nieuwe route", "De lopers komen dit jaar langs de haven, meldt de atletiekclub."),
}


def decide(decider: Decider, make: Make, language: str, later: tuple[str, str]) -> int:
    """Decide on a first brief, a day later on another one; return how many stories there are."""
    for place, told in enumerate((FIRST[language], later)):
        decider.decide(make(f"a{place}", *told, hours=30 * place, language=language))
        decider.languages[language].commonness.articles = 400.0
    return len(list(decider.stories()))


@pytest.mark.parametrize("language", FIRST)
def test_a_later_brief_joins_its_affair(decider: Decider, article: Make, language: str) -> None:
    """It shares a village, and no other story is as near."""
    assert decide(decider, article, language, LATER[language]) == 1


@pytest.mark.parametrize("language", FIRST)
def test_a_brief_on_something_else_founds_a_story(decider: Decider, article: Make, language: str) -> None:
    """It shares no word of the story's own."""
    assert decide(decider, article, language, STRANGER[language]) == 2


def test_no_sign_speaks_against_its_way() -> None:
    """Shared signs speak for a story, and those that an article lacks or brings along against it."""
    told, _ = weights()
    assert not [name for name, weight in zip(SIGNS, told, strict=True) if weight * WAYS.get(name, 0) < 0]


def test_a_nearer_rival_makes_it_doubtful() -> None:
    """Of two stories that are equally near, neither is taken."""
    from_afar = dict.fromkeys(SIGNS, 0.0) | {"margin": -2.0, "own": 1.0, "lacks_some": 1.0}
    alone, rivals = ([{**from_afar, "lead": lead}[name] for name in SIGNS] for lead in (3.0, 0.0))
    assert looked_at_again(alone) > 0 > looked_at_again(rivals)


def test_training_writes_weights_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """Its standard output is a file of weights; how many looks it learned from is said beside it."""
    dice = np.random.default_rng(1)
    looks = [Look(dice.random(len(SIGNS)) + right, right) for right in (True, False) for _ in range(20)]
    assert tomllib.loads(learned(looks)).keys() == {"bar", *SIGNS, "bias"}
    assert capsys.readouterr().out == ""
