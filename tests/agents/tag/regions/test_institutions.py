"""Institutions, landscapes and firms: a government's seat is its country, a river its shore, a firm no town."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("title", "text", "language", "country"),
    [
        ("Kremlin sees no reason for a summit", "A spokesman in Kyiv said talks would be useless.", "en", "RU"),
        ("Kreml sagt Treffen ab", "In Kiew nannte man das einen Vorwand.", "de", "RU"),
        ("Le Kremlin annule la rencontre", "A Kiev, on parle d'un prétexte.", "fr", "RU"),
        ("Kreml odwołuje spotkanie", "W Kijowie mówią o pretekście.", "pl", "RU"),
        ("Beyaz Saray görüşmeyi iptal etti", "Kiev bunu bahane saydı.", "tr", "US"),
        ("Casa Branca adia encontro", "Em Lisboa o adiamento foi recebido com calma.", "pt", "US"),
        ("Белый дом отложил встречу", "В Киеве это назвали предлогом.", "ru", "US"),
        ("크렘린궁, 회담 연기", "우크라이나는 핑계라고 했다.", "ko", "RU"),
    ],
)
def test_a_seat_of_government_in_the_title(tag: Tag, title: str, text: str, language: str, country: str) -> None:
    """A government's seat in a title is enough for its country, beside another country that is named."""
    assert country in countries(tag(text, title=title, language=language))


def test_a_hint_in_two_spellings_is_one(tag: Tag) -> None:
    """A word that hints at a country counts once, however it is written: the sheriffs of Scotland sit in court."""
    tags = tag("Sheriff courts in Scotland were told by a sheriff in Glasgow that fines had doubled.")
    assert countries(tags) == {"GB"}


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("Detectives of Thames Valley Police searched the flat.", "en", "GB"),
        ("Hikers were brought down from the Brecon Beacons.", "en", "GB"),
        ("Apple growers in the Okanagan lost their blossoms.", "en", "CA"),
        ("OPP officers closed the road, and CUPE members waited.", "en", "CA"),
        ("Cane fields on the Darling Downs were under water.", "en", "AU"),
        ("Growers in Vidarbha and Marathwada wait for rain.", "en", "IN"),
        ("The ferry sank in the Meghna before dawn.", "en", "BD"),
        ("Matatu owners met the IEBC's chair.", "en", "KE"),
        ("La Aemet prevé lluvia y la Guardia Civil cerró el puerto.", "es", "ES"),
        ("La SNCB supprime des trains, la FGTB proteste.", "fr", "BE"),
        ("Die ÖVP will mit der SPÖ verhandeln.", "de", "AT"),
        ("Konfederacja i PiS głosowały przeciw.", "pl", "PL"),
        ("A GNR e a PSP vigiaram a praia.", "pt", "PT"),
        ("На Сумщині відремонтували три мости.", "uk", "UA"),
        ("우주항공청은 발사 날짜를 미뤘다.", "ko", "KR"),
        ("環境省は湖の水質を調べる。", "ja", "JP"),
        ("वृंदावन में भीड़ बढ़ी।", "hi", "IN"),
        ("TCMB ve BDDK yeni kuralları duyurdu.", "tr", "TR"),
        ("Росстат пересчитал урожай картофеля.", "ru", "RU"),
        ("IMGW wydał ostrzeżenie przed mgłą.", "pl", "PL"),
        ("أعلن الإطار التنسيقي موعد الجلسة.", "ar", "IQ"),
        ("Le Pastef réunit ses cadres.", "fr", "SN"),
    ],
)
def test_news_at_home_names_no_country(tag: Tag, text: str, language: str, country: str) -> None:
    """A police force, a landscape, a river, parties and unions tell the country that a local story does not name."""
    assert countries(tag(text, language=language)) == {country}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Rio Tinto sold a mine, and Hawaiian Electric a line.", "en"),
        ("The Hyundai Tucson and the Dodge Dakota were recalled.", "en"),
        ("Stir in Worcestershire sauce and two Jerusalem artichokes.", "en"),
        ("The tanker drifted in the Red Sea for a week.", "en"),
        ("Nada cambió. Gracias a todos. Ventas y precios suben.", "es"),
        ("Peine de prison pour trois jeunes. Volcan en éruption. Choix difficile.", "fr"),
        ("Mercato, parla il tecnico. Borsa in calo. Carta e penna.", "it"),
        ("Saúde anuncia mutirão. Feira abre hoje. Carta aberta.", "pt"),
        ("Borsa güne düşüşle başladı. Bina boşaltıldı. Puan kaybı.", "tr"),
        ("Regen en wind. Strand leeg. Leven gaat door.", "nl"),
        ("Gerne mehr davon. Mach mit! Starke Nerven helfen.", "de"),
    ],
)
def test_words_that_are_towns_abroad(tag: Tag, text: str, language: str) -> None:
    """Firms, cars, dishes, seas, and words that begin a sentence name no country."""
    assert countries(tag(text, language=language)) == set()


