"""The archive step: a chunk is kept, a store that takes nothing is waited for, and old articles are forgotten."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from agents.archive.entries import counted
from agents.archive.filling import is_new, note_filled
from agents.archive.open import open_store, store_url
from agents.archive.pruning import Size, keep_small
from agents.archive.settings import ArchiveSettings
from agents.archive.sqlite import SqliteStore
from agents.archive.step import ArchiveOutcome, ArchiveSettler, ArchiveTask
from agents.archive.store import Span
from streams.errors import ArchiveError, Refused, SettingsError
from streams.records import Tagged, encode
from streams.settings import Settings
from streams.topics import TAGGED
from tests.agents.archive.conftest import article, empty, words
from tests.support.real_postgres import RealPostgres
from wirewatch.http.history.asking import History


def tagged(number: int, days_ago: float = 0) -> ArchiveTask:
    """Return the task of an article, published so many days ago."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    record = Tagged(
        id=f"{number:032x}",
        fetch_id=f"{number:032x}:{number}",
        source="paper.example",
        title="Oil",
        text="oil",
        published_at=at,
        fetched_at=at,
        extractor="test",
    )
    return TAGGED.name, record.fetch_id, encode(record), at.timestamp()


def settler(url: str, **fields: float) -> ArchiveSettler:
    """Return a settler for a store."""
    return ArchiveSettler(Settings(ArchiveSettings(url=url, **fields)), words)  # type: ignore[arg-type]


def test_a_chunk_is_kept_but_for_what_is_no_record(tmp_path: Path) -> None:
    """A bad message of a chunk is refused by itself, one older than the history is counted, the others are kept."""
    path = tmp_path / "archive.db"
    keeping = settler(f"sqlite:{path}", days=30)

    results = keeping.compute_all([tagged(0), (TAGGED.name, "x", b"{}", 0.0), tagged(1, days_ago=31), tagged(2)])

    assert isinstance(results[1], Refused)
    assert [results[0], *results[2:]] == [ArchiveOutcome.KEPT, ArchiveOutcome.TOO_OLD, ArchiveOutcome.KEPT]
    assert [int(row.id, 16) for row in SqliteStore(path).candidates((), Span())] == [2, 0]


def test_a_store_that_takes_nothing_is_waited_for(tmp_path: Path) -> None:
    """An obstacle before the store is waited for, the step says that it is not up, and goes on by itself."""
    folder = tmp_path / "folder"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    store = ArchiveSettings(url=f"sqlite:{folder / 'archive.db'}")
    keeping = ArchiveSettler(Settings(store), words, first_wait_seconds=0.05, max_wait_seconds=0.05)
    done: list[object] = []
    work = threading.Thread(target=lambda: done.extend(keeping.compute_all([tagged(0)])))

    work.start()
    while keeping.up:
        assert work.is_alive()
    folder.unlink()
    work.join(20)

    assert done == [ArchiveOutcome.KEPT]
    assert keeping.up


def test_a_file_that_was_moved_away_is_written_no_more(tmp_path: Path) -> None:
    """As docs say to do with one that is damaged: later records are in the new file, where they are looked for."""
    store = ArchiveSettings(url=f"sqlite:{tmp_path / 'archive.db'}")
    keeping = ArchiveSettler(Settings(store), words, first_wait_seconds=0.01)
    history = History(store.url)
    keeping.compute_all([tagged(0)])
    assert history._answer(lambda kept: kept.size()[0]) == 1
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (tmp_path / name).rename(tmp_path / f"old-{name}")

    keeping.compute_all([tagged(1), tagged(2)])

    assert history._answer(lambda kept: kept.size()[0]) == 2
    assert keeping.failures == 1
    history.close()


def test_what_is_kept_outlives_a_loss_of_power(tmp_path: Path) -> None:
    """It is acknowledged at once: each transaction is on the disk before."""
    store = SqliteStore(tmp_path / "archive.db")
    full = 2
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (full,)


def test_a_worker_that_stops_waits_for_no_store(tmp_path: Path) -> None:
    """The wait ends with the worker: articles that were not kept are delivered again."""
    (tmp_path / "folder").write_text("", encoding="utf-8")
    keeping = settler(f"sqlite:{tmp_path / 'folder' / 'archive.db'}")
    keeping.stop()

    with pytest.raises(ArchiveError, match="cannot be opened"):
        keeping.compute_all([tagged(0)])


def test_a_store_that_cannot_be_opened_says_what_to_mend(tmp_path: Path) -> None:
    """A folder that cannot be made is not to be moved away; a file of something else is."""
    (tmp_path / "file").write_text("no archive, and longer than the head of one " * 3, encoding="utf-8")
    with pytest.raises(ArchiveError, match="mend archive.url, or the folder"):
        open_store(f"sqlite:{tmp_path / 'file' / 'archive.db'}")
    with pytest.raises(ArchiveError, match="move it away, and it is built again"):
        open_store(f"sqlite:{tmp_path / 'file'}")
    with pytest.raises(SettingsError, match="neither sqlite:PATH nor postgresql"):
        store_url(ArchiveSettings(url="mysql://desk@db/news"))


