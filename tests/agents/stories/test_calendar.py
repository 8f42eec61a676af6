"""Articles from the edge of the calendar."""

from datetime import UTC, datetime

import pytest

from agents.stories.reading.gather import encoder
from agents.stories.step import HEADER, StoriesSettler
from streams.errors import InvalidRecord
from streams.message import Message
from streams.settings import Settings
from streams.topics import GATHERED
from tests.agents.stories.conftest import FERRY, Make

LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)


@pytest.mark.parametrize("field", ["fetched_at", "published_at"])
@pytest.mark.parametrize("time", [LAST, datetime(9999, 12, 31, 23, 59, 59, 999_500, UTC)])
def test_a_time_that_rounds_to_the_year_10000_is_refused(article: Make, field: str, time: datetime) -> None:
    """An article whose time has no date to the millisecond is refused, and changes no story."""
    settler = StoriesSettler(Settings())
    gathered = article("a", "A ferry ran aground", FERRY, **{field: time})
    message = Message(GATHERED.name, 0, 0, b"k", b"{}", {HEADER: encoder.encode(gathered)}, 900.0)
    with pytest.raises(InvalidRecord, match="calendar"):
        settler.settle(message, None)
    assert len(settler.decider) == 0
    assert settler.decider.decided == 0


def test_the_last_millisecond_of_the_calendar_founds_a_story(article: Make) -> None:
    """A time that can be written is taken."""
    settler = StoriesSettler(Settings())
    time = LAST.replace(microsecond=998_000)
    gathered = article("a", "A ferry ran aground", FERRY, fetched_at=time, published_at=time)
    settlement = settler.settle(
        Message(GATHERED.name, 0, 0, b"k", b"{}", {HEADER: encoder.encode(gathered)}, 900.0), None
    )
    assert settlement.outcome == "new"
