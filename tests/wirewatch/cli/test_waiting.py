"""Commands and a Kafka that is silent: they say that they wait, on whom, and end."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.errors import BrokerAway
from streams.journal.store import Store
from streams.kafka import patience
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.patience import Patience, Question
from tests.support.cli_commands import commands
from wirewatch import service
from wirewatch import settings as all_settings
from wirewatch.cli import console, main, tail
from wirewatch.history import export as exporting
from wirewatch.metrics import new_metrics
from wirewatch.steps import chosen

#: Words by which each command that reaches a Kafka asks it something.
WORDS = {
    "audit": "",
    "deliveries list": "",
    "deliveries retry": "--all",
    "digest preview": "morning --folder digests",
    "ingest": "raw.jsonl",
    "move": "laptop",
    "replay": "--dry-run",
    "sources add": "http://127.0.0.1:{port}/feed --config allowing.toml",
    "sources check": "harbour-office",
    "sources export": "",
    "sources health": "",
    "sources import": "list.toml",
    "sources list": "",
    "sources pause": "harbour-office",
    "sources poll": "harbour-office",
    "sources remove": "harbour-office",
    "tail": "news.tagged",
    "top": "--once",
    "topics create": "",
    "watches backtest": "watches",
    "watches list": "",
    "watches mute": "rain",
    "watches put": "watches",
    "watches remove": "rain",
}
#: A feed that `sources add` looks at first.
FEED = b"""<rss version="2.0"><channel><title>Harbour</title><item><title>Ferries</title>
<link>http://harbour.example/1</link><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>"""


