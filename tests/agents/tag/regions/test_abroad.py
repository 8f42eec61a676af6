"""Flags of ships, embassies and seats of world organisations: the news is where the ship, the house or the field is."""

import pytest

from tests.agents.tag.regions.conftest import Tag


@pytest.mark.parametrize(
    ("language", "title", "text", "country"),
    [
        ("en", "Panama-flagged tug sinks", "The tug went down off Klaipeda, Lithuania's navy said.", "LT"),
        ("en", "Shots at the Turkish embassy", "Police closed the street in Oslo. Norway's minister came.", "NO"),
        ("en", "UN office in Vienna counts poppies", "Farmers in Myanmar plant more poppies.", "MM"),
        ("en", "Fire at the Russian base", "The hangar in Armenia burned down.", "AM"),
        ("en", "British Airways jet turns back", "The jet landed in Ghana with an engine shut down.", "GH"),
        ("fr", "Un vol d'Air Algérie dérouté", "L'avion s'est posé au Niger.", "NE"),
        ("de", "US-Stützpunkt nach Sturm gesperrt", "Der Sturm traf Portugal am Abend.", "PT"),
        ("es", "Protesta ante la base francesa", "Cientos marcharon en Gabón.", "GA"),
        ("it", "Incendio nella base americana", "I vigili del Portogallo lo hanno spento.", "PT"),
        ("ru", "Взрыв на российской базе", "Взрыв прогремел в Армении.", "AM"),
        ("en", "German dies in avalanche", "Rescuers found him below the pass, police in Bolivia said.", "BO"),
        ("de", "Frachter unter panamaischer Flagge brennt", "Das Schiff treibt vor Portugal.", "PT"),
        ("fr", "Un cargo sous pavillon maltais en feu", "Le navire dérive au large du Sénégal.", "SN"),
        ("es", "Buque con bandera de Liberia encalla", "Encalló en una playa de Uruguay.", "UY"),
        ("pt", "Navio de bandeira do Panamá afunda", "Afundou ao largo de Angola.", "AO"),
        ("it", "Nave battente bandiera panamense in avaria", "La nave è ferma davanti alla Tunisia.", "TN"),
        ("nl", "Schip onder Liberiaanse vlag brandt", "Het ligt voor de kust van Marokko.", "MA"),
        ("pl", "Statek pod banderą Panamy tonie", "Załogę ratuje straż Norwegii.", "NO"),
        ("ru", "Танкер под флагом Панамы горит", "Судно стоит у берегов Турции.", "TR"),
        ("uk", "Танкер під прапором Панами горить", "Судно стоїть біля берегів Туреччини.", "TR"),
        ("tr", "Panama bayraklı gemi battı", "Gemi Yunanistan açıklarında battı.", "GR"),
        ("hi", "पनामा के झंडे वाला जहाज डूबा", "जहाज श्रीलंका के तट पर डूबा।", "LK"),
        ("zh", "巴拿马籍货轮起火", "货轮停在越南外海。", "VN"),
        ("ja", "パナマ船籍のタンカー炎上", "タンカーはベトナム沖にいる。", "VN"),
        ("ko", "파나마 선적 유조선 화재", "유조선은 베트남 앞바다에 있다.", "VN"),
    ],
)
def test_news_is_where_it_happens(tag: Tag, language: str, title: str, text: str, country: str) -> None:
    """The flag's, the embassy's or the seat's country is named, and comes second."""
    assert tag(text, title=title, language=language).primary_country == country


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("en", "A Turkish worker fell from a scaffold in Hanau on Tuesday.", "DE"),
        ("de", "Ein polnischer Fahrer verunglückte bei Melun.", "FR"),
        ("es", "Una turista británica se ahogó en Torrevieja.", "ES"),
        ("fr", "Un touriste belge s'est noyé à Biscarrosse.", "FR"),
        ("nl", "Een Poolse arbeider raakte gewond in Waalwijk.", "NL"),
        ("ru", "Узбекский рабочий погиб на стройке в Люберцах.", "RU"),
    ],
)
def test_a_small_town_beside_a_nationality_is_the_scene(tag: Tag, language: str, text: str, country: str) -> None:
    """Where nothing else is named than somebody's nationality, a town behind a preposition is where it happened."""
    assert tag(text, language=language).primary_country == country


def test_news_of_a_seat_itself(tag: Tag) -> None:
    """An event in the seat is news of its country."""
    assert tag("The tram drivers of Geneva strike on Monday, the union said.").primary_country == "CH"


