"""Both stores keep the same, find the same and forget the same."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from agents.archive import postgres as postgres_store
from agents.archive import sqlite as sqlite_store
from agents.archive.entries import EventEntry, step_of, unpacked
from agents.archive.postgres import PostgresStore
from agents.archive.sqlite import SqliteStore
from agents.archive.store import Alternatives, Span, Store
from streams.records import Growth, Story, Tagged, decode
from tests.agents.archive.conftest import START, article

ANY = Span()


def having(*features: str) -> Alternatives:
    """Return the question for articles with one of some features."""
    return ((frozenset(features),),)


def numbers(store: Store, wanted: Alternatives, span: Span = ANY) -> list[int]:
    """Return the numbers of the articles that a store finds, in its order."""
    return [int(row.id, 16) for row in store.candidates(wanted, span)]


def event(kind: str, key: str, subject: str, minute: int, member: str = "") -> EventEntry:
    """Return an event."""
    at = (START + timedelta(minutes=minute)).timestamp()
    return EventEntry(kind, key, subject, at, key.encode(), member)  # type: ignore[arg-type]


def test_a_storys_latest_record_is_known_within_a_second(store: Store) -> None:
    """Copies and relations leave a story's time as it is; whatever order they were kept in, the furthest one counts."""
    at = START.timestamp()
    steps = [EventEntry("story", f"s{step}", "en-1", at, b"", step=step) for step in (30, 11, 10, 29, 20)]
    store.add([], steps)

    assert [row.key for row in store.latest("story", ANY, 10)] == ["s30"]


def test_the_newest_article_comes_first(store: Store) -> None:
    """Articles with a word come in the order of their times, whatever order they were kept in."""
    store.add([article(2, "oil rises"), article(0, "oil falls"), article(1, "rain")], [])

    assert numbers(store, having("oil")) == [2, 0]
    assert numbers(store, ()) == [2, 1, 0]


def test_clauses_and_alternatives_are_kept_apart(store: Store) -> None:
    """Every clause of an alternative needs a feature, and one alternative suffices."""
    store.add([article(0, "oil embargo"), article(1, "oil price", country="US"), article(2, "rain", country="US")], [])

    assert numbers(store, ((frozenset(("oil",)), frozenset(("embargo", "price"))),)) == [1, 0]
    assert numbers(store, ((frozenset(("embargo",)),), (frozenset(("rain",)), frozenset(("region:us",))))) == [2, 0]


def test_wildcards_stand_for_any_letters(store: Store) -> None:
    """At the end, at the beginning and at both, over words of all months."""
    early = START - timedelta(days=60)
    store.add([article(0, "warnstreik heute", at=early), article(1, "streikkasse leer"), article(2, "streiken")], [])

    assert numbers(store, having("streik*")) == [2, 1]
    assert numbers(store, having("*streik")) == [0]
    assert numbers(store, having("*streik*")) == [2, 1, 0]
    assert numbers(store, having("*nirgends")) == []


@pytest.mark.parametrize("words", [3, 90], ids=["few", "many"])
def test_a_beginning_stands_for_all_its_words(store: Store, words: int) -> None:
    """Few or many of them, in this week or an earlier one, and no word that only looks like one."""
    texts = [f"strike{number:02d} goes on" for number in range(words)]
    store.add(
        [article(n, text, at=START - timedelta(days=n % 40)) for n, text in enumerate([*texts, "strik", "stroke"])], []
    )

    assert sorted(numbers(store, having("strike*"))) == list(range(words))
    assert store.days(having("Strike*" if isinstance(store, SqliteStore) else "strike*"), ANY).total() == words


def test_a_beginning_is_found_while_another_forgets(opened: Callable[[], Store]) -> None:
    """A week that another connection drops takes its articles along, and no more."""
    store = opened()
    other = opened()
    store.add([article(0, "strikes", at=START - timedelta(days=60)), article(1, "striker")], [])
    assert numbers(other, having("strike*")) == [1, 0]
    store.prune((START - timedelta(days=30)).timestamp())
    assert numbers(other, having("strike*")) == [1]
    store.close()
    other.close()


