"""Restored from its records, the decider goes on as if it had never stopped."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from agents.dedup.decide import Deduplicator, Verdict
from agents.dedup.sketch import make_sketch
from agents.dedup.stored import decoder, encoder
from streams.records import Clean

Prose = Callable[[int, int], str]
Write = Callable[..., Clean]

MINUTE = 60.0


@dataclass
class Compacted:
    """A compacted topic: the latest record of each key, in the order in which they were written."""

    records: dict[str, bytes] = field(default_factory=dict)

    def put(self, decision: Verdict) -> None:
        """Write a decision's record."""
        self.records.pop(decision.key, None)
        self.records[decision.key] = decision.record

    def drop(self, keys: list[str]) -> None:
        """Write tombstones."""
        for key in keys:
            del self.records[key]


@dataclass
class Process:
    """A decider that persists its records, and can be killed."""

    window_hours: float
    max_articles: int
    topic: Compacted = field(default_factory=Compacted)

    def __post_init__(self) -> None:
        """Start with nothing."""
        self.decider = Deduplicator(self.window_hours, self.max_articles)

    def take(self, article: Clean, arrived: float) -> Verdict:
        """Decide and persist."""
        decision = self.decider.decide(make_sketch(article), arrived, article.fetch_id)
        self.topic.put(decision)
        return decision

    def expire(self, now: float) -> list[str]:
        """Expire and persist."""
        keys = self.decider.expire(now)
        self.topic.drop(keys)
        return keys

    def restart(self, batch: int) -> None:
        """Forget everything and restore it, `batch` records at a time."""
        self.decider = Deduplicator(self.window_hours, self.max_articles)
        for number, (key, record) in enumerate(self.topic.records.items()):
            self.decider.restore(key, record)
            if number % batch == 0:
                self.decider.stats()


# Few ids, texts and edits, so that copies, revisions and returns meet each other.
steps = st.tuples(
    st.integers(0, 9),
    st.integers(0, 4),
    st.sampled_from(["whole", "part", "more", "edited", "short"]),
    st.integers(0, 2),
    st.sampled_from(["one.example", "two.example"]),
    st.sampled_from(["none", "expire"]),
)


def text_of(prose: Prose, seed: int, edit: str, number: int) -> str:
    """Return one of a few texts, edited in one of a few ways."""
    words = prose(seed, 90).split()
    if edit == "part":
        words = words[:50]
    elif edit == "more":
        words += prose(50 + seed, 40).split()
    elif edit == "edited":
        words[number::17] = ["edited"] * len(words[number::17])
    elif edit == "short":
        words = words[:6]
    return " ".join(words)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=40), st.data(), st.sampled_from([(72.0, 1000), (0.25, 1000), (72.0, 7)]))
def test_a_killed_process_gives_the_same_verdicts(
    prose: Prose,
    write: Write,
    chosen: list[tuple[int, int, str, int, str, str]],
    data: st.DataObject,
    bounds: tuple[float, int],
) -> None:
    """Killed anywhere, restored in any batches, with the last inputs delivered again: every decision is the same."""
    steady, killed = Process(*bounds), Process(*bounds)
    cuts = data.draw(st.sets(st.integers(0, len(chosen)), max_size=4))
    articles = [
        write(f"a{name}", text_of(prose, seed, edit, number), fetch=str(fetch), source=source, title=f"Title {name}")
        for number, (name, seed, edit, fetch, source, _) in enumerate(chosen)
    ]
    decided: list[Verdict] = []
    for number, article in enumerate(articles):
        if number in cuts:
            killed.restart(data.draw(st.integers(1, 50)))
            again = data.draw(st.integers(0, 3)) if bounds == (72.0, 1000) else 0
            for before in range(max(0, number - again), number):
                repeated = killed.take(articles[before], before * MINUTE)
                assert (
                    verdict(repeated)
                    == verdict(steady.take(articles[before], before * MINUTE))
                    == verdict(decided[before])
                )
        decided.append(steady.take(article, number * MINUTE))
        assert killed.take(article, number * MINUTE) == decided[-1]
        if chosen[number][-1] == "expire":
            assert killed.expire(number * MINUTE) == steady.expire(number * MINUTE)
    if bounds == (72.0, 1000):
        places = {(article.fetch_id, verdict.unique) for article, verdict in zip(articles, decided, strict=True)}
        assert len(places) == len({article.fetch_id for article in articles})  # whatever text a fetch comes with
    assert killed.topic == steady.topic
    assert killed.decider.stats() == steady.decider.stats()


@pytest.mark.parametrize("others", [0, 1])
def test_an_article_that_is_back_after_the_window_is_remembered(prose: Prose, write: Write, others: int) -> None:
    """Fetched again before its old record has expired, it keeps the new one: a copy is one for a worker that starts anew."""
    process, window = Process(1.0, 1000), 60 * MINUTE
    article = write("a1", prose(1, 90), fetch="first")
    process.take(article, 0.0)
    for number in range(others):  # which keep the old record from being the only one
        process.take(write(f"b{number}", prose(40 + number, 90)), window)
    assert process.take(write("a1", prose(1, 90), fetch="again"), window + MINUTE).unique
    assert process.expire(window + 2 * MINUTE) == []

    process.restart(1)
    copy = process.take(write("a2", prose(1, 90), source="two.example"), window + 3 * MINUTE)
    assert (copy.unique, copy.duplicate_of) == (False, "a1")


