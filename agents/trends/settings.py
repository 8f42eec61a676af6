"""Settings of the trends step."""

from typing import Annotated

from msgspec import Meta, Struct

from streams.records import Sensitivity
from streams.settings import PositiveInt

#: Scores from which a trend is shown, chosen on simulated streams for 10, 20 and 40 false alarms a day per 10,000 keys.
SENSITIVITIES: dict[Sensitivity, float] = {"quiet": 8.3, "balanced": 7.1, "eager": 6.6}


class TrendsSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The trends step."""

    #: scores from here on are shown: 6.6 is eager, 7.1 balanced, 8.3 quiet (40, 20 and 10 false alarms a day per 10,000 keys)
    min_score: Annotated[float, Meta(ge=1)] = SENSITIVITIES["balanced"]
    #: pairs of country and topic, and phrases, that are counted; more are not, and counted as refused
    max_keys: PositiveInt = 100_000


SECTIONS = {"trends": TrendsSettings}


def sensitivity_of(score: float) -> Sensitivity:
    """Return the quietest setting at which a score is shown."""
    return next((name for name, least in SENSITIVITIES.items() if score >= least), "eager")
