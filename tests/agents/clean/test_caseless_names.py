"""Names in scripts without capitals that lead to an author's page, and links there that name nobody."""

import pytest

from agents.clean.metadata.bylines.caseless_names import may_be_caseless_name


@pytest.mark.parametrize(
    "text",
    [
        "陆晓雯", "歐陽修文", "吳佩珊", "佐々木理恵", "岸本由美子", "長谷川翔", "西村 葵", "ケヴィン・モロー",
        "박서윤", "이 서준",
        "سمير الحلبي", "פנינה ברקת", "मीरा कुलकर्णी", "கயல்விழி மாறன்", "ประภาส ศรีสุข", "শর্মিলা ঘোষাল",
    ],
)  # fmt: skip
def test_a_name_may_be_one(text: str) -> None:
    """It begins with a surname, or is a few words that no link has."""
    assert may_be_caseless_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "更多内容", "查看更多", "作者主页", "基本情報", "著者紹介", "過去の記事", "山手新聞", "河谷日報",
        "전체 기사", "더보기", "기자 페이지",
        "جميع المقالات", "صفحة الكاتب", "לכל הכתבות", "सभी लेख", "அனைத்து செய்திகள்", "ดู ทั้งหมด", "تمام خبریں", "সব খবর",
        "Jane Doe", "小川",
    ],
)  # fmt: skip
def test_words_of_links_are_no_names(text: str) -> None:
    """They name a list, a page or an outlet; a script with capitals is looked at elsewhere."""
    assert not may_be_caseless_name(text)
