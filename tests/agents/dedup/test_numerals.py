"""Numbers that Chinese and Japanese write with characters."""

import pytest

from agents.dedup.numerals import with_digits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("四十二名工人", "42名工人"),
        ("二〇二一年", "2021年"),
        ("三百五十箱", "350箱"),
        ("一億二千万円", "120000000円"),
        ("十三人が死亡", "13人が死亡"),
        ("一百〇二人", "102人"),
        ("二人、六月三日", "2人、6月3日"),
    ],
)
def test_numerals_become_digits(text: str, expected: str) -> None:
    """Tens and myriads are added up, digits stand beside each other."""
    assert with_digits(text) == expected


@pytest.mark.parametrize(
    "text",
    ["一般に十分だ", "九州と千葉", "第三者、三菱", "万一", "Тысяча и один", "千万不要", "十四五规划", "二十三四人"],
)
def test_words_stay(text: str) -> None:
    """Names and words that hold a numeral are none."""
    assert with_digits(text) == text
