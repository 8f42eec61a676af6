"""Questions to the store of history, beside the event loop: few at a time, each within a time."""

import asyncio
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from agents.archive.open import is_store_error, open_store
from agents.archive.store import Store
from streams.errors import ArchiveError, MissingExtra, WirewatchError
from wirewatch.history.time_limit import TimeOverError, ending_at

T = TypeVar("T")

#: Questions that are answered at the same time.
THREADS = 4
#: Most questions that wait for it.
MAX_WAITING = 64
#: Seconds that one may take.
ANSWER_SECONDS = 15.0


class BusyError(WirewatchError):
    """Too many questions wait, or one has taken too long."""


class History:
    """The store that an address names; each thread has a connection of its own."""

    def __init__(self, url: str, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._url = url
        self._seconds = answer_seconds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="history")
        self._own = threading.local()
        self._waiting = 0

    async def ask(self, question: Callable[[Store], T]) -> T:
        """Return the answer. Raises `BusyError`, and `ArchiveError` where the store cannot be asked."""
        if self._waiting >= MAX_WAITING:
            raise BusyError("too many questions to the history at once: try again in a few seconds")
        self._waiting += 1
        try:
            until = time.monotonic() + self._seconds
            answering = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, question, until)
            return await asyncio.wait_for(answering, self._seconds)
        except (TimeoutError, TimeOverError) as error:
            raise BusyError("the question takes too long: narrow its time, or add a word") from error
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, question: Callable[[Store], T], until: float = math.inf) -> T:
        store: Store | None = getattr(self._own, "store", None)
        if store is None or store.is_elsewhere():
            try:
                store = self._own.store = open_store(self._url)
            except MissingExtra as error:
                # this worker keeps no history itself: its address may stand in settings that many share
                raise ArchiveError(str(error)) from error
        try:
            store.end_at(until)
            with ending_at(until):
                return question(store)
        except WirewatchError:
            raise
        except Exception as error:
            self._own.store = None  # a connection that broke is made anew by the next question
            if is_store_error(error):
                raise ArchiveError(f"history cannot be asked: {error}".strip()) from error
            raise