def test_features_with_signs_are_found_whole(store: Store) -> None:
    """Quotes, colons and backslashes are letters of a feature, and part of one is not found."""
    store.add([article(0, "o'neill a\\b region:north-west x:y")], [])

    for feature in ("o'neill", "a\\b", "region:north-west", "x:y"):
        assert numbers(store, having(feature)) == [0], feature
    assert numbers(store, having("north")) == []


def test_the_same_article_again_changes_nothing(opened: Callable[[], Store]) -> None:
    """An entry that is kept twice, in one call, in two, or by two writers, is kept once."""
    one, other = opened(), opened()
    assert one.add([article(0, "oil"), article(0, "oil")], []) == 1
    assert one.add([article(0, "oil")], []) == 0
    assert other.add([article(0, "oil")], [event("alert", "a", "w", 0), event("alert", "a", "w", 0)]) == 1

    assert numbers(other, having("oil")) == [0]
    one.close()
    other.close()


def test_a_search_sees_an_articles_newest_version(store: Store) -> None:
    """An older version is read with the article, and found no more; that holds in whatever order they come."""
    store.add([article(0, "old words", revision=0)], [])
    store.add([article(0, "new words", revision=2, at=START + timedelta(days=1))], [])
    store.add([article(0, "middle words", revision=1, at=START + timedelta(hours=1))], [])

    found = [decode(unpacked(row.record), Tagged).revision for row in store.candidates(having("words"), ANY)]

    assert found == [2]
    assert [decode(unpacked(row.record), Tagged).revision for row in store.article(f"{0:032x}")] == [2, 1, 0]


def test_a_page_goes_on_where_the_last_one_ended(store: Store) -> None:
    """Pages by `n` hold every article once, also where a publisher gives one moment to all."""
    store.add([article(number, "oil", at=START) for number in range(300)], [])

    first = list(store.candidates(having("oil"), ANY))[:120]
    rest = list(store.candidates(having("oil"), Span(before=first[-1].n)))

    assert len({row.id for row in [*first, *rest]}) == 300


def test_a_span_bounds_what_is_found(store: Store) -> None:
    """The first moment counts, the last one no more."""
    store.add([article(number, "oil") for number in range(5)], [])
    since, until = (START + timedelta(minutes=minute) for minute in (1, 3))

    assert numbers(store, having("oil"), Span(since.timestamp(), until.timestamp())) == [2, 1]
    assert numbers(store, (), Span(since.timestamp(), until.timestamp())) == [2, 1]


def test_a_story_has_its_articles(store: Store) -> None:
    """An article joins a story by the story's event, whether the article or the event came first."""
    store.add([article(0, "strike")], [])
    joins = [event("story", f"s{n}", "en-1", n, member=f"{n:032x}") for n in range(2)]
    store.add([], joins)
    store.add([article(1, "strike grows")], [])

    assert [int(row.id, 16) for row in store.story_articles("en-1", 10)] == [1, 0]
    assert {row.story for row in store.candidates(having("strike"), ANY)} == {"en-1"}
    assert [row.key for row in store.latest("story", ANY, 10)] == ["s1"]


def test_the_busiest_subjects_are_found(store: Store) -> None:
    """Of more subjects than wanted those of the most events come; each event's time is told, from a time on."""
    store.add(
        [],
        [event("story", f"{name}{n}", name, n) for name, count in (("a", 1), ("b", 3), ("c", 2)) for n in range(count)],
    )
    minutes = START.timestamp()

    assert [row.subject for row in store.latest("story", ANY, 2, busiest=True)] == ["b", "c"]
    assert store.latest("story", ANY, 1, busiest=True)[0].key == "b2"
    times = sorted(store.times("story", ["a", "b"], minutes + 60))
    assert times == [("b", minutes + 60), ("b", minutes + 120)]


def test_events_are_listed_by_kind_and_subject(store: Store) -> None:
    """The newest first, of one subject or of any."""
    store.add([], [event("alert", f"a{n}", f"watch{n % 2}", n) for n in range(4)] + [event("health", "a0", "paper", 9)])

    assert [row.key for row in store.events("alert", None, ANY, 3)] == ["a3", "a2", "a1"]
    assert [row.key for row in store.events("alert", "watch0", ANY, 9)] == ["a2", "a0"]
    assert [row.record for row in store.events("health", None, ANY, 9)] == [b"a0"]
    assert [row.key for row in store.events_of("alert", ["watch1", "watch0", "none"], 3)] == ["a3", "a2", "a1"]
    assert [row.key for row in store.events_of("alert", ["paper", "watch1"], 9)] == ["a3", "a1"]
    assert store.events_of("alert", [], 9) == []


