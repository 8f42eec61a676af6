"""Alerts and receivers, as fixtures."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver

from agents.deliver.receivers.base import Receiver
from agents.deliver.receivers.opening import open_receivers
from agents.deliver.settings import DeliverSettings, Receivers, ReceiverSettings, WebhookSettings
from streams.records import Alert, AlertArticle, Evidence
from streams.settings import Settings
from tests.support.mailbox import Mailbox
from tests.support.receiving import SECRET, Endpoint

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TITLE = "Oil sanctions bite"
TEXT = "Ministers said that new sanctions on crude oil would follow."


@pytest.fixture(scope="session")
def noon() -> datetime:
    """When alerts are raised unless a test says otherwise."""
    return NOON


@pytest.fixture(scope="session")
def span() -> Callable[..., Evidence]:
    """Build the span of a word in a title or a text, which begins at `start` of the whole."""

    def build(field: Any, text: str, word: str, start: int = 0) -> Evidence:
        at = text.index(word) + start
        return Evidence(field=field, start=at, end=at + len(word))

    return build


@pytest.fixture(scope="session")
def alert(span: Callable[..., Evidence]) -> Callable[..., Alert]:
    """Build an alert; `article` gives fields of its article."""

    def build(article: dict[str, Any] | None = None, **fields: Any) -> Alert:
        about: dict[str, Any] = {
            "id": "a1",
            "url": "https://news.example.org/oil",
            "title": TITLE,
            "source": "news.example.org",
            "published_at": NOON - timedelta(minutes=5),
            "fetched_at": NOON - timedelta(seconds=2),
            "regions": ["VE"],
            "region_names": ["Venezuela"],
            "topics": ["medtop:04000000"],
            "topic_labels": ["economy, business and finance"],
            "primary_country": "VE",
            "snippet": TEXT,
        }
        given: dict[str, Any] = {
            "id": "0123456789abcdef0123456789abcdef",
            "watch": "venezuela-oil",
            "severity": "critical",
            "owner": "energy desk",
            "article": AlertArticle(**(about | (article or {}))),
            "spans": [span("title", TITLE, "sanctions"), span("text", TEXT, "oil")],
            "raised_at": NOON,
            "fetched_to_raised_s": 2.0,
        }
        return Alert(**(given | fields))

    return build


@pytest.fixture
async def opened() -> AsyncIterator[Callable[..., Receiver]]:
    """Open one receiver under settings that suit a test, and close it afterwards."""
    receivers: list[Receiver] = []

    def build(
        receiver: ReceiverSettings,
        environ: dict[str, str] | None = None,
        resolver: AbstractResolver | None = None,
        name: str = "desk",
        **deliver: Any,
    ) -> Receiver:
        settings = Settings(Receivers({name: receiver}))
        for setting, value in deliver.items():
            setattr(settings[DeliverSettings], setting, value)
        receivers.append(open_receivers(settings, environ or {}, resolver)[name])
        return receivers[-1]

    yield build
    for receiver in receivers:
        await receiver.close()


@pytest.fixture
def webhook(opened: Callable[..., Receiver]) -> Callable[..., Receiver]:
    """Open a webhook to a URL; 127.0.0.1 is allowed unless a test says otherwise."""

    def build(url: str, secret: str = SECRET, **deliver: Any) -> Receiver:
        given = {"allow_private": ["127.0.0.1"]} | deliver
        return opened(
            WebhookSettings(url_env="DESK_URL", secret_env="DESK"), {"DESK": secret, "DESK_URL": url}, **given
        )

    return build


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    """An HTTP server that takes everything."""
    async with Endpoint() as running:
        yield running


@pytest.fixture
def mailbox() -> Mailbox:
    """A mailbox."""
    return Mailbox()


@pytest.fixture
def mail_url(mailbox: Mailbox) -> Iterator[str]:
    """The Apprise URL of a mail server for the mailbox, without addresses."""
    with mailbox.served() as url:
        yield url
