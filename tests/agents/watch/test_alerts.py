"""The fields of an alert's article."""

from collections.abc import Callable

from agents.watch.alerts import describe
from streams.records import NewsTopic, Region, Tagged


def test_regions_and_topics_have_codes_and_names(article: Callable[..., Tagged], about: Callable[..., Region]) -> None:
    """Regions that it is about, each once: codes for programs, names for people; mere mentions are left out."""
    topic = NewsTopic(id="medtop:04000000", label="economy, business and finance", level=1, score=0.9, method="test")
    regions = [about("VE", "Venezuela"), about("VE", "Zulia", "VE-V"), about("CO", "Colombia", role="mentioned")]

    described = describe(article("t", "x", regions=regions, topics=[topic]), [])

    assert (described.regions, described.region_names) == (["VE", "VE-V"], ["Venezuela", "Zulia"])
    assert (described.topics, described.topic_labels) == (["medtop:04000000"], ["economy, business and finance"])
