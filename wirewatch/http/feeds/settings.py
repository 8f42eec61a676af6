"""Settings of the feeds."""

from msgspec import Struct

from streams.settings import PositiveFloat, PositiveInt


class FeedSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """RSS, Atom and event streams of the watches' alerts, on the worker's HTTP port."""

    #: alerts that a watch's feed shows
    entries: PositiveInt = 100
    #: how far back a worker reads news.alerts when it starts
    hours: PositiveFloat = 72.0
    #: articles, alerts, feeds and metrics need it (`?token=`, `Authorization: Bearer`); set it as WIREWATCH_FEEDS_TOKEN
    token: str = ""


SECTIONS = {"feeds": FeedSettings}