def test_the_towns_of_those_firms(tag: Tag) -> None:
    """The same names without the firm stay places."""
    assert countries(tag("A shop in Tucson and one in Worcester, Massachusetts, closed.")) == {"US"}


@pytest.mark.parametrize(
    ("text", "countries_left"),
    [
        ("The tanker Jakarta Pride lost its rudder. Jakarta Pride was towed to Vigo, Spain.", {"ES"}),
        ("HMS Portland escorted a yacht off Norway.", {"NO"}),
        ("A tanker sailed from Jakarta to Vigo, Spain.", {"ID", "ES"}),
    ],
)
def test_a_ship(tag: Tag, text: str, countries_left: set[str]) -> None:
    """A place's name after a kind of ship is the ship's; a port that the ship calls at is a place."""
    assert countries(tag(text)) == countries_left


def test_a_singer_by_her_given_name(tag: Tag) -> None:
    """Somebody who was named in full says something under her given name, although a capital has it too."""
    assert countries(tag("Paris Hollis sang for an hour. Later Paris said that she was tired.")) == set()


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Das Essen war kalt, und die Halle blieb leer.", None),
        ("Für einen Hamburger braucht man Brötchen und Hackfleisch.", None),
        ("Wiener mit Senf: so gelingt der Imbiss.", None),
        ("Der Hamburger Senat lädt zu Würstchen ein.", "DE"),
        ("In Essen und in Halle wurde gestreikt.", "DE"),
    ],
)
def test_german_nouns(tag: Tag, text: str, country: str | None) -> None:
    """An article makes a town a noun, a kitchen its people a dish."""
    assert countries(tag(text, language="de")) == ({country} if country else set())


SEATS = {
    "sv": "US Vita huset|SE riksdagen|RU Kreml", "da": "US Hvide Hus|DK Folketinget", "no": "US Det hvite hus|NO Stortinget",
    "fi": "US Valkoisessa talossa|FI eduskunnan|RU Kremlin", "cs": "US Bílého domu|RU Kremlu", "sk": "US Bielom dome",
    "hu": "US Fehér Ház|RU Kreml", "ro": "US Casa Albă|RO Cotroceni|RU Kremlinul", "el": "US Λευκός Οίκος|RU Κρεμλίνο",
    "bg": "US Белия дом|RU Кремъл", "sr": "US Bele kuće|RU Кремља", "hr": "HR Sabor", "fa": "US کاخ سفید|RU کرملین",
    "he": "US הבית הלבן|IL הכנסת", "bn": "US হোয়াইট হাউস|RU ক্রেমলিন", "ur": "US وائٹ ہاؤس", "id": "US Gedung Putih",
    "vi": "US Nhà Trắng|US Lầu Năm Góc", "th": "US ทำเนียบขาว", "et": "EE Riigikogus", "lv": "LV Saeimā", "lt": "LT Seimo",
    "ka": "RU კრემლის", "hy": "US Սպիտակ տան", "az": "AZ Milli Məclis", "kk": "KZ Ақорда", "sq": "US Shtëpia e Bardhë",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "seat"), [(language, seat) for language, seats in SEATS.items() for seat in seats.split("|")]
)
def test_the_seat_of_a_government_stands_for_its_country(tag: Tag, language: str, seat: str) -> None:
    """In the language of a news item whose text names no country."""
    country, _, surface = seat.partition(" ")
    assert tag(f"2026: {surface} 12", language=language).primary_country == country


def test_a_synagogue_is_no_parliament(tag: Tag) -> None:
    """Both are houses of assembly in Hebrew."""
    assert tag("התפילה בבית הכנסת הסתיימה", language="he").primary_country is None
