"""Commands as people meet them: errors with advice, summaries, help."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson
import pytest

from streams.errors import SettingsError
from streams.topics import TOPICS
from tests.support.commands import run
from wirewatch import __version__
from wirewatch.cli import main
from wirewatch.cli.names import language_code, region_code, region_codes, topic_id
from wirewatch.cli.tail import passes, read
from wirewatch.terminal.records import clock


def test_a_folder_named_like_the_package_does_not_hide_it(tmp_path: Path) -> None:
    """`python -m wirewatch` beside a clone named wirewatch runs the installed package, and finds no empty one."""
    (tmp_path / "wirewatch").mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "wirewatch", "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.split()[-1:]) == (0, [__version__]), done.stderr


def test_each_command_shows_itself_in_80_columns() -> None:
    """The help of each command has an example of it, no line over 80 columns, and no sentence that is cut."""

    def look(command: click.Command, path: str, parent: click.Context | None) -> None:
        name = path.rpartition(" ")[2]
        context = click.Context(command, parent, name, terminal_width=80, help_option_names=["-h", "--help"])
        lines = command.get_help(context).splitlines()
        assert max(map(len, lines)) <= 80, path
        assert not any(line.endswith("...") for line in lines[1:]), path
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                look(inner, f"{path} {name}", context)
        else:
            assert any(f" {path}" in line for line in lines[1:]), path

    look(main, "wirewatch", None)


@pytest.mark.parametrize(
    "words",
    ["move . --data .", "receivers test desk --bootstrap here:9092", "export -o x.csv --bootstrap here:9092"],
)
def test_an_option_that_means_nothing_is_refused(words: str) -> None:
    """A folder or a Kafka that a command would not look at is no option of it."""
    code, _, error = run(*words.split())
    assert (code, "No such option" in error) == (2, True), error


def test_the_list_of_topics_reads_from_left_to_right() -> None:
    """At 80 columns each topic has two or three lines of whole phrases, not a column of single words."""
    _, listed, _ = run("topics", "list")
    assert max(map(len, listed.splitlines())) <= 80
    read = " ".join(listed.split())
    assert all(f"{topic.name} {topic.carries} key: {topic.key};" in read for topic in TOPICS.values())


# -- ingest


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("feed.xml", b"<rss/>", "wirewatch apply poll"),
        ("notes.docx", b"x", "one raw record a line"),
        ("archive.ods", b"url,title", "write its articles as CSV or Parquet"),
    ],
)
def test_a_file_of_another_kind_gets_advice(tmp_path: Path, name: str, content: bytes, advice: str) -> None:
    """The error has advice for a feed, and for anything else."""
    from agents.fetch.files.found import Reading, Refusal  # noqa: PLC0415
    from agents.fetch.files.reading import read_path  # noqa: PLC0415

    (tmp_path / name).write_bytes(content)
    [found] = read_path(tmp_path / name, Reading(1_000))
    assert isinstance(found, Refusal)
    assert advice in found.error


def test_a_record_without_its_time_gets_advice(tmp_path: Path) -> None:
    """A missing `fetched_at` is the commonest fault of a first record: the error shows how it is written."""
    from agents.fetch.files.found import Reading, Refusal  # noqa: PLC0415
    from agents.fetch.files.reading import read_path  # noqa: PLC0415

    file = tmp_path / "raw.jsonl"
    file.write_text('{"url": "https://a.example/", "content_type": "text/html", "content": "x"}\n', encoding="utf-8")
    [found] = read_path(file, Reading(1_000))
    assert isinstance(found, Refusal)
    assert '"fetched_at": "20' in found.error


def test_an_address_is_no_file() -> None:
    """`ingest https://…` is for the fetch step, so it needs Kafka; a file that is not there is named."""
    code, _, error = run("ingest", "https://a.example/feed", "--bootstrap", "127.0.0.1:1")
    assert code == 3
    assert "127.0.0.1:1" in error
    assert "no such file" in run("ingest", "nowhere.jsonl")[2]


# -- tail


def test_regions_and_topics_have_names() -> None:
    """Names and codes in any case lead to the codes of the headers."""
    assert [region_code(name) for name in ("ve", "Venezuela", "US-TX")] == ["VE", "VE", "US-TX"]
    assert (region_codes("us"), region_codes("Baltics")) == (("US",), ("EE", "LT", "LV"))
    assert topic_id("labour") == topic_id("medtop:09000000") == "medtop:09000000"


@pytest.mark.parametrize("name", ["Venezula", "Caracas", "Q9", "US-ZZ", "VA-XX"])
def test_an_unknown_region_is_an_error(name: str) -> None:
    """A region that no header can have is refused, not waited for in silence."""
    with pytest.raises(SettingsError, match=name):
        region_code(name)


@pytest.mark.parametrize("option", [("--step", "claen"), ("--reason", "timed_out")])
def test_an_unknown_step_or_reason_puts_nothing_back(option: tuple[str, str]) -> None:
    """A name that no dead letter can have is refused, with those that it may be."""
    code, _, error = run("replay", *option)
    assert code == 2
    assert f"{option[0]} {option[1]}: there is none of this name (did you mean" in error


def test_an_unknown_language_is_an_error() -> None:
    """A name, or a code that no article has, would match nothing for ever."""
    for name in ("english", "xx"):
        with pytest.raises(SettingsError, match="is the code of no language"):
            language_code(name)
    assert [language_code(code) for code in ("ES", "zh", "pt-br")] == ["es", "zh", "pt-br"]


def test_a_line_of_another_day_has_its_day() -> None:
    """A time without its day would be taken for today's; a time that is none is no time."""
    now = datetime.now(UTC)
    assert clock({"published_at": "2026-03-02T12:30:00Z"}) == "02 Mar"
    assert clock({"fetched_at": now.isoformat()}) in (f"{now:%H:%M}", f"{now:%d %b}")  # midnight may come between
    assert clock({"published_at": f"{now:%Y-%m-%d}T00:00:00Z"}) == f"{now:%d %b}"  # no more than the day is known
    assert clock({"published_at": "soon"}) == clock({}) == "--:--"


