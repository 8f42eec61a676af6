"""Watches on running workers: taken up, changed and removed without a restart; a wrong one is refused with its place."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.watch.files import read_toml
from agents.watch.records import Watch
from streams.ids import digest
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.records import Alert, Growth, Story, StoryArticle, Tagged, decode, encode
from streams.settings import Settings
from streams.topics import ALERTS, STORIES, TAGGED, WATCHES
from tests.support.flow import forked_worker_on
from wirewatch.watches import topic as watch_topic


def watch(name: str, query: str, **fields: str) -> Watch:
    """Return a watch from its TOML."""
    lines = [f'name = "{name}"', f"query = '{query}'", *(f"{key} = {value}" for key, value in fields.items())]
    found, faults = read_toml("\n".join(lines), "test")
    assert not faults
    return found[0]


class Running:
    """A worker that runs the watch steps, and its broker."""

    def __init__(self, settings: Settings, log: Path, folder: Path) -> None:
        self.settings = settings
        self.log = log
        self.folder = folder
        self.sent = 0

    async def alerts(self, title: str, seconds: float = 30.0, least: int = 1) -> list[str]:
        """Send an article of that title, and a marker that everybody watches; return the watches that fired on it."""
        self.sent += 1
        now = datetime.now(UTC)
        async with producing(self.settings.kafka) as producer:
            for text in (title, f"marker {self.sent}"):
                article = Tagged(
                    id=digest(f"{text}{self.sent}"),
                    fetch_id=f"{digest(text)}:{self.sent}",
                    source="s.example",
                    title=text,
                    text="Some text.",
                    fetched_at=now,
                    extractor="test",
                )
                headers = [("ce_id", article.fetch_id.encode())]
                # one partition: what the marker follows has been tried before it
                await producer.send_and_wait(
                    TAGGED.name, encode(article), key=article.id.encode(), headers=headers, partition=0
                )
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [decode(m.value or b"", Alert) async for m in read_all(self.settings.kafka, [ALERTS.name])]
            if any(alert.article.title == f"marker {self.sent}" for alert in found):
                return sorted(alert.watch for alert in found if alert.article.id == digest(f"{title}{self.sent}"))
            await asyncio.sleep(0.1)  # reading everything costs the worker processor time
        raise AssertionError(f"no alert on the marker: {self.log.read_text()[-2000:]}")

    async def until(self, title: str, watches: list[str], seconds: float = 20.0) -> None:
        """Send articles of that title until just these watches fire on one."""
        end, fired = time.monotonic() + seconds, None
        while time.monotonic() < end:
            fired = await self.alerts(title)
            if fired == watches:
                return
        raise AssertionError(f"{fired} fired, not {watches}: {self.log.read_text()[-2000:]}")


@pytest.fixture
async def running(settings: Settings, tmp_path: Path) -> AsyncIterator[Running]:
    """A worker with the watch steps, a folder of watches, and the watch `marker` in force."""
    folder = tmp_path / "watches"
    folder.mkdir()
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        await watch_topic.put(settings, [watch("marker", "marker")])
        log = tmp_path / "worker.log"
        given = {"watch_folder": str(folder), "worker_fetch_wait_seconds": "0.1"}
        with forked_worker_on(broker.bootstrap, log, steps="match,watch", **given) as worker:
            worker.ready()
            yield Running(settings, log, folder)


async def test_a_running_worker_takes_up_changes(running: Running) -> None:
    """A watch that is put, changed and removed takes effect within seconds, without a restart."""
    assert await running.alerts("Oil prices rise") == []
    await watch_topic.put(running.settings, [watch("energy", "oil")])
    await running.until("Oil prices rise", ["energy"])
    change = await watch_topic.put(running.settings, [watch("energy", "gas")])
    assert change.changed == ["energy"]
    await running.until("Oil prices rise", [])
    assert await running.alerts("Gas prices rise") == ["energy"]
    assert await watch_topic.remove(running.settings, ["energy", "nobody"]) == (["energy"], ["nobody"])
    await running.until("Gas prices rise", [])


async def test_wrong_watch_is_refused_and_the_one_before_stays(running: Running) -> None:
    """Records of other programs on news.watches are checked; the log names the record, line and column."""
    await watch_topic.put(running.settings, [watch("energy", "oil")])
    await running.until("Oil prices rise", ["energy"])
    async with producing(running.settings.kafka) as producer:
        await producer.send_and_wait(
            WATCHES.name, b'{"name": "energy", "query": "oil AND (gas"}', key=b"energy", partition=None
        )
    end = time.monotonic() + 20
    while "energy is refused" not in running.log.read_text() and time.monotonic() < end:
        time.sleep(0.1)
    assert "the one in force before stays" in running.log.read_text()
    assert "news.watches, key energy:1:" in running.log.read_text()
    assert await running.alerts("Oil prices rise") == ["energy"]


async def test_folder_is_kept_in_force(running: Running) -> None:
    """A file that is new, changed, wrong or gone takes effect; while one is wrong nothing is removed."""
    file = running.folder / "energy.toml"
    file.write_text("query = 'oil'\n")
    await running.until("Oil prices rise", ["energy"])
    file.write_text("query = 'gas'\n")
    await running.until("Oil prices rise", [])
    file.write_text("query = 'gas AND'\n")
    end = time.monotonic() + 20
    while "energy.toml:1:" not in running.log.read_text() and time.monotonic() < end:
        time.sleep(0.1)
    assert "energy.toml:1:" in running.log.read_text()
    assert await running.alerts("Gas prices rise") == ["energy"]
    file.unlink()
    await running.until("Gas prices rise", [])
    assert await running.alerts("nothing") == []


async def say_story(running: Running, story: str, article: str) -> None:
    """Write to news.stories that an article founded a story."""
    now = datetime.now(UTC)
    news = Story(
        id=story,
        event_id=story,
        event="new",
        title="T",
        languages=["en"],
        first_seen_at=now,
        last_seen_at=now,
        articles=1,
        sources=1,
        growth=Growth(now=1.0, life=1.0),
        article=StoryArticle(id=article, title="T", source="s.example", fetched_at=now),
    )
    async with producing(running.settings.kafka) as producer:
        await producer.send_and_wait(STORIES.name, encode(news), key=story.encode())


async def test_second_story_is_alerted_in_the_cool_down_of_the_first(running: Running) -> None:
    """An article's story reaches the decider: another story's article does not wait for the cool-down."""
    await watch_topic.put(running.settings, [watch("strikes", "strike", cool_down='"1h"')])
    await running.until("A strike in Antwerp", ["strikes"])
    first = digest(f"A strike in Antwerp{running.sent}")
    await say_story(running, "en-1", first)
    for _ in range(3):
        await running.alerts("The first story comes to be known meanwhile")
    second = digest(f"A strike in La Guaira{running.sent + 1}")
    await say_story(running, "en-2", second)
    await running.alerts("A strike in La Guaira")
    found: list[Alert] = []
    end = time.monotonic() + 40
    while time.monotonic() < end and not found:
        alerts = [decode(m.value or b"", Alert) async for m in read_all(running.settings.kafka, [ALERTS.name])]
        found = [alert for alert in alerts if alert.article.id == second]
        time.sleep(0.2)
    assert [(alert.watch, alert.story) for alert in found] == [("strikes", "en-2")]
