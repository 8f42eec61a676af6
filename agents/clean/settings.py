"""Settings of the clean step."""

from msgspec import Struct

from streams.settings import PositiveFloat, PositiveInt


class CleanSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The clean step."""

    #: a page that takes longer is tried once more alone and then dead-lettered
    timeout_seconds: PositiveFloat = 5.0
    #: a larger page is dead-lettered (`too_large`)
    max_page_bytes: PositiveInt = 8 * 1024 * 1024
    #: article ids whose texts are remembered, for each partition
    max_revisions: PositiveInt = 200_000


SECTIONS = {"clean": CleanSettings}