def test_bytes_that_are_no_record_are_shown_as_such() -> None:
    """`tail` goes on with whatever stands on a topic."""
    assert read(b'{"title": "x"}') == {"title": "x"}
    assert "no JSON object" in str(read(b"\xff")["title"]) and "no JSON object" in str(read(b"[1]")["title"])
    assert passes(b"VE,CO", ["CO"]) and not passes(b"\xff", ["CO"]) and passes(None, [])


# -- watches


def test_a_receiver_that_the_settings_lack_is_refused(tmp_path: Path) -> None:
    """`watches put` refuses a watch that nobody would be told of, and puts nothing."""
    (tmp_path / "wirewatch.toml").write_text('[receivers.desk]\ntype = "file"\npath = "alerts.jsonl"\n')
    (tmp_path / "w.toml").write_text('query = "rain"\nreceivers = ["desc"]\n')
    code, _, error = run("watches", "put", str(tmp_path / "w.toml"), "--config", str(tmp_path / "wirewatch.toml"))
    assert code == 2
    assert "w: desc" in error.replace("\n", " ")
    assert "desk" in error and "--any-receiver" in error


# -- output, help and settings


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_encoding_without_a_script_ends_no_command(tmp_path: Path, encoding: str) -> None:
    """Where a terminal or a pipe is not UTF-8, letters that it lacks are escapes, and the help is whole."""
    path = tmp_path / "floods.toml"
    path.write_text('query = "port OR \u092d\u093e\u0930\u0924 OR \u092d\u093e\u0930\u0924"\n', encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "wirewatch"]

    checked = subprocess.run(
        [*command, "watches", "check", str(path)], env=environment, capture_output=True, check=False
    )
    helped = subprocess.run([*command, "--help"], env=environment, capture_output=True, check=False)

    assert checked.returncode == 1, checked.stderr.decode()
    assert b"`\\u092d\\u093e\\u0930\\u0924` changes nothing" in checked.stdout
    assert helped.returncode == 0, helped.stderr.decode()


def test_help_imports_no_library_but_click() -> None:
    """`wirewatch --help` is quick: neither Kafka's clients, nor rich, nor a step is imported for it."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom wirewatch.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "bad = {'faust', 'aiokafka', 'rich', 'numpy', 'msgspec', 'agents'} & {m.partition('.')[0] for m in sys.modules}\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_wrong_setting_is_refused_before_kafka_is_imported(tmp_path: Path) -> None:
    """The error comes before the engine is loaded."""
    (tmp_path / "wirewatch.toml").write_text("[kafka]\nboot = 1\n")
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom wirewatch.cli import main\n"
        f"result = CliRunner().invoke(main, ['run', '--config', {str(tmp_path / 'wirewatch.toml')!r}])\n"
        "assert result.exit_code == 2, result\n"
        "assert not {'faust', 'aiokafka'} & {m.partition('.')[0] for m in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# -- receivers


def test_a_receiver_is_tested_without_kafka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that says that it is a test arrives; where it cannot, exit 1 and the reason; an unknown name is named."""
    monkeypatch.chdir(tmp_path)
    settings = '[receivers.desk]\ntype = "file"\npath = "alerts.jsonl"\n'
    settings += '[receivers.nowhere]\ntype = "file"\npath = "wirewatch.toml/alerts.jsonl"\n'
    (tmp_path / "wirewatch.toml").write_text(settings)

    good, wrong, unknown = (run("receivers", "test", name) for name in ("desk", "nowhere", "desc"))

    assert good[:2] == (0, "desk: delivered\n")
    assert orjson.loads((tmp_path / "alerts.jsonl").read_bytes())["article"]["title"] == "Test message from wirewatch"
    assert wrong[0] == 1
    assert "not delivered" in wrong[2]
    assert unknown[0] == 2
    assert "there are desk, nowhere" in " ".join(unknown[2].split())
