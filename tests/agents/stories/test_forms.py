"""Reports from one form are stories of their own; an update of one of them is not."""

import pytest

from agents.stories.decide import Decider
from streams.records import Region
from tests.agents.stories.conftest import Make

EARNINGS = (
    "{0} said on Thursday that its net profit rose {1} percent to {2} million euros in the third quarter, helped by higher "
    "prices and lower costs. Revenue was {3} million euros, the company from {4} said. Analysts had expected less. It "
    "confirmed its forecast for the full year and said that it would pay a higher dividend. The shares rose in early trading. "
    "The chief executive, {5}, said that demand remained strong in all regions, though the outlook was uncertain."
)
TREMOR = (
    "気象庁によると、{0}の{1}時ごろ、{2}の南{3}キロを震源とする地震があった。震源の深さは{4}キロと推定される。これまでに被害やけが人の"
    "情報は入っていない。複数の町で住民が屋外に避難した。気象庁は今後数時間は余震に注意するよう呼びかけている。この地震による津波の心配はない。"
)


@pytest.mark.parametrize(
    ("second", "stories"),
    [
        ("Halden Foods|7|41|640|Lund|Kristin Dahl", 2),
        ("Norsteel|12|88|1,204|Bergen|Anders Moe", 1),
    ],
    ids=("another company", "an update"),
)
def test_names_tell_reports_from_one_form(decider: Decider, article: Make, second: str, stories: int) -> None:
    """Whatever the form says in the same words, another company is another story."""
    first = EARNINGS.format(*["Norsteel", "12", "88", "1200", "Bergen", "Anders Moe"])
    decider.decide(article("a", "Norsteel profit rises in the third quarter", first), 0.0)
    name = second.partition("|")[0]
    decider.decide(
        article("b", f"{name} profit rises in the third quarter", EARNINGS.format(*second.split("|")), hours=2), 0.0
    )
    assert len(list(decider.stories())) == stories


@pytest.mark.parametrize(("place", "stories"), [("松山", 2), ("釧路", 1)], ids=("another place", "the same place"))
def test_places_tell_reports_from_one_form_without_capitals(
    decider: Decider, article: Make, place: str, stories: int
) -> None:
    """Where no word shows that it is a name, regions say where it was."""
    codes = {"釧路": "JP-01/2129376", "松山": "JP-38/1926099"}
    for name, at in (("a", "釧路"), ("b", place)):
        regions = [
            Region(country="JP", code="JP", level="country", name="JP", role="about", score=1.0),
            Region(country="JP", code=codes[at], level="city", name=at, role="about", score=1.0),
        ]
        text = TREMOR.format("月曜日", 4, at, 12, 33)
        decider.decide(article(name, f"{at}で地震", text, language="ja", regions=regions), 0.0)
    assert len(list(decider.stories())) == stories