def test_events_of_some_subjects_cost_nothing_for_those_of_others(tmp_path: Path) -> None:
    """SQLite went through all events of the kind, those of years, where it was to give the newest of a few subjects."""
    store, steps = SqliteStore(tmp_path / "archive.db"), list[int]()
    store.add([], [event("story", f"s{n}", f"s{n}", n) for n in range(2_000)])
    store._connection.set_progress_handler(lambda: steps.append(1), 10)

    assert [row.key for row in store.events_of("story", ["s3", "s7", "none"], 9)] == ["s7", "s3"]
    assert len(steps) < 100
    store.close()


def test_the_old_is_forgotten(store: Store) -> None:
    """Articles, events and indexes from before a time go, and newer ones are still found."""
    old = START - timedelta(days=90)
    store.add([article(0, "oil", at=old), article(1, "oil")], [event("alert", "old", "w", -60 * 24 * 90)])

    assert store.prune(START.timestamp()) == 1
    assert numbers(store, having("oil")) == [1]
    assert store.events("alert", None, ANY, 9) == []
    assert store.size()[0] == 1


def test_a_store_is_read_again_after_it_was_closed(opened: Callable[[], Store]) -> None:
    """Entries are there when the store is opened anew."""
    first = opened()
    first.add([article(0, "oil")], [])
    first.close()
    again = opened()

    assert numbers(again, having("oil")) == [0]
    assert again.size()[1] > 0
    again.close()


def test_each_day_has_its_articles(store: Store) -> None:
    """Counts by day are those of the articles that are found, later versions once, also within a part of a day."""
    store.add([article(number, "oil", at=START + timedelta(hours=7 * number)) for number in range(9)], [])
    store.add([article(2, "oil again", revision=1, at=START + timedelta(days=2, hours=1))], [])
    store.add([article(3, "late oil", revision=-1, at=START + timedelta(days=2, hours=2))], [])

    for span in (ANY, Span(START.timestamp(), (START + timedelta(hours=30)).timestamp())):
        for wanted in ((), having("oil"), having("again", "late"), having("nowhere")):
            found = Counter(f"{datetime.fromtimestamp(row.at, UTC):%Y-%m-%d}" for row in store.candidates(wanted, span))
            assert store.days(wanted, span) == found, (span, wanted)
    store.prune((START + timedelta(hours=16)).timestamp())
    assert store.days((), ANY).total() == len(numbers(store, ()))


def test_arrivals_come_in_their_order(store: Store) -> None:
    """Who follows gets each article once, in the order in which they were kept, whatever their times are."""
    assert store.arrivals() == (1, 0)
    store.add([article(5, "oil"), article(2, "oil")], [])
    store.add([article(2, "oil"), article(9, "oil"), article(1, "oil")], [])

    first, last = store.arrivals()
    found = store.arrived(first - 1, 3)
    rest = store.arrived(found[-1][0], 10)

    assert [int(row.id, 16) for _, row in [*found, *rest]] == [5, 2, 9, 1]
    assert (found[0][0], rest[-1][0]) == (first, last)
    assert store.arrived(last, 10) == []


