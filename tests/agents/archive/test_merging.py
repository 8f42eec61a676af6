"""Joining the days of PostgreSQL, a piece at a time, while others read and write."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from agents.archive import merging
from agents.archive.postgres import PostgresStore
from agents.archive.pruning import MERGED_FROM_DAYS, Size, keep_small
from agents.archive.settings import ArchiveSettings
from agents.archive.store import Span
from streams.errors import ArchiveError
from tests.agents.archive.conftest import article, empty
from tests.agents.archive.test_postgres import partitions
from tests.support.real_postgres import RealPostgres

FIRST = datetime(2024, 3, 1, 12, tzinfo=UTC)
#: Days that the store is filled, each the fifth; articles of each, and how many are copied at once.
DAYS, OF_DAY, AT_ONCE = 12, 2, 3
WANTED = ((frozenset({"oil"}),),)


class Clock:
    """The day that it is, as the test says."""

    def __init__(self) -> None:
        self.today = FIRST.date()

    def __call__(self) -> date:
        """Return it."""
        return self.today


@pytest.fixture
def clock() -> Clock:
    """The first day."""
    return Clock()


@pytest.fixture
def store(postgres: RealPostgres, clock: Clock) -> Iterator[PostgresStore]:
    """A database that was filled on each fifth day of two months; now it is a year later."""
    empty(postgres)
    made = PostgresStore(postgres.url, clock)
    kept = [(day, n, FIRST + timedelta(days=5 * day, minutes=n)) for day in range(DAYS) for n in range(OF_DAY)]
    made.add([article(OF_DAY * day + n, "oil rises", at=at) for day, n, at in kept], [])
    clock.today = date(2025, 4, 1)
    yield made
    made.close()


def found(store: PostgresStore) -> list[float]:
    """Return the times of all articles that a search finds."""
    return [row.at for row in store.candidates(WANTED, Span())]


def test_days_become_months_and_nothing_is_missing_meanwhile(postgres: RealPostgres, store: PostgresStore) -> None:
    """At each piece of the work searches and counts give the same; at the end two months have a partition each."""
    sought, counts, size = found(store), store.days((), Span()), store.size()[0]
    assert (len(sought), len(counts), len(partitions(postgres))) == (OF_DAY * DAYS, DAYS, DAYS)
    pieces = 0
    while store.merge(AT_ONCE):
        pieces += 1
        assert (found(store), store.days((), Span()), store.size()[0]) == (sought, counts, size)
    assert pieces >= OF_DAY * DAYS // AT_ONCE
    assert partitions(postgres) == ["articles_20240301", "articles_20240405"]
    assert store.days(WANTED, Span()) == counts
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute(
            "SELECT to_regclass('articles_merging'), to_regclass('articles_changed'), to_regproc('articles_note_change')"
        ).fetchone() == (None, None, None)


def test_what_is_written_in_the_midst_is_there_at_the_end(postgres: RealPostgres, store: PostgresStore) -> None:
    """A late article, a revision and a worker that takes the work over; what was pruned does not come back."""
    for _ in range(3):
        assert store.merge(AT_ONCE)
    late = FIRST + timedelta(days=1, hours=3)
    store.add([article(900, "oil late", at=late), article(3, "oil again", at=late, revision=1)], [])
    before = found(store)
    assert late.timestamp() in before
    assert store.prune((FIRST + timedelta(hours=12)).timestamp()) == OF_DAY
    heir = PostgresStore(postgres.url, lambda: date(2025, 4, 1))
    while heir.merge(AT_ONCE):
        pass
    assert found(heir) == found(store) == before[:-OF_DAY]
    assert len(partitions(postgres)) == 2
    assert [store.days((), Span())[f"2024-03-{day}"] for day in ("01", "02", "06")] == [0, 2, 1]
    store.add([article(901, "oil later", at=late + timedelta(days=2))], [])
    assert store.days((), Span())["2024-03-04"] == 1
    assert len(partitions(postgres)) == 2
    heir.close()


@pytest.mark.parametrize(
    ("days", "pruned", "added", "ends"),
    [((5, 10, 15), 12, 3, ["20240115"]), ((1, 6, 11), 12, 20, ["20240201"])],
    ids=["its first days", "all of it"],
)
def test_what_is_pruned_in_the_midst_and_fetched_again_is_kept(
    postgres: RealPostgres,
    store: PostgresStore,
    clock: Clock,
    days: tuple[int, ...],
    pruned: int,
    added: int,
    ends: list[str],
) -> None:
    """The new partition reaches beyond the copy, in which its articles are not: the work is begun anew."""
    clock.today = date(2024, 1, 31)
    store.add([article(500 + day, "oil rises", at=datetime(2024, 1, day, tzinfo=UTC)) for day in days], [])
    clock.today = date(2025, 4, 1)
    assert store.merge(1)
    assert store.prune(datetime(2024, 1, pruned, tzinfo=UTC).timestamp())
    store.add([article(900, "oil late", at=datetime(2024, 1, added, tzinfo=UTC))], [])
    assert [each.end for each in store._partitions() if each.first == "20240101"] == ends
    before = found(store)
    while store.merge(1000):
        pass
    assert found(store) == before
    assert len(partitions(postgres)) == 3
    store.add([article(901, "oil later", at=datetime(2024, 1, added, 6, tzinfo=UTC))], [])
    assert len(found(store)) == len(before) + 1


def test_a_search_that_has_begun_goes_on_over_the_exchange(postgres: RealPostgres, store: PostgresStore) -> None:
    """It listed partitions that are gone by now, and finds what they held."""
    expected = found(store)
    reader = PostgresStore(postgres.url)
    begun = reader.candidates(WANTED, Span())
    first = [next(begun).at]
    while store.merge(1000):
        pass
    assert first + [row.at for row in begun] == expected
    reader.close()


def test_who_reads_for_long_is_not_waited_for(
    postgres: RealPostgres, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exchange gives way and says why, the work is kept, and is done once the reader has ended."""
    monkeypatch.setattr(merging, "MOST_WAITED_MS", 50)
    with psycopg.connect(postgres.url) as reader:
        reader.execute("SELECT count(*) FROM articles")
        for _ in range(2):
            with pytest.raises(ArchiveError, match="reading history for over 0.05 s"):
                store.merge(1000)
        assert len(partitions(postgres)) == DAYS
    while store.merge(1000):
        pass
    assert len(partitions(postgres)) == 2


