"""Institutions that stand for a country: a government by its seat, sheriffs by their courts."""

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


@pytest.mark.parametrize(
    ("language", "title", "text", "found"),
    [
        ("tr", "Fenerbahçe Atina'da berabere", "Fenerbahçe, Atina'da rakibiyle 1-1 berabere kaldı.", {"GR", "TR"}),
        ("pt", "Flamengo joga em Quito", "O Flamengo enfrenta o campeão em Quito na terça.", {"EC", "BR"}),
        ("pt", "Jogo em Quito", "O campeão recebe o Flamengo em Quito na terça.", {"EC"}),
    ],
)
def test_a_club_in_title_and_lead_is_of_its_country(
    tag: Tag, language: str, title: str, text: str, found: set[str]
) -> None:
    """A club that the title and the lead name plays for its country, abroad too; one that the lead alone names hints at it."""
    assert countries(tag(text, title=title, language=language)) == found


def test_a_hint_in_two_spellings_is_one(tag: Tag) -> None:
    """A word that hints at a country counts once, however it is written: the sheriffs of Scotland sit in court."""
    tags = tag("Sheriff courts in Scotland were told by a sheriff in Glasgow that fines had doubled.")
    assert countries(tags) == {"GB"}


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
