"""The fields of an alert's article, and its snippet."""

from collections.abc import Callable

from agents.watch.alerts import SNIPPET_LENGTH, describe, snippet
from streams.records import NewsTopic, Region, Tagged


def test_regions_and_topics_have_codes_and_names(article: Callable[..., Tagged], about: Callable[..., Region]) -> None:
    """Regions that it is about, each once: codes for programs, names for people; mere mentions are left out."""
    topic = NewsTopic(id="medtop:04000000", label="economy, business and finance", level=1, score=0.9, method="test")
    regions = [about("VE", "Venezuela"), about("VE", "Zulia", "VE-V"), about("CO", "Colombia", role="mentioned")]

    described = describe(article("t", "x", regions=regions, topics=[topic]), [])

    assert (described.regions, described.region_names) == (["VE", "VE-V"], ["Venezuela", "Zulia"])
    assert (described.topics, described.topic_labels) == (["medtop:04000000"], ["economy, business and finance"])


def test_snippet_begins_before_the_match_at_a_word() -> None:
    """The marked word is in the snippet, and no word is cut."""
    text = "alpha " * 100 + "sanctions " + "omega " * 100
    cut, start = snippet(text, text.index("sanctions"))
    assert text[start : start + len(cut)] == cut
    assert "sanctions" in cut
    assert len(cut) <= SNIPPET_LENGTH
    assert set(cut.split()) == {"alpha", "sanctions", "omega"}


def test_snippet_of_text_without_blanks_holds_the_match() -> None:
    """Chinese text is cut where it falls."""
    text = "石" * 300 + "制裁" + "油" * 300
    cut, start = snippet(text, 300)
    assert text[start : start + len(cut)] == cut
    assert "制裁" in cut
