"""Spellings that are one: letters, digits and signs that desks write in several ways."""

import pytest

from agents.dedup.words import NUMBER_BIT, split
from streams.text.spellings import SIMPLIFIED, TRADITIONAL

SPELLINGS = {
    "Devanagari digits": ("नगर में १२ दुकानें बंद रहीं", "नगर में 12 दुकानें बंद रहीं"),
    "Bengali digits": ("বাজারে ৩৫টি দোকান", "বাজারে 35টি দোকান"),
    "Arabic digits": ("وصل ٢٧ حافلة", "وصل 27 حافلة"),
    "Persian digits": ("قطار با ۴۵ مسافر", "قطار با 45 مسافر"),
    "Thai digits": ("รถบัส ๖ คัน", "รถบัส 6 คัน"),
    "Arabic fractions": ("بلغ السعر ٣٫٥", "بلغ السعر 3.5"),
    "Arabic vowel signs": ("مُدِيرًا جديداً", "مديرا جديدا"),
    "Arabic hamza": ("أعلن إبراهيم في المستشفى", "اعلن ابراهيم في المستشفي"),
    "Hebrew points": ("שָׁלוֹם עַל הָעִיר", "שלום על העיר"),
    "Hindi nasals": ("हिन्दी के पाँच सम्पादक", "हिंदी के पांच संपादक"),
    "Hindi dots": ("सड़क पर गाज़र", "सडक पर गाजर"),
    "Russian dots": ("Учёный назвал Пётра", "Ученый назвал Петра"),
    "traditional characters": ("鐵路橋開始動工，總長八百米", "铁路桥开始动工，总长八百米"),
    "Swiss ss": ("Die Straße nach Gießen", "Die Strasse nach Giessen"),
    "Turkish i": ("Kılıç ailesi Iğdır'a taşındı", "Kilic ailesi Igdir'a tasindi"),
    "Polish strokes": ("Paweł Łuczak z Łodzi", "Pawel Luczak z Lodzi"),
    "Danish strokes": ("Søren Ørsted fra Ærø", "Soren Orsted fra Aero"),
    "Croatian strokes": ("Đuro Đaković i Anđa", "Duro Dakovic i Anda"),
    "French ligatures": ("le cœur de l'Œuvre", "le coeur de l'Oeuvre"),
}


@pytest.mark.parametrize(("one", "other"), SPELLINGS.values(), ids=SPELLINGS)
def test_spellings_are_one(one: str, other: str) -> None:
    """The words are the same, and so are the facts among them."""
    (first, second) = split([("", one), ("", other)])

    assert first.body.tolist() == second.body.tolist()
    assert sorted(first.facts.tolist()) == sorted(second.facts.tolist())


#: A number, and how other papers write it.
THOUSANDS = {
    "12400": ("12 400", "12,400", "12.400", "12\u00a0400", "12\u202f400", "12'400"),
    "3150000": ("3 150 000", "3,150,000", "3.150.000"),
}


@pytest.mark.parametrize("text", ["They sold {} eels.", "{}", "Продано {} угрей."], ids=("Latin", "alone", "Cyrillic"))
@pytest.mark.parametrize("number", THOUSANDS)
def test_thousands_are_one_however_they_are_set_apart(text: str, number: str) -> None:
    """A blank, a point, a comma or nothing, by country and desk."""
    whole, *apart = split([("", text.format(written)) for written in (number, *THOUSANDS[number])])

    assert [other.body.tolist() for other in apart if other.spaced] == [whole.body.tolist()] * len(apart)


@pytest.mark.parametrize("text", ["in 2026 300 men", "12 40 men", "1200 4000", "at 9, 12 men"])
@pytest.mark.parametrize("language", ["{} came", "{} пришли на пристань утром"], ids=("Latin", "Cyrillic"))
def test_numbers_beside_each_other_stay_two(text: str, language: str) -> None:
    """A year, a short number or a long fraction is no thousand of what stands before it."""
    assert len(split([("", language.format(text))])[0].body) == len(language.format(text).split())


def test_numbers_of_two_articles_stay_two() -> None:
    """Where one text ends with a number and the next begins with three digits, neither changes."""
    first, second = split([("1", "left 7"), ("500", "500 left, 1 200 came")])

    assert first.body.tolist() == split([("1", "left 7")])[0].body.tolist()
    assert second.body.tolist() == split([("500", "500 left, 1200 came")])[0].body.tolist()
    assert second.title.tolist() == split([("500", "")])[0].title.tolist()


def test_digits_of_any_script_are_numbers() -> None:
    """A figure in Indian digits is a number as one in European digits is."""
    (article,) = split([("", "कुल १२ और ७ लोग")])

    assert sum(int(fact & NUMBER_BIT > 0) for fact in article.facts) == 2


def test_characters_stand_one_for_one() -> None:
    """Each traditional character has its simplified one, and none stands twice."""
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert not set(TRADITIONAL) & set(SIMPLIFIED)
