"""Settings of the digest step."""

from msgspec import Struct

from streams.settings import PositiveInt


class DigestSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The digest step."""

    #: a folder of TOML files with tables [digest.NAME]; without one there are no digests
    folder: str = ""
    #: stories that digests choose from
    max_stories: PositiveInt = 20_000


SECTIONS = {"digest": DigestSettings}