class Feed(BaseHTTPRequestHandler):
    """Answers each request with the feed."""

    def do_GET(self) -> None:
        """Answer a request."""
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def feed() -> Iterator[int]:
    """The port of a server with the feed."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Frozen:
    """A server that takes connections and never answers, as a stopped process does."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._taken: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                self._taken.append(self._listener.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        """Let go of all connections."""
        for each in (self._listener, *self._taken):
            each.close()


@pytest.fixture
def frozen() -> Iterator[Frozen]:
    """A server that never answers."""
    made = Frozen()
    yield made
    made.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A patience of parts of a second."""
    monkeypatch.setattr(patience, "SAY_SECONDS", 0.1)
    monkeypatch.setattr(patience, "GIVE_UP_SECONDS", 0.2)
    monkeypatch.setattr(patience, "LOOKS", 50)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that commands read before they ask Kafka."""
    monkeypatch.chdir(tmp_path)
    for folder in ("digests", "watches", "laptop"):
        (tmp_path / folder).mkdir()
    (tmp_path / "digests" / "morning.toml").write_text('[digest.morning]\nat = ["06:00"]\n')
    (tmp_path / "watches" / "rain.toml").write_text('query = "rain"\n')
    (tmp_path / "raw.jsonl").write_text("")
    (tmp_path / "allowing.toml").write_text('[fetch]\nallow_private = ["127.0.0.0/8"]\n')
    Store(tmp_path / "laptop").close()
    (tmp_path / "list.toml").write_text('[[source]]\nname = "a"\nurl = "https://news.example/feed"\n')
    return tmp_path


def test_every_command_that_reaches_a_kafka_is_tried() -> None:
    """The table above has each command with --bootstrap; a worker alone waits for ever."""
    reaching = {
        name
        for name, command in commands(main).items()
        if any("--bootstrap" in option.opts for option in command.params)
    }
    assert set(WORDS) == reaching - {"run"}


@pytest.mark.usefixtures("hasty", "files")
@pytest.mark.parametrize("name", WORDS)
def test_a_command_says_that_it_waits_and_gives_up(name: str, frozen: Frozen, feed: int) -> None:
    """A broker that takes the connection and is silent: a line that names it, then an error, exit 3."""
    words = [*name.split(), *WORDS[name].format(port=feed).split(), "--bootstrap", frozen.address]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 3, result.output
    assert f"waiting for Kafka at {frozen.address}, which has not answered for 0.1 s" in result.stderr
    assert f"Kafka at {frozen.address} has not answered for 0.2 s: it is frozen" in result.stderr.replace("\n", " ")


@pytest.mark.usefixtures("hasty")
def test_a_topic_on_which_nothing_comes_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """`tail` of a Kafka that answers waits for messages as long as it takes, and says nothing."""
    monkeypatch.setattr(tail, "QUIET_MS", 50)
    monkeypatch.setattr(patience, "SAY_SECONDS", 0.6)  # the embedded broker answers behind a fetch that finds nothing
    monkeypatch.setattr(patience, "GIVE_UP_SECONDS", 1.2)
    asked: list[object] = []

    async def watched(broker: str) -> None:
        said = Patience(asked.append)
        patience.RUNNING.set(said)
        watch = asyncio.ensure_future(said.watch())
        messages = tail.messages_of(console.load(None, broker), "news.tagged", from_beginning=False, ends=False)
        waiting = asyncio.ensure_future(anext(messages))
        await asyncio.wait((waiting, watch), timeout=1.5, return_when=asyncio.FIRST_COMPLETED)
        assert not watch.done() and not waiting.done()
        waiting.cancel()
        watch.cancel()
        await asyncio.gather(waiting, watch, return_exceptions=True)

    with EmbeddedBroker() as broker:
        asyncio.run(watched(broker.bootstrap))
    assert asked == []


@pytest.mark.usefixtures("hasty")
async def test_time_that_is_not_kafkas_is_not_counted() -> None:
    """While the event loop stands still, and while no question is open, nobody waits for Kafka."""
    now = [0.0]
    said: list[str] = []
    waiting = Patience(said.append, lambda: now[0])
    question = Question("Kafka at here:9092", 30.0)
    watch = asyncio.ensure_future(waiting.watch())
    waiting.asked(question)
    await asyncio.sleep(0)
    now[0] = 100.0  # a pipe from which nothing came for long
    await asyncio.sleep(0.1)
    waiting.ended(question, heard=False)
    for _ in range(10):
        now[0] += 1.0
        await asyncio.sleep(0.02)
    assert said == [] and not watch.done()
    waiting.asked(question)
    while not watch.done():
        now[0] += 1.0
        await asyncio.sleep(0.01)
    assert len(said) == 1


@pytest.mark.usefixtures("hasty")
async def test_an_answer_is_told_where_the_silence_was() -> None:
    """After a line that Kafka is silent comes one that it is not any more; an open question counts from its answer on."""
    said: list[str] = []
    waiting = Patience(said.append)
    question = Question("Kafka at here:9092", 30.0)
    watch = asyncio.ensure_future(waiting.watch())
    waiting.asked(question)
    waiting.asked(question)
    while not said:
        await asyncio.sleep(0.01)
    waiting.ended(question, heard=True)
    assert said[1:] == ["Kafka at here:9092 answers again"]
    assert isinstance(await watch, BrokerAway)  # the other question is open still


@pytest.mark.usefixtures("hasty")
def test_a_worker_that_is_silent_is_named(frozen: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`export` from a worker that does not answer says so, and ends after its own time."""
    monkeypatch.setattr(exporting, "ANSWER_SECONDS", 0.4)
    table = tmp_path / "x.csv"
    result = CliRunner().invoke(main, ["export", "--from", f"http://{frozen.address}", "-o", str(table)])
    assert result.exit_code == 2, result.output
    assert f"waiting for the worker at http://{frozen.address}" in result.stderr
    assert "gives no answer: none within 0.4 s" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_where_nothing_runs_is_told_at_once(tmp_path: Path) -> None:
    """A worker that was never there is not asked again and again, and a server that is none is no worker."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
    result = CliRunner().invoke(main, ["export", "--from", nobody, "-o", str(tmp_path / "x.csv")])
    assert (result.exit_code, "gives no answer" in result.stderr) == (2, True), result.output


async def test_a_worker_that_waits_for_kafka_says_so_first(
    frozen: Frozen, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Before anybody whose work is only to show something; it does not run meanwhile."""
    monkeypatch.setattr(service, "SAY_SECONDS", 0.1)
    settings = all_settings.load(None, options={"kafka.bootstrap": frozen.address, "worker.processes": 1})

    async def runs() -> None:
        async with service.Service(settings, chosen("learn", settings), new_metrics()).running():
            raise AssertionError("it runs on a Kafka that never answered")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(runs(), 1)
    assert [line for line in caplog.messages if frozen.address in line] == [
        f"waiting for Kafka at {frozen.address}, which has not answered for 0.1 s; no step runs yet"
    ]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("aiokafka.consumer.fetcher", "Failed fetch messages from 1: KafkaConnectionError: Connection closed"),
        ("aiokafka", "Unable to update metadata from [1]"),
    ],
)
def test_a_broker_that_is_gone_is_said_once(caplog: pytest.LogCaptureFixture, name: str, error: str) -> None:
    """The client complains twice a second; the command says that Kafka does not answer."""
    console.quiet_kafka()
    logging.getLogger(name).error(error)
    logging.getLogger(name).error("The group is gone")

    assert [record.getMessage() for record in caplog.records] == ["The group is gone"]


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("aiokafka.producer.sender", "Got error produce response, retrying"),
        ("aiokafka.conn", "Sending username and password in the clear"),
    ],
)
def test_a_warning_at_each_batch_or_connection_is_no_line_of_a_command(
    caplog: pytest.LogCaptureFixture, name: str, warning: str
) -> None:
    """The client says it before the command's own word, again and again; its errors stand."""
    client = logging.getLogger(name)

    console.quiet_kafka()
    client.warning(warning)
    client.error("The batch is given up")

    assert [record.getMessage() for record in caplog.records] == ["The batch is given up"]
