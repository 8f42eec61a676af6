"""Settings of the watch steps."""

from msgspec import Struct

from streams.settings import PositiveInt


class WatchSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The watch steps."""

    #: a folder of watches (TOML) that is kept in force; with several workers, the same folder on each that has one
    folder: str = ""
    #: watches with a time series of their own; the rest are counted together as `other`
    max_watch_labels: PositiveInt = 1000


SECTIONS = {"watch": WatchSettings}
