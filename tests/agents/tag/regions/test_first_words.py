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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The hull leaked near the bow. Hull repairs take a week. Hull and deck are of wood."),
        ("en", "Every family wants a turkey. Turkey prices rose again."),
        ("pt", "O recife está doente, dizem os mergulhadores. Recife perde cor com o calor."),
        ("es", "La policía halló una granada. Granada y mecha estaban oxidadas."),
    ],
)
def test_a_word_that_the_text_has_in_small_letters_is_no_place(tag: Tag, language: str, text: str) -> None:
    """However large the city is, and however often the word begins a sentence."""
    assert tag(text, language=language).regions == []


def test_a_city_named_in_mid_sentence_is_one_although_it_is_a_word_too(tag: Tag) -> None:
    """A hull leaks off Hull."""
    text = "The ferry to Hull turned back. The hull leaked near the bow. Hull repairs take a week."

    assert tag(text).primary_country == "GB"


@pytest.mark.parametrize(
    ("language", "text"),
    [("ja", "大津波の記憶を語り継ぐ会が開かれた。"), ("ko", "대구탕 가격이 올랐다."), ("ar", "حمص وفول على المائدة.")],
)
def test_longer_words_and_dishes_are_no_city(tag: Tag, language: str, text: str) -> None:
    """A great tsunami is not of Otsu, nor is a cod stew of Daegu, nor are chickpeas of Homs."""
    assert tag(text, language=language).regions == []
