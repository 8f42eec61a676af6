"""Names in scripts without capitals: the shape of one, and the words of links and labels that are none.

Chinese, Japanese and Korean names begin with one of few surnames. Elsewhere a name is two to four words, none of which
stands in every text, in a menu, in an invitation or in the label of an author.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from functools import cache

from agents.clean.languages import gather
from agents.clean.metadata.bylines.reporters import HAN_NAME, KOREAN_NAME
from agents.clean.metadata.bylines.words import byline_words
from streams.text.common_words import every_text

#: The kanji with which most Japanese surnames of two begin and end, and surnames of one.
_FIRST = (
    "佐鈴高田渡伊山中小加吉清斎斉林前後藤森池橋阿石長近青坂遠福太三西岡松井竹和金上村谷大内平宮久野今武丸菅千増新杉古市岩柴酒"
    "横島黒浅川河永早水服飯菊白熊安桜矢堀望星広荒秋栗樋馬須五尾飛神土豊成根浜細牧児稲梅黄樫桑重関戸片木沢澤相笠工辻本奥岸赤泉植江"
    "鎌北倉塩仙津寺徳富夏沼羽萩花原深町南向室八柳湯米若鷲"
)
_LAST = (
    "田藤木橋中本村林山川口野原崎島井下辺谷沢澤塚岡石倉水浦池森瀬津松保葉賀屋永宮"
    "坂城根尾嶋﨑平杉竹滝江波西安垣堀角場代籐暮東前"
)
_ALONE = "林森原堀岸辻谷星岡"
_EASTERN = re.compile(
    rf"{HAN_NAME}|(?:欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|司徒|皇甫)[\u4e00-\u9fff]{{1,2}}"
    rf"|[{_FIRST}](?:々?[{_LAST}]|々)[\u3041-\u30ff\u4e00-\u9fff々]{{1,4}}|[{_ALONE}][\u3041-\u30ff\u4e00-\u9fff々]{{2}}"
    r"|[\u30a1-\u30fa\u30fc]{2,}・[\u30a1-\u30fa\u30fc・]{2,}"
    rf"|{KOREAN_NAME}"
)
#: The last character of outlets, offices and editions.
_BODIES = ("报", "報", "网", "網", "社", "聞", "闻", "部", "版", "局", "台", "刊", "誌", "者", "事", "覧", "通信")
_UNSPACED = re.compile(r"[\u3005\u3041-\u30ff\u4e00-\u9fff가-힣\s]+")
#: A word of a phrase of the languages' lists, which holds operators for what may be left out or is one of several.
_WORD = re.compile(r"[^\s()\[\]|#*…:：!?,.،؟՝\"“”«»]+")


def may_be_caseless_name(text: str) -> bool:
    """Return whether a text in a script without capitals has the shape of a name, and no word of a link or a label."""
    if text.lower() != text.upper():
        return False
    words = text.split()
    if _UNSPACED.fullmatch(text):
        return len(words) <= 2 and not text.endswith(_BODIES) and _EASTERN.fullmatch("".join(words)) is not None
    return 2 <= len(words) <= 4 and common_words().isdisjoint(words)


@cache
def common_words() -> frozenset[str]:
    """Return the words, in languages whose scripts have spaces and no capitals, that links, labels and all texts hold.

    A given name among them is none: "light" is one in Arabic.
    """
    phrases = gather(
        lambda item: (
            *item.boilerplate.related,
            *item.boilerplate.onward,
            *item.boilerplate.subscribe,
            *item.boilerplate.share,
            *item.bylines.author_labels,
            *item.bylines.labels,
            *item.bylines.roles,
            *item.bylines.nobody,
        )
    )
    words = frozenset(word for phrase in phrases for word in _WORD.findall(phrase) if word.lower() == word.upper())
    return words.union(*map(every_text, ("ar", "fa", "ur", "hi", "bn", "he"))) - byline_words().given_names
