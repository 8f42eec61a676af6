"""Names in words and options that are nobody's: each is refused, with the one that may be meant."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from agents.archive.sqlite import SqliteStore
from streams.events import header_list
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Dead, Delivery, Source, encode
from streams.settings import KafkaSettings
from streams.text.names import MAX_LISTED, meant, those
from streams.topics import DEAD, DELIVERIES, SOURCES, WATCHES
from tests.support.alerts import alert
from wirewatch.cli import main

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DELIVERY = Delivery(
    id="a1:desk-mail:1",
    alert_id="a1",
    watch="port-strikes",
    severity="info",
    receiver="desk-mail",
    receiver_type="file",
    attempt=1,
    outcome="dead",
    error="the folder is gone",
    attempted_at=NOON,
)
LETTER = Dead(
    id="x", fetch_id="x:1", step="clean", reason="empty", error="nothing", source="harbour.example", size_bytes=7
)


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """The address of a broker with one dead delivery, one dead letter, one source and one watch."""

    async def fill(address: str) -> None:
        async with producing(KafkaSettings(bootstrap=address)) as producer:
            for topic, key, record in (
                (DELIVERIES, "a1", DELIVERY),
                (DEAD, "x", LETTER),
                (SOURCES, "harbour-office", Source(name="harbour-office", url="https://harbour.example/feed")),
                (WATCHES, "port-strikes", alert(1)),
            ):
                headers = header_list(key, "x", "x")
                await producer.send_and_wait(topic.name, encode(record), key=key.encode(), headers=headers)

    with EmbeddedBroker() as embedded:
        asyncio.run(fill(embedded.bootstrap))
        yield embedded.bootstrap


def run(*words: str) -> tuple[int, str]:
    """Return exit code and errors of a command."""
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        ("deliveries list --receiver desc-mail", 2, "no receiver is called 'desc-mail' (did you mean desk-mail?)"),
        ("deliveries retry --receiver desc-mail", 2, "(did you mean desk-mail?); there are desk-mail"),
        ("deliveries retry --dry-run --receiver desk-mail --receiver nobody", 2, "there are desk-mail"),
        ("deliveries retry --alert a2", 2, "no alert or digest 'a2' is retained"),
        (
            "replay --dry-run --source harbor.example",
            2,
            "nothing on news.dead is of it (did you mean harbour.example?)",
        ),
        ("replay --dry-run --from clean --source harbor-office", 2, "(did you mean harbour-office?)"),
        ("sources check harbor-office", 2, "(did you mean harbour-office?)"),
        ("sources remove harbor-office", 1, "(did you mean harbour-office?)"),
        ("sources pause harbor-office", 1, "(did you mean harbour-office?)"),
        ("sources poll harbor-office", 1, "(did you mean harbour-office?)"),
        ("watches remove port-strike", 1, "(did you mean port-strikes?)"),
        ("watches mute port-strike", 1, "(did you mean port-strikes?)"),
    ],
)
def test_a_name_that_kafka_does_not_know(words: str, code: int, hint: str, broker: str) -> None:
    """Receivers, alerts, sources and watches are those that Kafka has."""
    ended, error = run(*words.split(), "--bootstrap", broker)
    assert (ended, hint in error) == (code, True), error


@pytest.mark.parametrize(
    "words", ["replay --dry-run --source harbour.example", "replay --dry-run --source harbour-office"]
)
def test_a_source_without_a_dead_letter_is_no_wrong_name(words: str, broker: str) -> None:
    """A source that is known has none, or some; that is no error."""
    assert run(*words.split(), "--bootstrap", broker) == (0, "")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("tial", "No such command 'tial' (did you mean tail?); there are apply, audit"),
        ("--config w.toml run", "No such option: --config: options stand behind the command, as in `"),
        ("sources --data d list", "sources COMMAND --data …`"),
        ("--versio", "No such option: --versio Did you mean --version?"),
        ("sources lst", "No such command 'lst' (did you mean list?); there are add, check"),
        ("tail news.taged", "(did you mean news.tagged?)"),
        ("tail news.tagged --region Venezula", 'did you mean "venezuela"?'),
        ("tail news.tagged --topic labor-strikes", "is no IPTC Media Topic"),
        ("tail news.tagged --language eng", "articles have en"),
        ("schema taged", "(did you mean tagged?)"),
        ("run --steps claen", "(did you mean clean?)"),
        ("apply claen,tag", "(did you mean clean?)"),
        ("replay --step claen", "(did you mean clean?)"),
        ("replay --reason timed_out", "(did you mean timeout?)"),
        ("receivers test desk-mial --config wirewatch.toml", "(did you mean desk-mail?)"),
        ("watches put w.toml --config wirewatch.toml", "w: desk-mial (did you mean desk-mail?)"),
        ("digest preview morninng --folder digests --file stories.jsonl", "(did you mean morning?)"),
        ("export --query topic:labuor -o x.csv --from sqlite:history.db", "did you mean"),
    ],
)
def test_a_name_that_needs_no_kafka(words: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands, topics, places, languages, records, steps, reasons, receivers and digests."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wirewatch.toml").write_text('[receivers.desk-mail]\ntype = "file"\npath = "alerts.jsonl"\n')
    (tmp_path / "w.toml").write_text('query = "rain"\nreceivers = ["desk-mial"]\n')
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "morning.toml").write_text('[digest.morning]\nat = ["06:00"]\n')
    (tmp_path / "stories.jsonl").write_text("")
    SqliteStore(tmp_path / "history.db").close()
    code, error = run(*words.split())
    assert (code, hint in error) == (2, True), error


def test_a_search_that_finds_nothing_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that is misspelt is compared with names of cities: where nothing is found, it is told."""
    monkeypatch.chdir(tmp_path)
    SqliteStore(tmp_path / "history.db").close()
    words = ("export", "--from", "sqlite:history.db", "--query")
    code, error = run(*words, "region:Venezula AND lang:eng", "-o", "x.csv")
    assert (code, 'did you mean "venezuela"?' in error, "write lang:en" in error) == (0, True, True), error
    assert run(*words, "rain", "-o", "y.csv")[1] == "y.csv: 0 articles"


def test_many_names_are_counted_and_not_listed() -> None:
    """A receiver among thousands of sources: the nearest is named, and how many there are."""
    many = [f"source-{number}" for number in range(MAX_LISTED + 1)]
    assert those("sorce-7", many) == " (did you mean source-7?); there are 31"
    assert those("x", ["ab"]) == "; there are ab"
    assert meant("PORT", ["port"]) == " (did you mean port?)"
