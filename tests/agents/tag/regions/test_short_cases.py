"""Cases of names that are short, or change before the ending."""

import pytest

from tests.agents.tag.regions.conftest import Tag


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("fi", "Eilen Suomen maajoukkue hävisi.", "FI"),
        ("fi", "Tuuli on kovaa koko Suomessa.", "FI"),
        ("fi", "Myrsky etenee yöllä Suomeen.", "FI"),
        ("cs", "Výstava začala v Brně.", "CZ"),
        ("cs", "Vlak přijel do Brna.", "CZ"),
        ("cs", "Lidé odešli z Plzně.", "CZ"),
        ("uk", "Виставку відкрили у Відні.", "AT"),
        ("hu", "Tegnap Kassán ítélték el.", "SK"),
        ("hu", "A vonat Szabadkán állt meg.", "RS"),
        ("hu", "A busz Nagyváradon állt meg.", "RO"),
        ("ru", "Суд отклонил иск стокгольмской фирмы.", "SE"),
        ("ru", "Вчера токийская биржа выросла.", "JP"),
        ("uk", "Суд відхилив позов гамбурзької фірми.", "DE"),
        ("fa", "کره جنوبی بیانیه داد.", "KR"),
        ("fa", "کره شمالی موشک پرتاب کرد.", "KP"),
        ("fa", "امارات متحده عربی بیانیه‌ای داد.", "AE"),
        ("fr", "Le maire d'Orléans a démissionné.", "FR"),
    ],
)
def test_a_name_is_known_in_its_case(tag: Tag, language: str, text: str, code: str) -> None:
    """Suomi, Brno, Kassa, and Persian names without the hamza."""
    assert tag(text, language=language).primary_country == code
