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
    ("language", "title", "text", "expected"),
    [
        ("es", "Israel Quiroga canta en Lisboa", "El cantaor Israel Quiroga actuó anoche en Lisboa.", {"PT"}),
        ("ar", "محاكمة باريس كلارك", "مثلت باريس كلارك أمام محكمة في لوس أنجلوس. وقالت باريس إنها بريئة.", {"US"}),
        ("cs", "Milan Novotný odchází", "Milan Novotný dnes odchází do důchodu.", set()),
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
