"""Settings of the dedup steps."""

from typing import Annotated

from msgspec import Meta, Struct

from streams.settings import PositiveFloat, PositiveInt


class DedupSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The dedup step."""

    #: copies are looked for among the articles that arrived in this time
    window_hours: PositiveFloat = 72.0
    #: and among so many of the latest; the index takes 6 kB for each at first, and 418 MiB at most for a million
    max_articles: PositiveInt = 1_000_000
    #: how long articles wait for a partition of news.raw that brings nothing: longer than a dead worker takes to be replaced
    order_wait_seconds: Annotated[float, Meta(ge=0)] = 30.0
    #: an article that takes longer is tried once more alone and then dead-lettered
    timeout_seconds: PositiveFloat = 5.0


SECTIONS = {"dedup": DedupSettings}
