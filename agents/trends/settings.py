"""Settings of the trends step."""

from typing import Annotated

from msgspec import Meta, Struct

from streams.settings import PositiveInt


class TrendsSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The trends step."""

    #: scores from here on are shown: 6.6 is eager, 7.1 balanced, 8.3 quiet (40, 20 and 10 false alarms a day per 10,000 keys)
    min_score: Annotated[float, Meta(ge=1)] = 7.1
    #: pairs of country and topic, and phrases, that are counted; more are not, and counted as refused
    max_keys: PositiveInt = 100_000


SECTIONS = {"trends": TrendsSettings}
