"""Storms and families that are called like a place."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("fr", "La tempête Victoria a touché la France. Victoria souffle encore sur Brest.", {"FR"}),
        ("de", "Orkan Victoria traf Deutschland. Victoria zieht nun weiter.", {"DE"}),
        ("es", "La borrasca Florencia dejó nieve en España.", {"ES"}),
        ("it", "L'uragano Georgia minaccia Cuba.", {"CU"}),
        ("pt", "A tempestade Córdoba atinge Portugal.", {"PT"}),
        ("ko", "태풍 산티아고가 일본에 상륙했다.", {"JP"}),
        ("en", "Storm Florence closed schools in Ireland.", {"IE"}),
        ("en", "A storm closed schools in Florence. Italy sent soldiers to Florence.", {"IT"}),
        ("fr", "La tempête a touché Marseille et Nice.", {"FR"}),
    ],
)
def test_a_storm_has_its_name_from_a_list(tag: Tag, language: str, text: str, named: set[str]) -> None:
    """The word for a storm stands right before its name; where a town has the storm, it does not."""
    assert countries(tag(text, language=language)) == named


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("pt", "A secretária Beatriz França cuidará da saúde em Lisboa.", {"PT"}),
        ("it", "Francesca Spagna guiderà il museo di Torino.", {"IT"}),
        ("es", "Carlos Alemania ganó la carrera en Bogotá.", {"CO"}),
    ],
)
def test_a_family_may_be_called_like_a_country(tag: Tag, language: str, text: str, named: set[str]) -> None:
    """A given name stands before the country's each time, and nothing else of the country is in the article."""
    assert countries(tag(text, language=language)) == named
