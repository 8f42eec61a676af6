"""The routes of digests that are not made yet, under `/api/v1`.

    GET /digest-plans                the digests of the folder that the settings name
    GET /digest-plans/NAME/preview   what one would say now, as `wirewatch digest preview` says it

A preview reads all that news.stories retains: one at a time, no longer than `SECONDS`, and kept for a while for all who ask.
"""

import asyncio
import time
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from aiohttp import web
from msgspec import Struct

from agents.deliver.settings import Receivers
from agents.digest.files import read_folder
from agents.digest.plan import Plan, moments
from agents.digest.settings import DigestSettings
from streams.errors import BrokerError, WirewatchError
from streams.records import Digest
from streams.settings import Settings
from streams.text.names import those
from wirewatch.history.digest_check import FARTHEST
from wirewatch.history.digest_preview import preview
from wirewatch.http.answers import PREFIX, respond
from wirewatch.http.refusals import problem

#: Seconds that a preview may take.
SECONDS = 15.0
#: Seconds for which it is kept.
KEPT_SECONDS = 60.0
#: Most previews that are kept.
MAX_KEPT = 50


class PlannedDigest(Struct, kw_only=True):
    """A digest that will be made; `due` is when next. `unknown_receivers` are those that this worker's settings lack."""

    name: str
    title: str
    due: datetime | None
    receivers: list[str]
    unknown_receivers: list[str]


class PlansAnswer(Struct, kw_only=True):
    """The digests of the folder that the settings name, by name.

    `problem`: what is wrong in its files, a line for each fault; null where nothing is. A worker that starts refuses them all.
    """

    digests: list[PlannedDigest]
    problem: str | None


class DigestPreviews:
    """Answers with digests as they would be now."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._making = asyncio.Lock()
        self._kept: OrderedDict[bytes, tuple[float, Digest]] = OrderedDict()

    def add_to(self, app: web.Application) -> None:
        """Add the routes; before the route of the API that names all others."""
        app.router.add_get(f"{PREFIX}/digest-plans", self.plans)
        app.router.add_get(f"{PREFIX}/digest-plans/{{name}}/preview", self.preview)

    async def plans(self, request: web.Request) -> web.StreamResponse:
        """Return the digests that will be made."""
        known, faults = await asyncio.to_thread(self._read)
        digests = [self._described(*each) for each in sorted(known.items())]
        body = PlansAnswer(digests=digests, problem="\n".join(faults) or None)
        return await respond(request, msgspec.json.encode(body), "application/json")

    def _read(self) -> tuple[dict[str, Plan], list[str]]:
        folder = self._settings[DigestSettings].folder
        return read_folder(Path(folder)) if folder else ({}, [])

    def _described(self, name: str, plan: Plan) -> PlannedDigest:
        now = datetime.now(UTC)
        return PlannedDigest(
            name=name,
            title=plan.title or name,
            due=next(moments(plan, now, now + FARTHEST), None),
            receivers=plan.receivers,
            unknown_receivers=sorted(set(plan.receivers) - set(self._settings[Receivers])),
        )

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """Return a digest as it would be now."""
        name = request.match_info["name"]
        try:
            known, faults = await asyncio.to_thread(self._read)
            if name not in known and faults:
                return problem(409, "\n".join(faults))
            if name not in known:
                where = self._settings[DigestSettings].folder
                return problem(404, f"no digest is called {name[:100]} in {where!r}{those(name, sorted(known))}")
            made = await self._made(name, known[name])
        except TimeoutError:
            advice = f"the command does: wirewatch digest preview {name}"
            return problem(503, f"not read to the end within {SECONDS:.0f} s: {advice}", {"Retry-After": "60"})
        except BrokerError as error:
            return problem(503, str(error), {"Retry-After": "5"})
        except WirewatchError as error:
            return problem(409, str(error))
        return await respond(request, msgspec.json.encode(made), "application/json")

    async def _made(self, name: str, plan: Plan) -> Digest:
        key = msgspec.json.encode((name, plan))
        async with self._making:
            at, made = self._kept.get(key, (0.0, None))
            if made is None or time.monotonic() > at + KEPT_SECONDS:
                making = preview(self._settings, name, plan, datetime.now(UTC))
                made = await asyncio.wait_for(making, SECONDS)
                self._kept[key] = time.monotonic(), made
                while len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
            return made
