"""The archive step on the demo's topics, in a worker that is killed in between."""

import time
from pathlib import Path

import orjson

from agents.archive.sqlite import SqliteStore
from agents.archive.store import Span
from streams.kafka.reading import read_all
from streams.settings import Settings
from streams.topics import ALERTS, DUPLICATES, TAGGED
from tests.support.flow import Demo, forked_worker_on
from wirewatch.history.search import Search


async def test_history_is_what_the_topics_hold(demo: Demo, tmp_path: Path) -> None:
    """Built from nothing by a worker that is killed and started again, it has each fetch, copy and alert once."""
    path = tmp_path / "archive.db"
    expected: dict[str, set[str]] = {topic.name: set() for topic in (TAGGED, DUPLICATES, ALERTS)}
    settings = Settings()
    settings.kafka.bootstrap = demo.bootstrap
    async for message in read_all(settings.kafka, list(expected)):
        expected[message.topic].add(dict(message.headers)["ce_id"].decode())

    with forked_worker_on(
        demo.bootstrap,
        tmp_path / "worker.log",
        steps="archive",
        archive_url=f"sqlite:{path}",
        archive_days="0",
        kafka_group_prefix="again",
    ) as worker:
        worker.ready()
        worker.kill()
        worker.start()
        kept_in_time(path, expected)
        time.sleep(1)
        kept_in_time(path, expected)
        worker.kill()  # its group has read all; only whoever opens a new store reads the topics again
        for each in tmp_path.glob("archive.db*"):
            each.unlink()
        worker.start()
        kept_in_time(path, expected)
        end = time.monotonic() + 30
        while is_new(path):
            assert time.monotonic() < end
            time.sleep(0.2)

    store = SqliteStore(path)
    assert {hit.article.fetch_id for hit in Search(store, "").newest(Span(), 1000).hits} <= expected[TAGGED.name]
    assert {row.key for row in store.events("alert", None, Span(), 1000)} == expected[ALERTS.name]


def kept_in_time(path: Path, expected: dict[str, set[str]]) -> None:
    """Wait until a store holds as many of each as the topics."""
    end = time.monotonic() + 60
    while not path.exists() or kept(path) != {name: len(ids) for name, ids in expected.items()}:
        assert time.monotonic() < end, (kept(path), {name: len(ids) for name, ids in expected.items()})
        time.sleep(0.5)


def is_new(path: Path) -> bool:
    """Return whether a store is still to be filled."""
    store = SqliteStore(path)
    try:
        return store.is_new()
    finally:
        store.close()


def kept(path: Path) -> dict[str, int]:
    """Return how many of each a store holds."""
    store = SqliteStore(path)
    try:
        counts = {TAGGED.name: store.size()[0]}
        for topic, kind in ((DUPLICATES, "duplicate"), (ALERTS, "alert")):
            counts[topic.name] = len(store.events(kind, None, Span(), 10_000))  # type: ignore[arg-type]
        return counts
    finally:
        store.close()


def test_the_demo_keeps_history(demo: Demo) -> None:
    """The demo runs the step, and says on its metrics how much is kept."""
    end = time.monotonic() + 30
    while b"wirewatch_archive_articles 0.0" in demo.get("/metrics"):
        assert time.monotonic() < end
        time.sleep(0.2)
    status = orjson.loads(demo.get("/status.json"))

    assert "archive" in {step["step"] for step in status["steps"]}