def test_only_the_last_arrivals_are_remembered(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their number is bounded."""
    for module in (sqlite_store, postgres_store):
        monkeypatch.setattr(module, "MAX_ARRIVALS", 3)
    for number in range(6):
        store.add([article(number, "oil")], [])

    assert [int(row.id, 16) for _, row in store.arrived(0, 10)] == [3, 4, 5]


def test_outlines_are_those_of_the_articles(store: Store) -> None:
    """The outline of each article that is found has its place, source, language, countries and topics."""
    store.add([article(number, "oil") for number in range(450)], [])

    for wanted in ((), having("oil")):
        found = [(row.n, row.source, row.language, row.countries, row.topics) for row in store.candidates(wanted, ANY)]
        kept = [(o.n, o.source, o.language, o.countries, o.topics) for o in store.outlines(wanted, ANY)]
        assert kept == found and len(kept) == 450


def test_articles_from_before_1970_are_kept(store: Store) -> None:
    """Archives go back: an article of 1931 is found, counted and forgotten like any other."""
    old = datetime(1931, 5, 4, tzinfo=UTC)
    store.add([article(0, "oil", at=old), article(1, "oil")], [])

    assert numbers(store, having("oil")) == [1, 0]
    assert store.days(having("oil"), ANY)["1931-05-04"] == 1
    assert store.prune(START.timestamp()) == 1


def test_a_store_of_the_first_version_is_brought_up(opened: Callable[[], Store]) -> None:
    """Articles that an older version kept are found and counted; that they have no words of titles is known."""
    store = opened()
    store.add([article(number, "oil") for number in range(3)] + [article(0, "oil", revision=1)], [])
    first = numbers(store, having("oil")), store.days((), ANY)
    store.close()
    back_to_first(store)
    again = opened()

    assert (numbers(again, having("oil")), again.days((), ANY)) == first
    assert (store.has_titles, again.has_titles) == (True, False)
    again.add([article(0, "oil", revision=2)], [])
    assert again.days(having("oil"), ANY) == first[1]
    again.close()


def back_to_first(store: Store) -> None:
    """Take away the columns that the first version of a store's tables did not have."""
    if isinstance(store, PostgresStore):
        with psycopg.connect(store._url, autocommit=True) as database:
            database.execute("DROP TABLE properties; ALTER TABLE days DROP COLUMN articles")
            database.execute("UPDATE wirewatch_schema SET version = 1")
        return
    assert isinstance(store, SqliteStore)
    with sqlite3.connect(store._path) as file:
        file.executescript(
            "DROP TABLE properties; DROP TABLE daily; DROP TABLE older; DROP INDEX articles_outlined; PRAGMA user_version = 1"
        )
    file.close()


def test_a_storys_events_of_one_moment_have_their_order() -> None:
    """It grows, is related while it has so many articles, and is merged at last."""
    happened = [("new", 1, 0), ("grown", 2, 0), ("related", 2, 1), ("related", 2, 2), ("merged", 2, 2)]
    steps = [
        step_of(
            Story(
                id="en-1",
                event_id=event,
                event=event,  # type: ignore[arg-type]
                title="Ferry aground",
                lead="",
                languages=["en"],
                first_seen_at=START,
                last_seen_at=START,
                articles=articles,
                sources=1,
                growth=Growth(now=1.0, life=1.0),
                regions=[],
                topics=[],
                related=[f"de-{n}" for n in range(related)],
                headlines=[],
            )
        )
        for event, articles, related in happened
    ]

    assert steps == sorted(set(steps))


def test_days_of_long_ago_make_few_tables(store: Store) -> None:
    """Pages claim days back to 1605: a search by any of them, the counts and pruning hold, and no day has a table of its own."""
    days = [datetime(year, 3, 1 + year % 28, 12, tzinfo=UTC) for year in range(1605, 1975, 3)]
    store.add([article(at, "oil rises", at=day) for at, day in enumerate(days)], [])
    if isinstance(store, SqliteStore):
        assert len(store._weeks()) < 22
    wanted = ((frozenset({"oil"}),),)
    assert [row.at for row in store.candidates(wanted, Span())] == [day.timestamp() for day in reversed(days)]
    assert store.days(wanted, Span()) == store.days((), Span()) == {f"{day:%Y-%m-%d}": 1 for day in days}
    assert store.prune(days[40].timestamp()) == 40
    assert [row.at for row in store.candidates(wanted, Span())] == [day.timestamp() for day in reversed(days[40:])]


def test_a_store_is_new_until_it_is_filled(opened: Callable[[], Store]) -> None:
    """However often it is opened, and whatever came meanwhile: a kill while it is filled has it filled by the next worker."""
    first = opened()
    first.add([article(0, "oil")], [])
    first.close()
    second = opened()
    assert second.is_new()
    second.note_filled()
    second.close()
    third = opened()
    assert not third.is_new()
    third.close()
