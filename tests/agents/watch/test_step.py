"""The watch steps' settlers: outputs, memory, and timers."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from agents.watch.alerts import describe
from agents.watch.judgement import WatchOutcome
from agents.watch.originals import Originals
from agents.watch.records import MatchRecord, Watch
from agents.watch.step import MAX_NAMES, MatchOutcome, MatchSettler, WatchSettler
from streams.errors import Refused
from streams.message import Message, Settlement
from streams.records import (
    Alert,
    Duplicate,
    Evidence,
    NewsTopic,
    QuietHours,
    Region,
    Similarity,
    Tagged,
    Trend,
    TrendKey,
    TrendStory,
    WatchRecord,
    decode,
    encode,
)
from streams.settings import Settings
from streams.topics import DUPLICATES, MATCHES, TAGGED, TRENDS, WATCH_STATES, WATCHES
from wirewatch.metrics import new_metrics

PARTITION = 3


def trend_of(key: TrendKey, label: str, at: datetime, stories: Sequence[TrendStory] = ()) -> Trend:
    """Return a trend of 37 articles of 12 sources in 6 h."""
    return Trend(
        id="t1",
        key=key,
        label=label,
        at=at,
        window_hours=6.0,
        count=37,
        sources=12,
        expected=9.2,
        score=8.1,
        baseline=72.0,
        sensitivity="quiet",
        stories=list(stories),
    )


@pytest.fixture
def message() -> Callable[..., Message]:
    """Build a message."""
    return lambda topic, value, fetch="f1": Message(
        topic.name, PARTITION, 0, None, value, {"ce_id": fetch.encode()}, 0.0
    )


@pytest.fixture
def tried(message: Callable[..., Message], article: Callable[..., Tagged]) -> Callable[..., Settlement]:
    """Try an article against watches."""

    def do(*watches: Watch, title: str = "Oil") -> Settlement:
        settler = MatchSettler(Settings())
        for watch in watches:
            settler.restore(WATCHES, watch.name, encode(watch.record))
        taken = message(TAGGED, encode(article(title, "Text.")))
        return settler.settle(taken, settler.compute(settler.task(taken)))

    return do


def test_match_goes_out_under_its_watch_with_an_id_of_its_own(tried: Callable[..., Settlement], watch: Any) -> None:
    """Each match has the watch's name as its key, so that one decider has them all, and an id that a replay repeats."""
    outputs = tried(watch("oil", "a"), watch("oil OR gas", "b"), watch("gas", "c")).outputs
    assert [(output.topic, output.key, output.event_id) for output in outputs] == [
        (MATCHES, "a", "f1:a"),
        (MATCHES, "b", "f1:b"),
    ]


