"""An article that comes again after a crash counts once, and no trend is lost."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from agents.trends.counted_fetches import COUNTED, SEGMENT, SEGMENTS, CountedFetches, encoder
from agents.trends.settings import TrendsSettings
from agents.trends.step import TrendsOutcome, TrendsSettler
from agents.watch.trends import trend_facets
from streams.errors import InvalidRecord
from streams.ids import fetch_hash
from streams.message import Change, Message
from streams.records import NewsTopic, Region, Tagged, Trend, encode
from streams.settings import Settings
from streams.topics import STORIED, TREND_STATES

START = datetime(2026, 5, 1, tzinfo=UTC)
KEY = "NO medtop:03000000"


def message(
    number: int, time: datetime, *, usual: bool = False, backfill: bool | None = None, topic: str = "disaster"
) -> Message:
    """Return the message of an article of one country and topic, or of another; an empty topic is none."""
    country = "SI" if usual else "NO"
    region = Region(country=country, code=country, level="country", name=country, role="about", score=1)
    tagged = Tagged(
        id=f"{number:032x}",
        source=f"s{number % 61}.example",
        title="Report",
        text="",
        fetched_at=time,
        published_at=time,
        language="en",
        extractor="given",
        backfill=backfill,
        regions=[region],
        topics=[NewsTopic(id="medtop:03000000", label=topic, level=1, score=1, method="words")] if topic else [],
    )
    headers = {"ce_id": f"{number:032x}:1".encode()}
    return Message(STORIED.name, 0, number, None, encode(tagged), headers, time.timestamp())


class Process:
    """A settler, its persisted states, and the trends whose records were confirmed."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.told: list[Trend] = []
        self.settler = TrendsSettler(Settings(TrendsSettings(min_score=6.9)))

    def take(self, each: Message, *, dies: str = "") -> TrendsOutcome:
        """Settle a message, and die before its state is confirmed, or before the message is acknowledged."""
        settlement = self.settler.settle(each, None)
        self.told += [out.record for out in settlement.outputs if isinstance(out.record, Trend)]
        if dies != "before its state":
            self.kept |= {change.key: change.value for change in settlement.changes if change.value is not None}
        if dies:
            self.settler = TrendsSettler(Settings(TrendsSettings(min_score=6.9)))
            for key, value in self.kept.items():
                self.settler.restore(TREND_STATES, key, value)
        return TrendsOutcome(settlement.outcome)

    @property
    def in_window(self) -> int:
        """How many articles of the key are in the window."""
        return self.settler.stream.windows[KEY].articles


def stream(*, backfill: bool | None = None, topic: str = "disaster") -> list[Message]:
    """Return four days of another subject, and a burst, perhaps of articles from an archive."""
    days = [message(number, START + timedelta(minutes=15 * number), usual=True) for number in range(4 * 96)]
    burst = [
        message(1000 + n, START + timedelta(days=4, minutes=3 * n), backfill=backfill, topic=topic) for n in range(20)
    ]
    return [*days, *burst]


def test_a_crash_counts_nothing_twice_and_loses_no_trend() -> None:
    """Killed twice at every article of the burst, with the ten before it again: the same window, and the same trends."""
    steady, killed = Process(), Process()
    for each in stream()[:-20]:
        steady.take(each)
        killed.take(each)
    burst = stream()[-20:]
    for number, each in enumerate(burst):
        steady.take(each)
        killed.take(each, dies="before its state")
        killed.take(each, dies="before it is acknowledged")
        for again in burst[max(0, number - 9) : number + 1]:
            assert killed.take(again) is TrendsOutcome.KNOWN
        assert killed.in_window == steady.in_window
    said = {(trend.id, trend.at): (trend.count, trend.state) for trend in steady.told}
    states = [state for _, state in said.values()]
    assert states[0] == "begun"
    assert set(states[1:]) == {"growing"}
    assert len({identifier for identifier, _ in said}) == 1
    assert {(trend.id, trend.at): (trend.count, trend.state) for trend in killed.told} == said


@pytest.mark.parametrize("backfill", [True, False])
def test_a_burst_from_an_archive_is_no_trend(backfill: bool) -> None:
    """Articles of an archive are not counted; the same ones as news are a trend."""
    process = Process()
    outcomes = {process.take(each) for each in stream(backfill=backfill)}

    assert (TrendsOutcome.BACKFILL in outcomes) == backfill
    assert bool(process.told) != backfill


def test_the_latest_fetches_are_remembered() -> None:
    """The ring forgets the earliest segment, restored or not."""
    counted, kept = CountedFetches(), {}
    many = SEGMENT * (SEGMENTS + 2)
    for number in range(many):
        key, value = counted.add(fetch_hash(str(number)))
        kept[key] = value
    restored = CountedFetches()
    for key, value in kept.items():
        restored.restore(key, value)
    assert len(kept) == SEGMENTS
    for each in (counted, restored):
        assert len(each) == SEGMENT * SEGMENTS
        assert [fetch_hash(str(number)) in each for number in (0, 2 * SEGMENT, many - 1)] == [False, True, True]
        assert each.add(fetch_hash("next"))[0] == f"{COUNTED}{2 % SEGMENTS}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (f"{COUNTED}x", encoder.encode((0, b"a" * 8))),
        (f"{COUNTED}1", encoder.encode((0, b"a" * 8))),
        (f"{COUNTED}0", encoder.encode((0, b"a" * 7))),
        (f"{COUNTED}0", encoder.encode((0, b"a" * 8 * (SEGMENT + 1)))),
        (f"{COUNTED}0", encoder.encode((-64, b"a" * 8))),
        (f"{COUNTED}0", encoder.encode((0, b""))),
        (f"{COUNTED}0", b"\xdd\xff\xff\xff\xff"),
    ],
)
def test_spoilt_segments_are_refused(key: str, value: bytes) -> None:
    """Bytes that are no segment, or another's, change nothing."""
    process = Process()
    process.take(message(1, START))
    with pytest.raises(InvalidRecord):
        process.settler.restore(TREND_STATES, key, value)
    assert process.take(message(1, START)) is TrendsOutcome.KNOWN
    process.settler.restore(TREND_STATES, f"{COUNTED}0", None)
    assert process.take(message(1, START)) is TrendsOutcome.COUNTED


def test_changes_name_their_topic() -> None:
    """A segment is written with the counts, before them."""
    first, *_ = TrendsSettler(Settings(TrendsSettings())).settle(message(1, START), None).changes
    assert isinstance(first, Change)
    assert (first.topic, first.key) == (TREND_STATES, f"{COUNTED}0")


def test_a_country_bursts_in_articles_without_a_topic() -> None:
    """Its key has an empty topic, so that whoever reads a country and a topic reads on; `trend:NO` hears of it."""
    process = Process()
    for each in stream(topic=""):
        process.take(each)
    trend = process.told[0]
    assert msgspec.json.decode(encode(trend))["key"] == {"country": "NO", "topic": ""}
    assert (trend.label, trend.id.split(":")[:2]) == ("NO", ["NO", ""])
    assert trend_facets(trend) == {"trend:NO"}
