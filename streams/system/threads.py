"""Threads of one caller's own, for calls that block: one that hangs is in nobody else's way."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


class Threads:
    """Runs blocking calls, at most `limit` at a time, in the caller's context; a further one waits for its turn.

    A call that was cancelled goes on in its thread, for a thread cannot be stopped, and keeps its place until it ends:
    so a call that hangs holds `limit` threads and no more. They are daemons, unlike those of a
    ThreadPoolExecutor, for which the interpreter waits when it exits.
    """

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._places = asyncio.Semaphore(limit)

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call in a thread; return its result or raise its error."""
        await self._places.acquire()
        loop, context = asyncio.get_running_loop(), copy_context()
        done: asyncio.Future[T] = loop.create_future()

        def ended(result: T | None, error: BaseException | None) -> None:
            self._places.release()
            if done.done():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(result)  # type: ignore[arg-type]

        def work() -> None:
            result: T | None = None
            error: BaseException | None = None
            try:
                result = context.run(call)
            except BaseException as raised:  # noqa: BLE001 - it is raised again where `run` is awaited
                error = raised
            # the loop is closed when the worker has stopped: nobody waits for the result any more
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(ended, result, error)

        try:
            threading.Thread(target=work, name=self._name, daemon=True).start()
        except RuntimeError:
            self._places.release()
            raise
        return await done
