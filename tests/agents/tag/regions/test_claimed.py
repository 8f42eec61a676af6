"""Places that two countries claim, beside other names."""

from tests.agents.tag.regions.conftest import Tag


def test_a_claimed_place_counts_for_both_countries_alike(tag: Tag) -> None:
    """Its name is a place of one of them in the gazetteer, too: that would be named twice."""
    scores = {region.country: region.score for region in tag("Hail fell on the Golan Heights.").regions}
    assert scores.keys() == {"IL", "SY"}
    assert scores["IL"] == scores["SY"]


def test_names_right_beside_a_claimed_place_stay(tag: Tag) -> None:
    """Scripts without blanks write one behind the other: each is evidence of its country."""
    tags = tag("中国釣魚島日本漁船", language="zh")
    spans = {(region.country, each.start, each.end) for region in tags.regions for each in region.evidence}
    assert spans == {("CN", 0, 2), ("CN", 2, 5), ("JP", 2, 5), ("JP", 5, 7)}
