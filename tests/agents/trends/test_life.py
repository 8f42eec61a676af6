"""The life of a trend: it begins, grows, lasts and is over, under one id."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from agents.trends.counting import Stream
from agents.trends.key_state import KeyState, decoder, encoder
from agents.trends.life import Burst
from agents.trends.settings import TrendsSettings
from agents.trends.step import TrendsSettler, output_of
from agents.trends.window import NEVER_SHOWN
from streams.records import Trend, decode, encode
from streams.settings import Settings

HOUR = 3600.0
DAY = 24 * HOUR
#: A subject, a phrase, and another subject that goes on all the time.
FERRY, STRIKE, OTHER = "IS medtop:03000000", "~pilots on strike", "PE medtop:09000000"


def steady(stream: Stream, start: float, hours: float) -> Iterator[Burst]:
    """Let others report on another subject four times an hour, and once in four hours on both of ours."""
    for number in range(int(hours * 4)):
        keys = [OTHER] if number % 16 else [OTHER, FERRY, STRIKE]
        yield from stream.add(start + number * HOUR / 4, keys, number % 89, "")


def told(stream: Stream, start: float, key: str, sources: int, story: str = "is-1") -> Iterator[Burst]:
    """Let so many sources report on a key, one each two minutes."""
    for number in range(sources):
        yield from stream.add(start + number * 120, [key], 500 + number, story)


def states(found: list[Burst], key: str) -> list[str]:
    """Return what became of a key's trend, in order."""
    return [burst.state for burst in found if burst.key == key]


def accustomed() -> Stream:
    """Return a stream of five days."""
    stream = Stream(7.1, 100)
    assert not list(steady(stream, 0, 5 * 24))
    return stream


@pytest.mark.parametrize("key", [FERRY, STRIKE])
def test_a_trend_begins_and_is_over_once_with_its_height(key: str) -> None:
    """The end names the beginning, and the most articles that a window had; a second burst is another trend."""
    stream = accustomed()
    found = [*told(stream, 5 * DAY, key, 30), *steady(stream, 5 * DAY + HOUR, 20)]
    assert states(found, key)[0] == "begun"
    assert states(found, key)[-1] == "over"
    assert states(found, key).count("over") == 1
    first, last = found[0], found[-1]
    assert first.life is not None
    assert last.life is not None
    assert last.life.begun == first.at
    assert last.life.articles >= 30 > last.articles
    assert last.score <= 3
    again = [*told(stream, 6 * DAY, key, 30, "is-2"), *steady(stream, 6 * DAY + HOUR, 20)]
    assert states(again, key)[0] == "begun"
    assert states(again, key)[-1] == "over"


def test_one_that_grows_or_lasts_keeps_its_beginning() -> None:
    """A third more and half a day later are records of the same trend."""
    stream = accustomed()
    found: list[Burst] = []
    for hour in range(120, 136):
        found += [*told(stream, hour * HOUR, FERRY, 12), *steady(stream, (hour + 0.5) * HOUR, 0.5)]
    assert set(states(found, FERRY)) == {"begun", "growing", "lasting"}
    assert len({burst.life.begun for burst in found if burst.life is not None}) == 1


@pytest.mark.parametrize("key", [FERRY, STRIKE])
def test_each_third_more_is_a_record_of_the_trend(key: str) -> None:
    """A watch that asks for quiet trends hears of one that begins below its level within the hour, and not half a day later."""
    stream = accustomed()
    found: list[Burst] = []
    for hour in range(120, 126):
        found += [*told(stream, hour * HOUR, key, 12 + 6 * (hour - 120)), *steady(stream, (hour + 0.9) * HOUR, 0.1)]
    scores = [burst.score for burst in found]
    assert states(found, key) == ["begun", *["growing"] * (len(found) - 1)]
    assert len(found) > 3
    assert all(after >= 1.3 * before for before, after in pairwise(scores))


