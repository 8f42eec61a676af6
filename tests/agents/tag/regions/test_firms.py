"""Firms, houses, streets and people that are called like a place, in languages other than English."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries

PLACES = (
    ("es", "La empresa peruana abrirá en Oslo una tienda.", "NO"),
    ("es", "El Grupo Oslo, de Noruega, compró una mina en el Perú.", "NO"),
    ("pt", "O presidente do Brasil viajou para Atenas.", "GR"),
    ("fr", "Le maire de Lyon a reçu celui de Budapest.", "HU"),
    ("fr", "Un restaurant de Budapest achète son vin à Lyon, en France.", "HU"),
    ("de", "Der Präsident der Bank in Wien reiste nach Lissabon.", "PT"),
    ("ru", "Компания из Казани откроет завод в городе Мадрид.", "ES"),
    ("zh", "杭州企业在巴黎开店。", "FR"),
    ("ja", "京都市の会社がローマに支店を出す。", "IT"),
    ("ko", "부산 기업이 런던에 지점을 냈다.", "GB"),
)


@pytest.mark.parametrize(("language", "text", "country"), PLACES, ids=[f"{one[0]}-{one[1][:16]}" for one in PLACES])
def test_the_place_itself_stays(tag: Tag, language: str, text: str, country: str) -> None:
    """A firm with a shop there, or a firm whose country is named, is news of the place."""
    assert country in countries(tag(text, language=language))


def test_a_firm_is_no_foreigner_to_its_publisher(tag: Tag) -> None:
    """Where nothing else is named, the publisher's country tells that the firm is at home elsewhere."""
    text = "Le restaurant Budapest ferme ses portes après trente ans."
    assert "HU" not in countries(tag(text, language="fr", source="ouest-france.fr"))
    assert "HU" in countries(tag(text, language="fr", source="unheard-of.example"))
