"""Documents that hubs send to a worker's port, on a broker."""

import hmac

import aiohttp

from agents.fetch.settings import WebSubSettings
from agents.fetch.source import websub
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.settings import Settings
from streams.topics import FETCHES
from wirewatch.http.server import WebApp, serving
from wirewatch.http.websub import HubMetrics
from wirewatch.metrics import new_metrics
from wirewatch.service import Service

KEY, FEED = "a key of some length", "https://a.example/feed"


async def test_a_document_that_comes_again_is_not_written_again() -> None:
    """Whoever has heard one signed document cannot fill Kafka with it, however its signature is spelled."""
    with EmbeddedBroker() as broker:
        settings = Settings()
        settings.kafka.bootstrap, settings.worker.http_port = broker.bootstrap, 0
        settings[WebSubSettings].public_url, settings[WebSubSettings].key = "https://desk.example", KEY
        web_app = WebApp(Service(settings, [], new_metrics()))
        calls = web_app.service.metrics[HubMetrics].calls
        async with serving(web_app) as address, aiohttp.ClientSession() as client:
            callback = websub.callback_of(address, KEY, "a.example", "a", FEED)
            secret = websub.secret_of(KEY, "a", websub.topic_of(FEED))
            for body in (b"<rss/>", b"<rss></rss>"):
                made = hmac.new(secret.encode(), body, "sha256").hexdigest()
                for signature in (f"sha256={made}", f"SHA256= {made.upper()}"):
                    async with client.post(callback, data=body, headers={"X-Hub-Signature": signature}) as answer:
                        assert answer.status == 202
            written = [message async for message in read_all(settings.kafka, [FETCHES.name])]

        assert len(written) == 2
        assert (calls.labels("taken")._value.get(), calls.labels("repeated")._value.get()) == (2, 2)
