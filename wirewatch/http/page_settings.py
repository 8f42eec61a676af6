"""Settings of the page."""

from msgspec import Struct


class PageSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """Settings of changes from the page."""

    #: who brings it (header `X-Wirewatch-Write`) may put watches in force and send test messages; empty: nobody may; set it
    #: as WIREWATCH_PAGE_WRITE_TOKEN
    write_token: str = ""


SECTIONS = {"page": PageSettings}
