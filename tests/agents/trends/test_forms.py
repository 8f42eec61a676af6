"""Forms of phrases: which of them are counted as one, and which stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.trends.forms import COUNTED_LETTERS, ENDINGS, Forms, counted_form
from agents.trends.terms import lower


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", "Павел Дергунов, Павла Дергунова, Павлу Дергунову, Павлом Дергуновым, Павле Дергунове"),
        ("ru", "Олег Ким, Олега Кима, Олегом Кимом"),
        ("ru", "Артём Лагутов, Артёма Лагутова, Артёму Лагутову, Артёмом Лагутовым"),
        ("ru", "паром Крым, парома Крым, паром Крыма, паромом Крыма"),
        ("ru", "досрочные выборы, досрочных выборов, досрочными выборами"),
        ("uk", "Остап Гринько, Остапа Гринька, Остапові Гриньку, Остапом Гриньком"),
        ("pl", "Paweł Wrona, Pawła Wrony, Pawłowi Wronie, Pawłem Wroną"),
        ("pl", "Andrzej Duda, Andrzeja Dudy, Andrzejowi Dudzie"),
        ("cs", "Pavel Novotný, Pavla Novotného, Pavlem Novotným, Pavlovi Novotnému"),
        ("cs", "stávka lékařů, stávky lékařů, stávce lékařů"),
        ("sr", "Ана Брнић, Ане Брнић, Аном Брнић"),
        ("lt", "Gitanas Nausėda, Gitano Nausėdos, Gitanui Nausėdai"),
        ("lv", "Edgars Rinkēvičs, Edgara Rinkēviča, Edgaram Rinkēvičam"),
        ("fi", "Sanna Marin, Sanna Marinin, Sanna Marinille, Sanna Marinia"),
        ("et", "Alar Karis, Alar Karise, Alar Karisele, Alar Karist"),
        ("hu", "Magyar Péter, Magyar Pétert, Magyar Péternek, Magyar Péterrel"),
        ("hu", "Kende Márton, Kende Mártont, Kende Mártonnak, Kende Mártonnal"),
        ("tr", "kömür ocağı, kömür ocağında, kömür ocağının, kömür ocağından"),
        ("pl", "strajk Kraków, strajku Krakowie, strajkiem Krakowa, strajk Krakowem"),
        ("pl", "trybunał Haga, trybunału Hadze, trybunałem Hagą"),
        ("cs", "magistrát Praha, magistrátu Praze, magistrátem Prahou"),
        ("uk", "мер Львів, мера Львові, мером Львова, меру Львовом"),
        ("uk", "пожежа Прага, пожежі Празі, пожежею Прагою"),
        ("hr", "sajam knjiga, sajma knjizi, sajmom knjigama"),
        ("fi", "lakko Turku, lakon Turun, lakossa Turussa, lakkoa Turkua"),
        ("fi", "satama Helsinki, sataman Helsingin, satamassa Helsingissä"),
        ("fi", "silta Lahti, sillan Lahden, sillassa Lahdessa"),
        ("ko", "서울 지하철, 서울의 지하철이, 서울에서 지하철을, 서울 지하철은"),
        ("el", "Νίκος Παππάς, Νίκου Παππά, Νίκο Παππά"),
        ("el", "δασική πυρκαγιά, δασικές πυρκαγιές, δασικών πυρκαγιών"),
    ],
)
def test_the_cases_of_a_name_are_one(language: str, forms: str) -> None:
    """Endings, vowels that come and go, and consonants that soften make no other phrase of it."""
    assert len({counted_form(lower(form), language) for form in forms.split(", ")}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ru", "иван петров", "иван сидоров"),
        ("ru", "вадим котов", "варвара котова"),
        ("ru", "северная осетия", "северная корея"),
        ("pl", "nowy jork", "nowy targ"),
        ("fi", "etelä korea", "etelä karjala"),
        ("fi", "turku satama", "tampere satama"),
        ("cs", "praha hasiči", "praha policie"),
        ("ko", "서울 지하철", "부산 지하철"),
        ("ko", "이가 나라", "이도 나라"),
        ("en", "hunger strike", "hunger strikes"),
        ("und", "павел дергунов", "павла дергунова"),
    ],
)
def test_other_phrases_stay_apart(language: str, one: str, other: str) -> None:
    """One word that begins otherwise is enough; in a language without cases any letter is."""
    assert counted_form(one, language) != counted_form(other, language)


@given(st.sampled_from(sorted(ENDINGS)), st.text(max_size=60))
def test_any_phrase_has_a_short_form(language: str, phrase: str) -> None:
    """As many words as before, each of few letters."""
    counted = counted_form(phrase, language)
    assert counted.count(" ") == phrase.count(" ")
    assert all(len(word) <= COUNTED_LETTERS for word in counted.split(" "))


def test_the_commonest_form_names_a_phrase() -> None:
    """Of as common ones the shortest does, one of before a restart counts as two, and forms beyond the bound name nothing."""
    forms = Forms()
    assert forms.commonest("k", "long", "long") == "long"
    assert forms.commonest("k", "long", "b") == "b"
    assert forms.commonest("k", "b", "long") == "long"
    for number in range(20):
        assert forms.commonest("k", "long", f"form {number}") == "long"
    forms.keep({})
    assert forms.commonest("k", "long", "other") == "long"
    assert forms.commonest("k", "long", "other") == "long"
    assert forms.commonest("k", "long", "other") == "other"