def test_record_under_another_key_is_refused(watch: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A watch whose record has another name than its key would be removed by nobody."""
    settler = MatchSettler(Settings())
    settler.restore(WATCHES, "other", encode(watch("oil", "a").record))
    settler.absorb()
    assert "other is refused" in caplog.text


def test_a_watch_that_stays_wrong_is_logged_once(watch: Any, caplog: pytest.LogCaptureFixture) -> None:
    """In one line; once it was right, it is logged again."""
    settler = MatchSettler(Settings())
    right = encode(watch("oil", "a").record)
    for value in (b"{}", b"[]", b"0", right, b"{}"):
        settler.restore(WATCHES, "a", value)
        settler.absorb()
    first, second = [record.getMessage() for record in caplog.records if "is refused" in record.getMessage()]
    assert "`name` is missing; " in first
    assert "the one in force before stays" in second
    assert "\n" not in first + second


def test_alert_carries_the_headers_to_route_by(
    tried: Callable[..., Settlement], message: Callable[..., Message], watch: Any
) -> None:
    """An alert's event id is its own id, and regions, topics and language stand in headers."""
    match = tried(watch("oil", "a")).outputs[0]
    (output,) = WatchSettler(Settings()).settle(message(MATCHES, match.record), None).outputs
    assert isinstance(output.record, Alert)
    assert output.event_id == output.key == output.record.id
    assert set(output.headers) == {"regions", "topics", "language"}


def test_state_of_a_decision_survives_a_restart(
    tried: Callable[..., Settlement], message: Callable[..., Message], watch: Any
) -> None:
    """A decider that takes the state up gives the same alert for the same message, and none for another fetch."""
    taken = message(MATCHES, tried(watch("oil", "a")).outputs[0].record)
    first = WatchSettler(Settings())
    settled = first.settle(taken, None)
    second = WatchSettler(Settings())
    for change in settled.changes:
        assert (change.topic, change.partition) == (WATCH_STATES, PARTITION)
        second.restore(change.topic, change.key, change.value)
    again = second.settle(taken, None)
    assert [encode(output.record) for output in again.outputs] == [encode(o.record) for o in settled.outputs]  # type: ignore[arg-type]
    assert again.changes == []


@pytest.fixture
def held(tried: Callable[..., Settlement], message: Callable[..., Message], watch: Any) -> WatchSettler:
    """A decider that holds an alert in quiet hours that last all day but a minute."""
    quiet = QuietHours(start="00:01", end="00:00")
    settler = WatchSettler(Settings())
    record = watch("oil", "a", quiet_hours=quiet)
    settler.restore(WATCHES, "a", encode(record.record))
    match = decode(tried(record).outputs[0].record, MatchRecord)  # type: ignore[arg-type]
    settled = settler.settle(Message(MATCHES.name, -1, -1, None, encode(match), {}, 0.0), None)
    assert (settled.outcome, settled.outputs) == ("held", [])
    return settler


def test_digest_is_written_by_the_worker_that_has_the_partition(held: WatchSettler, noon: datetime) -> None:
    """When the hours end the digest comes once, and only where the watch's partition is."""
    midnight = noon + timedelta(hours=12)
    assert held.due(frozenset({5}), midnight).outputs == []
    settled = held.due(frozenset({0}), midnight)
    assert [output.record.kind for output in settled.outputs if isinstance(output.record, Alert)] == ["digest"]
    assert [change.key for change in settled.changes] == ["a"]
    assert held.due(frozenset({0}), midnight).outputs == []


def test_state_of_a_removed_watch_is_forgotten(held: WatchSettler, noon: datetime) -> None:
    """A watch that is taken out of force leaves a tombstone in the state's topic, and its digest never comes."""
    held.restore(WATCHES, "a", None)
    settled = held.due(frozenset({0}), noon + timedelta(hours=12))
    assert settled.outputs == []
    assert [(change.key, change.value) for change in settled.changes] == [("a", None)]
    assert held.due(frozenset({0}), noon + timedelta(hours=13)).changes == []


WRONG = [
    b"junk",
    b'{"name":"a","query":"ATLEAST/' + b"9" * 5000 + b' oil"}',
    b'{"name":"a","query":"oil","burst":{"count":2,"window":"1h\\n"}}',
    b'{"name":"a","query":"oil","quiet_hours":{"from":"22:00","to":"07:00","timezone":"Nowhere/There"}}',
    b"[" * 5000,
]


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_watch_leaves_the_others_in_force(
    message: Callable[..., Message], article: Callable[..., Tagged], watch: Any, noon: datetime, wrong: bytes
) -> None:
    """Whatever stands on news.watches, the watches that are right match and decide; the wrong one is counted."""
    match, decide, metrics = MatchSettler(Settings()), WatchSettler(Settings()), new_metrics()
    for settler in (match, decide):
        settler.restore(WATCHES, "a", wrong)
        settler.restore(WATCHES, "b", encode(watch("oil", "b").record))
    taken = message(TAGGED, encode(article("Oil", "Text.")))
    settled = match.settle(taken, match.compute(match.task(taken)))
    match.report(metrics)
    assert [output.key for output in settled.outputs] == ["b"]
    assert metrics.registry.get_sample_value("wirewatch_watches", {"state": "refused"}) == 1
    assert decide.due(frozenset((PARTITION,)), noon).outputs == []


def test_article_that_is_matched_in_part_is_counted(
    message: Callable[..., Message], article: Callable[..., Tagged], watch: Any
) -> None:
    """An article too long, and a watch too slow on it, are counted once each."""
    settler, metrics = MatchSettler(Settings()), new_metrics()
    settler.restore(WATCHES, "slow", encode(watch(" NEAR/100 ".join(["the"] * 20), "slow").record))
    taken = message(TAGGED, encode(article("x", "the " * 20_000)))
    settled = settler.settle(taken, settler.compute(settler.task(taken)))
    for _ in range(2):
        settler.observe(metrics, settled)
    counted = [
        metrics.registry.get_sample_value("wirewatch_match_bounded_total", {"limit": x}) for x in ("article", "watch")
    ]
    assert counted == [1, 1]


def test_trend_is_for_watches_that_name_it(message: Callable[..., Message], watch: Any, noon: datetime) -> None:
    """A trend raises the watches of its country, topic or both, and no watch of words or regions."""
    settler = MatchSettler(Settings())
    queries = {
        "both": "trend:VE,medtop:11000000",
        "country": "trend:Venezuela",
        "topic": "trend:politics",
    }
    queries |= {"other": "trend:CO", "region": "region:VE", "word": "articles", "narrow": "trend:VE AND topic:politics"}
    queries |= {"group": "trend:politics AND region:Mercosur", "other-group": "trend:politics AND region:EU"}
    for name, query in queries.items():
        settler.restore(WATCHES, name, encode(watch(query, name).record))
    trend = trend_of(
        TrendKey(country="VE", topic="medtop:11000000"),
        "Venezuela: politics",
        noon,
        stories=[
            TrendStory(id="s1", title="Assembly votes", articles=20),
            TrendStory(id="s2", title="March in the capital", articles=4),
            TrendStory(id="s3", title="A mayor resigns", articles=1),
        ],
    )
    taken = message(TRENDS, encode(trend))
    settled = settler.settle(taken, settler.compute(settler.task(taken)))
    assert [output.key for output in settled.outputs] == ["both", "country", "group", "narrow", "topic"]
    decider = WatchSettler(Settings())
    record = settled.outputs[0].record
    assert isinstance(record, bytes)
    [alert] = [output.record for output in decider.settle(message(MATCHES, record, "t1"), None).outputs]
    assert isinstance(alert, Alert)
    assert alert.kind == "trend"
    assert alert.article.title == "Venezuela: politics: 37 articles of 12 sources in 6 h, usually 9.2"
    assert alert.article.snippet == "Assembly votes (20); March in the capital (4)."
    assert (alert.article.region_names, alert.article.topic_labels) == (["Venezuela"], ["politics"])


def told_of(message: Callable[..., Message], record: WatchRecord, trends: Sequence[Trend]) -> list[str]:
    """Return the outcomes of the decisions on records of trends that one watch matches."""
    settler, decider, outcomes = MatchSettler(Settings()), WatchSettler(Settings()), []
    settler.restore(WATCHES, record.name, encode(record))
    for trend in trends:
        taken = message(TRENDS, encode(trend), f"{trend.id}@{trend.at}")
        for output in settler.settle(taken, settler.compute(settler.task(taken))).outputs:
            assert isinstance(output.record, bytes)
            outcomes.append(str(decider.settle(message(MATCHES, output.record, taken.fetch_id), None).outcome))
    return outcomes


LEVELS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["raised", "repeat", "repeat"]),
    ({"trends": "eager"}, ["raised", "repeat", "repeat"]),
    ({"trends": "balanced"}, ["raised", "repeat"]),
    ({"trends": "quiet"}, ["raised"]),
]


