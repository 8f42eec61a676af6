"""A time told by a place's clock says nothing about the place."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries

DOHA = [
    ("en", "The match in Doha starts at 8pm London time."),
    ("de", "Das Spiel in Doha beginnt um 20 Uhr deutscher Zeit."),
    ("es", "El partido en Doha empieza a las 20.00, hora de Madrid."),
    ("pt", "O jogo em Doha começa às 16h, horário de Brasília."),
    ("fr", "Le match à Doha débute à 20 heures, heure de Paris."),
    ("it", "La partita a Doha inizia alle 20, ora italiana."),
    ("nl", "De wedstrijd in Doha begint om 20.00 uur Nederlandse tijd."),
    ("sv", "Matchen i Doha börjar klockan 20.00 svensk tid."),
    ("fi", "Ottelu Dohassa alkaa kello 20.00 Suomen aikaa."),
    ("ru", "Матч в Дохе начнется в 19:00 по московскому времени."),
    ("ru", "Матч в Дохе начнется в 19:00 (по Москве)."),
    ("uk", "Матч у Досі почнеться о 21:00 за київським часом."),
    ("tr", "Doha'daki maç Türkiye saatiyle 20.00'de başlayacak."),
    ("el", "Ο αγώνας στη Ντόχα αρχίζει στις 20:00 ώρα Ελλάδας."),
    ("ro", "Meciul de la Doha începe la 20:00, ora României."),
    ("ar", "تبدأ المباراة في الدوحة في الثامنة بتوقيت القاهرة."),
    ("fa", "بازی در دوحه ساعت ۲۰ به وقت تهران آغاز می‌شود."),
    ("he", "המשחק בדוחא יתחיל ב-20:00 שעון ישראל."),
    ("hi", "दोहा में मैच भारतीय समय के अनुसार रात 8:30 बजे शुरू होगा।"),
    ("id", "Laga di Doha dimulai pukul 20.00 waktu Indonesia barat."),
    ("vi", "Trận đấu ở Doha bắt đầu lúc 20h giờ Việt Nam."),
    ("ja", "日本時間の十日、ドーハで試合がある。"),
    ("ko", "한국시간으로 10일 도하에서 경기가 열린다."),
    ("zh", "北京时间周五凌晨，比赛在多哈举行。"),
]


@pytest.mark.parametrize(("language", "text"), DOHA)
def test_a_clock_at_home_is_no_scene(tag: Tag, language: str, text: str) -> None:
    """Readers are told when to watch an event abroad."""
    assert countries(tag(text, language=language)) == {"QA"}


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "The Paris time trial began at noon.", "FR"),
        ("ru", "Прогулка по Москве началась в 10:00 утра.", "RU"),
        ("de", "In der deutschen Zeit von 1990 war alles anders.", "DE"),
        ("fr", "Une heure à Paris suffit pour le voir.", "FR"),
    ],
)
def test_a_place_beside_a_time_is_one(tag: Tag, language: str, text: str, code: str) -> None:
    """A time trial and a walk through Moscow are where they are."""
    assert code in countries(tag(text, language=language))


def test_a_clock_alone_is_all_that_is_known(tag: Tag) -> None:
    """Where nothing else is named the place of the clock is."""
    assert tag("刑務所でイギリス時間の日曜日、09:30に火災が起きた。", language="ja").primary_country == "GB"


def test_a_city_within_a_japanese_word_is_none(tag: Tag) -> None:
    """Riyadh is no part of billiards."""
    assert countries(tag("ビリヤードの玉で攻撃された。", language="ja")) == set()