def verdict(decision: Verdict) -> tuple[object, ...]:
    """Return a decision without its record, which later fetches of the same text are added to."""
    return decision.unique, decision.revision, decision.duplicate_of, decision.kind, decision.similarity, decision.key


def test_a_standby_follows_records_and_tombstones(prose: Prose, write: Write) -> None:
    """A standby that reads every write as it comes decides as the one that wrote them."""
    active, standby = Deduplicator(1.0, 50), Deduplicator(1.0, 50)
    for number in range(200):
        article = write(f"a{number}", prose(number % 60, 80))
        decision = active.decide(make_sketch(article), number * MINUTE, article.fetch_id)
        standby.restore(decision.key, decision.record)
        for key in active.expire(number * MINUTE):
            standby.restore(key, None)
        if number % 7 == 0:
            assert standby.stats().articles == active.stats().articles

    article = write("b", prose(199 % 60, 80))
    decisions = [each.decide(make_sketch(article), 200 * MINUTE, article.fetch_id) for each in (active, standby)]
    assert decisions[0] == decisions[1]


def test_a_fetch_is_known_after_many_others(prose: Prose, write: Write) -> None:
    """The first fetch of a text keeps its verdict however often the text was fetched since; records stay small."""
    decider = Deduplicator()
    article = write("a", prose(1, 260))
    first = decider.decide(make_sketch(article), 0.0, article.fetch_id)
    for number in range(100):
        again = write("a", prose(1, 260), fetch=f"again {number}")
        latest = decider.decide(make_sketch(again), 1.0, again.fetch_id)

    assert decider.decide(make_sketch(article), 2.0, article.fetch_id).unique
    assert len(latest.record) < len(first.record) + 300


def test_a_fetch_that_no_record_keeps_gets_its_verdict_again(prose: Prose, write: Write) -> None:
    """Delivered again after many others and a new text, it repeats the text that was in force when it arrived."""
    process = Process(72.0, 1000)
    fetches = [write("a", prose(1, 90), fetch=str(number)) for number in range(50)]
    first = [verdict(process.take(article, number * MINUTE)) for number, article in enumerate(fetches)]
    for minute, text, revision in ((60, 2, 1), (61, 1, 2)):
        decision = process.take(write("a", prose(text, 90), fetch=f"at {minute}"), minute * MINUTE)
        assert (decision.unique, decision.revision) == (True, revision)
        process.restart(7)
        assert [verdict(process.take(article, number * MINUTE)) for number, article in enumerate(fetches)] == first
    assert process.decider.stats().articles == 3


def test_numbers_go_round_the_index_many_times(prose: Prose, write: Write) -> None:
    """Far beyond the size of the index, articles in the window are found and older ones are not, restored or not."""
    process = Process(72.0, 100)
    texts = [prose(seed, 40) for seed in range(300)]
    for number in range(4500):
        # Each text comes back after 300 articles, long after it left the window; each tenth is part of that of 35 before.
        copy = number > 40 and number % 10 == 9
        text = texts[(number - 35) % 300].rpartition(" ")[0] if copy else texts[number % 300]
        decision = process.take(write(f"a{number}", text, title=f"Title {number}"), number * 1.0)
        assert decision.duplicate_of == (f"a{number - 35}" if copy else None), number
        if number % 100 == 0:
            process.expire(number * 1.0)

    restored = Process(72.0, 100, process.topic)
    restored.restart(33)
    article = write("b", texts[4450 % 300])
    assert restored.take(article, 4500.0) == process.take(article, 4500.0)
    assert len(process.topic.records) < 250


@pytest.mark.parametrize("restored", ["with the others", "after them"])
def test_a_record_far_ahead_puts_nothing_out_of_reach(prose: Prose, write: Write, restored: str) -> None:
    """One spoilt number costs neither the window nor the time to count up to it."""
    process = Process(72.0, 1000)
    articles = [write(f"a{number}", prose(number, 90), fetch="1") for number in range(5)]
    for number, article in enumerate(articles):
        process.take(article, number * MINUTE)
    key, record = list(process.topic.records.items())[-1]
    stored = decoder.decode(record)
    spoilt = structs.replace(stored, seq=10**9, leader=10**9)
    if restored == "with the others":
        process.topic.records[key] = encoder.encode(spoilt)
        process.restart(1_000)
    else:
        process.decider.restore(key, encoder.encode(spoilt))
    copies = [process.take(write(f"b{number}", prose(number, 90), fetch="1"), MINUTE * 10) for number in range(4)]
    assert [copy.duplicate_of for copy in copies] == ["a0", "a1", "a2", "a3"]
    assert key in process.decider.expire(MINUTE * 10)


def test_a_window_that_another_worker_has_gone_on_with_is_taken_over(prose: Prose, write: Write) -> None:
    """Its own articles are out of reach then, and are forgotten at once."""
    process = Process(72.0, 1000)
    for number in range(20):
        process.take(write(f"a{number}", prose(number, 90), fetch="1"), number * MINUTE)
    for key, record in list(process.topic.records.items()):
        stored = decoder.decode(record)
        article = stored.sketch.id.replace("a", "c")
        later = structs.replace(
            stored, seq=10**9 + stored.seq, leader=10**9 + stored.seq, sketch=structs.replace(stored.sketch, id=article)
        )
        process.decider.restore(key.replace("a", "c"), encoder.encode(later))
    copy = process.take(write("b", prose(3, 90), fetch="1"), 30 * MINUTE)
    assert copy.duplicate_of == "c3"
    assert process.decider.stats().articles == 21
    process.decider.expire(80 * 3600.0)
    assert process.decider.stats().articles == 0
