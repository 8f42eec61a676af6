"""Alerts made on the spot, and a reader of event streams, for the tests of the feeds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from aiohttp import ClientResponse
from aiokafka import AIOKafkaProducer

from streams.ids import digest
from streams.records import Alert, AlertArticle, Evidence, encode
from streams.topics import ALERTS

TITLE = "Dockers strike 港 at Le Havre & Brest"
TEXT = "The <b>strike</b> in the port of Brest goes on."


def alert(number: int, watch: str = "port-strikes", **changes: Any) -> Alert:
    """Return an alert of its own for each number, raised a second after the one before, ending now."""
    raised = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1) + timedelta(seconds=number)
    article = AlertArticle(
        id=digest(f"article {number}"),
        url=f"https://paper.example/{number}?a=1&b=é",
        title=f"{TITLE}, {number}",
        source="paper.example",
        published_at=raised - timedelta(minutes=3),
        fetched_at=raised - timedelta(seconds=1),
        language="en",
        regions=["FR", "FR-BRE"],
        region_names=["France", "Bretagne"],
        topics=["medtop:04000000"],
        topic_labels=["economy, business and finance"],
        snippet=TEXT,
        snippet_start=1000,
    )
    fields: dict[str, Any] = {
        "id": digest(f"{watch} {number}"),
        "watch": watch,
        "severity": "warning",
        "receivers": ["desk"],
        "article": article,
        "spans": [
            Evidence(field="title", start=TITLE.index("strike"), end=TITLE.index("strike") + 6),
            Evidence(field="text", start=1000 + TEXT.index("port"), end=1000 + TEXT.index("port") + 4),
        ],
        "raised_at": raised,
        "fetched_to_raised_s": 1.0,
    }
    return Alert(**(fields | changes))


async def put(producer: AIOKafkaProducer, *alerts: Alert, headers: tuple[tuple[str, bytes], ...] = ()) -> None:
    """Write alerts to news.alerts as the watch step does."""
    for each in alerts:
        await producer.send_and_wait(ALERTS.name, encode(each), key=each.id.encode(), headers=list(headers))


@dataclass
class Event:
    """One event of a stream; `comment` is filled for a line that browsers pass over."""

    id: str | None = None
    kind: str = "message"
    data: str = ""
    retry: int | None = None
    comment: str | None = None

    @property
    def alert_id(self) -> str:
        """The id of the alert that the event carries."""
        identifier: str = orjson.loads(self.data)["id"]
        return identifier


async def events(response: ClientResponse) -> AsyncIterator[Event]:
    """Yield the events of a stream after the HTML standard, comments and retry times too."""
    event = Event()
    data: list[str] = []
    async for line in response.content:
        text = line.decode().rstrip("\r\n")
        name, _, value = text.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "" if not text:
                event.data = "\n".join(data)
                if event != Event():
                    yield event
                event, data = Event(), []
            case "":
                event.comment = value
            case "id":
                event.id = value
            case "event":
                event.kind = value
            case "data":
                data.append(value)
            case "retry":
                event.retry = int(value)


async def alert_ids(response: ClientResponse, count: int) -> list[str]:
    """Return the ids of the next `count` alerts of a stream; fail where their event ids differ."""
    found: list[str] = []
    async for event in events(response):
        if event.kind == "alert":
            assert event.id == event.alert_id
            found.append(event.alert_id)
            if len(found) == count:
                break
    return found