def test_veterans_march_at_home(tag: Tag) -> None:
    """The place of a war comes second where its veterans are."""
    text = "Falklands veterans marched in Buenos Aires. Argentina's government promised talks."

    assert tag(text, title="Falklands veterans march").primary_country == "AR"


FLAGS_AND_EMBASSIES = [
    ("el", "Πλοίο με σημαία Λιβερίας βυθίστηκε", "Το πλοίο βυθίστηκε ανοιχτά της Κύπρου.", "CY"),
    ("sv", "Fartyg under liberiansk flagg brinner", "Fartyget driver utanför Portugal.", "PT"),
    ("sv", "Skott mot Turkiets ambassad", "Polisen i Oslo spärrade gatan. Norges minister kom.", "NO"),
    ("da", "Skib under panamansk flag brænder", "Skibet driver ud for Portugal.", "PT"),
    ("nb", "Skip under panamansk flagg brenner", "Skipet driver utenfor Portugal.", "PT"),
    ("cs", "Loď pod vlajkou Panamy hoří", "Loď stojí u břehů Portugalska.", "PT"),
    ("cs", "Střelba u turecké ambasády", "Policie v Oslu uzavřela ulici. Přijel norský ministr.", "NO"),
    ("fi", "Panaman lipun alla purjehtiva alus palaa", "Alus ajelehtii Portugalin edustalla.", "PT"),
    ("fi", "Laukauksia Turkin suurlähetystöllä", "Poliisi sulki kadun Oslossa. Norjan ministeri saapui.", "NO"),
    ("hu", "Panamai zászló alatt hajózó teherhajó ég", "A hajó Portugália partjainál sodródik.", "PT"),
    (
        "hu",
        "Lövések a török nagykövetségnél",
        "A rendőrség Oslóban lezárta az utcát, Norvégia minisztere is eljött.",
        "NO",
    ),
    ("ro", "Navă sub pavilion panamez în flăcări", "Nava este în derivă în largul Portugaliei.", "PT"),
    (
        "ro",
        "Focuri de armă la ambasada Turciei",
        "Poliția din Oslo a închis strada. Ministrul Norvegiei a venit.",
        "NO",
    ),
    ("id", "Kapal berbendera Panama terbakar", "Kapal itu terapung di lepas pantai Portugal.", "PT"),
    ("id", "Tembakan di Kedutaan Besar Turki", "Polisi di Oslo menutup jalan. Menteri Norwegia datang.", "NO"),
    ("vi", "Tàu treo cờ Panama bốc cháy", "Con tàu trôi dạt ngoài khơi Bồ Đào Nha.", "PT"),
    ("vi", "Nổ súng ở Đại sứ quán Thổ Nhĩ Kỳ", "Cảnh sát ở Oslo phong tỏa đường phố. Bộ trưởng Na Uy đã đến.", "NO"),
    ("th", "เรือติดธงปานามาไฟไหม้", "เรือลอยอยู่นอกชายฝั่งโปรตุเกส", "PT"),
    ("th", "ยิงปืนใส่สถานทูตตุรกี", "ตำรวจปิดถนน รัฐมนตรีนอร์เวย์เดินทางมาถึง", "NO"),
    ("fa", "کشتی با پرچم پاناما آتش گرفت", "کشتی در نزدیکی سواحل پرتغال سرگردان است.", "PT"),
    ("fa", "تیراندازی به سفارت ترکیه", "پلیس اسلو خیابان را بست. وزیر نروژ آمد.", "NO"),
    ("he", "ספינה בדגל פנמה עולה באש", "הספינה נסחפת מול חופי פורטוגל.", "PT"),
    ("he", "ירי על שגרירות טורקיה", "המשטרה באוסלו סגרה את הרחוב. שר החוץ של נורווגיה הגיע.", "NO"),
    ("bn", "পানামার পতাকাবাহী জাহাজে আগুন", "জাহাজটি পর্তুগালের উপকূলে ভাসছে।", "PT"),
    ("bn", "তুরস্কের দূতাবাসে গুলি", "অসলোয় পুলিশ রাস্তা বন্ধ করে। নরওয়ের মন্ত্রী আসেন।", "NO"),
]


@pytest.mark.parametrize(("language", "title", "text", "country"), FLAGS_AND_EMBASSIES)
def test_flags_and_embassies_in_more_languages(tag: Tag, language: str, title: str, text: str, country: str) -> None:
    """The ship's flag and the embassy's country come after the scene."""
    assert tag(text, title=title, language=language).primary_country == country
