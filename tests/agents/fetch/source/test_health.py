"""How a source is doing, by its own rhythm."""

from agents.fetch.source import health, rhythm
from agents.fetch.source.rhythm import DAY, WEEK
from agents.fetch.source.state import PollState, pack, unpack

#: 2026-01-05, a Monday, at midnight.
MONDAY = 1_767_571_200.0


def office(weeks: int, a_day: int) -> PollState:
    """Return a source that publishes from Monday to Friday, so many articles a day."""
    known = PollState(url="https://a.example/feed", last_good_at=MONDAY)
    for day in range(7 * weeks):
        start = MONDAY + day * DAY
        if rhythm.weekday(start) < 5:
            times = [start + 8 * 3600 + n * 600 for n in range(a_day)]
            rhythm.note(known.rhythm, times, start + DAY - 1)
            known.last_new_at = times[-1]
    return known


def test_weekend_of_a_source_without_weekends_is_no_silence() -> None:
    """A busy source that never publishes on Sundays is not quiet on one; it is on a Tuesday evening without an article."""
    known = office(4, 20)
    end = MONDAY + 4 * WEEK
    assert rhythm.silent_days(known.rhythm) == {5, 6}
    assert health.assess(known, end - 3600).state == "healthy"
    assert health.assess(known, end + 1.9 * DAY).state == "quiet"


def test_weekdays_are_not_believed_after_one_week() -> None:
    """Within the first two weeks nobody knows yet on which days a source is silent."""
    assert rhythm.silent_days(office(1, 20).rhythm) == frozenset()


def test_failures_weigh_by_their_kind() -> None:
    """A name that is not found three times is no failing source yet; three refusals are a blocked one."""
    known = office(1, 5)
    known.health = "healthy"
    for _ in range(3):
        health.failed(known, "dns", 0, "no such name", MONDAY)
    assert health.assess(known, MONDAY + 60).state == "healthy"
    health.succeeded(known)
    for _ in range(3):
        health.failed(known, "blocked", 403, "HTTP 403", MONDAY)
    assert health.assess(known, MONDAY + 60).state == "blocked"


def test_pages_that_lose_half_their_text_are_noticed() -> None:
    """Twenty pages of 5,000 characters and then ten of 900 are an extraction drop, one short page is none."""
    known = office(1, 5)
    for _ in range(20):
        health.page_read(known, 5000)
    health.page_read(known, 900)
    assert health.extraction(known) is None
    for _ in range(10):
        health.page_read(known, 900)
    verdict = health.extraction(known)
    assert verdict is not None
    assert verdict.state == "extraction_drop"


def test_state_of_an_older_worker_is_read() -> None:
    """A state that was written with fewer fields has defaults for the others."""
    known = office(1, 5)
    assert unpack(pack(known)) == known
    assert unpack(b"\x92\xa5https\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00").added_at == 1.0
