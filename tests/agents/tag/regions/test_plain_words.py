"""Plain words of scripts without capitals, in which a place's name hides, and words for more than a place anywhere."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "تراجع القطاع المالي، وكان الفرق كبيرا. قالت السلطات إن الدعم مالي."),
        ("ar", "ربح بليون دولار باكرا، وسجل باولو هدفا."),
        ("hi", "पारा चढ़ा, वर्ना खिलाड़ी जर्सी नहीं बदलते। माली ने पौधा लगाया।"),
        ("zh", "丹尼斯和加纳乔进球，大理石地面太滑。"),
        ("zh", "安格拉·托雷斯在阿拉伯语课上见到马里奥。"),
        ("ja", "王者はタイトルマッチに勝ち、タイヤメーカーと契約した。"),
        ("ja", "イカとゴマの値段が上がり、マリンスポーツは休み。"),
        ("ko", "오만 원을 내고 새 브랜드의 신장 이식 기계를 샀다."),
        ("ko", "우파 정당이 가격을 올린다고 했다. 싸움을 말리던 시민도 대만족이었다."),
        ("fa", "مردان ماهه‌ها در اردو بودند و ربات ترمز گرفت."),
        ("ur", "اردو زبان کے نامور شاعر کو خط موصول ہوا۔"),
        ("he", "הבנייה השלימה שנה, והפקידים מסרו שהיא מורשה."),
        ("pt", "Os presentes de Natal subiram, e no Natal ninguém viaja."),
    ],
)
def test_a_plain_word_is_no_place(tag: Tag, language: str, text: str) -> None:
    """Finance is not Mali, a title not Thailand, a kidney not Xinjiang and Christmas not a city."""
    assert countries(tag(text, language=language)) == set()


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("ar", "انقلاب في مالي فجر اليوم.", "ML"),
        ("ar", "انفجار هز باماكو. مالي تعلن الحداد.", "ML"),
        ("ar", "وصل الوفد لباريس.", "FR"),
        ("hi", "माली में तख्तापलट हुआ।", "ML"),
        ("zh", "尼斯街头有人持刀。", "FR"),
        ("zh", "威尼斯涨水了。", "IT"),
        ("ja", "タイ政府が発表した。パリオリンピックの話だ。", "TH"),
        ("ko", "신장 위구르 자치구에서 지진이 났다.", "CN"),
        ("pt", "A chuva parou o trânsito em Natal.", "BR"),
        ("he", "הישראלי ניצח, ובצרפת חגגו.", "FR"),
        ("en", "Hull's docks flooded. Police in Hull closed the bridge.", "GB"),
    ],
)
def test_the_place_is_known_beside_it(tag: Tag, language: str, text: str, country: str) -> None:
    """A preposition of place, another name of the country, or a longer name shows it."""
    assert country in countries(tag(text, language=language))
