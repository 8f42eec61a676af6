"""Settings of the archive step."""

from typing import Annotated

from msgspec import Meta, Struct


class ArchiveSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The archive step: history that the page and `/api/v1` can search."""

    #: where history is kept: `sqlite:PATH` for one machine, `postgresql://USER@HOST/NAME` (extra [postgres]) for many
    #: workers; empty keeps none
    url: str = ""
    #: the variable that holds it, where it has a password
    url_env: str = ""
    #: articles and events from longer ago are forgotten, by when they were published; 0 keeps all
    days: Annotated[int, Meta(ge=0)] = 30
    #: when it takes more, the oldest weeks are forgotten, and in PostgreSQL the oldest partition: of old articles a month, year
    #: or century; 0 is no limit
    max_gib: Annotated[float, Meta(ge=0)] = 20.0


SECTIONS = {"archive": ArchiveSettings}
