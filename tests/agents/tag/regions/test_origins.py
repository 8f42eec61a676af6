"""Where somebody was born comes after where she is, and a people after the place in which it lives."""

import pytest

from tests.agents.tag.regions.conftest import Tag

BORN = [
    ("en", "A baker who fed two towns died in Leeds on Monday. Born in Gdansk in 1931, he was a native of Sopot.", "GB"),
    ("de", "Die Malerin starb in Graz. Geboren wurde sie in Lemberg, ihr Vater stammte aus Odessa.", "AT"),
    ("es", "El pintor murió en Montevideo. Nacido en Nápoles, era originario de Sicilia.", "UY"),
    ("fr", "Le luthier est mort à Lyon. Né à Alger, il était originaire de Constantine.", "FR"),
    ("it", "La sarta è morta a Torino. Nata ad Asmara, era originaria di Massaua.", "IT"),
    ("pt", "O poeta morreu em Curitiba. Nascido em Kiev, era natural de Odessa.", "BR"),
    ("pl", "Poeta zmarł w Łodzi. Urodzony w Wilnie, pochodził z Kowna.", "PL"),
    ("ru", "Скульптор умер в Казани. Он родился в Тбилиси, его мать родом из Батуми.", "RU"),
    ("uk", "Мовознавець помер у Вінніпезі. Він народився 1931 року під Тернополем.", "CA"),
    ("ar", "توفي الشاعر في القاهرة. ولد في بغداد ونشأ بين كتبه.", "EG"),
    ("ja", "画家が大阪で死去した。ソウルで生まれ、海を描いた。", "JP"),
    ("ko", "화가가 부산에서 별세했다. 도쿄에서 태어나 바다를 그렸다.", "KR"),
    ("zh", "诗人在上海去世。他出生于东京。", "CN"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "code"), BORN)
def test_a_birthplace_comes_after_the_place_where_somebody_died(tag: Tag, language: str, text: str, code: str) -> None:
    """Words of birth and descent, before a place or behind it."""
    assert tag(text, language=language).primary_country == code


def test_a_birth_in_the_title_is_the_news(tag: Tag) -> None:
    """A birth that the title tells of happens there."""
    text = "Zwei Pandas sind geboren in Berlin. Die Eltern sind eine Leihgabe aus China."
    assert tag(text, title="Panda-Zwillinge im Zoo Berlin", language="de").primary_country == "DE"


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("el", "Οι Έλληνες της Μελβούρνης χόρεψαν πεντοζάλη ως το πρωί.", "AU"),
        ("de", "Die Türken in Hamburg feiern ein Fest.", "DE"),
        ("es", "Los bolivianos de Buenos Aires bailaron hasta la madrugada.", "AR"),
    ],
)
def test_a_people_elsewhere_is_news_of_that_place(tag: Tag, language: str, text: str, code: str) -> None:
    """Greeks of Melbourne, Türken in Hamburg."""
    assert tag(text, language=language).primary_country == code


@pytest.mark.parametrize("text", ["У Гамбурзі відкрили міст.", "У Страсбурзі відкрили міст."])
def test_ukrainian_cities_in_g_are_known_in_the_locative(tag: Tag, text: str) -> None:
    """The last letter of Hamburg and Strasbourg changes before the ending."""
    assert tag(text, language="uk").primary_country in ("DE", "FR")
