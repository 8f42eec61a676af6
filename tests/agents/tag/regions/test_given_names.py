"""People abroad whose given name is that of a large city, and the city beside look-alikes of them."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        (
            "fr",
            "Milan Havlena, une vie en romans",
            "L'écrivain est mort à 94 ans. Havlena n'accordait plus d'entretiens.",
        ),
        ("pl", "Milan Havlena nie żyje", "Pisarz miał 94 lata. Powieści Havleny tłumaczono na czterdzieści języków."),
        ("tr", "Milan Havlena 94 yaşında öldü", "Yazar röportaj vermiyordu. Havlena'nın romanları kırk dile çevrildi."),
        ("ru", "Милан Гавлена умер в 94 года", "Писатель не давал интервью. Гавлену переводили на сорок языков."),
        ("uk", "Мілан Гавлена помер у 94 роки", "Письменник не давав інтерв'ю. Гавлену перекладали сорока мовами."),
        ("es", "Sofía Robledal produce una serie", "La actriz leyó el guion en una noche. Robledal también actuará."),
        ("zh", "米兰·哈夫莱纳去世，享年94岁", "这位作家多年不接受采访。"),
        ("zh", "杰克·伦敦作品集新译本出版", "出版社计划出二十卷。"),
    ],
)
def test_a_city_before_a_surname_is_a_given_name(tag: Tag, language: str, title: str, text: str) -> None:
    """The surname stands alone elsewhere, perhaps in another case; in Chinese a dot joins both."""
    assert countries(tag(text, title=title, language=language)) == set()


@pytest.mark.parametrize(
    ("language", "title", "text", "country"),
    [
        (
            "fr",
            "Milan : l'opéra ouvre sa saison",
            "Le public a applaudi dix minutes. Milan attendait cette première.",
            "IT",
        ),
        ("uk", "У Мілані зіткнулися трамваї", "Постраждали дев'ятеро. Мілан Мальпенса працює без змін.", "IT"),
        ("es", "Sofía cierra su centro a los coches", "El ayuntamiento de Sofía multará desde enero.", "BG"),
        (
            "en",
            "Milan Archbishop opens soup kitchen",
            "The archbishop cooked. Archbishop Renzi thanked the city.",
            "IT",
        ),
        ("en", "Milan Tribunal Frees Two Bankers", "The Tribunal found no proof. Both left by a side door.", "IT"),
        ("it", "Roma Pennino chiusa", "Alla Pennino i treni non fermano. La Pennino riapre domani.", "IT"),
        ("zh", "法国·巴黎：地铁停运", "工会要求加薪。", "FR"),
        ("zh", "巴黎时装周开幕", "模特冒雨走秀。", "FR"),
    ],
)
def test_the_city_itself_stays(tag: Tag, language: str, title: str, text: str, country: str) -> None:
    """A name that no surname follows each time, an airport behind it, a title in capitals, a dateline with a dot."""
    assert tag(text, title=title, language=language).primary_country == country


@pytest.mark.parametrize(
    ("title", "text", "country"),
    [
        ("Nach dem Essen kam die Rechnung", "Das gemeinsame Essen dauerte lange, kein gutes Essen geht schnell.", None),
        ("Ein festliches Essen", "Es gab Suppe.", None),
        ("Neues Rathaus", "Der Rat des alten Essen tagt zum letzten Mal. In Essen regnet es.", "DE"),
        ("Ausstellung im schönen Essen", "Der Eintritt ist frei.", "DE"),
    ],
)
def test_a_meal_may_have_an_adjective(tag: Tag, title: str, text: str, country: str | None) -> None:
    """Between the article and the noun; behind a preposition the town has one."""
    assert tag(text, title=title, language="de").primary_country == country


@pytest.mark.parametrize(
    ("language", "title", "text", "expected"),
    [
        ("es", "Israel Quiroga canta en Lisboa", "El cantaor Israel Quiroga actuó anoche en Lisboa.", {"PT"}),
        ("ar", "محاكمة باريس كلارك", "مثلت باريس كلارك أمام محكمة في لوس أنجلوس. وقالت باريس إنها بريئة.", {"US"}),
        ("it", "Milan Fashion Week al via", "La Milan Fashion Week apre lunedì con 60 sfilate.", {"IT"}),
        ("fr", "Paris Games Week complet", "La Paris Games Week attend 200 exposants.", {"FR"}),
        ("ar", "باريس تدعم القرار", "وقالت الخارجية إن باريس تدعم القرار.", {"FR"}),
        ("ar", "سيدني ستستضيف القمة", "أكدت الوزارة أن سيدني ستستضيف القمة.", {"AU"}),
        ("ar", "ميلان الإيطالي يفوز", "فاز ميلان الإيطالي بهدفين.", {"IT"}),
    ],
)
def test_a_full_name_in_title_and_text(tag: Tag, language: str, title: str, text: str, expected: set[str]) -> None:
    """One word behind a given name in both is a surname; an event, a club or an adjective is none."""
    assert {region.country for region in tag(text, title=title, language=language).regions} == expected
