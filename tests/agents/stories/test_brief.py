"""Articles go on to trends in brief, and through `wirewatch apply` whole."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from agents.stories.step import HEADER, GatherSettler, StoriesSettler, work
from agents.trends.step import TrendsSettler
from streams.message import Message, Output, Settlement
from streams.records import Duplicate, Evidence, NewsTopic, Region, Similarity, Tagged, decode, encode
from streams.settings import Settings
from streams.topics import DUPLICATES, GATHERED, STORIED, TAGGED
from wirewatch.apply.chain import onward

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
FOUND = Evidence(field="text", start=700, end=706)
ARTICLE = Tagged(
    id="a" * 32,
    fetch_id=f"{'a' * 32}:1",
    source="fjord.example",
    title="Ferry Nordlys runs aground off Tromso harbour",
    text="The ferry Nordlys ran aground off Tromso with forty people on board on Monday. " * 20,
    fetched_at=AT,
    published_at=AT,
    language="en",
    extractor="given",
    regions=[Region(country="NO", code="NO", level="country", name="Norway", role="about", score=1, evidence=[FOUND])],
    topics=[NewsTopic(id="medtop:03000000", label="disaster", level=1, score=1, method="words", evidence=[FOUND] * 2)],
)


def gathered() -> Output:
    """Return the article as `gather` passes it on."""
    message = Message(TAGGED.name, 0, 0, b"k", encode(ARTICLE), {}, AT.timestamp())
    [output] = GatherSettler(Settings()).settle(message, work(message.value)).outputs
    return output


def with_story(value: bytes, header: bytes) -> bytes:
    """Return the article as `stories` passes it on."""
    message = Message(GATHERED.name, 0, 0, b"k", value, {HEADER: header}, AT.timestamp())
    return next(out for out in StoriesSettler(Settings()).settle(message, None).outputs if out.topic is STORIED).value


def test_the_topics_hold_the_beginning_of_the_text() -> None:
    """All else of the article is there, and how much evidence there was."""
    output = gathered()
    got = decode(with_story(output.value, output.headers[HEADER]), Tagged)
    assert got.text == ARTICLE.text[:600]
    assert got.story is not None
    assert [(region.evidence, region.evidence_left_out) for region in got.regions] == [([], 1)]
    assert [(topic.evidence, topic.evidence_left_out) for topic in got.topics] == [([], 2)]
    rest = replace(got, text=ARTICLE.text, story=None, regions=ARTICLE.regions, topics=ARTICLE.topics)
    assert rest == ARTICLE


@pytest.mark.parametrize("part", ["whole", "brief"])
def test_trends_are_the_same_of_a_whole_article_of_an_older_worker(part: str) -> None:
    """What `trends` counts of an article in brief, it counts of one that `stories` or `gather` of before passed on whole."""
    output = gathered()
    value = encode(ARTICLE) if part == "whole" else output.value
    stored = with_story(value, output.headers[HEADER])
    assert len(decode(stored, Tagged).text) == (len(ARTICLE.text) if part == "whole" else 600)
    settler = TrendsSettler(Settings())
    assert trended(settler, stored, "b").outcome == "counted"
    trended(settler, stored.replace(b"fjord.example", b"coast.example"), "c")  # phrases count once two sources say them
    assert {"NO medtop:03000000", "~tromso harbour"} < set(settler.stream.rows)


def trended(settler: TrendsSettler, value: bytes, fetch: str) -> Settlement:
    """Count an article."""
    return settler.settle(Message(STORIED.name, 0, 0, b"k", value, {"ce_id": fetch.encode()}, AT.timestamp()), None)


def test_a_copy_goes_on_as_it_came() -> None:
    """It has no text but that of its title."""
    same = Similarity(containment=1, jaccard=1, facts=1)
    copy = Duplicate(
        id="b" * 32,
        fetch_id=f"{'b' * 32}:1",
        source="coast.example",
        title=ARTICLE.title,
        fetched_at=AT,
        published_at=AT,
        language="en",
        duplicate_of=ARTICLE.id,
        kind="copy",
        similarity=same,
    )
    message = Message(DUPLICATES.name, 0, 0, b"k", encode(copy), {}, AT.timestamp())
    [output] = GatherSettler(Settings()).settle(message, work(message.value)).outputs
    assert output.value == onward(output, message).value == message.value


def test_apply_passes_the_whole_article_on() -> None:
    """A file's lines stay the same: nothing of a text is lost between two steps of `wirewatch apply`."""
    message = Message(TAGGED.name, 0, 0, b"k", encode(ARTICLE), {}, AT.timestamp())
    output = gathered()
    assert onward(output, message).value == message.value
    assert decode(with_story(onward(output, message).value, output.headers[HEADER]), Tagged).text == ARTICLE.text
