"""Parts of countries in one word with them, and gulfs that are called after a country."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "In der Ostukraine wird gekämpft, in Nordsyrien nicht.", "UA SY"),
        ("de", "In Südfrankreich brennt der Wald.", "FR"),
        ("de", "Hitze in Nordindien und in Südostindien.", "IN"),
        ("sv", "Hetta i Sydindien.", "IN"),
        ("sv", "Strider i Sydlibanon, lugnt i Nordirak.", "LB IQ"),
        ("da", "Kampe i Østukraine og en mine i Sydgrønland.", "UA GL"),
        ("nb", "Kamper i Østukraina.", "UA"),
        ("lv", "Kaujas Austrumukrainā un Dienvidlibānā.", "UA LB"),
        ("ko", "남레바논에서 교전이 벌어졌다.", "LB"),
        ("ko", "북이라크 공습이 이어졌다.", "IQ"),
    ],
)
def test_a_part_of_a_country_is_the_country(tag: Tag, language: str, text: str, expected: str) -> None:
    """A point of the compass before a country's name makes one word with it."""
    assert countries(tag(text, language=language)) == set(expected.split())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Südamerika, Westindien und Westeuropa wählen."),
        ("sv", "Sydamerika och Västindien väljer."),
        ("lv", "Dienvidamerika un Austrumeiropa."),
        ("ko", "동남아시아 여행, 강남 미용실."),
    ],
)
def test_continents_are_no_countries(tag: Tag, language: str, text: str) -> None:
    """South America is not in the United States, nor are the West Indies in India."""
    assert not countries(tag(text, language=language)) & {"US", "IN", "IE"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Pêche dans le golfe de Guinée : le Gabon proteste.", "GA"),
        ("es", "Piratas en el golfo de Guinea atacan un barco de Togo.", "TG"),
        ("pt", "Piratas no golfo da Guiné atacam ao largo do Togo.", "TG"),
        ("it", "Pirati nel golfo di Guinea al largo del Togo.", "TG"),
        ("de", "Piraten im Golf von Guinea greifen vor Togo an.", "TG"),
        ("de", "Im Golf von Oman brennt ein Tanker.", "OM"),
    ],
)
def test_a_gulf_is_not_its_country(tag: Tag, language: str, text: str, expected: str) -> None:
    """The coast that is named beside a gulf is where it happened; where none is, the gulf's is the nearest."""
    assert countries(tag(text, language=language)) == {expected}


def test_a_bank_called_like_a_division_is_none(tag: Tag) -> None:
    """Banco Santander is no bank of Santander in Colombia."""
    text = "Sube el beneficio del Banco Santander gracias a Brasil."

    assert countries(tag(text, language="es")) == {"BR"}


def test_veterans_march_at_home(tag: Tag) -> None:
    """The place of a war comes second where its veterans are."""
    text = "Falklands veterans marched in Buenos Aires. Argentina's government promised talks."

    assert tag(text, title="Falklands veterans march").primary_country == "AR"
