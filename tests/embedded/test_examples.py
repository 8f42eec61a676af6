"""The notebook and the consumer that others begin from run as they say."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from agents.archive.entries import article_entry
from agents.archive.sqlite import SqliteStore
from streams.kafka.reading import read_all
from streams.records import NewsTopic, Region, Tagged, encode
from streams.settings import Settings
from streams.topics import TAGGED
from tests.support.flow import Demo
from tests.support.history import START, fill
from wirewatch.history.search import features

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs/archive.ipynb"
CONSUMER = ROOT / "examples/consumer.py"
PICTURES = ("topics-by-day.png", "countries.png", "stories.png")


def code_cells() -> list[str]:
    """Return the code of the notebook."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def archive(path: Path, *, empty: bool = False) -> None:
    """Make an archive with articles of some days, topics and countries, and a story."""
    store = SqliteStore(path)
    if not empty:
        fill(store)
        topics = ("economy", "politics", "sport", None)
        entries = []
        for number in range(120):
            at = START + timedelta(hours=number)
            topic, country = topics[number % 4], ("VE", "FR", "JP")[number % 3]
            tagged = Tagged(
                id=f"{10_000 + number:032x}",
                fetch_id=f"{10_000 + number:032x}:1",
                source="a.example",
                title=f"Article {number}",
                text="Text.",
                published_at=at if number % 5 else None,
                fetched_at=at,
                extractor="test",
                regions=[Region(country=country, code=country, level="country", name=country, role="about", score=1.0)],
                topics=[NewsTopic(id=topic, label=topic, level=1, score=1.0, method="test")] if topic else [],
            )
            entries.append(article_entry(encode(tagged), features))
        store.add(entries, [])
    store.close()


@pytest.mark.parametrize("empty", [False, True], ids=["filled", "empty"])
def test_the_notebook_goes_from_an_archive_to_three_pictures(
    empty: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cells run one after another, and leave three pictures with something on them; an empty archive is no error."""
    import matplotlib as mpl  # noqa: PLC0415 - each process of a run imports this file, and one needs the library
    from matplotlib import image  # noqa: PLC0415

    mpl.use("agg")
    archive(tmp_path / "archive.db", empty=empty)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARCHIVE", f"sqlite:{tmp_path / 'archive.db'}")
    names: dict[str, object] = {}
    for cell in code_cells():
        exec(compile(cell, str(NOTEBOOK), "exec"), names)

    for name in PICTURES:
        picture = image.imread(tmp_path / name)
        colours = {tuple(pixel) for pixel in picture.reshape(-1, picture.shape[-1])[::7]}
        assert len(colours) > (10 if empty else 20), name


def test_the_notebook_is_kept_without_outputs() -> None:
    """Pictures and counts of somebody's archive do not come into the repository."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]

    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells if cell["cell_type"] == "code")


async def test_the_consumer_has_each_article_once(demo: Demo, tmp_path: Path) -> None:
    """It writes every article in its latest version; run again, and beside it as another group, nothing is double."""
    settings = Settings()
    settings.kafka.bootstrap = demo.bootstrap
    ids = set()
    async for message in read_all(settings.kafka, [TAGGED.name]):
        ids.add(json.loads(message.value or b"{}")["id"])

    for groups in (["one"], ["one", "another"]):  # each ends idle seconds after its last message: two wait together
        await asyncio.gather(*(asyncio.to_thread(consume, demo, tmp_path / "articles.db", group) for group in groups))

    with sqlite3.connect(tmp_path / "articles.db") as table:
        rows = table.execute("SELECT id, ce_id, title, text FROM articles").fetchall()
    table.close()
    assert len(rows) == len({row[0] for row in rows}) == len(ids)
    assert {row[0] for row in rows} == ids
    assert all(ce_id and title and text for _, ce_id, title, text in rows)


def test_the_consumer_says_that_no_kafka_answers(tmp_path: Path) -> None:
    """One line that names the address and the way out, instead of a traceback."""
    command = [sys.executable, str(CONSUMER), "--bootstrap", "127.0.0.1:1", "--table", str(tmp_path / "articles.db")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, timeout=180, check=False, env=environment, text=True)
    assert done.returncode == 1
    assert "no Kafka answers at 127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


def consume(demo: Demo, table: Path, group: str) -> None:
    """Run the consumer until nothing comes any more."""
    command = [sys.executable, str(CONSUMER), "--bootstrap", demo.bootstrap, "--table", str(table), "--group", group]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--until-idle", "5"], capture_output=True, timeout=180, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr.decode()