@pytest.mark.parametrize(("fields", "outcomes"), LEVELS)
def test_a_watch_hears_once_of_a_trend_when_it_is_as_unusual_as_it_asks(
    message: Callable[..., Message], watch: Any, noon: datetime, *, fields: dict[str, Any], outcomes: list[str]
) -> None:
    """Of a trend that grows from eager to quiet and is over there is one alert, and none of its end."""
    begun = trend_of(TrendKey(country="PE", topic="medtop:09000000"), "Peru: labour", noon)
    life = [
        replace(begun, sensitivity=level, state=state, at=noon + timedelta(hours=number))
        for number, (level, state) in enumerate(
            [("eager", "begun"), ("balanced", "growing"), ("quiet", "lasting"), ("quiet", "over")]
        )
    ]
    assert told_of(message, watch("trend:Peru", "peru", **fields).record, life) == outcomes


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ('trend:"Storm Ottilie"', True),
        ("trend:ottilie", True),
        ('trend:"storm ottilie hits"', True),
        ('trend:"storm hits"', False),
        ('trend:"storm ottilie hits galway"', False),
        ("trend:ottilieh", True),
        ('trend:"ottilieh storm"', False),
    ],
)
def test_a_watch_on_a_term_hears_of_a_phrase_that_holds_it(
    message: Callable[..., Message], watch: Any, noon: datetime, *, query: str, matches: bool
) -> None:
    """Of an event one phrase is shown, in one of its forms; the watch names a part of any of these."""
    settler = MatchSettler(Settings())
    settler.restore(WATCHES, "storm", encode(watch(query, "storm").record))
    trend = trend_of(TrendKey(term="storm ottilie hits"), "Storm Ottilie hits", noon)
    trend.forms = ["storm ottilieh hits"]
    taken = message(TRENDS, encode(trend))
    settled = settler.settle(taken, settler.compute(settler.task(taken)))
    assert [output.key for output in settled.outputs] == ["storm"] * matches


