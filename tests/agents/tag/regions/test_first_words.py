"""The first word of a sentence has its capital from the sentence, and is seldom the town that is spelt like it."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "title", "text", "country"),
    [
        ("es", "Salta: choque en la ruta", "Dos autos chocaron de frente.", "AR"),
        ("es", "Salta a oscuras", "La luz no volvió a Salta.", "AR"),
        ("es", "", "Salamanca estrena tranvía.", "ES"),
        ("ru", "", "г. Чистополь остался без воды.", "RU"),
        ("ru", "", "Думаю затопило. Власти Индонезии шлют лодки.", "ID"),
        ("de", "", "Essen baut Radwege. Der Essener Stadtrat stimmte zu, in Essen fehlen sie.", "DE"),
        ("tr", "", "Ordu'da sel yolları kapattı.", "TR"),
        ("pl", "", "Mali czeka na wybory. W stolicy Bamako stoją kolejki.", "ML"),
    ],
)
def test_what_shows_that_a_place_is_meant(tag: Tag, language: str, title: str, text: str, country: str) -> None:
    """A colon, a case ending, its name in mid-sentence, its country, or a town of some size at home."""
    assert country in countries(tag(text, title=title, language=language))
