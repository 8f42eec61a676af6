"""Names of months in languages that have no file of their own, and days in forms of their own."""

from datetime import date

import pytest

from agents.clean.languages import languages
from agents.clean.metadata.dates.calendars import months_elsewhere
from agents.clean.metadata.dates.parsing import read_date


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("af", "Gepubliseer 3 Desember 2024", date(2024, 12, 3)),
        ("eu", "2024ko maiatzaren 3a", date(2024, 5, 3)),
        ("gl", "Publicado o 3 de outubro de 2024", date(2024, 10, 3)),
        ("cy", "3 Mehefin 2024", date(2024, 6, 3)),
        ("sq", "3 qershor 2024, 09:15", date(2024, 6, 3)),
        ("be-BY", "3 мая 2024, 09:15", date(2024, 5, 3)),
        ("kk", "2024 жылғы 3 мамыр", date(2024, 5, 3)),
        ("uz", "2024-yil 3-may", date(2024, 5, 3)),
        ("uz", "2024-yil 3-oktyabr, 10:20", date(2024, 10, 3)),
        ("sr", "Petak, 3. maj 2024. 10:20", date(2024, 5, 3)),
        ("sr-Latn", "3. oktobar 2024.", date(2024, 10, 3)),
        ("cnr", "3. oktobar 2024.", date(2024, 10, 3)),
        ("bn", "১৯ বৈশাখ ১৪৩১, ৩রা মে ২০২৪", date(2024, 5, 3)),
        ("fa", "۱۴-۲-۱۴۰۳ | ۱۰:۲۰", date(2024, 5, 3)),
        ("fa", "جمعه, ۱۴ اردیبهشت , ۱۴۰۳", date(2024, 5, 3)),
        ("ar", "24-10-1445 هـ الموافق 03-05-2024 م", date(2024, 5, 3)),
        ("mn", "2024 оны 5 сарын 3", date(2024, 5, 3)),
        ("my", "၃ ဇန်နဝါရီ ၂၀၂၄", date(2024, 1, 3)),
        ("gu", "3 ઑગસ્ટ, 2024", date(2024, 8, 3)),
        ("tl", "Hunyo 3, 2024", date(2024, 6, 3)),
        ("lv", "2024. gada 3. maijā", date(2024, 5, 3)),
        ("et", "3. mail 2024", date(2024, 5, 3)),
        ("da", "d. 3/5-2024 kl. 10", date(2024, 5, 3)),
        ("en", "May 3 ’24", date(2024, 5, 3)),
        ("pl", "Dodano: 3 V 2024, 10:20", date(2024, 5, 3)),
        ("hu", "2024. V. 3., péntek", date(2024, 5, 3)),
        ("it", "3.V.2024", date(2024, 5, 3)),
        ("zh-TW", "發布日期：113年5月3日", date(2024, 5, 3)),
    ],
)
def test_a_day_is_read_in_the_languages_of_the_world(language: str, text: str, day: date) -> None:
    """Endings, words for the year and counts of other eras are understood."""
    found = read_date(text, language)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize("text", ["3 IIX 2024", "13 MIX 2024", "Super Bowl LVIII 2024", "14 V8 2024"])
def test_other_roman_numerals_are_no_month(text: str) -> None:
    """Neither a miswritten one, nor a count, nor an engine."""
    assert read_date(text, "en") is None


def test_a_name_counts_on_pages_of_its_language_alone() -> None:
    """Names of other languages do not make two meanings of one that is known: `mai` is May on an Estonian page."""
    assert not set(months_elsewhere()) & set(languages())
    assert read_date("3 qershor 2024", "en") is None
    found = read_date("3 mai 2024", "et")
    assert found is not None
    assert found.day == date(2024, 5, 3)
