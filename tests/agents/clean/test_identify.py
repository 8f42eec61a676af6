"""The language of texts of a few words."""

import pytest

from agents.clean.text.language import by_letters, identify


@pytest.mark.parametrize(
    ("title", "claims", "language"),
    [
        ("휴전 사흘 만에 포성", [], "ko"),
        ("휴전 사흘 만에 포성", ["en"], "ko"),
        ("サンゴの海に戻った緑", ["en"], "ja"),
        ("Απεργία στο λιμάνι", [], "el"),
        ("นัดหยุดงาน", [], "th"),
        ("衆院解散へ", ["ja"], "ja"),
        ("衆院解散へ", [], None),
        ("BTS 신곡", ["en"], "en"),
        ("Short title", ["fr"], "fr"),
    ],
)
def test_letters_of_one_language_alone_tell_it(title: str, claims: list[str], language: str | None) -> None:
    """A headline in Hangul is Korean whatever a template claims; Han alone may be Chinese or Japanese."""
    assert identify(title, "", claims)[0] == language


@pytest.mark.parametrize("text", ["", "123", "Оксана", "東京", "A ひらがな and much English text"])
def test_other_letters_tell_nothing(text: str) -> None:
    """Scripts of many languages, too few letters and a word in passing leave it open."""
    assert by_letters(text) is None


def test_chinese_is_one_language() -> None:
    """The model shares a Chinese headline out between Mandarin, Wu and Cantonese; together they are sure."""
    assert identify("强烈大陆冷气团报到 北台湾下探八度 高山有望降雪", "", [])[0] == "zh"
    assert identify("强烈大陆冷气团报到 北台湾下探八度 高山有望降雪", "", ["zh-TW"])[0] == "zh"
