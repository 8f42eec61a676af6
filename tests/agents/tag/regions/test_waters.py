"""Seas and oceans that are called after a country are none of its news; a mere look-alike is."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries

SEAS = [
    ("de", "Ein Frachter sank im Indischen Ozean, ein zweiter im Japanischen Meer."),
    ("fr", "Le cargo a sombré en mer de Chine méridionale, un autre en mer du Japon."),
    ("es", "El carguero se hundió en el mar de China Meridional, otro en el mar de Japón."),
    ("it", "Il cargo è affondato nell'oceano Indiano, un altro nel mar Cinese meridionale."),
    ("pt", "O cargueiro afundou no mar da China."),
    ("nl", "Het vrachtschip zonk in de Japanse Zee."),
    ("sv", "Fartyget sjönk i Indiska oceanen."),
    ("cs", "Loď se potopila v Indickém oceánu."),
    ("hu", "A hajó a Dél-kínai-tengeren süllyedt el, egy másik a Japán-tengeren."),
    ("fi", "Alus upposi Intian valtamerellä, toinen Etelä-Kiinan merellä."),
    ("ro", "Nava s-a scufundat în Oceanul Indian, alta în Marea Japoniei."),
    ("pl", "Statek zatonął na Morzu Japońskim."),
    ("ru", "Судно затонуло в Южно-Китайском море, другое в Индийском океане."),
    ("uk", "Судно затонуло в Південно-Китайському морі."),
    ("tr", "Gemi Güney Çin Denizi'nde battı."),
    ("ar", "غرقت السفينة في بحر الصين الجنوبي."),
    ("hi", "जहाज दक्षिण चीन सागर में डूब गया।"),
    ("bn", "জাহাজটি ভারত মহাসাগরে ডুবে যায়।"),
    ("id", "Kapal itu tenggelam di Laut China Selatan."),
    ("th", "เรือจมในมหาสมุทรอินเดีย"),
    ("vi", "Con tàu chìm ở Ấn Độ Dương."),
    ("zh", "货轮在日本海沉没，另一艘在南中国海搁浅。"),
    ("ja", "フィリピン海で貨物船が沈没した。"),
]

LOOK_ALIKES = [
    ("id", "Angkatan Laut Indonesia menahan dua kapal.", "ID"),
    ("ro", "Marea Britanie a trimis două nave.", "GB"),
    ("zh", "日本海军派出两艘军舰。", "JP"),
    ("zh", "日本海关查获一批货物。", "JP"),
    ("zh", "华东日本海鲜店昨日开业。", "JP"),
    ("ja", "日本海側で大雪になった。", "JP"),
    ("hu", "A japán tengerészek partra szálltak.", "JP"),
    ("de", "Deutschland baut am Meer neue Windräder.", "DE"),
    ("fi", "Aluksia lähetti Ruotsin merivoimat.", "SE"),
]


@pytest.mark.parametrize(("language", "text"), SEAS)
def test_a_sea_called_after_a_country_is_not_that_country(tag: Tag, language: str, text: str) -> None:
    """The word for sea beside a country makes a name of its own."""
    assert countries(tag(text, language=language)) == set()


@pytest.mark.parametrize(("language", "text", "code"), LOOK_ALIKES)
def test_navies_coasts_and_customs_are_no_seas(tag: Tag, language: str, text: str, code: str) -> None:
    """The words of navies, coasts and customs are others."""
    assert code in countries(tag(text, language=language))


def test_a_coast_beside_a_sea_is_the_scene(tag: Tag) -> None:
    """The other place that is named is where it happened."""
    text = "Vor Somalia haben Piraten im Indischen Ozean einen Tanker gekapert."
    assert tag(text, language="de").primary_country == "SO"


def test_a_name_that_a_hyphen_goes_on_is_the_longer_one(tag: Tag) -> None:
    """Le Cap is no part of le Cap-Vert."""
    assert countries(tag("Le Cap-Vert reçoit des touristes, Le Cap aussi.", language="fr")) == {"CV", "ZA"}


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("es", "Un barco se hundió en el mar de Cuba.", "CU"),
        ("it", "La nave affondò nel mare della Grecia.", "GR"),
        ("fr", "Il pêche dans la mer d'Islande.", "IS"),
    ],
)
def test_the_sea_off_a_country_is_there(tag: Tag, language: str, text: str, code: str) -> None:
    """No sea bears its name."""
    assert tag(text, language=language).primary_country == code
