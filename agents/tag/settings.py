"""Settings of the tag step."""

from typing import Annotated

from msgspec import Meta, Struct

from streams.settings import PositiveFloat


class TagSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The tag step."""

    #: topics under this score are left out; null keeps the released thresholds
    topic_threshold: Annotated[float, Meta(ge=0, le=1)] | None = None
    #: asked where the topic model is unsure: minilm (English, extra [embed]), multilingual (thirteen more languages too,
    #: extra [embed-languages]), or a folder with an English one; empty for none
    embed_model: str = ""
    #: an article that takes longer is tried once more alone and then dead-lettered
    timeout_seconds: PositiveFloat = 5.0


SECTIONS = {"tag": TagSettings}
