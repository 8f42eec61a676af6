"""Stories in other languages than English, from the first article on."""

from collections.abc import Iterator

import numpy as np
import pytest

from agents.stories.acceptance import FEW_ARTICLES, leaning
from agents.stories.decide import Decider
from agents.stories.language import words_asked
from agents.stories.state.commonness import Commonness
from streams.text.common_words import common_words
from tests.agents.stories.conftest import Make

#: Two reports of one event and one of a look-alike, the title of each in its first line.
EVENTS = {
    "ru": """
Теплоход сел на мель под Угличем
Теплоход «Ладога» сел на мель на Волге у Углича. На борту 146 пассажиров, их снимают катера спасателей.

С «Ладоги» сняли всех пассажиров
Всех 146 пассажиров теплохода, севшего на мель у Углича, доставили на берег. «Ладогу» стянут с мели буксирами.

Баржа затонула на Енисее
На Енисее у Дудинки затонула баржа с углём. Экипаж из шести человек спасли рыбаки, разлива топлива нет.
""",
    "ko": """
울릉 여객선 암초에 걸려…승객 146명 구조
울릉도 저동항 앞바다에서 여객선 해누리호가 암초에 걸렸다. 해경은 승객 146명을 모두 구조했다.

해누리호 승객 전원 저동항으로
암초에 걸린 해누리호에서 구조된 승객들이 저동항에 내렸다. 해경은 선장을 상대로 경위를 조사하고 있다.

목포서 어선 전복…선원 6명 구조
목포 북항 앞바다에서 꽃게잡이 어선이 뒤집혔다. 선원 6명은 지나던 화물선이 구조했다.
""",
    "pl": """
Prom utknął na mieliźnie pod Helem
Prom Jantaria z 146 pasażerami utknął rano na mieliźnie koło Helu. Holowniki czekają na wyższą wodę.

Pasażerowie Jantarii zeszli na ląd
Kutry przewiozły do Helu wszystkich 146 pasażerów Jantarii, promu, który wszedł na mieliznę.

Kuter zatonął w Ustce
W porcie w Ustce zatonął kuter rybacki. Sześciu rybaków wyszło o własnych siłach na nabrzeże.
""",
    "ar": """
جنوح عبارة قرب سفاجا
جنحت العبارة نسيم وعلى متنها 146 راكبا قرب سفاجا بعد عطل في المحرك، وأرسلت البحرية ثلاثة زوارق.

نقل ركاب العبارة الجانحة إلى سفاجا
نقلت الزوارق ركاب العبارة نسيم إلى سفاجا، وقالت البحرية إن المحرك تعطل بسبب وقود مغشوش.

غرق مركب صيد في بنزرت
غرق مركب صيد قبالة بنزرت في تونس، وأنقذ خفر السواحل ستة صيادين بعد ليلة من الأمواج العالية.
""",
    "zh": """
渡轮在舟山搁浅 146名乘客获救
渡轮“海宁号”昨晚在舟山嵊泗海域触礁搁浅，146名乘客全部由海事艇接走，无人受伤。

海宁号乘客平安抵达嵊泗
触礁搁浅的海宁号上的乘客今晨抵达嵊泗码头。海事部门称船长误判了航道。

钦州渔船沉没六人生还
一艘捕虾船在钦州犀牛脚外侧沉没，六名渔民抱着浮筒漂流一夜后生还。
""",
}


def reports(language: str) -> Iterator[tuple[str, str]]:
    """Yield title and text of each report."""
    for report in EVENTS[language].strip().split("\n\n"):
        title, _, text = report.partition("\n")
        yield title, text


@pytest.mark.parametrize("language", EVENTS)
def test_two_reports_are_one_story_and_a_look_alike_another(decider: Decider, article: Make, language: str) -> None:
    """Names in other cases, with particles and articles, are shared by the second report."""
    first, second, other = (
        decider.decide(article(f"{number}", title, text, number, language=language))
        for number, (title, text) in enumerate(reports(language))
    )
    assert [first.outcome, second.outcome, other.outcome] == ["new", "grown", "new"]


def test_a_language_without_a_list_asks_more_of_its_first_articles() -> None:
    """How common its words are is not known, as those of long texts are not: shared words may mean nothing."""
    assert Commonness("pl").listed
    assert not Commonness("hsb").listed
    short, long = leaning(1, 0, np.array([0.0, 1.0]))
    assert long < short - 1
    assert leaning(1, FEW_ARTICLES, np.array([0.0])) == leaning(1, FEW_ARTICLES, np.array([1.0]))