def test_a_phrase_of_a_trend_that_goes_on_begins_none() -> None:
    """While one phrase of an event grows, another one of the same stories stays unsaid, and so does it for half a day more."""
    stream = accustomed()
    found: list[Burst] = []
    for hour in range(120, 140):
        for number in range(12 + 6 * (hour - 120)):
            keys = [STRIKE] if number % 3 == 0 else [STRIKE, "~talks in harbour"]
            found += stream.add(hour * HOUR + number * 20, keys, 500 + number, "is-1")
        found += steady(stream, (hour + 0.9) * HOUR, 0.1)
    assert {burst.key for burst in found} == {STRIKE}
    assert "growing" in states(found, STRIKE)


def test_a_trend_whose_articles_are_gone_is_restored() -> None:
    """Of a low setting a trend goes on below the score at which its subject is forgotten."""
    stream, heir = accustomed(), Stream(4.0, 100)
    found = list(told(stream, 5 * DAY, FERRY, 30))
    window = stream.windows[FERRY]
    window.drop_before(stream.step + 1)
    window.shown = NEVER_SHOWN
    for key in stream.rows:
        heir.restore(key, stream.kept(key))
    assert found[0].life is not None
    life = heir.windows[FERRY].life
    assert life is not None
    assert life.begun == found[0].life.begun


def test_the_end_is_told_after_a_restart() -> None:
    """Whoever takes the keys over in the midst of a trend tells its end as the first one would have."""
    stream = accustomed()
    begun = list(told(stream, 5 * DAY, FERRY, 30))
    heir = Stream(7.1, 100)
    for key in stream.rows:
        heir.restore(key, stream.kept(key))
    ends = [list(steady(each, 5 * DAY + HOUR, 20))[-1] for each in (stream, heir)]
    assert ends[0].state == "over"
    assert (ends[0].at, ends[0].life) == (ends[1].at, ends[1].life)
    assert begun[0].life is not None
    assert ends[1].life is not None
    assert ends[1].life.begun == begun[0].life.begun


def test_the_end_is_told_when_the_whole_stream_was_away() -> None:
    """A day without any article forgets no trend: it is over when the stream is back."""
    stream = accustomed()
    assert states(list(told(stream, 5 * DAY, FERRY, 30)), FERRY)[0] == "begun"
    found = list(steady(stream, 6 * DAY + 2 * HOUR, 6))
    assert states(found, FERRY)[-1] == "over"


def test_a_state_of_an_older_worker_has_no_trend_that_goes_on() -> None:
    """Its next record begins one."""
    stream = accustomed()
    kept = decoder.decode(stream.kept(FERRY))
    older = encoder.encode(list(vars_of(kept))[:-1])
    stream.restore(FERRY, older)
    assert next(iter(told(stream, 5 * DAY, FERRY, 30))).state == "begun"


def vars_of(kept: KeyState) -> Iterator[object]:
    """Yield the values of a state in their order."""
    return (getattr(kept, name) for name in KeyState.__struct_fields__)


def test_records_of_one_trend_have_its_id_and_events_of_their_own() -> None:
    """A reader that upserts by event sees each record once, one that upserts by id sees the trend as it is now."""
    settler = TrendsSettler(Settings(TrendsSettings()))
    settler.stream = accustomed()
    found = [*told(settler.stream, 5 * DAY, FERRY, 30), *steady(settler.stream, 5 * DAY + HOUR, 20)]
    outputs = [output_of(settler._trend(burst)) for burst in found]
    trends = [decode(encode(output.record), Trend) for output in outputs if isinstance(output.record, Trend)]
    assert {trend.id for trend in trends} == {f"IS:medtop:03000000:{int(found[0].at)}"}
    assert {output.key for output in outputs} == {"IS:medtop:03000000"}
    assert len({output.event_id for output in outputs}) == len(outputs) > 1
    assert outputs[0].event_id == trends[0].id
    assert trends[-1].state == "over"
    assert trends[-1].begun_at == datetime.fromtimestamp(found[0].at, UTC)
    assert trends[-1].peak_count == 31
    assert max(trend.count for trend in trends[:-1]) <= 31
    assert trends[-1].sensitivity == "quiet"


def test_nothing_that_was_never_shown_is_over() -> None:
    """Few articles come and go without a word."""
    stream = accustomed()
    assert not [*told(stream, 5 * DAY, FERRY, 4), *steady(stream, 5 * DAY + HOUR, 20)]
