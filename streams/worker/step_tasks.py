"""The tasks of a step on one worker: they outlast a Kafka that is away, and any other error ends the step."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from streams.errors import WirewatchError, cause_of
from streams.waits import Waits, described
from streams.worker.recovery import AWAY, AWAY_SECONDS

logger = logging.getLogger("wirewatch.worker")

#: What each part of a stop gets where its time is up already.
LEAST_SECONDS = 0.5


class StepTasks:
    """The tasks of one step that were `begun`; `failure` is the latest error by which it is to be started anew."""

    def __init__(self, step: str, waits: Waits, abandon: Callable[[], None]) -> None:
        self.failure: BaseException | None = None
        self._step = step
        self._waits = waits
        self._abandon = abandon
        self.begun: list[asyncio.Task[None]] = []

    def begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin a task, which is guarded."""
        self.begun.append(asyncio.ensure_future(self._guard(work)))

    async def _guard(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run a task; where Kafka is away begin again, and keep any other error: the step is started anew then."""
        while True:
            try:
                await work()
            except asyncio.CancelledError:
                raise
            except AWAY as error:
                self._waits.failed("Kafka", error)
                logger.debug("%s waits for Kafka: %s", self._step, error)
                await asyncio.sleep(AWAY_SECONDS)
            except BaseException as error:  # whatever it is: kept, and raised again
                self.fail(error)
                raise

    def fail(self, error: BaseException) -> None:
        """Keep an error by which the step is started anew, and abandon what is begun."""
        self.failure = cause = cause_of(error)
        self._abandon()
        if isinstance(cause, WirewatchError):
            logger.error("%s: the step cannot go on: %s", self._step, cause)
        else:
            logger.error("%s: the step cannot go on", self._step, exc_info=error)

    async def end(self, end: float) -> None:
        """Cancel all tasks, and wait for them until a time (monotonic seconds), and a moment in any case."""
        for task in self.begun:
            task.cancel()
        if self.begun:
            await asyncio.wait(self.begun, timeout=max(end - time.monotonic(), LEAST_SECONDS))

    async def until(self, end: float, work: Coroutine[Any, Any, None], name: str) -> None:
        """Wait for a part of a stop as `end` does; then go on without it."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait([task], timeout=max(end - time.monotonic(), LEAST_SECONDS))
        if not done:
            task.cancel()
            logger.warning("%s: %s did not end in time", self._step, name)
        elif not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("%s: %s ended with %s", self._step, name, described(error))