def extended_copy(noon: datetime, **fields: Any) -> Duplicate:
    """Return an extended copy of the article o1."""
    return Duplicate(
        id="c1",
        fetch_id="c1:f",
        source="s.example",
        title="Raid",
        fetched_at=noon,
        duplicate_of="o1",
        kind="extended",
        similarity=Similarity(containment=1.0, jaccard=0.5, facts=1.0),
        **fields,
    )


def test_extended_copy_with_new_facts_reaches_watches(
    message: Callable[..., Message], article: Callable[..., Tagged], about: Any, watch: Any, noon: datetime
) -> None:
    """Such a copy is matched by its own words and its original's regions; any other copy is not asked about."""
    settler = MatchSettler(Settings())
    settler.restore(WATCHES, "w", encode(watch("arrest* AND region:VE", "w").record))
    original = message(TAGGED, encode(article("Raid", "Police came.", id="o1", regions=[about("VE")])))
    assert settler.settle(original, settler.compute(settler.task(original))).outputs == []

    def copy(**fields: Any) -> Settlement:
        taken = message(DUPLICATES, encode(extended_copy(noon, **fields)))
        return settler.settle(taken, settler.compute(settler.task(taken)))

    extended = copy(new_facts=True, text="Police came. Three arrests followed.")
    assert [(output.key, extended.outcome) for output in extended.outputs] == [("w", MatchOutcome.MATCHED)]
    assert copy().outcome is MatchOutcome.DUPLICATE


def test_copy_has_all_tags_of_its_original_but_their_evidence(article: Callable[..., Tagged], noon: datetime) -> None:
    """An original is remembered with its regions and topics as they were, in every field."""
    spans = [Evidence(field="title", start=0, end=4)]
    region = Region(
        country="VE",
        code="VE-A",
        level="city",
        name="Caracas",
        role="about",
        score=0.5,
        inferred=True,
        latitude=10.5,
        longitude=-66.9,
        geonames_id=3646738,
        evidence=spans,
        evidence_left_out=2,
    )
    topic = NewsTopic(id="medtop:02000000", label="crime", level=1, score=0.7, method="model", evidence=spans)
    originals = Originals()
    originals.note(
        article("Raid", id="o1", regions=[region], topics=[topic], primary_country="VE", macro_regions=["LAC"])
    )
    found = originals.extended(extended_copy(noon))
    assert found.regions == [replace(region, evidence=[])]
    assert found.topics == [replace(topic, evidence=[])]
    assert (found.primary_country, found.macro_regions) == ("VE", ["LAC"])


def test_a_match_that_a_state_could_not_keep_is_refused(
    message: Callable[..., Message], article: Any, watch: Any
) -> None:
    """As many as quiet hours hold have to fit into one state; a long query takes no room of theirs."""
    settler = WatchSettler(Settings())
    given = MatchRecord(watch=watch("oil", "a").record, article=describe(article("Oil"), []), fetch="f1")
    long = replace(given, watch=replace(given.watch, name="b", query="oil OR " + "long" * 20_000))
    assert settler.settle(message(MATCHES, encode(long)), None).outcome is WatchOutcome.RAISED
    large = replace(given, article=replace(given.article, title="Oil" * 20_000))
    with pytest.raises(Refused, match="its article takes 60,"):
        settler.settle(message(MATCHES, encode(large), "f2"), None)


def test_names_of_watches_that_are_gone_are_bounded() -> None:
    """Anybody who may write there can name as many as they like."""
    settler, matcher = WatchSettler(Settings()), MatchSettler(Settings())
    for number in range(MAX_NAMES + 50):
        settler.restore(WATCHES, f"{number}{'x' * 1_000}", None)
        matcher.restore(WATCHES, f"{number}{'x' * 1_000}", b"{}")
    matcher.absorb()
    metrics = new_metrics()
    matcher.report(metrics)
    assert len(settler._gone) == MAX_NAMES
    assert max(map(len, settler._gone)) <= 100
    assert metrics.registry.get_sample_value("wirewatch_watches", {"state": "refused"}) == MAX_NAMES
