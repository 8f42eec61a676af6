"""The first word of a sentence has its capital from the sentence, and is seldom the town that is spelt like it."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Cat owners pay more. Sauce makers too, bro. Region by region, prices rise."),
        ("en", "Jewish schools and Diana's letters. Meta said Paul and Isabel met in the Valley."),
        ("sv", "Barn och unga drabbas. Barnet mår bra."),
        ("es", "Hola, vecinos. Busca quien quiera su gato; feliz él."),
        ("es", "Reunión de vecinos por el ruido. Salta a la vista que nadie duerme."),
        ("ru", "Думаю, снег растает. Чистая вода нужна всем."),
        ("uk", "Тема дня: ціни. Мета проста, решта потім."),
        ("de", "Essen ist teuer geworden, Wohnen auch."),
        ("it", "Sala piena alla prima. Riunione domani alle nove."),
        ("pl", "Mali pacjenci czekają na lekarza."),
        ("nl", "Orde moet er zijn. Kent u dat gevoel?"),
        ("tr", "Kabul edilen yasa yürürlükte. Ordu sınırda bekliyor."),
        ("fr", "Réunion de crise ce soir. Canton par canton, on compte."),
    ],
)
def test_a_plain_word_begins_a_sentence(tag: Tag, language: str, text: str) -> None:
    """A small place, or a word that mostly means something else, is none where only a sentence's beginning shows it."""
    assert countries(tag(text, language=language)) == set()


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
