"""Look-alike events in two divisions are stories of their own; places that a story takes in are not."""

import pytest

from agents.stories.decide import Decider
from agents.stories.rules.places import divisions
from streams.records import NewsTopic, Region
from tests.agents.stories.conftest import Make

FORMS = {
    "de": (
        "Warnstreik legt Flughafen {0} lahm",
        (
            "Am Flughafen {0} fallen am {2} {1} Flüge aus. Die Gewerkschaft hat das Personal zum Warnstreik aufgerufen. "
            "Sie fordert {3} Prozent mehr Lohn. Reisende sollten nicht zum Flughafen kommen, teilte der Betreiber mit."
        ),
    ),
    "ko": (
        "{0} 공장에 불, {1}명 부상",
        (
            "8일 오전 {3}시쯤 {0}의 한 공장에서 불이 나 직원 {1}명이 다쳤다. 소방당국은 대응 단계를 발령하고 장비를 투입해 "
            "큰 불길을 잡았다. 경찰은 정확한 화재 원인을 조사하고 있다."
        ),
    ),
    "tr": (
        "{0} deprem",
        (
            "{0} {2} sabahı {3},4 büyüklüğünde deprem meydana geldi. Deprem yerin {1} kilometre derinliğinde oldu. Vatandaşlar "
            "sokağa çıktı. İlk belirlemelere göre can ve mal kaybı yok."
        ),
    ),
}
SLOTS = {
    "de": (("Ostheim", "140", "Dienstag", "acht"), ("Westheim", "95", "Mittwoch", "sechs")),
    "ko": (("인천 오류동", "3", "", "3"), ("김해 진영읍", "2", "", "4")),
    "tr": (("Malatya'nın Kale ilçesinde", "7", "çarşamba", "4"), ("Balıkesir'in Merkez ilçesinde", "11", "cuma", "3")),
}


def about(code: str) -> list[Region]:
    """Return a country and a division of it as an article's regions."""
    return [
        Region(country=code[:2], code=place, level=level, name=place, role="about", score=1.0)  # type: ignore[arg-type]
        for place, level in ((code[:2], "country"), (code, "division"))
    ]


@pytest.mark.parametrize("language", FORMS)
@pytest.mark.parametrize(("second", "stories"), [("{}-B", 2), ("{}-A", 1)], ids=("another division", "the same"))
def test_divisions_tell_look_alikes(decider: Decider, article: Make, language: str, second: str, stories: int) -> None:
    """In whatever language, the same words on another division are another event; on the same one they are not."""
    title, text = FORMS[language]
    country = {"de": "DE", "ko": "KR", "tr": "TR"}[language]
    for number, code in enumerate((f"{country}-A", second.format(country))):
        slots = SLOTS[language][number if stories == 2 else 0]
        decider.decide(
            article(
                f"{number}",
                title.format(*slots),
                text.format(*slots) + " …" * number,
                hours=number,
                language=language,
                regions=about(code),
            ),
            0.0,
        )
    assert len(list(decider.stories())) == stories


def test_names_outweigh_places(decider: Decider, article: Make) -> None:
    """A report from elsewhere on the same people is the story's."""
    first = "A court in Lyon sentenced Michel Aubrac of the firm Radiatek to four years in prison for bribes, Judge Perrin said."
    then = "From Paris, Michel Aubrac, the Radiatek manager sentenced to four years in prison for bribes, said that he appeals."
    for name, text, code in (("a", first, "FR-ARA"), ("b", then, "FR-IDF")):
        decider.decide(article(name, "Aubrac jailed for bribes", text, hours=len(name), regions=about(code)), 0.0)
    assert len(list(decider.stories())) == 1


CRASH = (
    "Two people were killed when a {0} crashed in {1} near {2} on Friday, the sheriff said. The aircraft had taken off from {3} "
    "before noon. A spokesman of the Transportation Board said that inspectors were on their way."
)


def test_an_office_in_common_is_not_enough(decider: Decider, article: Make) -> None:
    """Two crashes that one office looks into share its name, and no other."""
    for name, title, slots, code in (
        ("a", "Small plane crashes in Iowa field", "Cessna|a field|Ames|Waterloo", "US-IA"),
        ("b", "Small plane crashes in Georgia woods", "Piper|woods|Macon|Savannah", "US-GA"),
    ):
        decider.decide(article(name, title, CRASH.format(*slots.split("|")), regions=about(code)), 0.0)
    assert len(list(decider.stories())) == 2


@pytest.mark.parametrize(("topic", "stories"), [("02", 1), ("03", 2)], ids=("law", "disaster"))
def test_a_trial_hears_witnesses_from_elsewhere(decider: Decider, article: Make, topic: str, stories: int) -> None:
    """Where no word shows that it is a name, a topic tells whether its events stay in one place."""
    first = (
        "Vor dem Landgericht muss sich der Kunstfälscher Anselm Brandt verantworten. Er soll 40 Gemälde gefälscht und für neun "
        "Millionen Euro verkauft haben."
    )
    then = "Im Prozess gegen den Kunstfälscher Anselm Brandt hat ein Galerist gesagt, er habe die 40 Gemälde für echt gehalten."
    topics = [NewsTopic(id=f"medtop:{topic}000000", label=topic, level=1, score=0.9, method="linear")]
    for name, text, code in (("a", first, "DE-NW"), ("b", then, "DE-BY")):
        given = {"language": "de", "regions": about(code), "topics": topics}
        decider.decide(article(name, "Prozess gegen Kunstfälscher Brandt", text, **given), 0.0)
    assert len(list(decider.stories())) == stories


def test_divisions_are_told_by_their_codes() -> None:
    """A city counts as its division, or as itself where its country has none."""
    assert divisions(["DE", "DE-NI/Hannover", "DE-NI", "IE/Dublin"]) == ["DE-NI", "IE/Dublin"]


TREMORS = [
    (
        "云南丽江发生4.9级地震",
        "周二傍晚，云南丽江市发生4.9级地震，震源深度11千米。中国地震台网测定，当地震感明显，目前没有人员伤亡报告。",
    ),
    (
        "青海玉树发生5.1级地震",
        "青海玉树州周二夜里发生5.1级地震，中国地震台网称震源深度9千米，多人感到摇晃，暂无房屋倒塌报告。",
    ),
]


def test_pairs_of_signs_are_alike_at_less(decider: Decider, article: Make) -> None:
    """Two desks' words on two tremors are as alike as in other languages, but many pairs of characters straddle two words."""
    for place, ((title, text), code) in enumerate(zip(TREMORS, ("CN-YN", "CN-QH"), strict=True)):
        decider.decide(article(f"a{place}", title, text, hours=2 * place, language="zh", regions=about(code)))
    assert len(list(decider.stories())) == 2
