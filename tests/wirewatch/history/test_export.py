"""`wirewatch export`: the articles of a search as Parquet, CSV and JSON lines, from both kinds of origin."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from agents.archive.sqlite import SqliteStore
from streams.records import Tagged, decode
from tests.support.history import ARTICLES, STORY, fill, matching
from tests.support.history_server import Server
from wirewatch.cli import main
from wirewatch.tables.columns import COLUMNS

QUERY = "strike* OR walkout*"
#: One that the store alone does not answer.
NEAR = "strike* NEAR/30 (port* OR mine*)"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with the articles of the watches' cases."""
    path = tmp_path_factory.mktemp("history") / "archive.db"
    made = SqliteStore(path)
    fill(made)
    made.close()
    return f"sqlite:{path}"


@pytest.fixture(scope="module")
def worker(store: str) -> Iterator[Server]:
    """A worker's API over the same store."""
    server = Server(store)
    yield server
    server.stop()


def export(*words: str) -> Result:
    """Run `wirewatch export`."""
    return CliRunner().invoke(main, ["export", *words])


@pytest.mark.parametrize("query", [QUERY, NEAR, ""])
def test_parquet_has_what_a_watch_matches(store: str, tmp_path: Path, query: str) -> None:
    """Each match is a row, the newest first, with flat columns beside nested ones."""
    file = tmp_path / "found.parquet"

    result = export("--from", store, "--query", query, "-o", str(file))

    rows = pq.read_table(file).to_pylist()
    expected = matching(query) if query else [article.id for article in reversed(ARTICLES)]
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in rows] == expected
    assert f"{len(rows)} articles" in result.stderr
    by_id = {article.id: article for article in ARTICLES}
    for row in rows:
        article = by_id[row["id"]]
        assert row["countries"] == [region.country for region in article.regions]
        assert row["topic_ids"] == [topic.id for topic in article.topics]
        assert row["topic_id"] == (article.topics[0].id if article.topics else None)
        assert [region["code"] for region in row["regions"]] == [region.code for region in article.regions]
        assert row["published_at"] == article.published_at
        assert row["text"] == article.text


def test_the_story_of_an_article_is_a_column(store: str, tmp_path: Path) -> None:
    """Three articles of the history belong to a story; the others have none."""
    export("--from", store, "-o", str(tmp_path / "all.parquet"))

    stories = {row["id"]: row["story"] for row in pq.read_table(tmp_path / "all.parquet").to_pylist()}

    assert {key for key, story in stories.items() if story == STORY} == {article.id for article in ARTICLES[:3]}
    assert set(stories.values()) == {STORY, None}


def test_csv_reads_as_it_was_written(store: str, tmp_path: Path) -> None:
    """Commas, quotes and line ends in a text stay in their cell; lists and nested columns can be read back."""
    export("--from", store, "--query", QUERY, "-o", str(tmp_path / "found.csv"))

    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    by_id = {article.id: article for article in ARTICLES}
    assert list(rows[0]) == [column.name for column in COLUMNS]
    assert [row["id"] for row in rows] == matching(QUERY)
    assert all(row["text"] == by_id[row["id"]].text for row in rows)
    for row in rows:
        codes = [region["code"] for region in orjson.loads(row["regions"] or "[]")]
        assert "; ".join(codes) == row["countries"]


def test_json_lines_are_records(store: str, tmp_path: Path) -> None:
    """Each line is a record that other commands take, with the flat columns beside."""
    export("--from", store, "--query", QUERY, "-o", str(tmp_path / "found.jsonl"))

    lines = (tmp_path / "found.jsonl").read_bytes().splitlines()

    assert [decode(line, Tagged).id for line in lines] == matching(QUERY)
    assert {"country", "countries", "topic", "story_id"} <= orjson.loads(lines[0]).keys()


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_standard_output_gets_the_file(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """`-o -` gives the bytes that a file would have, and leaves none; it needs the format."""
    file = tmp_path / "whole" / f"found.{form}"
    file.parent.mkdir()
    export("--from", store, "--query", QUERY, "-o", str(file))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    result = export("--from", store, "--query", QUERY, "--format", form, "-o", "-")

    assert result.exit_code == 0, result.output
    assert result.stdout_bytes == file.read_bytes()
    assert "standard output: " in result.stderr
    assert "--format" in export("--from", store, "-o", "-").stderr
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("query", [QUERY, NEAR])
def test_a_worker_gives_the_same_table(store: str, worker: Server, tmp_path: Path, query: str) -> None:
    """Over the API, page by page, the file is the one that the store gives."""
    export("--from", store, "--query", query, "-o", str(tmp_path / "store.parquet"))
    result = export("--from", worker.url, "--query", query, "--progress", "-o", str(tmp_path / "api.parquet"))

    assert result.exit_code == 0, result.output
    assert (tmp_path / "api.parquet").read_bytes() == (tmp_path / "store.parquet").read_bytes()


def test_pages_of_whole_articles_hold_each_once(worker: Server) -> None:
    """Pages by `before` hold every match once, with the record as it was kept."""
    found, before = [], ""
    while before is not None:
        page = worker.get("/records", limit="7", query=QUERY, **({"before": before} if before else {})).json()
        found += page["records"]
        before = page["before"]

    assert [record["article"]["id"] for record in found] == matching(QUERY)
    assert found[0]["article"]["text"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "x.xlsx"), "--format parquet, csv, jsonl"),
        (("-o", "x.csv"), "archive.url"),
        (("-o", "x.csv", "--from", "{store}", "--since", "yesterday"), "--since"),
        (("-o", "x.csv", "--from", "{store}", "--query", "oil embargo"), "--query: line 1"),
        (("-o", "no/such/folder/x.csv", "--from", "{store}"), "cannot be written"),
        (("-o", "x.csv", "--from", "ftp:x"), "--from is neither sqlite:PATH"),
        (("-o", "x.csv", "--from", "sqlite:mistyped.db"), "there is no archive mistyped.db"),
        (("-o", "x.csv", "--from", "{store}", "--token-env", "NOBODY_SETS_IT"), "NOBODY_SETS_IT"),
    ],
)
def test_a_wrong_option_is_named(
    store: str, words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, the mistake, and no file."""
    monkeypatch.chdir(tmp_path)
    result = export(*(word.format(store=store) for word in words))

    assert result.exit_code == 2
    assert said in result.stderr.replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_refuses_is_named(tmp_path: Path) -> None:
    """A worker without history says how to keep it, through the command."""
    server = Server(None)
    result = export("--from", server.url, "-o", str(tmp_path / "x.csv"))
    server.stop()

    assert result.exit_code == 2
    assert "404" in result.stderr and "archive.url" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_its_extra_is_an_error_that_names_it(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where pyarrow is not installed, the error says how to install it, and no file is left."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = export("--from", store, "-o", str(tmp_path / "x.parquet"))

    assert result.exit_code == 2
    assert "wirewatch[parquet]" in result.stderr
    assert list(tmp_path.iterdir()) == []
