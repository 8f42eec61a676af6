"""The routes of `/api/v1` on a real server, without the rest of a worker."""

import asyncio
import threading

import requests
from aiohttp import web

from wirewatch.http.asked import known_parameters
from wirewatch.http.history.asking import History
from wirewatch.http.history.routes import HistoryRoutes
from wirewatch.http.openapi import document


class Server:
    """The routes on a real server, in a thread of its own."""

    def __init__(self, url: str | None) -> None:
        self._routes = HistoryRoutes(History(url) if url else None, document)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.url = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)

    async def _start(self) -> str:
        app = web.Application(middlewares=[known_parameters])
        self._routes.add_to(app)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def get(self, path: str, **parameters: str) -> requests.Response:
        """Ask, and return the answer."""
        return requests.get(f"{self.url}/api/v1{path}", params=parameters, timeout=20)

    def stop(self) -> None:
        """Stop the server."""
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
