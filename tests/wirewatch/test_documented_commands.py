"""Every command that a document shows is run as it stands, or stands in a list with its reason."""

import asyncio
import gzip
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from agents.archive.sqlite import SqliteStore
from streams.events import event_headers, routing_headers
from streams.journal.store import Store
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.records import Dead, Growth, NewsTopic, Raw, Record, Region, Story, Tagged, Trend, TrendKey, encode
from streams.settings import Settings
from streams.topics import DEAD, RAW, TAGGED, KafkaTopic
from tests.support import history
from tests.support.documents import ROOT, Command, documented, each_once, programs_of, typed
from tests.support.forked import forked, plain
from tests.support.paper import Paper
from tests.support.processes import start_program
from tests.support.real_kafka import RealKafka
from wirewatch.testing import FETCHED_AT, articles, page

SECONDS = 120.0
#: Commands that are not run here, and why. The first pattern that a command's begin matches counts.
REASONS = {
    r"make (run|check|kafka|build-data)$": "tests/deploy/test_commands.py; .ci/run, tests/deploy/test_local_kafka.py",
    r"make (test|test-kafka|quality)$": "this run, and that of .ci/run",
    r"make bench$|python -m bench\.": "measures for minutes on a machine without other work; its options are read below",
    r"python -m tools\.train_": "trains for minutes, on texts that may not be shipped; its options are read below",
    r"python (-m )?tools[./](build_|language_calendar)": "needs packages from elsewhere: make build-data",
    r"python -m tools\.docs_tables$": "tests/wirewatch/test_documentation.py::test_tables_are_generated",
    r"\S*python -m pytest ": "a part of this run",
    r"pip install ": "needs a package index; the extras that it names are looked for below",
    r"docker ": "needs Docker; the files are read by tests/deploy/test_compose.py and test_image.py",
    r"kubectl ": "needs a cluster; the files are read by tests/deploy/test_kubernetes.py",
    r"kafka-acls\.sh ": "needs a Kafka with ACLs; the rights are those of tests/kafka/test_rights.py",
    r"make lock$": "needs a package index; tests/deploy/test_image.py compares the locks with pyproject.toml",
    r"curl -X PUT ": "writes with a token; tests/embedded/test_watch_desk.py",
    r"wirewatch export .*--from http": "asks a running worker; tests/wirewatch/history/test_export.py",
    r"wirewatch demo$": "goes on until Ctrl-C; tests/embedded/test_demo.py",
    r"wirewatch top --prometheus ": "needs a Prometheus; tests/embedded/test_top.py",
    r"curl -o page\.html ADDRESS$": "any page of the reader's own",
    r"kcat ": "reads on until Ctrl-C; tests/kafka/test_subscribers.py, on a real Kafka",
    r"curl ": "tests/embedded/test_documented_requests.py, of a running worker",
    r"wirewatch (apply|run --steps) headline": "tests/streams/test_adding_a_step.py makes this step and runs it",
    r"wirewatch apply (poll|clean|clean --explain)$": "a step by its name; docs/commands.md has it with the files it needs",
    r"wirewatch run --data DIR$": "README.md: wirewatch run --data news/",
    r"wirewatch sources add news\.example": "asks which feed; tests/wirewatch/sources/test_sources.py",
}
#: Commands that go on until somebody ends them: they are interrupted once they have written, here that they run.
STREAMS = {r"wirewatch tail ": "", r"wirewatch top$": "", r"wirewatch run\b": "running"}
#: Commands that get a process from scratch, as a reader's shell starts it; the others are forked.
FROM_SCRATCH = ("wirewatch run --data news/", "wirewatch top")
SETTINGS = """
[worker]
http_port = 0
processes = 1
[fetch]
contact = "https://desk.example/reader"
allow_private = ["127.0.0.0/8"]
domain_delay_seconds = 0.1
[receivers.desk-mail]
type = "file"
path = "alerts.jsonl"
[archive]
url = "sqlite:data/archive.db"
[digest]
folder = "digests"
"""
WATCH = 'name = "paper"\nquery = "strike* NEAR/10 (port OR docker*)"\nseverity = "info"\nreceivers = ["desk-mail"]\n'
TOPICS_OF_THE_ARTICLE = {"medtop:09000000": "labour", "medtop:11000000": "politics"}
ALL = documented()


def reason(line: str) -> str | None:
    """Return why a command is not run here, or None."""
    return next((why for pattern, why in REASONS.items() if re.match(pattern, line)), None)


