"""Large cities at home of a language, of which there is a division or a city of the name abroad."""

import pytest

from tests.agents.tag.regions.conftest import Tag


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("fr", "Le maire de Brest a inauguré un tramway.", "FR"),
        ("pt", "A prefeitura de Vitória anunciou novas linhas.", "BR"),
        ("pt", "O mercado de Sinop reabriu ontem.", "BR"),
        ("fr", "La Biélorussie a fermé une usine à Brest.", "BY"),
        ("pt", "A Austrália enviou bombeiros para Vitória.", "AU"),
        ("en", "The mayor of Brest opened a tramway in Belarus.", "BY"),
        ("fr", "La police de Nice a arrêté deux hommes mardi.", "FR"),
        ("es", "Los museos de Florencia abren de noche.", "IT"),
    ],
)
def test_a_city_at_home_is_meant_where_nothing_speaks_for_its_namesake(
    tag: Tag, language: str, text: str, code: str
) -> None:
    """The country beside it decides; alone it is at home. Spanish and English have no one home."""
    assert tag(text, language=language).primary_country == code