def test_the_old_and_what_is_too_much_is_forgotten(tmp_path: Path) -> None:
    """By days, and then the oldest weeks until the store is small enough."""
    url = f"sqlite:{tmp_path / 'archive.db'}"
    store = open_store(url)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    text = " ".join(f"{number:x}" for number in range(3_000))
    store.add([article(n, f"oil {text}", at=now - timedelta(weeks=n)) for n in range(10)], [])
    _, before = store.size()

    shown: list[Size] = []
    for max_gib in (0.0, before / 2 / 2**30):
        keep_small(url, ArchiveSettings(days=60, max_gib=max_gib), now.timestamp(), shown.append)
    assert shown[0].articles == 9
    articles, after, _ = shown[1]

    assert 0 < articles < 9
    assert after <= before / 2
    assert int(next(store.candidates((), Span())).id, 16) == 0


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting is named, and a password never shown."""
    with pytest.raises(SettingsError, match=r"archive\.url is neither") as caught:
        open_store("mysql://user:hunter2@host/db")
    with pytest.raises(SettingsError, match="HISTORY is not set"):
        store_url(ArchiveSettings(url_env="HISTORY"), {})

    assert "hunter2" not in str(caught.value)
    assert store_url(ArchiveSettings(url_env="HISTORY"), {"HISTORY": "sqlite:x"}) == "sqlite:x"


@pytest.mark.parametrize("time", ["2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_what_a_wrong_clock_dates_far_ahead_stands_where_it_came_in(tmp_path: Path, time: str) -> None:
    """It would be the newest of all for years; an hour ahead, as a time zone that was mistaken, is left as it is."""
    path = tmp_path / "archive.db"
    ahead = changed(tagged(1, days_ago=2), fetched_at=time, published_at=None)
    assert (
        settler(f"sqlite:{path}").compute_all([ahead, tagged(0), tagged(2, days_ago=-1 / 24)])[0] == ArchiveOutcome.KEPT
    )
    kept = SqliteStore(path)
    assert [int(row.id, 16) for row in kept.candidates((), Span())] == [2, 0, 1]
    assert sum(kept.days((), Span()).values()) == 3
    kept.close()


def changed(task: ArchiveTask, **fields: object) -> ArchiveTask:
    """Return the task of an article with other fields."""
    topic, key, value, came_in = task
    return topic, key, orjson.dumps({**orjson.loads(value), **fields}), came_in


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "paper\x00.example"},
        {"revision": 2**40},
        {"id": "".join(map(chr, range(0x4E00, 0x8000)))},
    ],
    ids=["nul", "number", "key"],
)
def test_what_a_database_never_takes_is_refused_alone(postgres: RealPostgres, fields: dict[str, object]) -> None:
    """One message of a chunk is refused, the others are kept: the step does not wait for it for ever."""
    empty(postgres)
    keeping = settler(postgres.url)
    keeping.stop()  # a wait would end with an error

    results = keeping.compute_all([tagged(0), changed(tagged(1), **fields), tagged(2)])

    assert [results[0], results[2]] == [ArchiveOutcome.KEPT] * 2
    assert isinstance(results[1], Refused)
    assert keeping.up


def test_a_store_that_breaks_while_it_forgets_ends_nothing(tmp_path: Path) -> None:
    """A damaged file is said to be so, as one that is away is."""
    path = tmp_path / "archive.db"
    store = open_store(f"sqlite:{path}")
    store.add([article(0, "oil")], [])
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE events RENAME COLUMN n TO m")

    with pytest.raises(ArchiveError, match="too old or too much is not removed from history: .*no such column"):
        keep_small(
            f"sqlite:{path}", ArchiveSettings(days=1), datetime(2027, 1, 1, tzinfo=UTC).timestamp(), lambda size: None
        )


def test_a_store_that_breaks_while_it_is_filled_ends_nothing(tmp_path: Path) -> None:
    """One that takes no note that it is filled stays new, and the error says so."""
    path = tmp_path / "archive.db"
    open_store(f"sqlite:{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE DELETE ON properties BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )

    with pytest.raises(ArchiveError, match="that it is filled is not noted: .*disk is full"):
        note_filled(f"sqlite:{path}")
    assert is_new(f"sqlite:{path}")


def test_a_stop_beside_a_store_that_takes_nothing_is_quiet(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The trouble is in the log once: waiting writers try once more each, and say nothing."""
    (tmp_path / "folder").write_text("", encoding="utf-8")
    keeping = settler(f"sqlite:{tmp_path / 'folder' / 'archive.db'}")
    keeping.stop()

    for n in range(5):
        with pytest.raises(ArchiveError, match="cannot be opened"):
            keeping.compute_all([tagged(n)])

    assert len(caplog.records) == 1


def test_what_is_not_taken_is_counted_by_kind() -> None:
    """A store that takes nothing may have been given no article."""
    assert counted([1, 2], [1]) == "2 articles and 1 other record"
    assert counted([], [1, 2]) == "2 other records"