#: Commands of which the embedded broker knows nothing.
ON_KAFKA = [command for command in ALL if command.line.startswith("wirewatch topics ")]
RUN = each_once(command for command in ALL if reason(command.line) is None and command not in ON_KAFKA)
#: Documents with so many commands are given to a process of their own, by the ids of their tests (tests/conftest.py).
MANY = 10
DOCUMENTS = Counter(command.document for command in RUN)


def id_of(command: Command) -> str:
    """Return a test's id: the part of the run that it belongs to, and the command as the document has it."""
    part = command.document if DOCUMENTS[command.document] >= MANY else "other documents"
    return f"{part}: {command.line}"


def tagged() -> Tagged:
    """Return an article on labour and politics in Venezuela."""
    now = datetime.now(UTC)
    return Tagged(
        id="a" * 32, fetch_id=f"{'a' * 32}:1", source="a.example", title="Dockers strike", text="A strike in the port.",
        extractor="given", fetched_at=now, published_at=now, language="en",
        regions=[Region(country="VE", code="VE", level="country", name="Venezuela", role="about", score=1.0)],
        topics=[
            NewsTopic(id=name, label=label, level=1, score=1.0, method="given")
            for name, label in TOPICS_OF_THE_ARTICLE.items()
        ],
    )  # fmt: skip


def stories() -> Iterator[Story]:
    """Yield a story of this hour."""
    now = datetime.now(UTC)
    yield Story(
        id="en-1", event_id="1", event="new", title="Dockers strike", languages=["en"], first_seen_at=now, last_seen_at=now,
        articles=5, sources=4, growth=Growth(now=1.0, life=1.0),
    )  # fmt: skip


def trend() -> Trend:
    """Return a trend of this hour: labour in Venezuela."""
    now = datetime.now(UTC)
    return Trend(
        id="VE,medtop:09000000:1", key=TrendKey(country="VE", topic="medtop:09000000"), label="Labour in Venezuela", at=now,
        window_hours=3.5, count=20, sources=8, expected=2.0, score=12.0, baseline=100.0, sensitivity="quiet", stories=[],
    )  # fmt: skip


def archive(folder: Path) -> None:
    """Write a web archive with one page."""
    with (folder / "crawl.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.0")
        body = io.BytesIO(page().encode())
        writer.write_record(
            writer.create_warc_record("https://harbour.example/strike", "response", body, http_headers=http)
        )


def fill(folder: Path, paper: Paper) -> None:
    """Write the files that the documents' commands name, as a reader would have them."""
    raw = [Raw(url=f"https://harbour.example/{n}", fetched_at=FETCHED_AT, content_type="text/html", content=page())
           for n in range(2)]  # fmt: skip
    lines = b"".join(encode(record) + b"\n" for record in raw)
    for name in ("raw.jsonl", "page.jsonl"):
        (folder / name).write_bytes(lines)
    (folder / "raw.jsonl.gz").write_bytes(gzip.compress(lines))
    table = b"url,text\nhttps://harbour.example/1,The council voted to widen the channel.\n"
    (folder / "archive.csv").write_bytes(table)
    (folder / "archive.csv.gz").write_bytes(gzip.compress(table))
    (folder / "tagged.jsonl").write_bytes(encode(tagged()) + b"\n")
    (folder / "trends.jsonl").write_bytes(encode(trend()) + b"\n")
    (folder / "clean.jsonl").write_bytes(b"".join(encode(article) + b"\n" for article in articles()))
    (folder / "stories.jsonl").write_bytes(b"".join(encode(story) + b"\n" for story in stories()))
    (folder / "page.html").write_text(page(), encoding="utf-8")
    (folder / "feed.xml").write_text(
        f"<rss version='2.0'><channel><title>P</title><link>{paper.url('/')}</link><item><title>The channel</title>"
        f"<link>{paper.url('/whole')}</link><description>{'The council voted to widen the channel. ' * 40}</description>"
        "</item></channel></rss>",
        encoding="utf-8",
    )
    sitemap = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/1</loc></url></urlset>"
    )
    (folder / "sitemap.xml.gz").write_bytes(gzip.compress(sitemap.encode()))
    (folder / "subscriptions.opml").write_text(
        f"<opml version='2.0'><body><outline type='rss' text='P' xmlUrl='{paper.url()}'/></body></opml>",
        encoding="utf-8",
    )
    (folder / "wirewatch.toml").write_text(SETTINGS, encoding="utf-8")
    for name in ("pages", "feeds", "watches", "digests", "data", "lists"):
        (folder / name).mkdir()
    (folder / "pages" / "page.html").write_text(page(), encoding="utf-8")
    shutil.copy(folder / "feed.xml", folder / "feeds")
    (folder / "watches" / "paper.toml").write_text(WATCH, encoding="utf-8")
    (folder / "digests" / "north.toml").write_text(
        '[digest.north]\ntitle = "North"\nat = ["07:00"]\nreceivers = ["desk-mail"]\n', encoding="utf-8"
    )
    (folder / "lists" / "list.toml").write_text(
        f'[[source]]\nname = "paper"\nurl = "{paper.url()}"\n', encoding="utf-8"
    )
    store = SqliteStore(folder / "data" / "archive.db")
    history.fill(store)
    store.close()
    Store(folder / "news").close()  # a laptop that has run
    (folder / "deploy").symlink_to(ROOT / "deploy")
    archive(folder)


