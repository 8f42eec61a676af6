"""A tagged article stays under the size of a Kafka message, however many places and topics its text names."""

import time
from datetime import UTC, datetime

import msgspec
import pytest

from agents.tag.regions.lexicon.gazetteer import CITY
from agents.tag.regions.mentions import MOST_MENTIONS
from agents.tag.regions.tagger import MOST_REGIONS, MOST_SPANS
from agents.tag.step import models, tag
from streams.records import Clean, Tagged
from streams.topics import MAX_RAW_BYTES, TAGGED

#: Of a second or so that it takes: a slow machine has room, squares have none.
MOST_SECONDS = 12.0


def article(text: str, title: str = "All of them", language: str | None = "en") -> Clean:
    """Return an article of this text."""
    return Clean(
        id="a",
        source="news.example",
        title=title,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        language=language,
        text=text,
        extractor="given",
    )


@pytest.fixture(scope="module")
def tagged() -> Tagged:
    """Tag a megabyte of the names of large cities, again and again."""
    gazetteer = models()[0].gazetteer
    cities = [
        name
        for name, level, people in zip(gazetteer.name, gazetteer.level, gazetteer.population, strict=True)
        if level == CITY and people > 300_000
    ]
    line = ". ".join(f"He flew to {city}, and strikes shut {city}" for city in cities)
    return tag(article((line + "\n\n") * (1_000_000 // len(line)), "A very long list"))


def test_what_tags_add_fits_into_the_room_that_the_topic_leaves(tagged: Tagged) -> None:
    """The record is at most its text and the MiB by which a message of news.tagged may be larger than the page."""
    added = len(msgspec.json.encode(tagged)) - len(msgspec.json.encode(tagged.text))

    assert added < TAGGED.max_message_bytes - MAX_RAW_BYTES


def test_every_tag_says_how_many_spans_it_left_out(tagged: Tagged) -> None:
    """No region has more spans than the limit; the country of most names says that there were others."""
    assert max(len(region.evidence) for region in tagged.regions) == MOST_SPANS
    assert all(region.evidence_left_out == 0 for region in tagged.regions if len(region.evidence) < MOST_SPANS)
    assert tagged.regions[0].evidence_left_out > 0


def test_regions_of_the_lowest_scores_are_left_out_and_counted(tagged: Tagged) -> None:
    """The record holds the most that it may, and says how many more there were."""
    assert len(tagged.regions) == MOST_REGIONS
    assert tagged.regions_left_out > 0
    assert tagged.regions[0].level == "country"


def test_an_ordinary_article_leaves_nothing_out() -> None:
    """A short story shows every span."""
    story = tag(
        article(
            "Dockers in Valparaíso stopped work on Monday. Their union wants higher wages.", "Dockers strike in Chile"
        )
    )

    assert story.regions_left_out == 0
    assert {region.evidence_left_out for region in story.regions} == {0}
    assert {topic.evidence_left_out for topic in story.topics} <= {0}


@pytest.mark.parametrize(("language", "covered"), [("en", True), ("pt-BR", True), ("sv", False), (None, False)])
def test_a_record_says_whether_its_language_has_topics(language: str | None, covered: bool) -> None:
    """No topic in a language without a table is another thing than no topic."""
    story = tag(article("Hamnen öppnar i morgon.", "Nytt", language))

    assert story.topics_covered is covered


@pytest.mark.parametrize("names", ["Georgia ", "Paris London Rome "])
def test_time_grows_with_the_text_alone(names: str) -> None:
    """A quarter of a megabyte of names without a sentence takes CPU seconds in proportion: as squares it took a minute."""
    long = article(names * (250_000 // len(names)))
    models()
    begun = time.process_time()
    tag(long)
    assert time.process_time() - begun < MOST_SECONDS


def test_a_book_of_places_is_read_at_its_beginning() -> None:
    """Of 900,000 characters the first mentions tell; a place behind them is none of the article's."""
    found = tag(article("US " * 300_000 + "Strikes shut Oslo."))

    assert {region.country for region in found.regions} == {"US"}
    assert found.regions[0].evidence_left_out + len(found.regions[0].evidence) == MOST_MENTIONS
