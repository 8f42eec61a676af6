"""Names of languages, days and people that look like countries, in the languages that write them so."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text", "never"),
    [
        (
            "fr",
            "Il manque des professeurs de français et d'italien. Un récit traduit de l'allemand.",
            {"FR", "IT", "DE"},
        ),
        ("es", "Faltan clases de francés y de alemán. Habla chino en casa.", {"FR", "DE", "CN"}),
        ("it", "Mancano i corsi di tedesco. La lingua russa non basta.", {"DE", "RU"}),
        ("pt", "As aulas de inglês e de francês são grátis.", {"GB", "FR"}),
        ("de", "Es fehlen Lehrer für Englisch und Französisch.", {"GB", "FR"}),
        ("nl", "De lessen Frans vervallen, de leraren Engels en Duits ook.", {"FR", "GB", "DE"}),
        ("pl", "Brakuje nauczycieli języka angielskiego i niemieckiego.", {"GB", "DE"}),
        ("ru", "Не хватает учителей английского и немецкого языков.", {"GB", "DE"}),
        ("uk", "Бракує вчителів англійської та німецької мов.", {"GB", "DE"}),
        ("tr", "Rus dili dersleri ertelendi.", {"RU"}),
        ("ar", "أساتذة اللغة الفرنسية والإيطالية غائبون.", {"FR", "IT"}),
        ("hi", "जापानी भाषा की कक्षा बंद है।", {"JP"}),
        ("zh", "学校取消了西班牙语课。", {"ES"}),
        ("ja", "韓国語と中国語の授業は休みだ。", {"KR", "CN"}),
        ("ko", "중국어와 일본어 수업이 없다.", {"CN", "JP"}),
        ("ja", "市長は５日朝、近日中に決めると述べた。日曜日朝の会見だった。", {"KP", "CN"}),
        ("en", "Turkey and stuffing sell well. Negotiators recalled the Minsk accords.", {"TR", "BY"}),
        ("en", "Jordan Tollemache, 26, was fined. The host, Israel Houghton, sang.", {"JO", "IL"}),
        ("en", "Swansea drew with Preston. Jordan Tollemache was booked.", {"JO"}),
    ],
)
def test_a_language_a_day_or_a_person(tag: Tag, language: str, text: str, never: set[str]) -> None:
    """None of them is a country."""
    assert not countries(tag(text, language=language)) & never


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Le ministre français a reçu un groupe de Français.", {"FR"}),
        ("es", "Un grupo de franceses llegó en un barco alemán.", {"FR", "DE"}),
        ("it", "Il governo tedesco ha accolto un gruppo di inglesi.", {"DE", "GB"}),
        ("pt", "O governo inglês recebeu um grupo de franceses.", {"GB", "FR"}),
        ("de", "Die französische Regierung warnt.", {"FR"}),
        ("nl", "Hij speelt in het Engels elftal.", {"GB"}),
        ("pl", "Rząd niemiecki czeka. Nauczyciele niemieccy protestują.", {"DE"}),
        ("ru", "Учителя немецкого города бастуют.", {"DE"}),
        ("ar", "الحكومة الفرنسية تنتظر.", {"FR"}),
        ("ja", "日朝首脳会談と日中関係が議題だ。", {"KP", "CN"}),
        ("ko", "해경이 중국어선을 나포했다.", {"CN"}),
        ("en", "Jordan, 26 years after the treaty, sold water. Jordan Airports grew.", {"JO"}),
    ],
)
def test_the_people_and_governments(tag: Tag, language: str, text: str, expected: set[str]) -> None:
    """A country's people, government and boats are its own."""
    assert expected <= countries(tag(text, language=language))


@pytest.mark.parametrize(
    ("source", "language", "text", "country"),
    [
        ("cbc.ca", "en", "A barn in Oxford County burned down.", "CA"),
        ("pressherald.com", "en", "A barn in Oxford County burned down.", "US"),
        ("news.example", "en", "Oxford County needs nurses, hospitals in Woodstock and Tillsonburg say.", "CA"),
        ("news.example", "pt", "O empate na Vila Belmiro deixou o time em nono.", "BR"),
    ],
)
def test_a_county_and_a_stadium(tag: Tag, source: str, language: str, text: str, country: str) -> None:
    """The publisher's home and the towns beside it tell one county from another; a stadium lies in its country."""
    assert tag(text, source=source, language=language).primary_country == country


def test_a_river_bank_is_no_town(tag: Tag) -> None:
    """A stadium at the river is in no port of that name."""
    assert "MZ" not in countries(tag("O time joga no Beira-Rio domingo.", language="pt"))


@pytest.mark.parametrize(
    ("language", "text", "division"),
    [
        ("nl", "De Leidse gemeenteraad vergadert.", "NL-ZH"),
        ("pl", "Rzeszowskiego szpitala nie stać na remont.", "PL-18"),
        ("ru", "В иркутском суде перерыв.", "RU-IRK"),
        ("uk", "На чернігівських дорогах ремонт.", "UA-74"),
        ("es", "La policía malagueña busca testigos.", "ES-AN"),
        ("es", "El puerto rosarino crece.", "AR-S"),
        ("fr", "Les pompiers grenoblois manquent d'eau.", "FR-ARA"),
        ("it", "La procura catanese indaga.", "IT-82"),
        ("pt", "As praias cearenses lotaram.", "BR-CE"),
    ],
)
def test_adjectives_of_towns(tag: Tag, language: str, text: str, division: str) -> None:
    """A town's or a division's adjective, in any of its forms, tells the division."""
    assert division in {region.code for region in tag(text, language=language).regions}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Sube el dólar estadounidense, baja el franco suizo."),
        ("fr", "Le dollar américain et le franc suisse montent."),
        ("de", "Der Schweizer Franken legt zu, der amerikanische Dollar gibt nach."),
        ("it", "Salgono il dollaro americano e il franco svizzero."),
        ("pt", "Sobem o dólar americano e o franco suíço."),
        ("nl", "De Amerikaanse dollar en de Zwitserse frank stijgen."),
        ("pl", "Drożeje dolar amerykański, tanieje frank szwajcarski."),
        ("ru", "Американский доллар и швейцарский франк выросли."),
        ("uk", "Американський долар і швейцарський франк зросли."),
        ("tr", "Kur arttı, Amerikan doları ile İsviçre frangı yükseldi."),
        ("ar", "ارتفع الدولار الأمريكي والفرنك السويسري."),
        ("hi", "अमेरिकी डॉलर मजबूत हुआ।"),
        ("ja", "米ドルとスイスフランが上がった。"),
        ("ko", "미국 달러가 올랐다."),
    ],
)
def test_money_is_no_country(tag: Tag, language: str, text: str) -> None:
    """The world's currencies are named where nothing else is of their country."""
    assert not countries(tag(text, language=language)) & {"US", "CH", "AZ"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Pupils in Accra will learn Mandarin and French from class four."),
        ("es", "Tres maestros darán clases de guaraní y portugués."),
        ("ru", "Школьники сдали экзамен по английскому и немецкому."),
        ("sv", "Eleverna får mer engelska och tyska."),
    ],
)
def test_a_language_beside_one_of_no_country(tag: Tag, language: str, text: str) -> None:
    """A subject beside Mandarin or Guaraní is a language, and so is an exam's."""
    assert not countries(tag(text, language=language)) & {"FR", "PT", "DE", "GB"}
