"""Every request that a worker answers, beside the page's own files, as the OpenAPI document describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from msgspec import Struct

from agents.fetch.files.pushed import LINE_TYPES, PAGE_TYPES
from agents.watch.mutes import MAX_HOURS
from streams.records import Digest, Each, Sensitivity, Severity, WatchRecord
from wirewatch.http.answers import PREFIX
from wirewatch.http.digest_previews import PlansAnswer
from wirewatch.http.history.feeds import FEED_FORMATS
from wirewatch.http.history.parameters import LAST_EVENT, MOMENT, QUERY, Parameter
from wirewatch.http.history.routes import OF_FEED, ROUTES
from wirewatch.http.push import PATH as PUSH
from wirewatch.http.status import StatusAnswer
from wirewatch.http.watches.answers import (
    InForce,
    MuteChange,
    MutesAnswer,
    ReceiverTest,
    WatchChange,
    WatchesAnswer,
    WatchProblem,
)
from wirewatch.http.watches.routes import MAX_DAYS
from wirewatch.http.watches.trying import TryAnswer
from wirewatch.http.websub import ROUTE as HUB
from wirewatch.http.worker_answers import FeedList, LiveAnswer, PushAnswer, ReadyAnswer

JSON, TEXT, STREAM, HTML = "application/json", "text/plain", "text/event-stream", "text/html"
RSS, ATOM = "application/rss+xml", "application/atom+xml"


@dataclass(frozen=True)
class Operation:
    """One request, by its method and its path (with regular expressions of its parts, as the router has them).

    `answer` None: the answer is text of one of `media`. `problems`: statuses of errors, each a `Problem`, unless
    `own` has another type for it. `body`: content types of a request's body. `key` names the token that it needs.
    """

    method: str
    path: str
    summary: str
    answer: type[Struct] | None = None
    asks: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()
    own: Mapping[int, type[Struct]] = field(default_factory=dict)
    media: tuple[str, ...] = (JSON,)
    status: int = 200
    body: tuple[str, ...] = ()
    record: type[Struct] | None = None
    key: str = "token"
    has_etag: bool = False
    description: str = ""

    @property
    def is_strict(self) -> bool:
        """Whether an unknown parameter is an error; those that probes, hubs and senders add are passed over."""
        return self.path.startswith((PREFIX, "/watches", "/status.json"))


def text(name: str, description: str, **schema: object) -> Parameter:
    """Return a parameter that is text, unless `schema` says otherwise."""
    return Parameter(name, description, {"type": "string", **schema})


TRIED = (
    text("name", "the name of the watch"),
    QUERY,
    text("severity", "how urgent its alerts are", enum=list(get_args(Severity))),
    text("each", "an alert for each of these", enum=list(get_args(Each))),
    text("cool_down", "silence after an alert: 30m, 2h"),
    text("trends", "of trends, those of this level and quieter ones alone", enum=list(get_args(Sensitivity))),
    text("limit_per_hour", "at most so many alerts an hour"),
    text("days", "over how many days", type="integer", minimum=1, maximum=MAX_DAYS, default=7),
)
OF_WATCH = (Parameter("watch", "of this watch alone; may be given more than once", {"type": "string"}, many=True),)
REPLAY = (
    text("replay", "send so many of the newest alerts first", type="integer", minimum=0, maximum=999_999),
    LAST_EVENT,
)
STATUS = (
    text("parts", "of these parts alone, with commas between: steps, articles, alerts, deliveries, sources"),
    text("after", "of the articles those that have come since the one with this `fetch_id`"),
)
EVENTS = (
    "Server-sent events: `article`, whose data is an ArticleSummary as JSON and whose id is the number of its arrival, "
    "and `gap` where a reader that comes back has missed some that are no longer known."
)
ALERT_EVENTS = "Server-sent events: `alert`, whose data is an Alert as JSON, and `gap` where some are no longer known."

HISTORY = (
    *(
        Operation("get", PREFIX + each.path, each.summary, each.type, each.asks, (400, 404, 503), has_etag=True)
        for each in ROUTES
    ),
    Operation(
        "get",
        f"{PREFIX}/articles.{{format:json|rss|atom}}",
        "A search as a feed",
        asks=OF_FEED,
        problems=(400, 404, 503),
        media=tuple(kind for kind, _ in FEED_FORMATS.values()),
        has_etag=True,
    ),
    Operation(
        "get",
        f"{PREFIX}/digests/{{name}}.{{format:html|rss}}",
        "The latest digest of a name, or that of a moment, as a page; or the last ones as a feed",
        asks=(MOMENT,),
        problems=(400, 404, 503),
        media=(HTML, RSS),
        has_etag=True,
    ),
    Operation(
        "get",
        f"{PREFIX}/events",
        "The articles of a search as they are kept",
        asks=(QUERY, LAST_EVENT),
        problems=(400, 404, 503),
        media=(STREAM,),
        description=EVENTS,
    ),
    Operation("get", f"{PREFIX}/openapi.json", "This document", Struct, has_etag=True),
)
DESK = (
    Operation("get", f"{PREFIX}/digest-plans", "The digests that will be made", PlansAnswer, has_etag=True),
    Operation(
        "get",
        f"{PREFIX}/digest-plans/{{name}}/preview",
        "What a digest would say now",
        Digest,
        problems=(404, 409, 503),
        has_etag=True,
    ),
    Operation("get", f"{PREFIX}/watches", "The watches in force", WatchesAnswer, problems=(503,), has_etag=True),
    Operation(
        "get",
        f"{PREFIX}/watches/try",
        "A watch tried over history; nothing is changed",
        TryAnswer,
        TRIED,
        (400, 503),
        has_etag=True,
    ),
    Operation("get", f"{PREFIX}/watches/{{name}}", "One watch in force", InForce, problems=(404, 503), has_etag=True),
    Operation("get", f"{PREFIX}/mutes", "The watches that are muted", MutesAnswer, problems=(503,), has_etag=True),
    Operation(
        "put",
        f"{PREFIX}/watches/{{name}}/mute",
        "Mute a watch for everybody",
        MuteChange,
        (text("minutes", "for how long", type="integer", minimum=1, maximum=60 * MAX_HOURS, default=60),),
        (400, 403, 404, 503),
        key="write",
    ),
    Operation(
        "delete",
        f"{PREFIX}/watches/{{name}}/mute",
        "End the mute of a watch",
        MuteChange,
        problems=(400, 403, 404, 503),
        key="write",
    ),
    Operation(
        "put",
        f"{PREFIX}/watches/{{name}}",
        "Put a watch in force",
        WatchChange,
        problems=(403, 409, 413, 503),
        own={400: WatchProblem},
        body=(JSON,),
        record=WatchRecord,
        key="write",
    ),
    Operation(
        "delete",
        f"{PREFIX}/watches/{{name}}",
        "Take a watch out of force",
        WatchChange,
        problems=(400, 403, 404, 409, 503),
        key="write",
    ),
    Operation(
        "post",
        f"{PREFIX}/receivers/{{name}}/test",
        "Send a test message to a receiver",
        ReceiverTest,
        problems=(400, 403, 404, 503),
        key="write",
    ),
)
FEEDS = (
    Operation("get", "/watches", "The watches with their feeds", FeedList, problems=(503,)),
    *(
        Operation("get", path, summary, asks=asks, problems=(404, 503), media=(RSS, ATOM), has_etag=True)
        for path, summary, asks in (
            ("/watches.{format:rss|atom}", "The alerts of all watches, or of some, as a feed", OF_WATCH),
            ("/watches/{name}.{format:rss|atom}", "The alerts of a watch as a feed", ()),
        )
    ),
    *(
        Operation("get", path, summary, asks=asks, problems=(400, 404, 503), media=(STREAM,), description=ALERT_EVENTS)
        for path, summary, asks in (
            ("/watches/events", "The alerts of all watches, or of some, as they come", (*OF_WATCH, *REPLAY)),
            ("/watches/{name}/events", "The alerts of a watch as they come", REPLAY),
        )
    ),
)
WORKER = (
    Operation("get", "/status.json", "What the worker has in memory", StatusAnswer, STATUS, (400,), has_etag=True),
    Operation("get", "/metrics", "The metrics, for Prometheus", media=(TEXT,)),
    Operation("get", "/health/live", "Whether it runs", LiveAnswer, key=""),
    Operation("get", "/health/ready", "Whether it is ready", ReadyAnswer, own={503: ReadyAnswer}, key=""),
    Operation(
        "post",
        PUSH,
        "News from programs of one's own: JSON lines of raw records, or a page",
        PushAnswer,
        (text("url", "the address of a page"), text("source", "its source")),
        (413, 415, 429, 503),
        own={400: PushAnswer},
        status=202,
        body=(*LINE_TYPES, *PAGE_TYPES),
        key="push",
    ),
    Operation("get", HUB, "A hub asks whether we have subscribed", problems=(404, 503), media=(TEXT,), key=""),
    Operation(
        "post", HUB, "A hub brings news", problems=(404, 413, 429, 503), media=(), status=202, body=("*/*",), key=""
    ),
)
OPERATIONS = (*HISTORY, *DESK, *FEEDS, *WORKER)
