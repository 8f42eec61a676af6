"""A decider restored from its states decides as the old one would have."""

import random
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.stories.decide import MOST_LANGUAGES, OTHERS, Decider
from agents.stories.decision import Decision
from agents.stories.reading.gather import ArticleFeatures, gather, main_language
from agents.stories.reading.gather import decoder as gather_decoder
from agents.stories.reading.gather import encoder as gather_encoder
from agents.stories.reading.words import Words, words_of
from agents.stories.state.commonness import EPOCH, Commonness
from agents.stories.state.story import StoryRecord
from agents.stories.state.story import decoder as story_decoder
from agents.stories.state.story import encoder as story_encoder
from agents.stories.step import StoriesSettler, happenings
from streams.errors import InvalidRecord
from streams.message import Message
from streams.records import Tagged
from streams.settings import Settings
from streams.topics import GATHERED
from tests.agents.stories.conftest import FERRY, FERRY_LATER, START, Make
from tools.made_up_stories import stream


@cache
def articles(events: int) -> list[ArticleFeatures]:
    """Return a made-up stream without regions."""
    rows = [clean for clean, _ in stream(5, events, 10.0)]
    return [
        gather(Tagged(**{name: getattr(clean, name) for name in clean.__struct_fields__ if name != "schema"}))
        for clean in rows
    ]


def persisted(decider: Decider, some: list[ArticleFeatures], log: dict[str, bytes]) -> list[str | None]:
    """Decide on some articles, keep the changes as a compacted topic does, and return their stories."""
    ids = []
    for article in some:
        decision = decider.decide(article)
        keep(log, decision)
        story = decision.places[0].story
        ids.append(story.id if story is not None else None)
    return ids


def keep(log: dict[str, bytes], decision: Decision) -> None:
    """Keep the changes as a compacted topic does."""
    for key, value in decision.changes:
        log.pop(key, None)
        if value is not None:
            log[key] = value


class Steady(NamedTuple):
    """How one decider that never died decides on a whole stream: each article's story and changes."""

    ids: list[str | None]
    decisions: list[Decision]


@cache
def steady(events: int) -> Steady:
    """Decide on a whole made-up stream, once for all examples."""
    decider, found = Decider(30, 7, 1000), Steady([], [])
    for article in articles(events):
        decision = decider.decide(article)
        story = decision.places[0].story
        found.ids.append(story.id if story is not None else None)
        found.decisions.append(decision)
    return found


def restored_from(log: dict[str, bytes]) -> Decider:
    """Return a decider that has read a compacted topic."""
    decider = Decider(30, 7, 1000)
    for key, value in log.items():
        decider.restore(key, value)
    return decider


@settings(max_examples=5, deadline=None)
@given(cut=st.integers(1, 400))
def test_the_same_decisions_after_a_restore(cut: int) -> None:
    """Wherever the worker dies, the stories of the rest are the ones that they would have been."""
    log: dict[str, bytes] = {}
    for decision in steady(200).decisions[:cut]:
        keep(log, decision)

    assert persisted(restored_from(log), articles(200)[cut:], {}) == steady(200).ids[cut:]


def test_a_decider_that_gets_its_stories_back_decides_as_the_one_that_had_them() -> None:
    """Its partition went to another worker and came back: its own counts are not counted twice."""
    everything = articles(200)
    log: dict[str, bytes] = {}
    one, other = Decider(30, 7, 1000), Decider(30, 7, 1000)
    parts = [everything[:200], everything[200:400], everything[400:]]
    ids = []
    for decider, part in zip((one, other, one), parts, strict=True):
        for key, value in log.items():
            decider.restore(key, value)
        ids += persisted(decider, part, log)
    assert ids == steady(200).ids


@settings(max_examples=5, deadline=None)
@given(cut=st.integers(1, 400), kept=st.integers(0, 3))
def test_a_decision_of_which_a_kill_left_a_part_is_made_as_before(cut: int, kept: int) -> None:
    """Of its changes the first ones are persisted; decided again, it and all that follows are the same."""
    everything = articles(200)
    log: dict[str, bytes] = {}
    for decision in steady(200).decisions[:cut]:
        keep(log, decision)
    changes = steady(200).decisions[cut].changes
    for key, value in changes[: min(kept, len(changes) - 1)]:
        if value is None:
            log.pop(key, None)
        else:
            log[key] = value
    restored = restored_from(log)
    persisted(restored, everything[max(0, cut - 5) : cut], {})  # what was not acknowledged comes again

    assert persisted(restored, everything[cut:], {}) == steady(200).ids[cut:]


