"""Folders beside the steps: in force before the first article is taken, and no fault of one ends a worker."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.watch.settings import WatchSettings
from streams.ids import digest
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.records import Tagged, encode
from streams.settings import Settings
from streams.topics import MATCHES, TAGGED, WATCHES
from wirewatch.folders.all import first_look, folders_of
from wirewatch.folders.watches import WatchFolder
from wirewatch.metrics import new_metrics
from wirewatch.sample import watches_folder
from wirewatch.service import Service
from wirewatch.steps import chosen
from wirewatch.watches import topic as watch_topic

LIMIT_SECONDS = 120.0


@pytest.fixture
def watching(settings: Settings, tmp_path: Path) -> Settings:
    """Return settings with a folder of watches of the test's own."""
    shutil.copytree(watches_folder(), tmp_path / "watches")
    settings[WatchSettings].folder = str(tmp_path / "watches")
    return settings


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + LIMIT_SECONDS
    while not await holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.1)


@asynccontextmanager
async def doing(work: Awaitable[None]) -> AsyncIterator[None]:
    """Do work meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_an_article_that_waits_at_the_first_start_is_asked_about(watching: Settings) -> None:
    """A folder's watches are in force before a step takes its first message, however fast the steps are."""
    article = Tagged(
        id=digest("ferry"),
        fetch_id=f"{digest('ferry')}:1",
        source="s.example",
        title="The ferry is late",
        text="Some text.",
        fetched_at=datetime.now(UTC),
        extractor="test",
    )
    (Path(watching[WatchSettings].folder) / "ferry.toml").write_text('name = "ferry"\nquery = "ferry"\n')
    with EmbeddedBroker() as broker:
        watching.kafka.bootstrap = broker.bootstrap
        watching.worker.fetch_wait_seconds = 0.1
        async with producing(watching.kafka) as producer:
            headers = [("ce_id", article.fetch_id.encode())]
            await producer.send_and_wait(TAGGED.name, encode(article), key=article.id.encode(), headers=headers)
        service = Service(watching, chosen("match", watching), new_metrics())
        folders = folders_of(watching, service.metrics)
        joined = list[bool]()

        async def before() -> None:
            await first_look(folders)
            joined.extend(runner.joined for runner in service.runners.values())

        async with service.running(before=before):
            await until(lambda: _settled(service))
            matches = [message.key async for message in read_all(watching.kafka, [MATCHES.name])]

    assert joined == [False]
    assert matches == [b"ferry"]


async def _settled(service: Service) -> bool:
    outcomes = ("matched", "unmatched")
    labels = [{"step": "match", "outcome": outcome} for outcome in outcomes]
    return any(service.metrics.registry.get_sample_value("wirewatch_articles_total", each) for each in labels)


async def test_a_folder_that_has_gone_takes_no_watch_out_of_force(
    watching: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk that is away is a fault that names the setting and the folder; a removed file still ends its watch."""
    folder, metrics = Path(watching[WatchSettings].folder), new_metrics()
    with EmbeddedBroker() as broker:
        watching.kafka.bootstrap = broker.bootstrap
        watches = WatchFolder(watching, metrics)
        await watches.first_look()
        before = await watch_topic.in_force(watching)

        folder.rename(folder.with_name("away"))
        await watches.first_look()
        assert await watch_topic.in_force(watching) == before
        assert f"watch.folder: there is no folder {folder} any more" in caplog.text

        folder.with_name("away").rename(folder)
        gone = min(folder.glob("*.toml"))
        gone.unlink()
        await watches.first_look()
        assert set(await watch_topic.in_force(watching)) < set(before)


async def test_what_others_write_beside_a_folder_ends_nothing(watching: Settings) -> None:
    """A key and a header that are no text are passed over, and the folder is looked at still."""
    folder = Path(watching[WatchSettings].folder)
    with EmbeddedBroker() as broker:
        watching.kafka.bootstrap = broker.bootstrap
        async with producing(watching.kafka) as producer:
            headers = [("ww_folder", b"\xff\xfe")]
            await producer.send_and_wait(WATCHES.name, b"\xff", key=b"\xff\xfe", headers=headers)
        kept = WatchFolder(watching, new_metrics())
        kept.look_seconds = 0.05
        async with doing(kept.run()):
            await until(lambda: _has(watching, "cholera"))
            (folder / "late.toml").write_text('name = "late"\nquery = "ferry"\n')
            await until(lambda: _has(watching, "late"))


async def _has(settings: Settings, name: str) -> bool:
    return name in await watch_topic.in_force(settings)


async def test_work_that_fails_is_started_anew_and_health_names_it(settings: Settings) -> None:
    """The worker goes on; the reason stands in health until the work goes on too, and restarts are counted."""
    service = Service(settings, chosen("match", settings), new_metrics())
    starts, goes_on = list[int](), asyncio.Event()

    async def work() -> None:
        starts.append(len(starts))
        if len(starts) == 1:
            raise PermissionError(13, "Permission denied", "/news")
        goes_on.set()
        await asyncio.Event().wait()

    async with doing(service.keep_going("incoming.folder", work)):
        await until(lambda: asyncio.sleep(0, bool(service.failures)))
        assert "Permission denied: '/news'" in service.failures["incoming.folder"]
        await asyncio.wait_for(goes_on.wait(), LIMIT_SECONDS)
        assert service.failures == {}
        restarts = service.metrics.registry.get_sample_value(
            "wirewatch_step_restarts_total", {"step": "incoming.folder"}
        )
        assert restarts == 1