def test_lists_hold_words_of_their_language_alone() -> None:
    """Both lists of each language are there, and no word stands in both, where only the first would count."""
    for language, lists in common_words().items():
        every, many = (set(lists[name].split()) for name in ("every", "many"))
        assert not every & many, language
        assert len(every) > 25, language
        assert len(many) > 100, language


@pytest.mark.parametrize(
    ("language", "text", "headline"),
    [
        ("zh", "渡轮昨晚在舟山嵊泗海域触礁搁浅，一百多名乘客全部由海事艇接走，无人受伤。", False),
        ("ja", "強風のため運休していた離島への船が再開した。港では足止めの客が列を作った。", False),
        ("zh", "渡轮在舟山搁浅 乘客全部获救 无人受伤", True),
        ("th", "เรือเฟอร์รี่เกยตื้น ผู้โดยสารปลอดภัย", True),
        ("en", "Ferry runs aground off Brandvik, all are safe", True),
    ],
)
def test_few_signs_hold_as_many_words_as_many_letters(article: Make, language: str, text: str, headline: bool) -> None:
    """A word of Han or kana has two characters or three: a brief in them is a body long before it has a brief's letters."""
    assert article("a", "x", text, language=language).headline == headline


CRANE = [
    (
        "港のクレーン倒れ作業員けが",
        "横須賀市の久里浜港で大型クレーンが倒れ、作業員二人が骨折した。運営会社の相模荷役は全ての作業を止め、原因を調べている。",
    ),
    (
        "相模荷役に立ち入り検査",
        "倒れたクレーンの点検を怠った疑いで、労働基準監督署は火曜日に相模荷役の本社を調べた。久里浜港では荷物の積み下ろしが滞る。",
    ),
    (
        "久里浜港のクレーン撤去始まる",
        "倒れたクレーンを解体する作業が久里浜港で始まり、来週までに片づく見通しだ。相模荷役は別の業者に積み下ろしを頼む。",
    ),
]


def test_an_affair_in_a_script_without_spaces_is_found_by_more_pieces(decider: Decider, article: Make) -> None:
    """Each character stands in two pairs, so that a name is several words, and of so many more it is asked which are shared."""
    for place, (title, text) in enumerate(CRANE):
        decider.decide(article(f"a{place}", title, text, hours=30 * place, language="ja"))
    assert len(list(decider.stories())) == 1


ROPEWAY = """
मंडी में रोपवे बीच में रुका, बारह पर्यटक फंसे
मंडी के देवधार रोपवे की ट्रॉली रविवार को बीच रास्ते में रुक गई। बारह पर्यटक पांच घंटे हवा में लटके रहे, जिन्हें सेना ने उतारा।

देवधार रोपवे का संचालक हिरासत में
पुलिस ने देवधार रोपवे चलाने वाली कंपनी के संचालक विनोद ठाकुर को हिरासत में लिया। मंडी में ट्रॉली रुकने की जांच में तार पुराना निकला।

विनोद ठाकुर को जमानत
अदालत ने देवधार रोपवे के संचालक विनोद ठाकुर को मुचलके पर जमानत दे दी। उन्हें पासपोर्ट जमा करना होगा।

ऊटी में खिलौना रेल पटरी से उतरी
ऊटी के पास खिलौना रेल का डिब्बा सोमवार को पटरी से उतर गया। बीस पर्यटक दो घंटे जंगल में फंसे रहे, जिन्हें रेल कर्मियों ने उतारा।
"""


def test_a_brief_a_week_later_joins_where_no_capital_shows_its_names(decider: Decider, article: Make) -> None:
    """The bail follows the accident after days; a look-alike of the week stays apart."""
    for place, report in enumerate(ROPEWAY.strip().split("\n\n")):
        title, text = report.split("\n")
        decider.decide(article(f"a{place}", title, text, hours=(0, 30, 200, 210)[place], language="hi"))
    assert sorted(story.originals for story in decider.stories()) == [1, 3]


@pytest.mark.parametrize(("words", "pieces", "asked"), [(60, 2, 48), (60, 1, 24), (400, 2, 24)])
def test_a_long_text_asks_for_no_more_pieces_than_words(words: int, pieces: int, asked: int) -> None:
    """It has words enough: more of them find stories that share no more with it than the language."""
    assert words_asked(words, pieces) == asked
