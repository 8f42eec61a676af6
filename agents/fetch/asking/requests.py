"""Requests on `wirewatch.fetches`: each new entry of a source, on its way to be one raw message; and polls asked for.

A request's id is the fetch id that its raw message will have, unless its page redirects; its time is the one at which the
source first showed the entry, so that whatever is done twice after a crash has the same ids.
"""

from datetime import UTC, datetime
from typing import Literal, get_args

import msgspec

from streams import ids
from streams.errors import DeadReason
from streams.message import Output
from streams.records import ContentType, Dead, Raw, Via, to_utc, unpacked, utc
from streams.topics import DEAD, RAW

#: By this header, a raw message or a dead letter says which request it settles.
REQUEST_HEADER = "ww_request"


Kind = Literal["entry", "poll", "pushed", "lease", "turn", "turn_given", "turn_over", "cleaned"]


class Request(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A new or edited entry (`entry`), or the wish that a source be polled now (`poll`).

    `turn`, `turn_given` and `turn_over` are about a turn at a domain (`source`) that is another worker's; `link` is then the
    key under which the answer is awaited. `pushed` is a document that a hub has sent (`body`), `lease` the hub's word on how
    long it will (`wait`, in seconds), `cleaned` how long the texts are that its articles were cleaned to (`lengths`, 0 for a
    refused one).

    `page` says that its page is to be fetched; `content` is then what is left where that fails. `url` is where the page
    is now, `link` what the entry says. `hops` are the addresses that redirected.
    """

    id: str
    kind: Kind = "entry"
    source: str
    fetched_at: datetime
    url: str | None = None
    link: str | None = None
    hops: list[str] = []
    page: bool = False
    robots: bool = True
    backfill: bool = False
    via: Via = "poll"
    feed: str | None = None
    guid: str | None = None
    title: str | None = None
    authors: list[str] = []
    published_at: datetime | None = None
    language: str | None = None
    categories: list[str] = []
    content: str = ""
    content_type: ContentType = "text/html"
    attempts: int = 0
    body: bytes = b""
    wait: float = 0.0
    #: why nothing can be made of it, known before it is taken
    error: str = ""
    #: of the request that a turn was for
    status: int = 0
    lengths: list[int] = []

    @property
    def key(self) -> str:
        """The name under which its page waits: its id, and how often it has been passed on to another domain."""
        return f"{self.id}#{len(self.hops)}" if self.hops else self.id


class RequestHead(msgspec.Struct):
    """As much of a request as tells its kind."""

    kind: str
    id: str
    source: str


encoder = msgspec.json.Encoder()
decoder = msgspec.json.Decoder(Request)
head_decoder = msgspec.json.Decoder(RequestHead)


def pack(request: Request) -> bytes:
    """Return a request as it is written."""
    return encoder.encode(request)


def unpack(value: bytes) -> Request:
    """Return a request from its bytes; raises `msgspec.DecodeError` for other bytes."""
    request = unpacked(decoder, value)
    if not request.id:  # its raw message would get another one, and no account could tell that it came
        raise msgspec.DecodeError("a request has no id")
    try:
        to_utc(request)
    except ValueError as error:
        raise msgspec.DecodeError(str(error)) from error
    return request


def is_newer(value: bytes) -> bool:
    """Return whether bytes that are no request are one of a kind that only newer workers know.

    All kinds but `entry` can be passed over: whoever sends one sends it again, or makes do without an answer.
    """
    try:
        return unpacked(head_decoder, value).kind not in get_args(Kind)
    except msgspec.DecodeError:
        return False


def from_entry(request: Request, refused: DeadReason | None = None) -> Output | None:
    """Return the raw message of an entry's own text; None where it has none.

    `refused`: why its page could not be had.
    """
    if not request.content.strip():
        return None
    return raw_output(request, request.link, request.content, request.content_type, request.via, refused)


def from_page(request: Request, url: str, content: str, content_type: ContentType) -> Output:
    """Return the raw message of an entry's page, which was found at `url`."""
    return raw_output(request, url, content, content_type, "page", None)


def raw_output(
    request: Request,
    url: str | None,
    content: str,
    content_type: ContentType,
    via: Via,
    refused: DeadReason | None,
) -> Output:
    """Return the raw message of an entry."""
    raw = Raw(
        url=url,
        source=request.source,
        fetched_at=request.fetched_at,
        content_type=content_type,
        content=content,
        title=request.title,
        authors=request.authors or None,
        published_at=utc(request.published_at) if request.published_at else None,
        language=request.language,
        feed=request.feed,
        categories=request.categories or None,
        entry_id=request.guid,
        first_seen_at=request.fetched_at,
        backfill=request.backfill or None,
        via=via,
        page_refused=refused,
    )
    article = ids.article_id(raw.url, raw.source, raw.title, raw.content)
    return Output(RAW, article, raw, ids.fetch_id(article, raw.fetched_at), {REQUEST_HEADER: request.id.encode()})


def dead_output(request: Request, reason: DeadReason, error: str) -> Output:
    """Return the dead letter of an entry of which nothing could be had."""
    record = Dead(
        id=request.id.partition(":")[0],
        fetch_id=request.id,
        step="fetch",
        reason=reason,
        error=error[:500],
        url=request.url,
        source=request.source,
        size_bytes=0,
        processed_at=datetime.now(UTC),
    )
    return Output(DEAD, record.id, record, request.id, {REQUEST_HEADER: request.id.encode()})


def poll_request(source: str, at: datetime) -> Request:
    """Return the wish that a source be polled now."""
    return Request(id=f"{source}:{utc(at)}", kind="poll", source=source, fetched_at=at)


def pushed_request(source: str, at: datetime, body: bytes, content_type: str, number: str) -> Request:
    """Return a document that a hub has sent for a source; `number` tells two of one moment apart."""
    return Request(
        id=f"{source}:{utc(at)}:{number}",
        kind="pushed",
        source=source,
        fetched_at=at,
        body=body,
        content=content_type[:200],
    )


def lease_request(source: str, at: datetime, wait: float) -> Request:
    """Return a hub's word on how long it will tell us of a source's news; 0 for not at all."""
    return Request(id=f"{source}:{utc(at)}:lease", kind="lease", source=source, fetched_at=at, wait=wait)


def turn_request(turn: str, kind: Literal["turn", "turn_given", "turn_over"], domain: str, answer_to: str) -> Request:
    """Return a message about a turn at a domain."""
    return Request(id=turn, kind=kind, source=domain, fetched_at=datetime.now(UTC), link=answer_to or None)


def cleaned_request(source: str, at: datetime, lengths: list[int]) -> Request:
    """Return how articles of a source were cleaned."""
    return Request(id=f"{source}:{utc(at)}:cleaned", kind="cleaned", source=source, fetched_at=at, lengths=lengths)