def test_only_history_that_is_kept_for_years_is_joined(postgres: RealPostgres, store: PostgresStore) -> None:
    """What is forgotten in a year goes day by day, as whole tables."""
    now = FIRST.timestamp() + 86_400 * 400
    for days, joins in ((MERGED_FROM_DAYS - 1, False), (0, True)):
        for _ in range(2):
            keep_small(postgres.url, ArchiveSettings(days=days), now, lambda size: None)
        assert (len(partitions(postgres)) < DAYS) is joins
    assert len(found(store)) == OF_DAY * DAYS


def test_a_failure_to_join_says_so(postgres: RealPostgres, store: PostgresStore) -> None:
    """Somebody's view of one day forbids to drop its table; what is too old goes all the same, and nothing is lost."""
    with psycopg.connect(postgres.url) as connection:
        connection.execute(f"CREATE VIEW somebodys AS SELECT * FROM {partitions(postgres)[1]}")
    shown: list[Size] = []
    with pytest.raises(ArchiveError, match="(?s)^old partitions of history are not joined.*somebodys"):
        keep_small(postgres.url, ArchiveSettings(days=0), FIRST.timestamp(), shown.append)
    assert [size.articles for size in shown] == [OF_DAY * DAYS]
    with psycopg.connect(postgres.url) as connection:
        connection.execute("DROP VIEW somebodys")
    keep_small(postgres.url, ArchiveSettings(days=0), FIRST.timestamp(), shown.append)
    assert len(partitions(postgres)) < DAYS
    assert len(found(store)) == OF_DAY * DAYS
