"""A hundred sources and their archives: no alert on what was there, one on each article that comes afterwards."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from streams.records import Raw, encode
from tests.support.newsstand import NOON, Bench, MovedClock, Newsstand, feed, item

SOURCES, ARCHIVE = 100, 30
#: Each article is of its own: another place, another number, another sentence.
PLACES = ("Lagos", "Lima", "Osaka", "Porto", "Perth", "Turin", "Malmo", "Quito", "Dakar", "Tunis")


def article(source: int, number: int) -> str:
    """Return an article's item, of a text that no other has; of the older ones of each second source without a date."""
    place, one = PLACES[source % 10], f"{source:02}{number:03}"
    sentences = " ".join(
        f"Report {one}{n} from {place} says that warehouse {int(one) * 7 + n} held {int(one) * 13 + n} sacks of oil seed."
        for n in range(12)
    )
    undated = source % 2 == 0
    at = None if undated else NOON - 600.0 * (number + 1) if number < ARCHIVE else NOON + 3600
    return item(int(one), at, text=sentences, link=f"http://s{source}.example/{one}")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """Give a poller and its server."""
    async with Newsstand(MovedClock()) as stand:
        made = await Bench(stand).start()
        yield made
        await made.close()


def alerts(raw: list[Raw], folder: Path) -> list[str]:
    """Return the addresses of the articles that a watch on all of them is raised on, by `wirewatch apply`."""
    watches = folder / "watches"
    watches.mkdir(exist_ok=True)
    (watches / "all.toml").write_text('query = "warehouse"\neach = "article"\n', encoding="utf-8")
    lines = b"\n".join(encode(record) for record in raw)
    command = [sys.executable, "-m", "wirewatch", "apply", "clean,tag,watch", "--watches", str(watches), "-"]
    done = subprocess.run(command, input=lines, capture_output=True, check=False, cwd=folder)
    found = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert not [record for record in found if record["schema"] == "wirewatch.dead.v1"], done.stderr[-2000:]
    return [record["article"]["url"] for record in found if record["schema"] == "wirewatch.alert.v1"]


async def test_archives_raise_nothing_and_new_entries_do(bench: Bench, tmp_path: Path) -> None:
    """100 sources with 30 entries each at the first poll: no alert; one new entry in each afterwards: 100 alerts."""
    for source in range(SOURCES):
        old = [article(source, number) for number in range(ARCHIVE)]
        bench.stand.pages[f"s{source}.example", "/feed"] = feed(*old)
        await bench.put(f"s{source}", bench.stand.url("/feed", f"s{source}.example"), body="entry")
    await bench.run(600)
    archive = list(bench.topics.raw)
    assert len(archive) == SOURCES * ARCHIVE
    for source in range(SOURCES):
        items = [article(source, number) for number in (ARCHIVE, *range(ARCHIVE - 1))]
        bench.stand.pages[f"s{source}.example", "/feed"] = feed(*items)
    await bench.run(3 * 3600)
    new = bench.topics.raw[len(archive) :]
    assert len(new) == SOURCES
    assert all(record.backfill for record in archive)
    assert alerts(archive[::6], tmp_path) == []
    assert sorted(alerts(new, tmp_path)) == sorted(record.url or "" for record in new)
