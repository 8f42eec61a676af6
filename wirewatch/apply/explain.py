"""`wirewatch apply clean --explain`: each clean record, followed by the claims and reasons behind its fields."""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import aclosing
from typing import cast

import msgspec

from agents.clean.article import explain_raw, load
from agents.clean.explanation import EXPLANATION, Explanation
from agents.clean.settings import CleanSettings
from streams.errors import Refused
from streams.records import Raw, decode
from streams.settings import Settings
from streams.work import Success
from streams.worker.pool import WorkPool
from wirewatch.apply.chain import Chain, numbered


class Explainer:
    """The clean step whose records are explained; has the `run` of `Chain`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lines: deque[bytes] = deque()

    async def run(self, lines: Iterable[bytes]) -> AsyncIterator[bytes]:
        """Yield each output record of `clean`, and its explanation behind it; a dead record gives its own reason."""
        worker = self._settings.worker
        pool = WorkPool(1, [load], worker.max_memory_mib)
        timeout = self._settings[CleanSettings].timeout_seconds
        try:
            records = cast("AsyncGenerator[bytes, None]", Chain("clean", self._settings).run(self._kept(lines)))
            async with aclosing(records):
                async for record in records:
                    yield record
                    (done,) = await pool.run(explain, [self._lines.popleft()], timeout)
                    if isinstance(done, Success) and done.product:
                        yield done.product
        finally:
            await pool.stop()

    def _kept(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines that are not blank, and keep each until its record comes out."""
        for _, line in numbered(lines):
            self._lines.append(line)
            yield line


def explain(line: bytes) -> bytes:
    """Return the explanation of a raw record as JSON, empty where the record is refused."""
    try:
        explanation = explain_raw(decode(line, Raw))[1]
    except Refused:
        return b""
    return encode(explanation)


def encode(explanation: Explanation) -> bytes:
    """Return an explanation as a JSON line."""
    fields = msgspec.to_builtins(explanation)
    return msgspec.json.encode({"schema": EXPLANATION, **fields})
