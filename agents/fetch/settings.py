"""Settings of the fetch step: section `[fetch]`."""

import re
from typing import Annotated

from msgspec import Meta, Struct, field

from streams.settings import PositiveFloat, PositiveInt

#: What a site's owner can write to or look at, somewhere in the words.
REACHABLE = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+|https?://[^\s<>()]+\.[^\s<>()]+")


class FetchSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """How sources are asked for news."""

    #: a web or mail address for site owners to write to; nothing but private addresses is polled before it is set
    contact: str = ""
    #: a folder of lists of sources (.toml, .opml, .json), which are kept in force; empty for none
    folder: str = ""
    #: between two requests to one registrable domain, in seconds; robots.txt can only make it longer
    domain_delay_seconds: PositiveFloat = 5.0
    #: between two requests to one IP address, in seconds (shared hosting); 0 for no limit
    address_delay_seconds: Annotated[float, Meta(ge=0)] = 0.1
    #: requests that may be underway to one IP address; 0 for no limit
    address_parallel: Annotated[int, Meta(ge=0)] = 8
    #: the shortest time between two polls of a source
    min_interval_seconds: PositiveFloat = 300.0
    #: the longest time between two polls of a source
    max_interval_seconds: PositiveFloat = 86_400.0
    #: the shortest time for a source whose validators do not work: each of its polls costs the whole document; one that shows
    #: its entries for less than twice as long is polled sooner
    unvalidated_interval_seconds: PositiveFloat = 3600.0
    #: new sources are polled for the first time within this time
    first_poll_seconds: Annotated[float, Meta(ge=0)] = 10.0
    #: a request that takes longer has failed
    timeout_seconds: PositiveFloat = 30.0
    #: requests underway in one worker
    parallel: PositiveInt = 200
    #: feeds, sitemaps and home pages, unpacked
    max_document_bytes: PositiveInt = 15 * 1024 * 1024
    #: a document that takes longer to read has failed
    read_seconds: PositiveFloat = 5.0
    #: child processes that read documents; 0 is one for each core
    processes: Annotated[int, Meta(ge=0)] = 1
    #: such a process may hold this much memory; a document that needs more has failed
    read_memory_mib: PositiveInt = 1024
    #: of what a source holds when it is first polled, so many of the newest entries are taken
    first_entries: Annotated[int, Meta(ge=0, le=2000)] = 30
    #: pages that may wait for one domain; a further entry keeps what the feed had of it
    max_waiting_pages: PositiveInt = 5000
    #: pages that may wait in one worker; a further entry keeps what the feed had of it
    max_waiting_pages_worker: PositiveInt = 50_000
    #: attempts at a page whose server is in trouble, over about a day
    max_page_attempts: PositiveInt = 6
    #: polls that changed nothing are written together, this far apart
    state_write_seconds: PositiveFloat = 300.0
    #: hosts and networks that are polled although their addresses are private, loopback or link-local
    allow_private: list[str] = field(default_factory=list)
    #: brokers (HOST:PORT) beside our own to which sources of the kind kafka may take the password of [kafka]
    trusted_brokers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Check that whoever is asked can reach whoever asks, and that the words can stand in a header."""
        if self.contact and not (REACHABLE.search(self.contact) and self.contact.isprintable()):
            raise ValueError(
                f"contact = {self.contact!r}: owners of sites cannot reach you by it; write a mail address or a link, as in "
                "desk@example.org or https://example.org/about-our-reader"
            )


class WebSubSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """Hubs that tell us of news (WebSub); off until both are set."""

    #: the public address of this worker's HTTP server, as hubs reach it: https://desk.example
    public_url: str = ""
    #: what our addresses for hubs and their secrets are made of, the same on every worker. Set it as WIREWATCH_WEBSUB_KEY
    key: str = ""
    #: hubs are asked to tell us for so long; they may grant less
    lease_seconds: PositiveFloat = 7 * 86_400.0
    #: the largest document that a hub may send
    max_bytes: PositiveInt = 1024 * 1024
    #: documents from hubs that may be on their way to Kafka at once, together
    waiting_mib: PositiveInt = 16

    @property
    def on(self) -> bool:
        """Whether hubs are asked at all."""
        return bool(self.public_url and self.key)


SECTIONS = {"fetch": FetchSettings, "websub": WebSubSettings}
