"""Streets that are called after a country, and countries that a street's word stands before by chance."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text", "never"),
    [
        ("fr", "Rue d'Allemagne : un immeuble évacué à Lyon", "DE"),
        ("fr", "Avenue de Tunis, un bus percute un mur à Nantes", "TN"),
        ("es", "Cae una cornisa en la calle de Alemania de Burgos", "DE"),
        ("es", "Choque en avenida Chile en Monterrey", "CL"),
        ("it", "Voragine in via Australia a Bergamo", "AU"),
        ("it", "Incendio in piazza Ungheria a Brescia", "HU"),
        ("pt", "Incêndio na Rua da Bélgica no Porto", "BE"),
        ("es", "Corte en avenida Rivadavia y Perú, en Buenos Aires", "PE"),
        ("es", "La calle Bogotá, cerrada en Montevideo", "CO"),
        ("ru", "Пожар на Киевском вокзале Москвы", "UA"),
        ("uk", "Аварія на вулиці Варшавській у Львові", "PL"),
        ("pl", "Wypadek na ulicy Londyńskiej w Gdyni", "GB"),
        ("cs", "Nehoda v Moskevské ulici v Plzni", "RU"),
    ],
)
def test_a_street_called_after_a_country(tag: Tag, language: str, text: str, never: str) -> None:
    """Its word stands before the name, perhaps with a preposition and an article."""
    assert never not in countries(tag("", title=text, language=language))


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("fr", "L'Allemagne ferme une rue de Berlin", "DE"),
        ("fr", "La place de la Chine dans le commerce", "CN"),
        ("it", "Voli via Londra sospesi", "GB"),
        ("it", "La piazza di Kiev torna a riempirsi", "UA"),
        ("fr", "Rue de Marseille, un immeuble évacué", "FR"),
        ("es", "En las calles de Roma se canta", "IT"),
        ("es", "La plaza de Bogotá se llena", "CO"),
        ("ru", "На улицах Киева тихо", "UA"),
        ("pl", "Na ulicach Londynu stoją taksówki", "GB"),
    ],
)
def test_the_country_itself(tag: Tag, language: str, text: str, country: str) -> None:
    """A street in a city, a place in the trade, a way over London, a town of the language's own countries."""
    assert tag("", title=text, language=language).primary_country == country


def test_a_corner_in_the_text_is_none_in_the_title(tag: Tag) -> None:
    """A title leaves the word of the street out that the text has."""
    text = "Dos autos chocaron en la esquina de avenida Belgrano y Uruguay, en Rosario, Argentina."

    assert countries(tag(text, title="Choque en Belgrano y Uruguay", language="es")) == {"AR"}