class Desk:
    """A folder, a broker and a publisher, as a reader of the documents has them."""

    def __init__(self, folder: Path, bootstrap: str, paper: Paper) -> None:
        self.folder, self.paper, self.bootstrap = folder, paper, bootstrap
        binaries = Path(sys.executable).parent
        self.environ = {
            **os.environ,
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "WIREWATCH_KAFKA_BOOTSTRAP": bootstrap,
            "WIREWATCH_KAFKA_SESSION_TIMEOUT_SECONDS": "6",
        }
        self._forking = f"{forked().folder / 'bin'}{os.pathsep}{self.environ['PATH']}"

    def typed(self, line: str) -> str:
        """Return a command as the reader types it, with the publisher's addresses."""
        addresses = {"{paper}": self.paper.url(), "{page}": self.paper.url("/teaser"), "{site}": self.paper.url("/")}
        line = typed(line)
        for place, address in addresses.items():
            line = line.replace(place, address)
        return line

    def start(self, line: str) -> subprocess.Popen[bytes]:
        """Start a command in a shell of its own."""
        environ = (
            self.environ if line.removeprefix("exec ") in FROM_SCRATCH else {**self.environ, "PATH": self._forking}
        )
        return start_program(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def call(self, line: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end."""
        command = plain(line)
        if command and line not in FROM_SCRATCH:
            output = self.folder / command.output if command.output else None
            return forked().call(
                command.words, folder=self.folder, environ=self.environ, seconds=SECONDS, output=output
            )
        process = self.start(line)
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return subprocess.CompletedProcess(line, process.returncode, out, err)

    async def send(self, topic: KafkaTopic, record: Record, key: str) -> None:
        """Put a message on a topic."""
        settings = Settings()
        settings.kafka.bootstrap = self.bootstrap
        async with producing(settings.kafka) as producer:
            headers = event_headers(key, topic.name.partition(".")[2], "test")
            headers |= routing_headers(["VE"], list(TOPICS_OF_THE_ARTICLE), "en") if topic is TAGGED else {}
            await producer.send_and_wait(topic.name, encode(record), key=key.encode(), headers=list(headers.items()))

    def messages(self) -> None:
        """Put a message on each topic that a command looks at."""
        article = tagged()
        raw = Raw(url="https://a.example/9", fetched_at=datetime.now(UTC), content_type="text/html", content="<p>")
        dead = Dead(
            id="a", fetch_id="a:1", step="clean", reason="empty", error="no text", size_bytes=1, topic="news.raw"
        )
        for topic, record in ((TAGGED, article), (RAW, raw), (DEAD, dead)):
            asyncio.run(self.send(topic, record, f"{topic.name}:{time.monotonic_ns()}"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with topics, a watch and a source named paper, and a laptop's folder with news in it."""
    folder = tmp_path_factory.mktemp("desk")
    with EmbeddedBroker() as broker, Paper() as paper:
        fill(folder, paper)
        made = Desk(folder, broker.bootstrap, paper)
        laptop = made.call("wirewatch ingest --data laptop/ raw.jsonl")
        assert laptop.returncode == 0, laptop.stderr.decode()
        in_force(made)
        yield made


def in_force(desk: Desk) -> None:
    """Put the watch and the source in force that commands name."""
    for line in (f"wirewatch sources add {desk.paper.url()} --name paper", "wirewatch watches put watches/"):
        done = desk.call(line)
        assert done.returncode == 0, done.stderr.decode()


def test_who_puts_a_watch_hears_from_when_it_holds(desk: Desk) -> None:
    """Articles that are read in the meantime are not matched by it; where nothing changed nothing is said."""
    (desk.folder / "later.toml").write_text('name = "later"\nquery = "oil"\nreceivers = []\n', encoding="utf-8")
    said = [desk.call("wirewatch watches put later.toml").stdout.decode() for _ in range(2)]
    desk.call("wirewatch watches remove later")

    assert ["for articles that come from then on" in each for each in said] == [True, False], said


@pytest.mark.parametrize("command", RUN, ids=map(id_of, RUN))
def test_command_runs(desk: Desk, command: Command) -> None:
    """A command does its work without an error, or writes until it is interrupted."""
    missing = [
        program for program in programs_of(command.line) if program in ("jq", "openssl") and not shutil.which(program)
    ]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    line = desk.typed(command.line)
    wanted = next((text for pattern, text in STREAMS.items() if re.match(pattern, line)), None)
    if wanted is not None:
        follow(desk, line, wanted)
        return

    done = desk.call(line)

    assert done.returncode == 0, f"{line}\n{done.stdout.decode()[-2000:]}{done.stderr.decode()[-3000:]}"
    if " remove " in line:
        in_force(desk)


@pytest.mark.kafka
@pytest.mark.parametrize("command", ON_KAFKA, ids=[command.line for command in ON_KAFKA])
def test_command_runs_on_kafka(kafka: RealKafka, tmp_path: Path, command: Command) -> None:
    """A command that makes or lists topics does so on a real Kafka."""
    with Paper() as paper:
        done = Desk(tmp_path, kafka.bootstrap, paper).call(command.line)

    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("--help", 141),
        ("audit", 141),
        ("tail news.raw --from-beginning --json", 141),
        ("tail news.health", 141),  # on which nothing comes
        ("top", 141),
        ("watches list", 141),
        ("sources list --json", 141),
        ("demo --once", 141),
        ("apply poll feed.xml", 0),
        ("apply clean raw.jsonl", 0),
    ],
)
def test_a_reader_that_has_gone_ends_a_command_quietly(desk: Desk, line: str, code: int) -> None:
    """Behind `| head -1` a command ends without a word once nobody reads on."""
    desk.messages()
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone, tempfile.TemporaryFile() as said:
        words = line.split()
        running = forked().start(
            words, folder=desk.folder, environ=desk.environ, output=gone.fileno(), errors=said.fileno()
        )
        try:
            assert running.wait(SECONDS) == code
        finally:
            running.kill()
        said.seek(0)
        assert said.read() == b""


