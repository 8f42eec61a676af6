"""Waits between attempts: they grow, they scatter, and they end."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.deliver.backoff import next_wait
from agents.deliver.settings import DeliverSettings

SETTINGS = st.builds(
    DeliverSettings,
    max_attempts=st.integers(1, 5000),
    first_wait_seconds=st.floats(0.001, 1e5),
    max_wait_seconds=st.floats(0.001, 1e6),
)


@given(SETTINGS, st.integers(1, 6000), st.integers(), st.none() | st.floats(0, 1e13))
def test_a_wait_keeps_its_bounds(settings: DeliverSettings, attempt: int, seed: int, asked: float | None) -> None:
    """It lies between half the doubled wait and all of it, or is as long as the receiver asks; never over the longest."""
    wait = next_wait(attempt, settings, random.Random(seed), asked)

    if attempt >= settings.max_attempts:
        assert wait is None
        return
    assert wait is not None
    longest = settings.max_wait_seconds
    full = min(settings.first_wait_seconds * 2.0 ** min(attempt - 1, 64), longest)
    assert full / 2 <= wait <= longest
    assert wait >= min(asked or 0.0, longest)
    assert wait <= max(full, asked or 0.0)


@given(st.integers(1, 10), st.integers())
def test_a_wait_is_at_least_half_the_one_before(attempt: int, seed: int) -> None:
    """Doubling outgrows the chance: the shortest wait is no shorter than half the longest before."""
    chance, settings = random.Random(seed), DeliverSettings()
    first, second = (next_wait(each, settings, chance, None) for each in (attempt, attempt + 1))
    assert first is not None and second is not None and second >= first


def test_receivers_that_failed_together_come_back_apart() -> None:
    """The chance spread a thousand waits over the whole half."""
    waits = [next_wait(5, DeliverSettings(), random.Random(seed), None) or 0.0 for seed in range(1000)]
    assert min(waits) < 41 and max(waits) > 79
    assert len({round(wait, 3) for wait in waits}) > 900


@pytest.mark.parametrize(("share", "days"), [(0.0, 1.0), (1.0, 2.1)])
def test_the_settings_as_they_are_try_for_one_to_two_days(share: float, days: float) -> None:
    """The specification recommends days; the last attempt comes while the ledger still remembers the alert."""

    class Loaded(random.Random):
        def uniform(self, a: float, b: float) -> float:
            return a + (b - a) * share

    settings, chance = DeliverSettings(), Loaded()
    waits = [next_wait(attempt, settings, chance, None) for attempt in range(1, settings.max_attempts)]
    total = sum(wait for wait in waits if wait is not None)

    assert None not in waits
    assert total / 86_400 == pytest.approx(days, abs=0.05)
    assert total + settings.max_attempts * settings.timeout_seconds < settings.ledger_hours * 3600
