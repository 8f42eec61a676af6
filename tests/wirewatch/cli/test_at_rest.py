"""Commands on a laptop at rest: a folder on which nothing runs, or one that is none."""

from contextlib import closing
from pathlib import Path

import click
import orjson
import pytest

from agents.archive.sqlite import SqliteStore
from streams.errors import BrokerAway
from streams.journal.store import JournalEntry, StateRow, Store, pack
from streams.kafka.embedded import EmbeddedBroker
from streams.records import encode
from streams.topics import CLEAN, SOURCES
from tests.support.commands import run
from wirewatch import testing
from wirewatch.cli import console, main
from wirewatch.laptop.folder import HISTORY, announced, locked


@pytest.fixture
def rested(tmp_path: Path) -> Path:
    """Return a laptop's folder on which nothing runs, whose journal keeps three articles."""
    with closing(Store(tmp_path)) as store:
        store.write(
            [
                JournalEntry(CLEAN.name, article.id, article.id.encode(), pack(encode(article)), (), number)
                for number, article in enumerate(testing.articles())
            ],
            (),
            (),
        )
    return tmp_path


def test_a_laptop_at_rest_shows_what_it_keeps(rested: Path) -> None:
    """Messages of earlier runs come in their order, a line each also in a pipe, and then the command ends."""
    code, out, error = run("tail", "news.clean", "--data", str(rested), "--from-beginning", "--json")
    assert code == 0, error
    assert [orjson.loads(line)["id"] for line in out.splitlines()] == [article.id for article in testing.articles()]
    assert "that is all, for nothing runs" in error
    lines = run("tail", "news.clean", "--data", str(rested), "--from-beginning", "-n", "2")[1].splitlines()
    assert len(lines) == 2


def test_a_laptop_at_rest_is_not_waited_for(rested: Path) -> None:
    """Where nothing runs nothing comes: it is said at once."""
    code, _, error = run("tail", "news.clean", "--data", str(rested))
    assert code == 2
    assert "nothing comes" in error and "--from-beginning" in error
    for words in ("top --once", "replay", "deliveries retry --all"):  # what would be sent would reach no step
        code, _, error = run(*words.split(), "--data", str(rested))
        assert (code, "only a laptop that runs does this" in error) == (2, True), error


def test_a_laptop_exports_its_own_history(rested: Path) -> None:
    """--data names the folder, and its history is in it; until there is one the command says how it comes."""
    code, _, error = run("export", "--data", str(rested), "-o", str(rested / "all.csv"))
    assert (code, f"no history yet: `wirewatch run --data {rested}`" in error) == (2, True), error
    SqliteStore(rested / HISTORY).close()
    code, _, error = run("export", "--data", str(rested), "-o", str(rested / "all.csv"))
    assert code == 0, error
    assert "0 articles" in error


def test_a_folder_and_a_kafka_are_two_places(rested: Path) -> None:
    """Where both are named, neither is taken for the other."""
    code, _, error = run("audit", "--data", str(rested), "--bootstrap", "here:9092")
    assert (code, "give one of them" in error) == (2, True), error


def test_a_laptop_that_ended_meanwhile_is_named(rested: Path) -> None:
    """A command that waited for it gives up on the folder, not on a Kafka at a port that means nothing to anybody."""
    silent = BrokerAway("Kafka at 127.0.0.1:34287 has not answered for 30 s")
    with click.Context(main) as context:
        context.meta["wirewatch.data"] = rested
        assert f"nothing runs on {rested}" in str(console.away(silent))
        context.meta["wirewatch.data"] = None
        assert console.away(silent) is silent


@pytest.mark.parametrize(
    "words", ["tail news.clean", "sources list", "watches list", "export -o x.csv", "digest preview x"]
)
def test_a_misspelt_folder_is_not_made(tmp_path: Path, words: str) -> None:
    """A command that only looks makes no laptop of a folder that is none, and does not say that it is empty."""
    code, _, error = run(*words.split(), "--data", str(tmp_path / "nwes"))
    assert code == 2
    assert "nwes is no laptop's folder" in error
    assert not (tmp_path / "nwes").exists()


def test_a_laptop_that_starts_knows_its_sources(tmp_path: Path) -> None:
    """While its steps do not run yet, the broker knows of no source; those of the journal and of the inbox are listed."""
    lists = [tmp_path / f"{name}.toml" for name in ("kept", "left")]
    for path in lists:
        path.write_text(f'[[source]]\nname = "{path.stem}"\nurl = "https://{path.stem}.example/feed"\n')
    folder = tmp_path / "data"
    with closing(Store(folder)) as store:
        for path in lists:
            assert run("sources", "import", str(path), "--data", str(folder))[0] == 0
            if path.stem == "kept":
                [message] = store.left(9)
                store.write((), [StateRow(SOURCES.name, 0, "kept", message.value, message.headers)], ())
                store.taken([message.number])

    with locked(folder), EmbeddedBroker() as broker, announced(folder, broker.bootstrap):
        code, out, error = run("sources", "list", "--data", str(folder), "--json")
        again = run("sources", "import", str(lists[1]), "--data", str(folder))[1]

    assert code == 0, error
    assert [orjson.loads(line)["name"] for line in out.splitlines()] == ["kept", "left"]
    assert "0 new, 0 changed, 1 unchanged" in again
