"""Plain words of scripts without capitals, in which a place's name hides, and words for more than a place anywhere."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


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
        ("en", "Bath City Council wants quieter buskers.", "GB"),
        ("en", "Bend City Council banned leaf blowers.", "US"),
    ],
)
def test_the_place_is_known_beside_it(tag: Tag, language: str, text: str, country: str) -> None:
    """A preposition of place, another name of the country, or a longer name shows it."""
    assert country in countries(tag(text, language=language))