def follow(desk: Desk, line: str, wanted: str) -> None:
    """Start a command, wait until it writes, interrupt it, and see that it ends as asked."""
    # jq fills a block before it writes into a pipe; a reader's terminal gets each line at once
    process = desk.start(f"exec {line}" if "|" not in line else line.replace("| jq ", "| jq --unbuffered "))
    written: list[str] = []
    readers = [
        threading.Thread(target=lambda stream=stream: written.extend(text.decode() for text in stream), daemon=True)
        for stream in (process.stdout, process.stderr)
    ]
    for reader in readers:
        reader.start()
    end = time.monotonic() + SECONDS
    try:
        while not any(wanted in text for text in written):
            assert time.monotonic() < end and process.poll() is None, f"{line}\n{''.join(written)[-3000:]}"
            if not wanted:
                desk.messages()
            time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        code = process.wait(SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for reader in readers:
            reader.join()
        assert process.stdout and process.stderr
        process.stdout.close()
        process.stderr.close()
    assert code in (0, 130, -signal.SIGINT), f"{line}: {code}\n{''.join(written)[-3000:]}"


def test_commands_that_are_not_run_have_a_reason() -> None:
    """The list of reasons is printed, and holds none that no command needs."""
    left = [command for command in ALL if reason(command.line) is not None and command not in ON_KAFKA]
    kafka = [command.line for command in ON_KAFKA]
    print(f"in make test-kafka: {', '.join(kafka)}")
    for command in left:
        print(f"{command.line}: {reason(command.line)}")

    assert RUN and left
    assert {reason(command.line) for command in left} == set(REASONS.values())


@pytest.mark.parametrize(
    "line", sorted({c.line for c in ALL if re.match(r"\S*python3? (-m )?(bench|tools)[./]", c.line)})
)
def test_scripts_of_the_project_are_there(line: str) -> None:
    """A script that is not run here exists, and reads the options and words that the document gives it."""
    words = re.sub(r"\S*python3? (-m )?", "", line).split()
    script = ROOT / f"{words[0].removesuffix('.py').replace('.', '/')}.py"
    text = script.read_text(encoding="utf-8")

    assert all(word.lstrip("-") in text for word in words[1:] if re.fullmatch(r"-*[a-z][a-z-]+", word))


@pytest.mark.parametrize("line", sorted({c.line for c in ALL if c.line.startswith("pip install ")}))
def test_extras_are_there(line: str) -> None:
    """An extra that a document installs is one of pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert all(f"\n{extra} = [" in text for extra in re.findall(r"\[(\w+)\]", line))