def test_a_kill_between_events_and_state_loses_no_event() -> None:
    """Told before the state is kept, stories' events are told again by who decides again, those of other stories too."""
    everything, log = articles(200), dict[str, bytes]()
    steady, killed = Decider(3, 1, 1000), Decider(3, 1, 1000)
    events: list[set[str]] = []
    told: set[str] = set()
    for article in everything:
        events.append({story.event_id for story in happenings(steady.decide(article))})
        if len(events[-1]) > 1:
            assert {story.event_id for story in happenings(killed.decide(article))} == events[-1]
            killed = Decider(3, 1, 1000)  # dead, and nothing kept of this one
            for key, value in log.items():
                killed.restore(key, value)
        decision = killed.decide(article)
        told |= {story.event_id for story in happenings(decision)}
        keep(log, decision)
    assert max(map(len, events)) > 10
    assert told == set[str]().union(*events)


@pytest.mark.parametrize("field", ["facts", "openers", "figures"])
def test_state_of_older_workers_is_read(field: str) -> None:
    """Records end before the fields that older workers did not write; the article joins, and brings its own of these."""
    first, second = (
        gather(Tagged(**values(name), title="Ferry aground off Brandvik", text=f"{FERRY_LATER} It holds 212 cars."))
        for name in ("one", "two")
    )
    log: dict[str, bytes] = {}
    persisted(Decider(30, 7, 1000), [first], log)
    key = next(key for key in log if key.startswith("story:"))
    log[key] = before(field, log[key], StoryRecord)
    restored = Decider(30, 7, 1000)
    for name, value in log.items():
        restored.restore(name, value)
    assert getattr(next(restored.stories()), field) == b""
    assert getattr(gather_decoder.decode(before(field, gather_encoder.encode(second), ArticleFeatures)), field) == b""
    story = restored.decide(second).places[0].story
    assert story is not None
    assert (story.articles, getattr(story, field)) == (2, getattr(second, field))
    assert getattr(second, field)


def before(field: str, value: bytes, kind: type[StoryRecord | ArticleFeatures]) -> bytes:
    """Return a record as it was before a field and those after it."""
    fields = msgspec.msgpack.decode(value)
    assert len(fields) == len(kind.__struct_fields__)
    return msgspec.msgpack.encode(fields[: kind.__struct_fields__.index(field)])


def values(name: str) -> dict[str, Any]:
    """Return the fields of a tagged article beside its title and text."""
    return {
        "id": f"{name:0>32}",
        "fetch_id": name,
        "source": f"{name}.example",
        "url": f"https://{name}.example/",
        "published_at": START,
        "fetched_at": START,
        "language": "en",
        "extractor": "given",
    }


def test_a_copy_that_waits_joins_its_original_after_a_restore(article: Make, copy: Make) -> None:
    """A copy before its original stands in the state until then, and no longer."""
    log: dict[str, bytes] = {}
    keep(log, Decider(30, 7, 1000).decide(copy("copy", "ferry")))
    restored = restored_from(log)

    decision = restored.decide(article("ferry", "Ferry runs aground", FERRY, 1.0))

    assert [place.article.id[-5:] for place in decision.places] == ["ferry", "0copy"]
    assert len({place.story.id for place in decision.places if place.story}) == 1
    keep(log, decision)
    assert not [key for key in log if key.startswith("waiting:")]


def test_a_story_whose_tombstone_is_read_is_gone(decider: Decider, article: Make) -> None:
    """Read back before Kafka has compacted it away, an ended story takes no room and no articles."""
    found = decider.decide(article("ferry", "Ferry runs aground", FERRY)).places[0].story
    assert found is not None
    decider.restore(f"story:{found.id}", None)

    assert decider.size().stories == 0
    assert decider.decide(article("later", "Ferry has a tear", FERRY_LATER, 1.0)).places[0].founded


def test_common_words_are_restored_across_epochs() -> None:
    """Counts are those of every article so far, from the table and the words since."""
    dice, log = random.Random(1), dict[str, bytes]()
    counts = Commonness("en")
    for _ in range(EPOCH + 40):
        words: Words = words_of(
            "", " ".join(dice.choices(["abcdefghij", "klmnop", "qrstuv", "wxyz", "harbour", "glacier"], k=9)), "en"
        )[1]
        log.update(counts.add(words.ids))
    restored = Commonness("en")
    for key, value in log.items():
        _, kind, place = key.split(":")
        restored.restore(kind, int(place), value)
    restored.finish()
    assert (restored.rows == counts.rows).all()
    assert (restored.articles, restored.epoch, restored.since) == (counts.articles, counts.epoch, counts.since)


