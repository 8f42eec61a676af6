"""A hub on loopback and a running worker: subscription, verification, a signed document, and refusals."""

import asyncio
import hmac
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.records import Raw, Source, decode
from streams.settings import Settings
from streams.topics import RAW
from tests.support.flow import Worker
from tests.support.newsstand import Newsstand, SystemTime, item, rss
from tests.support.real_kafka import free_port
from wirewatch.sources import topic as source_topic

LONG = "The whole article. " * 120


async def until(condition: Any, seconds: float = 120.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.1)


async def test_news_comes_by_a_hub(settings: Settings, tmp_path: Path) -> None:
    """The worker subscribes, answers the hub's question, takes signed news, and drops the rest."""
    forms: list[dict[str, Any]] = []
    port = free_port()
    given: dict[str, Any] = {
        "fetch_allow_private": "127.0.0.0/8",
        "fetch_first_poll_seconds": "0",
        "fetch_domain_delay_seconds": "0.2",
        "websub_public_url": f"http://127.0.0.1:{port}",
        "websub_key": "a key of some length",
    }
    async with Newsstand(SystemTime()) as stand, aiohttp.ClientSession() as client:

        async def hub(request: web.Request) -> web.Response:
            forms.append(dict(await request.post()))
            return web.Response(status=202)

        address = f"http://127.0.0.1:{stand.port}"
        links = f'<{address}/hub>; rel="hub", <{address}/feed>; rel="self"'
        old = item(1, time.time() - 60, text=LONG, link=f"{address}/1")
        stand.pages["/hub"] = hub
        stand.pages["/feed"] = web.Response(body=rss([old]), headers={"Link": links})
        with EmbeddedBroker() as broker:
            settings.kafka.bootstrap = broker.bootstrap
            log = tmp_path / "worker.log"
            worker = Worker(
                broker.bootstrap, port, log, steps="fetch", worker_fetch_wait_seconds="0.1", fork=True, **given
            )
            worker.start()
            try:
                worker.ready()
                await source_topic.put(source_topic.OnKafka(settings), [Source(name="a", url=f"{address}/feed")])

                async def asked() -> bool:
                    return bool(forms)

                async def raw(title: str) -> bool:
                    found = [decode(m.value or b"", Raw) async for m in read_all(settings.kafka, [RAW.name])]
                    return any(record.title == title and record.via == "websub" for record in found)

                await until(asked)
                callback, secret = forms[0]["hub.callback"], forms[0]["hub.secret"]
                query = {"hub.mode": "subscribe", "hub.topic": f"{address}/feed", "hub.challenge": "fish"}
                query["hub.lease_seconds"] = "86400"
                async with client.get(f"{callback}?{urlencode(query)}") as answer:
                    assert (answer.status, await answer.text()) == (200, "fish")
                async with client.get(f"{callback}?{urlencode({**query, 'hub.topic': 'http://b.example'})}") as answer:
                    assert answer.status == 404

                async def send(number: int, path: str, key: str) -> int:
                    body = rss([item(number, time.time(), text=LONG, link=f"{address}/{number}")])
                    made = hmac.new(key.encode(), body, "sha256").hexdigest()
                    headers = {"X-Hub-Signature": f"sha256={made}", "Content-Type": "application/rss+xml"}
                    async with client.post(path, data=body, headers=headers) as answer:
                        return answer.status

                assert await send(2, callback, "another secret") == 202
                assert await send(3, callback[:-1] + ("0" if callback[-1] != "0" else "1"), secret) == 404
                assert await send(4, callback, secret) == 202
                await until(lambda: raw("Article 4"))
                assert not await raw("Article 2")
                assert not await raw("Article 3")
                async with client.post(callback, data=b"x" * (1 << 20) + b"y") as answer:
                    assert answer.status == 413
                assert secret not in log.read_text()
            finally:
                worker.kill()
