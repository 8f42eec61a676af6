"""Settings of the folder that fills."""

from msgspec import Struct

from streams.settings import PositiveFloat


class IncomingSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """A folder into which other programs put pages, web archives, tables and raw records, as `wirewatch ingest` reads them."""

    #: one worker's own folder; files go to done/ or failed/ within it once they are on Kafka; empty for none
    folder: str = ""
    #: the source of pages that do not say their URL; their folder's name by default
    source: str = ""
    #: a file that has not changed for so long is whole; an empty one is none yet
    quiet_seconds: PositiveFloat = 2.0
    #: the folder is looked at so often
    look_seconds: PositiveFloat = 1.0


SECTIONS = {"incoming": IncomingSettings}