def test_whole_words_that_older_workers_counted_are_left() -> None:
    """The stems that are compared now are not among them, and would look rare beside thousands of articles."""
    older = Commonness("en")
    log = [pair for _ in range(EPOCH) for pair in older.add(words_of("", "der alte Hafen", "en")[1].ids)]
    counts = Commonness("de")
    for key, value in log:
        _, kind, place = key.split(":")
        counts.restore(kind, int(place), value)
    counts.finish()
    assert counts.articles == 0
    assert (counts.rows == Commonness("de").rows).all()


#: Fields of a story's record, and values that none of ours has.
SPOILT: list[tuple[str, Any]] = [
    ("id", "en-another"), ("language", "de"), ("first", float("nan")), ("last", 1e300), ("touched", float("inf")),
    ("serial", -1), ("originals", 1 << 40), ("articles", -5), ("headlines", []), ("names", b"abc"), ("known", b"abc"),
    ("source_hashes", b"a"), ("facts", b"abc"), ("facts", bytes(8 * 100)), ("names", bytes(4 * 65)),
    ("known", bytes(8 * 257)), ("source_hashes", bytes(4 * 257)), ("body_ids", b""), ("title_weights", b"a"),
    ("regions", [("NO", "Norland", 1)] * 50),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), SPOILT)
def test_a_spoilt_story_is_refused_and_the_one_before_stays(
    decider: Decider, article: Make, name: str, value: Any
) -> None:
    """The articles that belong to it join it as they did before."""
    log: dict[str, bytes] = {}
    persisted(decider, [article("one", "Ferry aground off Brandvik", FERRY)], log)
    (key,) = (key for key in log if key.startswith("story:"))
    story = story_decoder.decode(log[key])
    with pytest.raises(ValueError, match="."):
        decider.restore(key, story_encoder.encode(msgspec.structs.replace(story, **{name: value})))
    later = article("two", "Ferry Solveig aground off Brandvik", FERRY_LATER, 5)
    assert persisted(decider, [later], {}) == [key.removeprefix("story:")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("en:words:0", b"\0\0\0\0abc"),
        ("en:words:0", b"a"),
        (f"en:words:{EPOCH}", bytes(8)),
        ("en:words:1000000000000", bytes(8)),
        ("en:counts:8", bytes(8 + 2 * 2 * 8192)),
        ("en:counts:1", b"\xff" * 8 + bytes(2 * 2 * 8192)),
        ("clock", msgspec.msgpack.encode(("a", "b", "c"))),
        ("clock", msgspec.msgpack.encode((float("nan"), 1, 1))),
        ("clock", msgspec.msgpack.encode((1e300, 1, 1))),
    ],
)
def test_spoilt_counts_and_clocks_are_refused(decider: Decider, article: Make, key: str, value: bytes) -> None:
    """Articles are decided on as before."""
    persisted(decider, [article("one", "Ferry aground off Brandvik", FERRY)], {})
    with pytest.raises(ValueError, match="."):
        decider.restore(key, value)
    decision = decider.decide(article("two", "Ferry Solveig aground off Brandvik", FERRY_LATER, 5))
    assert decision.outcome == "grown"


def test_the_words_of_so_many_languages_are_counted(decider: Decider, article: Make) -> None:
    """Articles in further languages are decided on together; states of these are refused."""
    names = [a + b for a in "abcdefghijklm" for b in "abcdefghijklm"]
    for name in names:
        decider.decide(article(f"x{name}", "Ferry aground off Brandvik", FERRY, language=name))
    assert len(decider.languages) == MOST_LANGUAGES + 1
    assert 0 < len(decider.languages[OTHERS]) < len(names) - MOST_LANGUAGES  # they join each other
    with pytest.raises(ValueError, match="128 languages"):
        decider.restore("zz:words:0", bytes(8))


@pytest.mark.parametrize(("tag", "language"), [("en-GB", "en"), ("x" * 100_000, "und"), ("1", "und"), ("", "und")])
def test_what_is_no_language_is_none(tag: str, language: str) -> None:
    """A language's name has two to eight letters."""
    assert main_language(tag) == language


@pytest.mark.parametrize("header", [b"", b"\x01", b"\x91" * 20_000, b"\xff\xfe", msgspec.msgpack.encode({"id": 1})])
def test_a_header_that_is_none_is_refused(header: bytes) -> None:
    """The refusal says so; it is no fault of ours that would have to be reported."""
    settler = StoriesSettler(Settings())
    with pytest.raises(InvalidRecord, match="header ww_gathered"):
        settler.settle(Message(GATHERED.name, 0, 0, b"a", b"{}", {"ww_gathered": header}, 0.0), None)
